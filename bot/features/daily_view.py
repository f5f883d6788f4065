"""How a question of the day looks to all while it is open, and to one person who answers it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.daily.answering import Sealed, Told
from bot.daily.asked import Asked
from bot.daily.reminding import Reminder
from bot.features.names import counted
from bot.features.question_view import Controls, ask, chosen_of, controls_of, options_of, pictures, so_far, stem
from bot.features.result_view import result_message
from bot.markup import moment, place
from bot.message import Action, Button, Field, Message, Row, Style, Tone
from bot.practice.points import worth
from bot.scheduling import Daily, DailyAnswer, Put
from questions.model import Ordered
from questions.taxonomy import Taxonomy

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
        fields=(_when(asked, retired=retired), Field("Answered", counted(answers))),
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
    chosen = chosen_of(sealed.asked.question, daily.order, sealed.response, sealed.chosen)
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
        text=f"{words[sealed.put]} {chosen}\n\n{rest}",
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


def _when(asked: Asked, *, retired: bool = False) -> Field:
    """Return when it closes, or closed, and what can be done after that."""
    at = moment(asked.daily.closes_at)
    if not asked.daily.closed:
        return Field("Closes", at)
    return Field("Closed", at if retired else f"{at} · {STILL}")
