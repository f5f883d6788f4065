"""Formulas as one line of Unicode, where such a line says exactly the same; where none does, a picture is needed."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from questions.characters import strange
from questions.formulas.latex import Accent, Fenced, Fraction, Part, Root, Row, Script, Styled, Word
from questions.formulas.signs import Role, Sign

LONGEST = 72
"""Characters of a line; a longer one wraps in the middle of a formula on most screens."""

_ABOVE = dict(zip("0123456789+−=()abdegkmoptuvniABDEGHIJKLMNOPRTUWβγδφχ⊤′",
                  "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᵈᵉᵍᵏᵐᵒᵖᵗᵘᵛⁿⁱᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁᵂᵝᵞᵟᵠᵡᵀ′", strict=True))  # fmt: skip
_BELOW = dict(zip("0123456789+−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))
_ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303"}
_STYLED = {
    "mathbf": {},  # mathematical alphabets are missing on many phones
    "mathbb": dict(zip("CNPQRZ", "ℂℕℙℚℝℤ", strict=True)),
    "mathcal": dict(zip("BEFHILMR", "ℬℰℱℋℐℒℳℛ", strict=True)),
}


class _Inexact(Exception):
    """No line says the same."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of the line, and what it is that decides about the spaces and brackets around it."""

    text: str
    role: Role = Role.ORDINARY
    word: bool = False
    function: bool = False
    fraction: bool = False


def unicode_of(tree: Row) -> str | None:
    """Return the formula on one line, or None where no line of Unicode says exactly the same."""
    try:
        line = unicodedata.normalize("NFC", _join(_pieces(tree)))
    except _Inexact:
        return None
    return line if len(line) <= LONGEST and not any(strange(line)) else None


def _pieces(row: Row) -> list[_Piece]:
    return [_piece(part) for part in row.parts]


def _join(pieces: Sequence[_Piece]) -> str:
    text = ""
    before: _Piece | None = None
    for place, found in enumerate(pieces):
        piece = _Piece(found.text, Role.OPEN) if found.role is Role.BINARY and _is_sign(before) else found
        after = pieces[place + 1] if place + 1 < len(pieces) else None
        spaced = before is not None and _spaced(before, piece)
        bracketed = piece.fraction and _multiplied(before, after)
        text += f"{' ' if spaced else ''}{f'({piece.text})' if bracketed else piece.text}"
        before = piece
    return text


def _is_sign(before: _Piece | None) -> bool:
    """Tell whether a plus or minus after this is the sign of what follows it."""
    signed = (Role.BINARY, Role.RELATION, Role.OPEN, Role.PUNCTUATION)
    return before is None or before.function or before.role in signed


def _multiplied(before: _Piece | None, after: _Piece | None) -> bool:
    """Tell whether a factor stands beside a fraction, which could then be taken for a part of it."""
    left = before is not None and before.role in (Role.ORDINARY, Role.CLOSE)
    return left or (after is not None and after.role in (Role.ORDINARY, Role.OPEN, Role.BIG))


def _spaced(before: _Piece, piece: _Piece) -> bool:
    if {before.role, piece.role} & {Role.BINARY, Role.RELATION} or before.role is Role.PUNCTUATION:
        return True
    if piece.role in (Role.CLOSE, Role.PUNCTUATION) or before.role is Role.OPEN:
        return False
    if before.word or before.function:
        return not piece.text.startswith(("(", "["))
    return piece.word or piece.function or Role.BIG in (before.role, piece.role)


def _piece(part: Part) -> _Piece:  # noqa: PLR0911 - one for each kind of part
    match part:
        case Sign(char, _, role):
            return _Piece(char, role)
        case Word(text, function):
            return _Piece(text, word=not function, function=function)
        case Styled(style, letter):
            return _Piece(_found(_STYLED[style], letter))
        case Accent(name, inside):
            return _Piece(_piece(inside).text + _ACCENTS[name])
        case Fraction(over, under):
            return _Piece(f"{_numerator(over)}/{_denominator(under)}", fraction=True)
        case Root(inside):
            row = _join(_pieces(inside))
            return _Piece(f"√{row}" if _is_one_sign(inside) else f"√({row})")
        case Fenced(left, inside, right):
            return _Piece(f"{left.char}{_join(_pieces(inside))}{right.char}")
        case Script(Fraction() | Root()):
            raise _Inexact
        case Script(base, sub, sup):
            piece = _piece(base)
            return replace(piece, text=piece.text + _moved(sub, _BELOW) + _moved(sup, _ABOVE))
        case _:
            assert_never(part)


def _is_one_sign(row: Row) -> bool:
    match row.parts:
        case ((Sign() | Styled() | Accent() | Script(Sign() | Styled() | Accent(), _, None)),):
            return True
    return False


def _numerator(row: Row) -> str:
    """Return what stands above, in brackets unless it is a plain product."""
    pieces = _pieces(row)
    depth = 0
    outside: list[_Piece] = []
    for piece in pieces:
        depth -= piece.role is Role.CLOSE
        if not depth and piece.role not in (Role.OPEN, Role.CLOSE):
            outside.append(piece)
        depth += piece.role is Role.OPEN
    product = all(piece.role is Role.ORDINARY and not piece.function for piece in outside)
    return _bracketed(pieces, plain=len(pieces) == 1 or product)


def _denominator(row: Row) -> str:
    """Return what stands below, in brackets unless it is one part, or what is derived by."""
    pieces = _pieces(row)
    return _bracketed(pieces, plain=len(pieces) == 1 or (len(pieces) == 2 and pieces[0].text == "∂"))


def _bracketed(pieces: Sequence[_Piece], *, plain: bool) -> str:
    if any(piece.fraction for piece in pieces):
        raise _Inexact
    text = _join(pieces)
    return text if plain and not any(piece.word and " " in piece.text for piece in pieces) else f"({text})"


def _moved(row: Row | None, signs: dict[str, str]) -> str:
    """Return a row as subscript or superscript."""
    moved = ""
    for part in row.parts if row else ():
        match part:
            case Sign(text) | Word(text):
                moved += "".join(_found(signs, char) for char in text)
            case _:
                raise _Inexact
    return moved


def _found(signs: dict[str, str], char: str) -> str:
    if char not in signs:
        raise _Inexact
    return signs[char]
