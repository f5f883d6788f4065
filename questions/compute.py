"""Compute the expressions beside numeric keys: arithmetic alone, and bounded, so that no entry can hang lint."""

from __future__ import annotations

import ast
import math
from fractions import Fraction
from typing import Any

import simpleeval
from simpleeval import EvalWithCompoundTypes, InvalidExpression

LARGEST = 1e300
MOST_BITS = 4096
MOST_ITEMS = 10_000

_UNCOMPUTABLE = (
    InvalidExpression, ArithmeticError, LookupError, TypeError, ValueError, SyntaxError, AttributeError, RecursionError,
)  # fmt: skip


def _bounded(size: float, most: float) -> None:
    if size > most:
        raise ValueError("that is more than a key needs")


def _power(base: Any, exponent: Any) -> Any:
    if isinstance(base, int) and isinstance(exponent, int):
        _bounded(abs(exponent) * math.log2(max(abs(base), 2)), MOST_BITS)
    return base**exponent


def _range(*ends: int) -> range:
    _bounded(len(range(*ends)), MOST_ITEMS)
    return range(*ends)


def _comb(n: int, k: int) -> int:
    _bounded(n, MOST_ITEMS)
    return math.comb(n, k)


def _round(value: float, digits: int = 0) -> float:
    _bounded(abs(digits), 15)
    return round(value, digits) if digits else round(value)


_FUNCTIONS = {
    "sqrt": math.sqrt, "exp": math.exp, "log": math.log, "log2": math.log2, "log10": math.log10, "sin": math.sin,
    "cos": math.cos, "tanh": math.tanh, "floor": math.floor, "ceil": math.ceil, "round": _round, "abs": abs,
    "min": min, "max": max, "sum": sum, "range": _range, "comb": _comb, "prod": math.prod, "len": len,
}  # fmt: skip


def compute(expression: str) -> Fraction:
    """Return what an authored expression yields: arithmetic, comprehensions and a few functions of ``math``.

    Raises ValueError when it does not yield a number.
    """
    try:
        tree = ast.parse(expression.strip(), mode="eval")
        evaluator = EvalWithCompoundTypes(
            operators=simpleeval.DEFAULT_OPERATORS | {ast.Pow: _power},
            functions=dict(_FUNCTIONS),
            names={"pi": math.pi, "e": math.e},
        )
        value = evaluator.eval(expression, previously_parsed=tree.body)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise InvalidExpression(f"it yields {type(value).__name__}")
        _bounded(abs(value), LARGEST)
        return Fraction(value)
    except _UNCOMPUTABLE as error:
        raise ValueError(f"{expression!r} does not compute: {error}") from error
