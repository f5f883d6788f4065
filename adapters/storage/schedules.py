"""Schedules of questions of the day, in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Row, Select, delete, select, update

from adapters.storage.daily_tables import daily_queue, schedules
from adapters.storage.places import channel_of
from adapters.storage.statements import Statements, insert
from adapters.storage.tables import people
from bot.refs import ChannelRef, UserRef, WorkspaceRef
from bot.scheduling import Plan, Schedule, ScheduleState


class SqlSchedules:
    """The Schedules port."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def add(self, channel: ChannelRef, plan: Plan, person: int, now: datetime) -> int:
        """Keep a new schedule, active and without a next post, and return its id."""
        new = insert(self._statements, schedules).values(
            platform=channel.workspace.platform,
            workspace=channel.workspace.key,
            channel=channel.id,
            channel_thread=channel.thread,
            state=ScheduleState.ACTIVE,
            trouble="",
            person_id=person,
            made_at=now,
            **_columns(plan),
        )
        made: int = (await self._statements.execute(new.returning(schedules.c.id))).scalar_one()
        return made

    async def get(self, schedule: int) -> Schedule | None:
        """Return a schedule, also one that was removed."""
        row = (await self._statements.execute(_all().where(schedules.c.id == schedule))).one_or_none()
        return None if row is None else _schedule(row)

    async def latch(self, schedule: int) -> Schedule | None:
        """Return a schedule, locked: until the transaction ends nobody changes it."""
        locked = _all().where(schedules.c.id == schedule).with_for_update(of=schedules)
        row = (await self._statements.execute(locked)).one_or_none()
        return None if row is None else _schedule(row)

    async def of(self, workspace: WorkspaceRef) -> Sequence[Schedule]:
        """Return the schedules of a workspace that were not removed, by id."""
        there = _all().where(schedules.c.workspace == workspace.key, schedules.c.state != ScheduleState.REMOVED)
        return [_schedule(row) for row in await self._statements.execute(there.order_by(schedules.c.id))]

    async def set_plan(self, schedule: int, plan: Plan) -> None:
        """Keep another plan."""
        await self._statements.execute(update(schedules).where(schedules.c.id == schedule).values(**_columns(plan)))

    async def set_state(self, schedule: int, state: ScheduleState, trouble: str = "") -> bool:
        """Keep another state; false where it was removed or in that state already."""
        other = schedules.c.state.not_in((state, ScheduleState.REMOVED))
        moved = update(schedules).where(schedules.c.id == schedule, other)
        return (await self._statements.execute(moved.values(state=state, trouble=trouble[:300]))).rowcount == 1

    async def set_next(self, schedule: int, day: date | None) -> None:
        """Keep the date of the next post, None for none."""
        await self._statements.execute(update(schedules).where(schedules.c.id == schedule).values(next_day=day))

    async def queue(self, schedule: int, question: str, person: int, now: datetime) -> bool:
        """Have a question posted before all others, after those that wait already; false if it waits already."""
        new = insert(self._statements, daily_queue).values(
            schedule_id=schedule, question=question, person_id=person, at=now
        )
        return (await self._statements.execute(new.on_conflict_do_nothing())).rowcount == 1

    async def queued(self, schedule: int) -> Sequence[str]:
        """Return the questions that wait, first first."""
        waiting = select(daily_queue.c.question).where(daily_queue.c.schedule_id == schedule).order_by(daily_queue.c.id)
        return list((await self._statements.execute(waiting)).scalars())

    async def unqueue(self, schedule: int, question: str) -> bool:
        """Have a question wait no more; false if it did not."""
        gone = delete(daily_queue).where(daily_queue.c.schedule_id == schedule, daily_queue.c.question == question)
        return (await self._statements.execute(gone)).rowcount == 1


def _all() -> Select[Any]:
    owner = (people.c.platform.label("owner_platform"), people.c.space, people.c.user_id)
    return select(schedules, *owner).join(people, people.c.id == schedules.c.person_id)


def _columns(plan: Plan) -> dict[str, Any]:
    return {
        "at": f"{plan.at:%H:%M}",
        "zone": plan.zone,
        "weekdays": plan.weekdays,
        "topics": " ".join(plan.topics),
        "levels": " ".join(plan.levels),
        "closes": plan.closes,
        "thread": plan.thread,
        "changeable": plan.changeable,
        "notify": plan.notify,
        "holidays": plan.holidays,
        "start": plan.start,
        "catch_up": plan.catch_up,
    }


def _schedule(row: Row[Any]) -> Schedule:
    plan = Plan(
        at=time.fromisoformat(row.at),
        zone=row.zone,
        weekdays=row.weekdays,
        topics=tuple(row.topics.split()),
        levels=tuple(row.levels.split()),
        closes=row.closes,
        thread=row.thread,
        changeable=row.changeable,
        notify=row.notify,
        holidays=row.holidays,
        start=row.start,
        catch_up=row.catch_up,
    )
    return Schedule(
        id=row.id,
        channel=channel_of(row),
        state=ScheduleState(row.state),
        plan=plan,
        next_day=row.next_day,
        trouble=row.trouble,
        owner=UserRef(row.owner_platform, row.space, row.user_id),
    )
