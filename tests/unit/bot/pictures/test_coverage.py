"""Which characters a font has, against what FreeType draws for them."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from PIL import ImageFont

from bot.pictures.coverage import coverage
from bot.pictures.text import FONTS

FILES = sorted(path.name for path in FONTS.glob("*.ttf"))
STEP = 7
"""Every seventh character is looked at: of the largest font thousands."""


def drawn(font: ImageFont.FreeTypeFont, sign: str) -> bytes:
    return bytes(font.getmask(sign))


@pytest.mark.parametrize("file", FILES)
def test_what_a_font_has_is_what_freetype_draws_without_a_box(file: str) -> None:
    font = ImageFont.truetype(FONTS / file, 14, layout_engine=ImageFont.Layout.BASIC)
    has = coverage(FONTS / file)
    box = drawn(font, "\U0010fffd")
    assert len(has) > 100
    told = [chr(code) for code in sorted(has)[::STEP] if unicodedata.category(chr(code))[0] in "LNPS"]
    assert [sign for sign in told if drawn(font, sign) == box] == []
    lacks = [chr(code) for code in range(0x21, 0x10000, 37) if code not in has and not 0xD800 <= code <= 0xDFFF]
    assert [sign for sign in lacks if drawn(font, sign) != box] == []


def test_a_file_without_unicode_is_refused(tmp_path: Path) -> None:
    table = b"\0\0\0\1" + b"\0\1\0\0" + b"\0\0\0\x0c"  # one encoding, that of old Macintoshes
    file = tmp_path / "old.ttf"
    file.write_bytes(b"\0\1\0\0\0\1" + bytes(6) + b"cmap" + bytes(4) + (28).to_bytes(4, "big") + bytes(4) + table)
    with pytest.raises(ValueError, match=r"no Unicode in old\.ttf"):
        coverage(file)


def test_all_fonts_are_in_their_page_with_a_licence() -> None:
    page = (FONTS / "README.md").read_text("utf-8")
    scripts = {file.removeprefix("NotoSans").split("-")[0] for file in FILES if file.startswith("NotoSans")} - {""}
    named = {"Myanmar": "Burmese"}
    assert [script for script in scripts if named.get(script, script) not in page] == []
    assert {file for file in FILES if not file.startswith("NotoSans")} == {"DejaVuSans.ttf", "DroidSansFallback.ttf"}
    assert "`DejaVuSans.ttf`" in page
    assert "`DroidSansFallback.ttf`" in page
    licences = {path.name for path in FONTS.glob("LICENSE-*.txt")}
    assert licences == {"LICENSE-DejaVu.txt", "LICENSE-Droid.txt", "LICENSE-Noto.txt"}
    assert [licence for licence in licences if f"`{licence}`" not in page] == []
