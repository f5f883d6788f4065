"""Answers to questions of the day, in the database; one from each person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select, update

from adapters.storage.daily_tables import dailies, daily_answers
from adapters.storage.shown_names import shown_name
from adapters.storage.statements import Statements, insert
from adapters.storage.tables import people
from bot.scheduling import DailyAnswer, Put


class SqlDailyAnswers:
    """The DailyAnswers port."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def put(
        self, daily: int, person: int, *, response: str, score: int, late: bool, change: bool, now: datetime
    ) -> Put:
        """Keep an answer, counted if it is in time; where there is one, replace it if ``change`` and not settled."""
        new = insert(self._statements, daily_answers).values(
            daily_id=daily,
            person_id=person,
            response=response,
            score=score,
            late=late,
            settled=late,
            points=0,
            at=now,
        )
        if (await self._statements.execute(new.on_conflict_do_nothing())).rowcount == 1:
            if not late:
                counted = update(dailies).where(dailies.c.id == daily).values(answered=dailies.c.answered + 1)
                await self._statements.execute(counted)
            return Put.NEW
        if late or not change:
            return Put.KEPT
        mine = (daily_answers.c.daily_id == daily, daily_answers.c.person_id == person)
        open_ = update(daily_answers).where(*mine, daily_answers.c.settled.is_(False))
        changed = await self._statements.execute(open_.values(response=response, score=score, at=now))
        return Put.CHANGED if changed.rowcount == 1 else Put.KEPT

    async def get(self, daily: int, person: int) -> DailyAnswer | None:
        """Return what somebody answered."""
        row = (await self._statements.execute(_of(daily).where(daily_answers.c.person_id == person))).one_or_none()
        return None if row is None else _answer(row)

    async def all(self, daily: int, *, late: bool = False) -> Sequence[DailyAnswer]:
        """Return the answers that came in time, or those that came late; first first."""
        rows = _of(daily).where(daily_answers.c.late.is_(late))
        ordered = rows.order_by(daily_answers.c.at, daily_answers.c.person_id)
        return [_answer(row) for row in await self._statements.execute(ordered)]

    async def unsettled(self, daily: int, limit: int) -> Sequence[DailyAnswer]:
        """Return some of the answers in time that are not settled, locked until the transaction ends."""
        rows = _of(daily).where(daily_answers.c.settled.is_(False), daily_answers.c.late.is_(False))
        first = rows.order_by(daily_answers.c.person_id).limit(limit)
        # Not against rows that refer to these people: who locks a roster does so with what this waits for later.
        locked = first.with_for_update(of=[daily_answers, people], key_share=True)
        return [_answer(row) for row in await self._statements.execute(locked)]

    async def settle(self, daily: int, person: int, points: int, serving: int) -> None:
        """Keep what an answer earned, perhaps nothing, and as which serving it counts."""
        mine = (daily_answers.c.daily_id == daily, daily_answers.c.person_id == person)
        settled = update(daily_answers).where(*mine).values(settled=True, points=points, serving_id=serving)
        await self._statements.execute(settled)


def _of(daily: int) -> Select[Any]:
    named = shown_name().label("shown")
    whose = (named, people.c.hidden, people.c.streak, people.c.last_day)
    return (
        select(daily_answers, *whose)
        .join(people, people.c.id == daily_answers.c.person_id)
        .where(daily_answers.c.daily_id == daily)
    )


def _answer(row: Row[Any]) -> DailyAnswer:
    return DailyAnswer(
        person=row.person_id,
        name=row.shown,
        hidden=row.hidden,
        response=row.response,
        score=row.score,
        late=row.late,
        settled=row.settled,
        points=row.points,
        serving=row.serving_id,
        at=row.at,
        streak=row.streak,
    )
