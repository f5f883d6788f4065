"""What a moderator wishes of a schedule, read from what they type and said back in words: pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.daily.reading import DAYS, PARTS
from bot.daily.timetable import Span, Timetable
from bot.errors import BadInput
from bot.markup import visible
from bot.scheduling import Plan
from questions.taxonomy import Taxonomy

AT = time(9)
"""When a question is posted unless somebody says otherwise."""
NAMED = 4
"""Topics that are named; of more the rest is counted."""
_SHORT = tuple(day[:3].capitalize() for day in DAYS)


def default_plan(zone: str) -> Plan:
    """Return the plan of somebody who wished for nothing in particular."""
    return Plan(at=AT, zone=zone)


def changed(plan: Plan, typed: Mapping[str, str], taxonomy: Taxonomy) -> Plan:
    """Return a plan with the parts that were typed, by the names that people use.

    Raises BadInput.
    """
    read: dict[str, Any] = {}
    for name, text in typed.items():
        field, reader = PARTS[name]
        read[field] = reader(text, taxonomy)
    return replace(plan, **read)


def check(name: str, typed: str, taxonomy: Taxonomy) -> str:
    """Return what was typed of a part, on one line.

    Raises BadInput for what cannot be read, and for what nobody can see: a form may be emptied, a command says words.
    """
    seen = visible(typed)
    if not seen:
        raise BadInput("That shows nothing.", f"Write something after `{name}:`.")
    PARTS[name][1](typed, taxonomy)
    return seen


def timetable_of(plan: Plan) -> Timetable:
    """Return on which dates a plan's posts are due, and when."""
    return Timetable(plan.at, ZoneInfo(plan.zone), frozenset(map(int, plan.weekdays)), spans_of(plan), plan.start)


def spans_of(plan: Plan) -> tuple[Span, ...]:
    """Return a plan's holidays."""
    spans = []
    for text in plan.holidays.split():
        first, _, last = text.partition("..")
        spans.append(Span(date.fromisoformat(first), date.fromisoformat(last or first)))
    return tuple(spans)


def texts_of(plan: Plan, taxonomy: Taxonomy) -> dict[str, str]:
    """Return each part of a plan as it can be typed; an empty text for what is not set."""
    return {
        "time": f"{plan.at:%H:%M}",
        "zone": plan.zone,
        "days": ", ".join(_SHORT[int(day)].lower() for day in plan.weekdays),
        "topics": ", ".join(_word(code, taxonomy) for code in plan.topics) or "all",
        "levels": ", ".join(plan.levels) or "all",
        "closes": str(plan.closes) if plan.closes else "next",
        "thread": yes_or_no(plan.thread),
        "changeable": yes_or_no(plan.changeable),
        "notify": mention_of(plan.notify) or "nobody",
        "holidays": ", ".join(plan.holidays.split()),
        "start": "" if plan.start == date.min else str(plan.start),
        "catch_up": span_of_time(plan.catch_up).replace(" ", ""),
    }


def yes_or_no(wanted: bool) -> str:
    """Return yes or no."""
    return "yes" if wanted else "no"


def mention_of(notify: str) -> str:
    """Return a role or group as its platform writes a mention of it: ids of digits alone are Discord's."""
    if not notify:
        return ""
    return f"<@&{notify}>" if notify.isdecimal() else f"<!subteam^{notify}>"


def when(plan: Plan) -> str:
    """Return at what time on which days, such as ``09:00 Europe/Berlin, Mon–Fri``."""
    return f"{plan.at:%H:%M} {plan.zone}, {days_of(plan.weekdays)}"


def days_of(weekdays: str) -> str:
    """Return days of the week in words; three in a row or more as a range."""
    if len(weekdays) == len(DAYS):
        return "every day"
    runs: list[list[int]] = []
    for day in map(int, weekdays):
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    parts: list[str] = []
    for run in runs:
        names = [_SHORT[day] for day in run]
        parts += [f"{names[0]}–{names[-1]}"] if len(names) > 2 else names
    return ", ".join(parts)


def what(plan: Plan, taxonomy: Taxonomy) -> str:
    """Return which questions a plan takes, such as ``Transformers, easy or hard``."""
    return which(plan.topics, plan.levels, taxonomy)


def which(topics: Sequence[str], levels: Sequence[str], taxonomy: Taxonomy) -> str:
    """Return topics by their codes and levels in words; none of either is all of them."""
    names = [taxonomy.by_code[code].name if code in taxonomy.by_code else code for code in topics]
    more = len(names) - NAMED
    named = [*names[:NAMED], *([f"{more} more"] if more > 0 else [])]
    listed = ", ".join(named) if named else "all topics"
    return f"{listed}, {' or '.join(levels)}" if levels else listed


def closes(plan: Plan) -> str:
    """Return when a question closes."""
    return f"closes after {plan.closes} h" if plan.closes else "closes when the next one is posted"


def in_words(plan: Plan, taxonomy: Taxonomy) -> str:
    """Return a plan in one line."""
    return f"{when(plan)}; {what(plan, taxonomy)}; {closes(plan)}"


def span_of_time(minutes: int) -> str:
    """Return minutes as hours and minutes, such as ``1 h 30 m``; ``0`` for none."""
    hours, rest = divmod(minutes, 60)
    parts = [*([f"{hours} h"] if hours else []), *([f"{rest} m"] if rest else [])]
    return " ".join(parts) or "0"


def _word(code: str, taxonomy: Taxonomy) -> str:
    topic = taxonomy.by_code.get(code)
    return topic.aliases[0] if topic is not None and topic.aliases else code
