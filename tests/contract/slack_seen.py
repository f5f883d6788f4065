"""What a person sees of a Slack message: its blocks and its mrkdwn, read as Slack's client shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adapters.slack.render import CHOOSE, DISABLED, SIGNS, TONE, choice_block
from bot.message import Tone
from tests.contract.harness import Control, Form, Seen
from tests.support.slack.reader import Reading, read

Block = Mapping[str, Any]


def seen(message: Mapping[str, Any]) -> Seen:
    """Return a message as the suite compares it: its ``ts``, its ``blocks`` and whether it ``is_ephemeral``."""
    blocks = message["blocks"]
    tone = tone_of(blocks)
    title = next((block["text"]["text"] for block in blocks if block["type"] == "header"), "")
    readings = [_reading(part) for block in blocks for part in _texts(block)]
    text = "\n".join(reading.text for reading in readings).strip()
    sign = SIGNS[Tone(tone)].strip()
    if sign:
        assert title.startswith(sign) or text.startswith(sign)
        title, text = title.removeprefix(sign).strip(), text if title.startswith(sign) else text.removeprefix(sign)
    return Seen(
        id=str(message["ts"]),
        private=bool(message.get("is_ephemeral")),
        title=title,
        text=text.strip(),
        tone=tone,
        marks=frozenset(mark for reading in readings for mark in reading.marks),
        controls=tuple(control for block in blocks for control in _controls(block)),
        alts=tuple(block["alt_text"] for block in blocks if block["type"] == "image"),
    )


def form(view: Mapping[str, Any], origin: str | None) -> Form:
    """Return a form as the suite compares it."""
    inputs = tuple(block["block_id"] for block in view["blocks"] if block["type"] == "input")
    return Form(view["title"]["text"], view["callback_id"], inputs, origin)


def tone_of(blocks: Sequence[Block]) -> str:
    """Return the tone that a message was given."""
    named = [block["block_id"] for block in blocks if block.get("block_id", "").startswith(TONE)]
    assert named == [blocks[0]["block_id"]]
    return str(named[0].removeprefix(TONE))


def _texts(block: Block) -> Iterator[Block]:
    if block["type"] == "section" and "accessory" not in block:
        yield block["text"]
    elif block["type"] == "context" and not _is_disabled(block):
        yield from block["elements"]


def _reading(part: Block) -> Reading:
    if part["type"] == "plain_text":
        return Reading(part["text"], frozenset({"p", "text"}))
    return read(part["text"], verbatim=bool(part.get("verbatim")))


def _is_disabled(block: Block) -> bool:
    return str(block.get("block_id", "")).startswith(DISABLED)


def _controls(block: Block) -> Iterator[Control]:
    if block["type"] == "context" and _is_disabled(block):
        yield from (Control(label["text"], "", disabled=True) for label in block["elements"])
    elif "accessory" in block:
        token = block["block_id"].removeprefix(choice_block(""))
        yield Control(block["text"]["text"], token, values=_values(block["accessory"]))
    for element in block["elements"] if block["type"] == "actions" else ():
        if element["type"] == "static_select":
            yield Control(element["placeholder"]["text"], element["action_id"], values=_values(element))
        elif "url" not in element and element.get("value") != CHOOSE:
            yield Control(element["text"]["text"], element["action_id"])


def _values(element: Block) -> tuple[str, ...]:
    return tuple(option["value"] for option in element["options"])
