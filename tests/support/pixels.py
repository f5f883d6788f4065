"""Pictures as their points."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image

Colour = tuple[int, int, int]
CLOSE = 6
"""How far each channel may be from the colour that is looked for: few colours stand for many."""


def opened(png: bytes) -> Image.Image:
    """Return a picture with its transparency."""
    return Image.open(BytesIO(png)).convert("RGBA")


def on_white(picture: Image.Image) -> Image.Image:
    """Return a picture in greys as it looks on a white page."""
    page = Image.new("RGB", picture.size, "white")
    page.paste(picture, mask=picture)
    return page.convert("L")


def points(picture: Image.Image, colour: Colour, left: int = 0) -> dict[int, int]:
    """Return how many points of about this colour each row of a picture has, where it has any, right of ``left``."""
    rows: dict[int, int] = {}
    for _, y in places(picture, colour, left):
        rows[y] = rows.get(y, 0) + 1
    return rows


def places(picture: Image.Image, colour: Colour, left: int = 0) -> list[tuple[int, int]]:
    """Return where a picture has about this colour, right of ``left``, from its left to its right."""
    seen = np.asarray(picture.convert("RGB"), dtype=int)[:, left:]
    close = (abs(seen - np.array(colour)) <= CLOSE).all(axis=2)
    return [(int(x) + left, int(y)) for x, y in zip(*close.T.nonzero(), strict=True)]
