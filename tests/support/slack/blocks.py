"""Judges blocks, forms and Home views by the limits that Slack documents: what it would refuse with invalid_blocks.

Each function returns what is wrong as ``where: what``, and nothing when all is well. A type or a key that is not
described here is a fault. Lengths are in code points. Written from Slack's reference; knows nothing of the adapter.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from tests.support.slack.block_elements import ELEMENTS
from tests.support.slack.shapes import (
    Check,
    Part,
    either,
    flag,
    many,
    plain,
    reached,
    record,
    text,
    web_address,
    words,
)

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_TEXTS = 13_200
"""Characters of all texts of a message; not documented, but beyond it Slack answers msg_blocks_too_long."""
VIEW_BYTES = 250_000

_EVERYWHERE = frozenset({"message", "modal", "home"})
SURFACES: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(
        ("section", "actions", "context", "divider", "header", "image", "input", "rich_text", "video"), _EVERYWHERE
    ),
    **dict.fromkeys(
        ("markdown", "table", "data_table", "plan", "task_card", "context_actions", "container"), frozenset({"message"})
    ),
    **dict.fromkeys(("data_visualization", "carousel", "card"), frozenset({"message", "home"})),
    "alert": frozenset({"modal"}),
}
"""Where each block may be shown."""


def check_blocks(blocks: object, surface: str) -> list[str]:
    """Return what Slack would hold against blocks on a surface: "message", "modal" or "home"."""
    if not isinstance(blocks, list):
        return [f"blocks: {type(blocks).__name__} is no list"]
    return list(_blocks(blocks, surface))


def check_view(view: object) -> list[str]:
    """Return what Slack would hold against a form or a Home view."""
    if not isinstance(view, dict):
        return [f"view: {type(view).__name__} is no object"]
    kind = view.get("type")
    if not isinstance(kind, str) or kind not in _VIEWS:
        return [f"view.type: {kind!r} is neither modal nor home"]
    found = [*_VIEWS[kind]("view", view), *check_blocks(view.get("blocks"), kind)]
    if kind == "modal" and "submit" not in view and _has_inputs(view.get("blocks")):
        found.append("view.submit: a form with inputs needs it")
    size = len(json.dumps(view, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    return [*found, f"view: {size} bytes, allowed are {VIEW_BYTES}"] if size > VIEW_BYTES else found


def _blocks(blocks: list[Any], surface: str) -> Iterator[str]:
    most = MESSAGE_BLOCKS if surface == "message" else VIEW_BLOCKS
    if len(blocks) > most:
        yield f"blocks: {len(blocks)}, allowed are {most}"
    for number, block in enumerate(blocks):
        yield from _block(f"blocks[{number}]", block, surface)
    parts = [block for block in blocks if isinstance(block, dict)]
    yield from _unique("block_id", (block.get("block_id") for block in parts))
    # Slack asks only that they differ within a block; what stands in rows is told apart by the action alone.
    pressed = (element for block in parts if block.get("type") == "actions" for element in reached(block))
    yield from _unique("action_id", (element.get("action_id") for element in pressed))
    if surface == "message" and (length := _length(blocks)) > MESSAGE_TEXTS:
        yield f"blocks: {length} characters in all texts together, allowed are {MESSAGE_TEXTS}"


def _block(where: str, block: object, surface: str) -> Iterator[str]:
    if not isinstance(block, dict):
        yield f"{where}: {type(block).__name__} is no object"
        return
    kind = block.get("type")
    if not isinstance(kind, str) or kind not in SURFACES:
        yield f"{where}.type: {kind!r} is unknown"
    elif surface not in SURFACES[kind]:
        yield f"{where}.type: {kind} is not for a {surface}"
    elif kind not in _BLOCKS:
        yield f"{where}.type: {kind} is not described here yet"
    else:
        yield from _BLOCKS[kind](where, block)
        for place, element in _elements(where, block):
            yield from _element(place, element, kind, surface)


def _elements(where: str, block: Part) -> Iterator[tuple[str, object]]:
    """Return the elements of a block with the places they are at."""
    for name in ("accessory", "element"):
        if name in block:
            yield f"{where}.{name}", block[name]
    if isinstance(block.get("elements"), list):
        yield from ((f"{where}.elements[{number}]", element) for number, element in enumerate(block["elements"]))


def _element(where: str, element: object, block: str, surface: str) -> Iterator[str]:
    if not isinstance(element, dict):
        yield f"{where}: {type(element).__name__} is no object"
        return
    kind = element.get("type")
    if block == "context" and kind in ("plain_text", "mrkdwn"):
        yield from text(3000)(where, element)
        return
    described = ELEMENTS.get(kind) if isinstance(kind, str) else None
    if described is None:
        yield f"{where}.type: {kind!r} is unknown"
        return
    if block not in described.blocks:
        yield f"{where}.type: {kind} is not for {block} blocks"
    if surface not in described.surfaces:
        yield f"{where}.type: {kind} is not for a {surface}"
    yield from described.check(where, element)


def _section(where: str, block: Part) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield f"{where}: needs text or fields"


def _picture(where: str, block: Part) -> Iterator[str]:
    if ("image_url" in block) == ("slack_file" in block):
        yield f"{where}: needs either image_url or slack_file"


def _file(where: str, value: Any) -> Iterator[str]:
    if not isinstance(value, dict) or len(value) != 1 or not {"id", "url"} & set(value):
        yield f"{where}: needs either id or url"
    elif not all(isinstance(name, str) and name for name in value.values()):
        yield f"{where}: is empty"


def _anything(_where: str, _value: Any) -> Iterator[str]:
    """Let pass what is judged elsewhere."""
    return iter(())


_BLOCK_ID: dict[str, Check] = {"type": _anything, "block_id": words(255)}
_BLOCKS: dict[str, Check] = {
    "section": record(
        {},
        _BLOCK_ID | {"text": text(3000), "fields": many(1, 10, text(2000)), "accessory": _anything, "expand": flag},
        _section,
    ),
    "header": record({"text": plain(150)}, _BLOCK_ID),
    "divider": record({}, _BLOCK_ID),
    "image": record(
        {"alt_text": words(2000)},
        _BLOCK_ID | {"image_url": web_address, "slack_file": _file, "title": plain(2000)},
        _picture,
    ),
    "actions": record({"elements": many(1, 25, _anything)}, _BLOCK_ID),
    "context": record({"elements": many(1, 10, _anything)}, _BLOCK_ID),
    "input": record(
        {"label": plain(2000), "element": _anything},
        _BLOCK_ID | {"hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
    "markdown": record({"text": words(12_000)}, _BLOCK_ID),
    "alert": record(
        {"text": text(3000)}, _BLOCK_ID | {"level": either("default", "info", "warning", "error", "success")}
    ),
}

_VIEW: dict[str, Check] = {
    "type": _anything,
    "private_metadata": words(3000, least=0),
    "callback_id": words(255, least=0),
    "external_id": words(255, least=0),
}
_VIEWS: dict[str, Callable[[str, Any], Iterator[str]]] = {
    "modal": record(
        {"title": plain(24), "blocks": _anything},
        _VIEW
        | {
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": flag,
            "notify_on_close": flag,
            "submit_disabled": flag,
        },
    ),
    "home": record({"blocks": _anything}, _VIEW),
}


def _has_inputs(blocks: object) -> bool:
    return isinstance(blocks, list) and any(
        isinstance(block, dict) and block.get("type") == "input" for block in blocks
    )


def _length(value: object) -> int:
    """Return the characters of all texts inside blocks."""
    if isinstance(value, dict):
        told = sum(len(value[name]) for name in ("text", "alt_text") if isinstance(value.get(name), str))
        return told + sum(map(_length, value.values()))
    return sum(map(_length, value)) if isinstance(value, list) else 0


def _unique(what: str, ids: Iterable[Any]) -> Iterator[str]:
    for name, times in Counter(one for one in ids if isinstance(one, str)).items():
        if times > 1:
            yield f"{what}: {name!r} is there {times} times"
