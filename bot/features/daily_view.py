"""How a question of the day looks to all while it is open, and to one person who answers it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.daily.answering import Sealed, Told
from bot.daily.asked import Asked
from bot.daily.reminding import Reminder
from bot.features.question_view import Controls, ask, controls_of, option_text, options_of, pictures, so_far, stem
from bot.features.result_view import result_message
from bot.markup import escape, moment, place, visible
from bot.message import Action, Button, Field, Message, Row, Style, Tone
from bot.practice.points import worth
from bot.practice.responses import LETTERS
from bot.scheduling import Daily, DailyAnswer, Put
from questions.model import Numeric, OneBest, Ordered, SelectAll, TrueFalse
from questions.taxonomy import Taxonomy

NAMES = 12
"""People that a post names."""
NAME = 32
"""Characters of a name that are shown, so that a few names never fill a message."""
_DAILY = Controls(
    answer="daily-answer", choose="daily-choose", form="daily-form", place="daily-place", submit="daily-placed"
)
STILL = "late answers keep a streak for a week, without points"


def post_message(
    asked: Asked, taxonomy: Taxonomy, answers: Sequence[DailyAnswer] = (), *, notify: str = "", retired: bool = False
) -> Message:
    """Return the post in its channel: who answered is shown, never what. ``retired`` once nothing is taken any more."""
    daily, question = asked.daily, asked.question
    late = f"*Posted late: it was due {moment(daily.due_at)}.*"
    how = "*Press Put in order; what you see then is yours alone.*" if isinstance(question, Ordered) else ask(question)
    parts = [*([late] if daily.late else []), stem(question), *options_of(asked.shown()), how]
    return Message(
        title=f"Question of the day · {taxonomy.by_code[question.topic].name} · {question.level}",
        text="\n\n".join(parts),
        tone=Tone.PLAIN if daily.closed else Tone.QUESTION,
        fields=(_when(asked, retired=retired), Field("Answered", _who(answers))),
        rows=() if retired else controls(asked),
        images=pictures(question.formula),
        footer=f"{worth(question.level, hinted=False)} points · answers are private · {day_name(daily.day)} · "
        f"`{question.id}`",
        notify=notify,
    )


def private_message(asked: Asked, placed: str = "") -> Message:
    """Return the question to one person who asked for it: to be put in order, or to be answered late."""
    shown = asked.shown()
    parts = [stem(asked.question), *options_of(shown), *so_far(shown, placed), ask(asked.question)]
    return Message(
        title=f"Question of the day · {day_name(asked.daily.day)}",
        text="\n\n".join(parts),
        tone=Tone.QUESTION,
        fields=(_when(asked),),
        rows=controls_of(shown, str(asked.daily.id), _DAILY, placed),
        images=pictures(asked.question.formula),
        footer=f"Only you see this · `{asked.question.id}`",
    )


def sealed_message(sealed: Sealed) -> Message:
    """Return what a person is told who answered in time."""
    daily = sealed.asked.daily
    words = {
        Put.NEW: "**Your answer is in.**",
        Put.CHANGED: "**Your answer was changed.**",
        Put.KEPT: "**Your answer is in already.**",
    }
    rows: tuple[Row, ...] = ()
    if sealed.closed:
        rest = f"It closed {moment(daily.closes_at)}, and the answers are being counted. Look again in a minute."
    else:
        rest = f"It closes {moment(daily.closes_at)}; then you learn whether it is right, and why."
        rest += " You can change it until then." if daily.changeable else " It cannot be changed."
        if daily.changeable:
            rows = ((Button("Change my answer", Action("daily-again", (str(daily.id),))),),)
    streak = f" · streak: {sealed.streak} day{'' if sealed.streak == 1 else 's'}" if sealed.streak_grew else ""
    return Message(
        title="Sealed until it closes",
        text=f"{words[sealed.put]} {_chosen(sealed)}\n\n{rest}",
        rows=rows,
        footer=f"Only you see this{streak} · `{sealed.asked.question.id}`",
    )


def told_message(told: Told) -> Message:
    """Return a person's own result once the question has closed."""
    words = []
    if told.late:
        streak = ", but the day counts for your streak" if told.result.streak else ""
        words.append(f"It closed {moment(told.asked.daily.closes_at)}: no points{streak}.")
    elif told.again:
        words.append("This is what you answered in time.")
    return result_message(told.result, again=bool(words), told=f"*{' '.join(words)}*")


