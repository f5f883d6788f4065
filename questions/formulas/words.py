"""Formulas in words, for alternative texts: what is said is the formula, and nothing is left to the ear's guess."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import zip_longest
from typing import assert_never

from questions.formulas.latex import Accent, Fenced, Fraction, Part, Root, Row, Script, Styled, Word
from questions.formulas.signs import INTEGRAL, MINUS, PRODUCT, SUM, Role, Sign

_BIG = (SUM, PRODUCT, INTEGRAL)
_BLACKBOARD = {"E": "the expectation", "R": "the real numbers", "P": "the probability"}
_STYLES = {"mathbf": "bold", "mathbb": "blackboard", "mathcal": "script"}
_POWERS = {"2": "squared", "3": "cubed", "⊤": "transposed", "′": "prime"}
_LETTER = re.compile(r"\b[A-Za-z]\b")
_COMMAS = re.compile(r"( *,)+")
_ENDS = (Role.BINARY, Role.RELATION, Role.CLOSE, Role.PUNCTUATION)
"""What may follow a fraction without multiplying it."""
_RANGING = (Word("max", function=True), Word("min", function=True), Styled("mathbb", "E"), Styled("mathbb", "P"))
"""What a subscript of says over which values it is taken."""
_EXTREMES = {"max": "the maximum", "min": "the minimum"}


def alt_of(tree: Row) -> str:
    """Return the formula in words."""
    words = _COMMAS.sub(",", _row(tree)).strip(", ")
    letters = set(_LETTER.findall(words))
    return _LETTER.sub(lambda found: _distinct(found[0], letters), words)


def _distinct(letter: str, letters: Collection[str]) -> str:
    """Return a letter so that the ear, too, tells it from its other case, if that is in the formula as well."""
    return f"capital {letter}" if letter.isupper() and letter.lower() in letters else letter


def _row(row: Row) -> str:
    return " ".join(_parts(row.parts))


def _parts(parts: Sequence[Part]) -> Iterator[str]:
    for part, after in zip_longest(parts, parts[1:]):
        yield _part(part)
        if isinstance(part, Fraction) and after and not (isinstance(after, Sign) and after.role in _ENDS):
            yield "times"


def _part(part: Part) -> str:  # noqa: PLR0911 - one for each kind of part
    match part:
        case Sign():
            return f"{part.words} of" if part in _BIG else part.words
        case Word(text):
            return text
        case Styled("mathbb", letter) if letter in _BLACKBOARD:
            return _BLACKBOARD[letter]
        case Styled(style, letter):
            return f"{_STYLES[style]} {letter}"
        case Accent(name, inside):
            return f"{_part(inside)} {name}"
        case Fraction(over, under):
            return f"{_row(over)} over {_row(under)}" if _short(over, under) else _fraction(over, under)
        case Root(inside):
            return f"the square root of {_until(inside, 'root')}"
        case Fenced(left, inside, right):
            return f"{left.words} {_row(inside)} {right.words}"
        case Script(base, sub, sup):
            return _script(base, sub, sup)
        case _:
            assert_never(part)


def _fraction(over: Row, under: Row) -> str:
    return f"the fraction {_row(over)}, divided by {_row(under)}, end fraction"


def _script(base: Part, sub: Row | None, sup: Row | None) -> str:
    if base in _BIG:
        return _limits(_part(base).removesuffix(" of"), sub, sup) + " of"
    ranges = base in _RANGING
    words = _EXTREMES[base.text] if ranges and isinstance(base, Word) else _part(base)
    below = f" {'over' if ranges else 'sub'} {_until(sub, 'sub')}" if sub else ""
    return f"{words}{below}{_power(sup)}{' of' if ranges else ''}"


def _limits(words: str, sub: Row | None, sup: Row | None) -> str:
    if sub and sup:
        return f"{words} from {_row(sub)} to {_row(sup)}"
    return f"{words} over {_row(sub)}" if sub else words


def _power(sup: Row | None) -> str:
    if sup is None:
        return ""
    match sup.parts:
        case (Sign(char),) if char in _POWERS:
            return f" {_POWERS[char]}"
        case (Sign("⊤" | "′" as char), *rest) if rest:
            return f" {_POWERS[char]}" + _power(Row(tuple(rest)))
        case (Sign("("), *inside, Sign(")")) if inside:
            return f" superscript {_row(Row(tuple(inside)))} in brackets,"
    return f" to the power of {_until(sup, 'power')}"


def _until(row: Row, end: str) -> str:
    """Return a row, and where it ends unless that is plain."""
    return _row(row) if _short(row) else f"{_row(row)}, end {end},"


def _short(*rows: Row) -> bool:
    """Tell whether all of these are one simple part each, or a number with its sign."""
    return all(map(_is_short, rows))


def _is_short(row: Row) -> bool:
    match row.parts:
        case (Sign() | Word() | Styled() | Accent(),):
            return True
        case (sign, Sign(_, _, Role.ORDINARY)) if sign == MINUS:
            return True
    return False
