"""How a competition is scored: the rules by hand, and what must hold of any points."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.competing import STEPS, Entrant, Gain, Rule, Score
from bot.competition.scoring import Place, course, places, score_of, winners

POINTS = st.lists(st.integers(0, 60), min_size=0, max_size=6)
TEAMS = st.lists(POINTS, min_size=0, max_size=7)
RULES = st.sampled_from(list(Rule))


@pytest.mark.parametrize(
    ("points", "mean", "top", "total"),
    [
        ([], 0, 0, 0),
        ([0, 0, 0, 0], 0, 0, 0),
        ([30], 10, 10, 30),
        ([30, 15, 0, 0], 15, 15, 45),
        ([10, 10, 11], Fraction(31, 3), Fraction(31, 3), 31),
        ([40, 20, 20, 10, 10, 0], 20, Fraction(80, 3), 100),
        ([1, 1, 1, 1], 1, 1, 4),
    ],
)
def test_the_rules_by_hand(points: Sequence[int], mean: Fraction, top: Fraction, total: int) -> None:
    assert [score_of(rule, points) for rule in (Rule.MEAN, Rule.TOP, Rule.SUM)] == [mean, top, total]


def teams_of(points: Sequence[Sequence[int]]) -> tuple[list[Entrant], list[Score]]:
    """Return teams 1, 2 and so on, with members 100, 101 and so on, 200, 201 and so on."""
    entrants = [Entrant(team, f"Team {team}", len(theirs)) for team, theirs in enumerate(points, 1)]
    scores = [
        Score(100 * team + at, f"P{at}", False, team, each)
        for team, theirs in enumerate(points, 1)
        for at, each in enumerate(theirs)
    ]
    return entrants, scores


def ranks(standing: Sequence[Place]) -> dict[int, int]:
    return {place.entrant.id: place.rank for place in standing}


def test_of_equal_scores_more_points_then_more_active_members_go_first() -> None:
    points = [[20, 20, 20], [20, 20, 20, 20], [30, 30], [60], [20, 20, 20]]
    entrants, scores = teams_of(points)
    assert ranks(places(Rule.MEAN, entrants, scores)) == {2: 1, 1: 2, 5: 2, 3: 4, 4: 5}
    assert [place.entrant.id for place in places(Rule.MEAN, entrants, scores)] == [2, 1, 5, 3, 4]


def test_winners_are_those_of_the_first_rank_who_have_points() -> None:
    entrants, scores = teams_of([[15, 15], [15, 15], [0, 15]])
    assert [place.entrant.id for place in winners(places(Rule.SUM, entrants, scores))] == [1, 2]
    entrants, scores = teams_of([[0], [0]])
    assert winners(places(Rule.SUM, entrants, scores)) == ()
    assert winners(()) == ()


@given(RULES, TEAMS)
def test_ranks_obey_the_rule_of_ties(rule: Rule, points: list[list[int]]) -> None:
    standing = places(rule, *teams_of(points))
    assert sorted(place.entrant.id for place in standing) == list(range(1, len(points) + 1))
    merits = {place.entrant.id: merit(rule, points[place.entrant.id - 1]) for place in standing}
    for place in standing:
        better = sum(other > merits[place.entrant.id] for other in merits.values())
        assert place.rank == better + 1


def merit(rule: Rule, points: list[int]) -> tuple[Fraction, int, int]:
    """Return what a team is ranked by, reckoned in another way than the code does."""
    active = [each for each in points if each]
    match rule:
        case Rule.MEAN:
            score = Fraction(sum(active)) / len([*active, *[0] * 3][: max(3, len(active))])
        case Rule.TOP:
            score = Fraction(sum(sorted([0, 0, 0, *points])[-3:])) / 3
        case Rule.SUM:
            score = Fraction(sum(points))
    return score, sum(points), len(active)


@given(RULES, TEAMS, st.randoms(use_true_random=False))
def test_the_order_of_what_comes_in_never_matters(rule: Rule, points: list[list[int]], chance: object) -> None:
    entrants, scores = teams_of(points)
    standing = places(rule, entrants, scores)
    chance.shuffle(entrants)  # type: ignore[attr-defined]
    chance.shuffle(scores)  # type: ignore[attr-defined]
    assert places(rule, entrants, scores) == standing


@given(RULES, TEAMS, st.integers(0, 6), st.integers(0, 5), st.integers(1, 60))
def test_more_points_for_an_active_member_never_lower_a_rank(
    rule: Rule, points: list[list[int]], team: int, member: int, more: int
) -> None:
    if team >= len(points) or member >= len(points[team]) or not points[team][member]:
        return
    before = ranks(places(rule, *teams_of(points)))[team + 1]
    points[team][member] += more
    assert ranks(places(rule, *teams_of(points)))[team + 1] <= before


GAINS = st.lists(st.tuples(st.integers(0, STEPS - 1), st.sampled_from([100, 101, 200])), max_size=30)


@given(RULES, GAINS, st.integers(0, STEPS))
def test_the_course_is_the_score_of_what_was_earned_until_each_step(
    rule: Rule, earned: list[tuple[int, int]], steps: int
) -> None:
    gains = [Gain(step, person, 15) for step, person in earned]
    standing = places(rule, *teams_of([[0, 0], [0]]))
    lines = course(rule, standing, gains, steps)
    for team, people in ((1, (100, 101)), (2, (200,))):
        for point in range(steps + 1):
            until = [sum(15 for step, person in earned if person == one and step < point) for one in people]
            assert lines[team][point] == score_of(rule, until) * 1000 // 1
        assert len(lines[team]) == steps + 1
