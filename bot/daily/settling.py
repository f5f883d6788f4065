"""An answer to a question of the day is settled: kept as what any answer is, and paid unless it came late."""

from __future__ import annotations

import sys
from datetime import datetime

from bot.daily.asked import Asked
from bot.ports import UnitOfWork
from bot.practice import settling
from bot.practice.calendar import Calendar
from bot.practice.points import Award, award
from bot.practice.responses import Graded
from bot.practice.settling import Sealed, paid_before

REASON = "daily"
LATE = Award(0, "it came after the close")


async def settle(
    work: UnitOfWork, calendar: Calendar, asked: Asked, person: int, graded: Graded, now: datetime, *, late: bool
) -> tuple[int, Award]:
    """Keep an answer as answered and return the serving that it is now, and what it earned; late ones earn nothing.

    A question of the day pays whatever practice paid for the question before, but once a season.
    """
    daily, question = asked.daily, asked.question
    sealed = Sealed(
        daily.channel.workspace, question, daily.seed, daily.order, person, graded, REASON, f"on {daily.day}",
        day=daily.day, at=daily.closes_at,
    )  # fmt: skip
    earned = LATE
    if not late:
        paid = await paid_before(work, calendar, sealed)
        earned = award(question.level, graded.grade.credit, hinted=False, paid=paid, today=0, cap=sys.maxsize)
    return await settling.settle(work, calendar, sealed, earned, now), earned
