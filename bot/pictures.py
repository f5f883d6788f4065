"""How answers spread over the options: as a picture, as the picture's words, and as lines where there are no pictures.

What is right is told by a mark, never by colour alone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from bot.markup import visible

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

LEAST, MOST = 2, 8
"""How many bars a picture can hold."""
LABEL = 24
"""Characters of a label that are shown."""
BLOCKS = 10
"""How many blocks of a line stand for all answers."""

WIDTH = 900
"""Of the picture in pixels, of which two stand for each point on a screen."""
_MARGIN, _GAP, _TICK = 32, 18, 26
_ROW, _BAR = 58, 32
_TEXT = 30
_LABELS = 380
"""The most that labels may take, so that bars have room."""
_PLATE_RADIUS, _BAR_RADIUS = 16, 6
_FINER = 4
"""Shapes are drawn so many times larger and made smaller, which smooths their edges."""
_SHADES = 20
"""Enough for the edges of letters, bars and plate."""

# The plate and the ink are those of formulas: legible on a page of any colour.
_PLATE, _INK, _TRACK, _RIGHT, _OTHER = "#ffffff", "#1f2328", "#d8dee4", "#18703a", "#7d8590"
_SPELT = str.maketrans({"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"})
_DASHES = str.maketrans("‐‑–—−×", "-----x")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: a short label such as a letter, how many, and whether it is right.

    ``of`` is how many people there were, where each may be in several bars; 0 where each is in one.
    """

    label: str
    count: int
    right: bool
    of: int = 0


def spread_picture(bars: Sequence[Bar]) -> bytes:
    """Return a PNG of horizontal bars: label, bar, count and share; the right ones are marked by a tick and colour.

    Two to eight bars. It may be called in several threads at once. Raises ValueError for another number of bars.
    """
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415 - only some processes draw

    if not LEAST <= len(bars) <= MOST:
        raise ValueError(f"{LEAST} to {MOST} bars can be drawn, not {len(bars)}")
    font = ImageFont.load_default(size=_TEXT)
    table = _measured(bars, font)
    height = 2 * _MARGIN + len(bars) * _ROW - (_ROW - _BAR)
    shapes = Image.new("RGBA", (WIDTH * _FINER, height * _FINER))
    _draw_shapes(ImageDraw.Draw(shapes), table, height)
    picture = shapes.resize((WIDTH, height), Image.Resampling.BOX)
    _write(ImageDraw.Draw(picture), table, font)
    packed = BytesIO()
    picture.quantize(_SHADES, Image.Quantize.FASTOCTREE).save(packed, "PNG", optimize=True)
    return packed.getvalue()


def spread_alt(bars: Sequence[Bar]) -> str:
    """Return the picture in one sentence with every number, at most 1000 characters."""
    total = _total(bars)
    parts = (
        f"{_label(bar)} {bar.count} ({share}{', right' if bar.right else ''})"
        for bar, share in zip(bars, _shares(bars), strict=True)
    )
    answers = {0: "No answers", 1: "1 answer"}.get(total, f"{total} answers")
    return f"{answers}: {', '.join(parts)}."


def spread_lines(bars: Sequence[Bar]) -> str:
    """Return a line of markup for each bar: whether it is right, its label, its blocks, how many and which share."""
    total, widest = _total(bars), max((len(_label(bar)) for bar in bars), default=0)
    lines = []
    for bar, share in zip(bars, _shares(bars), strict=True):
        filled = round(BLOCKS * bar.count / total) if total else 0
        filled = max(filled, int(bar.count > 0))  # somebody chose it, and that shows
        # In code all signs are equally wide; spaces that no platform merges let the bars begin at the same place.
        label = _label(bar).replace("`", "'").ljust(widest).replace(" ", "\N{NO-BREAK SPACE}")
        blocks = "▇" * filled + "░" * (BLOCKS - filled)
        lines.append(f"{'✓' if bar.right else '✗'} `{label}\N{NO-BREAK SPACE}{blocks}` {bar.count} ({share})")
    return "\n".join(lines)


def _total(bars: Sequence[Bar]) -> int:
    """Return how many people the bars are about."""
    return max((bar.of for bar in bars), default=0) or sum(bar.count for bar in bars)


@dataclass(frozen=True, slots=True)
class _Row:
    """What a bar's row shows and where: ``middle`` from the top, ``filled`` from ``_Table.left``, in pixels."""

    label: str
    value: str
    right: bool
    middle: int
    filled: float


