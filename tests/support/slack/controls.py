"""The controls of blocks: what a press of one sends, and the state that Slack keeps of all that can be filled in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tests.support.slack.state import Json

_ONE = {"static_select": "selected_option", "radio_buttons": "selected_option", "overflow": "selected_option"}
_MANY = {"multi_static_select": "selected_options", "checkboxes": "selected_options"}
_PLAIN = {"plain_text_input": "value", "number_input": "value", "datepicker": "selected_date"}
_INITIAL = {"selected_option": "initial_option", "selected_options": "initial_options", "value": "initial_value"}


def controls(blocks: Sequence[Json]) -> Iterator[tuple[str, Json]]:
    """Yield each element that can be used, after its block_id."""
    for block in blocks:
        inner = [block.get("accessory"), block.get("element"), *(block.get("elements") or [])]
        for element in inner:
            if isinstance(element, dict) and "action_id" in element:
                yield block["block_id"], element
        for child in block.get("child_blocks") or []:
            yield from controls([child])


def find(blocks: Sequence[Json], action_id: str) -> tuple[str, Json] | None:
    """Return the element with an action_id, after its block_id; None if there is none."""
    return next(((block, part) for block, part in controls(blocks) if part["action_id"] == action_id), None)


def fabricated(action_id: str, value: str | None, values: Sequence[str]) -> Json:
    """Return the block that would show a control with whatever id and values."""
    element: Json = {"type": "button", "action_id": action_id, "text": _plain("Old")}
    if values:
        options = [{"text": _plain(value), "value": value} for value in values]
        element = {"type": "static_select" if len(values) == 1 else "multi_static_select", "action_id": action_id}
        element["options"] = options
    elif value is not None:
        element["value"] = value
    return {"type": "actions", "block_id": "old", "elements": [element]}


def action(block_id: str, element: Json, value: str | None, values: Sequence[str], ts: str, *, forged: bool) -> Json:
    """Return the entry of ``actions`` for using an element; one that is not ``forged`` has the options it uses."""
    kind = element["type"]
    used: Json = {"type": kind, "action_id": element["action_id"], "block_id": block_id}
    if kind == "button":
        assert forged or (not values and value in (None, element.get("value"))), "that is not the button's"
        kept = {name: element[name] for name in ("text", "value", "style") if name in element}
        return used | kept | ({} if value is None else {"value": value}) | {"action_ts": ts}
    return used | filled(element, value if value is not None else values, forged=forged) | {"action_ts": ts}


def filled(element: Json, given: str | Sequence[str], *, forged: bool = False) -> Json:
    """Return an element's part of the state for what a person chose or wrote."""
    kind = element["type"]
    if kind in _PLAIN:
        text = given if isinstance(given, str) else "".join(given)
        assert forged or len(text) <= element.get("max_length", 3000), "the field takes no more"
        return {"type": kind, _PLAIN[kind]: text or None}
    chosen = [given] if isinstance(given, str) else list(given)
    options = [_option(element, value, forged=forged) for value in chosen]
    if kind in _ONE:
        return {"type": kind, _ONE[kind]: options[0] if options else None}
    return {"type": kind, _MANY[kind]: options}


def untouched(element: Json) -> Json | None:
    """Return an element's part of the state before anybody used it; None for a button."""
    kind = element["type"]
    name = (_ONE | _MANY | _PLAIN).get(kind)
    if name is None or kind == "overflow":
        return None
    initial = element.get(_INITIAL.get(name, f"initial_{name}"))
    return {"type": kind, name: initial if initial is not None else [] if kind in _MANY else None}


def values_of(blocks: Sequence[Json], chosen: dict[str, Json]) -> dict[str, Json]:
    """Return ``state.values``: what was chosen (block_id, action_id), else what elements begin with."""
    values: dict[str, Json] = {}
    for block_id, element in controls(blocks):
        own = chosen.get(block_id, {}).get(element["action_id"], untouched(element))
        if own is not None:
            values.setdefault(block_id, {})[element["action_id"]] = own
    return values


def missing(blocks: Sequence[Json], values: dict[str, Json]) -> list[str]:
    """Return the block_ids of inputs that must be filled in and are not."""
    wanted = [block for block in blocks if block["type"] == "input" and not block.get("optional")]
    filled_in = {place for place, kept in values.items() for part in kept.values() if any(list(part.values())[1:])}
    return [block["block_id"] for block in wanted if block["block_id"] not in filled_in]


def _option(element: Json, value: str, *, forged: bool) -> Json:
    groups = [group["options"] for group in element.get("option_groups", [])]
    options = [option for listed in (element.get("options", []), *groups) for option in listed]
    found = next((option for option in options if option["value"] == value), None)
    assert forged or found is not None, f"{value!r} is not among {[option['value'] for option in options]}"
    return found or {"text": _plain(value), "value": value}


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": True}
