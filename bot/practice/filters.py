"""What a person wants to practise, as the text that is stored and that actions carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from bot.options import whole_number
from questions.bank import Filter

_MISSES = "misses-"


@dataclass(frozen=True, slots=True)
class Misses:
    """A wish for what a person missed in a round."""

    round: int


Wish: TypeAlias = Filter | Misses


def write_filter(wanted: Wish) -> str:
    """Return a wish as the text that is stored and that actions carry."""
    if isinstance(wanted, Misses):
        return f"{_MISSES}{wanted.round}"
    return f"{wanted.topic}_{wanted.level}_{wanted.kind}"


def read_filter(text: str) -> Wish:
    """Return the wish that a text means; an unreadable one asks for anything."""
    number = whole_number(text.removeprefix(_MISSES)) if text.startswith(_MISSES) else None
    if number is not None:
        return Misses(number)
    parts = text.split("_")
    return Filter(*parts) if len(parts) == 3 else Filter()
