"""The documented limits of blocks as a judge: what fits passes, and each limit is found one step beyond it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.slack.blocks import check_blocks, check_view

Json = dict[str, Any]


def plain(text: str = "words", **more: Any) -> Json:
    return {"type": "plain_text", "text": text, **more}


def mrkdwn(text: str = "words", **more: Any) -> Json:
    return {"type": "mrkdwn", "text": text, **more}


def section(text: str = "words", **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(number: int = 0, **more: Any) -> Json:
    return {"type": "button", "text": plain("A"), "action_id": f"b{number}", **more}


def options(count: int = 2) -> list[Json]:
    return [{"text": plain("l"), "value": str(number)} for number in range(count)]


def element(kind: str, **more: Any) -> Json:
    return {"type": kind, "action_id": "e"} | more


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def context(*elements: Json) -> Json:
    return {"type": "context", "elements": list(elements)}


def field(inside: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain(), "element": inside, **more}


def typed(**more: Any) -> Json:
    return element("plain_text_input", **more)


def picture(**more: Any) -> Json:
    return {"type": "image", "alt_text": "alt", **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("Form"), "submit": plain("Send"), "blocks": list(blocks), **more}


CONFIRM = {"title": plain("t" * 100), "text": mrkdwn("t" * 300), "confirm": plain("t" * 30), "deny": plain("t" * 30)}


def full() -> list[Json]:
    rich = {"text": mrkdwn("l" * 75), "value": "v" * 150, "description": plain("d" * 75)}
    return [
        {"type": "header", "text": plain("t" * 150, emoji=False), "block_id": "b" * 255},
        section("x" * 3000, accessory=element("overflow", options=options(5), action_id="o")),
        {"type": "section", "fields": [mrkdwn("f" * 200, verbatim=True)] * 10, "expand": True},
        {"type": "divider"},
        picture(slack_file={"id": "F1"}, title=plain("t" * 200)),
        picture(image_url="https://example.org/a.png"),
        actions(
            *(button(number, value="v" * 2000) for number in range(24)), element("static_select", options=options(100))
        ),
        actions(
            button(30, style="danger", confirm={**CONFIRM, "style": "danger"}), button(31, url="https://example.org")
        ),
        actions(element("radio_buttons", options=[rich] * 10, initial_option=rich, action_id="r")),
        context(*[mrkdwn(), plain()] * 4, picture(image_url="https://example.org/a.png")),
        field(element("multi_static_select", options=options(), initial_options=options(1), max_selected_items=2)),
        field(typed(min_length=1, max_length=3000, initial_value="", multiline=True, placeholder=plain("p" * 150))),
    ]


def test_what_fits_passes() -> None:
    for surface in ("message", "modal", "home"):
        assert check_blocks(full(), surface) == []
    assert check_blocks([section()] * 50, "message") == []
    assert check_blocks([section()] * 100, "home") == []
    assert check_blocks([{"type": "markdown", "text": "# x"}], "message") == []
    assert check_blocks([{"type": "alert", "text": plain(), "level": "info"}], "modal") == []
    assert check_view(modal(*full(), private_metadata="p" * 3000, callback_id="c" * 255, close=plain("Cancel"))) == []
    assert check_view({"type": "home", "blocks": full()}) == []
    assert check_view(modal(field(typed(), block_id="a"), field(typed(), block_id="b"))) == []


BAD: dict[str, tuple[str, list[Json], str]] = {
    "51 blocks": ("message", [section()] * 51, "blocks: 51, allowed are 50"),
    "101 blocks": ("modal", [section()] * 101, "blocks: 101, allowed are 100"),
    "too much text": ("message", [section("x" * 2641) for _ in range(5)], "blocks: 13205 characters"),
    "too many words": ("message", [picture(slack_file={"id": "F"}, alt_text="x" * 2000)] * 7, "blocks: 14000"),
    "no type": ("message", [{}], "blocks[0].type: None is unknown"),
    "an unknown type": ("message", [{"type": "banner"}], "blocks[0].type: 'banner' is unknown"),
    "a type for forms": ("message", [{"type": "alert", "text": plain()}], "blocks[0].type: alert is not for a message"),
    "a type for messages": ("home", [{"type": "markdown", "text": "x"}], "blocks[0].type: markdown is not for a home"),
    "a type not described": ("message", [{"type": "rich_text"}], "blocks[0].type: rich_text is not described"),
    "an unknown key": ("message", [section(colour="red")], "blocks[0].colour: is unknown"),
    "a missing key": ("message", [{"type": "header"}], "blocks[0].text: is missing"),
    "a long block id": ("message", [section(block_id="b" * 256)], "blocks[0].block_id: 256"),
    "a block id twice": ("message", [section(block_id="b"), section(block_id="b")], "block_id: 'b' is there 2"),
    "a long header": ("message", [{"type": "header", "text": plain("t" * 151)}], "blocks[0].text.text: 151"),
    "a header with markup": ("message", [{"type": "header", "text": mrkdwn()}], "blocks[0].text.type: 'mrkdwn'"),
    "an empty text": ("message", [section("")], "blocks[0].text.text: 0"),
    "a long text": ("message", [section("x" * 3001)], "blocks[0].text.text: 3001"),
    "a section of nothing": ("message", [{"type": "section"}], "blocks[0]: needs text or fields"),
    "eleven fields": ("message", [{"type": "section", "fields": [plain()] * 11}], "blocks[0].fields: 11"),
    "a long field": ("message", [{"type": "section", "fields": [plain("f" * 2001)]}], "blocks[0].fields[0].text: 2001"),
    "emoji in markup": ("message", [{**section(), "text": mrkdwn(emoji=True)}], "blocks[0].text.emoji: is unknown"),
    "verbatim without markup": ("message", [context(plain(verbatim=True))], "blocks[0].elements[0].verbatim: is unk"),
    "26 buttons": ("message", [actions(*map(button, range(26)))], "blocks[0].elements: 26"),
    "no buttons": ("message", [actions()], "blocks[0].elements: 0"),
    "eleven in context": ("message", [context(*[plain()] * 11)], "blocks[0].elements: 11"),
    "a button in context": ("message", [context(button())], "blocks[0].elements[0].type: button is not for context"),
    "an unknown element": ("message", [actions(element("slider"))], "blocks[0].elements[0].type: 'slider' is unknown"),
    "a multi-select among buttons": (
        "message",
        [actions(element("multi_static_select", options=options()))],
        "blocks[0].elements[0].type: multi_static_select is not for actions",
    ),
    "a field for numbers": (
        "message",
        [field(element("number_input", is_decimal_allowed=False))],
        "blocks[0].element.type: number_input is not for a message",
    ),
    "a date and time at home": (
        "home",
        [actions(element("datetimepicker"))],
        "blocks[0].elements[0].type: datetimepicker is not for a home",
    ),
    "a button in a field": ("modal", [field(button())], "blocks[0].element.type: button is not for input"),
    "a typed text among buttons": ("modal", [actions(typed())], "blocks[0].elements[0].type: plain_text_input is not"),
    "a long label": ("message", [actions(button(text=plain("l" * 76)))], "blocks[0].elements[0].text.text: 76"),
    "a long value": ("message", [actions(button(value="v" * 2001))], "blocks[0].elements[0].value: 2001"),
    "a long action": ("message", [actions(button(action_id="a" * 256))], "blocks[0].elements[0].action_id: 256"),
    "an action twice": ("message", [actions(button(), button())], "action_id: 'b0' is there 2"),
    "an action in two rows": ("message", [actions(button()), actions(button())], "action_id: 'b0' is there 2"),
    "a style": ("message", [actions(button(style="default"))], "blocks[0].elements[0].style: 'default'"),
    "disabled": ("message", [actions(button(disabled=True))], "blocks[0].elements[0].disabled: is unknown"),
    "a link to nowhere": ("message", [actions(button(url="javascript:x"))], "blocks[0].elements[0].url: 'javascr"),
    "a long confirmation": (
        "message",
        [actions(button(confirm={**CONFIRM, "deny": plain("d" * 31)}))],
        "blocks[0].elements[0].confirm.deny.text: 31",
    ),
    "101 options": (
        "message",
        [actions(element("static_select", options=options(101)))],
        "blocks[0].elements[0].options: 101",
    ),
    "no options": ("message", [actions(element("static_select"))], "blocks[0].elements[0]: needs either options"),
    "a choice that is not offered": (
        "message",
        [actions(element("static_select", options=options(1), initial_option=options(2)[1]))],
        "blocks[0].elements[0]: {",
    ),
    "a long option": (
        "message",
        [actions(element("static_select", options=[{"text": plain("l" * 76), "value": "v"}]))],
        "blocks[0].elements[0].options[0].text.text: 76",
    ),
    "a long option's value": (
        "message",
        [actions(element("static_select", options=[{"text": plain(), "value": "v" * 151}]))],
        "blocks[0].elements[0].options[0].value: 151",
    ),
    "eleven radio buttons": (
        "modal",
        [field(element("radio_buttons", options=options(11)))],
        "blocks[0].element.options: 11",
    ),
    "six in an overflow": ("message", [actions(element("overflow", options=options(6)))], "blocks[0].elements[0].opt"),
    "a long placeholder": ("modal", [field(typed(placeholder=plain("p" * 151)))], "blocks[0].element.placeholder"),
    "a long typed text": ("modal", [field(typed(max_length=3001))], "blocks[0].element.max_length: 3001"),
    "a value that is too long": (
        "modal",
        [field(typed(max_length=2, initial_value="abc"))],
        "blocks[0].element.initial_value: 3",
    ),
    "lengths that contradict": ("modal", [field(typed(max_length=1, min_length=2))], "blocks[0].element: 2 to 1"),
    "a picture of nothing": ("message", [picture()], "blocks[0]: needs either image_url or slack_file"),
    "a picture of both": (
        "message",
        [picture(image_url="https://a", slack_file={"id": "F"})],
        "blocks[0]: needs either image_url or slack_file",
    ),
    "a picture without words": (
        "message",
        [{"type": "image", "slack_file": {"id": "F"}}],
        "blocks[0].alt_text: is missing",
    ),
    "a file of nothing": ("message", [picture(slack_file={"id": ""})], "blocks[0].slack_file: is empty"),
    "a file by name": ("message", [picture(slack_file={"name": "F"})], "blocks[0].slack_file: needs either"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_blocks_beyond_a_limit_are_found(kind: str) -> None:
    surface, blocks, fault = BAD[kind]
    found = check_blocks(blocks, surface)
    assert len(found) == 1
    assert found[0].startswith(fault)


BAD_VIEWS: dict[str, tuple[Any, str]] = {
    "nothing": (None, "view: NoneType is no object"),
    "no type": ({"blocks": []}, "view.type: None"),
    "a type that is a list": ({"type": [], "blocks": []}, "view.type: []"),
    "no blocks": ({"type": "home"}, "view.blocks: is missing"),
    "no title": ({"type": "modal", "blocks": []}, "view.title: is missing"),
    "a long title": (modal(title=plain("t" * 25)), "view.title.text: 25"),
    "a long submit": (modal(submit=plain("t" * 25)), "view.submit.text: 25"),
    "a long close": (modal(close=plain("t" * 25)), "view.close.text: 25"),
    "long metadata": (modal(private_metadata="p" * 3001), "view.private_metadata: 3001"),
    "a long callback": (modal(callback_id="c" * 256), "view.callback_id: 256"),
    "a title at home": ({"type": "home", "blocks": [], "title": plain()}, "view.title: is unknown"),
    "an unknown key": (modal(colour="red"), "view.colour: is unknown"),
    "a form that cannot be sent": (
        {"type": "modal", "title": plain(), "blocks": [field(typed())]},
        "view.submit: a form with inputs",
    ),
    "a large view": (modal(*[section("é" * 2600)] * 49), "view: 25"),
}


@pytest.mark.parametrize("kind", BAD_VIEWS)
def test_a_view_beyond_a_limit_is_found(kind: str) -> None:
    view, fault = BAD_VIEWS[kind]
    found = check_view(view)
    assert found
    assert found[0].startswith(fault)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "x", "section", "button", "plain_text"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "text", "elements", "element", "options", "action_id"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(
    JSON, st.lists(st.integers(0, 11), max_size=2), st.sampled_from(["text", "elements", "element", "type", "fields"])
)
def test_rubbish_is_a_fault_and_no_crash(rubbish: Any, places: list[int], name: str) -> None:
    blocks = deepcopy(full())
    for place in places:
        blocks[place][name] = rubbish
    assert isinstance(check_blocks(blocks, "message"), list)
    assert check_blocks(rubbish, "message") or rubbish == []
    assert check_view(rubbish)
