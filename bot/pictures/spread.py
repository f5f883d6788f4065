"""How answers spread over the options: as a picture, as the picture's words, and as lines where there are no pictures.

What is right is told by a mark, never by colour alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.markup import visible
from bot.pictures.plate import BAR_RADIUS, MARGIN, TEXT, TRACK, WIDTH, Plate
from bot.pictures.text import Letters, Written

LEAST, MOST = 2, 8
"""How many bars a picture can hold."""
LABEL = 24
"""Characters of a label that are shown."""
BLOCKS = 10
"""How many blocks of a line stand for all answers."""

_GAP, _TICK = 18, 26
_ROW, _BAR = 58, 32
_LABELS = 380
"""The most that labels may take, so that bars have room."""
_SHADES = 20
"""Enough for the edges of letters, bars and plate."""
_RIGHT, _OTHER = "#18703a", "#7d8590"


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
    if not LEAST <= len(bars) <= MOST:
        raise ValueError(f"{LEAST} to {MOST} bars can be drawn, not {len(bars)}")
    plate = Plate(2 * MARGIN + len(bars) * _ROW - (_ROW - _BAR))
    table = _measured(bars, plate.letters)
    _draw_shapes(plate, table)
    for row in table.rows:
        plate.write(row.label, MARGIN + _TICK + _GAP, row.middle)
        plate.write(row.value, WIDTH - MARGIN, row.middle, align=1)
    return plate.packed(_SHADES)


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

    label: Written
    value: Written
    right: bool
    middle: int
    filled: float


@dataclass(frozen=True, slots=True)
class _Table:
    """The rows, and where all bars begin and end, in pixels from the left."""

    rows: tuple[_Row, ...]
    left: float
    end: float


def _measured(bars: Sequence[Bar], letters: Letters) -> _Table:
    """Lay out the bars between the longest label and the longest number."""
    values = [letters.written(f"{bar.count}  ({share})", TEXT) for bar, share in zip(bars, _shares(bars), strict=True)]
    labels = [letters.written(_label(bar), TEXT, room=_LABELS, instead="?") for bar in bars]
    left = MARGIN + _TICK + _GAP + max(label.width for label in labels) + _GAP
    end = WIDTH - MARGIN - max(value.width for value in values) - _GAP
    total = max(1, _total(bars))
    rows = tuple(
        _Row(label, value, bar.right, MARGIN + at * _ROW + _BAR // 2, (end - left) * bar.count / total)
        for at, (bar, label, value) in enumerate(zip(bars, labels, values, strict=True))
    )
    return _Table(rows, left, end)


def _draw_shapes(plate: Plate, table: _Table) -> None:
    """Draw the bars on their tracks and the ticks."""
    for row in table.rows:
        top, bottom = row.middle - _BAR / 2, row.middle + _BAR / 2
        plate.box(table.left, top, table.end, bottom, BAR_RADIUS, TRACK)
        if row.filled:
            filled = max(row.filled, BAR_RADIUS)  # a single answer among thousands still shows
            plate.box(table.left, top, table.left + filled, bottom, min(BAR_RADIUS, filled / 2), _colour(row))
        if row.right:
            tick = [(0.04, 0.06), (0.36, 0.38), (0.96, -0.34)]
            plate.line([(MARGIN + x * _TICK, row.middle + y * _TICK) for x, y in tick], 5, _RIGHT)


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
