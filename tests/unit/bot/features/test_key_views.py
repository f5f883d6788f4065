"""Every question of the real bank as moderators see it: it fits, whatever was answered, reported and ruled."""

from __future__ import annotations

from dataclasses import replace

from bot.features.question import OUT
from bot.features.question_key import (
    key_message,
    look_message,
    reported_message,
    reports_message,
    statistics_message,
)  # fmt: skip
from bot.features.question_view import stem
from bot.judging import Report, Ruling
from bot.message import CHOICES, Message, Select
from bot.practice.quality import Dossier, Measured
from questions.model import Level, Numeric, OneBest, Ordered, Question, SelectAll, TrueFalse
from questions.statistics import Analysis, Sums, tally_of
from tests.support.views import BANK, each
from tests.support.world import MONDAY


def listed(message: Message) -> int:
    """Return how many questions a list offers to look at."""
    return sum(len(row.choices) for row in message.rows if isinstance(row, Select))


def every(question: Question) -> Dossier:
    """Return a question with the longest that can be said of it."""
    at, note = MONDAY, "*" * 1000
    wrong = tuple(range(len(question.options))) if isinstance(question, OneBest | SelectAll) else ()
    sums = {place: Sums(99_999, 0, 0, 99_899_001) for place in tally_of(wrong, 0, 0)}
    known = Analysis(99_999, 0.0, Level.MEDIUM, -0.999, wrong, wrong)
    reports = [Report("grading", note, at)] * 99
    return Dossier(question, question.revision, sums, known, reports, Ruling(out=True, by="*" * 100, at=at))


@each()
def test_every_question_of_the_bank_fits_with_its_key_and_all_that_can_be_said(question: Question) -> None:
    dossier = every(question)
    shown = key_message(dossier)
    assert stem(question) in shown.text
    if isinstance(question, OneBest | SelectAll):
        assert all(option.text in shown.text for option in question.options)
    assert statistics_message(dossier).fields
    for ruling in (dossier.ruling, None):
        page = reports_message(replace(dossier, ruling=ruling), {}, OUT)
        assert page.text.endswith("and 94 more")


def test_lists_of_the_whole_bank_fit() -> None:
    measured = [Measured(question, every(question).analysis) for question in BANK.questions]
    names = {question.id: 99_999 for question in BANK.questions}
    assert listed(look_message(names, measured)) == CHOICES
    assert listed(reported_message(names)) == CHOICES


@each(OneBest, SelectAll, TrueFalse, Numeric, Ordered)
def test_every_key_is_shown_with_its_reason(question: Question) -> None:
    shown = key_message(replace(every(question), ruling=None, reports=()))
    assert question.explanation in shown.text
    assert question.source.url in shown.text
