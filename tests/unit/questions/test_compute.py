"""Computing an authored expression: arithmetic and nothing else, and never for long."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import pytest

from questions.compute import compute

LONG = (
    "9**9**9",
    "9**9**9**9",
    "4000000**4000000",
    "sum(range(10**11))",
    "max(range(10**11))",
    "prod(range(1, 10**9))",
    "comb(10**7, 5 * 10**6)",
    "round(1, -10**9)",
    "[x for x in range(10**12)]",
)
"""Each would run for minutes to years, or fill the memory."""
REFUSE = """
import sys
from questions.compute import compute
for expression in sys.argv[1:]:
    try:
        compute(expression)
    except ValueError:
        print(expression, flush=True)
"""


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("48 * 40 + 40", 1960),
        ("7 / 2", Fraction(7, 2)),
        ("-7 // 2", -4),
        ("2 ** 10", 1024),
        ("2 ** 100", 2**100),
        ("ceil(50000 / 128) * 20", 7820),
        ("floor(2.5) + round(2.6) + abs(-1)", 6),
        ("sqrt(16) + log2(8) + log10(100)", 9),
        ("exp(0) + cos(0) + sin(0) + tanh(0) + log(e)", 3),
        ("min(3, 1, 2) + max([3, 1, 2])", 4),
        ("comb(5, 2) + prod([2, 3])", 16),
        ("sum(n * n for n in range(4))", 14),
        ("sum([n for n in [1, 2, 3] if n > 1]) + len([1, 2])", 7),
        ("1 if 2 > 1 else 0", 1),
    ],
)
def test_arithmetic_is_computed(expression: str, value: Fraction) -> None:
    assert compute(expression) == value


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('os').getcwd()",
        "open('/etc/passwd')",
        "eval('1')",
        "exec('1')",
        "globals()",
        "().__class__",
        "().__class__.__bases__[0].__subclasses__()",
        "sqrt.__globals__",
        "'{0.__class__}'.format(1)",
        "(lambda: 1)()",
        "sqrt",
        "unknown",
    ],
)
def test_what_reaches_beyond_arithmetic_is_refused(expression: str) -> None:
    with pytest.raises(ValueError, match="does not compute"):
        compute(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "48 *",
        "(",
        "(" * 250 + "1" + ")" * 250,
        "\0",
        "1 / 0",
        "sqrt(-1)",
        "log(0)",
        "exp(1000)",
        "1e308 * 10",
        "1e308 * 10 - 1e308 * 10",
        "(-1) ** 0.5",
        "[1, 2]",
        "None",
        "'seven'",
        "'7'",
        "comb(5)",
        "max([])",
        "[1][5]",
        "{1: 2}[3]",
        "1; 2",
        "x = 1",
    ],
)
def test_what_yields_no_number_is_refused(expression: str) -> None:
    with pytest.raises(ValueError, match="does not compute"):
        compute(expression)


def test_what_would_run_for_long_is_refused_at_once() -> None:
    """Run in a process of its own: nothing else can stop Python inside one long operation."""
    command = [sys.executable, "-c", REFUSE, *LONG]
    try:
        refused = subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout
    except subprocess.TimeoutExpired as expired:
        refused = (expired.stdout or b"").decode()
    assert refused.splitlines() == list(LONG)
