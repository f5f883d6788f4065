"""Read what people type of a schedule, part by part; whatever cannot be read is a BadInput that says what to type."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, time

from bot.daily.timetable import Span
from bot.errors import BadInput
from bot.markup import escape, visible
from bot.mentions import NOBODY
from bot.people.profile import LONGEST_ZONE, read_zone
from bot.zones import KNOWN
from questions.model import Level
from questions.taxonomy import Taxonomy

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST = 2000
"""Characters that a part may be typed with; more is a mistake, and not read."""
SHOWN = 40
"""Characters that are said back of what could not be read."""
MOST_HOURS = 168
MOST_CATCH_UP = 23 * 60
MOST_HOLIDAYS = 60
YEARS = range(2000, 2101)

_TIME = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?\s*(a\.?m\.?|p\.?m\.?)?")
_HOURS = re.compile(r"([0-9]{1,4})\s*(h|hours?|hrs?|d|days?)?")
_MINUTES = re.compile(r"(?:([0-9]{1,4})\s*(?:h|hours?|hrs?))?\s*(?:([0-9]{1,4})\s*(?:m|min|mins|minutes?))?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SPAN = re.compile(rf"({_DATE.pattern})(?:\s*(?:\.{{2,3}}|…|[–—/]|\s-\s|\bto\b|\buntil\b)\s*({_DATE.pattern}))?")
_GROUP = re.compile(r"<@&([0-9]{1,20})>|<!subteam\^([A-Z0-9]{1,30})(?:\|[^<>]*)?>")
_CHANNEL = re.compile(r"<#([A-Za-z0-9_-]{1,40})(?:\|[^<>]*)?>")
_DAY_GROUPS = {
    **dict.fromkeys(("weekdays", "weekday", "workdays", "working days"), "01234"),
    **dict.fromkeys(("weekend", "weekends"), "56"),
    **dict.fromkeys(("daily", "every day", "everyday", "all", "all days"), "0123456"),
}
_ALL = frozenset({"", "all", "any", "everything", "all topics", "all levels"})
_NONE = frozenset({"", "none", "no", "nothing"})
_YES = frozenset({"yes", "y", "true", "on", "1"})
_NO = frozenset({"no", "n", "false", "off", "0"})
_NEXT = frozenset({"next", "next one", "the next one", "with the next", "0"})


def read_time(typed: str) -> time:
    """Return a time of day, such as ``9``, ``9:30``, ``9am`` or ``18.15``."""
    wanted = _typed(typed)
    found = _TIME.fullmatch(wanted)
    if found is None:
        named = {"noon": time(12), "midnight": time(0)}.get(wanted)
        if named is None:
            raise _unread(typed, "a time of day", "Write it as `09:00`, `9`, `9am` or `18:15`.")
        return named
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "")[:1]
    if minute > 59 or hour > (12 if half else 23) or (half and hour == 0):
        raise _unread(typed, "a time of day", "Write it from `00:00` to `23:59`.")
    return time(hour % 12 + (12 if half == "p" else 0) if half else hour, minute)


def read_place(typed: str) -> str:
    """Return an IANA zone."""
    wanted = visible(typed)
    if wanted in KNOWN:
        return wanted
    found = read_zone(wanted) if len(wanted) <= LONGEST_ZONE else ""
    if not found:
        raise _unread(typed, "a time zone", "Write it as area and city, such as `Europe/Berlin`.")
    return found


def read_days(typed: str) -> str:
    """Return days of the week as digits, such as those of ``weekdays``, ``mon-fri`` or ``sat sun``."""
    wanted = _typed(typed)
    if wanted in _DAY_GROUPS:
        return _DAY_GROUPS[wanted]
    joined = re.sub(r"\s*(?:[-–—]|\bto\b)\s*", "-", wanted)
    found: set[int] = set()
    for word in re.split(r"[,;&+/\s]+|\band\b", joined):
        if not word or word == "and":
            continue
        if word in _DAY_GROUPS:
            found |= set(map(int, _DAY_GROUPS[word]))
            continue
        first, dash, last = word.partition("-")
        start, end = _day(first), _day(last if dash else first)
        if start is None or end is None:
            found.clear()
            break
        found |= {(start + step) % 7 for step in range((end - start) % 7 + 1)}
    if not found:
        raise _unread(typed, "days of the week", "Write `weekdays`, `daily`, `mon-fri` or `mon, wed, fri`.")
    return "".join(map(str, sorted(found)))


def read_topics(typed: str, taxonomy: Taxonomy) -> tuple[str, ...]:
    """Return the codes of topics that were named by code, name or alias; none for all."""
    wanted = _typed(typed)
    if wanted in _ALL:
        return ()
    # A name may hold commas and spaces, so at each word the longest run that is a topic counts.
    words = [(found.start(), found.end()) for found in re.finditer(r"[^,;\s]+", wanted)]
    codes: set[str] = set()
    at = 0
    while at < len(words):
        for end in range(min(at + 8, len(words)), at, -1):
            topic = taxonomy.find(wanted[words[at][0] : words[end - 1][1]])
            if topic is not None:
                codes.add(topic.code)
                at = end
                break
        else:
            word = wanted[words[at][0] : words[at][1]]
            if word not in ("and", "&", "+"):
                known = ", ".join(f"`{topic.aliases[0]}`" for topic in taxonomy.topics[:6] if topic.aliases)
                raise _unread(word, "a topic", f"Write `all`, or some like {known}, with commas between them.")
            at += 1
    ordered = tuple(topic.code for topic in taxonomy.topics if topic.code in codes)
    if not ordered:
        raise _unread(typed, "topics", "Write `all`, or topics with commas between them, such as `cnn, rnn`.")
    return () if len(ordered) == len(taxonomy.topics) else ordered


def read_levels(typed: str) -> tuple[str, ...]:
    """Return levels; none for all."""
    wanted = _typed(typed)
    if wanted in _ALL:
        return ()
    words = {word for word in re.split(r"[,;&+/\s]+", wanted) if word and word != "and"}
    known = [str(level) for level in Level]
    if not words or not words <= set(known):
        listed = ", ".join(f"`{level}`" for level in known)
        raise _unread(typed, "levels", f"Write `all`, or some of {listed}, with commas between them.")
    return () if len(words) == len(known) else tuple(level for level in known if level in words)


def read_closes(typed: str) -> int:
    """Return after how many hours a question closes; 0 for when the next one is posted."""
    wanted = _typed(typed)
    if wanted in _NEXT:
        return 0
    found = _HOURS.fullmatch(wanted)
    hours = int(found[1]) * (24 if (found[2] or "h").startswith("d") else 1) if found else 0
    if not 1 <= hours <= MOST_HOURS:
        step = f"Write hours from 1 to {MOST_HOURS}, such as `24` or `6 hours`; or `next`, for when the next is posted."
        raise _unread(typed, "when it closes", step)
    return hours


def read_catch_up(typed: str) -> int:
    """Return for how many minutes a missed post may still be made up for; a bare number is hours."""
    wanted = _typed(typed)
    if wanted and wanted in _NONE:
        return 0
    found = _MINUTES.fullmatch(f"{wanted}h" if wanted.isdecimal() else wanted)
    minutes = int(found[1] or 0) * 60 + int(found[2] or 0) if found and wanted else MOST_CATCH_UP + 1
    if minutes > MOST_CATCH_UP:
        raise _unread(typed, "how late a post may come", "Write `3h`, `90m` or `0`; at most `23h`.")
    return minutes


def read_yes(typed: str) -> bool:
    """Return whether yes was typed."""
    wanted = _typed(typed)
    if wanted not in _YES | _NO:
        raise _unread(typed, "yes or no", "Write `yes` or `no`.")
    return wanted in _YES


def read_date(typed: str) -> date:
    """Return a date, as ``2026-12-24``."""
    wanted = _typed(typed)
    try:
        found = date.fromisoformat(wanted) if _DATE.fullmatch(wanted) else None
    except ValueError:
        found = None
    if found is None or found.year not in YEARS:
        raise _unread(typed, "a date", "Write it as year, month and day, such as `2026-12-24`.")
    return found


def read_start(typed: str) -> date:
    """Return the first date that can have a post; the earliest there is for at once."""
    return date.min if _typed(typed) in _NONE | {"now", "at once", "today"} else read_date(typed)


def read_holidays(typed: str) -> str:
    """Return dates and ranges without a post, in order and without overlaps, as they are kept."""
    wanted = _typed(typed)
    if wanted in _NONE:
        return ""
    found = list(_SPAN.finditer(wanted))
    if not found or re.sub(r"[,;\s]|\band\b", "", _SPAN.sub(" ", wanted)):
        raise _unread(typed, "holidays", "Write `none`, or dates and ranges: `2026-12-24..2027-01-02, 2027-05-01`.")
    if len(found) > MOST_HOLIDAYS:
        raise BadInput("Those are too many holidays.", f"Write at most {MOST_HOLIDAYS} dates and ranges.")
    spans: list[Span] = []
    for first, last in sorted((read_date(one[1]), read_date(one[2] or one[1])) for one in found):
        if last < first:
            raise BadInput(f"The range from {first} to {last} ends before it begins.", "Write the earlier date first.")
        if spans and first <= spans[-1].last:
            spans[-1] = Span(spans[-1].first, max(last, spans[-1].last))
        else:
            spans.append(Span(first, last))
    return " ".join(str(span.first) if span.first == span.last else f"{span.first}..{span.last}" for span in spans)


def read_group(typed: str) -> str:
    """Return the platform's id of a role or user group that was mentioned; an empty text for nobody."""
    wanted = visible(typed)[:LONGEST]
    if wanted.casefold() in NOBODY:
        return ""
    found = _GROUP.fullmatch(wanted)
    if found is None:
        raise _unread(
            typed,
            "a role or user group",
            "Mention one with @ in `/daily edit notify:`, or write `nobody`. Everybody and single people "
            "are not notified.",
        )
    return found[1] or found[2]


