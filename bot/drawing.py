"""Draw pictures without holding anybody up: in a thread, one at a time, and what was drawn lately not again."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import structlog

from bot.errors import where

KEPT = 64
"""Pictures that are remembered: many people look at the same standings within a minute."""

log = structlog.get_logger(__name__)


class Drawing:
    """Draws for a whole process."""

    def __init__(self) -> None:
        self._one = asyncio.Semaphore(1)
        self._kept: OrderedDict[tuple[Any, ...], bytes] = OrderedDict()

    async def draw(self, picture: Callable[..., bytes], *about: Any) -> bytes | None:
        """Return what a function draws of what it is given, all of it hashable; None where it fails."""
        key = (picture, *about)
        async with self._one:
            drawn = self._kept.pop(key, None)
            if drawn is None:
                try:
                    drawn = await asyncio.to_thread(picture, *about)
                except Exception as error:
                    log.error("picture not drawn", kind=type(error).__name__, where=where(error))
                    return None
            self._kept[key] = drawn
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return drawn
