"""Keep to Discord's rate of all requests of a bot; what belongs to one route discord.py keeps to by itself.

Number: Discord's documentation of rate limits (50 requests a second over all routes; answers to interactions are apart
from them).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import discord
from aiolimiter import AsyncLimiter

from adapters.discord.turn import again

A_SECOND = 48
"""Requests in a second: a little less than Discord's 50, as its second is not ours."""
BURST = 2
"""Requests that may go together."""
UNAUTHORIZED = 401

T = TypeVar("T")


class Pace:
    """Lets requests through evenly spaced, and knows which are under way; ``refused`` is told of a refused token."""

    def __init__(self, refused: Callable[[], None] = lambda: None) -> None:
        self._limiter = AsyncLimiter(BURST, BURST / A_SECOND)
        self._refused = refused
        self._running = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def ask(self, call: Callable[[], Awaitable[T]]) -> T:
        """Make a request that may be repeated, each attempt in its turn; raises what discord.py raises."""

        async def in_turn() -> T:
            await self._limiter.acquire()
            return await call()

        return await self._counted(again(in_turn))

    async def ask_once(self, call: Callable[[], Awaitable[T]]) -> T:
        """Make a request in its turn that may not be repeated; raises what discord.py raises."""
        await self._limiter.acquire()
        return await self._counted(call())

    async def drain(self, seconds: float) -> None:
        """Wait for what is under way, at most that long."""
        try:
            await asyncio.wait_for(self._idle.wait(), seconds)
        except TimeoutError:
            return

    async def _counted(self, request: Awaitable[T]) -> T:
        self._running += 1
        self._idle.clear()
        try:
            return await request
        except discord.HTTPException as error:
            if error.status == UNAUTHORIZED:
                self._refused()
            raise
        finally:
            self._running -= 1
            if not self._running:
                self._idle.set()
