"""Formulas as a small tree, read from a small part of LaTeX; whatever is not in that part is refused with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from questions.formulas.signs import FUNCTIONS, PRIME, SIGNS, Role, Sign

ACCENTS = ("hat", "bar", "tilde")
STYLES = ("mathbf", "mathbb", "mathcal")


class FormulaError(ValueError):
    """A formula cannot be read; the text says what is wrong, and from which character on, counted from 1."""

    def __init__(self, at: int, text: str) -> None:
        super().__init__(f"at character {at + 1}: {text}")


@dataclass(frozen=True, slots=True)
class Word:
    """Upright letters; those of a function are set apart from what it is applied to."""

    text: str
    function: bool = False


@dataclass(frozen=True, slots=True)
class Styled:
    """One letter in bold, blackboard bold or script: ``style`` is one of STYLES."""

    style: str
    letter: str


@dataclass(frozen=True, slots=True)
class Accent:
    """A letter with a hat, a bar or a tilde: ``name`` is one of ACCENTS."""

    name: str
    inside: Sign | Styled


@dataclass(frozen=True, slots=True)
class Row:
    """Parts one after the other."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Fraction:
    """One row over another."""

    over: Row
    under: Row


@dataclass(frozen=True, slots=True)
class Root:
    """A square root."""

    inside: Row


@dataclass(frozen=True, slots=True)
class Fenced:
    """A row between two delimiters that grow with it."""

    left: Sign
    inside: Row
    right: Sign


@dataclass(frozen=True, slots=True)
class Script:
    """A part with a subscript, a superscript or both; of a sum they are its limits."""

    base: Part
    sub: Row | None
    sup: Row | None


Part = Sign | Word | Styled | Accent | Fraction | Root | Fenced | Script

_TOKEN = re.compile(r"\s*(?P<token>\\(?:[A-Za-z]+|.)|[0-9]+(?:\.[0-9]+)?|[^\s])", re.DOTALL)
_NUMBER = re.compile(r"[0-9.]+")
_LETTER = re.compile(r"[A-Za-z]")
_WORDS = re.compile(r"[A-Za-z0-9]+([ -][A-Za-z0-9]+)*")


@cache
def parse(source: str) -> Row:
    """Return the tree of a formula.

    Raises FormulaError where the source is not in the subset.
    """
    return _Reader(source).whole()


class _Reader:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0

    def whole(self) -> Row:
        row = self._row()
        token, at = self._peek()
        if token:
            raise FormulaError(at, f"{token} closes nothing")
        return row

    def _peek(self) -> tuple[str, int]:
        """Return the next token, empty at the end, and where it stands."""
        match = _TOKEN.match(self._source, self._at)
        return (match["token"], match.start("token")) if match else ("", len(self._source))

    def _take(self) -> tuple[str, int]:
        token, at = self._peek()
        self._at = at + len(token)
        return token, at

    def _row(self) -> Row:
        at = self._peek()[1]
        parts = tuple(self._parts())
        if not parts:
            raise FormulaError(at, "something is missing here")
        return Row(parts)

    def _parts(self) -> Iterator[Part]:
        while self._peek()[0] not in ("", "}", r"\right"):
            yield self._scripted(self._part())

    def _scripted(self, base: Part) -> Part:
        scripts: dict[str, Row] = {}
        primes: list[Part] = []
        while (token := self._peek()[0]) in ("_", "^", "'"):
            _, at = self._take()
            if token == "'":  # noqa: S105 - a token of LaTeX
                primes.append(PRIME)
            elif token in scripts:
                raise FormulaError(at, f"a second {token} on the same base; write braces")
            else:
                scripts[token] = self._argument()
        above = scripts.get("^")
        if primes:
            above = Row((*primes, *(above.parts if above else ())))
        below = scripts.get("_")
        return Script(base, below, above) if below or above else base

    def _argument(self) -> Row:
        if self._peek()[0] != "{":
            return Row((self._part(),))
        _, at = self._take()
        row = self._row()
        if self._take()[0] != "}":
            raise FormulaError(at, "this brace is never closed")
        return row

    def _part(self) -> Part:
        token, at = self._take()
        name = token.removeprefix("\\")
        if token in SIGNS:
            return SIGNS[token]
        if _NUMBER.fullmatch(token) or _LETTER.fullmatch(token):
            return Sign(token, token)
        if token == name or not name:
            raise FormulaError(at, f"{token or 'the end'} is not in the subset")
        return self._command(name, at)

    def _command(self, name: str, at: int) -> Part:  # noqa: PLR0911 - one for each kind of command
        if name in FUNCTIONS:
            return Word(name, function=True)
        if name in STYLES:
            return Styled(name, self._letter())
        if name in ACCENTS:
            return self._accent(name, at)
        match name:
            case "frac":
                return Fraction(self._argument(), self._argument())
            case "sqrt":
                return Root(self._argument())
            case "text" | "operatorname":
                return Word(self._words(), function=name == "operatorname")
            case "left":
                return self._fenced(at)
        raise FormulaError(at, rf"\{name} is not in the subset")

    def _letter(self) -> str:
        at = self._peek()[1]
        match self._argument():
            case Row((Sign(char, _, Role.ORDINARY),)) if _LETTER.fullmatch(char):
                return char
        raise FormulaError(at, "this style takes one letter")

    def _accent(self, name: str, at: int) -> Accent:
        match self._argument():
            case Row(((Sign(char) | Styled(_, char)) as inside,)) if char.isalpha():
                return Accent(name, inside)
        raise FormulaError(at, rf"\{name} takes one letter")

    def _words(self) -> str:
        brace, at = self._take()
        end = self._source.find("}", at)
        words = self._source[at + 1 : end]
        if brace != "{" or end < 0 or not _WORDS.fullmatch(words):
            raise FormulaError(at, "letters, digits, spaces and hyphens in braces are wanted here")
        self._at = end + 1
        return words

    def _fenced(self, at: int) -> Fenced:
        left = self._delimiter(Role.OPEN)
        inside = self._row()
        if self._take()[0] != r"\right":
            raise FormulaError(at, r"this \left lacks its \right")
        return Fenced(left, inside, self._delimiter(Role.CLOSE))

    def _delimiter(self, role: Role) -> Sign:
        token, at = self._take()
        sign = SIGNS.get(token)
        if sign is None or sign.role is not role:
            raise FormulaError(at, f"{token or 'the end'} is no delimiter for this side")
        return sign
