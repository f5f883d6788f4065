"""Moves from zone to zone: whose day it is then, which days are excused, and that none is gained or lost."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.persons import Person
from bot.practice.calendar import Calendar
from bot.practice.streak import Streak, advance
from bot.zones import PLACES, resolve

CALENDAR = Calendar(ZoneInfo("Europe/Berlin"))
NEW = Person(1, "Ada", "", hidden=False, zone="", platform_zone="", streak=0, best_streak=0, last_day=None)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = date(2026, 11, 23)
ONE = timedelta(days=1)
HOUR = timedelta(hours=1)
FAR = ["Pacific/Kiritimati", "Pacific/Honolulu", "Pacific/Niue", "Pacific/Tongatapu", "Pacific/Apia", "UTC"]
SHIFTING = ["Europe/Berlin", "America/Havana", "America/Santiago", "Australia/Lord_Howe", "Africa/Casablanca"]
ZONES = st.one_of(st.sampled_from(FAR), st.sampled_from(SHIFTING), st.sampled_from(PLACES), st.just(""))


def person(zone: str = "", platform_zone: str = "") -> Person:
    return replace(NEW, zone=zone, platform_zone=platform_zone)


def at(text: str) -> datetime:
    """Return an instant of November 2026, such as ``24 10:00``, in UTC."""
    return datetime.strptime(f"2026-11-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def days_at(who: Person, *instants: str) -> list[int]:
    return [CALENDAR.day_of(who, at(instant)).day for instant in instants]


def test_the_day_goes_on_by_the_old_zone_until_its_midnight() -> None:
    ada = CALENDAR.moved(person("Europe/Berlin"), at("23 12:00"), zone="Asia/Tokyo")
    assert CALENDAR.moves_at(ada) == at("23 23:00")
    assert days_at(ada, "23 12:00", "23 16:00", "23 22:59", "23 23:00", "24 14:59", "24 15:00") == [
        23, 23, 23, 24, 24, 25,
    ]  # fmt: skip
    assert CALENDAR.excused(ada) == frozenset()


def test_westwards_the_day_is_longer_and_never_goes_back() -> None:
    ada = CALENDAR.moved(person("Asia/Tokyo"), at("23 12:00"), zone="Pacific/Honolulu")
    assert days_at(ada, "23 14:59", "23 15:00", "24 09:59", "24 10:00") == [23, 23, 23, 24]
    ada = CALENDAR.moved(person("Pacific/Kiritimati"), at("23 12:00"), zone="Pacific/Niue")
    assert days_at(ada, "24 09:59", "24 10:00", "25 10:59", "25 11:00") == [24, 24, 24, 25]
    assert CALENDAR.excused(ada) == frozenset()


def test_over_the_date_line_the_date_that_is_skipped_is_excused() -> None:
    ada = CALENDAR.moved(person("Pacific/Honolulu"), at("23 12:00"), zone="Pacific/Kiritimati")
    assert days_at(ada, "24 09:59", "24 10:00") == [23, 25]
    assert CALENDAR.excused(ada) == {date(2026, 11, 24)}


@pytest.mark.parametrize(
    ("zone", "left", "excused"),
    [("Pacific/Tongatapu", 1, [24]), ("Asia/Tokyo", 5, [24]), ("Europe/Berlin", 13, []), ("Etc/GMT-2", 12, [])],
)
def test_a_first_date_of_which_little_is_left_is_excused(zone: str, left: int, excused: list[int]) -> None:
    ada = CALENDAR.moved(person("Pacific/Honolulu"), at("23 12:00"), zone=zone)
    moves_at = CALENDAR.moves_at(ada)
    assert moves_at == at("24 10:00")
    assert CALENDAR.day_of(ada, moves_at) == date(2026, 11, 24)
    assert CALENDAR.day_of(ada, moves_at + left * HOUR) == date(2026, 11, 25)
    assert sorted(day.day for day in CALENDAR.excused(ada)) == excused


def test_before_that_midnight_only_the_target_changes() -> None:
    once = CALENDAR.moved(person("Pacific/Honolulu"), at("23 12:00"), zone="Pacific/Kiritimati")
    twice = CALENDAR.moved(once, at("24 09:59"), zone="Europe/Berlin")
    assert twice == replace(once, zone="Europe/Berlin")
    assert CALENDAR.excused(twice) == frozenset()
    back = CALENDAR.moved(once, at("24 09:59"), zone="Pacific/Honolulu")
    assert days_at(back, "24 09:59", "24 10:00", "25 09:59", "25 10:00") == [23, 24, 24, 25]
    assert CALENDAR.excused(back) == frozenset()


def test_after_it_another_move_begins() -> None:
    once = CALENDAR.moved(person("Pacific/Honolulu"), at("23 12:00"), zone="Pacific/Kiritimati")
    twice = CALENDAR.moved(once, at("24 10:00"), zone="UTC")
    assert (twice.zone_before, twice.zone_changed_at) == ("Pacific/Kiritimati", at("24 10:00"))
    assert twice.day_floor == date(2026, 11, 25)
    assert days_at(twice, "24 10:00", "25 09:59", "25 10:00", "25 23:59", "26 00:00") == [25, 25, 25, 25, 26]


def test_the_zones_change_by_choice_then_by_platform_then_by_the_workspaces() -> None:
    chosen = person("Asia/Tokyo", "America/Lima")
    assert CALENDAR.moved(chosen, NOON, platform_zone="UTC") == person("Asia/Tokyo", "UTC")
    assert CALENDAR.moved(chosen, NOON, zone="").zone_before == "Asia/Tokyo"
    assert CALENDAR.moved(person("", "America/Lima"), NOON, platform_zone="UTC").zone_before == "America/Lima"
    assert CALENDAR.moved(person(), NOON, zone="Europe/Berlin") == person("Europe/Berlin")
    from_the_workspaces = CALENDAR.moved(person(), NOON, zone="UTC")
    assert (from_the_workspaces.zone_before, from_the_workspaces.day_floor) == ("", DAY)
    assert CALENDAR.moves_at(from_the_workspaces) == at("23 23:00")


def test_a_midnight_that_the_old_zone_leaves_out_is_the_instant_at_which_it_jumps() -> None:
    before = datetime(2026, 9, 5, 12, tzinfo=UTC)
    ada = CALENDAR.moved(person("America/Santiago"), before, zone="UTC")
    assert CALENDAR.moves_at(ada) == datetime(2026, 9, 6, 4, tzinfo=UTC)


def test_a_day_begins_when_its_zone_says_or_with_the_move() -> None:
    ada = person("Asia/Tokyo")
    assert CALENDAR.beginning(ada, DAY) == at("22 15:00")
    ada = CALENDAR.moved(person("Pacific/Honolulu"), at("23 12:00"), zone="Pacific/Tongatapu")
    assert CALENDAR.beginning(ada, DAY + ONE) == at("24 10:00")
    assert CALENDAR.beginning(ada, DAY + 2 * ONE) == at("24 11:00")
    assert CALENDAR.beginning(ada, DAY) <= at("23 10:00")


@dataclass
class Traveller:
    """Somebody who answers and moves, and what would be kept of it."""

    now: datetime
    person: Person
    counted: set[date] = field(default_factory=set)
    excused: set[date] = field(default_factory=set)

    @property
    def day(self) -> date:
        return CALENDAR.day_of(self.person, self.now)

    def answer(self) -> None:
        self.counted.add(self.day)

    def move(self, zone: str, *, reported: bool) -> None:
        how = {"platform_zone" if reported else "zone": zone}
        self.person = CALENDAR.moved(self.person, self.now, **how)
        floor = self.person.day_floor
        if floor is not None:
            self.excused = {day for day in self.excused if day <= floor} | CALENDAR.excused(self.person)


INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001
MOVES = st.tuples(ZONES, st.booleans())
ACTS = st.lists(st.tuples(st.integers(1, 40 * 60), st.one_of(st.none(), MOVES)), max_size=40)


@given(INSTANTS, ZONES, ACTS)
def test_no_moves_turn_the_day_back_or_gain_one(
    start: datetime, zone: str, acts: list[tuple[int, tuple[str, bool] | None]]
) -> None:
    ada = Traveller(start, person(platform_zone=zone))
    for minutes, move in acts:
        before, until = ada.day, ada.now + timedelta(minutes=minutes)
        while ada.now < until:
            ada.now = min(ada.now + HOUR, until)
            assert ada.day >= before
            assert CALENDAR.beginning(ada.person, ada.day) <= ada.now
            before = ada.day
        if move is None:
            ada.answer()
        else:
            ada.move(move[0], reported=move[1])
            assert ada.day == before
    assert len(ada.counted) <= (ada.now - start) / ONE + 2


@given(INSTANTS, ZONES, st.lists(st.lists(st.tuples(st.integers(0, 11), MOVES), max_size=2), min_size=1, max_size=60))
def test_whoever_answers_every_twelve_hours_misses_nothing_wherever_they_are(
    start: datetime, zone: str, halves: list[list[tuple[int, tuple[str, bool]]]]
) -> None:
    ada = Traveller(start, person(platform_zone=zone))
    first = ada.day
    for number, moves in enumerate(halves):
        ada.now = start + number * 12 * HOUR
        ada.answer()
        for hours, (to, reported) in sorted(moves):
            ada.now = start + (number * 12 + hours) * HOUR
            ada.move(to, reported=reported)
    gone_by = {first + number * ONE for number in range((ada.day - first).days)}
    assert gone_by - ada.counted - ada.excused == set()
    streak = advance(Streak(0, 0, 0, first - ONE), ada.counted, ada.excused, gone_by, ada.day)
    assert streak.days == len(ada.counted)


@given(INSTANTS, ZONES, st.lists(st.tuples(st.integers(0, 30), MOVES), min_size=1, max_size=10))
def test_nobody_gets_a_missed_day_back_by_moving(
    start: datetime, zone: str, moves: list[tuple[int, tuple[str, bool]]]
) -> None:
    ada = Traveller(start, person(platform_zone=zone))
    missed = ada.day
    ada.now = resolve(missed + ONE, time(), CALENDAR.zone_of(ada.person))
    assert ada.day == missed + ONE
    for hours, (to, reported) in moves:
        ada.now += hours * HOUR
        ada.move(to, reported=reported)
        ada.answer()
        assert missed not in ada.counted | ada.excused


@given(INSTANTS, ZONES, st.lists(st.tuples(st.integers(0, 30), MOVES), min_size=1, max_size=10))
def test_only_days_that_are_still_ahead_are_excused(
    start: datetime, zone: str, moves: list[tuple[int, tuple[str, bool]]]
) -> None:
    ada = Traveller(start, person(platform_zone=zone))
    for hours, (to, reported) in moves:
        ada.now += hours * HOUR
        before = set(ada.excused)
        ada.move(to, reported=reported)
        assert all(day > ada.day for day in ada.excused - before)
        assert len(ada.excused - before) <= 2
