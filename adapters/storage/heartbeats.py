"""When each process was alive last: a row each, for others to see."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from adapters.storage.statements import insert
from adapters.storage.tables import heartbeats
from adapters.storage.work import SqlStorage
from bot.ports import Clock


class SqlHeartbeats:
    """The Heartbeats protocol."""

    def __init__(self, storage: SqlStorage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    async def beat(self, name: str) -> None:
        """Keep that it is alive now."""
        async with self._storage.writing() as statements:
            new = insert(statements, heartbeats).values(name=name, at=self._clock.now())
            await statements.execute(
                new.on_conflict_do_update(index_elements=[heartbeats.c.name], set_={"at": new.excluded.at})
            )

    async def last(self, name: str) -> datetime | None:
        """Return when it was alive last; None if never."""
        async with self._storage.reading() as statements:
            at = select(heartbeats.c.at).where(heartbeats.c.name == name)
            found: datetime | None = (await statements.execute(at)).scalar_one_or_none()
            return found
