"""The picture of standings: its rows, its bars in pixels, its medals, and the same in words."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.pictures import WIDTH, StandingRow, standings_alt, standings_picture
from bot.pictures.standings import MOST
from tests.support.names import DRAWN, EMPTY
from tests.support.pixels import opened, places, points

BLUE, TRACK = (47, 111, 179), (216, 222, 228)
GOLD, SILVER, BRONZE = (245, 200, 66), (204, 212, 219), (227, 166, 115)
ROWS = (
    StandingRow(1, "Ada", 40_000),
    StandingRow(2, "Grace", 30_000),
    StandingRow(3, "Katherine", 10_000),
    StandingRow(4, "Alan", 0),
    StandingRow(5, "Ken", -3000),
)
NAMES = [*DRAWN.values(), *EMPTY.values()]
any_text = st.text(st.characters(exclude_categories=()), max_size=60)
any_row = st.builds(StandingRow, st.integers(-5, 10**6), any_text, st.integers(-(10**12), 10**12), any_text)


def middles(rows: int, pitch: int = 60) -> list[int]:
    return [52 + pitch * at for at in range(rows)]


@pytest.mark.parametrize("count", range(1, MOST + 1))
@pytest.mark.parametrize(("detail", "pitch"), [("", 60), ("5 of 6 active", 78)])
def test_a_picture_is_a_small_palette_png_that_grows_with_its_rows(count: int, detail: str, pitch: int) -> None:
    rows = [StandingRow(at + 1, NAMES[at], 1000 * at, detail) for at in range(count)]
    png = standings_picture(rows)
    assert len(png) < 40_000
    picture = Image.open(BytesIO(png))
    assert (picture.format, picture.mode) == ("PNG", "P")
    assert picture.size == (WIDTH, 64 + 40 + pitch * (count - 1))


def test_bars_are_in_proportion_to_the_best_score_and_what_is_not_above_zero_has_none() -> None:
    picture = opened(standings_picture(ROWS))
    # Right of the medals' ribbons, which are as blue.
    blue, track = points(picture, BLUE, left=120), points(picture, TRACK, left=120)
    ada, grace, katherine, alan, ken = middles(5)
    assert blue[grace] / blue[ada] == pytest.approx(30 / 40, abs=0.01)
    assert blue[katherine] / blue[ada] == pytest.approx(10 / 40, abs=0.01)
    assert alan not in blue
    assert ken not in blue
    assert track[alan] == track[ken] == pytest.approx(blue[ada], abs=4)


def test_a_small_score_among_high_ones_still_shows() -> None:
    blue = points(opened(standings_picture([replace(ROWS[0], score=10**9), replace(ROWS[1], score=1000)])), BLUE, 120)
    assert 4 <= blue[112] <= 6


@pytest.mark.parametrize("score", [0, -5000])
def test_standings_without_a_score_above_zero_have_no_bar(score: int) -> None:
    assert points(opened(standings_picture([replace(ROWS[0], score=score)])), BLUE, left=120) == {}


def test_the_first_three_ranks_have_medals_and_those_who_are_level_the_same() -> None:
    def metals(*ranks: int) -> list[list[bool]]:
        picture = opened(standings_picture([StandingRow(rank, "Ada", 5000) for rank in ranks]))
        rows = [picture.crop((30, middle - 28, 74, middle + 18)) for middle in middles(len(ranks))]
        return [[len(places(row, metal)) > 300 for metal in (GOLD, SILVER, BRONZE)] for row in rows]

    gold, silver, bronze = [True, False, False], [False, True, False], [False, False, True]
    assert metals(1, 2, 3, 4) == [gold, silver, bronze, [False] * 3]
    assert metals(1, 1, 3) == [gold, gold, bronze]
    assert metals(7) == [[False] * 3]


def test_medals_are_told_apart_by_their_number_too() -> None:
    signs = set()
    for rank in (1, 2, 3):
        picture = opened(standings_picture([StandingRow(rank, "Ada", 5000)])).convert("L")
        signs.add(picture.crop((40, 36, 64, 62)).point(lambda shade: 255 * (shade < 60)).tobytes())
    assert len(signs) == 3


@pytest.mark.parametrize("first", range(0, len(NAMES), MOST - 1))
def test_any_name_and_detail_leaves_room_for_bar_and_score(first: int) -> None:
    named = [StandingRow(2, typed, 6000, typed) for typed in NAMES[first : first + MOST - 1]]
    blue = points(opened(standings_picture([StandingRow(1, "Ada", 12_000, "all active"), *named])), BLUE, left=120)
    whole, *halves = (blue[middle] for middle in middles(1 + len(named), 78))
    assert whole > 280
    assert halves == pytest.approx([whole / 2] * len(named), abs=2)


def test_who_has_nothing_that_can_be_drawn_is_called_the_same() -> None:
    nobody = standings_picture([StandingRow(1, "(name)", 1000)])
    assert {standings_picture([StandingRow(1, typed, 1000)]) for typed in EMPTY.values()} == {nobody}


@settings(deadline=None, max_examples=25)
@given(st.lists(any_row, min_size=1, max_size=MOST))
def test_anything_is_drawn_and_told(rows: list[StandingRow]) -> None:
    png = standings_picture(rows)
    assert len(png) < 40_000
    assert Image.open(BytesIO(png)).width == WIDTH
    assert len(standings_alt(rows)) <= 1000


@pytest.mark.parametrize("count", [0, 11])
def test_no_other_number_of_rows_is_drawn(count: int) -> None:
    with pytest.raises(ValueError, match=rf"not {count}$"):
        standings_picture(ROWS[:1] * count)


def test_threads_draw_the_same_as_one() -> None:
    tables = [
        ROWS,
        [StandingRow(1, name, 1000) for name in NAMES[:9]],
        [StandingRow(1, name, 1) for name in NAMES[9:19]],
    ]
    with ThreadPoolExecutor(4) as threads:
        drawn = list(threads.map(standings_picture, tables * 4))
    assert drawn == [standings_picture(rows) for rows in tables] * 4


def test_the_words_hold_every_rank_and_score() -> None:
    assert standings_alt(ROWS) == "1. Ada: 40, 2. Grace: 30, 3. Katherine: 10, 4. Alan: 0, 5. Ken: -3."
    teams = [StandingRow(1, "Descenders", 12_500, "5 of 6 active"), StandingRow(1, "", 12_000)]
    assert standings_alt(teams) == "1. Descenders: 12.5 (5 of 6 active), 1. (name): 12.0."


def test_words_that_are_too_long_say_how_many_are_missing() -> None:
    rows = [StandingRow(at + 1, "W" * 50, 10**15, "w" * 50) for at in range(MOST)]
    told = standings_alt(rows)
    assert 850 < len(told) <= 1000
    assert re.search(r"\) and [1-4] more\.$", told)
