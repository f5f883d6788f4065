"""Socket Mode of the loopback Slack: tickets, hello, envelopes to one connection each, acks, disconnects and drops."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable

from aiohttp import WSMsgType, web

from tests.support.slack.delivery import Attempt
from tests.support.slack.interactions import EVENT, Answer, Interaction
from tests.support.slack.state import APP, Json

MOST_CONNECTIONS = 10


class Connection:
    """One socket of the app; ``received`` has the envelopes that went to it, a ``closing`` one gets no more."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self.closing = False
        self.received: list[Json] = []
        self.pongs = 0
        self._request = request

    def abort(self) -> None:
        """Cut the connection without a word."""
        self.closing = True
        if self._request.transport is not None:
            self._request.transport.abort()

    async def send(self, frame: Json) -> bool:
        """Send a frame; tell whether the socket took it."""
        try:
            await self.socket.send_str(json.dumps(frame))
        except (ConnectionError, RuntimeError):
            return False
        return True


class Socket:
    """Every connection, and the mishaps a test can order; ``silent`` answers no ping and ``acks`` counts all acks."""

    def __init__(self, note: Callable[[str], None]) -> None:
        self.url = ""
        self.silent = False
        self.opened = 0
        self.acks = 0
        self.connections: list[Connection] = []
        self._note = note
        self._tickets: set[str] = set()
        self._waiting: dict[str, asyncio.Future[Json | None]] = {}
        self._given_up: set[str] = set()
        self._turn = 0
        self._changed = asyncio.Event()

    @property
    def live(self) -> list[Connection]:
        """Return the connections that envelopes can go to."""
        return [connection for connection in self.connections if not connection.closing]

    def ticket(self) -> Json:
        """Answer apps.connections.open."""
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return {"ok": True, "url": f"{self.url}?ticket={ticket}&app_id={APP}"}

    async def connected(self, n: int = 1, timeout: float = 5) -> None:  # noqa: ASYNC109 - a test's own patience
        """Wait until so many connections at least are there; raises TimeoutError."""
        async with asyncio.timeout(timeout):
            while len(self.live) < n:
                self._changed.clear()
                await self._changed.wait()

    async def empty(self, timeout: float = 5) -> None:  # noqa: ASYNC109 - a test's own patience
        """Wait until no connection is left; raises TimeoutError."""
        async with asyncio.timeout(timeout):
            while self.connections:
                self._changed.clear()
                await self._changed.wait()

    def drop(self) -> None:
        """Cut all connections without a close frame."""
        for connection in list(self.connections):
            connection.abort()

    async def disconnect(self, reason: str = "refresh_requested", *, close: bool = False) -> None:
        """Ask all clients to come back; but for a "warning" their connections get nothing more.

        Slack leaves it to the client to close, for some seconds; ``close`` closes at once, as after those.
        """
        for connection in self.live:
            connection.closing = reason != "warning"
            await connection.send({"type": "disconnect", "reason": reason, "debug_info": {"host": "loopback"}})
            if close:
                await connection.socket.close()

    async def ping(self) -> None:
        """Send a WebSocket ping to all; each connection counts its ``pongs``."""
        for connection in self.live:
            await connection.socket.ping(b"Ping from loopback")

    async def send_raw(self, frame: Json) -> None:
        """Send any frame to every connection."""
        for connection in self.live:
            await connection.send(frame)

    async def deliver(self, record: Interaction, attempt: Attempt, deadline: float) -> Answer | None:
        """Send an envelope to one connection, in turn, and wait for its ack."""
        begun = _now()
        envelope_id = secrets.token_hex(16)
        envelope: Json = {"envelope_id": envelope_id, "type": record.kind, "payload": record.payload}
        envelope["accepts_response_payload"] = record.kind != EVENT
        if record.kind == EVENT:
            envelope |= {"retry_attempt": attempt.number, "retry_reason": attempt.reason}
        ack = self._waiting[envelope_id] = asyncio.get_running_loop().create_future()
        try:
            if not await self._hand_over(envelope):
                return Answer(0, None, 0.0)
            payload = await asyncio.wait_for(ack, deadline)
            return Answer(200, payload, _now() - begun)
        except TimeoutError:
            self._given_up.add(envelope_id)
            return None
        finally:
            del self._waiting[envelope_id]

    def reason(self, answer: Answer | None) -> str:
        """Return Slack's word for why an attempt failed."""
        return "timeout" if answer is None else "connection_failed"

    async def _hand_over(self, envelope: Json) -> bool:
        while live := self.live:
            self._turn += 1
            connection = live[self._turn % len(live)]
            if await connection.send(envelope):
                connection.received.append(envelope)
                return True
            connection.closing = True
        return False

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden(text="invalid ticket")
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        connection = Connection(request, socket)
        if len(self.live) >= MOST_CONNECTIONS:
            await connection.send({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self.opened += 1
        self.connections.append(connection)
        await connection.send(self._hello())
        self._changed.set()
        try:
            await self._listen(connection)
        finally:
            connection.closing = True
            self.connections.remove(connection)
            self._changed.set()
        return socket

    def _hello(self) -> Json:
        debug = {"host": "loopback", "build_number": 1, "approximate_connection_time": 18060}
        hello = {"type": "hello", "num_connections": len(self.live), "debug_info": debug}
        return hello | {"connection_info": {"app_id": APP}}

    async def _listen(self, connection: Connection) -> None:
        async for message in connection.socket:
            if message.type is WSMsgType.PING and not self.silent:
                await connection.socket.pong(message.data)
            elif message.type is WSMsgType.PONG:
                connection.pongs += 1
            elif message.type is WSMsgType.TEXT:
                self._acknowledged(message.data)

    def _acknowledged(self, data: str) -> None:
        try:
            frame = json.loads(data)
            envelope_id, payload = str(frame["envelope_id"]), frame.get("payload")
        except (ValueError, TypeError, KeyError, AttributeError):
            self._note("socket: a frame that is no acknowledgement")
            return
        self.acks += 1
        waiting = self._waiting.get(envelope_id)
        if waiting is not None and not waiting.done():
            waiting.set_result(payload)
        elif envelope_id not in self._given_up:
            self._note("socket: an acknowledgement of nothing, or a second one")


def _now() -> float:
    return asyncio.get_running_loop().time()
