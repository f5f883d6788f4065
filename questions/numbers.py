"""Read the numbers people type, exactly: never fuzzily, never by guessing what was meant.

Accepted: ``1960``, ``1,960``, ``1 960``, ``1_960``, ``1.96e3``, ``1.96k``, ``1.96×10^3``, ``2^10``,
``3/4``, ``75%``, a decimal comma where it cannot be a thousands separator (``0,75``), and a unit of the
same quantity as the question's (``9100 MB`` where GB is asked for).
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction

_QUANTITIES: dict[str, dict[str, int | Fraction]] = {
    "bytes": {
        "B": 1, "kB": 10**3, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12,
        "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40,
    },
    "time": {
        "ns": Fraction(1, 10**9), "µs": Fraction(1, 10**6), "us": Fraction(1, 10**6),
        "ms": Fraction(1, 1000), "s": 1, "min": 60, "h": 3600, "days": 86400, "day": 86400, "d": 86400,
    },
    "ratio": {"%": Fraction(1, 100)},
    "information in bits": {"bits": 1, "bit": 1},
    "information in nats": {"nats": 1, "nat": 1},
}  # fmt: skip
UNITS = {
    name: (quantity, Fraction(factor)) for quantity, names in _QUANTITIES.items() for name, factor in names.items()
}
"""Every unit: its quantity and how many of the quantity's base unit it is. kB, MB and GB are decimal, KiB and
so on binary (IEC 80000-13)."""

SUFFIXES = {"k": 10**3, "K": 10**3, "M": 10**6, "G": 10**9, "B": 10**9, "T": 10**12}
"""Multipliers as the field writes them: a 7B model, 1.96k parameters. Not read where bytes are asked for."""

_LONGEST = 60
_LARGEST_EXPONENT = 60
_SIGNS = {"−": "-", "–": "-", "×": "*", "·": "*", "μ": "µ"}
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2009\u202f\u2007", " ") | _SIGNS)
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_PLAIN = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:[ _]\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?|\.\d+)"
_NUMBER = re.compile(
    rf"(?P<sign>[+-]?)(?P<value>{_PLAIN})"
    r"(?:[eE](?P<exponent>[+-]?\d+)|\s*\*\s*10\s*(?:\^|\*\*)\s*(?P<ten>[+-]?\d+)|\s*(?:\^|\*\*)\s*(?P<power>-?\d+))?"
    rf"(?:\s*/\s*(?P<divisor>{_PLAIN}))?"
    r"\s*(?P<unit>%|[A-Za-zµ]+)?",
    re.ASCII,
)


class NotANumber(ValueError):
    """What was typed is not a number in this unit; the message says what is."""


def read_number(text: str, unit: str = "") -> Fraction:
    """Return the exact value of ``text``, in ``unit``.

    Raises NotANumber when it is not one number, or when its unit is of another quantity.
    """
    if len(text) > _LONGEST:
        raise NotANumber(f"that is longer than {_LONGEST} characters")
    cleaned = re.sub(r"10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)", lambda m: "10^" + m[1].translate(_SUPERSCRIPT), text.strip())
    match = _NUMBER.fullmatch(cleaned.translate(_SPACES))
    if match is None:
        raise NotANumber(f"{text.strip()!r} is not one number")
    value = _plain(match["value"])
    if match["power"]:
        value = _scaled(value, int(match["power"]), power=True)
    exponent = match["exponent"] or match["ten"]
    if exponent:
        value = _scaled(value, int(exponent), power=False)
    if match["divisor"]:
        divisor = _plain(match["divisor"])
        if divisor == 0:
            raise NotANumber("that divides by zero")
        value /= divisor
    return (-value if match["sign"] == "-" else value) * _factor(match["unit"], unit)


def _plain(text: str) -> Fraction:
    if re.fullmatch(r"\d+,\d+", text) and not re.fullmatch(r"[1-9]\d{0,2},\d{3}", text):
        text = text.replace(",", ".")
    try:
        return Fraction(Decimal(re.sub(r"[, _]", "", text)))
    except InvalidOperation as error:
        raise NotANumber(f"{text!r} is not one number") from error


def _scaled(value: Fraction, exponent: int, *, power: bool) -> Fraction:
    if abs(exponent) > _LARGEST_EXPONENT or (power and value > 9999):
        raise NotANumber("that power is too large")
    if power:
        if value == 0 and exponent < 0:
            raise NotANumber("that divides by zero")
        return value**exponent
    return value * Fraction(10) ** exponent


def _factor(typed: str | None, asked: str) -> Fraction:
    """Return what a number typed with one unit is multiplied by to be in the unit asked for."""
    if not typed:
        return Fraction(1)
    quantity, per = UNITS.get(asked, ("", Fraction(1)))
    if typed in SUFFIXES and quantity != "bytes":
        return Fraction(SUFFIXES[typed])
    if typed == "%" and not quantity:
        return Fraction(1, 100)
    found = UNITS.get(typed)
    if found is None or found[0] != quantity:
        wanted = f"in {asked}" if asked else "without a unit"
        raise NotANumber(f"the unit {typed!r} does not fit; answer {wanted}")
    return found[1] / per
