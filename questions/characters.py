"""The characters that texts of the bank may hold: those that phones and desktops show on every platform."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

BLOCKS = (
    (0x0020, 0x007E, "Basic Latin"),
    (0x00A1, 0x00AC, "Latin-1 Supplement, without the soft hyphen and the no-break space"),
    (0x00AE, 0x00FF, "Latin-1 Supplement"),
    (0x0100, 0x017F, "Latin Extended-A"),
    (0x0300, 0x0304, "Combining marks over letters: grave, acute, hat, tilde, bar"),
    (0x0307, 0x0308, "Combining marks over letters: one dot, two dots"),
    (0x0370, 0x03FF, "Greek"),
    (0x1D2C, 0x1D6A, "Phonetic Extensions: superscript and subscript letters"),
    (0x1FB0, 0x1FB1, "Greek Extended: alpha with breve and with bar, as in ᾱ"),
    (0x2010, 0x2027, "General Punctuation: dashes, quotation marks, the ellipsis"),
    (0x2030, 0x205E, "General Punctuation: per mille, primes, angle quotation marks"),
    (0x2070, 0x209C, "Superscripts and Subscripts"),
    (0x20AC, 0x20AC, "The euro sign"),
    (0x2102, 0x2134, "Letterlike Symbols, such as ℝ and ℓ"),
    (0x2150, 0x215E, "Number Forms: fractions"),
    (0x2190, 0x21FF, "Arrows"),
    (0x2200, 0x22FF, "Mathematical Operators"),
    (0x2308, 0x230B, "Ceiling and floor"),
    (0x2500, 0x259F, "Box Drawing and Block Elements"),
    (0x25A0, 0x25FF, "Geometric Shapes"),
    (0x2713, 0x2717, "Check marks and crosses"),
    (0x27E8, 0x27E9, "Mathematical angle brackets"),
    (0x2C7C, 0x2C7C, "The subscript j"),
)
"""First and last code point of each range that is allowed, and its name. Left out on purpose: other scripts, emoji
(drawn by each platform in its own way), mathematical alphabets (missing on many phones) and everything invisible."""

_SIGNS = (chr(point) for first, last, _ in BLOCKS for point in range(first, last + 1))
_ALLOWED = frozenset(sign for sign in _SIGNS if unicodedata.category(sign) != "Cn") | {"\n"}
_NAMES = {"Cc": "a control character", "Co": "for private use", "Cn": "unassigned", "Cs": "half a character"}


def strange(text: str) -> Iterator[str]:
    """Say which characters of ``text`` are not allowed, each once, and whether an accent lacks its letter."""
    for sign in sorted(set(text) - _ALLOWED):
        yield f"U+{ord(sign):04X} {_NAMES.get(unicodedata.category(sign), unicodedata.name(sign, 'without a name'))}"
    if set(text) <= _ALLOWED and unicodedata.normalize("NFC", text) != text:
        yield "an accent apart from its letter; write the letter that has it (Unicode's form NFC)"
