"""Every family: its key agrees with its slow check, its misconceptions stay apart, and its texts fit."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

from questions.bank import load_bank
from questions.compute import compute
from questions.generate import FAMILIES, conv, cost, detection, generate, llm, systems
from questions.generate.family import Family
from questions.grade import Grade, grade_number
from questions.lint import LONGEST_SHOWN, item_faults, shown_length
from questions.numbers import read_number
from questions.taxonomy import load_taxonomy

DRAWS = 200

families = pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES.keys())


@families
def test_the_key_is_what_the_slow_check_finds_and_every_question_fits(family: Family[Any]) -> None:
    chance = random.Random(family.id)
    for _ in range(DRAWS):
        drawn = family.draw(chance)
        found, key = family.check(drawn), compute(family.solve(drawn))
        if family.digits:
            assert found == pytest.approx(float(key), rel=1e-9, abs=0), drawn
        else:
            assert found == key, drawn
        if family.separates(drawn):
            question = family.question(drawn)  # the model refuses a slip that would be graded as right
            assert shown_length(question) <= LONGEST_SHOWN
            assert len({question.value, *(slip.value for slip in question.slips)}) == 1 + len(family.misconceptions)


@families
def test_a_question_has_no_fault_and_tells_key_and_misconceptions_apart(family: Family[Any]) -> None:
    for seed in range(10):
        question = generate(family.id, seed)
        assert list(item_faults(question)) == []
        assert grade_number(question, question.value) == Grade(Fraction(1))
        told = [grade_number(question, slip.value) for slip in question.slips]
        assert told == [Grade(Fraction(0), slip.why) for slip in question.slips]
        assert 40 <= len(question.explanation.split()) <= 150


@families
def test_the_explanation_works_out_the_numbers_of_its_own_draw(family: Family[Any]) -> None:
    questions = [generate(family.id, seed) for seed in range(10)]
    assert len({question.explanation for question in questions}) >= 5
    assert len({question.revision for question in questions}) >= 5
    for question in questions:
        key = question.value.replace("-", "−")
        whole = f"{int(question.value):,}" if not family.digits else key
        assert key in question.explanation or whole in question.explanation


@families
def test_a_family_says_what_it_accepts(family: Family[Any]) -> None:
    question = generate(family.id, 1)
    assert (question.tolerance == "0") == (family.digits == 0)
    assert ("counts." in question.stem) == (family.digits > 0)
    assert len(family.misconceptions) >= 2
    assert family.id in FAMILIES
    assert family.subtopic in load_taxonomy().subtopics


def test_there_are_forty_families_and_no_question_of_the_bank_bears_their_ids() -> None:
    assert len(FAMILIES) == 40
    assert FAMILIES.keys() & load_bank().by_id.keys() == set()


def test_the_same_seed_gives_the_same_question() -> None:
    first = generate("cn-conv-output-size", 7)
    assert generate("cn-conv-output-size", 7) == first
    assert generate("cn-conv-output-size", 8) != first
    assert first.id == "cn-conv-output-size"


def test_there_is_no_question_of_a_family_that_is_none() -> None:
    with pytest.raises(KeyError):
        generate("cn-nothing", 1)


@pytest.mark.parametrize(
    ("family", "drawn", "value"),
    [
        (conv.OUTPUT_SIZE, conv.Window(n=28, k=5, s=2, p=0, d=2), "10"),
        (conv.FLATTENED, conv.Stack(39, ((3, 1), (5, 2), (5, 2)), 40), "1960"),
        (cost.CONV_PARAMETERS, cost.Filters(c=12, f=128, k=3, g=4, bias=True), "3584"),
        (cost.RECURRENT_PARAMETERS, cost.Recurrent(g=3, x=300, h=256), "427776"),
        (llm.KV_CACHE, llm.Cache(layers=80, heads=64, kv=1, d_h=128, s=4096, b=1, size=1), "0.07812"),
        (systems.MODEL_STATES, systems.States(p=350, n=16, stage=1), "1.663"),
        (systems.TRAINING_DAYS, systems.Run(p=70, d=1000, gpus=1024, peak=312, mfu=40), "38.04"),
        (detection.AVERAGE_PRECISION, detection.Ranked((False, True, True, True), 0), "0.75"),
        (systems.ALL_REDUCE, systems.Ring(p=1300, n=8, size=4), "9.1"),
    ],
    ids=lambda part: part.id if isinstance(part, Family) else "",
)
def test_worked_examples(family: Family[Any], drawn: Any, value: str) -> None:
    assert family.value(drawn) == value
    assert read_number(value) == pytest.approx(family.check(drawn), rel=1e-3)


def test_pytorch_counts_two_biases_in_a_gru() -> None:
    two = cost.RECURRENT_PARAMETERS.misconceptions["two biases"]
    assert two.value(cost.Recurrent(g=3, x=300, h=256)) == 428_544
