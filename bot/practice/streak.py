"""Streaks: days in a row, in the person's own zone, on which something was answered. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Streak:
    """``days`` in a row up to and with ``last_day``; ``best`` is the longest ever."""

    days: int
    best: int
    last_day: date | None

    def after(self, day: date) -> Streak:
        """Return the streak once something was answered on a local day.

        A day before the last one, as after a flight westwards, changes nothing.
        """
        if self.last_day is not None and day <= self.last_day:
            return self
        goes_on = self.last_day is not None and day - self.last_day == timedelta(days=1)
        days = self.days + 1 if goes_on else 1
        return Streak(days, max(self.best, days), day)

    def now(self, today: date) -> int:
        """Return how long the streak is today: yesterday's still stands, an older one is over."""
        if self.last_day is None or today - self.last_day > timedelta(days=1):
            return 0
        return self.days
