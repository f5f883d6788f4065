"""What a person wants to practise, as the text that is stored and that actions carry."""

from __future__ import annotations

from questions.bank import Filter


def write_filter(wanted: Filter) -> str:
    """Return a filter as the text that is stored and that actions carry."""
    return f"{wanted.topic}_{wanted.level}_{wanted.kind}"


def read_filter(text: str) -> Filter:
    """Return the filter that a text means; an unreadable one asks for anything."""
    parts = text.split("_")
    return Filter(*parts) if len(parts) == 3 else Filter()
