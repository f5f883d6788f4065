"""A person's streak on the database: counting a day, showing it, and the moves that change whose day it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.persons import Days, Person
from bot.ports import UnitOfWork
from bot.practice.calendar import Calendar
from bot.practice.streak import DAY, Streak, advance
from bot.refs import Actor, WorkspaceRef
from bot.zones import exists

SETTLED = timedelta(days=17)
"""How old a base is when it is set: an answer comes at most 7 days after a close, that at most 7 after the post."""
OLDEST_BASE = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Outlook:
    """A streak as it stands, whether today is ``done``, and the days before it that are ``open``."""

    streak: Streak
    done: bool
    open: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class _Record:
    """What is known of the days after one: those of the person, and on which of them they were asked."""

    days: Days
    owed: frozenset[date]

    def fold(self, streak: Streak, through: date) -> Streak:
        """Return a streak as of a later day."""
        return advance(streak, self.days.counted, self.days.excused, self.owed, through)


async def enter(work: UnitOfWork, actor: Actor, now: datetime, calendar: Calendar) -> Person:
    """Return the actor's person, locked until the transaction ends, and moved if their platform's zone is news."""
    person = await work.people.enter(actor, now)
    if not actor.zone or actor.zone == person.platform_zone:
        return person
    return await move(work, calendar.moved(person, now, platform_zone=actor.zone), calendar)


async def move(work: UnitOfWork, person: Person, calendar: Calendar) -> Person:
    """Keep the zone of a person who moved, with the days that the move excuses, and return them."""
    await work.people.keep_zone(person, calendar.excused(person))
    return person


async def count(
    work: UnitOfWork, person: Person, day: date, now: datetime, calendar: Calendar, workspace: WorkspaceRef
) -> tuple[Streak, bool]:
    """Count an answer for a day: the person's own, or the date of a question of the day.

    Return the streak as it stands then, and whether it grew or a missed day was restored. The person is one who
    entered in this transaction, and is stale afterwards.
    """
    here = person if workspace.personal else replace(person, study=workspace.key)
    too_old = person.base_day is not None and day <= person.base_day
    if day == person.last_day or too_old or not await work.people.add_day(person.id, day):
        if here != person:
            await work.people.keep_streak(here)
        return await current(work, here, now, calendar), False
    today, kept = calendar.day_of(person, now), _kept(person)
    if kept.last_day is None:
        here, kept = _begun(here, day, today)
    assert kept.last_day is not None
    late, base = day < kept.last_day, _base(here)
    base_is_old = base.last_day is not None and today - base.last_day > OLDEST_BASE
    since = (base.last_day if late or base_is_old else None) or kept.last_day
    if not late and since == day - DAY and today <= day:
        record = _Record(Days(counted=frozenset({day})), frozenset())
    else:
        # A gap was owed where the person studied until now; a day that is restored is one of where they answer.
        record = await _record(work, here if late or not person.study else person, since, today, calendar)
    after = _restored(kept, base, record) if late else record.fold(kept, _settled(kept, record, today))
    if base_is_old:
        base = _rebased(base, after, record, min(today - SETTLED, after.last_day or today))
    await work.people.keep_streak(_keeping(here, after, base))
    grew = not late or (after.days, after.freezes) > (kept.days, kept.freezes)
    return record.fold(after, max(day, today)), grew


async def current(work: UnitOfWork, person: Person, now: datetime, calendar: Calendar) -> Streak:
    """Return a person's streak as it stands, less what was missed since it was kept; writes nothing."""
    kept, today = _kept(person), calendar.day_of(person, now)
    if kept.last_day is None or kept.last_day >= today:
        return kept
    return (await _record(work, person, kept.last_day, today, calendar)).fold(kept, today)


async def outlook(work: UnitOfWork, person: Person, now: datetime, calendar: Calendar) -> Outlook:
    """Return a person's streak as it stands and what can be done for it; writes nothing."""
    kept, today = _kept(person), calendar.day_of(person, now)
    if kept.last_day is None:
        return Outlook(kept, done=False, open=())
    record = await _record(work, person, min(kept.last_day, today - SETTLED), today, calendar)
    streak = record.fold(kept, today)
    done = today in (*record.days.counted, kept.last_day)
    too_old = person.base_day or date.min
    return Outlook(streak, done, tuple(sorted(day for day in record.days.open if too_old < day < today)))


async def _record(work: UnitOfWork, person: Person, since: date, today: date, calendar: Calendar) -> _Record:
    """Read the days after one. A day that is not over yet is not owed; nor is one that a zone leaves out."""
    days = await work.people.days(person, since)
    asked = await work.dailies.owed(WorkspaceRef.of(person.study), since) if person.study else None
    if asked is not None and asked.ever:
        return _Record(days, frozenset(day for day in asked.days if day < today))
    zone = calendar.zone_of(person)
    over = (since + number * DAY for number in range(1, (today - since).days))
    return _Record(days, frozenset(day for day in over if exists(day, zone)))


def _settled(kept: Streak, record: _Record, today: date) -> date:
    """Return the last counted day before which nothing changes any more but by a late answer.

    A day whose question is still open when a later one is counted may be missed yet: the streak is kept as of before.
    """
    assert kept.last_day is not None
    settled = kept.last_day
    for day in sorted(each for each in record.days.counted if each > settled):
        between = (settled + number * DAY for number in range(1, (day - settled).days))
        if any(each not in record.days.excused and (each >= today or each in record.days.open) for each in between):
            break
        settled = day
    return settled


def _restored(kept: Streak, base: Streak, record: _Record) -> Streak:
    """Return the streak as of the same day with an earlier day counted; an answer never shortens it.

    It might, where the person has studied elsewhere since, with other days owed.
    """
    assert kept.last_day is not None
    again = record.fold(base, kept.last_day)
    best = max(kept.best, again.best)
    return replace(max(kept, again, key=lambda streak: (streak.days, streak.freezes)), best=best)


def _rebased(base: Streak, after: Streak, record: _Record, day: date) -> Streak:
    """Return the base as of a later day; where the streak stood then already, it is as long as that says."""
    later = sum(day < each <= after.last_day for each in record.days.counted) if after.last_day else 0
    moved = record.fold(base, day)
    return replace(moved, days=max(moved.days, after.days - later))


def _begun(person: Person, day: date, today: date) -> tuple[Person, Streak]:
    """Return a person before their first answer: with a base before which no answer can come any more."""
    before = day - DAY
    return replace(person, base_day=min(before, today - SETTLED)), Streak(0, person.best_streak, 0, before)


def _kept(person: Person) -> Streak:
    return Streak(person.streak, person.best_streak, person.freezes, person.last_day)


def _base(person: Person) -> Streak:
    return Streak(person.base_streak, person.base_streak, person.base_freezes, person.base_day)


def _keeping(person: Person, streak: Streak, base: Streak) -> Person:
    return replace(
        person,
        streak=streak.days,
        best_streak=streak.best,
        freezes=streak.freezes,
        last_day=streak.last_day,
        base_streak=base.days,
        base_freezes=base.freezes,
        base_day=base.last_day,
    )
