"""Formulas as pictures: drawn ahead of time by Typst, read from files at run time.

A picture is named for the SHA-256 of the Typst document that draws it. What changes the drawing, be it the formula or
the style, changes the name, so that a picture cannot be stale; it can only be missing, or left over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, assert_never

from questions.formulas.latex import Accent, Fenced, Fraction, Part, Root, Row, Script, Styled, Word, parse
from questions.formulas.line import unicode_of
from questions.formulas.signs import Role, Sign
from questions.taxonomy import DATA

PICTURES = DATA / "formulas"
DENSITY = 144.0
"""Pixels per inch: two for each point on a screen."""
INSTALL = "typst and pillow are needed to draw formulas. Type: pip install typst pillow"
SHADES = 64
"""Enough for the edges of letters and of the plate."""

# A white plate with rounded corners under dark ink: legible on a page of any colour.
_DOCUMENT = f"""// {DENSITY:g} pixels per inch, {SHADES} shades
#set page(width: auto, height: auto, margin: 0pt, fill: none)
#set text(size: 15pt, fill: rgb("#1f2328"))
#box(fill: white, radius: 6pt, inset: (x: 11pt, y: 9pt), $ FORMULA $)
"""
_ACCENTS = {"hat": "hat", "bar": "macron", "tilde": "tilde"}
_STYLES = {"mathbf": "upright(bold({}))", "mathbb": "bb({})", "mathcal": "cal({})"}
_BIG = {"Σ": "∑", "Π": "∏"}
"""Sums and products, which Unicode's letters stand for in a line of text, but which are larger."""
_LIMITS = ("max", "min")


@dataclass(frozen=True, slots=True)
class Rendered:
    """How many pictures were drawn, were there already, and were removed because nothing shows them."""

    drawn: int
    kept: int
    removed: int


class TypstMissing(Exception):
    """The packages that draw formulas are not installed."""


def needs_picture(source: str) -> bool:
    """Tell whether no line of Unicode says the same as a formula."""
    return unicode_of(parse(source)) is None


def path_of(source: str, folder: Path = PICTURES) -> Path:
    """Return where the picture of a formula is, or would be."""
    return folder / f"{hashlib.sha256(document(source).encode()).hexdigest()}.png"


@cache
def picture(source: str) -> bytes | None:
    """Return the picture of a formula as a PNG, or None if it was not rendered."""
    try:
        return path_of(source).read_bytes()
    except FileNotFoundError:
        return None


def document(source: str) -> str:
    """Return the Typst document that draws a formula."""
    return _DOCUMENT.replace("FORMULA", _row(parse(source)))


def render(sources: Iterable[str], folder: Path = PICTURES) -> Rendered:
    """Draw what is missing in ``folder`` of the formulas that need a picture, and remove what none of them needs.

    Raises TypstMissing when there is something to draw and nothing to draw it with.
    """
    wanted = {path_of(source, folder): source for source in sources if needs_picture(source)}
    there = set(folder.glob("*.png"))
    folder.mkdir(exist_ok=True)
    for path in sorted(wanted.keys() - there):
        path.write_bytes(draw(document(wanted[path])))
    for path in there - wanted.keys():
        path.unlink()
    return Rendered(len(wanted.keys() - there), len(wanted.keys() & there), len(there - wanted.keys()))


def draw(text: str) -> bytes:
    """Return what a Typst document draws, with the fonts that Typst brings along, as a PNG.

    Raises TypstMissing when Typst or Pillow is not installed.
    """
    try:
        from PIL import Image  # noqa: PLC0415 - an extra that only one verb needs
    except ImportError as error:
        raise TypstMissing(INSTALL) from error
    drawn = _compiler().compile(text.encode(), format="png", ppi=DENSITY)
    # The ink is of one colour: a few shades are all there is to keep, and take a third of the bytes.
    shades = Image.open(BytesIO(drawn)).quantize(SHADES, Image.Quantize.FASTOCTREE)
    packed = BytesIO()
    shades.save(packed, "PNG", optimize=True)
    return packed.getvalue()


@cache
def _compiler() -> Any:
    try:
        from typst import Compiler  # noqa: PLC0415
    except ImportError as error:
        raise TypstMissing(INSTALL) from error
    return Compiler(ignore_system_fonts=True)  # looking for fonts takes longer than drawing


def _row(row: Row) -> str:
    # Typst shows a space that stands between a word and a bracket, and none between others.
    return " ".join(map(_part, row.parts)).replace('" \\(', '"\\(')


def _part(part: Part) -> str:  # noqa: PLR0911 - one for each kind of part
    match part:
        case Sign(char, _, role):
            return _BIG.get(char, char) if role is Role.BIG else _classed(char, role)
        case Word(text, function):
            limits = ", limits: #true" if text in _LIMITS else ""
            return f'op("{text}"{limits})' if function else f'"{text}"'
        case Styled(style, letter):
            return _STYLES[style].format(letter)
        case Accent(name, inside):
            return f"{_ACCENTS[name]}({_part(inside)})"
        case Fraction(over, under):
            return f"frac({_row(over)}, {_row(under)})"
        case Root(inside):
            return f"sqrt({_row(inside)})"
        case Fenced(left, inside, right):
            return f"lr({_sign(left.char)} {_row(inside)} {_sign(right.char)})"
        case Script(base, sub, sup):
            return f"attach({', '.join([_part(base), *_scripts(sub, sup)])})"
        case _:
            assert_never(part)


def _scripts(sub: Row | None, sup: Row | None) -> Iterator[str]:
    if sub:
        yield f"b: {_row(sub)}"
    if sup:
        yield f"t: {_row(sup)}"


def _classed(char: str, role: Role) -> str:
    """Return a sign; bars, which look alike on both sides, are told which side they are."""
    sides = {Role.OPEN: "opening", Role.CLOSE: "closing"}
    return f'class("{sides[role]}", {_sign(char)})' if char in "|‖" and role in sides else _sign(char)


def _sign(char: str) -> str:
    r"""Return a sign that Typst takes for itself: ``\`` keeps brackets, commas and the like from being syntax."""
    return char if char.isalnum() or not char.isascii() else f"\\{char}"
