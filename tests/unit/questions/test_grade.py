"""What an answer earns: every kind by hand, and the laws of partial credit."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questions.grade import (
    PASS,
    Grade,
    grade_many,
    grade_marks,
    grade_number,
    grade_one,
    grade_order,
    grade_truth,
)
from questions.model import Ordered, SelectAll
from questions.numbers import NotANumber
from tests.support.items import many, number, one, order, right, text, truth, wrong

QUICK = settings(max_examples=80, deadline=None)


def many_of(keys: int, others: int) -> SelectAll:
    """Return a question with this many right options, which come first, and this many wrong ones."""
    return many(options=[*(right(f"R{n}") for n in range(keys)), *(wrong(f"W{n}") for n in range(others))])


def order_of(steps: int) -> Ordered:
    return order(steps=[f"Step {n}" for n in range(steps)])


SHAPES = st.sampled_from([(2, 2), (2, 3), (3, 2), (2, 4), (3, 3), (4, 2)])
PLACED = st.integers(3, 6).flatmap(lambda steps: st.permutations(range(steps)))


@pytest.mark.parametrize(("credit", "is_right", "stored"), [
    (Fraction(1), True, 1000),
    (Fraction(0), False, 0),
    (Fraction(2, 3), False, 667),
    (Fraction(999, 1000), False, 999),
])  # fmt: skip
def test_a_grade_is_right_only_with_full_credit(credit: Fraction, is_right: bool, stored: int) -> None:
    assert (Grade(credit).right, Grade(credit).thousandths) == (is_right, stored)


def test_one_is_all_or_nothing() -> None:
    assert [grade_one(one(), chosen) for chosen in range(4)] == [Grade(Fraction(credit)) for credit in (1, 0, 0, 0)]


@pytest.mark.parametrize("answer", [True, False])
def test_truth_is_all_or_nothing(answer: bool) -> None:
    question = truth(answer=answer)
    assert (grade_truth(question, answer), grade_truth(question, not answer)) == (
        Grade(Fraction(1)),
        Grade(Fraction(0)),
    )


@pytest.mark.parametrize(
    ("chosen", "credit"),
    [
        ({0, 1, 2}, Fraction(1)),
        ({0, 2}, Fraction(2, 3)),
        ({1}, Fraction(1, 3)),
        (set(), Fraction(0)),
        ({0, 1, 2, 3}, Fraction(2, 3)),
        ({0, 1, 2, 3, 4}, Fraction(1, 3)),
        ({0, 1, 5}, Fraction(1, 3)),
        ({0, 3}, Fraction(0)),
        ({3, 4, 5}, Fraction(0)),
        ({0, 1, 2, 3, 4, 5}, Fraction(0)),
    ],
)
def test_each_wrong_choice_takes_back_a_right_one(chosen: set[int], credit: Fraction) -> None:
    assert grade_many(many_of(3, 3), chosen) == Grade(credit)


def test_an_option_chosen_twice_counts_once() -> None:
    assert grade_many(many_of(2, 2), [0, 0, 2]) == Grade(Fraction(0))


@given(SHAPES, st.sets(st.integers(0, 5)))
@QUICK
def test_many_gives_credit_from_nothing_to_one_and_one_only_for_the_key(
    shape: tuple[int, int], chosen: set[int]
) -> None:
    keys, others = shape
    chosen = {place for place in chosen if place < keys + others}
    credit = grade_many(many_of(*shape), chosen).credit
    assert 0 <= credit <= 1
    assert (credit == 1) == (chosen == set(range(keys)))


@given(SHAPES, st.sets(st.integers(0, 5)), st.integers(0, 5))
@QUICK
def test_one_more_right_choice_never_costs_and_one_more_wrong_choice_never_pays(
    shape: tuple[int, int], chosen: set[int], more: int
) -> None:
    question = many_of(*shape)
    everything = set(range(sum(shape)))
    before = grade_many(question, chosen & everything).credit
    after = grade_many(question, (chosen | {more}) & everything).credit
    assert after >= before if more < shape[0] else after <= before


@pytest.mark.parametrize(
    ("shape", "credit"),
    [((2, 2), 0), ((2, 4), 0), ((3, 3), 0), ((3, 2), Fraction(1, 3)), ((4, 2), Fraction(1, 2))],
)
def test_choosing_everything_earns_little(shape: tuple[int, int], credit: Fraction) -> None:
    assert grade_many(many_of(*shape), range(sum(shape))) == Grade(Fraction(credit))


@given(SHAPES)
@QUICK
def test_choosing_everything_never_earns_more_than_the_surplus_of_right_options(shape: tuple[int, int]) -> None:
    keys, others = shape
    assert grade_many(many_of(*shape), range(keys + others)).credit == max(Fraction(0), Fraction(keys - others, keys))


@pytest.mark.parametrize(
    ("tolerance", "typed", "credit"),
    [
        ("0", "1960", 1),
        ("0", "1,960", 1),
        ("0", "1.96e3", 1),
        ("0", "1960.0000001", 0),
        ("0", "1961", 0),
        ("5", "1955", 1),
        ("5", "1965", 1),
        ("5", "1965.001", 0),
        ("5", "1954.999", 0),
        ("1%", "1979.6", 1),
        ("1%", "1979.61", 0),
        ("1%", "1940.4", 1),
        ("1%", "-1960", 0),
    ],
)
def test_a_number_is_right_up_to_its_tolerance_and_not_beyond(tolerance: str, typed: str, credit: int) -> None:
    assert grade_number(number(tolerance=tolerance), typed).credit == credit


def test_a_number_in_another_unit_is_graded_in_the_question_s() -> None:
    question = number(value="9.1", unit="GB", tolerance="1%", slips=[])
    assert [grade_number(question, typed).credit for typed in ("9100 MB", "9.1", "9.1 GiB")] == [1, 1, 0]


@given(st.integers(-(10**6), 10**6), st.integers(0, 1000), st.integers(-2000, 2000))
@QUICK
def test_a_number_is_right_exactly_within_its_absolute_tolerance(key: int, tolerance: int, off: int) -> None:
    question = number(value=str(key), tolerance=str(tolerance), slips=[])
    assert grade_number(question, str(key + off)).right == (abs(off) <= tolerance)


FORGOT = "The 40 biases were forgotten."
SQUARED = "The layer was taken for a square one."
SLIPS = [{"value": "1920", "why": FORGOT}, {"value": "48^2", "why": SQUARED}]


@pytest.mark.parametrize(
    ("tolerance", "typed", "slip"),
    [
        ("0", "1920", FORGOT),
        ("0", "1,920", FORGOT),
        ("0", "1921.92", FORGOT),
        ("0", "1921.93", ""),
        ("0", "2304", SQUARED),
        ("0", "2000", ""),
        ("5", "1925", FORGOT),
        ("5", "1926", ""),
        ("0", "1960", ""),
    ],
)
def test_whoever_makes_a_known_slip_is_told_which(tolerance: str, typed: str, slip: str) -> None:
    assert grade_number(number(tolerance=tolerance, slips=SLIPS), typed).slip == slip


def test_a_slip_earns_nothing() -> None:
    assert grade_number(number(slips=SLIPS), "1920") == Grade(Fraction(0), FORGOT)


@pytest.mark.parametrize(
    ("typed", "slip"), [("1920", FORGOT), ("1920.4", FORGOT), ("1920.6", SQUARED), ("1921", SQUARED)]
)
def test_of_two_slips_that_fit_the_nearer_is_told(typed: str, slip: str) -> None:
    slips = [{"value": "1920", "why": FORGOT}, {"value": "1921", "why": SQUARED}]
    assert grade_number(number(slips=slips), typed).slip == slip


@pytest.mark.parametrize("typed", ["", "many", "5 GB"])
def test_what_is_no_number_is_not_graded(typed: str) -> None:
    with pytest.raises(NotANumber):
        grade_number(number(), typed)


@pytest.mark.parametrize(
    ("placed", "credit"),
    [
        ([0, 1, 2], Fraction(1)),
        ([1, 0, 2], Fraction(1, 3)),
        ([1, 2, 0], Fraction(0)),
        ([0, 1, 3, 2], Fraction(2, 3)),
        ([1, 0, 3, 2], Fraction(1, 3)),
        ([3, 0, 1, 2], Fraction(0)),
        ([0, 1, 2, 4, 3], Fraction(4, 5)),
        ([0, 3, 1, 2, 4], Fraction(3, 5)),
        ([4, 0, 1, 2, 3], Fraction(1, 5)),
        ([4, 3, 2, 1, 0], Fraction(0)),
        ([1, 0, 2, 3, 4, 5], Fraction(13, 15)),
        ([5, 0, 1, 2, 3, 4], Fraction(1, 3)),
    ],
)
def test_an_order_earns_kendall_s_correlation(placed: list[int], credit: Fraction) -> None:
    assert grade_order(order_of(len(placed)), placed) == Grade(credit)


@given(PLACED)
@QUICK
def test_an_order_earns_from_nothing_to_one_and_one_only_when_right(placed: list[int]) -> None:
    credit = grade_order(order_of(len(placed)), placed).credit
    assert 0 <= credit <= 1
    assert (credit == 1) == (placed == sorted(placed))


@given(PLACED, st.data())
@QUICK
def test_setting_one_pair_of_neighbours_right_never_costs(placed: list[int], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(placed) - 2))
    better = [*placed[:place], *sorted(placed[place : place + 2]), *placed[place + 2 :]]
    question = order_of(len(placed))
    assert grade_order(question, better).credit >= grade_order(question, placed).credit


@pytest.mark.parametrize(("steps", "mean"), [(3, Fraction(5, 18)), (4, Fraction(7, 36))])
def test_orders_by_chance_earn_little(steps: int, mean: Fraction) -> None:
    every = [grade_order(order_of(steps), placed).credit for placed in permutations(range(steps))]
    assert sum(every) / len(every) == mean


@pytest.mark.parametrize("placed", [[], [0, 1], [0, 1, 1], [1, 2, 3], [0, 1, 2, 3]])
def test_what_is_no_order_of_the_steps_is_refused(placed: list[int]) -> None:
    with pytest.raises(ValueError, match="not an order of 3 steps"):
        grade_order(order_of(3), placed)


@pytest.mark.parametrize(
    ("met", "credit"),
    [
        ([], Fraction(0)),
        ([0], Fraction(1, 2)),
        ([1, 2], Fraction(1, 2)),
        ([0, 2], Fraction(7, 10)),
        ([0, 0, 0], Fraction(1, 2)),
        ([2, 1, 0], Fraction(1)),
    ],
)
def test_key_points_add_up_exactly(met: list[int], credit: Fraction) -> None:
    assert grade_marks(text(), met) == Grade(credit)


def test_seven_tenths_pass() -> None:
    weights = [0.4, 0.3, 0.29, 0.01]
    question = text(points=[{"text": f"Claim {weight}", "weight": weight} for weight in weights])
    assert [grade_marks(question, met).credit >= PASS for met in ([0, 1], [0, 2], [0, 2, 3])] == [True, False, True]
