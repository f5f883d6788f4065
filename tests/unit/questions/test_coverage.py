"""Coverage: what each subtopic, each seed and the whole bank need, and what counts towards it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from questions.coverage import Balance, Row, balances, beyond_recall, needed, seed_rows, subtopic_rows
from questions.model import Question
from questions.taxonomy import Subtopic
from tests.support.items import bank_of, many, number, one, order, real_taxonomy, text, truth

PYTHON = {"language": "python", "text": "print(1)", "output": "1"}


@pytest.mark.parametrize(
    ("band", "planned", "least"),
    [("A", 9, 9), ("B", 8, 4), ("B", 9, 5), ("B", 1, 1), ("C", 9, 1), ("D", 5, 1)],
)
def test_a_subtopic_needs_what_its_band_asks_for(band: str, planned: int, least: int) -> None:
    assert needed(Subtopic("CN1", "Convolution", band, planned)) == least


def test_every_subtopic_has_a_row_with_what_is_written() -> None:
    rows = subtopic_rows(bank_of(one(subtopic="CN1"), one(id="cn-b", subtopic="CN1"), truth(subtopic="CN1")))
    assert [row.subtopic.code for row in rows] == list(real_taxonomy().subtopics)
    first = real_taxonomy().subtopics["CN1"]
    assert [row for row in rows if row.written] == [Row(first, first.planned, 3, Counter({"one": 2, "truth": 1}))]


@pytest.mark.parametrize(("written", "met"), [(1, False), (2, True), (3, True)])
def test_a_row_is_met_by_enough_questions(written: int, met: bool) -> None:
    assert Row(Subtopic("CN1", "", "A", 2), 2, written, Counter()).met is met


def test_the_taxonomy_is_planned_as_the_project_says() -> None:
    parts = real_taxonomy().subtopics.values()
    assert (len(parts), sum(part.planned for part in parts)) == (165, 1306)
    assert Counter(part.band for part in parts) == {"A": 59, "B": 67, "C": 32, "D": 7}


@pytest.mark.parametrize(
    ("question", "beyond"),
    [
        (one(), False),
        (truth(), False),
        (one(tags=["why", "paper"]), False),
        (one(tags=["by-hand"]), True),
        (one(tags=["why", "estimate"]), True),
        (truth(tags=["shapes"]), True),
        (truth(tags=["spot-the-bug"]), True),
        (truth(code=PYTHON), True),
        (one(code={"language": "text", "text": "loss 2.3"}), True),
        (many(), True),
        (number(), True),
        (order(), True),
        (text(), True),
    ],
)
def test_what_goes_beyond_recall(question: Question, beyond: bool) -> None:
    assert beyond_recall(question) is beyond


def test_every_seed_has_a_row() -> None:
    assert [row.seed for row in seed_rows(bank_of())] == [f"S{number}" for number in range(1, 108)]


@pytest.mark.parametrize(
    ("seed", "questions", "missing"),
    [
        ("S47", [], "2 more, two kinds"),
        ("S47", [one()], "1 more, another kind"),
        ("S47", [one(), one(id="ml-b")], "another kind"),
        ("S47", [one(), truth()], ""),
        ("S107", [one(), truth()], ""),
        ("S46", [], "3 more, two kinds, one beyond recall"),
        ("S46", [one(), truth()], "1 more, one beyond recall"),
        ("S46", [one(), truth(), one(id="ml-b")], "one beyond recall"),
        ("S46", [number(), number(id="ml-b"), number(id="ml-c")], "another kind"),
        ("S1", [one(), truth(), number()], ""),
    ],
)
def test_what_a_seed_lacks(seed: str, questions: list[Question], missing: str) -> None:
    tagged = [question.model_copy(update={"seed": ("S50", seed)}) for question in questions]
    rows = {row.seed: row for row in seed_rows(bank_of(*tagged))}
    assert (rows[seed].questions, rows[seed].missing) == (tuple(tagged), missing)


def copies(question: Question, count: int, **fields: Any) -> list[Question]:
    return [question.model_copy(update={"id": f"ml-{question.kind}-{place}"} | fields) for place in range(count)]


def test_what_holds_over_the_bank_at_its_limits() -> None:
    bank = bank_of(
        *copies(one(level="easy"), 184),
        *copies(number(level="medium"), 60),
        *copies(text(level="hard"), 40),
        *copies(many(level="hard"), 20),
        *copies(order(code=PYTHON, level="hard"), 20),
        *copies(truth(level="hard"), 11),
    )
    assert balances(bank) == (
        Balance("kind one", "184 (54.9%)", "at most 55%", True),
        Balance("kind number", "60", "at least 60", True),
        Balance("kind text", "40", "at least 40", True),
        Balance("kind many", "20", "at least 20", True),
        Balance("kind order", "20", "at least 20", True),
        Balance("runnable listings", "20", "at least 20", True),
        Balance("level easy", "54.9%", "23% to 37%", False),
        Balance("level medium", "17.9%", "38% to 52%", False),
        Balance("level hard", "27.2%", "18% to 32%", True),
    )


def test_what_does_not_hold_over_a_small_bank() -> None:
    stateless = {"language": "python", "text": "import torch"}
    found = balances(bank_of(*copies(one(level="hard", code=stateless), 3), number(level="hard")))
    assert [balance.found for balance in found] == ["3 (75.0%)", "1", "0", "0", "0", "0", "0.0%", "0.0%", "100.0%"]
    assert [balance.met for balance in found] == [False] * 9


def test_an_empty_bank_divides_by_nothing() -> None:
    assert [balance.what for balance in balances(bank_of()) if balance.met] == ["kind one"]
