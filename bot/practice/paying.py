"""Pay what an answer earned: on the boards of its day and topic, for its team, and in competitions that count it."""

from __future__ import annotations

from datetime import date, datetime

from bot.ports import UnitOfWork
from bot.practice.calendar import Calendar
from bot.practice.points import Award
from bot.refs import WorkspaceRef
from questions.model import Question


async def pay(
    work: UnitOfWork,
    calendar: Calendar,
    award: Award,
    *,
    person: int,
    workspace: WorkspaceRef,
    reason: str,
    question: Question,
    serving: int,
    day: date,
    counted_on: date,
    at: datetime,
    now: datetime,
) -> None:
    """Write the points of an award, if there are any; the person is locked already.

    ``day`` is the person's day, to which daily limits refer, ``counted_on`` the one by which boards count them. Whether
    competitions do is decided by ``at``, the instant at which they were earned.
    """
    if not award.points:
        return
    await work.standings.lock(workspace)
    await work.competitions.begin_due(workspace, now)
    team = await work.teams.of(workspace, person)
    competitions = await work.competitions.counting(workspace, person)
    await work.ledger.award(
        person=person,
        workspace=workspace,
        points=award.points,
        reason=reason,
        question=question.id,
        note=award.why,
        season=calendar.season_of(counted_on),
        day=day,
        periods=calendar.boards(counted_on, question.topic),
        serving=serving,
        now=now,
        team=None if team is None else team.id,
        contests=[
            key
            for one in competitions
            if one.counts(reason, question.topic, question.level, at)
            for key in one.keys(at)
        ],
    )
