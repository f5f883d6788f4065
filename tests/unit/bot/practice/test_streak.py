"""Days in a row, and what becomes of those that were missed."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.practice.streak import Streak, advance

ONE = timedelta(days=1)
START = date(2026, 12, 27)
NONE = Streak(0, 0, 0, START - ONE)
NO_DAYS: frozenset[date] = frozenset()


def days(*numbers: int) -> frozenset[date]:
    """Return days by their distance from the first."""
    return frozenset(START + number * ONE for number in numbers)


def every(first: int, last: int) -> frozenset[date]:
    return days(*range(first, last + 1))


def fold(counted: AbstractSet[date], through: int, *, excused: AbstractSet[date] = NO_DAYS, streak: Streak = NONE,
         owed: AbstractSet[date] | None = None) -> tuple[int, int, int]:  # fmt: skip
    """Return days, best and freezes as of a day, with every day owed unless others are given."""
    after = advance(streak, counted, excused, every(0, through) if owed is None else owed, START + through * ONE)
    assert after.last_day == START + through * ONE
    return after.days, after.best, after.freezes


def test_nobody_starts_with_a_streak() -> None:
    assert advance(Streak(0, 0, 0, None), NO_DAYS, NO_DAYS, NO_DAYS, START) == Streak(0, 0, 0, None)


def test_each_day_with_an_answer_adds_one() -> None:
    assert fold(every(0, 0), 0) == (1, 1, 0)
    assert fold(every(0, 5), 5) == (6, 6, 0)


@pytest.mark.parametrize(("last", "freezes"), [(5, 0), (6, 1), (12, 1), (13, 2), (20, 2), (27, 2)])
def test_every_seventh_day_earns_a_freeze_and_two_are_held_at_most(last: int, freezes: int) -> None:
    assert fold(every(0, last), last) == (last + 1, last + 1, freezes)


def test_a_missed_day_ends_a_streak_without_freezes() -> None:
    assert fold(every(0, 4), 5) == (0, 5, 0)
    assert fold(every(0, 4) | every(6, 7), 7) == (2, 5, 0)


def test_a_missed_day_uses_a_freeze_and_adds_nothing() -> None:
    assert fold(every(0, 6), 7) == (7, 7, 0)
    assert fold(every(0, 6) | days(8), 8) == (8, 8, 0)
    assert fold(every(0, 13), 15) == (14, 14, 0)
    assert fold(every(0, 13), 16) == (0, 14, 0)


def test_the_seventh_day_is_one_of_the_streak_not_of_the_calendar() -> None:
    assert fold(every(0, 6) | every(8, 13), 13) == (13, 13, 0)
    assert fold(every(0, 6) | every(8, 14), 14) == (14, 14, 1)


def test_a_streak_that_broke_earns_from_its_own_first_day() -> None:
    assert fold(every(0, 4) | every(6, 12), 12) == (7, 7, 1)


def test_what_is_not_owed_is_not_missed() -> None:
    assert fold(days(0, 1, 4), 6, owed=days(0, 1, 4)) == (3, 3, 0)


def test_an_excused_day_is_neither_counted_nor_missed() -> None:
    assert fold(every(0, 6) | days(8), 8, excused=days(7)) == (8, 8, 1)


def test_an_earlier_day_is_none_of_the_days_between() -> None:
    streak = Streak(3, 5, 1, START + 3 * ONE)
    assert advance(streak, every(0, 9), NO_DAYS, every(0, 9), START) == streak


@given(st.sets(st.integers(0, 40)), st.sets(st.integers(0, 40)), st.sets(st.integers(0, 40)), st.integers(0, 40))
def test_on_the_way_or_at_once_it_comes_to_the_same(
    counted: set[int], excused: set[int], owed: set[int], halfway: int
) -> None:
    kinds = days(*counted), days(*excused), days(*owed)
    half = advance(NONE, *kinds, START + halfway * ONE)
    end = advance(half, *kinds, START + 40 * ONE)
    assert end == advance(NONE, *kinds, START + 40 * ONE)
    assert 0 <= end.days <= end.best <= len(counted)
    assert 0 <= end.freezes <= min(2, end.days // 7)


@given(st.sets(st.integers(0, 40)), st.integers(0, 40))
def test_a_day_less_owed_never_shortens_a_streak(counted: set[int], forgiven: int) -> None:
    plain = fold(days(*counted), 40)
    assert fold(days(*counted), 40, owed=every(0, 40) - days(forgiven)) >= (plain[0], 0, 0)
