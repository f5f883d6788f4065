"""Near-duplicates: what counts as one, in stems and in options, and that comparing many questions is quick."""

from __future__ import annotations

from typing import Any

import pytest

from questions.duplicates import duplicates, same_options
from questions.model import Question
from tests.support.items import one, right, truth, wrong

STEM = "Which layer halves the height and width of its input?"
CODE = {"language": "text", "text": "x = 1"}
OFFERED = ("The gradient of the loss shrinks in every layer", "Every unit computes the same function of its input")


def found(*questions: Question) -> list[tuple[str, str]]:
    return [(question.id, said) for question, said in duplicates(questions)]


def options(*texts: str) -> list[dict[str, Any]]:
    return [right(texts[0]), *map(wrong, texts[1:])]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ({}, {}, True),
        ({}, {"stem": "Which layer halves the height & width of its input?"}, True),
        ({}, {"stem": STEM.upper()}, True),
        ({}, {"id": "op-b"}, True),
        ({}, {"stem": "Which loss do two classes take, and why that one?"}, False),
        ({}, {"stem": STEM + " Say why in a sentence or two."}, False),
        ({}, {"stem": " ".join(reversed(STEM.split()))}, False),
        ({"code": CODE}, {"code": CODE}, True),
        ({"code": CODE}, {"code": CODE | {"text": "x = 2"}}, False),
    ],
)
def test_two_stems_are_near_duplicates_or_not(first: dict[str, Any], second: dict[str, Any], same: bool) -> None:
    asked = truth(**{"id": "ml-a", "stem": STEM} | first), truth(**{"id": "ml-b", "stem": STEM} | second)
    assert found(*asked) == ([(asked[1].id, "asks nearly the same as ml-a")] if same else [])


def test_the_later_one_is_named_whichever_is_longer() -> None:
    long, short = truth(id="ml-long", stem=STEM + " Why?"), truth(id="ml-short", stem=STEM)
    assert found(long, short) == [("ml-short", "asks nearly the same as ml-long")]
    assert found(short, long) == [("ml-long", "asks nearly the same as ml-short")]


@pytest.mark.parametrize(
    ("offered", "same"),
    [
        ((*OFFERED, "It does not"), True),
        (("It does not", *OFFERED), True),
        ((*reversed(OFFERED), "Nothing"), True),
        ((OFFERED[0], "The labels were shuffled before each of the epochs", "It does not"), False),
    ],
)
def test_two_sets_of_options_are_near_duplicates_or_not(offered: tuple[str, ...], same: bool) -> None:
    first = one(id="ml-a", stem="Why is it slow?", options=options(*OFFERED, "It does not"))
    second = one(id="ml-b", stem="What is seen in a deep network?", options=options(*offered))
    assert found(first, second) == ([("ml-b", "offers nearly the same options as ml-a")] if same else [])


def test_short_options_such_as_numbers_may_come_again() -> None:
    first = one(id="ml-a", stem="How large is it?", options=options("16", "32", "64"))
    second = one(id="ml-b", stem="How many weights has this filter?", options=options("16", "32", "64"))
    assert found(first, second) == []


def test_options_of_one_question_that_say_the_same_are_told() -> None:
    question = one(options=options("Halve the rate", "halve  a rate.", "Halve it"))
    assert list(same_options(question)) == [("Halve the rate", "halve  a rate.")]


@pytest.mark.parametrize("pair", [("−1", "1"), ("x[0]", "x(0)"), ("2 positions", "4 positions"), ("A unit", "A union")])
def test_options_that_differ_by_a_sign_differ(pair: tuple[str, str]) -> None:
    assert list(same_options(one(options=options(*pair, "else")))) == []
