"""Which question comes next, and in which order its parts are shown."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questions.draw import draw, seed_of, shown_order
from questions.generate import FAMILIES
from questions.generate.family import Family
from questions.model import Question
from tests.support.items import many, number, one, order, text, truth, wrong

QUICK = settings(max_examples=60, deadline=None)
START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
POOL = [truth(id=f"ml-{letter}") for letter in "abcdefgh"]
POOLS = st.integers(1, len(POOL)).map(lambda size: POOL[:size])
SEEDS = st.integers(0, 2**32)


def practise(pool: list[Question], seen: dict[str, datetime], chance: random.Random, times: int) -> list[str]:
    """Return the ids drawn one after another; each counts as seen from then on."""
    drawn = []
    for _ in range(times):
        question = draw(pool, seen, chance, START)
        assert question is not None
        drawn.append(question.id)
        seen[question.id] = max(seen.values(), default=START) + timedelta(minutes=1)
    return drawn


@given(POOLS, SEEDS)
@QUICK
def test_nothing_repeats_before_the_pool_is_exhausted_and_then_the_oldest_comes_first(
    pool: list[Question], seed: int
) -> None:
    drawn = practise(pool, {}, random.Random(seed), 3 * len(pool))
    first = drawn[: len(pool)]
    assert sorted(first) == [question.id for question in pool]
    assert drawn == first * 3


@given(
    st.dictionaries(st.sampled_from([question.id for question in POOL]), st.datetimes(timezones=st.just(UTC))), SEEDS
)
@QUICK
def test_the_unseen_come_before_the_seen(seen: dict[str, datetime], seed: int) -> None:
    question = draw(POOL, seen, random.Random(seed), START)
    assert question is not None
    assert (question.id in seen) == (len(seen) == len(POOL))


@given(st.permutations(POOL), SEEDS)
@QUICK
def test_of_the_seen_the_one_seen_longest_ago_comes(pool: list[Question], seed: int) -> None:
    seen = {question.id: START + timedelta(days=day) for day, question in enumerate(pool)}
    assert draw(POOL, seen, random.Random(seed), START) == pool[0]


@given(st.permutations(POOL))
@QUICK
def test_questions_seen_at_the_same_instant_come_by_their_ids(pool: list[Question]) -> None:
    seen = {question.id: START for question in pool}
    assert draw(pool, seen, random.Random(1), START) == POOL[0]


@given(POOLS, SEEDS)
@QUICK
def test_the_same_seed_draws_the_same(pool: list[Question], seed: int) -> None:
    times = len(pool)
    assert practise(pool, {}, random.Random(seed), times) == practise(pool, {}, random.Random(seed), times)


def test_chance_reaches_every_unseen_question() -> None:
    drawn = [draw(POOL, {}, random.Random(seed), START) for seed in range(200)]
    assert [question for question in POOL if question not in drawn] == []


def test_what_was_seen_outside_the_pool_does_not_matter() -> None:
    assert draw(POOL[:1], {"op-other": START}, random.Random(1), START) == POOL[0]


def test_a_family_seen_before_today_is_unseen_and_one_seen_today_is_not() -> None:
    family = FAMILIES["cn-conv-output-size"]
    pool: list[Question | Family[Any]] = [*POOL, family]
    seen = {one.id: START + timedelta(hours=1) for one in POOL}
    before, since = START - timedelta(seconds=1), START + timedelta(hours=2)
    assert draw(pool, {**seen, family.id: before}, random.Random(1), START) == family
    assert draw(pool, {**seen, family.id: START}, random.Random(1), START) == family
    assert draw(pool, {**seen, family.id: since}, random.Random(1), START) == POOL[0]


def test_a_seed_is_of_its_family_person_and_day_and_fits_a_database() -> None:
    day = date(2026, 11, 28)
    seeds = {
        seed_of(family, person, today)
        for family in ("cn-conv-output-size", "lm-lora-weights")
        for person in (1, 2, 11)
        for today in (day, day + timedelta(days=1))
    }
    assert len(seeds) == 12
    assert all(0 <= seed < 2**63 for seed in seeds)
    assert seed_of("cn-conv-output-size", 1, day) == 2232825111914337269


@pytest.mark.parametrize("seen", [{}, {"ml-a": START}])
def test_nothing_is_drawn_from_an_empty_pool(seen: dict[str, datetime]) -> None:
    assert draw([], seen, random.Random(1), START) is None


@pytest.mark.parametrize("build", [one, many])
def test_options_are_shown_in_every_order(build: Callable[..., Question]) -> None:
    shown = {shown_order(build(), random.Random(seed)) for seed in range(500)}
    assert shown == set(permutations(range(4)))


@pytest.mark.parametrize("build", [one, many])
def test_options_that_are_not_shuffled_keep_their_order(build: Callable[..., Question]) -> None:
    shown = {shown_order(build(shuffle=False), random.Random(seed)) for seed in range(20)}
    assert shown == {(0, 1, 2, 3)}


def test_every_option_is_shown_however_many_there_are() -> None:
    question = many(options=[*(option.model_dump() for option in many().options), wrong("Luck"), wrong("Hope")])
    assert sorted(shown_order(question, random.Random(1))) == [0, 1, 2, 3, 4, 5]


@given(st.integers(3, 6), SEEDS)
@QUICK
def test_steps_are_all_shown_and_never_in_their_right_order(steps: int, seed: int) -> None:
    question = order(steps=[f"Step {place}" for place in range(steps)])
    shown = shown_order(question, random.Random(seed))
    assert sorted(shown) == list(range(steps))
    assert shown != tuple(range(steps))


def test_steps_are_shown_in_every_wrong_order() -> None:
    question = order(steps=["Draw", "Run", "Step"])
    shown = {shown_order(question, random.Random(seed)) for seed in range(200)}
    assert shown == set(permutations(range(3))) - {(0, 1, 2)}


@pytest.mark.parametrize("build", [one, many, order])
@pytest.mark.parametrize("seed", range(5))
def test_the_same_seed_shows_the_same_order(build: Callable[..., Question], seed: int) -> None:
    assert shown_order(build(), random.Random(seed)) == shown_order(build(), random.Random(seed))


@pytest.mark.parametrize("build", [truth, number, text])
def test_a_question_without_options_or_steps_has_no_order(build: Callable[..., Question]) -> None:
    assert shown_order(build(), random.Random(1)) == ()
