"""The picture of how answers spread: its size, its bars in pixels, and the same in words and in lines."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from PIL import Image

from bot.markup import Code, Paragraph, Text, parse, plain
from bot.pictures import MOST, WIDTH, Bar, spread_alt, spread_lines, spread_picture
from tests.support.pixels import opened, points

COUNTS = (Bar("A", 3, right=False), Bar("B", 7, right=True), Bar("C", 2, right=False), Bar("D", 0, right=False))
NOBODY = (Bar("True", 0, right=True), Bar("False", 0, right=False))
WIDEST = tuple(Bar(f"{at} {'Wörterbücher' * 3}", 10**6 + at, right=at == 3) for at in range(MOST))
GREEN, GREY, TRACK = (24, 112, 58), (125, 133, 144), (216, 222, 228)
BACKSPACED = str.maketrans("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("bars", [COUNTS, NOBODY, WIDEST, WIDEST[:2]])
def test_a_picture_is_a_small_palette_png_that_grows_with_its_bars(bars: tuple[Bar, ...]) -> None:
    png = spread_picture(bars)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(png) < 20_000
    picture = Image.open(BytesIO(png))
    assert (picture.format, picture.mode, picture.width) == ("PNG", "P", WIDTH)
    assert picture.height == 2 * 32 + 32 + 58 * (len(bars) - 1)


def test_a_longer_bar_is_longer_and_the_right_one_has_another_colour_and_a_tick() -> None:
    picture = opened(spread_picture(COUNTS))
    grey = points(picture, GREY, left=100)
    middles = [32 + 16 + 58 * at for at in range(len(COUNTS))]
    right = points(picture, GREEN, left=100)
    assert right[middles[1]] > grey[middles[0]] > grey[middles[2]] > 0
    assert middles[3] not in grey
    assert right[middles[1]] / grey[middles[0]] == pytest.approx(7 / 3, rel=0.05)
    ticked = points(picture.crop((0, 0, 70, picture.height)), GREEN)
    assert {y // 58 for y in (at - 32 + 13 for at in ticked)} == {1}


def test_a_bar_is_on_a_track_that_stands_for_all_answers() -> None:
    track = points(opened(spread_picture(NOBODY)), TRACK)
    assert min(track[at] for at in (48, 106)) > 400


def test_the_corners_are_clear_and_the_plate_is_white() -> None:
    picture = opened(spread_picture(COUNTS))
    corners = [(x, y) for x in (0, WIDTH - 1) for y in (0, picture.height - 1)]
    assert [picture.getpixel(corner) for corner in corners] == [(0, 0, 0, 0)] * 4
    plate = picture.getpixel((WIDTH // 2, 8))
    assert isinstance(plate, tuple)
    assert min(plate) >= 250


def test_one_answer_among_very_many_still_shows() -> None:
    picture = opened(spread_picture((Bar("A", 10**6, right=True), Bar("B", 1, right=False))))
    below = points(picture.crop((110, 80, 600, picture.height)), GREY)
    assert (min(below), max(below)) == (10, 41)
    assert 4 <= below[26] <= 6


def test_labels_are_drawn_in_their_own_letters() -> None:
    labels = ("Ünł–é", "Unl-e", "ответ", "答え", "?")
    pictures = {spread_picture((Bar(label, 1, right=True), *NOBODY)) for label in labels}
    assert len(pictures) == len(labels)
    assert spread_picture((Bar("🧪", 1, right=True), *NOBODY)) in pictures  # nothing of it can be drawn


@pytest.mark.parametrize("count", [0, 1, 9])
def test_no_other_number_of_bars_is_drawn(count: int) -> None:
    with pytest.raises(ValueError, match=rf"not {count}$"):
        spread_picture([Bar("A", 1, right=False)] * count)


def test_threads_draw_the_same_as_one() -> None:
    with ThreadPoolExecutor(4) as threads:
        drawn = list(threads.map(spread_picture, [COUNTS, NOBODY, WIDEST] * 4))
    assert drawn == [spread_picture(COUNTS), spread_picture(NOBODY), spread_picture(WIDEST)] * 4


def test_the_words_hold_every_number_and_say_what_is_right() -> None:
    assert spread_alt(COUNTS) == "12 answers: A 3 (25 %), B 7 (58 %, right), C 2 (17 %), D 0 (0 %)."
    assert spread_alt(NOBODY) == "No answers: True 0 (0 %, right), False 0 (0 %)."
    assert spread_alt((Bar("A", 1, right=True), Bar("B", 0, right=False))).startswith("1 answer: A 1 (100 %, right), B")
    assert len(spread_alt(WIDEST)) < 1000


def test_the_lines_hold_every_number_and_all_bars_are_equally_wide() -> None:
    assert spread_lines(COUNTS).translate(BACKSPACED).splitlines() == [
        "✗ `A ▇▇░░░░░░░░` 3 (25 %)",
        "✓ `B ▇▇▇▇▇▇░░░░` 7 (58 %)",
        "✗ `C ▇▇░░░░░░░░` 2 (17 %)",
        "✗ `D ░░░░░░░░░░` 0 (0 %)",
    ]
    assert spread_lines(NOBODY).translate(BACKSPACED).splitlines() == [
        "✓ `True  ░░░░░░░░░░` 0 (0 %)",
        "✗ `False ░░░░░░░░░░` 0 (0 %)",
    ]


def test_a_line_shows_that_somebody_chose_what_hardly_anybody_did() -> None:
    assert "▇" in spread_lines((Bar("A", 1000, right=True), Bar("B", 1, right=False))).splitlines()[1]


def test_a_label_is_text_and_one_line_whatever_it_holds() -> None:
    line = spread_lines((Bar("`a`\n**b** [x](https://x.test)", 1, right=True),))
    (paragraph,) = parse(line)
    assert isinstance(paragraph, Paragraph)
    assert [type(part) for part in paragraph.children] == [Text, Code, Text]
    assert plain(line).translate(BACKSPACED) == "✓ 'a' **b** [x](https://x… ▇▇▇▇▇▇▇▇▇▇ 1 (100 %)"
