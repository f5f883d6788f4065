"""A family of numeric questions: one idea, other numbers in every draw, and the key computed in two ways."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Generic, TypeVar

from questions.compute import compute
from questions.model import Kind, Level, Numeric, Slip, Source, Tag
from questions.numbers import read_number

P = TypeVar("P")
"""The parameters of one draw."""

TRIES = 1000
"""Draws after which a family is taken to be unable to separate its key from its misconceptions."""


@dataclass(frozen=True, slots=True)
class Misconception(Generic[P]):
    """A wrong way to the number, and the sentence for whoever took it."""

    value: Callable[[P], float]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Family(Generic[P]):
    """A question with numbers to be drawn.

    ``solve`` returns the closed form with the numbers of the draw, in the language of ``questions.compute``; ``check``
    returns the same number by another, slower way. ``explanation`` gets the draw and the key as it is shown.
    ``digits`` is the number of significant digits of a key that is no whole number.
    """

    id: str
    subtopic: str
    level: Level
    draw: Callable[[random.Random], P]
    stem: Callable[[P], str]
    solve: Callable[[P], str]
    check: Callable[[P], float]
    misconceptions: Mapping[str, Misconception[P]]
    explanation: Callable[[P, str], str]
    hint: str
    source: Source
    unit: str = ""
    digits: int = 0
    tolerance: str = "0"
    tags: tuple[Tag, ...] = ("by-hand",)

    @property
    def topic(self) -> str:
        """Return the two-letter topic code."""
        return self.subtopic[:2]

    @property
    def kind(self) -> Kind:
        """Return how it is answered."""
        return Kind.NUMBER

    def value(self, drawn: P) -> str:
        """Return the key of a draw, as it is shown."""
        return self._written(compute(self.solve(drawn)))

    def separates(self, drawn: P) -> bool:
        """Tell whether key and misconceptions of a draw differ, by more than twice what is accepted as the key."""
        key = read_number(self.value(drawn))
        values = [key, *(read_number(self._written(known.value(drawn))) for known in self.misconceptions.values())]
        share = read_number(self.tolerance)
        return key != 0 and all(abs(one - other) > 2 * share * abs(key) for one, other in combinations(values, 2))

    def question(self, drawn: P) -> Numeric:
        """Return the question with the numbers of a draw."""
        within = f" An answer within {self.tolerance.replace('%', ' %')} counts." if self.digits else ""
        key = self.value(drawn)
        return Numeric(
            kind="number",
            id=self.id,
            subtopic=self.subtopic,
            level=self.level,
            stem=self.stem(drawn) + within,
            value=key,
            unit=self.unit,
            tolerance=self.tolerance,
            compute=self.solve(drawn),
            slips=tuple(
                Slip(value=self._written(known.value(drawn)), why=known.why) for known in self.misconceptions.values()
            ),
            explanation=self.explanation(drawn, key.replace("-", "−")),
            hint=self.hint,
            source=self.source,
            tags=self.tags,
        )

    def _written(self, value: Fraction | float) -> str:
        if not self.digits:
            whole = Fraction(value)
            if whole.denominator != 1:
                raise ValueError(f"{self.id}: {value} is no whole number")
            return str(whole.numerator)
        return f"{Decimal(f'{float(value):.{self.digits - 1}e}').normalize() + 0:f}"  # + 0: no minus before a zero

    def generate(self, chance: random.Random) -> Numeric:
        """Return the question of the first draw whose key no misconception gives, too.

        Raises ValueError when there is none among ``TRIES`` draws.
        """
        for _ in range(TRIES):
            drawn = self.draw(chance)
            if self.separates(drawn):
                return self.question(drawn)
        raise ValueError(f"{self.id}: a misconception gives the key in each of {TRIES} draws")


def show(value: float, digits: int = 4) -> str:
    """Return a number as the texts write it: with commas, at most ``digits`` significant digits and a true minus."""
    whole = float(value).is_integer()
    text = f"{int(value):,}" if whole else f"{Decimal(f'{value:.{digits - 1}e}').normalize():,f}"
    return text.replace("-", "−")


def term(value: float) -> str:
    """Return a number as it stands behind an operator: in parentheses if it is negative."""
    return show(value) if value >= 0 else f"({show(value)})"


def power(value: float) -> str:
    """Return a positive number as the texts write large and small ones: 8.4·10²¹."""
    digits, exponent = f"{value:.2e}".split("e")
    return f"{float(digits):g}·10{str(int(exponent)).translate(_RAISED)}"


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
