"""What answers earn, by hand and by law."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.practice.points import HINT, VALUE, Award, award, worth
from questions.model import Level

E, M, H = Level.EASY, Level.MEDIUM, Level.HARD
ALL, HALF, NOTHING = Fraction(1), Fraction(1, 2), Fraction(0)
WRONG = "a wrong answer costs nothing and earns nothing"
PAID = "this question has already paid you this season"
DAILY = "you have today's 200 practice points, the daily limit"
CUT = "cut to the daily limit of 200"
ANSWERS = st.tuples(
    st.fractions(0, 1, max_denominator=30),
    st.booleans(),
)

BY_HAND: list[tuple[Level, Fraction, bool, int, int, int, str]] = [
    # level, credit, hinted, paid before, today before, points, why
    (E, ALL, False, 0, 0, 10, "right"),
    (M, ALL, False, 0, 0, 15, "right"),
    (H, ALL, False, 0, 0, 20, "right"),
    (E, ALL, True, 0, 0, 7, "right, with a hint"),
    (M, ALL, True, 0, 0, 10, "right, with a hint"),
    (H, ALL, True, 0, 0, 14, "right, with a hint"),
    (M, HALF, False, 0, 0, 7, "50 % right"),
    (M, HALF, True, 0, 0, 5, "50 % right, with a hint"),
    (H, Fraction(2, 3), False, 0, 0, 13, "67 % right"),
    (M, NOTHING, False, 0, 0, 0, WRONG),
    (M, NOTHING, True, 15, 200, 0, WRONG),
    (M, ALL, False, 7, 0, 8, "right, 7 paid before"),
    (M, ALL, True, 7, 0, 3, "right, with a hint, 7 paid before"),
    (M, ALL, False, 15, 0, 0, PAID),
    (M, HALF, False, 15, 0, 0, PAID),
    (M, HALF, False, 7, 0, 0, PAID),
    (M, ALL, False, 15, 200, 0, PAID),
    (M, ALL, False, 0, 185, 15, "right"),
    (M, ALL, False, 0, 186, 14, f"right, {CUT}"),
    (M, ALL, False, 0, 199, 1, f"right, {CUT}"),
    (M, HALF, True, 2, 199, 1, f"50 % right, with a hint, 2 paid before, {CUT}"),
    (M, ALL, False, 0, 200, 0, DAILY),
    (M, ALL, False, 0, 250, 0, DAILY),
]


@pytest.mark.parametrize(("level", "credit", "hinted", "paid", "today", "points", "why"), BY_HAND)
def test_by_hand(level: Level, credit: Fraction, paid: int, today: int, points: int, why: str, *, hinted: bool) -> None:
    assert award(level, credit, hinted=hinted, paid=paid, today=today, cap=200) == Award(points, why)


def test_an_answer_that_is_hardly_right_is_told_the_truth() -> None:
    """Six steps in an order with seven pairs the wrong way round: a fifteenth of ten points is none."""
    told = award(E, Fraction(1, 15), hinted=False, paid=0, today=0, cap=200)
    assert told.points == 0
    assert told.why != PAID


@pytest.mark.parametrize("level", Level)
def test_a_hint_costs_about_a_third_and_never_all(level: Level) -> None:
    assert worth(level, hinted=False) == VALUE[level]
    assert worth(level, hinted=True) == VALUE[level] - HINT[level]
    assert Fraction(1, 4) < Fraction(HINT[level], VALUE[level]) < Fraction(2, 5)


@given(
    level=st.sampled_from(Level),
    answers=st.lists(ANSWERS, max_size=8),
    cap=st.integers(1, 60),
    earned_elsewhere=st.integers(0, 80),
)
@settings(deadline=None)
def test_a_season_pays_a_question_at_most_its_value_and_a_day_at_most_its_cap(
    level: Level, answers: list[tuple[Fraction, bool]], cap: int, earned_elsewhere: int
) -> None:
    paid, today = 0, earned_elsewhere
    for credit, hinted in answers:
        told = award(level, credit, hinted=hinted, paid=paid, today=today, cap=cap)
        assert told.points >= 0
        assert told.why
        paid, today = paid + told.points, today + told.points
    assert paid <= VALUE[level]
    assert today <= max(cap, earned_elsewhere)
    if any(credit == 1 and not hinted for credit, hinted in answers) and cap - earned_elsewhere >= VALUE[level]:
        assert paid == VALUE[level]
