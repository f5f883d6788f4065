"""Days, weeks, months and seasons, where zones shift and years end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.persons import Person
from bot.practice.calendar import Calendar, Season, month_of, week_of

BERLIN = Calendar(ZoneInfo("Europe/Berlin"))
SANTIAGO = Calendar(ZoneInfo("America/Santiago"))
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/Santiago", "America/Havana", "Pacific/Apia", "Asia/Kolkata"])
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def person(zone: str = "", platform_zone: str = "") -> Person:
    return Person(1, "Ada", "", hidden=False, zone=zone, platform_zone=platform_zone, streak=0, best_streak=0,
                  last_day=None)  # fmt: skip


@pytest.mark.parametrize(
    ("day", "key"),
    [
        (date(2026, 11, 23), "2026-W48"),
        (date(2026, 11, 29), "2026-W48"),
        (date(2024, 12, 29), "2024-W52"),
        (date(2024, 12, 30), "2025-W01"),
        (date(2026, 12, 31), "2026-W53"),
        (date(2027, 1, 3), "2026-W53"),
        (date(2027, 1, 4), "2027-W01"),
        (date(2023, 1, 1), "2022-W52"),
    ],
)
def test_weeks_are_those_of_iso_8601(day: date, key: str) -> None:
    assert week_of(day) == key


@pytest.mark.parametrize(
    ("day", "key"), [(date(2026, 1, 31), "2026-01"), (date(2026, 11, 1), "2026-11"), (date(987, 2, 3), "987-02")]
)
def test_months(day: date, key: str) -> None:
    assert month_of(day) == key


@pytest.mark.parametrize(
    ("season", "day", "key"),
    [
        (Season.MONTH, date(2026, 11, 30), "2026-11"),
        (Season.QUARTER, date(2026, 1, 1), "2026-Q1"),
        (Season.QUARTER, date(2026, 3, 31), "2026-Q1"),
        (Season.QUARTER, date(2026, 4, 1), "2026-Q2"),
        (Season.QUARTER, date(2026, 6, 30), "2026-Q2"),
        (Season.QUARTER, date(2026, 7, 1), "2026-Q3"),
        (Season.QUARTER, date(2026, 9, 30), "2026-Q3"),
        (Season.QUARTER, date(2026, 10, 1), "2026-Q4"),
        (Season.QUARTER, date(2026, 12, 31), "2026-Q4"),
        (Season.YEAR, date(2026, 12, 31), "2026"),
        (Season.YEAR, date(2027, 1, 1), "2027"),
    ],
)
def test_seasons(season: Season, day: date, key: str) -> None:
    assert Calendar(ZoneInfo("UTC"), season).season_of(day) == key


def test_points_count_in_four_periods_and_there_for_their_topic_too() -> None:
    assert BERLIN.periods(date(2027, 1, 1)) == ("all", "2027-01", "2026-W53", "2027-01-01")
    assert BERLIN.boards(date(2027, 1, 1), "CN") == (
        *("all", "2027-01", "2026-W53", "2027-01-01"),
        *("all/cn", "2027-01/cn", "2026-W53/cn", "2027-01-01/cn"),
    )


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 11, 23, 22, 59, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 23, 23, 0, tzinfo=UTC), date(2026, 11, 24)),
        (datetime(2026, 7, 1, 21, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2)),
    ],
)
def test_the_day_is_the_workspaces(at: datetime, day: date) -> None:
    assert BERLIN.day(at) == day


WEEKS = [
    ("a plain week", BERLIN, datetime(2026, 11, 23, 12, tzinfo=UTC), datetime(2026, 11, 29, 23, tzinfo=UTC)),
    ("Sunday's end", BERLIN, datetime(2026, 11, 29, 22, 59, tzinfo=UTC), datetime(2026, 11, 29, 23, tzinfo=UTC)),
    ("Monday's first", BERLIN, datetime(2026, 11, 29, 23, tzinfo=UTC), datetime(2026, 12, 6, 23, tzinfo=UTC)),
    ("clocks go on", BERLIN, datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC)),
    ("clocks go back", BERLIN, datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC)),
    ("a year ends", BERLIN, datetime(2026, 12, 31, 12, tzinfo=UTC), datetime(2027, 1, 3, 23, tzinfo=UTC)),
    ("clocks go on, south", SANTIAGO, datetime(2026, 9, 5, 12, tzinfo=UTC), datetime(2026, 9, 7, 3, tzinfo=UTC)),
    ("clocks go back, south", SANTIAGO, datetime(2026, 4, 4, 12, tzinfo=UTC), datetime(2026, 4, 6, 4, tzinfo=UTC)),
]  # fmt: skip
MONTHS = [
    ("a plain month", BERLIN, datetime(2026, 11, 23, 12, tzinfo=UTC), datetime(2026, 11, 30, 23, tzinfo=UTC)),
    ("the 31st", BERLIN, datetime(2026, 1, 31, 12, tzinfo=UTC), datetime(2026, 1, 31, 23, tzinfo=UTC)),
    ("a leap year", BERLIN, datetime(2028, 2, 29, 12, tzinfo=UTC), datetime(2028, 2, 29, 23, tzinfo=UTC)),
    ("the year's end", BERLIN, datetime(2026, 12, 31, 12, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC)),
    ("clocks go on", BERLIN, datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 31, 22, tzinfo=UTC)),
    ("clocks go back", BERLIN, datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 31, 23, tzinfo=UTC)),
    ("still last month there", BERLIN, datetime(2026, 6, 30, 21, tzinfo=UTC), datetime(2026, 6, 30, 22, tzinfo=UTC)),
    ("clocks go on, south", SANTIAGO, datetime(2026, 9, 5, 12, tzinfo=UTC), datetime(2026, 10, 1, 3, tzinfo=UTC)),
    ("clocks go back, south", SANTIAGO, datetime(2026, 4, 4, 12, tzinfo=UTC), datetime(2026, 5, 1, 4, tzinfo=UTC)),
]  # fmt: skip


@pytest.mark.parametrize(("calendar", "at", "then"), [row[1:] for row in WEEKS], ids=[row[0] for row in WEEKS])
def test_a_week_starts_on_monday_at_midnight_there(calendar: Calendar, at: datetime, then: datetime) -> None:
    assert calendar.next_week(at) == then
    assert calendar.next_week(at).tzinfo is UTC


@pytest.mark.parametrize(("calendar", "at", "then"), [row[1:] for row in MONTHS], ids=[row[0] for row in MONTHS])
def test_a_month_starts_on_the_first_at_midnight_there(calendar: Calendar, at: datetime, then: datetime) -> None:
    assert calendar.next_month(at) == then


def test_a_midnight_that_a_zone_leaves_out_is_the_instant_at_which_it_jumps() -> None:
    asuncion = Calendar(ZoneInfo("America/Asuncion"))
    assert asuncion.next_month(datetime(2023, 9, 30, 12, tzinfo=UTC)) == datetime(2023, 10, 1, 4, tzinfo=UTC)


@given(zone=ZONES, at=INSTANTS)
@settings(deadline=None)
def test_keys_change_exactly_when_boards_start_anew(zone: str, at: datetime) -> None:
    calendar = Calendar(ZoneInfo(zone))
    for key_of, start_of in ((week_of, calendar.next_week), (month_of, calendar.next_month)):
        start, moment_before = start_of(at), start_of(at) - timedelta(microseconds=1)
        assert start > at
        assert key_of(calendar.day(moment_before)) == key_of(calendar.day(at))
        assert key_of(calendar.day(start)) != key_of(calendar.day(at))


@pytest.mark.parametrize(
    ("who", "zone"),
    [
        (person("Asia/Tokyo", "America/New_York"), "Asia/Tokyo"),
        (person("", "America/New_York"), "America/New_York"),
        (person("Asia/Tokyo"), "Asia/Tokyo"),
        (person(), "Europe/Berlin"),
    ],
)
def test_a_persons_own_zone_comes_first_then_the_platforms(who: Person, zone: str) -> None:
    assert BERLIN.zone_of(who) == ZoneInfo(zone)


BAD_ZONES = [
    "Mars/Base",
    "../etc/passwd",
    "/etc/passwd",
    "\0",
    "Europe",
    "America",
    "x" * 300,
    "é",
    "\ud800",
    "Europe/",
]


@pytest.mark.parametrize("bad", BAD_ZONES, ids=[repr(bad[:15]) for bad in BAD_ZONES])
def test_a_zone_that_is_none_falls_back(bad: str) -> None:
    assert BERLIN.zone_of(person(bad, "Asia/Tokyo")) == ZoneInfo("Asia/Tokyo")
    assert BERLIN.zone_of(person("", bad)) == ZoneInfo("Europe/Berlin")


def test_a_persons_day_is_the_one_where_they_are() -> None:
    at = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
    assert BERLIN.day_of(person("Asia/Tokyo"), at) == date(2026, 11, 24)
    assert BERLIN.day_of(person("Pacific/Honolulu"), at) == date(2026, 11, 23)