@dataclass(frozen=True, slots=True)
class _Table:
    """The rows, and where all bars begin and end, in pixels from the left."""

    rows: tuple[_Row, ...]
    left: float
    end: float


def _measured(bars: Sequence[Bar], font: FreeTypeFont | ImageFont) -> _Table:
    """Lay out the bars between the longest label and the longest number."""
    values = [f"{bar.count}  ({share})" for bar, share in zip(bars, _shares(bars), strict=True)]
    labels = [_fitting(_drawable(_label(bar)), font) for bar in bars]
    left = _MARGIN + _TICK + _GAP + max(map(font.getlength, labels)) + _GAP
    end = WIDTH - _MARGIN - max(map(font.getlength, values)) - _GAP
    total = max(1, _total(bars))
    rows = tuple(
        _Row(label, value, bar.right, _MARGIN + at * _ROW + _BAR // 2, (end - left) * bar.count / total)
        for at, (bar, label, value) in enumerate(zip(bars, labels, values, strict=True))
    )
    return _Table(rows, left, end)


def _fitting(label: str, font: FreeTypeFont | ImageFont) -> str:
    """Cut a label to the room that it has."""
    kept = label
    while font.getlength(label) > _LABELS:
        kept = kept[:-1].rstrip(" …")
        label = f"{kept}…"
    return label


def _draw_shapes(pen: ImageDraw, table: _Table, height: int) -> None:
    """Draw the plate, the bars on their tracks and the ticks, all of it larger than it will be."""

    def box(left: float, top: float, right: float, bottom: float, radius: float, colour: str) -> None:
        place = [_FINER * side for side in (left, top, right, bottom)]
        pen.rounded_rectangle((place[0], place[1], place[2] - 1, place[3] - 1), _FINER * radius, colour)

    box(0, 0, WIDTH, height, _PLATE_RADIUS, _PLATE)
    for row in table.rows:
        top, bottom = row.middle - _BAR / 2, row.middle + _BAR / 2
        box(table.left, top, table.end, bottom, _BAR_RADIUS, _TRACK)
        if row.filled:
            filled = max(row.filled, _BAR_RADIUS)  # a single answer among thousands still shows
            box(table.left, top, table.left + filled, bottom, min(_BAR_RADIUS, filled / 2), _colour(row))
        if row.right:
            # As lines, since Pillow's font has no such sign.
            points = [(0.04, 0.06), (0.36, 0.38), (0.96, -0.34)]
            line = [(_FINER * (_MARGIN + x * _TICK), _FINER * (row.middle + y * _TICK)) for x, y in points]
            pen.line(line, _RIGHT, 5 * _FINER, joint="curve")
            for x, y in (line[0], line[-1]):
                radius = 2.4 * _FINER
                pen.ellipse((x - radius, y - radius, x + radius, y + radius), _RIGHT)


def _write(pen: ImageDraw, table: _Table, font: Any) -> None:
    """Write labels and numbers, each in its column."""
    for row in table.rows:
        # The heights of capitals and digits are centred, whatever hangs below the line.
        ascent = -font.getbbox("0", anchor="ls")[1]
        base = row.middle + ascent / 2
        pen.text((_MARGIN + _TICK + _GAP, base), row.label, _INK, font, anchor="ls")
        pen.text((WIDTH - _MARGIN, base), row.value, _INK, font, anchor="rs")


def _colour(row: _Row) -> str:
    return _RIGHT if row.right else _OTHER


def _shares(bars: Sequence[Bar]) -> Iterator[str]:
    """Yield each bar's share of all; nothing of nothing is nothing."""
    total = _total(bars)
    return (f"{round(100 * bar.count / total) if total else 0} %" for bar in bars)


def _label(bar: Bar) -> str:
    """Return a label on one line, cut to what is shown."""
    label = visible(bar.label)
    return label if len(label) <= LABEL else f"{label[: LABEL - 1].rstrip()}…"


def _drawable(label: str) -> str:
    """Return a label in the letters that Pillow's font has, which is ASCII; the sentence beside it has it whole."""
    plain = unicodedata.normalize("NFKD", label.translate(_SPELT).translate(_DASHES).replace("…", "\0"))
    kept = (sign for sign in plain if not unicodedata.combining(sign))
    return "".join(sign if sign.isascii() else "?" for sign in kept).replace("\0", "…")
