"""Letters name what was shown; whatever else arrives is refused and counts nothing."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.practice.responses import Graded, check_placed, grade
from questions.grade import Grade
from questions.model import Question
from tests.support.items import many, number, one, order, text, truth

SHUFFLED = (2, 0, 3, 1)
STEPS = (4, 2, 0, 1, 3)
RIGHT, WRONG = Grade(Fraction(1)), Grade(Fraction(0))

GRADED: list[tuple[str, Question, tuple[int, ...], str, Graded]] = [
    ("one, right", one(), SHUFFLED, "B", Graded(RIGHT, "0", (0,))),
    ("one, wrong", one(), SHUFFLED, "A", Graded(WRONG, "2", (2,))),
    ("many, right", many(), SHUFFLED, "BD", Graded(RIGHT, "01", (0, 1))),
    ("many, in any order", many(), SHUFFLED, "DB", Graded(RIGHT, "01", (0, 1))),
    ("many, half", many(), SHUFFLED, "B", Graded(Grade(Fraction(1, 2)), "0", (0,))),
    ("many, right minus wrong", many(), SHUFFLED, "DAB", Graded(Grade(Fraction(1, 2)), "012", (0, 1, 2))),
    ("many, everything", many(), SHUFFLED, "ABCD", Graded(WRONG, "0123", (0, 1, 2, 3))),
    ("order, right", order(), STEPS, "CDBEA", Graded(RIGHT, "01234", (0, 1, 2, 3, 4))),
    ("order, one swap", order(), STEPS, "DCBEA", Graded(Grade(Fraction(4, 5)), "10234", (1, 0, 2, 3, 4))),
    ("order, backwards", order(), STEPS, "AEBDC", Graded(WRONG, "43210", (4, 3, 2, 1, 0))),
    ("truth, right", truth(), (), "F", Graded(RIGHT, "F")),
    ("truth, wrong", truth(), (), "T", Graded(WRONG, "T")),
    ("truth, other key", truth(answer=True), (), "T", Graded(RIGHT, "T")),
    ("number, right", number(), (), " 1,960 ", Graded(RIGHT, "1,960")),
    ("number, wrong", number(), (), "7", Graded(WRONG, "7")),
    ("number, slip", number(), (), "1920", Graded(Grade(Fraction(0), "The 40 biases were forgotten."), "1920")),
]
NOT_ANSWERS: list[tuple[Question, tuple[int, ...], list[str]]] = [
    (one(), SHUFFLED, ["", "E", "AB", "a", "AA", "0", " ", "Ä", "A\n", "\ud800", "A" * 9999]),
    (many(), SHUFFLED, ["", "E", "AA", "ABA", "a", "A B", "ABCDE"]),
    (order(), STEPS, ["", "ABCD", "ABCDEF", "AABCD", "ABCDF", "abcde"]),
    (truth(), (), ["", "t", "true", "TF", "A", "1"]),
    (text(), (), ["", "anything"]),
]
NOT_NUMBERS = [
    "",
    " ",
    "many",
    "1 2",
    "1/0",
    "nan",
    "inf",
    "--1",
    "1e999",
    "5 GB",
    "*" * 61,
    "[a](https://x)",
    "\ud800",
]


@pytest.mark.parametrize(
    ("question", "shown", "response", "graded"), [row[1:] for row in GRADED], ids=[row[0] for row in GRADED]
)
def test_letters_name_what_was_shown(question: Question, shown: tuple[int, ...], response: str, graded: Graded) -> None:
    assert grade(question, shown, response) == graded


@pytest.mark.parametrize(
    ("question", "shown", "response"),
    [(question, shown, response) for question, shown, responses in NOT_ANSWERS for response in responses],
    ids=[f"{row[0].kind} {response[:9]!r}" for row in NOT_ANSWERS for response in row[2]],
)
def test_what_is_no_answer_is_refused(question: Question, shown: tuple[int, ...], response: str) -> None:
    with pytest.raises(BadInput, match="Nothing was counted"):
        grade(question, shown, response)


@pytest.mark.parametrize("typed", NOT_NUMBERS, ids=[repr(typed[:15]) for typed in NOT_NUMBERS])
def test_what_is_no_number_is_refused_and_told_how_to_write_one(typed: str) -> None:
    with pytest.raises(BadInput) as caught:
        grade(number(), (), typed)
    assert "Nothing was counted" in caught.value.problem
    assert caught.value.step.startswith("Press Answer again and write one number, such as")


def test_the_unit_is_named_where_there_is_one() -> None:
    with pytest.raises(BadInput) as caught:
        grade(number(unit="GB", slips=[]), (), "much")
    assert "one number in GB" in caught.value.step


def test_what_was_typed_is_escaped() -> None:
    with pytest.raises(BadInput) as caught:
        grade(number(), (), "**7** <@1>")
    assert r"\*\*7\*\* \<\@1\>" in caught.value.problem


@pytest.mark.parametrize("shown", list(permutations(range(4)))[::5])
def test_the_key_is_right_wherever_it_was_shown(shown: tuple[int, ...]) -> None:
    assert grade(one(), shown, "ABCD"[shown.index(0)]).grade == RIGHT


@given(response=st.text() | st.text("ABCDEFTabc01 ,./%", max_size=8))
@settings(deadline=None, max_examples=60)
def test_no_response_breaks_grading(response: str) -> None:
    for question, shown in ((one(), SHUFFLED), (many(), SHUFFLED), (order(), STEPS), (truth(), ()), (number(), ())):
        try:
            graded = grade(question, shown, response)
        except BadInput:
            continue
        assert 0 <= graded.grade.credit <= 1


@pytest.mark.parametrize("letters", ["", "A", "EA", "ABCDE"])
def test_steps_may_be_placed_one_by_one(letters: str) -> None:
    assert check_placed(STEPS, letters) == letters


@pytest.mark.parametrize("letters", ["F", "AA", "ABCDEF", "a", "A ", "1"])
def test_steps_that_were_not_shown_are_refused(letters: str) -> None:
    with pytest.raises(BadInput):
        check_placed(STEPS, letters)
