"""Scores and names in words."""

from __future__ import annotations

import pytest

from bot.pictures.words import has_tenths, listed, score_text, short


@pytest.mark.parametrize(
    ("score", "whole", "tenth"),
    [
        (0, "0", "0.0"),
        (12_000, "12", "12.0"),
        (12_499, "12", "12.5"),
        (12_500, "13", "12.5"),
        (12_449, "12", "12.4"),
        (50, "0", "0.1"),
        (-3_000, "-3", "-3.0"),
        (-12_450, "-12", "-12.5"),
        (-49, "0", "0.0"),
        (10**12, "1000000000", "1000000000.0"),
    ],
)
def test_scores_are_rounded_to_whole_numbers_or_to_one_decimal(score: int, whole: str, tenth: str) -> None:
    assert (score_text(score, tenths=False), score_text(score, tenths=True)) == (whole, tenth)


def test_one_score_that_is_not_whole_gives_all_of_them_a_decimal() -> None:
    assert has_tenths([1000, 2500])
    assert not has_tenths([1000, 0, -2000])
    assert not has_tenths([])


def test_a_list_ends_with_how_many_had_no_room() -> None:
    assert listed(["a"]) == "a."
    assert listed(["a", "b", "c"]) == "a, b, c."
    assert listed(["aaaa", "bbbb", "cccc", "dddd"], 18) == "aaaa and 3 more."
    assert listed(["aaaa", "bbbb", "cccc", "dddd"], 22) == "aaaa, bbbb and 2 more."
    assert listed(["a" * 30, "b"], 20) == "2."


def test_a_name_is_cut_and_one_line() -> None:
    assert short("a\n\u202eb") == "a b"
    assert short("x" * 40) == "x" * 40
    assert short("x" * 41) == "x" * 39 + "…"
    assert short("\u200b", "(name)") == "(name)"
