"""How lines are told apart: each has a mark and dashes of its own, and a colour that colour-blind people can tell."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin

from bot.pictures.plate import PLATE, Plate, Point

SIZE = 8.5
"""Of a mark, from its middle to its tip, in pixels."""
_HOLE = 0.5


@dataclass(frozen=True, slots=True)
class Style:
    """The looks of a line: its colour, its dashes (none for a whole line), and its mark, a name in ``_CORNERS``."""

    colour: str
    dashes: tuple[float, ...]
    mark: str
    hollow: bool = False


STYLES = (
    Style("#0067a5", (), "disc"),
    Style("#c84e00", (16, 8), "square"),
    Style("#00795c", (4, 6), "triangle"),
    Style("#8f2a5e", (18, 6, 4, 6), "diamond"),
    Style("#3b4148", (), "disc", hollow=True),
    Style("#946c00", (16, 8), "square", hollow=True),
    Style("#6a51a3", (4, 6), "triangle", hollow=True),
    Style("#2b8cc4", (18, 6, 4, 6), "diamond", hollow=True),
)


def draw_mark(plate: Plate, style: Style, x: float, y: float) -> None:
    """Draw a mark with its middle at ``x``, ``y``."""
    for size, colour in ((1.35, PLATE), (1.0, style.colour), (_HOLE if style.hollow else 0, PLATE)):
        if not size:
            continue
        if style.mark == "disc":
            plate.disc(x, y, size * SIZE * 0.85, colour)
        else:
            plate.shape(
                [(x + size * SIZE * right, y + size * SIZE * down) for right, down in _CORNERS[style.mark]], colour
            )


def _around(corners: int, turned: float, reach: float) -> list[Point]:
    """Return the corners of a regular polygon; ``turned`` is where the first is, in turns from the right."""
    turns = [2 * pi * (corner / corners + turned) for corner in range(corners)]
    return [(reach * cos(turn), reach * sin(turn)) for turn in turns]


_CORNERS = {
    "square": _around(4, 1 / 8, 1.1),
    "diamond": _around(4, 0, 1.15),
    "triangle": _around(3, -1 / 4, 1.2),
}
