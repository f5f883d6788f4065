"""Which question a round asks next: pure, and the same for the same random numbers."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any, TypeAlias

from questions.generate.family import Family
from questions.model import Kind, Question

Candidate: TypeAlias = Question | Family[Any]
_SLOW = frozenset({Kind.TEXT, Kind.ORDER})
"""What people grade themselves, and what takes many presses, is nothing against a clock."""


def playable(pool: Sequence[Candidate], held: AbstractSet[str] = frozenset()) -> list[Candidate]:
    """Return those of a pool that a round can ask: not those that are ``held``, nor what a clock makes fiddly."""
    return [one for one in pool if one.kind not in _SLOW and one.id not in held]


def choose(
    pool: Sequence[Candidate], last: Mapping[str, datetime], used: AbstractSet[str], chance: random.Random
) -> Candidate | None:
    """Return one that was not ``used`` in the round yet; None where there is none.

    By chance one that the channel's rounds never asked, else the one that they asked longest ago.
    """
    left = [one for one in pool if one.id not in used]
    never = [one for one in left if one.id not in last]
    if never:
        return chance.choice(never)
    return min(left, key=lambda one: (last[one.id], one.id), default=None)


def seed_for(family: str, round_: int, number: int) -> int:
    """Return the seed with which a round draws its numbered question of a family: 63 bits of a hash."""
    return int.from_bytes(hashlib.sha256(f"{family}:round:{round_}:{number}".encode()).digest()[:8], "big") >> 1
