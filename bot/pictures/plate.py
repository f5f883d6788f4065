"""What all pictures share: the white plate that is legible on a page of any colour, smooth shapes, and small files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from itertools import pairwise
from math import hypot

from bot.pictures.text import Letters, Written

WIDTH = 900
"""Of a picture in pixels, of which two stand for each point on a screen."""
MARGIN = 32
TEXT, SMALL = 30, 22
"""Sizes of letters: of names and numbers, and of what is beside them."""
BAR_RADIUS = 6

# The plate and the ink are those of formulas.
PLATE, INK, FAINT, TRACK = "#ffffff", "#1f2328", "#59636e", "#d8dee4"

_RADIUS = 16
_FINER = 4
"""Shapes are drawn so many times larger and made smaller, which smooths their edges."""

Point = tuple[float, float]


class Plate:
    """A white plate to draw on, in pixels from its top left corner: first shapes, then letters.

    ``letters`` are the fonts of this picture alone. Not for several threads at once: each picture has its own.
    """

    def __init__(self, height: int) -> None:
        from PIL import Image, ImageDraw  # noqa: PLC0415 - only some processes draw

        self.height = height
        self.letters = Letters()
        self._shapes = Image.new("RGB", (WIDTH * _FINER, height * _FINER), PLATE)
        self._pen = ImageDraw.Draw(self._shapes)
        self._lines: list[tuple[Written, float, float, str]] = []

    def box(self, left: float, top: float, right: float, bottom: float, radius: float, colour: str) -> None:
        """Draw a box with round corners."""
        place = [round(_FINER * side) for side in (left, top, right, bottom)]
        self._pen.rounded_rectangle((place[0], place[1], place[2] - 1, place[3] - 1), _FINER * radius, colour)

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        """Draw a disc."""
        x, y, radius = x * _FINER, y * _FINER, radius * _FINER
        self._pen.ellipse((x - radius, y - radius, x + radius, y + radius), colour)

    def shape(self, corners: Iterable[Point], colour: str) -> None:
        """Draw a filled polygon."""
        self._pen.polygon(_finer(corners), colour)

    def line(self, points: Sequence[Point], width: float, colour: str, dashes: Sequence[float] = ()) -> None:
        """Draw a line with round ends, or with so long strokes and gaps in turn."""
        for part in dashed(points, dashes) if dashes else [points]:
            fine = _finer(part)
            self._pen.line(fine, colour, round(width * _FINER), joint="curve")
            if not dashes:
                for x, y in (part[0], part[-1]):
                    self.disc(x, y, width / 2, colour)

    def write(self, line: Written, x: float, middle: float, colour: str = INK, *, align: float = 0) -> None:
        """Write a line: ``align`` 0 begins at ``x``, 0.5 has its middle there, 1 ends there."""
        self._lines.append((line, x - align * line.width, middle, colour))

    def packed(self, shades: int) -> bytes:
        """Return the picture as a PNG of so many colours."""
        from PIL import Image, ImageDraw  # noqa: PLC0415

        picture = self._shapes.reduce(_FINER)
        for line, x, middle, colour in self._lines:
            self.letters.draw(picture, line, x, middle, colour)
        outline = Image.new("L", self._shapes.size)
        ImageDraw.Draw(outline).rounded_rectangle((0, 0, outline.width - 1, outline.height - 1), _RADIUS * _FINER, 255)
        corners = outline.reduce(_FINER)
        picture.putalpha(corners)
        whole = Image.new("RGBA", picture.size)  # clear corners are not white, or they would become nearly clear
        whole.paste(picture, mask=corners.point([0] + [255] * 255))
        packed = BytesIO()
        whole.quantize(shades, Image.Quantize.FASTOCTREE).save(packed, "PNG", optimize=True)
        return packed.getvalue()


def dashed(points: Sequence[Point], dashes: Sequence[float]) -> list[list[Point]]:
    """Return the strokes of a line, where ``dashes`` are the lengths of strokes and gaps in turn."""
    strokes: list[list[Point]] = [[points[0]]]
    turn, left = 0, dashes[0]
    for start, end in pairwise(points):
        length, done = hypot(end[0] - start[0], end[1] - start[1]), 0.0
        while length - done > left:
            done += left
            share = done / length
            here = (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))
            if turn % 2:
                strokes.append([here])
            else:
                strokes[-1].append(here)
            turn += 1
            left = dashes[turn % len(dashes)]
        left -= length - done
        if turn % 2 == 0:
            strokes[-1].append(end)
    return [stroke for stroke in strokes if len(stroke) > 1]


def _finer(points: Iterable[Point]) -> list[Point]:
    return [(x * _FINER, y * _FINER) for x, y in points]
