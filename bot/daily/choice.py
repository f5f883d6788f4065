"""Which question a schedule posts: pure, and the same whenever it is asked for the same date and the same past."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from questions.generate.family import Family
from questions.model import FreeText, Level, Question

Candidate: TypeAlias = Question | Family[Any]
LOW = 7
"""Unused questions with which a pool runs low: a week of daily posts."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A question to post; ``left`` of the ``pool`` were never posted in the channel, this one included.

    ``queued`` if a moderator asked for it.
    """

    question: Candidate
    left: int
    pool: int
    queued: bool

    @property
    def low(self) -> bool:
        """Tell whether the pool runs low."""
        return self.left < LOW


def postable(question: Candidate) -> bool:
    """Tell whether a question can be one of the day: what people grade themselves cannot be revealed to all."""
    return not isinstance(question, FreeText)


def choose(
    pool: Sequence[Candidate],
    levels: Mapping[str, Level],
    past: Mapping[str, tuple[int, date]],
    seed: str,
    queued: Candidate | None = None,
    held: AbstractSet[str] = frozenset(),
) -> Choice | None:
    """Return the queued question, else one that was posted least often; None without either.

    ``past`` says how often each question was posted in the channel and when last; those that are ``held`` count, but
    are not chosen. Among those posted least often it is one of the topic, and within that of the level, that came up
    least so far; chance decides the rest, until all were posted: then the one that was posted longest ago comes first.
    """
    there = {one.id: one for one in pool}
    used = {name: what for name, what in past.items() if name in there}
    left = len(there) - len(used)
    if queued is not None:
        return Choice(queued, left, len(pool), queued=True)
    best = [one for one in pool if one.id not in held]
    if not best:
        return None
    unused = [one for one in best if one.id not in used]
    if not unused:
        least = min(used[one.id] for one in best)
        best = [one for one in best if used[one.id] == least]
    by_topic: Counter[str] = Counter()
    by_level: Counter[tuple[str, str]] = Counter()
    for name, (times, _) in used.items():
        topic = there[name].topic
        by_topic[topic] += times
        by_level[topic, levels.get(name, there[name].level)] += times
    best = _fewest(unused or best, lambda one: by_topic[one.topic])
    best = _fewest(best, lambda one: by_level[one.topic, levels.get(one.id, one.level)])
    chance = random.Random(seed)  # noqa: S311 - the same seed must give the same question again
    return Choice(chance.choice(best), left, len(pool), queued=False)


def _fewest(candidates: Sequence[Candidate], count: Callable[[Candidate], int]) -> list[Candidate]:
    """Return those of which there were fewest so far."""
    counts = [count(one) for one in candidates]
    fewest = min(counts)
    return [one for one, times in zip(candidates, counts, strict=True) if times == fewest]
