"""Names that boards can show, and zones as people write them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.message import TEXT
from bot.people.profile import LONGEST_NAME, read_name, read_zone
from bot.zones import PLACES


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Ada", "Ada"),
        ("  Ada \n Lovelace ", "Ada Lovelace"),
        ("李小龙", "李小龙"),
        ("7", "7"),
        ("*Ada* <@1>", "*Ada* <@1>"),
        ("Ada\u202e\u200b", "Ada"),
        ("\u200b Ada", "Ada"),
        ("👩\u200d🔬 Ada", "👩\u200d🔬 Ada"),
        ("x" * LONGEST_NAME, "x" * LONGEST_NAME),
        ("", ""),
        (" \t ", ""),
        ("\u200b\u202e", ""),
    ],
)
def test_a_name_is_read_as_it_will_be_shown(typed: str, name: str) -> None:
    assert read_name(typed) == name


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("x" * (LONGEST_NAME + 1), "That name is 33 characters long."),
        ("***", "That name has no letter and no digit."),
        ("🔥", "That name has no letter and no digit."),
        ("\u200d", "That name has no letter and no digit."),
    ],
)
def test_a_name_that_boards_cannot_show_is_refused(typed: str, problem: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_name(typed)
    assert caught.value.problem == problem


@given(typed=st.text(max_size=40))
@settings(deadline=None)
def test_a_name_that_was_read_reads_as_itself(typed: str) -> None:
    try:
        name = read_name(typed)
    except BadInput:
        return
    assert read_name(name) == name


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("  Europe/Berlin ", "Europe/Berlin"),
        ("America/New York", "America/New_York"),
        ("new york", "America/New_York"),
        ("Berlin", "Europe/Berlin"),
        ("UTC", "UTC"),
        ("utc", "UTC"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_a_zone_is_read_in_any_spelling_of_its_name(typed: str, zone: str) -> None:
    assert read_zone(typed) == zone


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("Europe/Berln", "`Europe/Berlin`"),
        ("America/Buenos Airs", "`America/Buenos_Aires`"),
        ("Louisville", "`America/Louisville`"),
        ("xyzzy", "`Europe/Berlin`"),
        ("+02:00", "`Europe/Berlin`"),
    ],
)
def test_a_zone_that_is_none_is_told_similar_ones(typed: str, suggested: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_zone(typed)
    assert suggested in caught.value.step


@pytest.mark.parametrize("typed", ["../etc", "\0", "Europe", "posixrules", "Factory", "Etc/GMT+1", "\ud800"])
def test_what_no_place_is_named_after_is_refused(typed: str) -> None:
    with pytest.raises(BadInput):
        read_zone(typed)


def test_what_was_typed_is_escaped_and_cut_so_that_it_can_be_told() -> None:
    with pytest.raises(BadInput) as caught:
        read_zone("*" * 4000)
    assert r"\*\*" in caught.value.problem
    assert len(str(caught.value)) <= TEXT


def test_every_zone_offered_exists_and_reads_as_itself() -> None:
    assert [read_zone(zone) for zone in PLACES] == list(PLACES)
    assert [ZoneInfo(zone).key for zone in PLACES] == list(PLACES)
