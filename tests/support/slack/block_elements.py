"""The interactive elements of Slack's blocks: what each holds, in which blocks it may stand and on which surfaces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.support.slack.shapes import (
    Check,
    Part,
    either,
    flag,
    like,
    many,
    plain,
    record,
    text,
    web_address,
    whole,
    words,
)

ALL = frozenset({"message", "modal", "home"})
_MODAL = frozenset({"modal"})
_PRESSED = frozenset({"section", "actions"})
_CHOSEN = frozenset({"section", "actions", "input"})
# The reference lists actions for multi-selects too, but Slack refuses them there (python-slack-sdk issue 1631).
_CHOSEN_SEVERAL = frozenset({"section", "input"})
_TYPED = frozenset({"input"})


@dataclass(frozen=True, slots=True)
class Element:
    """One type of element."""

    check: Check
    blocks: frozenset[str]
    surfaces: frozenset[str] = ALL


def _anything(_where: str, _value: Any) -> Iterator[str]:
    return iter(())


def _options(where: str, element: Part) -> Iterator[str]:
    """Find fault with the choice of lists, and with what is chosen beforehand but not offered."""
    if ("options" in element) == ("option_groups" in element):
        yield f"{where}: needs either options or option_groups"
    groups = element.get("option_groups")
    lists = [element.get("options"), *(group.get("options") for group in groups or [] if isinstance(group, dict))]
    offered = [option for options in lists if isinstance(options, list) for option in options]
    chosen = element.get("initial_options")
    for option in [element.get("initial_option"), *(chosen if isinstance(chosen, list) else [])]:
        if option is not None and option not in offered:
            yield f"{where}: {option!r} is chosen beforehand but not offered"


def _lengths(where: str, element: Part) -> Iterator[str]:
    """Find fault with lengths that contradict each other."""
    least, most, value = (element.get(name) for name in ("min_length", "max_length", "initial_value"))
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield f"{where}: {least} to {most} characters cannot be typed"
    if isinstance(most, int) and isinstance(value, str) and len(value) > most:
        yield f"{where}.initial_value: {len(value)} characters, allowed are {most}"


_STYLE = either("primary", "danger")
_CONFIRM = record({"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)}, {"style": _STYLE})
_OPTION = record({"text": plain(75), "value": words(150)}, {"description": plain(75)})
_RICH_OPTION = record({"text": text(75), "value": words(150)}, {"description": text(75)})
_LINK_OPTION = record({"text": plain(75), "value": words(150)}, {"description": plain(75), "url": web_address})
_GROUP = record({"label": plain(75), "options": many(1, 100, _OPTION)}, {})
_DISPATCH = record({}, {"trigger_actions_on": many(1, 2, either("on_enter_pressed", "on_character_entered"))})

_ACTION: dict[str, Check] = {"type": _anything, "action_id": words(255)}
_FOCUS: dict[str, Check] = {**_ACTION, "focus_on_load": flag}
_PICK: dict[str, Check] = {**_FOCUS, "placeholder": plain(150), "confirm": _CONFIRM}
_SEVERAL: dict[str, Check] = {**_PICK, "max_selected_items": whole(1, 100)}
_LIST: dict[str, Check] = {"options": many(1, 100, _OPTION), "option_groups": many(1, 100, _GROUP)}
_TYPE: dict[str, Check] = {**_FOCUS, "placeholder": plain(150), "dispatch_action_config": _DISPATCH}
_ID = words(255)
_DATE = like(r"\d{4}-\d{2}-\d{2}")
_TIME = like(r"([01]\d|2[0-3]):[0-5]\d")
_DECIMAL = like(r"-?\d+(\.\d+)?")

_BUTTON = record(
    {"text": plain(75)},
    _ACTION
    | {
        "url": web_address,
        "value": words(2000),
        "style": _STYLE,
        "confirm": _CONFIRM,
        "accessibility_label": words(75),
    },
)
_SELECT = record({}, _PICK | _LIST | {"initial_option": _OPTION}, _options)
_MULTI_SELECT = record({}, _SEVERAL | _LIST | {"initial_options": many(1, 100, _OPTION)}, _options)
_RADIO = record(
    {"options": many(1, 10, _RICH_OPTION)}, _FOCUS | {"initial_option": _RICH_OPTION, "confirm": _CONFIRM}, _options
)
_BOXES = record(
    {"options": many(1, 10, _RICH_OPTION)},
    _FOCUS | {"initial_options": many(1, 10, _RICH_OPTION), "confirm": _CONFIRM},
    _options,
)
_PICTURE = record({"alt_text": words(2000)}, {"type": _anything, "image_url": web_address, "slack_file": _anything})
_TEXT = record(
    {},
    _TYPE
    | {
        "initial_value": words(3000, least=0),
        "multiline": flag,
        "min_length": whole(0, 3000),
        "max_length": whole(1, 3000),
    },
    _lengths,
)
_NUMBER = record(
    {"is_decimal_allowed": flag}, _TYPE | {"initial_value": _DECIMAL, "min_value": _DECIMAL, "max_value": _DECIMAL}
)

ELEMENTS: dict[str, Element] = {
    "button": Element(_BUTTON, _PRESSED),
    "static_select": Element(_SELECT, _CHOSEN),
    "users_select": Element(record({}, _PICK | {"initial_user": _ID}), _CHOSEN),
    "conversations_select": Element(
        record({}, _PICK | {"initial_conversation": _ID, "default_to_current_conversation": flag}), _CHOSEN
    ),
    "channels_select": Element(record({}, _PICK | {"initial_channel": _ID}), _CHOSEN),
    "multi_static_select": Element(_MULTI_SELECT, _CHOSEN_SEVERAL),
    "multi_users_select": Element(record({}, _SEVERAL | {"initial_users": many(1, 100, _ID)}), _CHOSEN_SEVERAL),
    "multi_channels_select": Element(record({}, _SEVERAL | {"initial_channels": many(1, 100, _ID)}), _CHOSEN_SEVERAL),
    "overflow": Element(record({"options": many(1, 5, _LINK_OPTION)}, _ACTION | {"confirm": _CONFIRM}), _PRESSED),
    "radio_buttons": Element(_RADIO, _CHOSEN),
    "checkboxes": Element(_BOXES, _CHOSEN),
    "datepicker": Element(record({}, _PICK | {"initial_date": _DATE}), _CHOSEN),
    "timepicker": Element(record({}, _PICK | {"initial_time": _TIME, "timezone": words(100)}), _CHOSEN),
    "datetimepicker": Element(
        record({}, _FOCUS | {"initial_date_time": whole(0, 9_999_999_999), "confirm": _CONFIRM}),
        frozenset({"actions", "input"}),
        frozenset({"message", "modal"}),
    ),
    "plain_text_input": Element(_TEXT, _TYPED),
    "number_input": Element(_NUMBER, _TYPED, _MODAL),
    "email_text_input": Element(record({}, _TYPE | {"initial_value": words(3000, least=0)}), _TYPED, _MODAL),
    "url_text_input": Element(record({}, _TYPE | {"initial_value": words(3000, least=0)}), _TYPED, _MODAL),
    "image": Element(_PICTURE, frozenset({"section", "context"})),
}
