"""An answer to a question of the day becomes what any answer is: a row of history, sums, and perhaps points."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime

from bot.daily.asked import Asked
from bot.ports import UnitOfWork
from bot.practice.calendar import Calendar
from bot.practice.paying import pay
from bot.practice.points import Award, award
from bot.practice.responses import Graded
from questions.statistics import picked

REASON = "daily"
LATE = Award(0, "it came after the close")


async def settle(
    work: UnitOfWork, calendar: Calendar, asked: Asked, person: int, graded: Graded, now: datetime, *, late: bool
) -> tuple[int, Award]:
    """Keep an answer as answered and return the serving that it is now, and what it earned; late ones earn nothing.

    A question of the day pays whatever practice paid for the question before, but once a season.
    """
    daily, question = asked.daily, asked.question
    workspace = daily.channel.workspace
    serving = await work.servings.add(
        person=person,
        workspace=workspace,
        question=question.id,
        revision=question.revision,
        wanted="__",
        order=daily.order,
        now=now,
        seed=daily.seed,
    )
    await work.servings.close(
        serving,
        person,
        expected="open",
        state="answered",
        response=graded.response,
        score=graded.grade.thousandths,
        now=now,
    )
    await work.item_stats.add(
        person=person,
        question=question.id,
        revision="" if daily.seed else question.revision,
        chosen=picked(question, graded.response),
        score=graded.grade.thousandths,
    )
    await work.servings.count(person, question.topic, graded.grade.thousandths)
    if late:
        return serving, LATE
    season = calendar.season_of(daily.day)
    earned = award(
        question.level,
        graded.grade.credit,
        hinted=False,
        paid=await work.ledger.paid(person, question.id, season, REASON),
        today=0,
        cap=sys.maxsize,
    )
    await pay(
        work,
        calendar,
        replace(earned, why=f"{earned.why}, on {daily.day}"),
        person=person,
        workspace=workspace,
        reason=REASON,
        question=question,
        serving=serving,
        day=daily.day,
        counted_on=daily.day,
        at=daily.closes_at,
        now=now,
    )
    return serving, earned
