"""Days, weeks, months and seasons as keys: pure."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.ports import Person

ALL = "all"


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
        """Return the date in the zone a person chose, else in their platform's, else in the workspace's."""
        return at.astimezone(self.zone_of(person)).date()

    def beginning(self, person: Person, day: date) -> datetime:
        """Return when a day of a person's began, in UTC; at the first midnight where there are two."""
        return datetime.combine(day, time.min, self.zone_of(person)).astimezone(UTC)

    def zone_of(self, person: Person) -> ZoneInfo:
        """Return the zone a person lives in as far as is known."""
        for name in (person.zone, person.platform_zone):
            with suppress(ValueError, ZoneInfoNotFoundError, OSError):
                return ZoneInfo(name)
        return self.zone

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
        """Return the key of every board on which points of that day count."""
        return (ALL, month_of(day), week_of(day))

    def next_week(self, at: datetime) -> datetime:
        """Return when the week's board starts anew, in UTC."""
        day = self.day(at)
        return self._midnight(day + timedelta(days=7 - day.weekday()))

    def next_month(self, at: datetime) -> datetime:
        """Return when the month's board starts anew, in UTC."""
        day = self.day(at)
        return self._midnight((day.replace(day=28) + timedelta(days=4)).replace(day=1))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=self.zone).astimezone(UTC)


def month_of(day: date) -> str:
    """Return the key of a day's month: ``2026-11``."""
    return f"{day.year}-{day.month:02}"


def week_of(day: date) -> str:
    """Return the key of a day's ISO week, Monday to Sunday: ``2026-W48``."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"
