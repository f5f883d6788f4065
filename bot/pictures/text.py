"""Letters of pictures: people's names in many scripts, cut to the room that they have, never as boxes.

For each character the first of our fonts that has it is taken; what none has is taken apart or left out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from math import ceil, inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.markup import visible
from bot.pictures.bidi import drawn_leftwards, ordered
from bot.pictures.coverage import coverage

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

FONTS = Path(__file__).parent / "fonts"
NAMELESS = "(name)"
"""What stands for a name of which nothing can be drawn."""
_LONGEST, _MOST = 1000, 120
"""How many characters are looked at, and with how many of them, marks not counted, no picture has room any more."""
_MARKS, _STACKED = 6, 2
"""Marks that a character keeps, and how many of those that stack: enough for every script."""
_STACKS = {1, *range(200, 241)}
"""Unicode's combining classes of the marks across, below and above a letter, of which some people pile up dozens."""
_ABOVE, _BELOW = 1.3, 0.5
"""How far letters may reach from their line, in sizes of the font; what reaches further is cut off."""
_JOINER, _VIRAMA = "\u200d", 9
"""Zero-width joiner, and the combining class of the mark after which it means something: letters of India join so."""
_UNSEEN = {0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, 0xFFFC, 0xFFFD}
_UNSEEN |= {*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}
"""Fillers, selectors of variants and replacements: nothing to draw that a person would know."""


@dataclass(frozen=True, slots=True)
class Face:
    """A font file, and the characters that it is asked for, so that no other reads it."""

    file: str
    first: int = 0
    last: int = 0x10FFFF

    def has(self, cluster: str) -> bool:
        """Tell whether each character of a cluster has a glyph here, and some the font is there for."""
        return any(self.first <= ord(sign) <= self.last for sign in cluster) and all(
            ord(sign) in coverage(FONTS / self.file) for sign in cluster
        )


