"""Even teams by chance: close sums, everybody once, the same seed the same teams."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.competition.balance import FEWEST, MOST, NAMES, Shape, digest_of, draft, squads_of
from bot.competition.names import look_alike, read_team_name
from bot.teams import Candidate

POINTS = st.lists(st.integers(0, 500), min_size=MOST, max_size=90)


def people(points: Sequence[int]) -> list[Candidate]:
    return [Candidate(number, f"P{number}", False, each, None) for number, each in enumerate(points, 1)]


@given(points=POINTS, count=st.integers(FEWEST, MOST), seed=st.integers(0, 2**32 - 1))
def test_sums_differ_by_at_most_the_largest_single_result(points: list[int], count: int, seed: int) -> None:
    teams = draft(people(points), count, random.Random(seed))
    sums = [sum(one.points for one in team) for team in teams]
    assert max(sums) - min(sums) <= max(points)


@given(points=POINTS, count=st.integers(FEWEST, MOST), seed=st.integers(0, 2**32 - 1))
def test_everybody_is_in_one_team_and_sizes_differ_by_at_most_one(points: list[int], count: int, seed: int) -> None:
    teams = draft(people(points), count, random.Random(seed))
    assert sorted(one.person for team in teams for one in team) == list(range(1, len(points) + 1))
    assert len(teams) == count
    assert max(map(len, teams)) - min(map(len, teams)) <= 1


@given(points=POINTS, count=st.integers(FEWEST, MOST), seed=st.integers(0, 2**32 - 1))
def test_whoever_leads_has_most_points(points: list[int], count: int, seed: int) -> None:
    for team in draft(people(points), count, random.Random(seed)):
        assert team[0].points == max(one.points for one in team)


def test_the_same_seed_gives_the_same_teams_in_whatever_order_people_come() -> None:
    crowd = people([9, 8, 7, 6, 5, 4])
    first = draft(crowd, 2, random.Random(3))
    assert draft(crowd[::-1], 2, random.Random(3)) == first
    assert any(draft(crowd, 2, random.Random(seed)) != first for seed in range(4, 9))


def test_chance_lets_no_two_people_of_different_tiers_always_meet() -> None:
    together = Counter(
        frozenset((team[0].person, team[1].person))
        for seed in range(200)
        for team in draft(people([4, 3, 2, 1]), 2, random.Random(seed))
    )
    assert set(together) == {frozenset((strong, weak)) for strong in (1, 2) for weak in (3, 4)}
    assert min(together.values()) > 60


def test_names_are_free_and_look_like_none_that_is_taken() -> None:
    teams = [[one] for one in people(range(MOST))]
    taken = ["GRADIENTS", "Tеnsors", *NAMES[2:]]
    squads = squads_of(teams, taken, random.Random(1))
    names = [squad.name for squad in squads]
    for at, name in enumerate(names):
        assert not any(look_alike(name, other) for other in [*taken, *names[:at]])
        assert read_team_name(name) == name
    assert [squad.people for squad in squads] == [tuple(team) for team in teams]


def test_no_two_terms_of_the_list_look_alike_and_all_are_names() -> None:
    for at, name in enumerate(NAMES):
        assert read_team_name(name) == name
        assert not any(look_alike(name, other) for other in NAMES[:at])
    assert len(NAMES) >= MOST


def test_a_digest_changes_with_people_results_and_names() -> None:
    def digest(points: list[int], taken: Sequence[str] = ()) -> str:
        chance = random.Random(1)
        return digest_of(squads_of(draft(people(points), 2, chance), taken, chance))

    usual = digest([4, 3, 2, 1])
    assert digest([4, 3, 2, 1]) == usual
    named = squads_of([people([1])], (), random.Random(1))[0].name
    assert len({usual, digest([4, 3, 2]), digest([4, 3, 2, 2]), digest([5, 3, 2, 1])}) == 4
    assert digest([4, 3, 2, 1], [named, *NAMES[:20]]) != usual


@pytest.mark.parametrize(
    ("shape", "people", "count"),
    [
        (Shape(), 17, 3),
        (Shape(), 16, 2),
        (Shape(), 3, 2),
        (Shape(teams=5), 17, 5),
        (Shape(size=4), 17, 5),
        (Shape(size=4), 16, 4),
        (Shape(size=50), 16, 2),
    ],
)
def test_a_wish_comes_to_a_number_of_teams(shape: Shape, people: int, count: int) -> None:
    assert shape.count(people, 8) == count
