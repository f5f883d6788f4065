"""The gateway of the loopback Discord: HELLO, IDENTIFY, RESUME, heartbeats and events that wait for who comes back."""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from tests.support.discord.payloads import guild_create
from tests.support.discord.state import APPLICATION, Json, State

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
IGNORED = (3, 4, 8, 31, 43)
PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15


class Connection:
    """One socket; frames leave in the order in which they were put, whoever puts them."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self.session: Session | None = None
        self._closing = False
        self._request = request
        self._frames: asyncio.Queue[Json | int] = asyncio.Queue()
        self._writer = asyncio.create_task(self._write())

    def send(self, op: int, data: Any = None, *, name: str | None = None, seq: int | None = None) -> None:
        """Queue a frame."""
        self._frames.put_nowait({"op": op, "d": data, "s": seq, "t": name})

    def close(self, code: int) -> None:
        """Queue the close with a code."""
        self._closing = True
        self._frames.put_nowait(code)

    def abort(self) -> None:
        """Cut the connection without a word."""
        if self._request.transport is not None:
            self._request.transport.abort()

    async def _write(self) -> None:
        while True:
            frame = await self._frames.get()
            try:
                if isinstance(frame, int):
                    await self.socket.close(code=frame)
                    return
                await self.socket.send_str(json.dumps(frame))
            except ConnectionError:
                return

    async def end(self) -> None:
        """Stop writing; a close that waits is sent first, or the client would not learn its code."""
        if self._closing:
            await asyncio.wait([self._writer], timeout=1)
        self._writer.cancel()
        await asyncio.gather(self._writer, return_exceptions=True)


@dataclass(slots=True, eq=False)
class Session:
    """What a client identified; it outlives its socket, so that events wait for a RESUME."""

    id: str
    shard: tuple[int, int]
    intents: int
    connection: Connection | None = None
    log: list[tuple[str, Any]] = field(default_factory=list)

    @property
    def connected(self) -> bool:
        """Tell whether a socket is open."""
        return self.connection is not None

    def dispatch(self, name: str, data: Any) -> None:
        """Send an event, or keep it for the RESUME."""
        self.log.append((name, data))
        if self.connection is not None:
            self.connection.send(DISPATCH, data, name=name, seq=len(self.log))


class Gateway:
    """Every session, and the mishaps a test can order."""

    def __init__(self, state: State, token: str) -> None:
        self.sessions: list[Session] = []
        self.url = ""
        self.silent = False
        self.identifies = 0
        self.resumes = 0
        self._state = state
        self._token = token
        self._refusals: list[int] = []
        self._changed = asyncio.Event()
        self._connections: list[Connection] = []

    def dispatch(self, name: str, data: Any, guild: str | None = None) -> None:
        """Send an event to every session of the server's shard; without a server to shard 0."""
        for session in self.sessions:
            number, count = session.shard
            if (int(guild or 0) >> 22) % count == number:
                session.dispatch(name, data)

    def drop(self) -> None:
        """Cut all sockets without a close frame; the sessions can be resumed."""
        for connection in self._live():
            self._detach(connection)
            connection.abort()

    def close(self, code: int) -> None:
        """Close all sockets with a code; the sessions can be resumed."""
        for connection in self._live():
            self._detach(connection)
            connection.close(code)

    def reconnect(self) -> None:
        """Ask all clients to come back (op 7)."""
        for connection in self._live():
            connection.send(RECONNECT)

    def invalidate(self, *, resumable: bool) -> None:
        """Declare all sessions invalid (op 9); unless resumable they are gone."""
        for connection in self._live():
            session = connection.session
            if session is not None and not resumable:
                self._detach(connection)
                self.sessions.remove(session)
            connection.send(INVALID, resumable)

    def refuse(self, code: int) -> None:
        """Close the next IDENTIFY with a code."""
        self._refusals.append(code)

    async def connected(self, n: int = 1, timeout: float = 5) -> None:  # noqa: ASYNC109 - a test's own patience
        """Wait until so many sessions at least have a socket; raises TimeoutError."""
        async with asyncio.timeout(timeout):
            while sum(session.connected for session in self.sessions) < n:
                self._changed.clear()
                await self._changed.wait()

    async def stop(self) -> None:
        """Cut every socket and forget the sessions."""
        for connection in self._connections:
            connection.abort()
            await connection.end()
        self.sessions.clear()

    def _live(self) -> list[Connection]:
        return [session.connection for session in self.sessions if session.connection is not None]

    def _detach(self, connection: Connection) -> None:
        if connection.session is not None and connection.session.connection is connection:
            connection.session.connection = None
            self._changed.set()
        connection.session = None

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one socket."""
        socket = web.WebSocketResponse(heartbeat=None, max_msg_size=2**20)
        await socket.prepare(request)
        connection = Connection(request, socket)
        self._connections.append(connection)
        connection.send(HELLO, {"heartbeat_interval": 41250})
        async for message in socket:
            try:
                frame = json.loads(message.data) if message.type is WSMsgType.TEXT else None
                op, data = _opened(frame)
            except (ValueError, TypeError, KeyError):
                connection.close(4002)
                continue
            self._receive(connection, op, data)
        session = connection.session
        left = socket.close_code in (WSCloseCode.OK, WSCloseCode.GOING_AWAY)
        self._detach(connection)
        if session is not None and left and session in self.sessions:
            self.sessions.remove(session)
        await connection.end()
        self._connections.remove(connection)
        return socket

    def _receive(self, connection: Connection, op: int, data: Any) -> None:
        if op == HEARTBEAT:
            if not self.silent:
                connection.send(ACK)
        elif op == IDENTIFY:
            self._identify(connection, data)
        elif op == RESUME:
            self._resume(connection, data)
        elif op not in IGNORED:
            connection.close(4001)

    def _identify(self, connection: Connection, data: Json) -> None:
        self.identifies += 1
        intents = data.get("intents", 0)
        refusal = self._refusals.pop(0) if self._refusals else None
        if refusal is None and data.get("token") != self._token:
            refusal = 4004
        if refusal is None and intents & PRIVILEGED:
            refusal = 4014
        if refusal is not None:
            connection.close(refusal)
            return
        number, count = data.get("shard") or (0, 1)
        session = Session(secrets.token_hex(16), (number, count), intents)
        self._attach(connection, session)
        mine = [g for g in self._state.guilds.values() if g.joined and (int(g.id) >> 22) % count == number]
        ready = {
            "v": 10,
            "user": self._state.bot.payload(),
            "guilds": [{"id": guild.id, "unavailable": True} for guild in mine],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": [number, count],
            "application": {"id": APPLICATION, "flags": 0},
        }
        session.dispatch("READY", ready)
        for guild in mine:
            if guild.available and intents & 1:
                session.dispatch("GUILD_CREATE", guild_create(self._state, guild, joining=False))
        self.sessions.append(session)
        self._changed.set()

    def _resume(self, connection: Connection, data: Json) -> None:
        self.resumes += 1
        if data.get("token") != self._token:
            connection.close(4004)
            return
        session = next((found for found in self.sessions if found.id == data.get("session_id")), None)
        if session is None:
            connection.send(INVALID, data=False)
            return
        self._attach(connection, session)
        missed = list(enumerate(session.log, 1))[data["seq"] or 0 :]
        for seq, (name, event) in missed:
            connection.send(DISPATCH, event, name=name, seq=seq)
        session.dispatch("RESUMED", {})

    def _attach(self, connection: Connection, session: Session) -> None:
        session.connection = connection
        connection.session = session
        self._changed.set()


def _opened(frame: Any) -> tuple[int, Any]:
    return int(frame["op"]), frame["d"]
