"""What a person sees of a Discord message: its components and its Markdown, read as Discord's client reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adapters.discord.render import COLOURS
from tests.contract.harness import Control, Form, Seen
from tests.support.discord.reader import read

EPHEMERAL = 64
ACTION_ROW, BUTTON, SELECT, TEXT, GALLERY, CONTAINER = 1, 2, 3, 10, 12, 17
HEADING = "### "


def seen(message: Mapping[str, Any]) -> Seen:
    """Return a message of the API as the suite compares it."""
    *_, container = message["components"]  # in front of it may stand whom a post notifies
    assert container["type"] == CONTAINER
    tone = next(tone for tone, colour in COLOURS.items() if colour == container["accent_color"])
    texts = [part["content"] for part in _walk([container]) if part["type"] == TEXT]
    title = ""
    if texts and texts[0].startswith(HEADING):
        title, _, texts[0] = texts[0].removeprefix(HEADING).partition("\n")
    readings = [read(text) for text in texts if text]
    return Seen(
        id=str(message["id"]),
        private=bool(int(message.get("flags", 0)) & EPHEMERAL),
        title=read(title).text,
        text="\n".join(reading.text for reading in readings).strip(),
        tone=tone.value,
        marks=frozenset(mark for reading in readings for mark in reading.marks),
        controls=tuple(_controls(_walk([container]))),
        alts=tuple(
            item["description"] for part in _walk([container]) if part["type"] == GALLERY for item in part["items"]
        ),
    )


def form(data: Mapping[str, Any], origin: str | None) -> Form:
    """Return a form of the API as the suite compares it."""
    fields = [label["component"] for label in data["components"]]
    return Form(data["title"], data["custom_id"], tuple(field["custom_id"] for field in fields), origin)


def _walk(components: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for component in components:
        yield component
        yield from _walk(component.get("components", ()))


def _controls(parts: Iterator[Mapping[str, Any]]) -> Iterator[Control]:
    for part in parts:
        if part["type"] == BUTTON and "custom_id" in part:
            yield Control(part["label"], part["custom_id"], bool(part.get("disabled")))
        elif part["type"] == SELECT:
            values = tuple(option["value"] for option in part["options"])
            yield Control(part["placeholder"], part["custom_id"], values=values)
