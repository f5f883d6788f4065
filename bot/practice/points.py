"""What an answer earns: pure, and always with its reason in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from questions.model import Level

VALUE = {Level.EASY: 10, Level.MEDIUM: 15, Level.HARD: 20}
"""Points of a right answer."""
HINT = {Level.EASY: 3, Level.MEDIUM: 5, Level.HARD: 6}
"""What a hint takes off, about a third."""


@dataclass(frozen=True, slots=True)
class Award:
    """Points, perhaps none, and why in plain words."""

    points: int
    why: str


def worth(level: Level, *, hinted: bool) -> int:
    """Return what a right answer would earn."""
    return VALUE[level] - (HINT[level] if hinted else 0)


def award(level: Level, credit: Fraction, *, hinted: bool, paid: int, today: int, cap: int) -> Award:
    """Return what an answer earns.

    A question pays at most its value in a season: ``paid`` is what it has paid this person already, so only the first
    right answer pays in full. ``today`` is what practice has paid on this person's day, ``cap`` the most it may.
    """
    if credit == 0:
        return Award(0, "a wrong answer costs nothing and earns nothing")
    earned = math.floor(worth(level, hinted=hinted) * credit)
    if earned == 0:
        return Award(0, f"{round(credit * 100)} % right comes to less than a point")
    due = earned - paid
    if due <= 0:
        return Award(0, "this question has already paid you this season")
    points = min(due, max(cap - today, 0))
    if points == 0:
        return Award(0, f"you have today's {cap} practice points, the daily limit")
    reasons = ["right" if credit == 1 else f"{round(credit * 100)} % right"]
    if hinted:
        reasons.append("with a hint")
    if paid:
        reasons.append(f"{paid} paid before")
    if points < due:
        reasons.append(f"cut to the daily limit of {cap}")
    return Award(points, ", ".join(reasons))
