"""The order of letters on a line, and the joined forms of Arabic."""

from __future__ import annotations

import pytest

from bot.pictures.bidi import Run, drawn_leftwards, ordered
from bot.pictures.coverage import coverage
from bot.pictures.text import FONTS

ALEF, BEH, REH, LAM = "\u0627", "\u0628", "\u0631", "\u0644"


def seen(text: str) -> str:
    """Return a line as it stands from left to right."""
    return "".join("".join(reversed(run.clusters) if run.leftwards else run.clusters) for run in ordered(list(text)))


@pytest.mark.parametrize(
    ("read", "stands"),
    [
        ("", ""),
        ("Ada 12", "Ada 12"),
        ("אבג", "גבא"),
        ("אבג 12", "12 גבא"),
        ("12 אבג", "גבא 12"),
        ("Ada אב Bob", "Ada בא Bob"),
        ("Ada אב 12 גד Bob", "Ada דג 12 בא Bob"),
        ("אב Ada 12", "Ada 12 בא"),
        ("אב Ada Bob גד", "דג Ada Bob בא"),
        ("אב 1.5", "1.5 בא"),
        ("אב 50%", "50% בא"),
        ("Ada!", "Ada!"),
        ("אב!", "!בא"),
        ("Ada (אב)", "Ada (בא)"),
        ("... 12", "... 12"),
    ],
)
def test_a_line_stands_as_unicode_says(read: str, stands: str) -> None:
    assert seen(read) == stands


def test_runs_are_read_in_their_own_order() -> None:
    assert ordered(["A", " ", "א", "ב\u05b8"]) == [
        Run(("A", " "), leftwards=False),
        Run(("א", "ב\u05b8"), leftwards=True),
    ]


@pytest.mark.parametrize(
    ("read", "stands"),
    [
        (BEH, "\ufe8f"),
        (BEH * 3, "\ufe90\ufe92\ufe91"),
        (REH + BEH, "\ufe8f\ufead"),
        (BEH + " " + BEH, "\ufe8f \ufe8f"),
        (LAM + ALEF, "\ufefb"),
        (BEH + LAM + ALEF, "\ufefc\ufe91"),
        (BEH + "\u0640" + BEH, "\ufe90\u0640\ufe91"),
        ("\u06cc\u06af", "\ufb93\ufbfe"),
        ("(א)", "(א)"),
    ],
)
def test_arabic_letters_are_joined_without_raqm(read: str, stands: str) -> None:
    assert drawn_leftwards(list(read)) == stands


def test_marks_have_no_place_without_raqm() -> None:
    assert drawn_leftwards(["\u05e9\u05c1\u05b8", "\u05dc"]) == "\u05dc\u05e9"


def test_the_font_of_arabic_has_every_form_of_the_letters_it_has() -> None:
    has = coverage(FONTS / "DejaVuSans.ttf")
    letters = [chr(code) for code in range(0x620, 0x700) if code in has]
    for before in letters:
        for letter in letters:
            assert all(ord(sign) in has for sign in drawn_leftwards([before, letter, before]))
