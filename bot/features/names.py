"""How people are named in messages for all: escaped, cut, and not those who hide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.ledger import THOUSANDTHS
from bot.markup import escape, visible

NAMES = 12
"""People that a post names."""
NAME = 32
"""Characters of a name that are shown, so that a few names never fill a message."""


class Named(Protocol):
    """Somebody with a name, who may hide."""

    @property
    def name(self) -> str:
        """Return the name as they chose it."""
        ...

    @property
    def hidden(self) -> bool:
        """Tell whether they hide."""
        ...


def short_name(name: str) -> str:
    """Return a name as markup, cut where it is very long."""
    shown = visible(name)
    return escape(shown if len(shown) <= NAME else f"{shown[: NAME - 1].rstrip()}…") or "somebody"


def named(people: Sequence[Named], most: int = NAMES) -> str:
    """Return the names of people, of whom those who hide are only counted."""
    shown = [short_name(person.name) for person in [person for person in people if not person.hidden][:most]]
    more = len(people) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more and shown else f"{more}" if more else "")


def counted(people: Sequence[Named]) -> str:
    """Return how many people there are, and their names where any is shown."""
    if not people:
        return "Nobody yet"
    names = named(people)
    return f"{len(people)}" if names == str(len(people)) else f"{len(people)}: {names}"


def mean_text(mean: int) -> str:
    """Return a mean in thousandths with one decimal, such as ``41.7 per member``."""
    return f"{mean / THOUSANDTHS:.1f} per member"


def points_text(points: int) -> str:
    """Return a number of points."""
    return "1 point" if points == 1 else f"{points} points"
