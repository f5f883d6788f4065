"""What gives a question's key away, and every text of what was sent, to look for one in the other."""

from __future__ import annotations

from typing import Any

from bot.markup import plain
from questions.model import FreeText, Numeric, OneBest, Ordered, Question, SelectAll, TrueFalse


def all_texts(node: Any) -> list[str]:
    """Return every text anywhere in a JSON value."""
    if isinstance(node, str):
        return [node]
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [text for child in children for text in all_texts(child)]


def secrets_of(question: Question) -> list[str]:
    """Return texts that give a key away; markup is resolved, and each is long enough not to appear by chance."""
    return [line for secret in told_after(question) for line in lines_of(secret)]


def told_after(question: Question) -> list[str]:
    """Return the markup of what explains a question's answer, or is part of it."""
    secrets = [question.explanation]
    match question:
        case OneBest() | SelectAll():
            secrets += [option.why for option in question.options if option.why]
        case TrueFalse():
            secrets.append(question.why)
        case Numeric():
            secrets += [question.compute, *(slip.why for slip in question.slips)]
        case Ordered():
            secrets.append(question.mistake)
        case FreeText():
            secrets += [question.model_answer, *question.red_flags, *(point.text for point in question.points)]
    return secrets


def lines_of(markup: str) -> list[str]:
    """Return the lines of a text of ours without its markup, but for those that are too short to be told apart."""
    lines = (line.removeprefix("- ") for line in plain(markup).split("\n"))
    return [line for line in lines if len(line) > 12]
