"""What must be in the database after a crowd has answered."""

from __future__ import annotations

from sqlalchemy import func, select

from adapters.storage.ledger_tables import ledger
from adapters.storage.tables import claims, servings, topic_records
from adapters.storage.work import SqlStorage


async def each_counted_once(storage: SqlStorage, count: int) -> None:
    """See that so many people asked one question each, answered it, and were counted once."""
    async with storage.reading() as statements:

        async def one(statement: object) -> int:
            return int((await statements.execute(statement)).scalar_one() or 0)  # type: ignore[arg-type]

        assert await one(select(func.count()).where(servings.c.state == "answered")) == count
        assert await one(select(func.sum(topic_records.c.answered))) == count
        right = await one(select(func.sum(topic_records.c.right)))
        assert 0 < right == await one(select(func.count()).select_from(ledger))
        assert await one(select(func.count()).select_from(claims)) == 2 * count
    async with storage.snapshot() as work:
        assert await work.standings.differences() == []
