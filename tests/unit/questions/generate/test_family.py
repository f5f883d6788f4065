"""What a family does with its draws: rejecting, rounding, writing."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from questions.generate.family import Family, Misconception, power, show, term
from questions.model import Level, Numeric, Slip, Source
from tests.support.items import EXPLANATION, SOURCE

SQUARE: Family[int] = Family(
    id="ml-square",
    subtopic="ML1",
    level=Level.EASY,
    draw=lambda chance: chance.randint(-2, 4),
    stem=lambda n: f"How much is {n} times {n}?",
    solve=lambda n: f"({n}) ** 2",
    check=lambda n: sum(abs(n) for _ in range(abs(n))),
    misconceptions={"doubled": Misconception(lambda n: 2 * n, "It was doubled.")},
    explanation=lambda n, key: f"{n} squared is {key}. {EXPLANATION}",
    hint="Multiply.",
    source=Source.model_validate(SOURCE),
)
THIRD = replace(SQUARE, solve=lambda n: f"{n} / 3", digits=3, tolerance="1%")


def with_slip(value: Callable[[int], float], family: Family[int] = SQUARE) -> Family[int]:
    return replace(family, misconceptions={"wrong": Misconception(value, "It is wrong.")})


def test_a_draw_becomes_an_ordinary_question() -> None:
    assert SQUARE.question(3) == Numeric(
        kind="number",
        id="ml-square",
        subtopic="ML1",
        level=Level.EASY,
        stem="How much is 3 times 3?",
        value="9",
        compute="(3) ** 2",
        slips=(Slip(value="6", why="It was doubled."),),
        explanation=f"3 squared is 9. {EXPLANATION}",
        hint="Multiply.",
        source=Source.model_validate(SOURCE),
        tags=("by-hand",),
    )


def test_a_rounded_key_says_within_what_it_counts() -> None:
    question = THIRD.question(10)
    assert (question.value, question.tolerance) == ("3.33", "1%")
    assert question.stem == "How much is 10 times 10? An answer within 1 % counts."


@pytest.mark.parametrize(
    ("number", "value"),
    [(1, "0.333"), (3, "1"), (300_000, "100000"), (370_000, "123000"), (-10, "-3.33"), (3000, "1000")],
)
def test_a_rounded_key_is_written_without_exponent_and_without_zeros_at_its_end(number: int, value: str) -> None:
    assert THIRD.value(number) == value


@pytest.mark.parametrize(
    ("family", "number", "apart"),
    [
        (SQUARE, 3, True),
        (SQUARE, 2, False),
        (SQUARE, 0, False),
        (with_slip(lambda n: n * n + 1), 3, True),
        (with_slip(lambda n: n / 3 * 1.03, THIRD), 3, True),
        (with_slip(lambda n: n / 3 * 1.02, THIRD), 3, False),
        (with_slip(lambda n: n / 3 * 0.99, THIRD), 3, False),
        (replace(SQUARE, misconceptions={
            "a": Misconception(lambda _: 1, "One."), "b": Misconception(lambda _: 1, "One, too.")}), 3, False),
    ],
)  # fmt: skip
def test_a_draw_separates_its_key_or_not(family: Family[int], number: int, apart: bool) -> None:
    assert family.separates(number) is apart


def test_a_draw_that_does_not_separate_is_drawn_again() -> None:
    values = {SQUARE.generate(random.Random(seed)).value for seed in range(100)}
    assert values == {"1", "4", "9", "16"}
    assert SQUARE.generate(random.Random(3)) == SQUARE.generate(random.Random(3))


def test_the_draw_of_two_is_the_one_that_is_never_asked() -> None:
    stems = {SQUARE.generate(random.Random(seed)).stem for seed in range(100)}
    assert stems == {f"How much is {n} times {n}?" for n in (-2, -1, 1, 3, 4)}


def test_a_family_that_can_separate_nothing_says_so() -> None:
    with pytest.raises(ValueError, match=r"^ml-square: a misconception gives the key in each of 1000 draws$"):
        with_slip(lambda n: n * n).generate(random.Random(1))


def test_a_key_that_should_be_whole_and_is_not_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"^ml-square: .* is no whole number$"):
        replace(SQUARE, solve=lambda n: f"{n} / 3").value(1)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0"), (7, "7"), (-7, "−7"), (1234567, "1,234,567"), (0.5, "0.5"), (-0.03333333, "−0.03333"),
     (1e-7, "0.0000001"), (12345.678, "12,350"), (2.0, "2"), (1.99999, "2")],
)  # fmt: skip
def test_numbers_are_shown_as_texts_write_them(value: float, shown: str) -> None:
    assert show(value) == shown


def test_fewer_digits_are_shown_where_they_do() -> None:
    assert (show(0.12345, 2), show(1234.5, 2)) == ("0.12", "1,200")


@pytest.mark.parametrize(("value", "shown"), [(3, "3"), (-3, "(−3)"), (-0.5, "(−0.5)"), (0, "0")])
def test_a_negative_term_stands_in_parentheses(value: float, shown: str) -> None:
    assert term(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(8.4e21, "8.4·10²¹"), (1e-5, "1·10⁻⁵"), (123456, "1.23·10⁵"), (7, "7·10⁰")]
)
def test_powers_of_ten_are_raised(value: float, shown: str) -> None:
    assert power(value) == shown
