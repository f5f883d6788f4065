"""Every question of the real bank in every state in which a person can see it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from bot.daily.answering import Sealed, Told
from bot.daily.asked import Asked
from bot.daily.closing import GradedAnswer, Outcome
from bot.daily.settling import LATE
from bot.features.daily_view import post_message, private_message, sealed_message, told_message
from bot.features.question_view import question_message
from bot.features.result_view import result_message, revealed_message
from bot.features.reveal_view import reveal_message
from bot.message import Button, Message, Select, Tone
from bot.practice.points import award
from bot.practice.responses import LETTERS, grade
from bot.practice.service import LONGEST_ANSWER, Result, Revealed, Shown
from bot.scheduling import Daily, DailyAnswer, DailyState, Put
from questions.bank import Filter, load_bank
from questions.draw import shown_order
from questions.grade import grade_marks
from questions.model import FreeText, Numeric, OneBest, Ordered, Question, SelectAll, TrueFalse
from tests.support.picture import PNG
from tests.support.world import MONDAY, STUDY

BANK = load_bank()
DRAWS = tuple(draw for name in BANK.families if (draw := BANK.find(name, 7)))
"""A question of each family."""
TOPICS = sorted({question.topic for question in BANK.questions})
LONG = 20
"""How many questions of a kind are tried where the length alone decides."""
SERVING = 10**18 - 1
"""The longest id that an action may carry."""
LONGEST_NAMES = tuple((sign * 100)[:100] for sign in ("*", "<", "&", "_", "W", "@everyone ", "<@1> ", "|"))
"""Names as long as they are kept, of signs that take most room once they are made harmless."""
LONG_NUMBER = "-" + ",".join(["999"] * 14)


def _longest() -> frozenset[str]:
    """Return the ids of the longest questions of each kind, and of those with a picture."""
    sizes = {question.id: len(question.model_dump_json()) for question in (*BANK.questions, *DRAWS)}
    by_kind: dict[str, list[str]] = {}
    for question in (*BANK.questions, *DRAWS):
        by_kind.setdefault(question.kind, []).append(question.id)
    long = {name for names in by_kind.values() for name in sorted(names, key=lambda name: -sizes[name])[:LONG]}
    return frozenset(long | {question.id for question in BANK.questions if question.formula})


LONGEST = _longest()


def each(*kinds: type, long: bool = False) -> Callable[[Callable[[Any], None]], Callable[[str], None]]:
    """Run a test of one question over the bank, or some kinds of it, or its longest, a topic at a time.

    Thousands of tests would cost more than what they test; the question that fails is named in a note.
    """

    def spread(test: Callable[[Any], None]) -> Callable[[str], None]:
        @pytest.mark.parametrize("topic", TOPICS)
        def over_topic(topic: str) -> None:
            for question in (*BANK.questions, *DRAWS):
                if long and question.id not in LONGEST:
                    continue
                if question.topic == topic and (not kinds or isinstance(question, kinds)):
                    try:
                        test(question)
                    except Exception as error:
                        error.add_note(f"in {question.id}")
                        raise

        over_topic.__name__ = over_topic.__qualname__ = test.__name__
        over_topic.__module__ = test.__module__
        return over_topic

    return spread


def show(question: Question, *, hinted: bool = False) -> Shown:
    order = shown_order(question, random.Random(question.id))
    wanted = Filter(question.topic, question.level, question.kind)
    return Shown(SERVING, question, order, hinted=hinted, wanted=wanted)


def open_messages(shown: Shown) -> Iterator[Message]:
    """Show an open question in each of its states."""
    letters = LETTERS[: len(shown.order)] if isinstance(shown.question, Ordered) else ""
    for hinted in (False, True):
        for count in range(len(letters) + 1):
            state = Shown(shown.serving, shown.question, shown.order, hinted, shown.wanted)
            yield question_message(state, BANK.taxonomy, letters[::-1][:count])


def answered(question: Question, response: str) -> Result:
    shown = show(question, hinted=True)
    graded = grade(question, shown.order, response)
    earned = award(question.level, graded.grade.credit, hinted=True, paid=1, today=99_999, cap=100_000)
    return Result(shown, graded.grade, graded.chosen, graded.response, earned, 1000, streak_grew=True)


def letters_of(shown: Shown, places: list[int]) -> str:
    return "".join(LETTERS[shown.order.index(place)] for place in places)


def right_response(question: Question) -> str:
    match question:
        case OneBest() | SelectAll():
            return letters_of(show(question), [at for at, option in enumerate(question.options) if option.right])
        case TrueFalse():
            return "T" if question.answer else "F"
        case Numeric():
            return question.value
        case Ordered():
            return letters_of(show(question), list(range(len(question.steps))))
        case FreeText():
            raise AssertionError("free text is marked, not graded")


def wrong_responses(question: Question) -> list[str]:
    match question:
        case OneBest():
            return [letters_of(show(question), [at]) for at, option in enumerate(question.options) if not option.right]
        case SelectAll():
            return [letters_of(show(question), list(range(len(question.options)))), "A"]
        case TrueFalse():
            return ["F" if question.answer else "T"]
        case Numeric():
            return [LONG_NUMBER, *(slip.value for slip in question.slips)]
        case Ordered():
            return [letters_of(show(question), list(range(len(question.steps)))[::-1])]
        case FreeText():
            raise AssertionError("free text is marked, not graded")


def marked(question: FreeText, met: tuple[int, ...]) -> Result:
    """Return a free-text answer of the greatest length with a person's own marks."""
    told = award(question.level, Fraction(0), hinted=True, paid=0, today=0, cap=200)
    graded = grade_marks(question, met)
    return Result(show(question), graded, met, "*" * LONGEST_ANSWER, told, 1000, streak_grew=True)


