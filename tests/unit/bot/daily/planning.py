"""A planner with its bank over a database, and what becomes of a schedule there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from adapters.storage.errand_queue import SqlErrandQueue
from adapters.storage.work import SqlStorage
from bot.daily.planner import Planner
from bot.daily.seasons import Seasons
from bot.errands import Errand
from bot.practice.calendar import Calendar
from bot.practice.quality import NOTHING_KNOWN, Known
from bot.scheduling import Daily, Schedule
from questions.bank import Bank
from tests.support import items, rows
from tests.support.rows import DAILY, DAY
from tests.support.world import UTC_ZONE, StillClock

ONE = timedelta(days=1)
NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
TRUTHS = tuple(items.truth(id=f"cn-truth-{number}") for number in range(9))


@dataclass
class World:
    """A planner with its bank over a database."""

    storage: SqlStorage
    bank: Bank = field(default_factory=lambda: items.bank_of(*TRUTHS))

    @property
    def planner(self) -> Planner:
        return Planner(self.bank, Seasons(self.storage, StillClock(), Calendar(UTC_ZONE)))

    async def schedule(self, next_day: date | None = DAY, **plan: Any) -> Schedule:
        made = await rows.schedule(self.storage, plan=replace(DAILY, **plan))
        async with self.storage.transaction() as work:
            await work.schedules.set_next(made.id, next_day)
        return await self.read(made)

    async def read(self, schedule: Schedule) -> Schedule:
        async with self.storage.snapshot() as work:
            found = await work.schedules.get(schedule.id)
        assert found is not None
        return found

    async def turn(self, schedule: Schedule, now: datetime, known: Known = NOTHING_KNOWN) -> datetime | None:
        async with self.storage.transaction() as work:
            latched = await work.schedules.latch(schedule.id)
            assert latched is not None
            return await self.planner.turn(work, latched, now, known)

    async def dates(self, schedule: Schedule, limit: int = 999) -> list[Daily]:
        """Return what became of the dates, oldest first."""
        async with self.storage.snapshot() as work:
            return list(reversed(await work.dailies.history(schedule.id, limit)))

    async def queue(self, schedule: Schedule, *names: str) -> None:
        grace = await rows.enter(self.storage, "Grace")
        async with self.storage.transaction() as work:
            for name in names:
                await work.schedules.queue(schedule.id, name, grace.id, NINE)

    async def queued(self, schedule: Schedule) -> Sequence[str]:
        async with self.storage.snapshot() as work:
            return await work.schedules.queued(schedule.id)

    async def errands(self) -> dict[str, Errand]:
        far = NINE + 9999 * ONE
        return {one.key: one for one in await SqlErrandQueue(self.storage).claim("z", ["test"], far, far, 999)}
