"""When a question of the day is due: wall-clock times in an IANA zone as instants, pure.

One post for each scheduled local date, whatever the clock does that day. A time that occurs twice means its first
occurrence; one that does not occur moves forward by the length of the gap (PEP 495, with fold 0), so that 02:30 becomes
03:30 and a midnight that does not exist 01:00. A date that the zone skipped whole is no date.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.zones import exists, resolve

DAY = timedelta(days=1)
SEARCHED = 800
"""Days ahead in which a next post is looked for: holidays may cover the rest of two years."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``first`` to ``last``, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Timetable:
    """On which dates a post is due, and when; ``weekdays`` count from Monday as 0."""

    at: time
    zone: ZoneInfo
    weekdays: frozenset[int]
    holidays: tuple[Span, ...] = ()
    start: date = date.min

    def takes(self, day: date) -> bool:
        """Tell whether a post is due on a date."""
        scheduled = day >= self.start and day.weekday() in self.weekdays
        return scheduled and not any(day in span for span in self.holidays) and exists(day, self.zone)

    def due(self, day: date) -> datetime:
        """Return when a date's post is due, in UTC."""
        return resolve(day, self.at, self.zone)

    def after(self, day: date) -> date | None:
        """Return the first date after another on which a post is due; None where none is in sight."""
        return next((later for later in self._days(day + DAY) if self.takes(later)), None)

    def upcoming(self, now: datetime) -> date | None:
        """Return the first date whose post is not due yet at an instant."""
        # A gap can move a post past midnight, so that yesterday's may still be ahead.
        today = now.astimezone(self.zone).date()
        return next((day for day in self._days(today - DAY) if self.takes(day) and self.due(day) > now), None)

    def _days(self, first: date) -> Iterator[date]:
        first = max(first, self.start)
        return (first + timedelta(days=ahead) for ahead in range(SEARCHED))
