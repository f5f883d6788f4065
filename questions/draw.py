"""Which question comes next: pure, and the same for the same random numbers."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from questions.generate.family import Family
from questions.model import OneBest, Ordered, Question, SelectAll


def draw(
    pool: Sequence[Question | Family[Any]], last_seen: Mapping[str, datetime], chance: random.Random, today: datetime
) -> Question | Family[Any] | None:
    """Return a question that was never seen, by chance; else the one that was seen longest ago; None without a pool.

    A family that was not seen since ``today`` began has other numbers now, so that it was never seen like that.
    """
    unseen = [one for one in pool if one.id not in last_seen or (isinstance(one, Family) and last_seen[one.id] < today)]
    if unseen:
        return chance.choice(unseen)
    return min(pool, key=lambda one: (last_seen[one.id], one.id), default=None)


def seed_of(family: str, person: int, day: date) -> int:
    """Return the seed with which a person's questions of a family are drawn on a day: 63 bits of a hash."""
    return int.from_bytes(hashlib.sha256(f"{family}:{person}:{day}".encode()).digest()[:8], "big") >> 1


def shown_order(question: Question, chance: random.Random) -> tuple[int, ...]:
    """Return the authored positions of options or steps in the order to show; empty where there are none.

    Steps are never shown in their right order.
    """
    match question:
        case OneBest() | SelectAll():
            places = list(range(len(question.options)))
            if question.shuffle:
                chance.shuffle(places)
            return tuple(places)
        case Ordered():
            places = list(range(len(question.steps)))
            while places == sorted(places):
                chance.shuffle(places)
            return tuple(places)
        case _:
            return ()
