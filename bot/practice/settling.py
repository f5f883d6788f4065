"""A sealed answer becomes what any answer is: a row of history, sums, and perhaps points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.ports import UnitOfWork
from bot.practice.calendar import Calendar
from bot.practice.paying import pay
from bot.practice.points import Award
from bot.practice.responses import Graded
from bot.refs import WorkspaceRef
from questions.model import Question
from questions.statistics import picked


@dataclass(frozen=True, slots=True)
class Sealed:
    """An answer to a question that many were asked at once; its points count for ``day``, and were earned ``at``.

    ``reason`` and ``note`` say in the ledger what it was.
    """

    workspace: WorkspaceRef
    question: Question
    seed: int
    order: Sequence[int]
    person: int
    graded: Graded
    reason: str
    note: str
    day: date
    at: datetime


async def paid_before(work: UnitOfWork, calendar: Calendar, sealed: Sealed) -> int:
    """Return what the question has paid this person for the same reason in the season."""
    season = calendar.season_of(sealed.day)
    return await work.ledger.paid(sealed.person, sealed.question.id, season, sealed.reason)


async def settle(work: UnitOfWork, calendar: Calendar, sealed: Sealed, earned: Award, now: datetime) -> int:
    """Keep an answer as answered, with the points that it earned, and return the serving that it is now."""
    question, graded = sealed.question, sealed.graded
    serving = await work.servings.add(
        person=sealed.person,
        workspace=sealed.workspace,
        question=question.id,
        revision=question.revision,
        wanted="__",
        order=sealed.order,
        now=now,
        seed=sealed.seed,
    )
    await work.servings.close(
        serving,
        sealed.person,
        expected="open",
        state="answered",
        response=graded.response,
        score=graded.grade.thousandths,
        now=now,
    )
    await work.item_stats.add(
        person=sealed.person,
        question=question.id,
        revision="" if sealed.seed else question.revision,
        chosen=picked(question, graded.response),
        score=graded.grade.thousandths,
    )
    await work.servings.count(sealed.person, question.topic, graded.grade.thousandths)
    await pay(
        work,
        calendar,
        replace(earned, why=f"{earned.why}, {sealed.note}"),
        person=sealed.person,
        workspace=sealed.workspace,
        reason=sealed.reason,
        question=question,
        serving=serving,
        day=sealed.day,
        counted_on=sealed.day,
        at=sealed.at,
        now=now,
    )
    return serving
