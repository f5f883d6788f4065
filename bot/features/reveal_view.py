"""How a question of the day looks when it has closed: the answer and why, how all answered, who was right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.daily.closing import GradedAnswer, Outcome
from bot.features.daily_view import STILL, day_name
from bot.features.names import named, short_name
from bot.features.question_view import formula, letter, pictures
from bot.features.result_view import (
    common_mistake,
    follow_up_of,
    marked_option,
    right_number,
    right_order,
    right_truth,
    slips_of,
    source_of,
    why_of,
)
from bot.message import FIELD_VALUE, TOTAL, Action, Button, Field, Image, Message, Style, Tone
from bot.pictures import Bar, spread_alt, spread_lines
from bot.practice.responses import Graded
from questions.model import Numeric, OneBest, Ordered, Question, SelectAll, TrueFalse
from questions.taxonomy import Taxonomy

STREAK = 3
"""Days from which on a streak is worth naming."""
STREAKS = 5
LINES = 15
NUMBERS = 5
"""Different numbers whose answers are shown one by one."""


def bars_of(outcome: Outcome) -> tuple[Bar, ...]:
    """Return how the answers were spread."""
    return spread(outcome.asked.question, outcome.asked.daily.order, [answer.graded for answer in outcome.answers])


def spread(question: Question, order: Sequence[int], answers: Sequence[Graded]) -> tuple[Bar, ...]:
    """Return how answers were spread: by option where there are options, else by what was right."""
    match question:
        case OneBest() | SelectAll():
            chosen = Counter(item for answer in answers for item in answer.chosen)
            return tuple(
                Bar(letter(place), chosen[item], question.options[item].right, of=len(answers))
                for place, item in enumerate(order)
            )
        case TrueFalse():
            said = Counter(answer.response for answer in answers)
            return (Bar("True", said["T"], question.answer), Bar("False", said["F"], not question.answer))
        case Numeric():
            return _numbers(answers)
        case _:
            right = sum(answer.grade.right for answer in answers)
            partly = sum(bool(answer.grade.credit) and not answer.grade.right for answer in answers)
            wrong = len(answers) - right - partly
            return (Bar("Right", right, True), Bar("Partly", partly, False), Bar("Wrong", wrong, False))


def reveal_message(outcome: Outcome, taxonomy: Taxonomy, picture: bytes | None) -> Message:
    """Return the result that follows a post; ``picture`` shows the spread, which the text says too."""
    asked = outcome.asked
    question, bars = asked.question, bars_of(outcome)
    images = pictures(question.worked)
    if picture is not None and outcome.answers:
        images = (*images, Image(picture, spread_alt(bars), "spread.png"))
    fields = tuple(field for field in _fields(outcome, bars) if field is not None)
    title = f"The answer · {taxonomy.by_code[question.topic].name} · {day_name(asked.daily.day)}"
    footer = _footer(outcome)
    room = TOTAL - len(title) - len(footer) - sum(len(field.name) + len(field.value) for field in fields)
    daily = str(asked.daily.id)
    return Message(
        title=title,
        text=fitting(_answer(outcome), room),
        tone=Tone.GOOD,
        fields=fields,
        rows=(
            (
                Button("My answer", Action("daily-mine", (daily,)), Style.PRIMARY),
                Button("Report a problem", Action("daily-report", (daily,))),
                Button("Practise", Action("next")),
            ),
        ),
        images=images,
        footer=footer,
    )


def fitting(parts: Sequence[tuple[int, str]], room: int) -> str:
    """Return the parts that fit, in their order; those with the highest number give way first."""
    kept = list(parts)
    while sum(len(text) + 2 for _, text in kept) > room and len(kept) > 1:
        kept.remove(max(kept, key=lambda part: part[0]))
    return "\n\n".join(text for _, text in kept)[:room]


def _answer(outcome: Outcome) -> list[tuple[int, str]]:
    """Return what the answer is and why, each part with how easily it is spared."""
    question = outcome.asked.question
    worked = [(3, formula(question.worked))] if formula(question.worked) else []
    return [
        *key_of(question, outcome.asked.daily.order),
        (1, why_of(question)),
        *worked,
        (2, source_of(question)),
        *((5, line) for line in follow_up_of(question)),
    ]


def key_of(question: Question, order: Sequence[int]) -> list[tuple[int, str]]:
    """Return what is right and what is not, each part with how easily it is spared."""
    match question:
        case OneBest() | SelectAll():
            lines: dict[bool, list[str]] = {True: [], False: []}
            for place, item in enumerate(order):
                lines[question.options[item].right].append(marked_option(question, item, place))
            return [(0, "\n".join(lines[True])), (4, "\n".join(lines[False]))]
        case TrueFalse():
            return [(0, right_truth(question)), (4, question.why)]
        case Numeric():
            slips = slips_of(question)
            return [(0, right_number(question)), *([(4, slips)] if slips else [])]
        case Ordered():
            return [(0, right_order(question, order)), (4, common_mistake(question))]
        case _:
            return []


def _fields(outcome: Outcome, bars: Sequence[Bar]) -> list[Field | None]:
    answers = outcome.answers
    if not answers:
        return [Field("Answers", "Nobody answered in time.")]
    right = outcome.right
    partly = tuple(answer for answer in answers if not answer.right and answer.graded.grade.credit)
    share = round(100 * len(right) / len(answers))
    return [
        Field("How it was answered", spread_lines(bars)[:FIELD_VALUE]),
        Field(f"Right: {len(right)} of {len(answers)} ({share} %)", _people(right, first=True) or "Nobody this time."),
        Field("Partly right", _people(partly)) if partly else None,
        _streaks(answers),
    ]


def _people(answers: Sequence[GradedAnswer], *, first: bool = False) -> str:
    """Return who answered, with what it earned; those who hide are only counted."""
    shown = [answer for answer in answers if not answer.answer.hidden]
    lines = []
    for answer in shown[:LINES]:
        points = f" +{answer.answer.points}" if answer.answer.points else ""
        was_first = " (first)" if first and answer is answers[0] else ""
        lines.append(f"{short_name(answer.answer.name)}{points}{was_first}")
    more = len(answers) - len(lines)
    text = ", ".join(lines) + (f" and {more} more" if more and lines else _unnamed(more) if more else "")
    return text if len(text) <= FIELD_VALUE else named([answer.answer for answer in answers], most=8)


def _unnamed(count: int) -> str:
    """Return what stands for people all of whom hide."""
    return "1 person who is not named." if count == 1 else f"{count} people who are not named."


def _streaks(answers: Sequence[GradedAnswer]) -> Field | None:
    longest = sorted(
        (one.answer for one in answers if one.answer.streak >= STREAK and not one.answer.hidden),
        key=lambda one: (-one.streak, one.name),
    )
    if not longest:
        return None
    return Field("Streaks", ", ".join(f"{short_name(one.name)} {one.streak} days" for one in longest[:STREAKS]))


def _footer(outcome: Outcome) -> str:
    return f"{STILL.capitalize()} · `{outcome.asked.question.id}`"


def _numbers(answers: Sequence[Graded]) -> tuple[Bar, ...]:
    """Return the right answers together, the commonest wrong numbers, and the rest."""
    right = sum(answer.grade.right for answer in answers)
    wrong = Counter(answer.response for answer in answers if not answer.grade.right)
    common = wrong.most_common(NUMBERS) if len(wrong) <= NUMBERS else wrong.most_common(NUMBERS - 1)
    others = sum(wrong.values()) - sum(count for _, count in common)
    bars = [Bar("right", right, True), *(Bar(_short(typed), count, False) for typed, count in common)]
    if others or len(bars) < 2:
        bars.append(Bar("others", others, False))
    return tuple(bars)


def _short(typed: str) -> str:
    plain = "".join(sign for sign in typed if sign.isascii() and sign.isprintable() and sign != "`").strip() or "?"
    return plain if len(plain) <= 16 else f"{plain[:15]}~"
