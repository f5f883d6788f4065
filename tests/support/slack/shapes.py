"""Checks of which the judge of blocks is made: each finds fault with one value and says so as ``where: what``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Part = Mapping[str, Any]
Check = Callable[[str, Any], Iterator[str]]


def record(required: Mapping[str, Check], optional: Mapping[str, Check], *more: Check) -> Check:
    """Return a check of an object: its keys, what each holds, and then what they mean together."""

    def check(where: str, value: Any) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{where}: {type(value).__name__} is no object"
            return
        for name in required.keys() - value.keys():
            yield f"{where}.{name}: is missing"
        for name, held in value.items():
            judge = required.get(name) or optional.get(name)
            yield from judge(f"{where}.{name}", held) if judge else [f"{where}.{name}: is unknown"]
        for judge in more:
            yield from judge(where, value)

    return check


def words(most: int, *, least: int = 1) -> Check:
    """Return a check of a string's length."""

    def check(where: str, value: Any) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{where}: {type(value).__name__} is no string"
        elif not least <= len(value) <= most:
            yield f"{where}: {len(value)} characters, allowed are {least} to {most}"

    return check


def text(most: int, *, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> Check:
    """Return a check of a text object."""

    def check(where: str, value: Any) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind not in kinds:
            yield f"{where}.type: {kind!r}, allowed are {' and '.join(kinds)}"
            return
        extra = "emoji" if kind == "plain_text" else "verbatim"
        yield from record({"type": either(*kinds), "text": words(most)}, {extra: flag})(where, value)

    return check


def plain(most: int) -> Check:
    """Return a check of a text object without markup."""
    return text(most, kinds=("plain_text",))


def many(least: int, most: int, each: Check) -> Check:
    """Return a check of a list and of everything in it."""

    def check(where: str, value: Any) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{where}: {type(value).__name__} is no list"
            return
        if not least <= len(value) <= most:
            yield f"{where}: {len(value)}, allowed are {least} to {most}"
        for number, one in enumerate(value):
            yield from each(f"{where}[{number}]", one)

    return check


def either(*values: str) -> Check:
    """Return a check of a value that is one of a few."""

    def check(where: str, value: Any) -> Iterator[str]:
        if value not in values:
            yield f"{where}: {value!r}, allowed are {', '.join(values)}"

    return check


def whole(least: int, most: int) -> Check:
    """Return a check of a whole number."""

    def check(where: str, value: Any) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            yield f"{where}: {value!r}, allowed are {least} to {most}"

    return check


def like(pattern: str) -> Check:
    """Return a check of a string's form."""

    def check(where: str, value: Any) -> Iterator[str]:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            yield f"{where}: {value!r} does not match {pattern}"

    return check


def flag(where: str, value: Any) -> Iterator[str]:
    """Find fault with what is neither true nor false."""
    if not isinstance(value, bool):
        yield f"{where}: {value!r} is neither true nor false"


def web_address(where: str, value: Any) -> Iterator[str]:
    """Find fault with an address that is none or longer than 3,000 characters."""
    yield from words(3000)(where, value)
    if isinstance(value, str) and not re.match(r"https?://[^\s/]", value):
        yield f"{where}: {value[:80]!r} is no address on the web"


def reached(block: Part) -> Iterator[Part]:
    """Return the elements of a block that are objects."""
    held = block.get("elements")
    for element in (block.get("accessory"), block.get("element"), *(held if isinstance(held, list) else [])):
        if isinstance(element, dict):
            yield element
