"""Questions of the day, in the database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, and_, func, select, update

from adapters.storage.daily_tables import active_days, dailies, daily_answers
from adapters.storage.places import channel_of, message_of
from adapters.storage.statements import Statements, insert
from adapters.storage.tables import people
from bot.refs import ChannelRef, MessageRef, UserRef, WorkspaceRef
from bot.scheduling import Daily, DailyState, Owed, Schedule

_ASKED = (DailyState.OPEN, DailyState.CLOSING, DailyState.CLOSED)
_HELD = (DailyState.POSTING, DailyState.OPEN, DailyState.CLOSING)


class SqlDailies:
    """The Dailies port."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def add(
        self,
        *,
        schedule: Schedule,
        day: date,
        state: DailyState,
        question: str,
        revision: str,
        seed: int,
        order: Sequence[int],
        due_at: datetime,
        closes_at: datetime,
        late: bool,
        note: str,
        now: datetime,
    ) -> int | None:
        """Keep the question of a date and return its id; None if the schedule has one for that date already."""
        row = {
            "schedule_id": schedule.id,
            "day": day,
            "workspace": schedule.channel.workspace.key,
            "channel": schedule.channel.id,
            "channel_thread": schedule.channel.thread,
            "state": state,
            "question": question,
            "revision": revision,
            "seed": seed,
            "shown_order": "".join(map(str, order)),
            "due_at": due_at,
            "closes_at": closes_at,
            "changeable": schedule.plan.changeable,
            "late": late,
            "answered": 0,
            "note": note[:200],
            "made_at": now,
        }
        new = insert(self._statements, dailies).on_conflict_do_nothing(index_elements=["schedule_id", "day"])
        return (await self._statements.execute(new.returning(dailies.c.id), row)).scalar_one_or_none()

    async def get(self, daily: int) -> Daily | None:
        """Return the question of a day."""
        return await self._one(select(dailies).where(dailies.c.id == daily))

    async def latch(self, daily: int) -> Daily | None:
        """Return the question of a day, locked: until the transaction ends nobody closes it."""
        return await self._one(select(dailies).where(dailies.c.id == daily).with_for_update())

    async def of_day(self, schedule: int, day: date) -> Daily | None:
        """Return a schedule's question of a date."""
        return await self._one(select(dailies).where(dailies.c.schedule_id == schedule, dailies.c.day == day))

    async def history(self, schedule: int, limit: int) -> Sequence[Daily]:
        """Return the latest of a schedule, newest first."""
        latest = select(dailies).where(dailies.c.schedule_id == schedule).order_by(dailies.c.day.desc()).limit(limit)
        return [_daily(row) for row in await self._statements.execute(latest)]

    async def counts(self, channel: ChannelRef) -> Mapping[str, tuple[int, date]]:
        """Return how often each question was posted in a channel, and on which date last."""
        there = select(dailies.c.question, func.count().label("times"), func.max(dailies.c.day).label("last")).where(
            dailies.c.workspace == channel.workspace.key,
            dailies.c.channel == channel.id,
            dailies.c.state != DailyState.SKIPPED,
        )
        rows = await self._statements.execute(there.group_by(dailies.c.question))
        return {row.question: (row.times, row.last) for row in rows}

    async def held(self, workspace: WorkspaceRef) -> frozenset[str]:
        """Return the questions that are open in a workspace, and those about to be posted."""
        there = select(dailies.c.question).where(dailies.c.workspace == workspace.key, dailies.c.state.in_(_HELD))
        return frozenset((await self._statements.execute(there)).scalars())

    async def open_in(self, workspace: WorkspaceRef, person: int | None, limit: int) -> Sequence[tuple[Daily, bool]]:
        """Return those open in a workspace, the next to close first, and whether a person has answered each."""
        theirs = and_(daily_answers.c.daily_id == dailies.c.id, daily_answers.c.person_id == (person or 0))
        there = (
            select(dailies, daily_answers.c.person_id.is_not(None).label("by_person"))
            .outerjoin(daily_answers, theirs)
            .where(dailies.c.workspace == workspace.key, dailies.c.state == DailyState.OPEN)
        )
        rows = await self._statements.execute(there.order_by(dailies.c.closes_at, dailies.c.id).limit(limit))
        return [(_daily(row), row.by_person) for row in rows]

    async def open_days(self, workspace: WorkspaceRef) -> frozenset[date]:
        """Return the dates whose questions in a workspace are not closed yet."""
        there = select(dailies.c.day).where(dailies.c.workspace == workspace.key, dailies.c.state.in_(_HELD))
        return frozenset((await self._statements.execute(there)).scalars())

    async def closes_before(self, workspace: WorkspaceRef, at: datetime) -> bool:
        """Tell whether one of a workspace that closes before an instant is not settled yet."""
        there = select(dailies.c.id).where(
            dailies.c.workspace == workspace.key, dailies.c.state.in_(_HELD), dailies.c.closes_at < at
        )
        return (await self._statements.execute(there.limit(1))).first() is not None

    async def move(self, daily: int, expected: Collection[DailyState], state: DailyState, note: str = "") -> bool:
        """Move on to another state; false if it is in none of the expected ones. A note replaces the one there."""
        moved = update(dailies).where(dailies.c.id == daily, dailies.c.state.in_(expected)).values(state=state)
        moved = moved.values(note=note[:200]) if note else moved
        return (await self._statements.execute(moved)).rowcount == 1

    async def posted(self, daily: int, message: MessageRef, thread: str, *, late: bool) -> None:
        """Keep which message it is, that it is open, and whether it came later than it was due."""
        kept = update(dailies).where(dailies.c.id == daily, dailies.c.state == DailyState.POSTING)
        place = {"message_channel": message.channel.id, "message": message.id, "thread": thread, "late": late}
        await self._statements.execute(kept.values(state=DailyState.OPEN, **place))

    async def set_thread(self, daily: int, thread: str) -> None:
        """Keep the thread in which it is discussed."""
        await self._statements.execute(update(dailies).where(dailies.c.id == daily).values(thread=thread))

    async def owed(self, workspace: WorkspaceRef, since: date) -> Owed:
        """Return on which days after a date the people of a workspace were asked; of open ones none is owed yet."""
        asked = select(dailies.c.day, dailies.c.state).where(
            dailies.c.workspace == workspace.key, dailies.c.day > since, dailies.c.state.in_(_ASKED)
        )
        rows = (await self._statements.execute(asked.distinct())).all()
        days, still_open = {row.day for row in rows}, {row.day for row in rows if row.state != DailyState.CLOSED}
        if days:
            return Owed(ever=True, days=frozenset(days - still_open))
        before = select(dailies.c.id).where(dailies.c.workspace == workspace.key, dailies.c.state.in_(_ASKED)).limit(1)
        return Owed(ever=(await self._statements.execute(before)).first() is not None, days=frozenset())

    async def at_stake(self, daily: int) -> Sequence[tuple[UserRef, int]]:
        """Return who wants to be reminded and did nothing on its date so far, with their streaks as kept."""
        done = select(active_days.c.person_id).where(active_days.c.day == dailies.c.day).correlate(dailies)
        answered = select(daily_answers.c.person_id).where(daily_answers.c.daily_id == daily)
        wishing = (
            select(people.c.platform, people.c.space, people.c.user_id, people.c.streak)
            .join(dailies, dailies.c.workspace == people.c.study)
            .where(dailies.c.id == daily, people.c.reminders.is_(True), people.c.streak > 0)
            .where(people.c.id.not_in(done), people.c.id.not_in(answered))
        )
        rows = await self._statements.execute(wishing.order_by(people.c.id))
        return [(UserRef(row.platform, row.space, row.user_id), row.streak) for row in rows]

    async def _one(self, statement: Select[Any]) -> Daily | None:
        row = (await self._statements.execute(statement)).one_or_none()
        return None if row is None else _daily(row)


def _daily(row: Row[Any]) -> Daily:
    return Daily(
        id=row.id,
        schedule=row.schedule_id,
        day=row.day,
        channel=channel_of(row),
        state=DailyState(row.state),
        question=row.question,
        revision=row.revision,
        seed=row.seed,
        order=tuple(map(int, row.shown_order)),
        due_at=row.due_at,
        closes_at=row.closes_at,
        changeable=row.changeable,
        late=row.late,
        answered=row.answered,
        message=message_of(row),
        thread=row.thread,
        note=row.note,
    )
