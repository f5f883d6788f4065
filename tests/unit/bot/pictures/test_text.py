"""Letters: which font has them, what cannot be drawn, and that nothing reaches beyond its room."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, features

from bot.pictures.coverage import coverage
from bot.pictures.text import FONTS, NAMELESS, Letters
from tests.support.names import DRAWN, EMPTY

ROOM = 360
needs_raqm = pytest.mark.skipif(
    not features.check("raqm"), reason="needs libfribidi, which Pillow loads when it is there"
)
any_text = st.text(st.characters(exclude_categories=()), max_size=40)


def files(typed: str, *, bold: bool = False) -> list[str]:
    return [piece.face.file for piece in Letters().written(typed, 30, bold=bold).pieces]


def text(typed: str, **how: float) -> str:
    """Return what is drawn, as it is read where it runs in one direction."""
    return "".join(piece.text for piece in Letters().written(typed, 30, **how).pieces)  # type: ignore[arg-type]


def ink(typed: str, *, shaping: bool = True) -> Image.Image:
    picture = Image.new("L", (ROOM + 60, 90), 255)
    letters = Letters(shaping=shaping)
    letters.draw(picture, letters.written(typed, 30, room=ROOM), 30, 45, "black")
    return picture


@pytest.mark.parametrize("shaping", [True, False])
@pytest.mark.parametrize("typed", DRAWN.values(), ids=DRAWN)
def test_each_name_is_drawn_with_glyphs_that_the_fonts_have_and_within_its_room(typed: str, shaping: bool) -> None:
    letters = Letters(shaping=shaping)
    line = letters.written(typed, 30, room=ROOM)
    assert 0 < line.width <= ROOM
    assert "".join(piece.text for piece in line.pieces) != NAMELESS
    for piece in line.pieces:
        assert {ord(sign) for sign in piece.text} <= coverage(FONTS / piece.face.file)
    box = ink(typed, shaping=shaping).point(lambda shade: 255 - shade).getbbox()
    assert box is not None
    left, top, right, bottom = box
    assert left > 30 - 15
    assert right < 30 + ROOM + 15
    assert top > 0
    assert bottom < 90


@pytest.mark.parametrize("typed", EMPTY.values(), ids=EMPTY)
def test_where_nothing_can_be_drawn_something_neutral_stands(typed: str) -> None:
    assert text(typed) == NAMELESS
    assert Letters().written(typed, 30, instead="").pieces == ()


@settings(deadline=None, max_examples=200)
@given(any_text)
def test_any_text_is_drawn_without_an_error_a_box_or_a_control(typed: str) -> None:
    for shaping in (True, False):
        line = Letters(shaping=shaping).written(typed, 24, room=200, bold=True)
        assert 0 < line.width <= 200
        for piece in line.pieces:
            assert {ord(sign) for sign in piece.text} <= coverage(FONTS / piece.face.file)
            assert not set(piece.text) & {"\n", "\r", "\0", "\u202e", "\u200b", "\ufffd"}
    assert ink(typed).getextrema() != (255, 255)


def test_the_first_font_that_has_a_character_draws_it() -> None:
    assert files("Ada") == ["NotoSans-Regular.ttf"]
    assert files("Ada", bold=True) == ["NotoSans-Bold.ttf"]
    assert files("★") == ["DejaVuSans.ttf"]
    assert files("राम") == ["NotoSansDevanagari-Regular.ttf"]
    assert files("Ada田", bold=True) == ["NotoSans-Bold.ttf", "DroidSansFallback.ttf"]
    assert files("田A田") == ["DroidSansFallback.ttf", "NotoSans-Regular.ttf", "DroidSansFallback.ttf"]
    assert files("עם田") == ["DroidSansFallback.ttf", "DejaVuSans.ttf"]


def test_no_font_is_read_before_a_character_needs_it() -> None:
    coverage.cache_clear()
    Letters().written("Zoë 12 Ж", 30, room=60)
    Letters().written("Zoë 12 Ж", 30, bold=True)
    assert coverage.cache_info().currsize == 2
    Letters().written("🧿", 30)
    assert coverage.cache_info().currsize == 3  # the symbols were looked at, the four megabytes were not


def test_what_no_font_has_is_taken_apart_or_left_out() -> None:
    assert text("𝓕𝓪𝓷𝓬𝔂") == "Fancy"
    assert text("👩\u200d💻 Ada 🇩🇪 x") == "Ada x"
    assert text("e\u0301") == "é"
    assert text("A\u093f") == "A"  # no font has both
    assert text("A\u093f\u030d") == "A\u030d"
    assert text("evil\u202etxt") == "eviltxt"
    assert text("a\n\tb\u2028c") == "a b c"


def test_marks_pile_up_no_higher_than_scripts_need() -> None:
    assert text("Z" + "\u030d" * 50) == "Z\u030d\u030d"
    assert text("x" + "\u0336\u0336\u0336") == "x\u0336\u0336"
    assert text("\u0e01" + "\u0e47" * 50) == "\u0e01" + "\u0e47" * 6


def test_a_joiner_stays_where_letters_of_india_need_it() -> None:
    assert text("ශ්\u200dරී") == "ශ්\u200dරී"
    assert text("a\u200db") == "ab"
    line = Letters(shaping=False).written("ශ්\u200dරී", 30)
    assert "".join(piece.text for piece in line.pieces) == "ශ්රී"


def test_a_long_name_is_cut_by_its_width() -> None:
    letters = Letters()
    assert letters.written("Ada", 30, room=ROOM) == letters.written("Ada", 30)
    wide, narrow = text("W" * 2000, room=ROOM), text("i" * 2000, room=ROOM)
    assert wide.lstrip("W") == narrow.lstrip("i") == "…"
    assert len(wide) < len(narrow)
    assert letters.written(f"{wide[:-1]}W…", 30).width > ROOM
    assert text("Ada of a very long name", room=letters.written("Ada of…", 30).width) == "Ada of…"
    assert text("Ada " + "W" * 50, room=letters.written("Ada W", 30).width - 1) == "Ada…"
    assert text("Ada", room=1) == "…"


def test_a_cut_name_that_reads_leftwards_ends_on_the_left() -> None:
    line = Letters().written("שלום " * 20, 30, room=ROOM)
    assert "…" in line.pieces[0].text
    assert files("שלום" * 20)[0] == "DejaVuSans.ttf"


@needs_raqm
def test_letters_that_join_are_narrower_than_apart() -> None:
    def width(typed: str, *, shaping: bool) -> float:
        return Letters(shaping=shaping).written(typed, 30).width

    assert width("क्षत्रिय", shaping=True) < width("क्षत्रिय", shaping=False)
    assert width("محمد", shaping=True) == pytest.approx(width("محمد", shaping=False), rel=0.05)
    assert width("محمد", shaping=False) < sum(width(letter, shaping=False) for letter in "محمد")


def test_the_middle_of_capitals_is_where_it_is_asked_for() -> None:
    box = ink("H").point(lambda shade: 255 - shade).getbbox()
    assert box is not None
    assert (box[1] + box[3]) / 2 == pytest.approx(45, abs=1)
    assert all(a < b for a, b in pairwise(Letters().capitals(size) for size in (22, 30, 40)))
