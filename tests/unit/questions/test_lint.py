"""Every rule of lint, each with questions that break it and questions that do not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from questions.bank import Fault
from questions.lint import LONGEST_SHOWN, lint, shown_length
from questions.model import OneBest, Question
from tests.support.items import EXPLANATION, SOURCE, many, number, one, order, real_taxonomy, right, text, truth, wrong

ABSOLUTE = "options: absolute words stand in every wrong option and in no right one: a give-away"
LONG_KEY = "options: the key is more than 1.4 times as long as any rival: a give-away"
LONGEST = "the key is the longest option in 40% of 20 items; at most 35%"
CODE = {"language": "python", "text": "x = 1"}


def lint_of(folder: Path, *questions: Question) -> list[Fault]:
    for topic in {question.topic for question in questions}:
        written = [question.model_dump(mode="json") for question in questions if question.topic == topic]
        content = yaml.safe_dump({"topic": topic, "questions": written}, allow_unicode=True)
        (folder / f"{topic.lower()}.yaml").write_text(content, encoding="utf-8")
    return lint(folder)


def said(folder: Path, *questions: Question) -> list[str]:
    return [fault.text for fault in lint_of(folder, *questions)]


def options(key: str, *rivals: str) -> list[dict[str, Any]]:
    return [right(key), *map(wrong, rivals)]


@pytest.mark.parametrize("question", [one(), many(), truth(), number(), order(), text()], ids=lambda item: item.kind)
def test_a_good_question_has_no_fault(tmp_path: Path, question: Question) -> None:
    assert lint_of(tmp_path, question) == []


def test_good_questions_of_all_kinds_together_have_no_fault(tmp_path: Path) -> None:
    assert lint_of(tmp_path, one(), many(), truth(), number(), order(), text()) == []


def test_faults_of_the_schema_come_along_and_all_are_in_order(tmp_path: Path) -> None:
    (tmp_path / "nm.yaml").write_text("topic: NM\n", encoding="utf-8")
    found = lint_of(tmp_path, number(id="ml-b", compute="1"), truth(id="op-a", explanation="Short."))
    assert [(fault.path, fault.line, fault.question) for fault in found] == [
        ("ml.yaml", 2, "ml-b"),
        ("nm.yaml", 1, ""),
        ("op.yaml", 2, "op-a"),
    ]


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({"compute": "48 * 40"}, ["compute: '48 * 40' gives 1920, the key says 1960"]),
        ({"compute": "1960.001"}, ["compute: '1960.001' gives 1960, the key says 1960"]),
        ({"compute": "1966", "tolerance": "5"}, ["compute: '1966' gives 1966, the key says 1960"]),
        ({"compute": "1965", "tolerance": "5"}, []),
        ({"compute": "1979", "tolerance": "1%"}, []),
        ({"compute": "1960 * (1 + 1e-10)"}, []),
        ({"value": "0.3", "compute": "0.1 + 0.2"}, []),
        ({"value": "0", "compute": "1e-12"}, ["compute: '1e-12' gives 1e-12, the key says 0"]),
        ({"value": "2 GiB", "unit": "MiB", "compute": "2 * 1024"}, []),
        ({"value": "2 GiB", "unit": "MiB", "compute": "2"}, ["compute: '2' gives 2, the key says 2 GiB"]),
    ],
)
def test_the_key_must_compute(tmp_path: Path, fields: dict[str, str], faults: list[str]) -> None:
    assert said(tmp_path, number(**fields, slips=[])) == faults


@pytest.mark.parametrize("expression", ["48 *", "inputs * outputs", "1 / 0", "10 ** 400"])
def test_a_key_that_does_not_compute_is_a_fault(tmp_path: Path, expression: str) -> None:
    found = lint_of(tmp_path, number(compute=expression))
    assert [fault.text.split(": ")[0] for fault in found] == ["compute"]


@pytest.mark.parametrize(
    "catch_all", ["All of the above", "None of the above", "both of these", "Both a and b", "Neither of the options"]
)
def test_an_option_that_catches_all_is_a_fault(tmp_path: Path, catch_all: str) -> None:
    question = one(options=options("Dropout", "Momentum", "Warm-up", catch_all))
    assert said(tmp_path, question) == [f"options: {catch_all!r} is a catch-all; write a real alternative"]


@pytest.mark.parametrize(
    "alternative",
    ["Allow more epochs", "Bothersome noise", "Both the encoder and the decoder", "None of the weights change sign"],
)
def test_an_option_that_only_begins_like_a_catch_all_is_none(tmp_path: Path, alternative: str) -> None:
    assert said(tmp_path, one(options=options("Dropout", "Momentum", alternative))) == []


@pytest.mark.parametrize(
    ("written", "faults"),
    [
        (options("Often helps", "It always helps", "It must help", "It never helps"), [ABSOLUTE]),
        (options("Often helps", "It ALWAYS helps", "It guarantees help", "Only it helps"), [ABSOLUTE]),
        (options("Often helps", "It always helps", "It must help", "It hurts"), []),
        (options("It never hurts", "It always helps", "It must help", "It only helps"), []),
        (options("Often helps", "Overall it helps", "Hall effects help", "Nonetheless it helps"), []),
    ],
)
def test_absolute_words_must_not_give_the_key_away(
    tmp_path: Path, written: list[dict[str, Any]], faults: list[str]
) -> None:
    assert said(tmp_path, one(options=written)) == faults


def test_absolute_words_are_looked_for_in_several_keys_too(tmp_path: Path) -> None:
    wrong_ones = [wrong("It always helps"), wrong("It never helps")]
    free, absolute = [right("It may"), right("It can")], [right("It may"), right("It must")]
    assert said(tmp_path, many(options=[*free, *wrong_ones])) == [ABSOLUTE]
    assert said(tmp_path, many(options=[*absolute, *wrong_ones])) == []


@pytest.mark.parametrize(
    ("key", "rival", "faults"),
    [(57, 40, [LONG_KEY]), (56, 40, []), (22, 10, []), (23, 10, [LONG_KEY]), (40, 57, [])],
)
def test_the_length_of_the_key_must_not_give_it_away(tmp_path: Path, key: int, rival: int, faults: list[str]) -> None:
    question = one(options=options("k" * key, "a" * rival, "b" * (rival - 1), "c" * (rival - 2)))
    assert said(tmp_path, question) == faults


@pytest.mark.parametrize(("over", "faults"), [(0, []), (1, [f"shows {LONGEST_SHOWN + 1} characters with its answer"])])
def test_a_question_must_fit_with_its_answer(tmp_path: Path, over: int, faults: list[str]) -> None:
    long = [right("k" * 180), *(wrong(letter * 180, letter * 240) for letter in "abc")]
    fields = {"options": long, "explanation": f"{EXPLANATION} {'x' * 800}"}
    question = one(stem="x" * (LONGEST_SHOWN - shown_length(one(stem="x", **fields)) + 1 + over), **fields)
    assert shown_length(question) == LONGEST_SHOWN + over
    assert [text.split(";")[0] for text in said(tmp_path, question)] == faults


@pytest.mark.parametrize(
    ("question", "length"),
    [
        (one(stem="12345", options=[right("12"), wrong("345", "6789"), wrong("6", "78")]), 5 + 2 + 3 + 4 + 1 + 2),
        (many(stem="12345", options=[right("1"), right("2"), wrong("3", "45"), wrong("6", "7")]), 5 + 4 + 3),
        (truth(stem="12345", why="678", follow_up="90"), 5 + 3 + 2),
        (number(stem="12345", slips=[{"value": "1", "why": "678"}], code=CODE), 5 + 3 + 5),
        (order(stem="12345", steps=["1", "23", "456"], mistake="78"), 5 + 2 * 6 + 2),
        (text(stem="12345", points=[{"text": sign, "weight": 0.25} for sign in ("1", "23", "4", "5")],
              red_flags=["12"], model_answer="345"), 5 + 5 + 2 + 3),
    ],
    ids=["one", "many", "truth", "number", "order", "text"],
)  # fmt: skip
def test_the_length_shown_counts_the_answer_and_its_reasons(question: Question, length: int) -> None:
    assert shown_length(question) == length + len(EXPLANATION) + len(SOURCE["title"]) + len(SOURCE["url"])


@pytest.mark.parametrize(
    ("words", "faults"), [(39, ["explanation: 39 words do not explain; write 60 to 150"]), (40, [])]
)
def test_an_explanation_must_explain(tmp_path: Path, words: int, faults: list[str]) -> None:
    assert said(tmp_path, truth(explanation=" ".join(["word"] * words))) == faults


@pytest.mark.parametrize(("lines", "faults"), [(15, []), (16, ["code: more than 15 lines"])])
def test_a_listing_must_be_short(tmp_path: Path, lines: int, faults: list[str]) -> None:
    assert said(tmp_path, truth(code={"language": "python", "text": "x = 1\n" * lines})) == faults


@pytest.mark.parametrize(
    ("url", "faulty"),
    [
        ("https://arxiv.org/abs/1512.03385", False),
        ("https://pytorch.org/docs/stable/nn.html", False),
        ("https://arxiv.org/pdf/1512.03385", True),
        ("https://arxiv.org/abs/1512.03385v2", True),
        ("https://www.arxiv.org/abs/1512.03385", True),
    ],
)
def test_a_paper_on_arxiv_is_cited_in_one_form(tmp_path: Path, url: str, faulty: bool) -> None:
    expected = [f"source: {url} is not of the form https://arxiv.org/abs/1512.03385"] if faulty else []
    assert said(tmp_path, truth(source={"title": "He et al., 2015", "url": url})) == expected


@pytest.mark.parametrize(
    ("first", "second", "faults"),
    [
        ({}, {"stem": "Which layer halves the height & width of its input?"}, ["asks nearly the same as ml-a"]),
        ({}, {"stem": "WHICH LAYER HALVES THE HEIGHT AND WIDTH OF ITS INPUT?"}, ["asks nearly the same as ml-a"]),
        ({}, {"stem": "Which loss do two classes take, and why that one?"}, []),
        ({}, {"id": "op-b"}, []),
        ({"code": CODE}, {"code": CODE}, ["asks nearly the same as ml-a"]),
        ({"code": CODE}, {"code": CODE | {"text": "x = 2"}}, []),
    ],
)
def test_no_two_questions_of_a_topic_ask_the_same(
    tmp_path: Path, first: dict[str, Any], second: dict[str, Any], faults: list[str]
) -> None:
    assert said(tmp_path, one(id="ml-a", **first), one(**{"id": "ml-b"} | second)) == faults


def spread(longest: int, places: Sequence[int] = (), *, shuffle: bool = True) -> list[OneBest]:
    """Return twenty questions of as many topics: ``longest`` with the longest key, the key where ``places`` says."""
    made = []
    for index, topic in enumerate(real_taxonomy().topics[:20]):
        written = [wrong("A second one"), wrong("A third one"), wrong("A fourth one")]
        written.insert(places[index] if places else 0, right("The longest one" if index < longest else "The key"))
        made.append(one(subtopic=topic.subtopics[0].code, options=written, shuffle=shuffle))
    return made


@pytest.mark.parametrize(("longest", "count", "faults"), [(7, 20, []), (8, 20, [LONGEST]), (8, 19, [])])
def test_the_key_is_not_the_longest_option_too_often(
    tmp_path: Path, longest: int, count: int, faults: list[str]
) -> None:
    assert said(tmp_path, *spread(longest)[:count]) == faults


@pytest.mark.parametrize(
    ("places", "shuffle", "faults"),
    [
        ([0] * 20, False, ["the key stands in place 1 in 20 of 20 unshuffled items"]),
        ([2] * 12 + [0, 1, 3, 0, 1, 3, 0, 1], False, ["the key stands in place 3 in 12 of 20 unshuffled items"]),
        ([2] * 11 + [0, 1, 3, 0, 1, 3, 0, 1, 3], False, []),
        ([0] * 20, True, []),
    ],
)
def test_the_key_does_not_stand_in_one_place_too_often(
    tmp_path: Path, places: list[int], shuffle: bool, faults: list[str]
) -> None:
    assert said(tmp_path, *spread(0, places, shuffle=shuffle)) == faults
