"""When questions of the day are due, whatever clocks do: in every zone, around every change of 2024 to 2030."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.daily.timetable import SEARCHED, Span, Timetable
from bot.zones import KNOWN, exists, resolve

DAY = timedelta(days=1)
FIRST, LAST = date(2024, 1, 1), date(2030, 12, 31)
DAILY = frozenset(range(7))
WEEKDAYS = frozenset(range(5))
APIA_LOST = date(2011, 12, 30)
ZONES = sorted(KNOWN)
NOONS = [datetime(2024, 1, 1, 12, tzinfo=UTC) + step * DAY for step in range((LAST - FIRST).days + 1)]
MINUTES = [time(hour, minute) for hour in range(24) for minute in (0, 30)]


def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def table(at: str, name: str, days: frozenset[int] = DAILY, *holidays: Span, start: date = date.min) -> Timetable:
    return Timetable(time.fromisoformat(at), zone(name), days, holidays, start)


@cache
def changes(name: str) -> tuple[date, ...]:
    """Return the dates of a zone around which its offset changes."""
    place = zone(name)
    shown = [at.astimezone(place) for at in NOONS]
    offsets = [one.utcoffset() for one in shown]
    found = [
        one.date()
        for at in range(1, len(shown))
        if offsets[at] != offsets[at - 1]
        for one in (shown[at - 1], shown[at])
    ]
    return tuple(dict.fromkeys(found))


def window(day: date) -> list[date]:
    return [day + step * DAY for step in range(-2, 3)]


def local(day: date, at: time) -> datetime:
    return datetime.combine(day, at)


def occurrences(day: date, at: time, place: ZoneInfo) -> list[datetime]:
    """Return the instants at which a clock on the wall shows a time, found without asking for it."""
    naive = local(day, at)
    start = naive.replace(tzinfo=UTC)
    offsets = {
        (start + timedelta(hours=hours)).astimezone(place).utcoffset() or timedelta() for hours in range(-38, 39, 2)
    }
    candidates = sorted({start - offset for offset in offsets})
    return [one for one in candidates if one.astimezone(place).replace(tzinfo=None) == naive]


def gap_before(instant: datetime, place: ZoneInfo) -> timedelta:
    """Return by how much the clock was put forward last before an instant, within two days."""
    at = instant
    while at > instant - 2 * DAY:
        earlier = at - timedelta(minutes=15)
        grown = (at.astimezone(place).utcoffset() or timedelta()) - (
            earlier.astimezone(place).utcoffset() or timedelta()
        )
        if grown > timedelta():
            return grown
        at = earlier
    return timedelta()


def expect_right(day: date, at: time, place: ZoneInfo) -> None:
    """Hold an instant against the wall clock: there once, the first of two, or moved by the gap."""
    instant = resolve(day, at, place)
    shown = instant.astimezone(place).replace(tzinfo=None)
    real = occurrences(day, at, place)
    if real:
        assert instant == real[0]
        assert shown == local(day, at)
    else:
        assert shown - local(day, at) == gap_before(instant, place) > timedelta()


def test_most_zones_change_their_clocks_and_the_scan_finds_it() -> None:
    assert len(changes("Europe/Berlin")) == 28
    assert date(2026, 3, 29) in changes("Europe/Berlin")
    assert changes("Asia/Tokyo") == ()
    assert len(changes("Africa/Casablanca")) > 20
    assert sum(bool(changes(name)) for name in ZONES) > 150


@pytest.mark.parametrize("letter", sorted({name[0] for name in ZONES}))
def test_in_every_zone_each_date_has_one_instant_in_order_and_on_the_wall(letter: str) -> None:
    for name in ZONES:
        if name[0] != letter:
            continue
        place = zone(name)
        for change in changes(name):
            for at in (time(0), time(0, 30), time(2), time(2, 30), time(9), time(23, 30)):
                days = window(change)
                dues = [resolve(day, at, place) for day in days]
                assert all(exists(day, place) for day in days), (name, change)
                assert all(early < late for early, late in pairwise(dues)), (name, change, at)
            for at in (time(0), time(0, 30), time(1, 30), time(2), time(2, 30), time(3)):
                for day in (change - DAY, change):
                    expect_right(day, at, place)


@settings(max_examples=300)
@given(st.sampled_from(ZONES), st.data())
def test_any_time_around_any_change_is_due_once(name: str, data: st.DataObject) -> None:
    place = zone(name)
    near = data.draw(st.sampled_from(changes(name) or (date(2026, 7, 1),)))
    at = data.draw(st.times().map(lambda one: time(one.hour, one.minute)))
    days = window(near)
    dues = [resolve(day, at, place) for day in days]
    assert dues == sorted(set(dues))
    for day in days:
        expect_right(day, at, place)


@st.composite
def timetables(draw: st.DrawFn) -> tuple[Timetable, date]:
    """Return a timetable, and a date near a change of its zone's clock."""
    name = draw(st.sampled_from(ZONES))
    near = draw(st.sampled_from(changes(name) or (date(2026, 7, 1),)))
    first = near + draw(st.integers(-5, 5)) * DAY
    span = Span(first, first + draw(st.integers(0, 4)) * DAY)
    made = Timetable(
        draw(st.sampled_from(MINUTES)),
        zone(name),
        draw(st.frozensets(st.integers(0, 6), min_size=1)),
        draw(st.sampled_from([(), (span,)])),
        draw(st.sampled_from([date.min, near, near + 3 * DAY])),
    )
    return made, near


