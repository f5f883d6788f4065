"""The revision of a question: it changes when, and only when, what is asked or its key changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from questions.model import Question
from tests.support.items import SOURCE, many, number, one, order, right, text, truth, wrong

Build = Callable[..., Question]
BUILDERS = [one, many, truth, number, order, text]
OPTIONS = [right("A"), wrong("B"), wrong("C")]
POINTS = [{"text": words, "weight": 0.25} for words in "ABCD"]
STEPS = ["Draw", "Run", "Step"]


@pytest.mark.parametrize("build", BUILDERS)
def test_a_revision_is_eight_hex_digits_and_the_same_for_the_same_question(build: Build) -> None:
    assert re.fullmatch("[0-9a-f]{8}", build().revision)
    assert build().revision == build().revision


def test_another_formula_changes_the_revision() -> None:
    assert one(formula="x^2").revision != one(formula="x^3").revision


def test_a_question_without_a_formula_keeps_the_revision_that_it_had_before_there_were_any() -> None:
    assert one().revision == "39fbfc18"


@pytest.mark.parametrize("build", BUILDERS)
@pytest.mark.parametrize(
    "fields",
    [
        {"stem": "Something else?"},
        {"id": "ml-other"},
        {"code": {"language": "text", "text": "x"}},
        {"formula": "x^2"},
    ],
)
def test_asking_something_else_changes_the_revision(build: Build, fields: dict[str, Any]) -> None:
    assert build(**fields).revision != build().revision


@pytest.mark.parametrize(
    ("build", "before", "after"),
    [
        (one, {"options": OPTIONS}, {"options": [right("A"), wrong("B"), wrong("D")]}),
        (one, {"options": OPTIONS}, {"options": [wrong("A"), right("B"), wrong("C")]}),
        (one, {"options": OPTIONS}, {"options": [right("A"), wrong("C"), wrong("B")]}),
        (one, {"options": OPTIONS}, {"options": [*OPTIONS, wrong("D")]}),
        (many, {}, {"options": [right("Weight decay"), wrong("Dropout"), right("A larger network"), wrong("Longer")]}),
        (truth, {"answer": False}, {"answer": True}),
        (number, {"value": "1960"}, {"value": "1961"}),
        (number, {"tolerance": "0"}, {"tolerance": "1%"}),
        (number, {"unit": ""}, {"unit": "GB"}),
        (order, {"steps": STEPS}, {"steps": ["Run", "Draw", "Step"]}),
        (order, {"steps": STEPS}, {"steps": ["Draw", "Run", "Update"]}),
        (text, {"points": POINTS}, {"points": [*POINTS[:3], {"text": "E", "weight": 0.25}]}),
        (text, {"points": POINTS},
         {"points": [{"text": "A", "weight": 0.2}, {"text": "B", "weight": 0.3}, *POINTS[2:]]}),
    ],
)  # fmt: skip
def test_another_key_changes_the_revision(build: Build, before: dict[str, Any], after: dict[str, Any]) -> None:
    assert build(**after).revision != build(**before).revision


@pytest.mark.parametrize("build", BUILDERS)
@pytest.mark.parametrize(
    "fields",
    [
        {"explanation": "Put better."},
        {"worked": "x^2"},
        {"hint": "Think again."},
        {"source": SOURCE | {"title": "Another edition"}},
        {"follow_up": "And then?"},
        {"seed": ["S1"]},
        {"tags": ["why"]},
        {"level": "hard"},
        {"id": "ml-same", "subtopic": "ML2"},
    ],
)
def test_better_words_around_a_question_keep_the_revision(build: Build, fields: dict[str, Any]) -> None:
    same = {"id": fields["id"]} if "id" in fields else {}
    assert build(**fields).revision == build(**same).revision


@pytest.mark.parametrize(
    ("build", "before", "after"),
    [
        (one, {"options": OPTIONS}, {"options": [right("A"), wrong("B"), wrong("C", "Put better.")]}),
        (truth, {}, {"why": "Put better."}),
        (number, {}, {"compute": "(48 + 1) * 40"}),
        (number, {}, {"slips": [{"value": "1920", "why": "Put better."}]}),
        (order, {}, {"mistake": "Put better."}),
        (text, {}, {"model_answer": "Put better."}),
    ],
)
def test_better_words_about_wrong_answers_keep_the_revision(
    build: Build, before: dict[str, Any], after: dict[str, Any]
) -> None:
    assert build(**after).revision == build(**before).revision
