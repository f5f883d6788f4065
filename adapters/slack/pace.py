"""Keep to Slack's rates: a post a second in a channel, 50 edits a minute in a workspace, the newest edit only.

Numbers: Slack's documentation of rate limits (chat.postMessage one a second and channel with short bursts, chat.update
in tier 3: 50 a minute and workspace).
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from aiolimiter import AsyncLimiter

POSTS = (3, 3.0)
"""Posts to a channel, in that many seconds."""
EDITS = (50, 60.0)
"""Edits in a workspace, in that many seconds."""
REMEMBERED = 10_000
"""Channels, or workspaces, whose pace is remembered."""

K = TypeVar("K")
V = TypeVar("V")


class Pace(Generic[K]):
    """Lets through so many in so many seconds for each key."""

    def __init__(self, rate: tuple[int, float]) -> None:
        self._rate = rate
        self._limiters: OrderedDict[K, AsyncLimiter] = OrderedDict()

    async def turn(self, key: K) -> None:
        """Wait until it is the caller's turn."""
        limiter = self._limiters.pop(key, None) or AsyncLimiter(*self._rate)
        self._limiters[key] = limiter
        if len(self._limiters) > REMEMBERED:
            self._limiters.popitem(last=False)
        await limiter.acquire()


@dataclass(slots=True)
class _Edit(Generic[V]):
    value: V
    sent: bool
    task: asyncio.Task[None] | None


class Latest(Generic[K, V]):
    """Sends the newest value for each key: what comes while one waits or is under way takes its place."""

    def __init__(self, turn: Callable[[K], Awaitable[None]], send: Callable[[K, V], Awaitable[None]]) -> None:
        self._turn = turn
        self._send = send
        self._edits: dict[K, _Edit[V]] = {}

    async def put(self, key: K, value: V) -> None:
        """Send a value, or one that came later; returns when that is done, raises what sending raised."""
        edit = self._edits.get(key)
        if edit is None:
            edit = self._edits[key] = _Edit(value, sent=False, task=None)
            edit.task = asyncio.create_task(self._run(key, edit))
        edit.value, edit.sent = value, False
        assert edit.task is not None
        await asyncio.shield(edit.task)

    async def _run(self, key: K, edit: _Edit[V]) -> None:
        try:
            while not edit.sent:
                await self._turn(key)
                edit.sent = True
                await self._send(key, edit.value)
        finally:
            del self._edits[key]
