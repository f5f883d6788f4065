"""Which question comes next: pure, and the same for the same random numbers."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime

from questions.model import OneBest, Ordered, Question, SelectAll


def draw(pool: Sequence[Question], last_seen: Mapping[str, datetime], chance: random.Random) -> Question | None:
    """Return a question that was never seen, by chance; else the one that was seen longest ago; None without a pool."""
    unseen = [question for question in pool if question.id not in last_seen]
    if unseen:
        return chance.choice(unseen)
    return min(pool, key=lambda question: (last_seen[question.id], question.id), default=None)


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
