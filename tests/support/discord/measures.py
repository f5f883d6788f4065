"""Measuring for the judges of what is sent to Discord; each finding is ``where: what``. Lengths are in code points."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence


def size(where: str, text: str | None, most: int, *, least: int = 0) -> Iterator[str]:
    """Find fault with the length of a text; an absent one is empty."""
    if not least <= len(text or "") <= most:
        yield f"{where}: {len(text or '')} characters, allowed are {least} to {most}"


def count(where: str, things: Sequence[object], most: int, *, least: int = 1) -> Iterator[str]:
    """Find fault with the number of things."""
    if not least <= len(things) <= most:
        yield f"{where}: {len(things)}, allowed are {least} to {most}"


def unique(where: str, values: Sequence[Hashable]) -> Iterator[str]:
    """Find values that are there more than once."""
    for value, times in Counter(values).items():
        if times > 1:
            yield f"{where}: {value!r} is there {times} times"
