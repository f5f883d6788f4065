"""What people type as a number: every accepted form, what is refused and with which words, and what it may cost."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questions.numbers import SUFFIXES, UNITS, NotANumber, read_number

QUICK = settings(max_examples=80, deadline=None)
SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
PAIRS = [(typed, asked) for typed in UNITS for asked in UNITS]
SAME = [pair for pair in PAIRS if UNITS[pair[0]][0] == UNITS[pair[1]][0]]
MIXED = [pair for pair in PAIRS if UNITS[pair[0]][0] != UNITS[pair[1]][0]]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1960", 1960),
        ("+1960", 1960),
        ("-1960", -1960),
        ("−1960", -1960),
        ("–1960", -1960),
        ("  1960  ", 1960),
        ("007", 7),
        ("1,960", 1960),
        ("1,960,000", 1_960_000),
        ("1,960.5", Fraction(3921, 2)),
        ("1 960", 1960),
        ("1 960 000.25", Fraction(7_840_001, 4)),
        ("1\u00a0960", 1960),
        ("1\u2009960", 1960),
        ("1\u202f960", 1960),
        ("1_960", 1960),
        ("1.96e3", 1960),
        ("1.96E+3", 1960),
        ("5e-1", Fraction(1, 2)),
        ("1.96×10^3", 1960),
        ("1.96 · 10^3", 1960),
        ("1.96*10**3", 1960),
        ("1.96×10³", 1960),
        ("5×10⁻¹", Fraction(1, 2)),
        ("2^10", 1024),
        ("2**10", 1024),
        ("2^-1", Fraction(1, 2)),
        ("-2^2", -4),
        ("10³", 1000),
        ("1.5^2", Fraction(9, 4)),
        ("3/4", Fraction(3, 4)),
        ("3 / 4", Fraction(3, 4)),
        ("-3/4", Fraction(-3, 4)),
        ("1/1,000", Fraction(1, 1000)),
        ("75%", Fraction(3, 4)),
        ("75 %", Fraction(3, 4)),
        ("0.75", Fraction(3, 4)),
        (".75", Fraction(3, 4)),
        ("1.960", Fraction(49, 25)),
    ],
)
def test_every_accepted_form_is_read_exactly(typed: str, value: Fraction) -> None:
    assert read_number(typed) == value


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("0,75", Fraction(3, 4)),
        ("0,750", Fraction(3, 4)),
        ("1,96", Fraction(49, 25)),
        ("1,9600", Fraction(49, 25)),
        ("1960,125", Fraction(15681, 8)),
        ("1,960", 1960),
        ("100,000", 100_000),
        ("0,5e1", 5),
    ],
)
def test_a_comma_is_decimal_only_where_it_cannot_separate_thousands(typed: str, value: Fraction) -> None:
    assert read_number(typed) == value


@pytest.mark.parametrize(("suffix", "factor"), SUFFIXES.items())
def test_a_suffix_multiplies(suffix: str, factor: int) -> None:
    assert [read_number(f"1.5{suffix}"), read_number(f"1.5 {suffix}")] == [Fraction(3, 2) * factor] * 2


def test_a_power_of_a_number_of_four_digits_is_read() -> None:
    assert read_number("1024^3") == 2**30


def test_a_suffix_is_also_read_before_another_quantity() -> None:
    assert read_number("1.96k", "ms") == 1960


@pytest.mark.parametrize(
    ("typed", "unit", "value"),
    [
        ("9.1", "GB", Fraction(91, 10)),
        ("9100 MB", "GB", Fraction(91, 10)),
        ("9100MB", "GB", Fraction(91, 10)),
        ("1 GiB", "MiB", 1024),
        ("1 KiB", "B", 1024),
        ("1 kB", "B", 1000),
        ("1 KB", "B", 1000),
        ("7B", "B", 7),
        ("7B", "kB", Fraction(7, 1000)),
        ("2 h", "min", 120),
        ("1 day", "h", 24),
        ("250 µs", "ms", Fraction(1, 4)),
        ("250 us", "ms", Fraction(1, 4)),
        ("75%", "%", 75),
        ("75", "%", 75),
        ("1 bit", "bits", 1),
        ("3/4 s", "ms", 750),
    ],
)
def test_a_unit_of_the_same_quantity_is_converted(typed: str, unit: str, value: Fraction) -> None:
    assert read_number(typed, unit) == value


@given(st.sampled_from(SAME), st.integers(0, 10**6))
@QUICK
def test_any_two_units_of_a_quantity_convert_exactly(pair: tuple[str, str], amount: int) -> None:
    typed, asked = pair
    assert read_number(f"{amount} {typed}", asked) * UNITS[asked][1] == amount * UNITS[typed][1]


@given(st.sampled_from([pair for pair in MIXED if pair[0] not in SUFFIXES]))
@QUICK
def test_a_unit_of_another_quantity_is_refused(pair: tuple[str, str]) -> None:
    typed, asked = pair
    assert words(f"5 {typed}", asked) == f"the unit {typed!r} does not fit; answer in {asked}"


@pytest.mark.parametrize(
    ("typed", "unit", "said"),
    [
        ("", "", "'' is not one number"),
        ("  five ", "", "'five' is not one number"),
        ("about 5", "", "'about 5' is not one number"),
        ("5-6", "", "'5-6' is not one number"),
        ("5 6", "", "'5 6' is not one number"),
        ("1,96,000", "", "'1,96,000' is not one number"),
        ("1,,960", "", "'1,,960' is not one number"),
        ("1.960.000", "", "'1.960.000' is not one number"),
        ("1,960,5", "", "'1,960,5' is not one number"),
        ("1e", "", "the unit 'e' does not fit; answer without a unit"),
        ("2*3", "", "'2*3' is not one number"),
        ("2^2^2", "", "'2^2^2' is not one number"),
        ("1/2/3", "", "'1/2/3' is not one number"),
        ("--5", "", "'--5' is not one number"),
        ("nan", "", "'nan' is not one number"),
        ("inf", "", "'inf' is not one number"),
        ("1/0", "", "that divides by zero"),
        ("1/0.0", "", "that divides by zero"),
        ("0^-1", "", "that divides by zero"),
        ("1e61", "", "that power is too large"),
        ("1e-61", "", "that power is too large"),
        ("2^61", "", "that power is too large"),
        ("1×10^999999999", "", "that power is too large"),
        ("5 MB", "", "the unit 'MB' does not fit; answer without a unit"),
        ("5 apples", "", "the unit 'apples' does not fit; answer without a unit"),
        ("5 mb", "GB", "the unit 'mb' does not fit; answer in GB"),
        ("5k", "GB", "the unit 'k' does not fit; answer in GB"),
        ("5G", "GB", "the unit 'G' does not fit; answer in GB"),
        ("75%", "ms", "the unit '%' does not fit; answer in ms"),
        ("1 nat", "bits", "the unit 'nat' does not fit; answer in bits"),
        ("1" * 61, "", "that is longer than 60 characters"),
        (" " * 60 + "5", "", "that is longer than 60 characters"),
    ],
)  # fmt: skip
def test_what_is_refused_is_told_why(typed: str, unit: str, said: str) -> None:
    assert words(typed, unit) == said


@pytest.mark.parametrize("typed", ["١,٢٣٤", "１,２３４", "१,२३४"])
def test_digits_of_another_script_are_never_read_as_another_number(typed: str) -> None:
    assert read_or_refused(typed, "") in {0, 1234}


@given(st.text(max_size=70), st.sampled_from(["", *UNITS]))
@settings(max_examples=300, deadline=None)
def test_nothing_but_not_a_number_is_raised_for_any_text(typed: str, unit: str) -> None:
    read_or_refused(typed, unit)


@given(st.text("0123456789,._ +-−eE^*×/%kMGBs⁰¹²³⁻", max_size=60), st.sampled_from(["", "GB", "ms", "%"]))
@settings(max_examples=500, deadline=None)
def test_nothing_but_not_a_number_is_raised_for_what_looks_like_one(typed: str, unit: str) -> None:
    read_or_refused(typed, unit)


@pytest.mark.parametrize(
    "hostile",
    [
        "9" * 60,
        "9" * 1_000_000,
        "9," * 30,
        "9 " * 30,
        "1" + ",999" * 14 + ",9",
        "*" * 60,
        " " * 60,
        "9^9^9^9^9",
        "9^" + "9" * 50,
        "9e" + "9" * 50,
        "0." + "0" * 52 + "1^-60",
        "999^60/0." + "0" * 45 + "1",
    ],
)
def test_hostile_text_costs_little(hostile: str) -> None:
    value = read_or_refused(hostile, "")
    assert max(value.numerator.bit_length(), value.denominator.bit_length()) < 2**14


@given(st.integers(-(10**18), 10**18), st.sampled_from([",", " ", "_", "\u00a0", "\u202f", ""]))
@QUICK
def test_a_whole_number_written_in_groups_is_read_back(value: int, separator: str) -> None:
    assert read_number(f"{value:,}".replace(",", separator)) == value


@given(st.decimals(-(10**9), 10**9, places=4))
@QUICK
def test_a_decimal_is_read_back_with_point_and_with_comma(value: Decimal) -> None:
    typed = f"{value:f}"
    assert [read_number(typed), read_number(typed.replace(".", ","))] == [Fraction(value)] * 2


@given(st.floats(1e-50, 1e50))
@QUICK
def test_what_python_prints_of_a_float_is_read_back(value: float) -> None:
    assert [read_number(repr(value)), read_number(f"-{value!r}")] == [Fraction(repr(value)), -Fraction(repr(value))]


@given(st.integers(-(10**6), 10**6), st.integers(-60, 60))
@QUICK
def test_powers_of_ten_are_read_back_in_each_spelling(mantissa: int, power: int) -> None:
    raised = str(power).translate(SUPERSCRIPT)
    spellings = [f"{mantissa}e{power}", f"{mantissa}×10^{power}", f"{mantissa}*10**{power}", f"{mantissa} · 10{raised}"]
    assert [read_number(typed) for typed in spellings] == [mantissa * Fraction(10) ** power] * 4


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**9))
@QUICK
def test_a_fraction_is_read_back(above: int, below: int) -> None:
    assert [read_number(f"{above}/{below}"), read_number(f"{above:,} / {below:,}")] == [Fraction(above, below)] * 2


@given(st.integers(1, 10**6), st.text("0123456789", min_size=1, max_size=6))
@QUICK
def test_one_comma_separates_thousands_or_decimals_by_one_rule(before: int, after: str) -> None:
    thousands = before < 1000 and len(after) == 3
    assert read_number(f"{before},{after}") == Fraction(f"{before}{'' if thousands else '.'}{after}")


def words(typed: str, unit: str) -> str:
    with pytest.raises(NotANumber) as caught:
        read_number(typed, unit)
    return str(caught.value)


def read_or_refused(typed: str, unit: str) -> Fraction:
    try:
        return read_number(typed, unit)
    except NotANumber:
        return Fraction(0)
