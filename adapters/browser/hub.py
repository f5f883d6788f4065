"""Who is looking, and telling each what they may see, in order and without gaps."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from adapters.browser.render import Json
from adapters.browser.transcript import Note, Transcript
from bot.ports import Clock

BACKLOG = 300
"""Messages that a page gets when it opens."""
LONGEST_QUEUE = 2000
"""Frames that may wait for a page; a slower one is disconnected, reconnects and reads the transcript."""


class Connection:
    """One open page of one member; frames wait here until they are sent."""

    def __init__(self, member: str, name: str, *, moderator: bool, zone: str) -> None:
        self.member = member
        self.name = name
        self.moderator = moderator
        self.zone = zone
        self.outbox: asyncio.Queue[str | None] = asyncio.Queue(LONGEST_QUEUE)

    def tell(self, frame: Json) -> None:
        """Queue a frame; a full queue ends the connection."""
        try:
            self.outbox.put_nowait(json.dumps(frame, ensure_ascii=False))
        except asyncio.QueueFull:
            self.end()

    def end(self) -> None:
        """Let the sender stop after what it is sending."""
        while not self.outbox.empty():
            self.outbox.get_nowait()
        self.outbox.put_nowait(None)


class Hub:
    """Keeps messages and tells every open page about them; one change at a time, so that no page has a gap."""

    def __init__(self, transcript: Transcript, clock: Clock) -> None:
        self.transcript = transcript
        self._clock = clock
        self._changing = asyncio.Lock()
        self._connections: set[Connection] = set()

    @asynccontextmanager
    async def connected(self, connection: Connection, since: int, welcome: Json) -> AsyncIterator[None]:
        """Welcome a page with what it missed, and keep telling it until the block ends."""
        async with self._changing:
            notes = await self.transcript.since(since, connection.member, BACKLOG)
            seq = await self.transcript.newest_seq()
            connection.tell({**welcome, "messages": [wire(note) for note in notes], "seq": seq})
            self._connections.add(connection)
        try:
            yield
        finally:
            self._connections.discard(connection)

    async def post(self, channel: str, audience: str, author: Json, body: Json, key: str = "") -> Note:
        """Keep a message, one for each key, and show it to those who may see it."""
        async with self._changing:
            payload = json.dumps({"author": author, "edited": False, **body}, ensure_ascii=False)
            note = await self.transcript.add(channel, audience, payload, self._clock.now(), key)
            self._show(note)
            return note

    async def replace(self, message: int, body: Json, *, edited: bool) -> bool:
        """Change a message where it stands; false if it is not there."""
        async with self._changing:
            old = await self.transcript.get(message)
            if old is None:
                return False
            author = json.loads(old.payload)["author"]
            payload = json.dumps({"author": author, "edited": edited, **body}, ensure_ascii=False)
            note = await self.transcript.replace(message, payload)
            if note is None:
                return False
            self._show(note)
            return True

    async def visible(self, member: str, message: int | None) -> Note | None:
        """Return a message of Warmup's that is shown to a member, or None."""
        note = None if message is None else await self.transcript.get(message)
        if note is None or note.audience not in ("", member) or not json.loads(note.payload)["author"]["bot"]:
            return None
        return note

    def tell_everybody(self, frame: Json) -> None:
        """Queue a frame for every open page."""
        for connection in list(self._connections):
            connection.tell(frame)

    def end_all(self) -> None:
        """End every connection."""
        for connection in list(self._connections):
            connection.end()

    def _show(self, note: Note) -> None:
        frame = {"type": "message", "message": wire(note)}
        for connection in list(self._connections):
            if note.audience in ("", connection.member):
                connection.tell(frame)


def wire(note: Note) -> Json:
    """Return a kept message as the page gets it."""
    payload: dict[str, Any] = json.loads(note.payload)
    return {
        "id": note.id,
        "seq": note.seq,
        "channel": note.channel,
        "private": note.audience != "",
        "at": int(note.at.timestamp()),
        **payload,
    }
