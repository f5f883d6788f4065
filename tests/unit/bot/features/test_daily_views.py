"""Every question of the real bank as one of the day while it is open: it fits, and gives nothing away."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest

import pytest

from bot.daily.answering import Sealed
from bot.daily.reminding import Reminder
from bot.features.daily_view import post_message, private_message, reminder_message, sealed_message
from bot.features.names import named
from bot.features.question_view import stem
from bot.message import Button, Field, Message, Select, Tone
from bot.practice.responses import LETTERS, grade
from bot.scheduling import DailyAnswer, DailyState, Put
from questions.model import Numeric, OneBest, Ordered, Question, SelectAll, TrueFalse
from tests.support.items import many, number, order, truth
from tests.support.secrets import told_after
from tests.support.views import (
    BANK,
    SERVING,
    asked,
    closed_daily_messages,
    each,
    given,
    open_daily_messages,
    right_response,
    tokens,
    wrong_responses,
)
from tests.unit.bot.features.test_views import twin, words

POSTED = (OneBest, TrueFalse, SelectAll, Numeric, Ordered)
"""The kinds that are posted: all but free text."""


@each(*POSTED, long=True)
def test_a_question_of_the_day_fits_in_every_state_before_it_closes(question: Question) -> None:
    for message in open_daily_messages(question):
        if message.title != "Sealed until it closes":
            assert stem(question) in message.text
            assert message.tone is Tone.QUESTION


@each(*POSTED)
def test_nothing_that_is_for_later_travels_before_the_close(question: Question) -> None:
    secrets = [*told_after(question), question.hint, question.source.title, question.source.url, "✓", "✗"]
    for message in open_daily_messages(question):
        travelling = "\n".join(words(message))
        assert [text for text in [*secrets, question.follow_up or "\0"] if text in travelling] == []


@each(*POSTED)
def test_what_travels_before_the_close_is_the_same_whatever_the_key_is(question: Question) -> None:
    """The question with another key, answered with the same letters, looks the same to everybody."""
    opened = asked(question)
    other = twin(opened.shown())
    turned = replace(opened, question=other.question, daily=replace(opened.daily, order=other.order))
    names = [one.answer for one in given(question, 7)]
    assert post_message(opened, BANK.taxonomy, names) == post_message(turned, BANK.taxonomy, names)
    assert private_message(opened) == private_message(turned)
    for response in (right_response(question), *wrong_responses(question)):
        said = []
        for one in (opened, turned):
            graded = grade(one.question, one.daily.order, response)
            said.append(sealed_message(Sealed(one, graded.response, graded.chosen, Put.NEW, 1, streak_grew=True)))
        assert said[0] == said[1]


@each(*POSTED)
def test_the_controls_carry_the_id_and_letters_alone(question: Question) -> None:
    post = post_message(asked(question), BANK.taxonomy)
    letters = {f"daily-answer.1:{SERVING}:{letter}" for letter in (*LETTERS, "T", "F")}
    known = {f"daily-{name}.1:{SERVING}" for name in ("choose", "form", "order", "mine")}
    assert set(tokens(post)) <= letters | known
    select = next((row for row in post.rows if isinstance(row, Select)), None)
    assert select is None or [choice.value for choice in select.choices] == list(LETTERS[: len(select.choices)])


@each(*POSTED, long=True)
def test_a_post_that_has_closed_fits_too_and_says_so(question: Question) -> None:
    closed, retired, late, *_ = closed_daily_messages(question)
    assert (closed.tone, closed.fields[0].name, bool(closed.rows)) == (Tone.PLAIN, "Closed", True)
    assert (retired.rows, "streak" in retired.fields[0].value) == ((), False)
    assert late.fields[0] == closed.fields[0]


def labels(message: Message) -> list[str]:
    return [part.label for row in message.rows if isinstance(row, tuple) for part in row if isinstance(part, Button)]


def test_a_post_says_when_it_closes_who_answered_and_what_it_is_worth() -> None:
    post = post_message(replace(asked(truth()), daily=replace(asked(truth()).daily, late=False)), BANK.taxonomy)
    assert post == Message(
        title="Question of the day · Neurons, MLPs and backpropagation · medium",
        text=f"{truth().stem}\n\n*Is this true or false?*",
        tone=Tone.QUESTION,
        fields=(Field("Closes", "[2026-11-24 12:00 UTC](time:1795521600)"), Field("Answered", "Nobody yet")),
        rows=post.rows,
        footer="15 points · answers are private · 30 September 2026 · `ml-truth`",
    )
    assert labels(post) == ["True", "False", "My answer"]


def test_steps_are_put_in_order_one_by_one_and_can_be_taken_back() -> None:
    message = private_message(asked(order()), "BA")
    assert "Your order so far: **B → A**" in message.text
    assert labels(message) == ["C", "D", "E", "Undo", "Submit"]
    whole = private_message(asked(order()), "BACDE")
    assert labels(whole) == ["Undo", "Submit"]
    submit = [part for part in whole.rows[-1] if isinstance(part, Button)][-1]  # type: ignore[union-attr]
    assert (submit.disabled, submit.action.args) == (False, (str(SERVING), "BACDE"))


@pytest.mark.parametrize(
    ("question", "response", "told"),
    [
        (truth(), "T", "You chose **True**."),
        (number(unit="MB"), "*1.96* k", r"You answered **1960\,0** MB."),
        (many(), "AB", "You chose:\n**A.** "),
        (order(), "ABCDE", "Your order: **A → B → C → D → E**"),
    ],
)
def test_a_sealed_answer_is_said_back(question: Question, response: str, told: str) -> None:
    opened = asked(question)
    said = response if not isinstance(question, Numeric) else "1960,0"
    graded = grade(question, opened.daily.order, said)
    message = sealed_message(Sealed(opened, graded.response, graded.chosen, Put.NEW, 1, streak_grew=True))
    assert told in message.text
    assert message.footer == f"Only you see this · streak: 1 day · `{question.id}`"


def people(count: int, hidden: int) -> list[DailyAnswer]:
    shown = [one.answer for one in given(truth(), count)]
    return [replace(one, name=f"P{place}", hidden=place < hidden) for place, one in enumerate(shown)]


@pytest.mark.parametrize(
    ("count", "hidden", "said"),
    [
        (1, 0, "P0"),
        (2, 1, "P1 and 1 more"),
        (3, 3, "3"),
        (0, 0, ""),
        (14, 0, ", ".join(f"P{place}" for place in range(12)) + " and 2 more"),
    ],
)
def test_those_who_hide_are_counted_and_a_few_are_named(count: int, hidden: int, said: str) -> None:
    assert named(people(count, hidden)) == said


def test_a_reminder_says_what_is_at_stake_and_how_to_end_them() -> None:
    for days, words_ in ((1, "**1 day**"), (30, "**30 days**")):
        message = reminder_message(Reminder(asked(truth()).daily, days))
        assert words_ in message.text
        assert tokens(message) == [f"daily-mine.1:{SERVING}"]


def test_states_before_the_close_look_open() -> None:
    for state, name in zip_longest(DailyState, ("Closes", "Closes", "Closed", "Closed", "Closes")):
        assert post_message(asked(truth(), state), BANK.taxonomy).fields[0].name == name
