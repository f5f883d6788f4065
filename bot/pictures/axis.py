"""Where scores and times are in a picture of lines: round levels, the frame of the plot, labels moved apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

_STEPS = 5
"""The most steps of the axis."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The plot in pixels of the picture, the score at its lower and upper edge, and how many points its width has."""

    left: float
    right: float
    top: float
    bottom: float
    low: int
    high: int
    points: int

    def x(self, point: int) -> float:
        """Return where a point of time is."""
        return self.left + (self.right - self.left) * point / max(1, self.points - 1)

    def y(self, score: float) -> float:
        """Return where a score is."""
        return self.bottom - (self.bottom - self.top) * (score - self.low) / (self.high - self.low)


def levels(scores: Sequence[int]) -> list[int]:
    """Return two to six round scores, in thousandths, from the lowest or 0 to the highest or 0, or beyond."""
    low, high = min(0, *scores), max(0, *scores)
    if low == high:
        return [0, 1000]
    for power in count(2):
        for digit in (1, 2, 5):
            step = digit * 10**power
            first, last = low // step, -(-high // step)
            if last - first <= _STEPS and (step >= 1000 or any(score % 1000 for score in scores)):
                return [step * level for level in range(first, last + 1)]
    raise AssertionError


def moved_apart(wanted: Sequence[float], pitch: float, top: float, bottom: float) -> list[float]:
    """Return places near the wanted ones, at least ``pitch`` apart where there is room, none outside of the ends."""
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    blocks: list[tuple[float, int]] = []  # where a row of labels that touch begins, and how many they are
    for at in order:
        start, size = wanted[at], 1
        while blocks and blocks[-1][0] + blocks[-1][1] * pitch > start:
            before, many = blocks.pop()
            start, size = (before * many + (start - many * pitch) * size) / (many + size), many + size
        blocks.append((start, size))
    places = [start + row * pitch for start, size in blocks for row in range(size)]
    for row, place in enumerate(places):
        places[row] = max(place, top if row == 0 else places[row - 1] + pitch)
    for row in reversed(range(len(places))):
        places[row] = min(places[row], bottom if row == len(places) - 1 else places[row + 1] - pitch)
    found = dict(zip(order, places, strict=True))
    return [found[at] for at in range(len(wanted))]
