"""Streaks: days on which something was answered, with freezes for those that were missed. Pure."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)
EARNS = 7
"""Counted days of a streak after which there is another freeze."""
MOST_FREEZES = 2


@dataclass(frozen=True, slots=True)
class Streak:
    """``days`` counted without a break, as of ``last_day``; ``best`` is the longest ever, ``freezes`` are held."""

    days: int
    best: int
    freezes: int
    last_day: date | None

    def counted(self, day: date) -> Streak:
        """Return the streak once a day is counted."""
        days = self.days + 1
        freezes = min(self.freezes + 1, MOST_FREEZES) if days % EARNS == 0 else self.freezes
        return Streak(days, max(self.best, days), freezes, day)

    def missed(self, day: date) -> Streak:
        """Return the streak once a day is missed: a freeze goes, or with none left the streak."""
        if self.freezes:
            return Streak(self.days, self.best, self.freezes - 1, day)
        return Streak(0, self.best, 0, day)

    def idle(self, day: date) -> Streak:
        """Return the streak once a day went by that neither counts nor is missed."""
        return Streak(self.days, self.best, self.freezes, day)


def advance(
    streak: Streak, counted: AbstractSet[date], excused: AbstractSet[date], owed: AbstractSet[date], through: date
) -> Streak:
    """Return the streak as of a later day; of the days between, those are missed that are owed and not excused."""
    if streak.last_day is None:
        return streak
    day = streak.last_day
    while day < through:
        day += DAY
        if day in counted:
            streak = streak.counted(day)
        elif streak.days and day in owed and day not in excused:
            streak = streak.missed(day)
        else:
            streak = streak.idle(day)
    return streak
