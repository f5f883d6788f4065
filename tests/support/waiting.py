"""Waiting for what no event tells of: it happens in a library or in another process."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

STEP = 0.005


async def until(true: Callable[[], Awaitable[bool] | bool], seconds: float = 5) -> None:
    """Wait until something has become true; raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while True:
            now = true()
            if now if isinstance(now, bool) else await now:
                return
            await asyncio.sleep(STEP)
