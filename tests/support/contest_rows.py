"""Rows of competitions, written through the port; whatever a test does not care about has a default."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.competing import Between, Competition, Rule, Terms
from bot.ledger import Entry
from bot.persons import Person
from bot.ports import Storage, UnitOfWork
from bot.practice.calendar import Calendar
from bot.practice.paying import pay
from bot.practice.points import Award
from bot.teams import Team
from questions.model import Level
from tests.support import items, rows
from tests.support.world import HOME, MONDAY, STUDY, UTC_ZONE

DAY = timedelta(days=1)
CALENDAR = Calendar(UTC_ZONE)


def terms(**parts: Any) -> Terms:
    """Return terms between teams, from Monday for ten days."""
    return Terms(
        **{
            "name": "Winter Cup",
            "between": Between.TEAMS,
            "rule": Rule.MEAN,
            "topics": (),
            "levels": (),
            "reasons": ("daily", "quiz", "practice"),
            "starts_at": MONDAY,
            "ends_at": MONDAY + 10 * DAY,
            **parts,
        }
    )


async def competition(storage: Storage, *entered: Team | Person, **parts: Any) -> Competition:
    """Keep a competition of Grace's, with its entrants."""
    owner = await rows.enter(storage, "Grace")
    async with storage.transaction() as work:
        number = await work.competitions.add(STUDY, terms(**parts), owner.id, MONDAY)
        for one in entered:
            who = {"team": one.id} if isinstance(one, Team) else {"person": one.id}
            assert await work.competitions.enter(number, MONDAY, **who)
    return await get(storage, number)


async def get(storage: Storage, number: int) -> Competition:
    """Return a competition as it is kept."""
    async with storage.snapshot() as work:
        found = await work.competitions.get(number)
    assert found is not None
    return found


async def team(storage: Storage, name: str, *members: str, emoji: str = "") -> Team:
    """Keep a team, whose first member is its captain."""
    people = [await rows.enter(storage, one) for one in members]
    number = await rows.team(storage, *people, name=name, emoji=emoji)
    async with storage.snapshot() as work:
        found = await work.teams.get(number)
    assert found is not None
    return found


async def begin_due(storage: Storage, now: datetime = MONDAY) -> Sequence[int]:
    """Start what is due, as the errand does."""
    async with storage.transaction() as work:
        await work.standings.lock(HOME)
        return await work.competitions.begin_due(HOME, now)


async def earn(storage: Storage, name: str, points: int = 15, at: datetime = MONDAY, **about: Any) -> Entry:
    """Pay somebody for an answer at an instant, as practice does."""
    person = await rows.enter(storage, name)
    serving = await rows.serve(storage, person)
    async with storage.transaction() as work:
        await work.people.latch(person.id)
        await earn_within(work, person.id, serving, points, at, **about)
        paid = await work.ledger.paid_for(serving)
    assert paid is not None
    return paid


async def earn_within(
    work: UnitOfWork,
    person: int,
    serving: int,
    points: int,
    at: datetime,
    *,
    reason: str = "practice",
    topic: str = "ml",
    level: Level = Level.MEDIUM,
) -> None:
    """Pay somebody in a transaction."""
    await pay(
        work,
        CALENDAR,
        Award(points, "right"),
        person=person,
        workspace=HOME,
        reason=reason,
        question=items.truth(id=f"{topic}-truth", subtopic=f"{topic.upper()}1", level=level),
        serving=serving,
        day=CALENDAR.day(at),
        counted_on=CALENDAR.day(at),
        at=at,
        now=at,
    )


async def scores(storage: Storage, of: Competition) -> dict[str, int]:
    """Return what each on the roster has earned, by name."""
    async with storage.snapshot() as work:
        return {one.name: one.points for one in await work.competitions.scores(of)}
