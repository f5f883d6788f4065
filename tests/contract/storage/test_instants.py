"""Instants come back aware and in UTC, wherever they came from; naive ones are refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import StatementError

from bot.ports import Storage
from tests.support import rows
from tests.support.world import MONDAY, someone

SAME = [
    datetime(2026, 11, 23, 12, 30, 15, 123456, tzinfo=UTC),
    datetime(2026, 11, 23, 21, 30, 15, 123456, tzinfo=ZoneInfo("Asia/Tokyo")),
    datetime(2026, 11, 22, 22, 45, 15, 123456, tzinfo=timezone(timedelta(hours=-13, minutes=-45))),
]
"""One instant, down to the microsecond, as three places write it."""


@pytest.mark.parametrize("written", SAME, ids=["UTC", "ahead", "behind"])
async def test_instants_come_back_in_utc(storage: Storage, written: datetime) -> None:
    ada = await rows.enter(storage)
    await rows.award(storage, ada, 10, now=written)
    (entry,) = await rows.entries(storage, ada)
    async with storage.snapshot() as work:
        (seen,) = (await work.servings.last_seen(ada.id)).values()
    assert [(at, at.tzinfo) for at in (entry.at, seen)] == [(SAME[0], UTC)] * 2


@pytest.mark.parametrize("fold", [0, 1])
async def test_the_hour_that_comes_twice_is_kept_apart(storage: Storage, fold: int) -> None:
    ada = await rows.enter(storage)
    written = datetime(2026, 10, 25, 2, 30, fold=fold, tzinfo=ZoneInfo("Europe/Berlin"))
    await rows.award(storage, ada, 10, now=written)
    (entry,) = await rows.entries(storage, ada)
    assert entry.at == datetime(2026, 10, 25, fold, 30, tzinfo=UTC)


async def test_a_naive_instant_is_refused_and_nothing_kept(storage: Storage) -> None:
    naive = MONDAY.replace(tzinfo=None)
    with pytest.raises(StatementError, match="naive instant"):
        async with storage.transaction() as work:
            await work.people.enter(someone("Ada"), naive)
    assert await rows.find(storage, "Ada") is None


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2026, 1, 1), date(2026, 12, 31)])
async def test_a_local_day_is_no_instant(storage: Storage, day: date) -> None:
    ada = await rows.enter(storage)
    async with storage.transaction() as work:
        await work.people.keep_streak(replace(ada, last_day=day))
    found = await rows.find(storage)
    assert found is not None
    assert found.last_day == day
