"""How schedules of questions of the day look to the moderators who run them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.daily.looks import Look, Preview
from bot.daily.plan import closes, days_of, in_words, mention_of, span_of_time, spans_of, what, yes_or_no
from bot.daily.schedules import PAGE
from bot.features.question_key import key_message
from bot.features.question_view import pictures
from bot.markup import moment, place
from bot.message import Action, Button, Choice, Field, Message, Row, Select, Style, Tone
from bot.practice.quality import Dossier
from bot.refs import ChannelRef
from bot.scheduling import Daily, DailyState, Plan, Schedule, ScheduleState
from questions.taxonomy import Taxonomy

SHOWN_SPANS = 5
"""Holidays that are named; of more the rest is counted."""
_STATES = {
    DailyState.POSTING: "about to be posted",
    DailyState.OPEN: "open",
    DailyState.CLOSING: "closing",
    DailyState.CLOSED: "closed",
    DailyState.SKIPPED: "left out",
}
AGAIN = "When they are used up, questions come again, those posted longest ago first."


def proposal_message(plan: Plan, taxonomy: Taxonomy) -> Message:
    """Return what would be set up for somebody who wishes for nothing in particular."""
    zone = (place_of(plan.zone),)
    return Message(
        title="A question of the day for this channel?",
        text=f"**{in_words(plan, taxonomy)}**\n\nEverything can be changed later with `/daily edit`.",
        rows=(
            (
                Button("Set it up", Action("schedule-begin", zone), Style.PRIMARY),
                Button("Change it first", Action("schedule-begin-form", zone)),
            ),
        ),
    )


def place_of(zone: str) -> str:
    """Return a zone as an action can carry it: names of zones have no full stop, actions no slash."""
    return zone.replace("/", ".")


def zone_of(place: str) -> str:
    """Return the zone that an action carries."""
    return place.replace(".", "/")


def card_message(look: Look, taxonomy: Taxonomy, here: ChannelRef, told: str = "") -> Message:
    """Return everything about a schedule with its controls; ``told`` says what was done just now."""
    schedule, plan = look.schedule, look.schedule.plan
    changes = "can" if plan.changeable else "cannot"
    fields = (
        Field("Channel", _channel(schedule.channel, here)),
        Field("When", f"{plan.at:%H:%M} {plan.zone}, {days_of(plan.weekdays)}{_start(plan)}"),
        Field("What", what(plan, taxonomy)),
        Field("Closes", f"{closes(plan).removeprefix('closes ')}; answers {changes} be changed until then"),
        Field("Post", f"thread: {yes_or_no(plan.thread)}; notifies {_notified(plan)}"),
        Field("When Warmup was not running", _catch_up(plan)),
        Field("Holidays", _holidays(plan)),
        Field("Next post", _next(look)),
        Field("Questions", _pool(look)),
    )
    warning = f"**The pool runs low.** {AGAIN}" if look.low else ""
    return Message(
        title=_title(schedule),
        text="\n\n".join(filter(None, (told, warning))),
        tone=Tone.GOOD if told else Tone.PLAIN,
        fields=fields,
        rows=_controls(schedule),
    )


def list_message(looks: Sequence[Look], total: int, page: int, taxonomy: Taxonomy, here: ChannelRef) -> Message:
    """Return a page of the schedules of a workspace."""
    title = "Questions of the day"
    if not looks:
        return Message(title=title, text="There is none here. Set one up with `/daily setup`.")
    parts = [
        f"**{look.schedule.id}** · {_channel(look.schedule.channel, here)}\n"
        f"{in_words(look.schedule.plan, taxonomy)}\n{_next(look)}\n{_pool(look)}"
        for look in looks
    ]
    choices = tuple(Choice(str(look.schedule.id), f"Schedule {look.schedule.id}") for look in looks)
    turns = (
        Button("Earlier", Action("schedule-list", (str(page - 1),)), disabled=page == 0),
        Button("Later", Action("schedule-list", (str(page + 1),)), disabled=(page + 1) * PAGE >= total),
    )
    rows: tuple[Row, ...] = (Select(Action("schedule-card"), choices, "Open one"),)
    return Message(title=title, text="\n\n".join(parts), rows=(*rows, turns) if total > PAGE else rows)


def confirm_message(schedule: Schedule, taxonomy: Taxonomy) -> Message:
    """Return the question whether a schedule is to be removed."""
    number = (str(schedule.id),)
    return Message(
        title=f"Remove schedule {schedule.id}?",
        text=f"{in_words(schedule.plan, taxonomy)}\n\nA question that is open still closes and is revealed; "
        "history and points stay. Nothing is posted any more.",
        rows=(
            (
                Button("Remove it", Action("schedule-removed", number), Style.DANGER),
                Button("Keep it", Action("schedule-card", number)),
            ),
        ),
    )


def removed_message(schedule: Schedule) -> Message:
    """Return what is said of a schedule that was removed."""
    return Message(
        text=f"Schedule {schedule.id} is removed. A question that is open still closes and is revealed.",
        tone=Tone.GOOD,
    )


def preview_message(preview: Preview, dossier: Dossier) -> Message:
    """Return what is posted next, with its key."""
    look, number = preview.look, str(preview.look.schedule.id)
    due = moment(preview.due_at) if preview.due_at is not None else "paused"
    chosen = " A moderator queued it." if preview.queued else ""
    pool = f"{look.left} of {look.pool} were never posted in the channel."
    low = f" **The pool runs low.** {AGAIN}" if look.low else ""
    key = key_message(replace(dossier, question=preview.question))
    return Message(
        title=f"Next in schedule {number}: {preview.question.id}",
        text=f"**{preview.day:%a} {preview.day}** · {due}.{chosen} {pool}{low}\n\n{key.text}",
        rows=(
            (
                Button("Queue another", Action("schedule-queue-form", (number,))),
                Button("Skip this date", Action("schedule-skip", (number, str(preview.day)))),
                Button("The schedule", Action("schedule-card", (number,))),
            ),
        ),
        images=pictures(preview.question.formula),
    )


def queue_message(look: Look, told: str = "") -> Message:
    """Return the questions that wait, with a button to take each out."""
    number = str(look.schedule.id)
    lines = [f"**{place}.** `{name}`" for place, name in enumerate(look.queued, 1)]
    takes = [Button(f"Take out {name}", Action("schedule-unqueue", (number, name))) for name in look.queued]
    others = (
        Button("Queue another", Action("schedule-queue-form", (number,))),
        Button("Preview", Action("schedule-preview", (number,))),
        Button("The schedule", Action("schedule-card", (number,))),
    )
    return Message(
        title=f"Waiting in schedule {number}",
        text="\n\n".join(filter(None, (told, "\n".join(lines) or "No question waits; chance decides."))),
        tone=Tone.GOOD if told else Tone.PLAIN,
        rows=(*(tuple(takes[at : at + 5]) for at in range(0, len(takes), 5)), others),
    )


def history_message(schedule: Schedule, dailies: Sequence[Daily]) -> Message:
    """Return the latest dates of a schedule, and what became of each."""
    lines = [_past(daily) for daily in dailies]
    return Message(
        title=f"History of schedule {schedule.id}",
        text="\n".join(lines) or "Nothing was posted yet.",
        rows=((Button("The schedule", Action("schedule-card", (str(schedule.id),))),),),
    )


def _past(daily: Daily) -> str:
    head = f"**{daily.day:%a} {daily.day}** · {_STATES[daily.state]}"
    if daily.state is DailyState.SKIPPED:
        return f"{head}: {daily.note or 'no reason is known'}"
    late = ", late" if daily.late else ""
    note = f" · {daily.note}" if daily.note else ""
    return f"{head}{late} · `{daily.question}` · {daily.answered} answered{note}"


def _controls(schedule: Schedule) -> tuple[Row, ...]:
    number = str(schedule.id)
    paused = schedule.state is ScheduleState.PAUSED
    forms = tuple(
        Button(label, Action("schedule-form", (number, part)))
        for label, part in (("When", "when"), ("What", "what"), ("Post", "post"))
    )
    going_on = (
        Button("Resume", Action("schedule-resume", (number,)), Style.PRIMARY)
        if paused
        else Button("Pause", Action("schedule-pause", (number,)))
    )
    nothing = schedule.next_day is None
    skip = Action("schedule-skip", (number, str(schedule.next_day or date.min)))
    acts = (
        Button("Preview", Action("schedule-preview", (number,))),
        going_on,
        Button("Skip next", skip, disabled=nothing),
        Button("Post now", Action("schedule-now", (number,))),
        Button("Remove", Action("schedule-remove", (number,)), Style.DANGER),
    )
    others = (
        Button("Queue", Action("schedule-queue", (number,))),
        Button("History", Action("schedule-history", (number,))),
    )
    return ((*forms, *others), acts, (Button("All schedules", Action("schedule-list", ("0",))),))


def _title(schedule: Schedule) -> str:
    return f"Question of the day, schedule {schedule.id}"


def _channel(channel: ChannelRef, here: ChannelRef) -> str:
    return "this channel" if channel == here else place(channel.id)


def _start(plan: Plan) -> str:
    return "" if plan.start == date.min else f", from {plan.start} on"


def _notified(plan: Plan) -> str:
    return f"`{mention_of(plan.notify)}`" if plan.notify else "nobody"


def _catch_up(plan: Plan) -> str:
    if not plan.catch_up:
        return "a post that was missed is left out"
    return f"a post that was missed is made up to {span_of_time(plan.catch_up)} late, else left out"


def _holidays(plan: Plan) -> str:
    spans = spans_of(plan)
    named = [str(one.first) if one.first == one.last else f"{one.first} to {one.last}" for one in spans[:SHOWN_SPANS]]
    more = len(spans) - len(named)
    return ", ".join([*named, *([f"{more} more"] if more > 0 else [])]) or "none"


def _next(look: Look) -> str:
    """Return when the next post comes, or why none does."""
    schedule = look.schedule
    if schedule.state is ScheduleState.PAUSED:
        return f"**Paused:** {schedule.trouble}" if schedule.trouble else "**Paused**"
    if look.due_at is None or schedule.next_day is None:
        return "**None is to come.** Look at the days, the start and the holidays."
    return f"{schedule.next_day:%a} {schedule.next_day}, {moment(look.due_at)}"


def _pool(look: Look) -> str:
    if not look.pool:
        return "**No question fits.**"
    waiting = f"; {len(look.queued)} wait in the queue" if look.queued else ""
    return f"{look.left} of {look.pool} not posted here yet{waiting}" + (" (low)" if look.low else "")