def withdrawn_message(daily: Daily) -> Message:
    """Return what stands of a question that the bank changed while it was open, as its post and as its result."""
    return Message(
        title=f"The question of {day_name(daily.day)} was withdrawn",
        text="It was changed or taken out of the bank since it was posted, so that nobody can say what was right. "
        "It cost nobody a streak.",
    )


def reminder_message(reminder: Reminder) -> Message:
    """Return what somebody is told whose streak is at stake."""
    daily, days = reminder.daily, reminder.streak
    return Message(
        title="Your streak is at stake",
        text=f"The question of {day_name(daily.day)} in {place(daily.channel.id)} closes {moment(daily.closes_at)}. "
        f"One answer keeps your streak of **{days} day{'' if days == 1 else 's'}**.",
        rows=((Button("Show the question", Action("daily-mine", (str(daily.id),)), Style.PRIMARY),),),
        footer="`/settings reminders:no` ends these.",
    )


def controls(asked: Asked) -> tuple[Row, ...]:
    """Return what the post is answered with, and a way to one's own answer; steps are put in order in private."""
    daily = str(asked.daily.id)
    own: tuple[Row, ...] = ((Button("Put in order", Action("daily-order", (daily,)), Style.PRIMARY),),)
    rows = own if isinstance(asked.question, Ordered) else controls_of(asked.shown(), daily, _DAILY)
    return (*rows, (Button("My answer", Action("daily-mine", (daily,))),))


def day_name(day: date) -> str:
    """Return a date as people read it, such as ``28 November 2026``."""
    return f"{day.day} {day:%B} {day.year}"


def named(people: Sequence[DailyAnswer], most: int = NAMES) -> str:
    """Return the names of people, of whom those who hide are only counted."""
    shown = [name_of(person) for person in people if not person.hidden][:most]
    more = len(people) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more and shown else f"{more}" if more else "")


def name_of(person: DailyAnswer) -> str:
    """Return somebody's name as markup, cut where it is very long."""
    name = visible(person.name)
    return escape(name if len(name) <= NAME else f"{name[: NAME - 1].rstrip()}…") or "somebody"


def _when(asked: Asked, *, retired: bool = False) -> Field:
    """Return when it closes, or closed, and what can be done after that."""
    at = moment(asked.daily.closes_at)
    if not asked.daily.closed:
        return Field("Closes", at)
    return Field("Closed", at if retired else f"{at} · {STILL}")


def _who(answers: Sequence[DailyAnswer]) -> str:
    if not answers:
        return "Nobody yet"
    names = named(answers)
    return f"{len(answers)}" if names == str(len(answers)) else f"{len(answers)}: {names}"


def _chosen(sealed: Sealed) -> str:
    question, order = sealed.asked.question, sealed.asked.daily.order
    letters = {item: LETTERS[place] for place, item in enumerate(order)}
    match question:
        case OneBest() | SelectAll():
            picked = sorted(sealed.chosen, key=lambda item: letters[item])
            lines = [f"**{letters[item]}.** {option_text(question, item)}" for item in picked]
            return f"You chose {lines[0]}" if len(lines) == 1 else "\n".join(["You chose:", *lines])
        case TrueFalse():
            return f"You chose **{'True' if sealed.response == 'T' else 'False'}**."
        case Ordered():
            return f"Your order: **{' → '.join(letters[item] for item in sealed.chosen)}**"
        case Numeric():
            return f"You answered **{escape(sealed.response)}**{f' {question.unit}' if question.unit else ''}."
        case _:
            return ""
