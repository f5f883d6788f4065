"""Every rule of lint, each with questions that break it and questions that do not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from questions.bank import Fault
from questions.lint import Report, examine
from questions.model import OneBest, Question
from tests.support.items import many, number, one, order, real_taxonomy, right, text, truth, wrong
from tests.unit.questions.linting import lint_of, options, said

ABSOLUTE = "options: absolute words stand in every wrong option and in no right one: a give-away"
LONG_KEY = "options: the key is more than 1.4 times as long as any rival: a give-away"
LONGEST = "the key is the longest option in 40% of 20 items; at most 35%"
CODE = {"language": "text", "text": "x = 1"}


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


@pytest.mark.parametrize(
    ("slips", "faults"),
    [
        (["1920", "1921"], []),
        (["1920", "1,920"], ["slips: whoever answers 1,920 is told another slip's reason"]),
    ],
)
def test_every_slip_is_told_its_own_reason(tmp_path: Path, slips: list[str], faults: list[str]) -> None:
    written = [{"value": value, "why": f"Reason {place}."} for place, value in enumerate(slips)]
    assert said(tmp_path, number(slips=written)) == faults


@pytest.mark.parametrize(
    ("keys", "others", "faults"),
    [
        (3, 2, []),
        (2, 2, []),
        (4, 2, ["options: choosing every option earns more than a third; write more wrong ones"]),
    ],
)
def test_choosing_everything_must_earn_little(tmp_path: Path, keys: int, others: int, faults: list[str]) -> None:
    written = [*(right(f"Key {place}") for place in range(keys)), *(wrong(f"Rival {place}") for place in range(others))]
    assert said(tmp_path, many(options=written)) == faults


@pytest.mark.parametrize(
    ("true", "count", "faults"),
    [
        (17, 20, ["17 of 20 propositions are true; that is more one-sided than chance"]),
        (3, 20, ["3 of 20 propositions are true; that is more one-sided than chance"]),
        (16, 20, []),
        (19, 19, []),
    ],
)
def test_propositions_are_not_all_true_or_false(tmp_path: Path, true: int, count: int, faults: list[str]) -> None:
    topics = real_taxonomy().topics[:count]
    asked = [
        truth(subtopic=topic.subtopics[0].code, stem=topic.name, answer=index < true)
        for index, topic in enumerate(topics)
    ]
    assert said(tmp_path, *asked) == faults


def test_listings_are_run_only_by_the_full_examination(tmp_path: Path) -> None:
    question = truth(code={"language": "python", "text": "print(1 + 1)", "output": "3"})
    assert lint_of(tmp_path, question) == []
    said = "code: prints '2'; the bank says '3'"
    assert examine(tmp_path) == Report((Fault("ml.yaml", 2, "ml-truth", said),))


def test_the_full_examination_finds_the_other_faults_too(tmp_path: Path) -> None:
    found = lint_of(tmp_path, number(compute="1"))
    assert len(found) == 1
    assert examine(tmp_path) == Report(tuple(found))


def spread(longest: int, places: Sequence[int] = (), *, shuffle: bool = True) -> list[OneBest]:
    """Return twenty questions of as many topics: ``longest`` with the longest key, the key where ``places`` says."""
    made = []
    for index, topic in enumerate(real_taxonomy().topics[:20]):
        written = [wrong("A second one"), wrong("A third one"), wrong("A fourth one")]
        written.insert(places[index] if places else 0, right("The longest one" if index < longest else "The key"))
        made.append(one(subtopic=topic.subtopics[0].code, stem=topic.name, options=written, shuffle=shuffle))
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
        ([2] * 11 + [0, 1, 3, 0, 1, 3, 0, 1, 3], False, ["the key stands in place 3 in 11 of 20 unshuffled items"]),
        ([2] * 10 + [0, 1, 3, 0, 1, 3, 0, 1, 3, 0], False, []),
        ([0] * 20, True, []),
    ],
)
def test_the_key_does_not_stand_in_one_place_too_often(
    tmp_path: Path, places: list[int], shuffle: bool, faults: list[str]
) -> None:
    assert said(tmp_path, *spread(0, places, shuffle=shuffle)) == faults
