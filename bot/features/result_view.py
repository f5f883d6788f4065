"""How an answered question looks: right or not, why, why each wrong option is wrong, a source, and one way on."""

from __future__ import annotations

from collections.abc import Sequence

from bot.features.question_view import formula, letter, pictures, stem
from bot.markup import escape
from bot.message import Action, Button, Choice, Message, Row, Select, Style, Tone
from bot.practice.filters import write_filter
from bot.practice.service import Result, Revealed, Shown
from questions.grade import PASS
from questions.model import FreeText, Numeric, OneBest, Ordered, Question, SelectAll, TrueFalse

SHOWN_ANSWER = 600
"""Characters of a person's own text that are shown back to them."""


AGAIN = "*You have answered this one already; that answer counts.*"


def result_message(result: Result, *, again: bool = False, told: str = AGAIN) -> Message:
    """Return a graded question; ``again`` if it was graded before, and is shown once more, which ``told`` says."""
    shown = result.shown
    question = shown.question
    parts = [
        *([told] if again else []),
        stem(question),
        *_marked(result),
        why_of(question),
        *([formula(question.worked)] if formula(question.worked) else []),
        source_of(question),
        *follow_up_of(question),
    ]
    return Message(
        title=_title(result),
        text="\n\n".join(parts),
        tone=_tone(result),
        rows=((next_button(shown), Button("Report a problem", Action("report", (str(shown.serving),)))),),
        images=pictures(question.formula, question.worked),
        footer=_footer(result),
    )


def revealed_message(revealed: Revealed) -> Message:
    """Return a free-text question with its key points, to be marked by the person who answered it."""
    shown = revealed.shown
    question = shown.question
    assert isinstance(question, FreeText)
    serving = str(shown.serving)
    mark = Select(
        action=Action("mark", (serving,)),
        choices=tuple(
            Choice(letter(place), f"Point {letter(place)} ({round(point.weight * 100)} %)")
            for place, point in enumerate(question.points)
        ),
        placeholder="Which points did your answer make?",
        most=len(question.points),
    )
    rows: tuple[Row, ...] = (mark, (Button("None of them", Action("mark-none", (serving,))),))
    return Message(
        title="Mark your own answer",
        text="\n\n".join(
            [
                stem(question),
                _own_words(revealed.response),
                *_points(question),
                f"**Model answer:** {question.model_answer}",
            ]
        ),
        tone=Tone.QUESTION,
        rows=rows,
        images=pictures(question.formula),
        footer=f"Tick what you really said · `{question.id}`",
    )


def next_button(shown: Shown) -> Button:
    """Return the button that goes on with the same wish."""
    return Button("Next", Action("next", (write_filter(shown.wanted),)), Style.PRIMARY)


def _title(result: Result) -> str:
    if isinstance(result.shown.question, FreeText):
        return f"You gave yourself {round(result.grade.credit * 100)} %"
    points = f" · +{result.award.points} points" if result.award.points else ""
    if result.grade.right:
        return f"Right{points}"
    if result.grade.credit:
        return f"Partly right ({round(result.grade.credit * 100)} %){points}"
    return "Not right"


def _tone(result: Result) -> Tone:
    passed = isinstance(result.shown.question, FreeText) and result.grade.credit >= PASS
    if result.grade.right or passed:
        return Tone.GOOD
    return Tone.PARTIAL if result.grade.credit else Tone.BAD


def _marked(result: Result) -> list[str]:
    """Return what was asked with the key and the person's choice marked in words, not by colour."""
    question = result.shown.question
    match question:
        case OneBest() | SelectAll():
            return [_option(result, question, place) for place in range(len(result.shown.order))]
        case TrueFalse():
            lines = [right_truth(question)]
            return lines if result.grade.right else [*lines, question.why]
        case Numeric():
            lines = [f"{right_number(question)} You answered {escape(result.response)}."]
            return [*lines, result.grade.slip] if result.grade.slip else lines
        case Ordered():
            return _order_lines(result, question)
        case FreeText():
            return _points(question, result.chosen)


def _option(result: Result, question: OneBest | SelectAll, place: int) -> str:
    item = result.shown.order[place]
    return marked_option(question, item, place, " — **your choice**" if item in result.chosen else "")


def marked_option(question: OneBest | SelectAll, item: int, place: int, note: str = "") -> str:
    """Return an option by its authored position, shown in a place: whether it is right, and if it is not, why."""
    option = question.options[item]
    line = f"{'✓' if option.right else '✗'} **{letter(place)}.** {option.text}{note}"
    return line if option.right or not option.why else f"{line}\n{option.why}"


def right_number(question: Numeric) -> str:
    """Return the right number, as people write it."""
    unit = f" {question.unit}" if question.unit else ""
    value = f"{int(question.value):,}" if question.value.isdigit() else question.value
    return f"**The right answer is {value}{unit}.**"


def slips_of(question: Numeric) -> str:
    """Return the wrong numbers that known slips lead to, each with its reason."""
    return "\n".join(f"✗ {slip.value}: {slip.why}" for slip in question.slips)


def right_truth(question: TrueFalse) -> str:
    """Return whether the statement is true."""
    return f"**The right answer is {question.answer}.**"


def right_order(question: Ordered, order: Sequence[int]) -> str:
    """Return the steps in their right order, with the letters under which they were shown."""
    letters = {item: letter(place) for place, item in enumerate(order)}
    steps = "\n".join(f"{letters[place]} — {step}" for place, step in enumerate(question.steps))
    return f"**The right order:**\n{steps}"


def common_mistake(question: Ordered) -> str:
    """Return the order that many take for right."""
    return f"**A common mistake:** {question.mistake}"


def _order_lines(result: Result, question: Ordered) -> list[str]:
    parts = [right_order(question, result.shown.order)]
    if result.grade.right:
        return parts
    mine = " → ".join(letter(result.shown.order.index(item)) for item in result.chosen)
    return [*parts, f"Your order: {mine}", common_mistake(question)]


def _points(question: FreeText, met: tuple[int, ...] | None = None) -> list[str]:
    lines = []
    for place, point in enumerate(question.points):
        mark = "" if met is None else ("✓ " if place in met else "✗ ")
        lines.append(f"{mark}**{letter(place)}.** {point.text} ({round(point.weight * 100)} %)")
    flags = "\n".join(f"- {flag}" for flag in question.red_flags)
    return ["**Key points**\n" + "\n".join(lines), f"**A red flag, if you said it:**\n\n{flags}"]


def _own_words(response: str) -> str:
    typed = response if len(response) <= SHOWN_ANSWER else f"{response[: SHOWN_ANSWER - 1]}…"
    return f"**Your answer:** {escape(typed)}"


def why_of(question: Question) -> str:
    """Return why the key is the key."""
    return f"**Why:** {question.explanation}"


def source_of(question: Question) -> str:
    """Return where it stands."""
    return f"**Source:** [{question.source.title}]({question.source.url})"


def follow_up_of(question: Question) -> list[str]:
    """Return what an interviewer asks next, where that is known."""
    return [f"**The interviewer's next question:** {question.follow_up}"] if question.follow_up else []


def _footer(result: Result) -> str:
    points = f"+{result.award.points} points" if result.award.points else "No points"
    parts = [f"{points}: {result.award.why}"]
    if result.streak_grew:
        parts.append(f"streak: {result.streak} day{'s' if result.streak != 1 else ''}")
    return " · ".join([*parts, f"`{result.shown.question.id}`"])
