"""Scores and names in words, for what is written in pictures and for their alternative texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.markup import visible
from bot.message import ALT

_NAME = 40
"""Characters of a name or detail that an alternative text has."""


def has_tenths(scores: Iterable[int]) -> bool:
    """Tell whether some of the scores, in thousandths, is not whole: then all are written with one decimal."""
    return any(score % 1000 for score in scores)


def score_text(score: int, *, tenths: bool) -> str:
    """Return a score, given in thousandths, rounded half away from zero to whole numbers or to one decimal."""
    unit = 100 if tenths else 1000
    rounded = (abs(score) + unit // 2) // unit
    sign = "-" if score < 0 and rounded else ""
    return f"{sign}{rounded // 10}.{rounded % 10}" if tenths else f"{sign}{rounded}"


def short(typed: str, instead: str = "") -> str:
    """Return typed text on one line, cut to what an alternative text has; ``instead`` where nothing of it shows."""
    seen = visible(typed)
    return (seen if len(seen) <= _NAME else f"{seen[: _NAME - 1].rstrip()}…") or instead


def listed(parts: Sequence[str], most: int = ALT) -> str:
    """Return parts with commas and a full stop, at most so many characters: "and 4 more" for those without room."""
    for kept in range(len(parts), 0, -1):
        more = f" and {len(parts) - kept} more" if kept < len(parts) else ""
        told = f"{', '.join(parts[:kept])}{more}."
        if len(told) <= most:
            return told
    return f"{len(parts)}."
