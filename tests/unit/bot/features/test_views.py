"""Every question of the real bank, as it looks before and after an answer: it fits, and gives nothing away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from bot.features.question_view import question_message, stem
from bot.features.result_view import result_message, revealed_message
from bot.markup import Paragraph, Strong, Text, escape, parse
from bot.message import Action, Message, Select, Tone
from bot.practice.responses import LETTERS
from bot.practice.service import LONGEST_ANSWER, Revealed, Shown
from questions.bank import Filter
from questions.model import FreeText, Numeric, OneBest, Option, Ordered, Question, SelectAll, TrueFalse
from tests.support.items import many, right, wrong
from tests.support.secrets import told_after
from tests.support.views import (
    BANK,
    SERVING,
    answered,
    each,
    marked,
    open_messages,
    right_response,
    show,
    tokens,
    wrong_responses,
)


def words(part: object) -> Iterator[str]:
    """Return every text that travels with a message: what is shown, labels, values and tokens."""
    if isinstance(part, Action):
        yield part.encode()
    elif isinstance(part, str):
        yield str(part)
    elif isinstance(part, tuple):
        for inner in part:
            yield from words(inner)
    elif is_dataclass(part):
        for field in fields(part):
            yield from words(getattr(part, field.name))


@each()
def test_an_open_question_fits_in_every_state(question: Question) -> None:
    for message in open_messages(show(question)):
        assert message.tone is Tone.QUESTION
        assert stem(question) in message.text


@each(OneBest, SelectAll, Ordered)
def test_every_option_stands_under_its_letter(question: Question) -> None:
    shown = show(question)
    runs = [
        child
        for block in parse(question_message(shown, BANK.taxonomy).text)
        if isinstance(block, Paragraph)
        for child in block.children
    ]
    bold = [run.children for run in runs if isinstance(run, Strong)]
    letters = [(Text(f"{letter}."),) for letter in LETTERS[: len(shown.order)]]
    assert [run for run in bold if run in letters] == letters


def others(question: Question) -> list[str]:
    """Return what is for after the answer alone."""
    return [*told_after(question), question.source.title, question.source.url, question.follow_up or "\0"]


@each()
def test_nothing_that_is_for_later_is_in_an_open_question(question: Question) -> None:
    for message in open_messages(show(question)):
        travelling = "\n".join(words(message))
        assert [text for text in [*others(question), "✓", "✗"] if text in travelling] == []


@each()
def test_a_hint_is_there_only_once_it_was_asked_for(question: Question) -> None:
    fresh, hinted = (question_message(show(question, hinted=asked), BANK.taxonomy) for asked in (False, True))
    assert question.hint not in "\n".join(words(fresh))
    assert question.hint in hinted.text
    assert [token for token in tokens(fresh) if token not in tokens(hinted)] == [f"hint.1:{SERVING}:"]


def twin(shown: Shown) -> Shown:
    """Return the same question with another key and other words for after the answer, shown in the same way."""
    question = shown.question
    order = shown.order
    update: dict[str, object] = {"explanation": "Other words.", "follow_up": "Other words."}
    match question:
        case OneBest() | SelectAll():
            turned = [option.right for option in (*question.options[1:], question.options[0])]
            update["options"] = tuple(
                Option(text=option.text, right=right, why="Other words.")
                for option, right in zip(question.options, turned, strict=True)
            )
        case TrueFalse():
            update |= {"answer": not question.answer, "why": "Other words."}
        case Numeric():
            update |= {"value": "123456789", "compute": "123456789", "tolerance": "5%", "slips": ()}
        case Ordered():
            last = len(question.steps) - 1
            update |= {"steps": question.steps[::-1], "mistake": "Other words."}
            order = tuple(last - place for place in order)
        case FreeText():
            update |= {"points": question.points[:1], "red_flags": ("Other words.",), "model_answer": "Other words."}
    return Shown(shown.serving, question.model_copy(update=update), order, shown.hinted, shown.wanted)


@each()
def test_an_open_question_is_the_same_whatever_its_key_is(question: Question) -> None:
    shown = show(question)
    assert list(open_messages(twin(shown))) == list(open_messages(shown))


@each(Numeric)
def test_a_number_is_not_given_away(question: Numeric) -> None:
    asked = stem(question)
    beside = question_message(show(question, hinted=True), BANK.taxonomy).text.replace(asked, "")
    key = re.compile(rf"(?<![\d.,^]){re.escape(question.value)}(?![\d^]|[.,]\d)")
    assert key.search(beside) is None or key.search(asked) is not None


@each(OneBest, TrueFalse, SelectAll)
def test_letters_are_handed_out_by_place(question: Question) -> None:
    message = question_message(show(question), BANK.taxonomy)
    count = len(show(question).order)
    row = message.rows[0]
    if isinstance(row, Select):
        assert row.action == Action("choose", (str(SERVING),))
        assert [choice.value for choice in row.choices] == list(LETTERS[:count])
    else:
        given = LETTERS[:count] or "TF"
        assert [token for token in tokens(message) if token.startswith("answer")] == [
            f"answer.1:{SERVING}:{letter}" for letter in given
        ]


def test_labels_are_plain_and_cut_where_they_are_too_long() -> None:
    options = [right("**Bold** and `x * y`"), right("b" * 71), wrong("c" * 72), wrong("d")]
    shown = Shown(SERVING, many(options=options), (0, 1, 2, 3), hinted=False, wanted=Filter())
    select = question_message(shown, BANK.taxonomy).rows[0]
    assert isinstance(select, Select)
    assert [choice.label for choice in select.choices] == [
        "A · Bold and x * y",
        "B · " + "b" * 71,
        "C · " + "c" * 70 + "…",
        "D · d",
    ]


@each(OneBest, SelectAll, TrueFalse, Numeric, Ordered)
def test_a_right_answer_is_explained(question: Question) -> None:
    message = result_message(answered(question, right_response(question)))
    assert message.tone is Tone.GOOD
    assert message.title.startswith("Right · +")
    assert question.explanation in message.text
    assert f"[{question.source.title}]({question.source.url})" in message.text
    assert (question.follow_up or "") in message.text


def marks(message: Message) -> list[tuple[str, str]]:
    """Return which letters a result marks as right and as wrong."""
    return re.findall(r"^([✓✗]) \*\*([A-F])\.", message.text, re.MULTILINE)


@each(OneBest, SelectAll, TrueFalse, Numeric, Ordered)
def test_a_wrong_answer_is_explained(question: Question) -> None:
    for response in wrong_responses(question):
        result = answered(question, response)
        message = result_message(result)
        assert not result.grade.right
        assert message.tone is (Tone.PARTIAL if result.grade.credit else Tone.BAD)
        assert question.explanation in message.text
        assert result.grade.slip in message.text
        if isinstance(question, OneBest | SelectAll):
            assert marks(message) == [
                ("✓" if question.options[place].right else "✗", letter)
                for letter, place in zip(LETTERS, result.shown.order, strict=False)
            ]
            assert all(option.why in message.text for option in question.options if option.why and not option.right)
        if isinstance(question, TrueFalse):
            assert question.why in message.text
        if isinstance(question, Ordered):
            assert question.mistake in message.text


@each(FreeText)
def test_free_text_is_revealed_to_be_marked(question: FreeText) -> None:
    for response in ("*" * LONGEST_ANSWER, "a\n" * 300, "x"):
        message = revealed_message(Revealed(show(question), response))
        select = message.rows[0]
        assert isinstance(select, Select)
        assert [choice.value for choice in select.choices] == list(LETTERS[: len(question.points)])
        assert all(point.text in message.text for point in question.points)
        assert question.model_answer in message.text
        assert escape(response[:500]) in message.text


@each(FreeText)
def test_marked_free_text_is_explained(question: FreeText) -> None:
    for share in (0, 1):
        message = result_message(marked(question, tuple(range(len(question.points) * share))))
        assert message.title == f"You gave yourself {100 * share} %"
        assert message.tone is (Tone.GOOD if share else Tone.BAD)
        assert question.explanation in message.text
