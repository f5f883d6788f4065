"""Who answers an event: of all processes that are told of one, the first to write its row."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select

from adapters.storage.statements import insert
from adapters.storage.tables import claims
from adapters.storage.work import SqlStorage
from bot.ports import Clock

KEPT = timedelta(days=1)
"""How long a claim is remembered: no platform repeats an event as late as that."""
AT_ONCE = 5000
"""Claims that are forgotten in one transaction."""


class SqlClaims:
    """Takes events, each once."""

    def __init__(self, storage: SqlStorage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    async def take(self, event: str) -> bool:
        """Take an event; true for one caller alone, whatever process they are in."""
        async with self._storage.writing() as statements:
            new = insert(statements, claims).values(event=event, at=self._clock.now())
            return (await statements.execute(new.on_conflict_do_nothing())).rowcount == 1

    async def trim(self) -> int:
        """Forget claims of events that cannot come again; return how many."""
        async with self._storage.writing() as statements:
            old = select(claims.c.event).where(claims.c.at < self._clock.now() - KEPT).limit(AT_ONCE)
            return (await statements.execute(delete(claims).where(claims.c.event.in_(old)))).rowcount
