"""What a round asks: nothing twice, nothing fiddly, first what its channel was never asked, then the oldest."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.quiz.drawing import Candidate, choose, playable, seed_for
from questions.generate import FAMILIES
from questions.model import Question
from tests.support import items
from tests.support.world import MONDAY

QUESTIONS = [items.truth(id=f"ml-t{place}") for place in range(8)]
IDS = [one.id for one in QUESTIONS]

pools = st.lists(st.sampled_from(QUESTIONS), max_size=8, unique_by=lambda one: one.id)
pasts = st.dictionaries(st.sampled_from(IDS), st.integers(0, 5).map(lambda days: MONDAY - timedelta(days=days)))


def test_what_people_grade_themselves_or_arrange_is_not_played_nor_what_is_held() -> None:
    pool: list[Candidate] = [items.one(), items.many(), items.truth(), items.number(), items.order(), items.text()]
    assert [one.id for one in playable(pool)] == ["ml-one", "ml-many", "ml-truth", "ml-number"]
    assert [one.id for one in playable(pool, {"ml-one", "ml-number"})] == ["ml-many", "ml-truth"]
    assert len(playable(list(FAMILIES.values()))) == len(FAMILIES)


@given(pools, pasts, st.integers())
def test_a_round_asks_nothing_twice_and_new_questions_first(
    pool: Sequence[Question], past: dict[str, datetime], seed: int
) -> None:
    chance, used = random.Random(seed), list[str]()
    while (drawn := choose(pool, past, frozenset(used), chance)) is not None:
        used.append(drawn.id)
    assert sorted(used) == sorted(one.id for one in pool)
    new = [name for name in used if name not in past]
    assert used[: len(new)] == new
    old = used[len(new) :]
    assert old == sorted(old, key=lambda name: (past[name], name))


@given(pools, pasts, st.integers())
def test_the_same_chance_draws_the_same(pool: Sequence[Question], past: dict[str, datetime], seed: int) -> None:
    first, second = (choose(pool, past, frozenset(), random.Random(seed)) for _ in range(2))
    assert first == second


def test_nothing_is_drawn_from_nothing() -> None:
    assert choose([], {}, frozenset(), random.Random(1)) is None
    assert choose(QUESTIONS[:1], {}, {IDS[0]}, random.Random(1)) is None


def test_each_question_of_a_family_has_numbers_of_its_own() -> None:
    seeds = {seed_for(family, round_, place) for family in ("a", "b") for round_ in (1, 2) for place in (1, 2)}
    assert len(seeds) == 8
    assert all(0 < seed < 2**63 for seed in seeds)
    assert seed_for("a", 1, 1) == seed_for("a", 1, 1)