@settings(max_examples=300)
@given(timetables(), st.integers(-3 * 1440, 3 * 1440))
def test_what_comes_next_is_what_a_search_finds(drawn: tuple[Timetable, date], minutes: int) -> None:
    made, near = drawn
    now = datetime.combine(near, time(12), UTC) + timedelta(minutes=minutes)
    days = [near + step * DAY for step in range(-10, 40)]
    taken = [day for day in days if made.takes(day)]
    assert made.upcoming(now) == next(day for day in taken if made.due(day) > now)
    assert made.after(near) == next(day for day in taken if day > near)
    walked = [made.after(near - DAY)]
    while walked[-1] is not None and walked[-1] < near + 20 * DAY:
        walked.append(made.after(walked[-1]))
    assert walked[:-1] == [day for day in taken if near <= day < near + 20 * DAY]


NEXT = [
    ("09:00", "Europe/Berlin", "2026-03-28T12:00", "2026-03-29", "2026-03-29T07:00"),
    ("02:30", "Europe/Berlin", "2026-03-28T12:00", "2026-03-29", "2026-03-29T01:30"),
    ("02:30", "Europe/Berlin", "2026-10-24T12:00", "2026-10-25", "2026-10-25T00:30"),
    ("02:30", "Europe/Berlin", "2026-10-25T01:00", "2026-10-26", "2026-10-26T01:30"),
    ("00:00", "Africa/Cairo", "2026-04-23T12:00", "2026-04-24", "2026-04-23T22:00"),
    ("00:00", "Asia/Beirut", "2026-03-28T12:00", "2026-03-29", "2026-03-28T22:00"),
    ("00:30", "America/Santiago", "2026-09-05T12:00", "2026-09-06", "2026-09-06T04:30"),
    ("00:00", "America/Havana", "2026-03-07T12:00", "2026-03-08", "2026-03-08T05:00"),
    ("23:30", "America/Nuuk", "2026-03-28T12:00", "2026-03-28", "2026-03-29T01:30"),
    ("23:30", "America/Nuuk", "2026-03-29T01:00", "2026-03-28", "2026-03-29T01:30"),
    ("23:30", "America/Nuuk", "2026-03-29T01:30", "2026-03-29", "2026-03-30T00:30"),
    ("09:00", "Asia/Kathmandu", "2026-03-29T03:14", "2026-03-29", "2026-03-29T03:15"),
    ("09:00", "Asia/Kathmandu", "2026-03-29T03:15", "2026-03-30", "2026-03-30T03:15"),
    ("09:00", "Pacific/Kiritimati", "2026-03-28T18:00", "2026-03-29", "2026-03-28T19:00"),
    ("02:15", "Australia/Lord_Howe", "2026-10-03T12:00", "2026-10-04", "2026-10-03T15:45"),
]


@pytest.mark.parametrize(("at", "name", "now", "day", "due"), NEXT)
def test_the_next_post_is_at_the_instant_that_people_expect(at: str, name: str, now: str, day: str, due: str) -> None:
    made = table(at, name)
    coming = made.upcoming(datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert coming == date.fromisoformat(day)
    assert made.due(coming) == datetime.fromisoformat(due).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "name",
    ["Africa/Cairo", "Asia/Beirut", "America/Santiago", "America/Asuncion", "America/Havana", "America/Nuuk"],
)
def test_a_midnight_that_does_not_exist_loses_no_day(name: str) -> None:
    made, days = table("00:00", name), [FIRST]
    now = made.due(FIRST)
    while days[-1] < date(2027, 1, 1):
        coming = made.upcoming(now)
        assert coming is not None
        days.append(coming)
        now = made.due(coming)
    assert days == [FIRST + step * DAY for step in range(len(days))]


def test_a_date_that_a_zone_left_out_has_no_post() -> None:
    made = table("09:00", "Pacific/Apia")
    assert not exists(APIA_LOST, made.zone)
    assert not made.takes(APIA_LOST)
    assert made.after(APIA_LOST - DAY) == APIA_LOST + DAY
    assert made.upcoming(made.due(APIA_LOST - DAY)) == APIA_LOST + DAY
    assert made.due(APIA_LOST + DAY) - made.due(APIA_LOST - DAY) == DAY


TAKES = [
    ("2026-11-23", True),
    ("2026-11-28", False),
    ("2026-12-23", True),
    ("2026-12-24", False),
    ("2026-12-31", False),
    ("2027-01-02", False),
    ("2027-01-04", True),
    ("2026-11-20", False),
]


@pytest.mark.parametrize(("day", "taken"), TAKES)
def test_weekends_holidays_and_what_comes_before_the_start_have_no_post(day: str, taken: bool) -> None:
    made = table("09:00", "UTC", WEEKDAYS, Span(date(2026, 12, 24), date(2027, 1, 2)), start=date(2026, 11, 23))
    assert made.takes(date.fromisoformat(day)) is taken


def test_the_start_may_be_far_away_and_holidays_may_be_long() -> None:
    made = table("09:00", "UTC", WEEKDAYS, start=date(2100, 12, 31))
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert made.upcoming(now) == made.after(date(2026, 1, 1)) == date(2100, 12, 31)
    long = replace(made, start=date.min, holidays=(Span(date(2026, 1, 1), date(2028, 6, 1)),))
    assert long.upcoming(now) == date(2028, 6, 2)
    assert replace(long, holidays=(Span(date.min, date.max),)).upcoming(now) is None
    assert replace(long, holidays=(Span(date.min, date.max),)).after(date(2026, 1, 1)) is None
    assert SEARCHED > 2 * 365
