"""The page's server: files, one WebSocket, and the checks that keep other pages out.

It has no sign-in, so it listens on the loopback interface alone, and answers only to loopback names (another name that
was made to resolve here would be DNS rebinding) and only to sockets opened by its own page.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
from aiohttp import WSCloseCode, WSMsgType, web

from adapters.browser.acts import Acts
from adapters.browser.frames import LARGEST_FRAME, Hello, Join, read_frame
from adapters.browser.hub import Connection, Hub
from adapters.browser.members import Members
from adapters.browser.platform import CHANNELS
from adapters.browser.render import Json, command_list
from adapters.browser.transcript import Transcript
from bot.dispatch import Dispatcher
from bot.errors import ConfigError
from bot.ports import Clock

LOOPBACK = ("127.0.0.1", "localhost", "::1")
STATIC = Path(__file__).parent / "static"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}

log = structlog.get_logger(__name__)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class BrowserApp:
    """Serves the page on one loopback port."""

    def __init__(self, transcript: Transcript, dispatcher: Dispatcher[Any], clock: Clock) -> None:
        self.hub = Hub(transcript, clock)
        self._members = Members(transcript)
        self._dispatcher = dispatcher
        self._acts = Acts(self.hub, dispatcher, clock)
        self._runner: web.AppRunner | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen, and return the port (a free one for port 0).

        Raises ConfigError when the host is not loopback or the port cannot be had.
        """
        if host not in LOOPBACK:
            raise ConfigError(
                [f"WARMUP_HOST: {host} is not this machine alone, and the page has no sign-in; leave it at 127.0.0.1"]
            )
        await self._members.begin()
        app = web.Application(middlewares=[_guard])
        app.router.add_get("/", self._index)
        app.router.add_get("/ws", self._socket)
        app.router.add_static("/", STATIC)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        try:
            await site.start()
        except OSError as error:
            await self._runner.cleanup()
            raise ConfigError(
                [f"PORT: {port} cannot be used ({error.strerror}); set another, as in PORT=8090"]
            ) from error
        return int(self._runner.addresses[0][1])

    async def stop(self, seconds: float) -> None:
        """Finish what is under way, at most that long, then close every page's connection."""
        await self._acts.drain(seconds)
        self.hub.end_all()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _index(self, _: web.Request) -> web.FileResponse:
        return web.FileResponse(STATIC / "index.html")

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=LARGEST_FRAME, heartbeat=30)
        await socket.prepare(request)
        hello = await self._greet(socket)
        if hello is not None:
            await self._converse(socket, hello)
        return socket

    async def _greet(self, socket: web.WebSocketResponse) -> Hello | None:
        """Wait for who is there; whatever else comes first is refused politely."""
        async for message in socket:
            frame = read_frame(message.data) if message.type is WSMsgType.TEXT else None
            if isinstance(frame, Hello):
                return frame
            await socket.send_json({"type": "error", "id": None, "text": "Say hello first. Reload the page."})
        return None

    async def _converse(self, socket: web.WebSocketResponse, hello: Hello) -> None:
        member = await self._members.find(hello.person)
        connection = Connection(member.id, member.name, moderator=member.moderator, zone=hello.zone)
        welcome: Json = {
            "type": "welcome",
            "person": _person(member),
            "people": [_person(other) for other in await self._members.everybody()],
            "channels": [{"id": name, "name": name, "about": about} for name, about in CHANNELS.items()],
            "commands": command_list(self._dispatcher.router.commands.values()),
        }
        async with self.hub.connected(connection, hello.since, welcome):
            sender = asyncio.create_task(_send(socket, connection))
            try:
                async for message in socket:
                    await self._receive(connection, message.data if message.type is WSMsgType.TEXT else "")
            finally:
                connection.end()
                await asyncio.gather(sender, return_exceptions=True)
                self._acts.forget(connection)

    async def _receive(self, connection: Connection, text: str) -> None:
        frame = read_frame(text)
        match frame:
            case None | Hello():
                refused = "The page sent something unreadable. Reload it and try again."
                connection.tell({"type": "error", "id": None, "text": refused})
            case Join():
                await self._join(connection, frame.name)
            case _:
                self._acts.start(connection, frame)

    async def _join(self, connection: Connection, name: str) -> None:
        added = await self._members.add(name)
        if added is None:
            refused = "That name cannot be used. Write one with letters, at most 32 characters long."
            connection.tell({"type": "error", "id": None, "text": refused})
            return
        people = [_person(other) for other in await self._members.everybody()]
        self.hub.tell_everybody({"type": "people", "people": people})
        connection.tell({"type": "people", "people": people, "joined": added.id})


def _person(member: Any) -> Json:
    return {"id": member.id, "name": member.name, "moderator": member.moderator}


async def _send(socket: web.WebSocketResponse, connection: Connection) -> None:
    while (frame := await connection.outbox.get()) is not None:
        await socket.send_str(frame)
    await socket.close(code=WSCloseCode.GOING_AWAY)


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse other names and other pages' sockets, and set the page's own limits on everything."""
    host = urlsplit(f"//{request.headers.get('Host', '')}")
    origin = request.headers.get("Origin")
    own_origin = origin is not None and urlsplit(origin).netloc == host.netloc
    if _hostname(host.netloc) not in LOOPBACK:
        refusal = "Warmup's page answers only on this machine. Open it as http://127.0.0.1 with its port.\n"
        return web.Response(status=421, text=refusal, headers=HEADERS)
    if (request.path == "/ws" and not own_origin) or (origin is not None and not own_origin):
        return web.Response(status=403, text="Only Warmup's own page may do that. Open it itself.\n", headers=HEADERS)
    try:
        response = await handler(request)
    except web.HTTPException as error:
        return web.Response(status=error.status, text=f"{error.reason}\n", headers=HEADERS)
    if not response.prepared:
        response.headers.update(HEADERS)
    return response


def _hostname(netloc: str) -> str | None:
    try:
        return urlsplit(f"//{netloc}").hostname
    except ValueError:
        return None
