"""What pictures share."""

from __future__ import annotations

from itertools import pairwise
from math import hypot

import pytest

from bot.pictures.marks import STYLES, Style
from bot.pictures.plate import WIDTH, Plate, Point, dashed
from tests.support.pixels import opened, places


def length(stroke: list[Point]) -> float:
    return sum(hypot(after[0] - before[0], after[1] - before[1]) for before, after in pairwise(stroke))


def test_a_dashed_line_has_strokes_and_gaps_of_their_lengths_around_corners() -> None:
    assert dashed([(0, 0), (10, 0)], (4, 2)) == [[(0, 0), (4, 0)], [(6, 0), (10, 0)]]
    strokes = dashed([(0, 0), (6, 0), (6, 20)], (8, 4))
    assert strokes[0] == [(0, 0), (6, 0), (6, 2)]
    assert [length(stroke) for stroke in strokes] == [8, 8, 2]
    assert dashed([(0, 0), (0, 0), (3, 0)], (8, 4)) == [[(0, 0), (0, 0), (3, 0)]]


def test_no_two_lines_look_alike_without_colour() -> None:
    assert len({(style.mark, style.hollow) for style in STYLES}) == len(STYLES)
    assert len({style.colour for style in STYLES}) == len(STYLES)


@pytest.mark.parametrize("style", STYLES)
def test_each_colour_stands_out_from_the_plate(style: Style) -> None:
    """As the accessibility guidelines ask of graphics: a contrast of three to one."""
    colour = style.colour.lstrip("#")

    def linear(channel: str) -> float:
        value = int(channel, 16) / 255
        return float(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(colour[at : at + 2]) for at in (0, 2, 4))
    assert 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 3


def test_shapes_are_where_they_are_asked_for() -> None:
    plate = Plate(100)
    plate.box(50, 20, 150, 40, 0, "#ff0000")
    plate.disc(300, 50, 10, "#0000ff")
    picture = opened(plate.packed(8))
    assert picture.size == (WIDTH, 100)
    red = places(picture, (255, 0, 0))
    assert (min(red), max(red), len(red)) == ((50, 20), (149, 39), 100 * 20)
    blue = places(picture, (0, 0, 255))
    assert len(blue) == pytest.approx(3.14 * 10 * 10, rel=0.15)
