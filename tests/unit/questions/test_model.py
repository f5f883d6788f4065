"""What a question must be: every validator, and the strictness of every field."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from questions.model import Listing, Option, Question, Source, TopicFile
from questions.numbers import UNITS
from tests.support.items import many, number, one, order, right, text, truth, wrong

Build = Callable[..., BaseModel]
URL = "https://arxiv.org/abs/1512.03385"
SOME_RIGHT = ": two or more must be right, and choosing all of them must earn at most half"
NEEDS_WHY = "a wrong option needs a 'why': the belief that leads to it and what is true"


def source(**fields: Any) -> Source:
    return Source.model_validate({"title": "He et al., 2015", "url": URL} | fields)


def listing(**fields: Any) -> Listing:
    return Listing.model_validate({"language": "python", "text": "x = 1"} | fields)


def option(**fields: Any) -> Option:
    return Option.model_validate({"text": "Dropout"} | fields)


def topic_file(**fields: Any) -> TopicFile:
    return TopicFile.model_validate({"topic": "ML", "questions": [one(), truth()]} | fields)


def points(*weights: float) -> list[dict[str, object]]:
    return [{"text": f"Claim {place}", "weight": weight} for place, weight in enumerate(weights)]


def faults(build: Build, fields: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as caught:
        build(**fields)
    return [(".".join(map(str, fault["loc"])), fault["type"]) for fault in caught.value.errors()]


def said(build: Build, fields: dict[str, Any]) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        build(**fields)
    return [fault["msg"].removeprefix("Value error, ") for fault in caught.value.errors()]


@pytest.mark.parametrize(
    ("build", "kind"),
    [(one, "one"), (many, "many"), (truth, "truth"), (number, "number"), (order, "order"), (text, "text")],
)
def test_every_kind_is_read_by_its_name(build: Build, kind: str) -> None:
    read = TopicFile.model_validate({"topic": "ML", "questions": [build().model_dump(mode="json")]})
    assert [question.kind for question in read.questions] == [kind]
    assert list(read.questions) == [build()]


@pytest.mark.parametrize(
    ("build", "fields", "message"),
    [
        (option, {}, NEEDS_WHY),
        (one, {"id": "op-one", "subtopic": "ML1"}, "id must start with 'ml-', the topic of subtopic ML1"),
        (one, {"options": [wrong("A"), wrong("B"), wrong("C")]}, "exactly one option must be right, not 0"),
        (one, {"options": [right("A"), right("B"), wrong("C")]}, "exactly one option must be right, not 2"),
        (one, {"options": [right("A"), wrong("B"), wrong("b")]}, "two options say the same: 'b'"),
        (many, {"options": [right("A"), wrong("B"), wrong("C"), wrong("D")]},
         f"1 right and 3 wrong options{SOME_RIGHT}"),
        (many, {"options": [right("A"), right("B"), right("C"), right("D")]},
         f"4 right and 0 wrong options{SOME_RIGHT}"),
        (many, {"options": [right("A"), right("B"), wrong("C"), wrong(" c ")]}, "two options say the same: 'c'"),
        (many, {"options": [right("A"), right("B"), right("C"), wrong("D")]},
         f"3 right and 1 wrong options{SOME_RIGHT}"),
        (number, {"unit": "furlongs"}, f"unknown unit 'furlongs'; known: {', '.join(sorted(UNITS))}"),
        (number, {"value": "many"}, "not a number: 'many' is not one number"),
        (number, {"value": "5 s", "unit": "GB"}, "not a number: the unit 's' does not fit; answer in GB"),
        (number, {"tolerance": "some"}, "not a number: 'some' is not one number"),
        (number, {"slips": [{"value": "few", "why": "Forgot."}]}, "not a number: 'few' is not one number"),
        (number, {"slips": [{"value": "1960.0", "why": "Forgot."}]}, "slip 1960.0 would be graded as right"),
        (number, {"tolerance": "40"}, "slip 1920 would be graded as right"),
        (number, {"tolerance": "3%"}, "slip 1920 would be graded as right"),
        (order, {"steps": ["Draw", "Run", "draw"]}, "two steps say the same: 'draw'"),
        (text, {"points": points(0.5, 0.3, 0.3)}, "the weights of the key points must sum to 1, not 1.1"),
        (text, {"points": points(0.3, 0.3, 0.3)}, "the weights of the key points must sum to 1, not 0.9"),
    ],
)  # fmt: skip
def test_a_broken_rule_is_said(build: Build, fields: dict[str, Any], message: str) -> None:
    assert said(build, fields) == [message]


@pytest.mark.parametrize("tolerance", ["-1", "-1%"])
def test_a_tolerance_that_refuses_the_key_itself_is_refused(tolerance: str) -> None:
    with pytest.raises(ValidationError):
        number(tolerance=tolerance, slips=[])


@pytest.mark.parametrize(
    ("build", "fields", "fault"),
    [
        (source, {"url": "http://arxiv.org/abs/1512.03385"}, ("url", "string_pattern_mismatch")),
        (source, {"url": "https://arxiv.org/a b"}, ("url", "string_pattern_mismatch")),
        (source, {"url": URL + "/" * 200}, ("url", "string_too_long")),
        (source, {"title": " "}, ("title", "string_too_short")),
        (source, {"title": "x" * 141}, ("title", "string_too_long")),
        (listing, {"language": "rust"}, ("language", "literal_error")),
        (listing, {"text": ""}, ("text", "string_too_short")),
        (listing, {"text": "x" * 701}, ("text", "string_too_long")),
        (option, {"text": "x" * 181, "right": True}, ("text", "string_too_long")),
        (option, {"why": ""}, ("why", "string_too_short")),
        (one, {"id": "ml-Upper"}, ("id", "string_pattern_mismatch")),
        (one, {"id": "ml-"}, ("id", "string_pattern_mismatch")),
        (one, {"id": "ml-a--b"}, ("id", "string_pattern_mismatch")),
        (one, {"id": "ml-a\n"}, ("id", "string_pattern_mismatch")),
        (one, {"id": "ml-" + "a" * 38}, ("id", "string_too_long")),
        (one, {"subtopic": "ML0"}, ("subtopic", "string_pattern_mismatch")),
        (one, {"level": "tricky"}, ("level", "enum")),
        (one, {"stem": "x" * 801}, ("stem", "string_too_long")),
        (one, {"explanation": "x" * 1201}, ("explanation", "string_too_long")),
        (one, {"hint": "x" * 241}, ("hint", "string_too_long")),
        (one, {"follow_up": ""}, ("follow_up", "string_too_short")),
        (one, {"seed": ["S0"]}, ("seed.0", "string_pattern_mismatch")),
        (one, {"seed": ["S1", "S108"]}, ("seed.1", "string_pattern_mismatch")),
        (one, {"tags": ["fun"]}, ("tags.0", "literal_error")),
        (one, {"options": [right("A"), wrong("B")]}, ("options", "too_short")),
        (one, {"options": [right("A"), *map(wrong, "BCDEF")]}, ("options", "too_long")),
        (many, {"options": [right("A"), right("B"), wrong("C")]}, ("options", "too_short")),
        (many, {"options": [right("A"), *map(wrong, "BCDEFG")]}, ("options", "too_long")),
        (order, {"steps": ["A", "B"]}, ("steps", "too_short")),
        (order, {"steps": list("ABCDEFG")}, ("steps", "too_long")),
        (order, {"steps": ["A", "B", "C", "x" * 141]}, ("steps.3", "string_too_long")),
        (text, {"points": points(0.5, 0.5)}, ("points", "too_short")),
        (text, {"points": points(0.2, 0.2, 0.2, 0.1, 0.1, 0.1, 0.1)}, ("points", "too_long")),
        (text, {"points": points(0.8, 0.1, 0.05, 0.05)}, ("points.0.weight", "less_than_equal")),
        (text, {"points": points(0.0, 0.5, 0.25, 0.25)}, ("points.0.weight", "greater_than")),
        (text, {"red_flags": []}, ("red_flags", "too_short")),
        (text, {"red_flags": ["A", "B", "C"]}, ("red_flags", "too_long")),
        (text, {"model_answer": "x" * 1001}, ("model_answer", "string_too_long")),
        (topic_file, {"topic": "ml"}, ("topic", "string_pattern_mismatch")),
        (topic_file, {"questions": [{"kind": "essay"}]}, ("questions.0", "union_tag_invalid")),
        (topic_file, {"questions": [{}]}, ("questions.0", "union_tag_not_found")),
    ],
)
def test_a_field_out_of_bounds_is_refused(build: Build, fields: dict[str, Any], fault: tuple[str, str]) -> None:
    assert faults(build, fields) == [fault]


@pytest.mark.parametrize(
    ("build", "fields", "fault"),
    [
        (one, {"stem": False}, ("stem", "string_type")),
        (one, {"stem": 90}, ("stem", "string_type")),
        (one, {"hint": None}, ("hint", "string_type")),
        (one, {"level": 1}, ("level", "enum")),
        (one, {"seed": [7]}, ("seed.0", "string_type")),
        (one, {"seed": "S7"}, ("seed", "tuple_type")),
        (one, {"shuffle": "no"}, ("shuffle", "bool_type")),
        (one, {"shuffle": 0}, ("shuffle", "bool_type")),
        (option, {"text": 10, "right": True}, ("text", "string_type")),
        (option, {"right": "yes"}, ("right", "bool_type")),
        (truth, {"answer": "false"}, ("answer", "bool_type")),
        (truth, {"answer": 0}, ("answer", "bool_type")),
        (number, {"value": 1960}, ("value", "string_type")),
        (number, {"tolerance": 0}, ("tolerance", "string_type")),
        (order, {"steps": ["A", "B", "C", True]}, ("steps.3", "string_type")),
        (
            text,
            {"points": [*points(0.3, 0.3, 0.2), {"text": "Last", "weight": "0.2"}]},
            ("points.3.weight", "float_type"),
        ),
        (text, {"red_flags": ["A", False]}, ("red_flags.1", "string_type")),
        (one, {"points": 5}, ("points", "extra_forbidden")),
        (source, {"author": "He"}, ("author", "extra_forbidden")),
        (option, {"right": True, "correct": True}, ("correct", "extra_forbidden")),
        (topic_file, {"title": "Neurons"}, ("title", "extra_forbidden")),
    ],
)
def test_nothing_is_converted_and_nothing_unknown_is_taken(
    build: Build, fields: dict[str, Any], fault: tuple[str, str]
) -> None:
    assert faults(build, fields) == [fault]


@pytest.mark.parametrize("build", [one, many, truth, number, order, text])
def test_a_question_cannot_be_changed(build: Callable[..., Question]) -> None:
    with pytest.raises(ValidationError):
        build().stem = "Another?"


def test_the_space_around_a_text_is_not_part_of_it() -> None:
    assert one(stem="  Which layer?\n").stem == "Which layer?"


def test_the_indentation_of_a_listing_is_kept() -> None:
    assert listing(text="    return x\n").text == "    return x\n"


def test_a_right_option_may_say_why_or_not() -> None:
    assert [option(right=True).why, option(right=True, why="It is.").why] == [None, "It is."]


@pytest.mark.parametrize(("seed", "last"), [("S1", "S9"), ("S10", "S99"), ("S100", "S107")])
def test_seeds_run_from_one_to_the_last(seed: str, last: str) -> None:
    assert one(seed=[seed, last]).seed == (seed, last)


@pytest.mark.parametrize(
    ("fields", "key", "margin"),
    [
        ({}, Fraction(1960), Fraction(0)),
        ({"tolerance": "5"}, Fraction(1960), Fraction(5)),
        ({"tolerance": "1%"}, Fraction(1960), Fraction(98, 5)),
        ({"value": "-200", "tolerance": "1%"}, Fraction(-200), Fraction(2)),
        ({"value": "0.1", "tolerance": "0.05"}, Fraction(1, 10), Fraction(1, 20)),
        ({"value": "9100 MB", "unit": "GB"}, Fraction(91, 10), Fraction(0)),
        ({"value": "75", "unit": "%", "tolerance": "0.5"}, Fraction(75), Fraction(1, 2)),
        ({"value": "75", "unit": "%", "tolerance": "2%"}, Fraction(75), Fraction(3, 2)),
    ],
)
def test_key_and_margin_are_exact(fields: dict[str, str], key: Fraction, margin: Fraction) -> None:
    question = number(**fields, slips=[])
    assert (question.key, question.margin) == (key, margin)


def test_the_topic_is_the_head_of_the_subtopic() -> None:
    assert one(subtopic="LM12").topic == "LM"
