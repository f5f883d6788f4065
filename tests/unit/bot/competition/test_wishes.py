"""What moderators type of a competition, and when it is then."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.competition.wishes import (
    OnClock,
    Wish,
    read_end,
    read_name,
    read_number,
    read_reasons,
    read_start,
)
from bot.errors import BadInput
from tests.support.world import MONDAY, UTC_ZONE

BERLIN = ZoneInfo("Europe/Berlin")
NINE = OnClock(date(2026, 12, 1), time(9))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("now", None),
        (" NOW ", None),
        ("2026-12-01 09:00", NINE),
        ("2026-12-01T09:00", NINE),
        ("2026-12-01 at 9am", NINE),
        ("2026-12-01, 9", NINE),
        ("2h", timedelta(hours=2)),
        ("in 90 minutes", timedelta(minutes=90)),
    ],
)
def test_a_start_is_read(typed: str, meant: OnClock | timedelta | None) -> None:
    assert read_start(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("7d", timedelta(days=7)),
        ("36h", timedelta(hours=36)),
        ("2 weeks", timedelta(weeks=2)),
        ("1d 12h 30m", timedelta(days=1, hours=12, minutes=30)),
        ("2026-12-01 09:00", NINE),
    ],
)
def test_an_end_is_read(typed: str, meant: OnClock | timedelta) -> None:
    assert read_end(typed) == meant


@pytest.mark.parametrize("typed", ["", "soon", "0h", "2026-12-01", "2026-13-01 09:00", "9", "2026-12-01 25:00", "-3d"])
def test_what_cannot_be_read_says_what_to_type(typed: str) -> None:
    for read in (read_start, read_end):
        with pytest.raises(BadInput) as refused:
            read(typed)
        assert refused.value.step.startswith("Write ")


@given(st.text(max_size=300))
def test_anything_else_typed_is_read_or_refused(typed: str) -> None:
    for read in (read_start, read_end, read_name, read_number, read_reasons):
        with suppress(BadInput):
            read(typed)


def test_names_have_two_to_forty_characters_that_show() -> None:
    assert read_name("  Winter\n Cup\u202e ") == "Winter Cup"
    assert read_name("x" * 40) == "x" * 40
    for typed in ("", "x", "\u200b" * 5, "x" * 41):
        with pytest.raises(BadInput):
            read_name(typed)


def test_what_counts_is_all_or_some() -> None:
    assert read_reasons("all") == ("daily", "quiz", "practice")
    assert read_reasons("Practice and daily") == ("daily", "practice")
    with pytest.raises(BadInput):
        read_reasons("points")


def test_wall_clock_times_are_those_of_the_zone() -> None:
    terms = Wish("Cup", NINE, OnClock(date(2026, 12, 8), time(18))).terms(MONDAY, BERLIN)
    assert terms.starts_at == datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert terms.ends_at == datetime(2026, 12, 8, 17, tzinfo=UTC)
    over_the_change = Wish("Cup", OnClock(date(2027, 3, 27), time(9)), timedelta(days=2)).terms(MONDAY, BERLIN)
    assert over_the_change.ends_at - over_the_change.starts_at == timedelta(days=2)


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        (OnClock(date(2026, 11, 23), time(11, 59)), timedelta(days=1), "is past"),
        (timedelta(days=400), timedelta(days=1), "too far ahead"),
        (None, timedelta(minutes=9), "10 minutes at least"),
        (None, timedelta(days=91), "90 days at most"),
        (NINE, OnClock(date(2026, 11, 30), time(9)), "10 minutes at least"),
    ],
)
def test_what_cannot_be_is_refused(start: OnClock | timedelta | None, end: OnClock | timedelta, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        Wish("Cup", start, end).terms(MONDAY, UTC_ZONE)
