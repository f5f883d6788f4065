"""Clear away what has run out, so that nothing grows for ever."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from bot.errors import where

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to clear away: ``run`` does one bounded piece and returns how much it cleared."""

    name: str
    run: Callable[[], Awaitable[int]]


class Sweep:
    """Does every chore; one that fails is logged and tried again at the next tick."""

    def __init__(self, chores: tuple[Chore, ...]) -> None:
        self._chores = chores

    async def tick(self) -> None:
        """Do every chore once."""
        for chore in self._chores:
            try:
                cleared = await chore.run()
            except Exception as error:  # the next chore and the next tick must still come
                log.error("chore failed", chore=chore.name, kind=type(error).__name__, where=where(error))
            else:
                if cleared:
                    log.info("cleared", chore=chore.name, count=cleared)
