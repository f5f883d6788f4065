"""When a question of the day closes: by the clock on the wall, after weekends, and not at once where it came late."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.daily.planner import LONGEST_OPEN, SHORTEST_OPEN, closing
from bot.daily.timetable import Span, Timetable
from bot.zones import PLACES

DAILY = Timetable(time(9), ZoneInfo("Europe/Berlin"), frozenset(range(7)))
NIGHTLY = replace(DAILY, at=time(2, 30))
WEEKDAYS = replace(DAILY, weekdays=frozenset(range(5)))
WEEKENDS = replace(DAILY, weekdays=frozenset({5, 6}))
LONG_BREAK = replace(DAILY, holidays=(Span(date(2026, 11, 24), date(2026, 12, 24)),))
THE_LAST = replace(DAILY, holidays=(Span(date(2026, 11, 24), date.max),))
HOUR = timedelta(hours=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


ON_TIME = [
    # On the wall a day stays a day, though in spring it has 23 hours and in autumn 25.
    (DAILY, 24, "2026-11-23", "2026-11-24T08:00"),
    (DAILY, 24, "2026-03-28", "2026-03-29T07:00"),
    (DAILY, 24, "2026-10-24", "2026-10-25T08:00"),
    (DAILY, 48, "2026-03-28", "2026-03-30T07:00"),
    (DAILY, 168, "2026-10-20", "2026-10-27T08:00"),
    (NIGHTLY, 24, "2026-03-28", "2026-03-29T01:30"),
    (NIGHTLY, 24, "2026-03-29", "2026-03-30T00:30"),
    (NIGHTLY, 24, "2026-10-24", "2026-10-25T00:30"),
    (NIGHTLY, 24, "2026-10-25", "2026-10-26T01:30"),
    # Hours beyond whole days go by as hours.
    (DAILY, 1, "2026-11-23", "2026-11-23T09:00"),
    (DAILY, 12, "2026-03-29", "2026-03-29T19:00"),
    (DAILY, 36, "2026-03-28", "2026-03-29T19:00"),
    (NIGHTLY, 1, "2026-10-25", "2026-10-25T01:30"),
    # A weekend changes nothing for hours, nor do holidays.
    (WEEKDAYS, 24, "2026-11-27", "2026-11-28T08:00"),
    (LONG_BREAK, 72, "2026-11-23", "2026-11-26T08:00"),
    # With the next one: the next day, after the weekend, or after a week at last.
    (DAILY, 0, "2026-11-23", "2026-11-24T08:00"),
    (DAILY, 0, "2026-03-28", "2026-03-29T07:00"),
    (NIGHTLY, 0, "2026-03-28", "2026-03-29T01:30"),
    (WEEKDAYS, 0, "2026-11-27", "2026-11-30T08:00"),
    (WEEKENDS, 0, "2026-11-22", "2026-11-28T08:00"),
    (LONG_BREAK, 0, "2026-11-23", "2026-11-30T08:00"),
    (THE_LAST, 0, "2026-11-23", "2026-11-30T08:00"),
]


@pytest.mark.parametrize(("table", "hours", "day", "closes"), ON_TIME)
def test_what_is_posted_on_time_closes_when_people_expect(table: Timetable, hours: int, day: str, closes: str) -> None:
    due = table.due(date.fromisoformat(day))
    assert closing(table, hours, date.fromisoformat(day), due, due) == at(closes)
    assert closing(table, hours, date.fromisoformat(day), due, due + timedelta(seconds=90)) >= at(closes)


LATE = [
    # What comes late closes like what came on time, but is open for an hour at least.
    (DAILY, 24, 120, "2026-11-24T08:00"),
    (DAILY, 24, 22 * 60 + 59, "2026-11-24T08:00"),
    (DAILY, 24, 23 * 60, "2026-11-24T08:00"),
    (DAILY, 24, 23 * 60 + 30, "2026-11-24T08:30"),
    (DAILY, 2, 30, "2026-11-23T10:00"),
    (DAILY, 2, 90, "2026-11-23T10:30"),
    (DAILY, 1, 0, "2026-11-23T09:00"),
    (DAILY, 1, 120, "2026-11-23T11:00"),
    (DAILY, 0, 120, "2026-11-24T08:00"),
    (DAILY, 0, 23 * 60 + 45, "2026-11-24T08:45"),
]


@pytest.mark.parametrize(("table", "hours", "minutes", "closes"), LATE)
def test_what_is_posted_late_is_open_for_an_hour_at_least(
    table: Timetable, hours: int, minutes: int, closes: str
) -> None:
    day = date(2026, 11, 23)
    due = table.due(day)
    assert closing(table, hours, day, due, due + timedelta(minutes=minutes)) == at(closes)


BY_HAND = [
    (DAILY, 24, "2026-11-23T15:00", "2026-11-24T15:00"),
    (DAILY, 24, "2026-03-28T15:00", "2026-03-29T15:00"),
    (DAILY, 36, "2026-11-23T15:00", "2026-11-25T03:00"),
    (DAILY, 0, "2026-11-23T15:00", "2026-11-24T08:00"),
    (DAILY, 0, "2026-11-23T06:00", "2026-11-24T08:00"),  # today's is done with it
    (WEEKDAYS, 0, "2026-11-28T12:00", "2026-11-30T08:00"),
    (THE_LAST, 0, "2026-11-23T15:00", "2026-11-30T15:00"),
]


@pytest.mark.parametrize(("table", "hours", "now", "closes"), BY_HAND)
def test_what_is_posted_by_hand_closes_so_long_after(table: Timetable, hours: int, now: str, closes: str) -> None:
    day = at(now).astimezone(table.zone).date()
    assert closing(table, hours, day, at(now), at(now)) == at(closes)


@given(
    st.sampled_from(PLACES),
    st.times().map(lambda one: time(one.hour, one.minute)),
    st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    st.integers(0, 168),
    st.integers(0, 24 * 60),
)
def test_nothing_closes_before_an_hour_or_much_later_than_wished(
    name: str, wall: time, day: date, hours: int, minutes: int
) -> None:
    table = Timetable(wall, ZoneInfo(name), frozenset(range(7)))
    due = table.due(day)
    now = due + timedelta(minutes=minutes)
    closes = closing(table, hours, day, due, now)
    wished = hours * HOUR if hours else LONGEST_OPEN
    assert closes >= now + SHORTEST_OPEN
    assert closes <= max(due + wished + 3 * HOUR, now + SHORTEST_OPEN)
    if hours and closes > now + SHORTEST_OPEN:
        assert closes >= due + wished - 3 * HOUR
