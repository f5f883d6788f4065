"""The port of people: who practises, what they chose, and on which days they did something."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.refs import Actor, UserRef


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who practises. ``shown_name`` and ``zone`` are what they chose themselves, or empty.

    ``streak`` and ``freezes`` are as of ``last_day``, those of the base as of ``base_day``, before which no answer
    counts any more. ``study`` is the key of the workspace in which they answered last. ``zone_before`` is the zone by
    which their day goes on after a move at ``zone_changed_at`` (empty: the workspace's), ``day_floor`` their day then.
    """

    id: int
    name: str
    shown_name: str
    hidden: bool
    zone: str
    platform_zone: str
    streak: int
    best_streak: int
    last_day: date | None
    freezes: int = 0
    base_streak: int = 0
    base_freezes: int = 0
    base_day: date | None = None
    study: str = ""
    reminders: bool = False
    zone_before: str = ""
    zone_changed_at: datetime | None = None
    day_floor: date | None = None

    @property
    def board_name(self) -> str:
        """Return the name that boards show."""
        return self.shown_name or self.name


@dataclass(frozen=True, slots=True)
class Days:
    """Days of a person's: ``counted`` with an answer, ``excused`` because a move skipped them.

    ``open`` are those without an answer whose question of the day still takes one.
    """

    counted: frozenset[date] = frozenset()
    excused: frozenset[date] = frozenset()
    open: frozenset[date] = frozenset()


class People(Protocol):
    """Who practises."""

    async def enter(self, actor: Actor, now: datetime) -> Person:
        """Return the actor's person, made or renamed as needed, and locked until the transaction ends.

        The zone that the platform reports is kept of somebody new alone: of others it is a move, which has its rules.
        """
        ...

    async def find(self, actor: Actor) -> Person | None:
        """Return the actor's person if they ever did anything."""
        ...

    async def find_user(self, user: UserRef) -> Person | None:
        """Return the person at an address if they ever did anything."""
        ...

    async def addresses(self, persons: Collection[int]) -> Mapping[int, UserRef]:
        """Return the address of each of some people who is not hidden."""
        ...

    async def latch(self, person: int) -> Person | None:
        """Return a person, locked until the transaction ends."""
        ...

    async def set_profile(self, person: int, *, shown_name: str, zone: str, hidden: bool) -> None:
        """Keep what a person chose, and hide or show their rows on all boards."""
        ...

    async def set_reminders(self, person: int, *, wanted: bool) -> None:
        """Keep whether a person wants to be reminded."""
        ...

    async def keep_streak(self, person: Person) -> None:
        """Keep the person's streak with its base, and where they study."""
        ...

    async def keep_zone(self, person: Person, excused: Collection[date]) -> None:
        """Keep where a person lives and their move; of the days after its floor these alone are excused."""
        ...

    async def add_day(self, person: int, day: date) -> bool:
        """Count a day with an answer; false if it was counted already."""
        ...

    async def days(self, person: Person, since: date) -> Days:
        """Return a person's days after a date; those that are open where they study."""
        ...
