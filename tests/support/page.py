"""The browser page's server as a program talks to it: one WebSocket, every frame kept."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

WAIT = 20


class Tab:
    """One open page of one person, which keeps every frame it got."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket
        self.frames: list[dict[str, Any]] = []
        self._ended: dict[str, asyncio.Event] = {}
        self._came = asyncio.Condition()
        self._ids = itertools.count(1)
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for message in self.socket:
            if message.type is WSMsgType.TEXT:
                frame = json.loads(message.data)
                async with self._came:
                    self.frames.append(frame)
                    self._came.notify_all()
                if frame["type"] in ("done", "error") and frame["id"]:
                    self._ended.setdefault(frame["id"], asyncio.Event()).set()
        async with self._came:
            self._came.notify_all()

    async def act(self, **frame: Any) -> None:
        """Send an act and wait until the server says that it is done."""
        name = f"act-{next(self._ids)}"
        ended = self._ended.setdefault(name, asyncio.Event())
        await self.socket.send_json({**frame, "id": name})
        async with asyncio.timeout(WAIT):
            await ended.wait()

    async def say(self, text: str, channel: str = "study") -> None:
        """Type something and wait until it is answered."""
        await self.act(type="say", channel=channel, text=text)

    async def until(self, come: Callable[[list[dict[str, Any]]], object]) -> None:
        """Wait until the frames that came satisfy a condition."""
        async with asyncio.timeout(WAIT), self._came:
            await self._came.wait_for(lambda: bool(come(self.frames)))

    async def welcome(self) -> dict[str, Any]:
        """Return the welcome frame, waiting for it."""
        await self.until(bool)
        return self.frames[0]

    def messages(self) -> list[dict[str, Any]]:
        """Return every message as it stands now, oldest first."""
        kept: dict[int, dict[str, Any]] = {}
        for frame in self.frames:
            for message in frame.get("messages", [frame["message"]] if frame["type"] == "message" else []):
                kept[message["id"]] = message
        return [kept[number] for number in sorted(kept)]

    async def close(self) -> None:
        """Leave."""
        await self.socket.close()
        await self._reader


@asynccontextmanager
async def open_tab(address: str, who: str, since: int = 0) -> AsyncIterator[Tab]:
    """Open the page at an address as a person, and leave at the end."""
    async with (
        ClientSession() as session,
        session.ws_connect(f"{address}/ws", headers={"Origin": address}) as socket,
    ):
        await socket.send_json({"type": "hello", "person": who, "since": since})
        tab = Tab(socket)
        await tab.welcome()
        yield tab
        await tab.close()


def tokens(message: dict[str, Any]) -> dict[str, str]:
    """Return the tokens of a message's buttons by their labels."""
    return {
        button["label"]: button["token"]
        for row in message["rows"]
        if row["t"] == "buttons"
        for button in row["buttons"]
        if "token" in button
    }
