"""Which characters a font file has, from its ``cmap`` table: Pillow draws a box for the others and does not tell."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from struct import iter_unpack, unpack_from


@cache
def coverage(font: Path) -> frozenset[int]:
    """Return the code points that a TrueType file has a glyph for. Raises ValueError for a file without Unicode."""
    data = font.read_bytes()
    tables = dict(_tables(data))
    start = tables[b"cmap"]
    encodings = iter_unpack(">HHL", data[start + 4 : start + 4 + 8 * unpack_from(">H", data, start + 2)[0]])
    unicode = [start + offset for platform, encoding, offset in encodings if (platform, encoding) in _UNICODE]
    known = {unpack_from(">H", data, at)[0]: at for at in unicode}
    if 12 in known:  # which has all planes, while 4 has the first
        return frozenset(_grouped(data, known[12]))
    if 4 in known:
        return frozenset(_segmented(data, known[4]))
    raise ValueError(f"no Unicode in {font.name}")


_UNICODE = {(0, 3), (0, 4), (3, 1), (3, 10)}


def _tables(data: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield each table's tag and where it starts."""
    for tag, _, offset, _ in iter_unpack(">4sLLL", data[12 : 12 + 16 * unpack_from(">H", data, 4)[0]]):
        yield tag, offset


def _grouped(data: bytes, at: int) -> Iterator[int]:
    """Yield the code points of format 12: groups of first, last, first glyph."""
    for first, last, glyph in iter_unpack(">LLL", data[at + 16 : at + 16 + 12 * unpack_from(">L", data, at + 12)[0]]):
        yield from range(first + (glyph == 0), last + 1)  # glyph 0 is the box


def _segmented(data: bytes, at: int) -> Iterator[int]:
    """Yield the code points of format 4: segments whose glyphs follow from a difference or stand in a list."""
    count = unpack_from(">H", data, at + 6)[0] // 2
    lasts = unpack_from(f">{count}H", data, at + 14)
    firsts, deltas, offsets = (unpack_from(f">{count}H", data, at + 16 + 2 * count * row) for row in (1, 2, 3))
    for segment, (first, last, delta, offset) in enumerate(zip(firsts, lasts, deltas, offsets, strict=True)):
        listed = at + 16 + 6 * count + 2 * segment + offset  # an offset counts from its own place
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = unpack_from(">H", data, listed + 2 * (code - first))[0] if offset else (code + delta) % 0x10000
            if glyph:
                yield code