def every_message(question: Question) -> Iterator[Message]:
    """Show a question in every state, open, revealed and answered."""
    yield from open_messages(show(question))
    if isinstance(question, FreeText):
        for response in ("*" * LONGEST_ANSWER, "a\n" * 300, "<@1> @everyone _x_ " * 100):
            yield revealed_message(Revealed(show(question), response))
        for met in ((), tuple(range(len(question.points)))):
            yield result_message(marked(question, met))
        return
    for response in (right_response(question), *wrong_responses(question)):
        yield result_message(answered(question, response))
        yield result_message(answered(question, response), again=True)


def longest_messages(question: Question) -> Iterator[Message]:
    """Show a question as it is asked first, and in the longest of its states before and after the answer.

    What a platform renders of the others is shorter and made of the same parts.
    """
    opened = list(open_messages(show(question)))
    yield opened[0]
    yield max(opened, key=_size)
    yield max((message for message in every_message(question) if message.tone is not Tone.QUESTION), key=_size)
    yield from longest_daily_messages(question)


def _size(message: Message) -> int:
    return len(message.text) + len(message.rows) + sum(len(field.value) for field in message.fields)


def asked(question: Question, state: DailyState = DailyState.OPEN, *, changeable: bool = True) -> Asked:
    """Return a question as one of the day, posted late, with the longest date."""
    daily = Daily(
        id=SERVING,
        schedule=SERVING,
        day=date(2026, 9, 30),
        channel=STUDY,
        state=state,
        question=question.id,
        revision=question.revision,
        seed=0,
        order=show(question).order,
        due_at=MONDAY,
        closes_at=MONDAY + timedelta(days=1),
        changeable=changeable,
        late=True,
        answered=0,
        message=None,
        thread="",
        note="",
    )
    return Asked(daily, question)


def given(question: Question, count: int) -> tuple[GradedAnswer, ...]:
    """Return answers of people with the longest names: right, and wrong in every way there is."""
    order = show(question).order
    kinds = [grade(question, order, said) for said in (right_response(question), *wrong_responses(question))]
    found = []
    for number in range(count):
        graded = kinds[number % len(kinds)]
        answer = DailyAnswer(
            person=number,
            name=LONGEST_NAMES[number % len(LONGEST_NAMES)],
            hidden=number % 5 == 4,
            response=graded.response,
            score=graded.grade.thousandths,
            late=False,
            settled=True,
            points=20 if graded.grade.right else 0,
            serving=SERVING,
            at=MONDAY,
            streak=1000 + number,
        )
        found.append(GradedAnswer(answer, graded))
    return tuple(found)


def open_daily_messages(question: Question) -> Iterator[Message]:
    """Show a question of the day before it closes: its post, to one person, and after an answer."""
    opened, names = asked(question), [one.answer for one in given(question, 300)]
    yield post_message(opened, BANK.taxonomy, names)
    yield post_message(opened, BANK.taxonomy, notify="S0123456789")
    letters = LETTERS[: len(opened.daily.order)] if isinstance(question, Ordered) else ""
    for count in range(len(letters) + 1):
        yield private_message(opened, letters[:count])
    for response in (right_response(question), *wrong_responses(question)):
        graded = grade(question, opened.daily.order, response)
        for put in Put:
            for changeable in (True, False):
                once = asked(question, changeable=changeable)
                yield sealed_message(Sealed(once, graded.response, graded.chosen, put, 1000, streak_grew=True))
        yield sealed_message(Sealed(opened, graded.response, graded.chosen, Put.KEPT, 0, False, closed=True))


def closed_daily_messages(question: Question) -> Iterator[Message]:
    """Show a question of the day once it has closed: its post, a late answer, and the result."""
    closed, names = asked(question, DailyState.CLOSED), [one.answer for one in given(question, 300)]
    yield post_message(closed, BANK.taxonomy, names)
    yield post_message(closed, BANK.taxonomy, names, retired=True)
    yield private_message(closed)
    for response in (right_response(question), *wrong_responses(question)):
        graded = grade(question, closed.daily.order, response)
        result = Result(
            closed.shown(SERVING), graded.grade, graded.chosen, graded.response, LATE, 1000, streak_grew=True
        )
        for late, again in ((True, False), (True, True), (False, True)):
            yield told_message(Told(closed, result, late, again))
    for count in (0, 1, 7, 300):
        yield reveal_message(Outcome(closed, given(question, count)), BANK.taxonomy, PNG if count else None)


def longest_daily_messages(question: Question) -> Iterator[Message]:
    """Show a question of the day as its post with the longest names, in the longest of what one is told, and revealed.

    What a platform renders of the others, and of shorter questions, is shorter and made of the same parts.
    """
    if question.id in LONGEST and not isinstance(question, FreeText):
        post, _retired, *told, reveal = closed_daily_messages(question)
        yield from (post, max(told, key=_size), reveal)


def tokens(message: Message) -> list[str]:
    found: list[str] = []
    for row in message.rows:
        buttons = (row,) if isinstance(row, Select) else [part for part in row if isinstance(part, Button)]
        found += [part.action.encode() for part in buttons]
    return found
