"""How a competition is scored and who leads: pure, and exact.

By the mean, a team's score is its members' points divided by how many of them have any, at least by three, so that a
team neither loses by a member who does nothing nor wins by a single one; by the top, the points of its three best
members divided by three; by the sum, all points. Where people compete, their points are their score.

Ties: of equal scores the one with more points in all goes first, then the one with more active members; those that
are equal in all of that share the rank, and win together.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from bot.competing import Between, Competition, Entrant, Gain, Rule, Score
from bot.ledger import LEAST_ACTIVE, THOUSANDTHS

TOP = 3
"""How many members' points make a team's score by the top."""


@dataclass(frozen=True, slots=True)
class Place:
    """An entrant's place; those that are equal in everything share the rank. ``members`` are by points, most first."""

    rank: int
    entrant: Entrant
    score: Fraction
    points: int
    active: int
    members: tuple[Score, ...]


def score_of(rule: Rule, points: Iterable[int]) -> Fraction:
    """Return the score of members with so many points each."""
    earned = list(points)
    match rule:
        case Rule.MEAN:
            return Fraction(sum(earned), max(sum(each > 0 for each in earned), LEAST_ACTIVE))
        case Rule.TOP:
            return Fraction(sum(heapq.nlargest(TOP, earned)), TOP)
        case Rule.SUM:
            return Fraction(sum(earned))


def rule_of(competition: Competition) -> Rule:
    """Return the rule by which it is scored: people have no members to take the mean of."""
    return competition.rule if competition.between is Between.TEAMS else Rule.SUM


def places(rule: Rule, entrants: Sequence[Entrant], scores: Iterable[Score]) -> tuple[Place, ...]:
    """Return the standings, best first; those that share a rank by their ids."""
    members: dict[int, list[Score]] = {entrant.id: [] for entrant in entrants}
    by_id = {entrant.id: entrant for entrant in entrants}
    for score in scores:
        members[score.entrant].append(score)
    rows = []
    for number, theirs in members.items():
        ordered = sorted(theirs, key=lambda one: (-one.points, one.person))
        earned = [one.points for one in ordered]
        active = sum(each > 0 for each in earned)
        rows.append(Place(0, by_id[number], score_of(rule, earned), sum(earned), active, tuple(ordered)))
    rows.sort(key=lambda row: (*_merit(row), row.entrant.id))
    found: list[Place] = []
    for at, row in enumerate(rows, 1):
        rank = found[-1].rank if found and _merit(found[-1]) == _merit(row) else at
        found.append(Place(rank, row.entrant, row.score, row.points, row.active, row.members))
    return tuple(found)


def winners(standing: Sequence[Place]) -> tuple[Place, ...]:
    """Return who won, several where they share the first rank; nobody where nobody has points."""
    return tuple(place for place in standing if place.rank == 1 and place.points > 0)


def place_of(standing: Sequence[Place], person: int | None) -> Place | None:
    """Return the place of somebody's team, or their own where people compete."""
    return next((place for place in standing if any(one.person == person for one in place.members)), None)


def course(rule: Rule, standing: Sequence[Place], gains: Iterable[Gain], steps: int) -> Mapping[int, tuple[int, ...]]:
    """Return the score of each entrant at the start and after each of the first steps, in thousandths rounded down."""
    earned: dict[tuple[int, int], int] = {}
    for gain in gains:
        earned[gain.step, gain.person] = earned.get((gain.step, gain.person), 0) + gain.points
    lines = {}
    for place in standing:
        totals = dict.fromkeys((member.person for member in place.members), 0)
        line = [0]
        for step in range(steps):
            for person in totals:
                totals[person] += earned.get((step, person), 0)
            score = score_of(rule, totals.values())
            line.append(score.numerator * THOUSANDTHS // score.denominator)
        lines[place.entrant.id] = tuple(line)
    return lines


def _merit(place: Place) -> tuple[Fraction, int, int]:
    return (-place.score, -place.points, -place.active)
