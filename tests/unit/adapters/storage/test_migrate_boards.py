"""Points of before there were boards of days and topics: the upgrade counts them there too."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.storage.engine import open_engine
from adapters.storage.migrate import _config, migrate
from adapters.storage.work import SqlStorage
from bot.practice.calendar import Calendar
from tests.support import rows
from tests.support.databases import KINDS, bare_database
from tests.support.recomputed import check_boards
from tests.support.world import MONDAY, UTC_ZONE

BEFORE = "0006"
PAID = (
    (1, "cn-stride", date(2026, 11, 23), 10),
    (1, "op-adam", date(2026, 11, 23), 20),
    (1, "cn-stride", date(2026, 12, 1), 10),
    (2, "cn-stride", date(2026, 11, 23), 15),
    (700, "cn-stride", date(2026, 11, 23), 5),
)
"""Person, question, day and points."""


async def _keep_as_before(engine: AsyncEngine) -> None:
    """Bring a database to the schema of before, with people who have points, one of whom hides."""
    postgres = engine.dialect.name == "postgresql"
    at: Any = MONDAY if postgres else MONDAY.strftime("%Y-%m-%d %H:%M:%S.%f")
    calendar = Calendar(UTC_ZONE)
    async with engine.begin() as connection:
        await connection.run_sync(lambda sync: command.upgrade(_config(sync), BEFORE))
        for person in (1, 2, 700):
            await connection.execute(
                text(
                    "INSERT INTO people (id, platform, space, user_id, name, hidden, entered_at)"
                    " VALUES (:id, 'test', 'home', :user, :user, :hidden, :at)"
                ).bindparams(id=person, user=f"p{person}", hidden=person == 2, at=at)
            )
        for person, question, day, points in PAID:
            periods = [period for period in calendar.periods(day) if period != str(day)]
            await connection.execute(
                text(
                    "INSERT INTO ledger (person_id, workspace, points, reason, question, season, day, periods, note, "
                    "at) VALUES "
                    "(:person, 'test:home', :points, 'practice', :question, :season, :day, :periods, '', :at)"
                ).bindparams(
                    person=person, points=points, question=question, season=calendar.season_of(day),
                    day=day if postgres else str(day), periods=" ".join(periods), at=at,
                )
            )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
async def test_what_was_earned_counts_on_days_and_topics(tmp_path: Path, kind: str) -> None:
    async with bare_database(kind, tmp_path) as url:
        engine = open_engine(url)
        await _keep_as_before(engine)
        assert (await migrate(engine))[0] == BEFORE
        storage = SqlStorage(engine)
        assert await rows.differences(storage) == []
        assert await check_boards(storage, 1) == 18
        boards = {
            period: [(row.person, row.points) for row in (await rows.board(storage, period=period)).top]
            for period in ("all", "all/cn", "2026-11/op", "2026-11-23", "2026-11-23/cn", "2026-12-01/cn", "2026-W49/cn")
        }
        assert boards == {
            "all": [(1, 40), (700, 5)],
            "all/cn": [(1, 20), (700, 5)],
            "2026-11/op": [(1, 20)],
            "2026-11-23": [(1, 30), (700, 5)],
            "2026-11-23/cn": [(1, 10), (700, 5)],
            "2026-12-01/cn": [(1, 10)],
            "2026-W49/cn": [(1, 10)],
        }
        async with engine.begin() as connection:
            kept = (await connection.execute(text("SELECT periods FROM ledger ORDER BY id"))).scalars().all()
        # The rows name the boards on which the same points would count if they were earned now.
        assert [sorted(periods.split()) for periods in kept] == [
            sorted(Calendar(UTC_ZONE).boards(day, question[:2].upper())) for _, question, day, _ in PAID
        ]
        await storage.close()
