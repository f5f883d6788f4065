"""What a moderator wishes of a competition, read from what they type; whatever cannot be read says what to type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.competing import Between, Rule, Terms
from bot.daily.reading import read_date, read_time
from bot.errors import BadInput
from bot.markup import escape, moment, visible
from bot.options import read_numbered
from bot.zones import resolve

SHORTEST, LONGEST = timedelta(minutes=10), timedelta(days=90)
FURTHEST = timedelta(days=366)
"""How far ahead one can start."""
NAME = 40
SHORTEST_NAME = 2
REASONS = ("daily", "quiz", "practice")
"""What can count."""
REASON_NAMES = {"daily": "the question of the day", "quiz": "live quizzes", "practice": "practice"}

_NOW = frozenset({"now", "at once"})
_ALL = frozenset({"", "all", "any", "everything"})
_TYPED = 100
_LENGTH = re.compile(
    r"(?:(?P<w>[0-9]{1,3})\s*(?:w|weeks?))?\s*(?:(?P<d>[0-9]{1,4})\s*(?:d|days?))?\s*"
    r"(?:(?P<h>[0-9]{1,5})\s*(?:h|hours?|hrs?))?\s*(?:(?P<m>[0-9]{1,6})\s*(?:m|min|mins|minutes?))?"
)
_DATE_AND_TIME = re.compile(r"(?P<day>[0-9-]{8,10})(?:\s+at\s+|,?\s+|t)(?P<at>[0-9].*)")
_WRITE_START = "Write `now`, a time from now such as `2h`, or a date and time such as `2026-12-01 09:00`."
_WRITE_END = "Write a length such as `7d` or `36h`, or a date and time such as `2026-12-08 18:00`."


@dataclass(frozen=True, slots=True)
class OnClock:
    """A date and time on the clocks of a zone that is not known yet."""

    day: date
    at: time

    def instant(self, zone: ZoneInfo) -> datetime:
        """Return the instant in a zone, in UTC."""
        return resolve(self.day, self.at, zone)


@dataclass(frozen=True, slots=True)
class Wish:
    """A competition as somebody wishes for it; ``start`` is None for at once. No topics or levels are all of them."""

    name: str
    start: OnClock | timedelta | None
    end: OnClock | timedelta
    between: Between = Between.TEAMS
    rule: Rule = Rule.MEAN
    topics: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    reasons: tuple[str, ...] = REASONS

    def terms(self, now: datetime, zone: ZoneInfo) -> Terms:
        """Return what it is to be, with its instants in UTC.

        Raises BadInput for one that is over before it begins, too short, too long or too far ahead.
        """
        starts_at = now if self.start is None else _instant(self.start, now, zone)
        ends_at = _instant(self.end, starts_at, zone)
        if starts_at < now:
            raise BadInput(f"{moment(starts_at)} is past.", "Write `now` as the start, or a time to come.")
        if starts_at - now > FURTHEST:
            raise BadInput("That starts too far ahead.", "Choose a start within a year.")
        if ends_at - starts_at < SHORTEST:
            raise BadInput("A competition lasts 10 minutes at least.", _WRITE_END)
        if ends_at - starts_at > LONGEST:
            raise BadInput("A competition lasts 90 days at most.", _WRITE_END)
        return Terms(self.name, self.between, self.rule, self.topics, self.levels, self.reasons, starts_at, ends_at)


def read_name(typed: str) -> str:
    """Return a name of 2 to 40 characters that can be seen."""
    name = visible(typed[: NAME * 10])
    if not SHORTEST_NAME <= len(name) <= NAME:
        raise BadInput("A competition has a name of 2 to 40 characters.", "Write it after `name:`, in quotes.")
    return name


def read_start(typed: str) -> OnClock | timedelta | None:
    """Return when a competition starts, or how long from now; None for at once."""
    wanted = _seen(typed)
    if wanted in _NOW:
        return None
    return _length(wanted.removeprefix("in ")) or _on_clock(wanted, "a start", _WRITE_START)


def read_end(typed: str) -> OnClock | timedelta:
    """Return when a competition ends, or how long it lasts."""
    wanted = _seen(typed)
    return _length(wanted) or _on_clock(wanted, "an end", _WRITE_END)


def read_reasons(typed: str) -> tuple[str, ...]:
    """Return what counts."""
    wanted = _seen(typed)
    if wanted in _ALL:
        return REASONS
    words = {word for word in re.split(r"[,;&+/\s]+", wanted) if word and word != "and"}
    if not words or not words <= set(REASONS):
        raise _unread(wanted, "what counts", "Write `all`, or some of `daily`, `quiz` and `practice`.")
    return tuple(reason for reason in REASONS if reason in words)


def read_number(typed: str) -> str:
    """Return the number by which a competition is named."""
    return read_numbered(typed, "A competition is named by its number.", "`/compete list` shows them.")


def _instant(when: OnClock | timedelta, since: datetime, zone: ZoneInfo) -> datetime:
    return since + when if isinstance(when, timedelta) else when.instant(zone)


def _length(wanted: str) -> timedelta | None:
    """Return a length such as ``7d``, ``2 weeks`` or ``1h30m``; None for anything else, and for none at all."""
    found = _LENGTH.fullmatch(wanted)
    if found is None:
        return None
    parts = {name: int(number) for name, number in found.groupdict(default="0").items()}
    return timedelta(weeks=parts["w"], days=parts["d"], hours=parts["h"], minutes=parts["m"]) or None


def _on_clock(wanted: str, what: str, step: str) -> OnClock:
    found = _DATE_AND_TIME.fullmatch(wanted)
    if found is None:
        raise _unread(wanted, what, step)
    return OnClock(read_date(found["day"]), read_time(found["at"]))


def _seen(typed: str) -> str:
    return visible(typed[: _TYPED * 4])[:_TYPED].casefold()


def _unread(wanted: str, what: str, step: str) -> BadInput:
    return BadInput(f"I cannot read {escape(wanted[:NAME])} as {what}." if wanted else f"I need {what}.", step)
