"""The picture of scores over time: its lines in pixels, its labels, and the same in words."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.pictures import WIDTH, Line, Tick, lines_alt, lines_picture
from bot.pictures.lines import MOST, POINTS
from tests.support.names import ODD
from tests.support.pixels import opened, places

BLUE, ORANGE, GREEN = (0, 103, 165), (200, 78, 0), (0, 121, 92)
AXIS = (89, 99, 110)
TOP, BOTTOM = 32, 372
ADA = Line("Ada", (0, 5000, 10_000, 20_000))
BOB = Line("Bob", (0, 0, 5000, 10_000))
WEEK = (Tick(0, "Mon"), Tick(3, "Thu"))
any_text = st.text(st.characters(exclude_categories=()), max_size=60)
any_scores = st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=POINTS)


def drawn(*lines: Line, points: int = 0) -> Image.Image:
    return opened(lines_picture(lines, (), points=points))


def axis(picture: Image.Image, row: int = BOTTOM) -> tuple[int, int]:
    """Return where the axis of times begins and ends."""
    across = {x for x, y in places(picture, AXIS) if y == row}
    begins = [x for x in across if across.issuperset(range(x, x + 12))]  # unlike the letters beside it
    ends = [x for x in across if across.issuperset(range(x - 12, x))]
    return min(begins), max(ends)


def height(picture: Image.Image, colour: tuple[int, int, int], x: float) -> float:
    """Return the mean height of a colour around a place."""
    near = [y for at, y in places(picture, colour) if abs(at - x) <= 2]
    return sum(near) / len(near)


def span(picture: Image.Image, colour: tuple[int, int, int]) -> tuple[int, int, int, int]:
    """Return the box of a colour: left, top, right, bottom."""
    found = places(picture, colour)
    across, down = [x for x, _ in found], [y for _, y in found]
    return min(across), min(down), max(across), max(down)


@pytest.mark.parametrize("count", [1, 3, MOST])
@pytest.mark.parametrize("length", [1, 2, POINTS])
def test_a_picture_is_a_small_palette_png(count: int, length: int) -> None:
    lines = [Line(ODD[at], [1000 * at * point for point in range(length)]) for at in range(count)]
    png = lines_picture(lines, [Tick(0, "2 Nov"), Tick(length - 1, "19 Dec")])
    assert len(png) < 40_000
    picture = Image.open(BytesIO(png))
    assert (picture.format, picture.mode, picture.size) == ("PNG", "P", (WIDTH, 450))


def test_lines_are_in_proportion_to_scores_and_times() -> None:
    picture = drawn(Line("Ada", (-5000, 5000, 10_000, 20_000)), Line("Bob", (20_000, 0, -5000, 15_000)))
    left, right = axis(picture, BOTTOM - (BOTTOM - TOP) // 5)
    for colour, scores in ((BLUE, (-5, 5, 10, 20)), (ORANGE, (20, 0, -5, 15))):
        for point, score in enumerate(scores):
            x = left + (right - left) * point / 3
            assert height(picture, colour, x) == pytest.approx(BOTTOM - (BOTTOM - TOP) * (score + 5) / 25, abs=3)


def test_a_line_ends_where_its_scores_end_though_the_axis_goes_on() -> None:
    picture = drawn(Line("Ada", (5000, 7000, 9000)), points=9)
    left, right = axis(picture)
    assert right == pytest.approx(WIDTH - 32, abs=1)
    end = left + (right - left) * 2 / 8
    assert height(picture, BLUE, end) == pytest.approx(TOP + (BOTTOM - TOP) / 10, abs=3)
    label = max(x for x, _ in places(picture, BLUE))
    assert end + 20 < label < end + 60
    whole = drawn(Line("Ada", (5000, 7000, 9000)))
    assert axis(whole)[1] < WIDTH - 32 - 80  # the label has the room


def test_labels_stand_at_the_end_in_the_order_of_the_scores_and_apart() -> None:
    level = [Line(f"Team {at}", (0, 10_000 + at * 100)) for at in range(3)]
    picture = drawn(*level, points=4)
    found = [places(picture.crop((360, 0, WIDTH, 450)), colour) for colour in (BLUE, ORANGE, GREEN)]
    labels = []
    for marked in found:
        rightmost = max(x for x, _ in marked)
        label = [y for x, y in marked if x > rightmost - 10]
        labels.append(sum(label) / len(label))
    assert labels[0] - labels[1] == pytest.approx(36, abs=3)
    assert labels[1] - labels[2] == pytest.approx(36, abs=3)


def test_lines_are_told_apart_by_dashes_too() -> None:
    picture = drawn(Line("A", (0, 0)), Line("B", (2000, 2000)), Line("C", (1000, 1000)))
    gaps = []
    for colour, y in ((BLUE, BOTTOM), (ORANGE, TOP), (GREEN, (TOP + BOTTOM) // 2)):
        row = {x for x, at in places(picture, colour) if at == y}
        stretch = range(min(row) + 20, min(row) + 320)
        gaps.append(sum(x not in row for x in stretch))
    assert gaps[0] == 0
    assert gaps[1] > 50
    assert gaps[2] > gaps[1]


def test_ticks_that_would_touch_are_left_out() -> None:
    every = [Tick(point, f"{point + 1} November") for point in range(20)]
    line = Line("Ada", [1000] * 20)
    assert lines_picture([line], every) != lines_picture([line], [])
    close = [Tick(0, "1 November"), Tick(1, "2 November")]
    assert lines_picture([line], close) == lines_picture([line], close[:1])


@pytest.mark.parametrize("typed", ODD)
def test_any_name_leaves_room_for_the_line(typed: str) -> None:
    picture = opened(
        lines_picture([Line(typed, (0, 10_000)), Line("Ada", (0, 5000))], [Tick(0, typed), Tick(1, typed)])
    )
    left, _, right, _ = span(picture.crop((0, 0, WIDTH, 380)), ORANGE)
    assert right - left > 400


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.builds(Line, any_text, any_scores), min_size=1, max_size=MOST),
    st.lists(st.builds(Tick, st.integers(0, POINTS - 1), any_text), max_size=6),
)
def test_anything_is_drawn_and_told(lines: list[Line], ticks: list[Tick]) -> None:
    png = lines_picture(lines, ticks, points=POINTS)
    assert len(png) < 60_000
    assert Image.open(BytesIO(png)).size == (WIDTH, 450)
    assert len(lines_alt(lines, ticks)) <= 1000


@pytest.mark.parametrize(
    ("lines", "ticks", "points", "error"),
    [
        ([], [], 0, "1 to 8 lines can be drawn, not 0"),
        ([ADA] * 9, [], 0, "1 to 8 lines can be drawn, not 9"),
        ([Line("Ada", [0] * 49)], [], 0, "1 to 48 points can be drawn, not 49"),
        ([Line("Ada", [])], [], 0, "1 to 48 points can be drawn, not 0"),
        ([ADA, Line("Bob", [])], [], 0, "each line needs 1 to 4 scores"),
        ([ADA], [], 3, "each line needs 1 to 3 scores"),
        ([ADA], [Tick(4, "Fri")], 0, "each tick is at a point from 0 to 3"),
        ([ADA], [Tick(-1, "Sun")], 0, "each tick is at a point from 0 to 3"),
    ],
)
def test_what_cannot_be_drawn_is_refused(lines: list[Line], ticks: list[Tick], points: int, error: str) -> None:
    with pytest.raises(ValueError, match=f"^{error}$"):
        lines_picture(lines, ticks, points=points)


def test_the_words_hold_every_score() -> None:
    assert lines_alt([ADA, BOB], WEEK) == "From Mon to Thu: Ada 0, 5, 10, 20; Bob 0, 0, 5, 10."
    assert lines_alt([Line("", (500,))]) == "(name) 0.5."


def test_words_that_are_too_long_hold_the_last_score_of_each() -> None:
    lines = [Line("W" * 50, [10**12 + at] * POINTS) for at in range(MOST)]
    told = lines_alt(lines, WEEK)
    assert len(told) <= 1000
    assert told.startswith("From Mon to Thu: W")
    assert told.count("1000000000.0") == MOST
