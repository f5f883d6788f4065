"""Handing errands out: a claim is one statement, and a lease that runs out is nobody's."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, false, func, select, update

from adapters.storage.daily_tables import errands
from adapters.storage.work import SqlStorage
from bot.errands import Errand


class SqlErrandQueue:
    """The ErrandQueue port."""

    def __init__(self, storage: SqlStorage) -> None:
        self._storage = storage

    async def claim(
        self, owner: str, platforms: Collection[str], now: datetime, until: datetime, limit: int
    ) -> Sequence[Errand]:
        """Claim what is due on some platforms, oldest first; nobody else gets it before ``until``."""
        due = select(errands.c.key).where(errands.c.act_at <= now, errands.c.platform.in_(platforms))
        async with self._storage.reading() as statements:  # most of the time nothing is, and looking locks nobody out
            if (await statements.execute(due.limit(1))).first() is None:
                return ()
        async with self._storage.writing() as statements:
            oldest = due.order_by(errands.c.act_at, errands.c.key).limit(limit).with_for_update(skip_locked=True)
            # Chosen once: PostgreSQL may run a subquery once for each row, each time past what it locked before.
            first = oldest.cte("first").prefix_with("MATERIALIZED", dialect="postgresql")
            claimed = (
                update(errands)
                .where(errands.c.key.in_(select(first.c.key)))
                .values(
                    act_at=until,
                    owner=owner,
                    attempts=errands.c.attempts + 1,
                    began=func.coalesce(errands.c.began, now),
                    again=false(),
                )
                .returning(*errands.c)
            )
            found = [_errand(row) for row in await statements.execute(claimed)]
        return sorted(found, key=lambda errand: (errand.due_at, errand.key))

    async def renew(self, owner: str, until: datetime) -> None:
        """Keep all that an owner has claimed for longer."""
        async with self._storage.writing() as statements:
            await statements.execute(update(errands).where(errands.c.owner == owner).values(act_at=until))

    async def retry(self, errand: Errand, owner: str, at: datetime) -> None:
        """Give an errand back, to be claimed again at an instant."""
        async with self._storage.writing() as statements:
            mine = update(errands).where(errands.c.key == errand.key, errands.c.owner == owner)
            await statements.execute(mine.values(act_at=at, owner=""))


def _errand(row: Row[Any]) -> Errand:
    return Errand(
        key=row.key,
        kind=row.kind,
        platform=row.platform,
        subject=row.subject,
        detail=row.detail,
        due_at=row.due_at,
        attempts=row.attempts,
        began=None if row.attempts == 1 else row.began,
    )
