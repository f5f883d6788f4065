"""Grade an answer: exact, deterministic, with credit from 0 to 1.

Answers name options and steps by their authored positions, whatever order they were shown in.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from questions.model import FreeText, Numeric, OneBest, Ordered, SelectAll, TrueFalse
from questions.numbers import read_number

PASS = Fraction(7, 10)
"""The credit from which a free-text answer counts as right."""


@dataclass(frozen=True, slots=True)
class Grade:
    """``credit`` from 0 to 1; ``slip`` says which known mistake gives a wrong number, or is empty."""

    credit: Fraction
    slip: str = ""

    @property
    def right(self) -> bool:
        """Tell whether the answer earns everything."""
        return self.credit == 1

    @property
    def thousandths(self) -> int:
        """Return the credit as it is stored."""
        return round(self.credit * 1000)


def grade_one(question: OneBest, chosen: int) -> Grade:
    """Grade one chosen option: all or nothing."""
    return Grade(Fraction(question.options[chosen].right))


def grade_many(question: SelectAll, chosen: Collection[int]) -> Grade:
    """Grade a set of options: (right ones chosen - wrong ones chosen) / right ones, at least 0.

    This is the right-minus-wrong rule for multiple-response items: choosing everything earns little.
    """
    right = {place for place, option in enumerate(question.options) if option.right}
    hits = len(right & set(chosen))
    misses = len(set(chosen) - right)
    return Grade(max(Fraction(0), Fraction(hits - misses, len(right))))


def grade_truth(question: TrueFalse, chosen: bool) -> Grade:
    """Grade true or false."""
    return Grade(Fraction(chosen == question.answer))


def grade_number(question: Numeric, typed: str) -> Grade:
    """Grade a typed number within the question's stated tolerance.

    Raises NotANumber when what was typed is not a number in the question's unit.
    """
    value = read_number(typed, question.unit)
    if abs(value - question.key) <= question.margin:
        return Grade(Fraction(1))
    fitting: list[tuple[Fraction, str]] = []
    for slip in question.slips:
        wrong = read_number(slip.value, question.unit)
        if abs(value - wrong) <= (question.margin or abs(wrong) / 1000):
            fitting.append((abs(value - wrong), slip.why))
    return Grade(Fraction(0), min(fitting, key=lambda fit: fit[0], default=(Fraction(0), ""))[1])


def grade_order(question: Ordered, placed: Sequence[int]) -> Grade:
    """Grade an order by Kendall's rank correlation with the right one, at least 0 (Kendall 1938, Biometrika 30).

    With n steps and i pairs of steps the wrong way round that is 1 - 4i / (n(n-1)): one neighbouring swap among
    five steps earns 0.8, and orders by chance earn little.
    """
    if sorted(placed) != list(range(len(question.steps))):
        raise ValueError(f"not an order of {len(question.steps)} steps: {placed}")
    inversions = sum(earlier > later for earlier, later in combinations(placed, 2))
    pairs = len(placed) * (len(placed) - 1)
    return Grade(max(Fraction(0), 1 - Fraction(4 * inversions, pairs)))


def grade_marks(question: FreeText, met: Collection[int]) -> Grade:
    """Add up the weights of the key points that a free-text answer met."""
    return Grade(sum((Fraction(round(question.points[place].weight * 100), 100) for place in set(met)), Fraction(0)))
