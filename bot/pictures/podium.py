"""The podium at the end of a round: up to three steps, with the names of those who stand on each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.pictures.medal import METALS, RADIUS, draw_rank, rank_sign
from bot.pictures.plate import FAINT, MARGIN, TRACK, WIDTH, Plate
from bot.pictures.text import NAMELESS, Letters, Written
from bot.pictures.words import has_tenths, listed, score_text, short

STEPS = 3
"""How many steps a podium can have."""
NAMES = 4
"""How many lines of names stand on a step."""

_STEP, _GAP = 272, 10
_RISES = (214, 174, 144)
"""How high the steps are."""
_TEXT, _SCORE = 27, 40
_LINE = 40
_EDGE, _RADIUS = 10, 8
_STONE = "#eaeef2"
_SHADES = 48


@dataclass(frozen=True, slots=True)
class Place:
    """A step: its rank, the names as typed of those who share it, and their score in thousandths."""

    rank: int
    names: Sequence[str]
    score: int


def podium_picture(places: Sequence[Place]) -> bytes:
    """Return a PNG of one to three steps, the best one in the middle and the highest.

    Of many names on a step the first are shown and how many more there are. It may be called in several threads at
    once. Raises ValueError for another number of places, for a rank that is there twice and for a place of nobody.
    """
    if not 1 <= len(places) <= STEPS:
        raise ValueError(f"1 to {STEPS} places can be drawn, not {len(places)}")
    best = sorted(places, key=lambda place: place.rank)
    if len({place.rank for place in best}) < len(best) or not all(place.names for place in best):
        raise ValueError("each place needs a rank of its own and somebody's name")
    letters = Letters()
    names = [_names(letters, place.names) for place in best]
    highest = max(len(lines) * _LINE + rise for lines, rise in zip(names, _RISES, strict=False))
    plate = Plate(MARGIN + highest + MARGIN)
    floor = plate.height - MARGIN
    tenths = has_tenths(place.score for place in best)
    for (place, lines, rise), middle in zip(zip(best, names, _RISES, strict=False), _middles(len(best)), strict=True):
        _draw_step(plate, place.rank, middle, floor - rise, floor)
        score = plate.letters.written(score_text(place.score, tenths=tenths), _SCORE, room=_STEP - 2 * _EDGE, bold=True)
        plate.write(score, middle, floor - (rise - _EDGE - 2 * RADIUS - 30) / 2, align=0.5)
        for up, line in enumerate(reversed(lines)):
            plate.write(line, middle, floor - rise - _LINE * (up + 0.5), align=0.5)
    plate.line([(MARGIN, floor), (WIDTH - MARGIN, floor)], 3, FAINT)
    return plate.packed(_SHADES)


def podium_alt(places: Sequence[Place]) -> str:
    """Return the picture in one sentence with every rank, name and score, at most 1000 characters."""
    tenths = has_tenths(place.score for place in places)
    best = sorted(places, key=lambda place: place.rank)
    return listed(
        [f"{place.rank}. {_together(place.names)}: {score_text(place.score, tenths=tenths)}" for place in best]
    )


def _together(names: Sequence[str]) -> str:
    """Return names as a sentence has them, as many as the picture shows."""
    told = [short(name, NAMELESS) for name in _shown(names)]
    if len(names) > len(told):
        told.append(f"{len(names) - len(told)} more")
    return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)


def _shown(names: Sequence[str]) -> Sequence[str]:
    return names if len(names) <= NAMES else names[: NAMES - 1]


def _names(letters: Letters, names: Sequence[str]) -> list[Written]:
    """Return the lines of names above a step."""
    lines = [letters.written(name, _TEXT, room=_STEP - _EDGE) for name in _shown(names)]
    more = len(names) - len(lines)
    return [*lines, letters.written(f"+{more}", _TEXT)] if more else lines


def _middles(count: int) -> list[float]:
    """Return the middles of the steps in the order of their ranks: the second left of the first, the third right."""
    pitch, centre = _STEP + _GAP, WIDTH / 2
    if count == STEPS:
        return [centre, centre - pitch, centre + pitch]
    return [centre] if count == 1 else [centre - pitch / 2, centre + pitch / 2]


def _draw_step(plate: Plate, rank: int, middle: float, top: float, floor: float) -> None:
    """Draw a step with an edge in the metal of its rank, and the rank on it."""
    left, right = middle - _STEP / 2, middle + _STEP / 2
    metal, _ = METALS.get(rank, (TRACK, ""))
    plate.box(left, top, right, floor, _RADIUS, metal)
    plate.box(left, top + _EDGE, right, floor, 0, _STONE)
    draw_rank(plate, rank, rank_sign(plate, rank), middle, top + _EDGE + 14 + RADIUS)
