"""Formulas in messages: a line where that is exact, else a picture with its words; and what is for later stays away."""

from __future__ import annotations

import pytest

from bot.features.question_view import question_message
from bot.features.result_view import result_message, revealed_message
from bot.message import Image, Message
from bot.practice.service import Revealed
from questions.formulas import alt_of, parse, unicode_of
from questions.formulas.pictures import picture
from questions.model import FreeText, Question
from tests.support.items import one, text
from tests.support.views import BANK, answered, marked, right_response, show

LINE = r"\frac{a}{b + c}"
UNDRAWN = r"\frac{e^{x_{17}}}{y}"
WITH_FORMULA = [question for question in BANK.questions if question.formula]
WITH_WORKED = [question for question in BANK.questions if question.worked]


def image(source: str | None) -> tuple[Image, ...]:
    """Return what stands for a formula of the bank that no line says."""
    data = picture(source) if source and not unicode_of(parse(source)) else None
    return (Image(data, alt_of(parse(source or "")), "formula.png"),) if data else ()


def result(question: Question) -> Message:
    if isinstance(question, FreeText):
        return result_message(marked(question, (0,)))
    return result_message(answered(question, right_response(question)))


@pytest.mark.parametrize("question", WITH_FORMULA, ids=lambda question: question.id)
def test_the_formula_of_a_question_is_shown_before_and_after_the_answer(question: Question) -> None:
    line = unicode_of(parse(question.formula or ""))
    asked, told = question_message(show(question), BANK.taxonomy), result(question)
    assert asked.images == image(question.formula)
    assert told.images == (*image(question.formula), *image(question.worked))
    assert len(asked.images) == (0 if line else 1)
    assert (f"`{line}`" in asked.text, f"`{line}`" in told.text) == (bool(line), bool(line))


@pytest.mark.parametrize("question", WITH_WORKED, ids=lambda question: question.id)
def test_the_worked_formula_is_shown_with_the_explanation_alone(question: Question) -> None:
    line = unicode_of(parse(question.worked or ""))
    asked, told = question_message(show(question, hinted=True), BANK.taxonomy), result(question)
    assert asked.images == image(question.formula)
    assert told.images == (*image(question.formula), *image(question.worked))
    if line:
        assert f"`{line}`" not in asked.text
        assert f"\n\n`{line}`\n\n**Source:**" in told.text
    else:
        assert len(told.images) == len(asked.images) + 1


def test_a_line_stands_under_the_stem_in_monospace_and_above_the_listing() -> None:
    question = one(stem="What is it?", formula=LINE, code={"language": "text", "text": "x = 1"})
    message = question_message(show(question), BANK.taxonomy)
    assert message.text.startswith("What is it?\n\n`a/(b + c)`\n\n```text\nx = 1\n```\n\n**A.** ")
    assert message.images == ()


def test_a_formula_whose_picture_is_missing_is_said_in_words() -> None:
    message = question_message(show(one(stem="What is it?", formula=UNDRAWN)), BANK.taxonomy)
    assert message.text.startswith(f"What is it?\n\n*Formula: {alt_of(parse(UNDRAWN))}.*\n\n**A.** ")
    assert message.images == ()


def test_marking_a_free_text_shows_the_formula_but_not_the_worked_one() -> None:
    question = text(formula=LINE, worked="x^2")
    message = revealed_message(Revealed(show(question), "words"))
    assert "`a/(b + c)`" in message.text
    assert "`x²`" not in message.text
    assert "`x²`" in result(question).text


def test_the_picture_of_a_formula_is_there_when_a_free_text_is_marked() -> None:
    drawn = next(source for question in BANK.questions for source in question.formulas if image(source))
    assert revealed_message(Revealed(show(text(formula=drawn)), "words")).images == image(drawn)
