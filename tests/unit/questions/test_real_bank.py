"""The bank that is shipped: free of faults, complete as promised, and its keys earn what they should."""

from __future__ import annotations

import json
from collections import Counter
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest
import yaml

from bot.bank_report import SEEDS, schema
from questions.bank import Bank, load_bank
from questions.grade import Grade, grade_many, grade_marks, grade_number, grade_one, grade_order, grade_truth
from questions.lint import examine
from questions.model import FreeText, Numeric, OneBest, Ordered, SelectAll, TrueFalse
from questions.taxonomy import DATA

FULL = Grade(Fraction(1))
TOPIC_FILES = sorted(path for path in DATA.glob("*.yaml") if path.name != "taxonomy.yaml")
GRADED = ("one", "many", "truth", "number", "order")


@pytest.fixture(scope="module")
def bank() -> Bank:
    return load_bank()


def test_lint_finds_no_fault() -> None:
    found = examine()
    assert "\n".join(map(str, found.faults)) == ""
    assert [note for note in found.notes if "torch" not in note] == [], "the tests' packages run all other listings"


def test_every_seed_is_covered(bank: Bank) -> None:
    covered = {seed for question in bank.questions for seed in question.seed}
    assert SEEDS == 46
    assert [number for number in range(1, SEEDS + 1) if f"S{number}" not in covered] == []


def test_there_are_enough_questions_of_each_graded_kind_and_in_all(bank: Bank) -> None:
    kinds = Counter[str](question.kind for question in bank.questions)
    assert {kind: kinds[kind] for kind in GRADED if kinds[kind] < 8} == {}
    assert sum(kinds[kind] for kind in GRADED) >= 80


def test_every_topic_file_is_named_for_its_topic(bank: Bank) -> None:
    places = {(question.topic, bank.places[question.id][0]) for question in bank.questions}
    assert [place for place in places if place[1] != f"{place[0].lower()}.yaml"] == []


def test_the_committed_schema_is_that_of_the_model() -> None:
    assert (DATA / "schema.json").read_text(encoding="utf-8") == schema()


def test_the_committed_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(schema()))


@pytest.mark.parametrize("path", TOPIC_FILES, ids=lambda path: path.name)
def test_the_schema_takes_every_topic_file(path: Path) -> None:
    validator = jsonschema.Draft202012Validator(json.loads(schema()))
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert [fault.message for fault in validator.iter_errors(content)] == []


@pytest.mark.parametrize("path", TOPIC_FILES, ids=lambda path: path.name)
def test_every_topic_file_tells_editors_its_schema(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=schema.json\n")


def test_the_schema_refuses_what_the_model_refuses() -> None:
    validator = jsonschema.Draft202012Validator(json.loads(schema()))
    content = yaml.safe_load(TOPIC_FILES[0].read_text(encoding="utf-8"))
    content["questions"][0]["stem"] = 90
    assert [list(fault.path)[:2] for fault in validator.iter_errors(content)] == [["questions", 0]]


def test_every_number_accepts_its_own_key_with_and_without_its_unit(bank: Bank) -> None:
    numbers = [question for question in bank.questions if isinstance(question, Numeric)]
    bare = [question.id for question in numbers if grade_number(question, question.value) != FULL]
    with_unit = [
        question.id
        for question in numbers
        if grade_number(question, f"{float(question.key)!r} {question.unit}") != FULL
    ]
    assert (bare, with_unit) == ([], [])


def test_every_slip_earns_nothing_and_is_told_as_itself(bank: Bank) -> None:
    mistold = [
        (question.id, slip.value)
        for question in bank.questions
        if isinstance(question, Numeric)
        for slip in question.slips
        if grade_number(question, slip.value) != Grade(Fraction(0), slip.why)
    ]
    assert mistold == []


def test_every_other_key_earns_everything(bank: Bank) -> None:
    def grade(question: object) -> Grade:
        match question:
            case OneBest():
                return grade_one(question, next(n for n, option in enumerate(question.options) if option.right))
            case SelectAll():
                return grade_many(question, [n for n, option in enumerate(question.options) if option.right])
            case TrueFalse():
                return grade_truth(question, question.answer)
            case Ordered():
                return grade_order(question, range(len(question.steps)))
            case FreeText():
                return grade_marks(question, range(len(question.points)))
        return FULL

    assert [question.id for question in bank.questions if grade(question) != FULL] == []


def test_choosing_everything_earns_little_in_every_question(bank: Bank) -> None:
    generous = [
        question.id
        for question in bank.questions
        if isinstance(question, SelectAll) and grade_many(question, range(len(question.options))).credit * 3 > 1
    ]
    assert generous == []
