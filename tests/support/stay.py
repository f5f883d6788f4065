"""Somebody who answers here and there while days go by, and the questions of the day where they are."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from adapters.storage.work import SqlStorage, SqlUnitOfWork
from bot.persons import Days, Person
from bot.practice.calendar import Calendar
from bot.practice.streaks import Outlook, count, current, enter, outlook
from bot.refs import Actor, ChannelRef, WorkspaceRef
from bot.scheduling import DailyState, Plan
from tests.support.world import HOME, MONDAY, StillClock, someone

DAY = MONDAY.date()
ONE = timedelta(days=1)
ASKED = (DailyState.OPEN, DailyState.CLOSING, DailyState.CLOSED)


class Stay:
    """Somebody who answers here and there while days go by."""

    def __init__(self, storage: SqlStorage, who: Actor | None = None, zone: str = "UTC") -> None:
        self.storage = storage
        self.who = who or someone("Ada")
        self.work: SqlUnitOfWork | None = None
        """A transaction in which everything happens, where committing each act would take too long."""
        self.clock = StillClock()
        self.calendar = Calendar(ZoneInfo(zone))
        self.dailies: dict[tuple[WorkspaceRef, date], int] = {}

    async def post(self, *numbers: int, workspace: WorkspaceRef = HOME, state: DailyState = DailyState.CLOSED) -> None:
        """Let a question be posted on days, counted from the first; or let another state be theirs."""
        async with self._writing() as work:
            owner = await work.people.enter(replace(self.who, user=replace(self.who.user, id="owner")), MONDAY)
            for number in numbers:
                day = DAY + number * ONE
                if (workspace, day) in self.dailies:
                    assert await work.dailies.move(self.dailies[workspace, day], ASKED, state)
                else:
                    self.dailies[workspace, day] = await self._add(work, owner, workspace, day, state)

    async def answer(self, number: int | None = None, workspace: WorkspaceRef = HOME) -> tuple[int, bool]:
        """Answer now, or for a day counted from the first; return the streak and whether it grew."""
        now = self.clock.now()
        async with self._writing() as work:
            person = await enter(work, self.who, now, self.calendar)
            day = self.calendar.day_of(person, now) if number is None else DAY + number * ONE
            streak, grew = await count(work, person, day, now, self.calendar, workspace)
        return streak.days, grew

    async def answer_daily(self, days: int, workspace: WorkspaceRef = HOME) -> None:
        """Answer on each of the next days, today first, and go on to the day after."""
        for _ in range(days):
            await self.answer(workspace=workspace)
            self.clock.pass_time(days=1)

    async def shown(self) -> tuple[int, int, int]:
        """Return days, best and freezes as they are shown now."""
        async with self._writing() as work:
            streak = await current(work, await self._found(work), self.clock.now(), self.calendar)
        assert (await self.outlook()).streak == streak
        return streak.days, streak.best, streak.freezes

    async def outlook(self) -> Outlook:
        async with self._writing() as work:
            return await outlook(work, await self._found(work), self.clock.now(), self.calendar)

    async def person(self) -> Person:
        async with self._writing() as work:
            return await self._found(work)

    async def days(self) -> Days:
        async with self._writing() as work:
            return await work.people.days(await self._found(work), date.min)

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[SqlUnitOfWork]:
        if self.work is not None:
            yield self.work
            return
        async with self.storage.transaction() as work:
            yield work

    async def _found(self, work: SqlUnitOfWork) -> Person:
        found = await work.people.find(self.who)
        assert found is not None
        return found

    async def _add(
        self, work: SqlUnitOfWork, owner: Person, workspace: WorkspaceRef, day: date, state: DailyState
    ) -> int:
        at = datetime.combine(day, time(9), UTC)
        number = await work.schedules.add(ChannelRef(workspace, "study"), Plan(time(9), "UTC"), owner.id, at)
        schedule = await work.schedules.get(number)
        assert schedule is not None
        daily = await work.dailies.add(
            schedule=schedule, day=day, state=state, question="cn-stride", revision="0", seed=0, order=(),
            due_at=at, closes_at=at + ONE, late=False, note="", now=at,
        )  # fmt: skip
        assert daily is not None
        return daily
