"""Standings: a row for each person or team with rank, name, a bar in proportion to the best score, and the score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.pictures.medal import RADIUS, draw_rank, rank_sign
from bot.pictures.plate import BAR_RADIUS, FAINT, MARGIN, SMALL, TEXT, TRACK, WIDTH, Plate
from bot.pictures.text import NAMELESS, Written
from bot.pictures.words import has_tenths, listed, score_text, short

MOST = 10
"""How many rows a picture can hold."""

_GAP = 18
_ROW, _DETAILED = 60, 78
_BAR = 28
_NAMES = 360
"""The most that names may take, so that bars have room."""
_LINES = 17
"""From the middle of a row to that of its name and to that of its detail, where it has one."""
_FILLED = "#2f6fb3"
_SHADES = 48


@dataclass(frozen=True, slots=True)
class StandingRow:
    """A row: the rank, which those who are level share, the name as typed, the score in thousandths.

    All scores of a picture are written as whole numbers, or all with one decimal when some is not whole. ``detail`` is
    what stands small below the name.
    """

    rank: int
    name: str
    score: int
    detail: str = ""


def standings_picture(rows: Sequence[StandingRow]) -> bytes:
    """Return a PNG of one to ten rows, in the order given; the first three ranks have medals.

    A bar is as long in proportion to the best score as its score; zero and less have none. It may be called in several
    threads at once. Raises ValueError for another number of rows.
    """
    if not 1 <= len(rows) <= MOST:
        raise ValueError(f"1 to {MOST} rows can be drawn, not {len(rows)}")
    pitch = _DETAILED if any(row.detail for row in rows) else _ROW
    plate = Plate(2 * MARGIN + len(rows) * pitch - (pitch - 2 * RADIUS))
    tenths = has_tenths(row.score for row in rows)
    ranks = [rank_sign(plate, row.rank) for row in rows]
    names = [plate.letters.written(row.name, TEXT, room=_NAMES) for row in rows]
    details = [plate.letters.written(row.detail, SMALL, room=_NAMES, instead="") for row in rows]
    scores = [plate.letters.written(score_text(row.score, tenths=tenths), TEXT, bold=True) for row in rows]
    ranked = max(2 * RADIUS, _widest(ranks))
    left = MARGIN + ranked + _GAP
    bars = (left + max(_widest(names), _widest(details)) + _GAP, WIDTH - MARGIN - _widest(scores) - _GAP)
    best = max(row.score for row in rows)
    for at, row in enumerate(rows):
        middle = MARGIN + RADIUS + at * pitch
        draw_rank(plate, row.rank, ranks[at], MARGIN + ranked / 2, middle)
        apart = _LINES if details[at].pieces else 0
        plate.write(names[at], left, middle - apart)
        plate.write(details[at], left, middle + apart, FAINT)
        _draw_bar(plate, bars, middle, row.score / best if row.score > 0 else 0)
        plate.write(scores[at], WIDTH - MARGIN, middle, align=1)
    return plate.packed(_SHADES)


def standings_alt(rows: Sequence[StandingRow]) -> str:
    """Return the picture in one sentence with every rank and score, at most 1000 characters."""
    tenths = has_tenths(row.score for row in rows)
    return listed([f"{row.rank}. {_told(row)}: {score_text(row.score, tenths=tenths)}{_aside(row)}" for row in rows])


def _told(row: StandingRow) -> str:
    return short(row.name, NAMELESS)


def _aside(row: StandingRow) -> str:
    return f" ({detail})" if (detail := short(row.detail)) else ""


def _widest(lines: Sequence[Written]) -> float:
    return max(line.width for line in lines)


def _draw_bar(plate: Plate, ends: tuple[float, float], middle: float, share: float) -> None:
    """Draw a bar that fills its share of the track; a score among very high ones still shows."""
    left, right = ends
    plate.box(left, middle - _BAR / 2, right, middle + _BAR / 2, BAR_RADIUS, TRACK)
    if share:
        filled = max(share * (right - left), BAR_RADIUS)
        radius = min(BAR_RADIUS, filled / 2)
        plate.box(left, middle - _BAR / 2, left + filled, middle + _BAR / 2, radius, _FILLED)