def read_channel(typed: str) -> str:
    """Return the platform's id of a channel that was mentioned."""
    found = _CHANNEL.fullmatch(visible(typed)[:LONGEST])
    if found is None:
        raise _unread(typed, "a channel", "Choose one with #, or type the command in it and leave this out.")
    return found[1]


Reader = Callable[[str, Taxonomy], object]
PARTS: Mapping[str, tuple[str, Reader]] = {
    "time": ("at", lambda typed, _: read_time(typed)),
    "zone": ("zone", lambda typed, _: read_place(typed)),
    "days": ("weekdays", lambda typed, _: read_days(typed)),
    "topics": ("topics", read_topics),
    "levels": ("levels", lambda typed, _: read_levels(typed)),
    "closes": ("closes", lambda typed, _: read_closes(typed)),
    "thread": ("thread", lambda typed, _: read_yes(typed)),
    "changeable": ("changeable", lambda typed, _: read_yes(typed)),
    "notify": ("notify", lambda typed, _: read_group(typed)),
    "holidays": ("holidays", lambda typed, _: read_holidays(typed)),
    "start": ("start", lambda typed, _: read_start(typed)),
    "catch_up": ("catch_up", lambda typed, _: read_catch_up(typed)),
}
"""What people name the parts of a plan: the field of ``Plan``, and how it is read."""


def _typed(typed: str) -> str:
    """Return typed text as it is compared.

    Raises BadInput for what is too long to be meant.
    """
    wanted = visible(typed[: LONGEST * 2]).casefold()
    if len(wanted) > LONGEST:
        raise BadInput(f"That is longer than {LONGEST} characters.", "Write less.")
    return wanted


def _day(word: str) -> int | None:
    """Return the day of the week that a name or its beginning means."""
    name = "wed" if word == "weds" else word
    if name.removesuffix("s") in DAYS:
        name = name.removesuffix("s")
    fitting = [place for place, day in enumerate(DAYS) if len(name) >= 2 and day.startswith(name)]
    return fitting[0] if len(fitting) == 1 else None


def _unread(typed: str, what: str, step: str) -> BadInput:
    shown = visible(typed[: SHOWN * 4])
    if not shown:
        return BadInput(f"I need {what}.", step)
    said = shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…"
    return BadInput(f"I cannot read {escape(said)} as {what}.", step)
