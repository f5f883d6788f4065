"""Pictures of formulas: those of the bank are there, and drawing makes what is missing and no more."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from questions.bank import load_bank
from questions.formulas import alt_of, parse, unicode_of
from questions.formulas.pictures import (
    PICTURES,
    Rendered,
    TypstMissing,
    document,
    draw,
    needs_picture,
    path_of,
    picture,
    render,
)
from questions.formulas.signs import FUNCTIONS, SIGNS
from questions.lint import LONGEST_ALT

SOURCES = [source for question in load_bank().questions for source in question.formulas]
DRAWN = [source for source in SOURCES if needs_picture(source)]
LINE, PICTURE = "x^2", r"\frac{e^x}{y}"
HINT = "; type: python -m bot questions render"


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


def test_the_bank_has_formulas_of_both_kinds() -> None:
    assert len(DRAWN) >= 15
    assert len(SOURCES) - len(DRAWN) >= 10


def test_every_picture_of_the_bank_is_there_and_none_is_left_over() -> None:
    wanted = {path_of(source).name for source in DRAWN}
    there = {path.name for path in PICTURES.iterdir()}
    assert (wanted - there, there - wanted) == (set(), set()), HINT


@pytest.mark.parametrize("source", DRAWN)
def test_a_picture_is_small_enough_to_be_shown(source: str) -> None:
    data = picture(source)
    assert data is not None, HINT
    width, height = size_of(data)
    assert (width <= 1200, height <= 200, len(data) <= 15_000) == (True, True, True)
    assert 0 < len(alt_of(parse(source))) <= LONGEST_ALT


def test_drawing_makes_what_is_missing_and_removes_what_nothing_shows(tmp_path: Path) -> None:
    folder = tmp_path / "formulas"
    assert render([LINE, PICTURE, PICTURE], folder) == Rendered(drawn=1, kept=0, removed=0)
    assert list(folder.iterdir()) == [path_of(PICTURE, folder)]
    (folder / "old.png").touch()
    assert render([LINE, PICTURE], folder) == Rendered(drawn=0, kept=1, removed=1)
    assert list(folder.iterdir()) == [path_of(PICTURE, folder)]


def test_what_is_drawn_is_of_the_right_size_and_the_same_each_time() -> None:
    drawn = draw(document(PICTURE))
    assert drawn == draw(document(PICTURE))
    width, height = size_of(drawn)
    assert 60 < width < 150
    assert 60 < height < 150


def test_everything_in_the_subset_can_be_drawn() -> None:
    parts = (
        r"\left\lVert \frac{\hat{a}\bar{b}\tilde{c}}{\sqrt{\mathbf{x}\mathbb{E}\mathcal{L}}} \right\rVert \text{a b}"
    )
    source = " ".join([parts, *(rf"\{name}_x" for name in sorted(FUNCTIONS)), "A", *SIGNS])
    assert size_of(draw(document(source)))[0] > 2000


def test_another_style_or_formula_is_another_picture() -> None:
    names = {path_of(source) for source in (PICTURE, LINE, "x_2", r"\mathbf{x}", r"\mathcal{x}")}
    assert len(names) == 5
    assert path_of("x  + y") == path_of("x+y")


def test_without_pillow_nothing_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    assert render([LINE], tmp_path) == Rendered(drawn=0, kept=0, removed=0)
    with pytest.raises(TypstMissing, match=r"Type: pip install typst pillow$"):
        render([PICTURE], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_picture_that_was_not_drawn_is_none() -> None:
    source = r"\frac{e^{x_{17}}}{y}"
    assert unicode_of(parse(source)) is None
    assert picture(source) is None
