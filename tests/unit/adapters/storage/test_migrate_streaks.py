"""Streaks of before there were freezes: kept by the upgrade, with the freezes that they had earned."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.storage.engine import open_engine
from adapters.storage.migrate import _config, migrate
from adapters.storage.work import SqlStorage
from bot.practice.calendar import Calendar
from bot.practice.streaks import count, current, enter
from tests.support.databases import KINDS, bare_database
from tests.support.world import HOME, MONDAY, someone

BEFORE = "0005"
YESTERDAY = MONDAY.date() - timedelta(days=1)
UTC = Calendar(ZoneInfo("UTC"))


async def _keep_as_before(engine: AsyncEngine, streak: int) -> None:
    """Bring a database to the schema of before, and somebody with a streak into it."""
    async with engine.begin() as connection:
        await connection.run_sync(lambda sync: command.upgrade(_config(sync), BEFORE))
        await connection.execute(
            text(
                "INSERT INTO people (platform, space, user_id, name, streak, best_streak, last_day, entered_at)"
                " VALUES ('test', 'home', 'ada', 'Ada', :streak, :streak, :day, :at)"
            ).bindparams(
                streak=streak,
                day=YESTERDAY if engine.dialect.name == "postgresql" else YESTERDAY.isoformat(),
                at=MONDAY if engine.dialect.name == "postgresql" else MONDAY.strftime("%Y-%m-%d %H:%M:%S.%f"),
            )
        )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("streak", "freezes"), [(6, 0), (7, 1), (15, 2), (400, 2)])
async def test_a_streak_has_the_freezes_that_it_had_earned(
    tmp_path: Path, kind: str, streak: int, freezes: int
) -> None:
    async with bare_database(kind, tmp_path) as url:
        engine = open_engine(url)
        await _keep_as_before(engine, streak)
        assert (await migrate(engine))[0] == BEFORE
        storage = SqlStorage(engine)
        async with storage.transaction() as work:
            ada = await enter(work, someone("Ada"), MONDAY, UTC)
            shown = await current(work, ada, MONDAY, UTC)
            assert (shown.days, shown.best, shown.freezes) == (streak, streak, freezes)
            assert (ada.base_day, ada.base_streak, ada.base_freezes) == (YESTERDAY, streak, freezes)
            assert (await count(work, ada, YESTERDAY, MONDAY, UTC, HOME))[1] is False
            ada = await enter(work, someone("Ada"), MONDAY, UTC)
            after, grew = await count(work, ada, MONDAY.date(), MONDAY, UTC, HOME)
            assert (after.days, grew) == (streak + 1, True)
        await storage.close()
