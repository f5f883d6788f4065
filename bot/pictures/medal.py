"""The sign of a rank: a medal with its number for the first three, the bare number for the others."""

from __future__ import annotations

from bot.pictures.plate import FAINT, INK, TEXT, Plate
from bot.pictures.text import Written

RADIUS = 20
"""Of a medal in pixels."""
METALS = {1: ("#f5c842", "#8a6100"), 2: ("#ccd4db", "#5b6670"), 3: ("#e3a673", "#7d4313")}
"""Fill and rim for the first three ranks."""
_RIBBON, _RIBBON_SHADE = "#2f6fb3", "#1f4e82"
_NUMBER = 26


def rank_sign(plate: Plate, rank: int) -> Written:
    """Return the number of a rank, measured, for ``draw_rank``."""
    return plate.letters.written(str(rank), _NUMBER if rank in METALS else TEXT, bold=rank in METALS)


def draw_rank(plate: Plate, rank: int, sign: Written, x: float, y: float) -> None:
    """Draw a rank with its middle at ``x``, ``y``; the ribbon of a medal hangs below its disc."""
    if rank not in METALS:
        plate.write(sign, x, y, FAINT, align=0.5)
        return
    fill, rim = METALS[rank]
    y -= 4  # with its ribbon it is higher than wide
    for side, colour in ((-1, _RIBBON_SHADE), (1, _RIBBON)):
        tail = [(3, 10), (15, 10), (17, 33), (10.5, 28), (4, 33)]
        plate.shape([(x + side * right, y + down) for right, down in tail], colour)
    plate.disc(x, y, RADIUS, rim)
    plate.disc(x, y, RADIUS - 3, fill)
    plate.write(sign, x, y, INK, align=0.5)
