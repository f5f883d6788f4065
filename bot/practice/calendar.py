"""Days, weeks, months and seasons as keys: pure."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.persons import Person
from bot.zones import resolve

ALL = "all"
DAY = timedelta(days=1)
TOO_SHORT = timedelta(hours=12)
"""A first date in a new zone of which less than this is left is excused: whoever answers twice a day may miss it."""
FURTHEST_AHEAD = timedelta(hours=14)
"""How far the zones that are ahead most are ahead of UTC."""


class Season(StrEnum):
    """How long a question that was answered right pays nothing more."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Calendar:
    """When days, weeks, months and seasons change in a workspace."""

    zone: ZoneInfo
    season: Season = Season.MONTH

    def day(self, at: datetime) -> date:
        """Return the workspace's date."""
        return at.astimezone(self.zone).date()

    def day_of(self, person: Person, at: datetime) -> date:
        """Return the date in the zone a person chose, else in their platform's, else in the workspace's.

        After a move it is that of the old zone until that zone's next midnight, and it never goes back.
        """
        moves_at = self.moves_at(person)
        zone = self.zone_of(person) if moves_at is None or at >= moves_at else self._zone_before(person)
        day = at.astimezone(zone).date()
        return day if person.day_floor is None else max(day, person.day_floor)

    def beginning(self, person: Person, day: date) -> datetime:
        """Return when a day of a person's began, in UTC; at the first midnight where there are two.

        Of the day on which they moved, which may have begun by any zone, the earliest at which it can have.
        """
        if day == person.day_floor:
            return datetime.combine(day, time(), UTC) - FURTHEST_AHEAD
        began, moves_at = resolve(day, time(), self.zone_of(person)), self.moves_at(person)
        return began if moves_at is None else max(began, moves_at)

    def zone_of(self, person: Person) -> ZoneInfo:
        """Return the zone a person lives in as far as is known."""
        return _zone(person.zone) or _zone(person.platform_zone) or self.zone

    def moves_at(self, person: Person) -> datetime | None:
        """Return when a person's days begin to go by their zone of now, in UTC; None if they never moved."""
        if person.zone_changed_at is None:
            return None
        before = self._zone_before(person)
        return resolve(person.zone_changed_at.astimezone(before).date() + DAY, time(), before)

    def moved(
        self, person: Person, now: datetime, *, zone: str | None = None, platform_zone: str | None = None
    ) -> Person:
        """Return a person with the zone that they chose or that their platform reports."""
        chosen = person.zone if zone is None else zone
        reported = person.platform_zone if platform_zone is None else platform_zone
        after, moves_at = replace(person, zone=chosen, platform_zone=reported), self.moves_at(person)
        under_way = moves_at is not None and now < moves_at  # the old zone's day still goes on: only the target changes
        if under_way or self.zone_of(after).key == self.zone_of(person).key:
            return after
        before = _zone(person.zone) or _zone(person.platform_zone)
        return replace(
            after,
            zone_before="" if before is None else before.key,
            zone_changed_at=now,
            day_floor=self.day_of(person, now),
        )

    def excused(self, person: Person) -> frozenset[date]:
        """Return the dates that a person's move skips, and the first one in the new zone if little is left of it."""
        moves_at, last = self.moves_at(person), person.day_floor
        if moves_at is None or last is None:
            return frozenset()
        zone = self.zone_of(person)
        first = max(moves_at.astimezone(zone).date(), last)
        short = first > last and resolve(first + DAY, time(), zone) - moves_at < TOO_SHORT
        ahead = (first - last).days + (1 if short else 0)
        return frozenset(last + days * DAY for days in range(1, ahead))

    def _zone_before(self, person: Person) -> ZoneInfo:
        return _zone(person.zone_before) or self.zone

    def season_of(self, day: date) -> str:
        """Return the key of a day's season: ``2026-11``, ``2026-Q4`` or ``2026``."""
        match self.season:
            case Season.MONTH:
                return month_of(day)
            case Season.QUARTER:
                return f"{day.year}-Q{(day.month + 2) // 3}"
            case Season.YEAR:
                return str(day.year)

    def periods(self, day: date) -> tuple[str, ...]:
        """Return the key of every period in which points of that day count."""
        return tuple(dict.fromkeys((ALL, month_of(day), week_of(day), str(day), self.season_of(day))))

    def boards(self, day: date, topic: str) -> tuple[str, ...]:
        """Return the key of every board on which points of that day and topic count."""
        periods = self.periods(day)
        return (*periods, *(on_topic(period, topic) for period in periods))

    def season_end(self, at: datetime) -> datetime:
        """Return when the season of an instant ends, in UTC."""
        day = self.day(at).replace(day=1)
        season = self.season_of(day)
        while self.season_of(day) == season:
            day = (day + timedelta(days=31)).replace(day=1)
        return self._midnight(day)

    def next_day(self, at: datetime) -> datetime:
        """Return when the day's board starts anew, in UTC."""
        return self._midnight(self.day(at) + DAY)

    def next_week(self, at: datetime) -> datetime:
        """Return when the week's board starts anew, in UTC."""
        day = self.day(at)
        return self._midnight(day + timedelta(days=7 - day.weekday()))

    def next_month(self, at: datetime) -> datetime:
        """Return when the month's board starts anew, in UTC."""
        day = self.day(at)
        return self._midnight((day.replace(day=28) + timedelta(days=4)).replace(day=1))

    def _midnight(self, day: date) -> datetime:
        return resolve(day, time(), self.zone)


def month_of(day: date) -> str:
    """Return the key of a day's month: ``2026-11``."""
    return f"{day.year}-{day.month:02}"


def on_topic(period: str, topic: str) -> str:
    """Return the key of a period's board for one topic alone: ``2026-11/cn``; without a topic that for all."""
    return f"{period}/{topic.lower()}" if topic else period


def week_of(day: date) -> str:
    """Return the key of a day's ISO week, Monday to Sunday: ``2026-W48``."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def _zone(name: str) -> ZoneInfo | None:
    with suppress(ValueError, ZoneInfoNotFoundError, OSError):
        return ZoneInfo(name)
    return None
