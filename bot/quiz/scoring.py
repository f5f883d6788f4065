"""What answers of a round earn, and who leads: pure, and the same in whatever order the answers arrive."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import groupby

from bot.practice.points import worth
from bot.rounds import Mode, RoundPlayer, RoundQuestion, Terms
from questions.model import Level

SPEED = Fraction(1, 5)
"""The most that speed adds, as a share of what the question is worth."""


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as scoring sees it: by whom, with what credit, and when by the platform's clock."""

    person: int
    credit: Fraction
    at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the standings; those with the same score share it."""

    rank: int
    score: int
    names: tuple[str, ...]


def scores(level: Level, terms: Terms, ask: RoundQuestion, answers: Sequence[Given]) -> Mapping[int, int]:
    """Return what each answer earns in the round.

    Whoever is right first takes it all in that mode; those who are so at the same instant each do.
    """
    taking = answers
    if terms.mode is Mode.FIRST:
        first = min((one.at for one in answers if one.credit == 1), default=None)
        taking = [one for one in answers if one.credit == 1 and one.at == first]
    earned = dict.fromkeys((one.person for one in answers), 0)
    for one in taking:
        earned[one.person] = math.floor(worth(level, hinted=False) * one.credit) + _bonus(level, terms, ask, one)
    return earned


def _bonus(level: Level, terms: Terms, ask: RoundQuestion, given: Given) -> int:
    """Return what speed adds: nothing where the question was opened again, since some had seen it before."""
    if not terms.speed or ask.reopened or given.credit != 1:
        return 0
    elapsed = max((given.at - ask.opened_at).total_seconds(), 0.0)
    left = 1 - min(Fraction(elapsed) / terms.seconds, Fraction(1))
    return math.floor(worth(level, hinted=False) * SPEED * left)


def standings(players: Sequence[RoundPlayer]) -> tuple[Place, ...]:
    """Return the places of those who have points, first first: teams, and people who play for themselves.

    Hidden people neither show nor hold one; what they earn for a team is the team's.
    """
    sides: dict[tuple[bool, int], tuple[str, int]] = {}
    for one in players:
        if one.team is not None:
            _, before = sides.get((True, one.team), ("", 0))
            sides[True, one.team] = (one.side, before + one.score)
        elif not one.hidden:
            sides[False, one.person] = (one.name, one.score)
    scored = sorted((side for side in sides.values() if side[1]), key=lambda side: (-side[1], side[0]))
    places, rank = [], 1
    for score, together in groupby(scored, key=lambda side: side[1]):
        names = tuple(name for name, _ in together)
        places.append(Place(rank, score, names))
        rank += len(names)
    return tuple(places)