_BOLD = Face("NotoSans-Bold.ttf")
_FACES = (
    Face("NotoSans-Regular.ttf"),
    Face("DejaVuSans.ttf"),
    *(
        Face(f"NotoSans{script}-Regular.ttf", first, last)
        for script, first, last in (
            ("Devanagari", 0x900, 0x97F),
            ("Bengali", 0x980, 0x9FF),
            ("Gurmukhi", 0xA00, 0xA7F),
            ("Gujarati", 0xA80, 0xAFF),
            ("Oriya", 0xB00, 0xB7F),
            ("Tamil", 0xB80, 0xBFF),
            ("Telugu", 0xC00, 0xC7F),
            ("Kannada", 0xC80, 0xCFF),
            ("Malayalam", 0xD00, 0xD7F),
            ("Sinhala", 0xD80, 0xDFF),
            ("Thai", 0xE00, 0xE7F),
            ("Myanmar", 0x1000, 0x109F),
            ("Ethiopic", 0x1200, 0x139F),
            ("Khmer", 0x1780, 0x17FF),
        )
    ),
    Face("DroidSansFallback.ttf", 0x1100, 0xFFFF),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters of one font and direction; ``text`` is as it is read, or as it stands where ``leftwards`` is None."""

    face: Face
    text: str
    leftwards: bool | None
    width: float


@dataclass(frozen=True, slots=True)
class Written:
    """A line of text, measured: its pieces from left to right, the size of its font and its width, in pixels."""

    pieces: tuple[Piece, ...]
    size: int
    width: float


class Letters:
    """The fonts of one picture.

    Not for several threads at once: each picture has its own. ``shaping`` tells whether to use the Raqm library, which
    joins and reorders letters as their script asks; by default it is used where it is installed.
    """

    def __init__(self, *, shaping: bool = True) -> None:
        from PIL import features  # noqa: PLC0415 - only some processes draw

        self._shaping = shaping and features.check("raqm")
        self._fonts: dict[tuple[str, int], FreeTypeFont] = {}

    def written(
        self, typed: str, size: int, *, room: float = inf, bold: bool = False, instead: str = NAMELESS
    ) -> Written:
        """Return any text on one line, cut with … to ``room`` pixels; ``instead`` where nothing of it can be drawn."""
        clusters = _drawable(typed) or _drawable(instead)
        whole = self._laid(clusters, size, bold=bold)
        if whole.width <= room:
            return whole
        fits, beyond = 0, len(clusters)
        while beyond - fits > 1:
            middle = (fits + beyond) // 2
            if self._laid(_cut(clusters, middle), size, bold=bold).width <= room:
                fits = middle
            else:
                beyond = middle
        return self._laid(_cut(clusters, fits), size, bold=bold)

    def capitals(self, size: int) -> float:
        """Return how high capitals and digits are, in pixels."""
        return float(-self._font(_FACES[0], size).getbbox("0", anchor="ls")[1])

    def draw(self, picture: Image, line: Written, x: float, middle: float, colour: str) -> None:
        """Draw a line from ``x``; its capitals are centred on ``middle``, whatever hangs below."""
        from PIL import Image, ImageDraw  # noqa: PLC0415

        over, under, side = ceil(_ABOVE * line.size), ceil(_BELOW * line.size), line.size
        mask = Image.new("L", (ceil(line.width) + 2 * side, over + under))
        pen = ImageDraw.Draw(mask)
        left, top = round(x) - side, round(middle + self.capitals(line.size) / 2) - over
        at = x - left
        for piece in line.pieces:
            pen.text((at, over), piece.text, 255, self._font(piece.face, line.size), anchor="ls", **_reading(piece))
            at += piece.width
        picture.paste(colour, (left, top), mask)

    def _laid(self, clusters: Sequence[str], size: int, *, bold: bool) -> Written:
        """Lay clusters out from left to right."""
        pieces: list[Piece] = []
        for run in ordered(clusters):
            found = [(_face(cluster, bold=bold), cluster) for cluster in run.clusters]
            parts = [
                (face, [cluster for _, cluster in part]) for face, part in groupby(found, key=lambda pair: pair[0])
            ]
            for face, part in reversed(parts) if run.leftwards else parts:
                pieces.append(self._piece(face, part, size, leftwards=run.leftwards))
        return Written(tuple(pieces), size, sum(piece.width for piece in pieces))

    def _piece(self, face: Face, clusters: Sequence[str], size: int, *, leftwards: bool) -> Piece:
        """Measure clusters of one font and direction."""
        if self._shaping:
            piece = Piece(face, "".join(clusters), leftwards, 0)
        else:
            placed = drawn_leftwards(clusters) if leftwards else "".join(clusters).replace(_JOINER, "")
            piece = Piece(face, placed, None, 0)
        width = self._font(face, size).getlength(piece.text, **_reading(piece))
        return Piece(face, piece.text, piece.leftwards, width)

    def _font(self, face: Face, size: int) -> FreeTypeFont:
        from PIL import ImageFont  # noqa: PLC0415

        if (face.file, size) not in self._fonts:
            engine = ImageFont.Layout.RAQM if self._shaping else ImageFont.Layout.BASIC
            self._fonts[face.file, size] = ImageFont.truetype(FONTS / face.file, size, layout_engine=engine)
        return self._fonts[face.file, size]


def _reading(piece: Piece) -> dict[str, Any]:
    """Return how Pillow is told the direction; without Raqm it takes none."""
    return {} if piece.leftwards is None else {"direction": "rtl" if piece.leftwards else "ltr"}


def _cut(clusters: Sequence[str], count: int) -> list[str]:
    """Return so many clusters and a sign that some are missing."""
    kept = list(clusters[:count])
    while kept and kept[-1] in {" ", "…"}:
        kept.pop()
    return [*kept, "…"]


def _drawable(typed: str) -> list[str]:
    """Return the clusters of a text that can be drawn: each a character and its marks; [] when only spaces are left."""
    seen = unicodedata.normalize("NFC", visible(typed[:_LONGEST]))
    kept: list[str] = []
    for cluster in _clusters(sign for sign in seen if ord(sign) not in _UNSEEN):
        for drawn in _covered(cluster):
            if drawn != " " or (kept and kept[-1] != " "):
                kept.append(drawn)
        if len(kept) >= _MOST:
            break
    if kept and kept[-1] == " ":
        kept.pop()
    return kept


def _clusters(signs: Iterable[str]) -> Iterator[str]:
    """Yield each character with its marks, of which a stack keeps the first ones."""
    cluster, stacked = "", 0
    for sign in signs:
        if sign == _JOINER:
            if cluster and unicodedata.combining(cluster[-1]) == _VIRAMA:
                cluster += sign
        elif not unicodedata.category(sign).startswith("M"):
            if cluster:
                yield cluster
            cluster, stacked = sign, 0
        elif cluster and len(cluster) <= _MARKS:
            stacks = unicodedata.combining(sign) in _STACKS
            stacked += stacks
            cluster += sign if not stacks or stacked <= _STACKED else ""
    if cluster:
        yield cluster


@lru_cache(4096)
def _covered(cluster: str) -> tuple[str, ...]:
    """Return what of a cluster can be drawn: itself, its letter and some of its marks, or what it is composed of."""
    if any(face.has(cluster) for face in _FACES):
        return (cluster,)
    for face in _FACES:
        if face.has(cluster[0]):
            return (cluster[0] + "".join(mark for mark in cluster[1:] if face.has(cluster[0] + mark)),)
    apart = unicodedata.normalize("NFKD", cluster)
    if apart == cluster:
        return ()
    return tuple(shown for part in _clusters(apart) for shown in _covered(part))


def _face(cluster: str, *, bold: bool) -> Face:
    """Return the font of a cluster that can be drawn."""
    faces = (_BOLD, *_FACES) if bold else _FACES
    return next(face for face in faces if face.has(cluster))
