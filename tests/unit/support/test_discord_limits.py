"""The documented limits as a judge: what fits passes, and each limit is found one step beyond it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from tests.support.discord.limits import message_violations, modal_violations

Body = dict[str, Any]

NOBODY: Body = {"parse": []}


def _text(content: str = "words") -> Body:
    return {"type": 10, "content": content}


def _button(number: int = 0, **more: Any) -> Body:
    return {"type": 2, "style": 2, "label": "A", "custom_id": f"b{number}", **more}


def _select(count: int = 2, **more: Any) -> Body:
    options = [{"label": "l", "value": str(number)} for number in range(count)]
    return {"type": 3, "custom_id": "s", "min_values": 1, "max_values": 1, "options": options, **more}


def _row(*children: Body) -> Body:
    return {"type": 1, "components": list(children)}


def _gallery(*names: str) -> Body:
    return {"type": 12, "items": [{"media": {"url": f"attachment://{name}"}, "description": "alt"} for name in names]}


def _section(*texts: Body, **more: Any) -> Body:
    return {"type": 9, "components": list(texts), "accessory": _button(9), **more}


def _message(*components: Body, **more: Any) -> Body:
    return {"flags": 1 << 15, "allowed_mentions": NOBODY, "components": list(components), **more}


def _full() -> Body:
    link = {"type": 2, "style": 5, "label": "Docs", "url": "https://example.org"}
    inner = [
        _text("x" * 3990),
        {"type": 14, "divider": True},
        _gallery("chart.png"),
        _section(_text()),
        _row(*(_button(number) for number in range(4)), link),
        _row(_select(25, max_values=25)),
        _row({"type": 5, "custom_id": "u"}),
        {"type": 13, "file": {"url": "attachment://notes.txt"}},
    ]
    thumbnail = {"type": 11, "media": {"url": "https://example.org/a.png"}, "description": None}
    return _message(
        {"type": 17, "accent_color": 0xFFFFFF, "components": inner, "id": 1},
        _section(_text(), accessory=thumbnail),
        attachments=[{"id": 0, "filename": "chart.png", "description": "alt"}, {"id": 1, "filename": "notes.txt"}],
    )


def test_a_full_message_passes() -> None:
    assert message_violations(_full()) == []
    assert message_violations(_message(*[_text()] * 40)) == []
    assert message_violations(_message(_text(), content=None, embeds=[], attachments=[])) == []
    assert message_violations(_message(_gallery("kept.png"))) == []
    assert message_violations(_message(_row({"type": 2, "style": 6, "sku_id": "5"}))) == []
    assert message_violations(_message(_row(_button(label=None, emoji={"name": "🎉"})))) == []


BAD_MESSAGES: dict[str, tuple[Body, str]] = {
    "words beside V2": (_message(_text(), content="hi"), "content: goes with no"),
    "embeds beside V2": (_message(_text(), embeds=[{}]), "embeds: goes with no"),
    "a poll beside V2": (_message(_text(), poll={"question": {}}), "poll: goes with no"),
    "stickers beside V2": (_message(_text(), sticker_ids=["1"]), "sticker_ids: goes with no"),
    "no mentions": ({"flags": 1 << 15, "components": [_text()]}, "allowed_mentions: parse"),
    "a ping": (_message(_text(), allowed_mentions={"parse": ["everyone"]}), "allowed_mentions: parse"),
    "a named ping": (_message(_text(), allowed_mentions={"parse": [], "users": [5]}), "allowed_mentions: somebody"),
    "a role that is not in front": (
        _message(_text(), _text("<@&5>"), allowed_mentions={"parse": [], "roles": [5]}),
        "allowed_mentions: a role",
    ),
    "a reply that pings": (_message(_text(), allowed_mentions={"parse": [], "replied_user": True}), "allowed_mentions"),
    "nothing": (_message(), "components: 0 with"),
    "41 components": (_message(*[_text()] * 41), "components: 41 with"),
    "41 nested": (_message({"type": 17, "components": [_text()] * 40}), "components: 41 with"),
    "too much text": (_message(_text("x" * 2001), _text("x" * 2000)), "components: 4001 characters"),
    "an empty text": (_message(_text(" \n")), "components[0].content: 0"),
    "a bare button": (_message(_button()), "components: the types [2]"),
    "an unknown type": (_message({"type": 99}), "components: the types [99]"),
    "a nested container": (
        _message({"type": 17, "components": [{"type": 17, "components": [_text()]}]}),
        "components[0].components: the types [17]",
    ),
    "an empty container": (_message({"type": 17, "components": []}), "components[0].components: 0"),
    "a colour": (
        _message({"type": 17, "components": [_text()], "accent_color": 1 << 24}),
        "components[0].accent_color",
    ),
    "a long id": (_message(_row(_button(custom_id="x" * 101))), "components[0].components[0].custom_id: 101"),
    "no id": (_message(_row(_button(custom_id=""))), "components[0].components[0].custom_id: 0"),
    "an id twice": (_message(_row(_button(), _button())), "custom_id: 'b0' is there 2 times"),
    "a number twice": (_message({**_text(), "id": 7}, {**_text(), "id": 7}), "id: 7 is there 2 times"),
    "a long label": (_message(_row(_button(label="x" * 81))), "components[0].components[0].label: 81"),
    "no label": (_message(_row(_button(label=""))), "components[0].components[0]: a button needs"),
    "a link that acts": (
        _message(_row({"type": 2, "style": 5, "label": "A", "url": "https://a", "custom_id": "a"})),
        "components[0].components[0].custom_id: a link",
    ),
    "a link to nowhere": (_message(_row({"type": 2, "style": 5, "label": "A"})), "components[0].components[0].url: 0"),
    "a button with address": (_message(_row(_button(url="https://a"))), "components[0].components[0].url: only links"),
    "an empty row": (_message(_row()), "components[0]: a row holds"),
    "six buttons": (_message(_row(*map(_button, range(6)))), "components[0]: a row holds"),
    "a mixed row": (_message(_row(_button(), _select())), "components[0]: a row holds"),
    "no options": (_message(_row(_select(0))), "components[0].components[0].options: 0"),
    "26 options": (_message(_row(_select(26))), "components[0].components[0].options: 26"),
    "more chosen than there are": (_message(_row(_select(max_values=3))), "components[0].components[0]: 1 to 3 of 2"),
    "least above most": (_message(_row(_select(min_values=2))), "components[0].components[0]: 2 to 1 of 2"),
    "a long placeholder": (_message(_row(_select(placeholder="x" * 151))), "components[0].components[0].placeholder"),
    "options for users": (
        _message(_row({"type": 5, "custom_id": "u", "options": [{"label": "l"}]})),
        "components[0].components[0].options: only",
    ),
    "no texts": (_message(_section()), "components[0].components: 0"),
    "four texts": (_message(_section(*[_text()] * 4)), "components[0].components: 4"),
    "no accessory": (_message(_section(_text(), accessory=None)), "components[0].accessory"),
    "an empty gallery": (_message({"type": 12, "items": []}), "components[0].items: 0"),
    "eleven pictures": (_message(_gallery(*["a.png"] * 11)), "components[0].items: 11"),
    "a file that is missing": (_message(_gallery("a.png"), attachments=[]), "components[0]: attachment://a.png"),
    "a file nobody sees": (_message(_text(), attachments=[{"filename": "a.png"}]), "attachments: a.png is shown now"),
    "a file elsewhere": (_message({"type": 13, "file": {"url": "https://a"}}), "components[0].file: must"),
    "a picture of a disk": (
        _message({"type": 12, "items": [{"media": {"url": "file://a"}}]}),
        "components[0].items[0]",
    ),
}


@pytest.mark.parametrize("kind", BAD_MESSAGES)
def test_a_message_beyond_a_limit_is_found(kind: str) -> None:
    body, expected = BAD_MESSAGES[kind]
    found = message_violations(body)
    assert len(found) == 1
    assert found[0].startswith(expected)


@pytest.mark.parametrize(
    ("name", "more"),
    [("label", "x" * 101), ("label", ""), ("value", "x" * 101), ("description", "x" * 101), ("value", "1")],
)
def test_an_option_beyond_a_limit_is_found(name: str, more: str) -> None:
    body = _message(_row(_select()))
    body["components"][0]["components"][0]["options"][0][name] = more
    (found,) = message_violations(body)
    assert found.startswith("components[0].components[0].options")


def test_more_options_chosen_beforehand_than_may_be_are_found() -> None:
    body = _message(_row(_select()))
    for option in body["components"][0]["components"][0]["options"]:
        option["default"] = True
    assert message_violations(body) == ["components[0].components[0].options: more than 1 chosen beforehand"]


@pytest.mark.parametrize("name", ["a b.png", "../a.png", "", ".hidden", "bücher.png", "x" * 101])
def test_a_file_name_that_discord_would_change_is_found(name: str) -> None:
    body = _message(_gallery(name or "x"), attachments=[{"filename": name}])
    assert any(found.startswith("attachments[0].filename") for found in message_violations(body))


def test_too_many_files_the_same_name_and_long_descriptions_are_found() -> None:
    names = [f"{number}.png" for number in range(11)]
    eleven = _message(_gallery(*names[:6]), _gallery(*names[6:]), attachments=[{"filename": name} for name in names])
    assert message_violations(eleven) == ["attachments: 11, allowed are 0 to 10"]
    twice = _message(_gallery("a.png"), attachments=[{"filename": "a.png"}] * 2)
    assert message_violations(twice) == ["attachments: 'a.png' is there 2 times"]
    wordy = _message(_gallery("a.png"), attachments=[{"filename": "a.png", "description": "x" * 1025}])
    assert message_violations(wordy) == ["attachments[0].description: 1025 characters, allowed are 0 to 1024"]


def test_messages_of_the_old_style_have_their_own_limits() -> None:
    def old(**more: Any) -> Body:
        return {"content": "hi", "allowed_mentions": NOBODY, **more}

    rows = [_row(_button(number)) for number in range(6)]
    assert message_violations(old(components=rows[:5], attachments=[{"filename": "a.png"}])) == []
    assert message_violations(old(content="x" * 2001)) == ["content: 2001 characters, allowed are 0 to 2000"]
    assert message_violations(old(components=rows)) == ["components: 6, allowed are 0 to 5"]
    assert message_violations(old(components=[_text()])) == ["components: the types [10] are not allowed here"]


def _label(component: Body, **more: Any) -> Body:
    return {"type": 18, "label": "Why", "component": component, **more}


def _input(**more: Any) -> Body:
    return {"type": 4, "custom_id": "t", "style": 1, "label": None, **more}


def _choices(kind: int, count: int, **more: Any) -> Body:
    options = [{"label": "l", "value": str(number)} for number in range(count)]
    return {"type": kind, "custom_id": f"c{kind}", "options": options, **more}


def _modal(*components: Body, **more: Any) -> Body:
    return {"title": "Answer", "custom_id": "m", "components": list(components), **more}


def test_a_full_form_passes() -> None:
    full = _modal(
        _text(),
        _label(_input(value="x" * 10, min_length=1, max_length=10, placeholder="x" * 100), description="d"),
        _label(_choices(21, 10)),
        _label(_choices(22, 10, min_values=None, max_values=None)),
        _label(_select(disabled=False)),
    )
    assert modal_violations(full) == []
    assert modal_violations(_modal(_label(_choices(22, 1, min_values=0)), _label({"type": 23, "custom_id": "k"}))) == []


BAD_MODALS: dict[str, tuple[Body, str]] = {
    "no title": (_modal(_text(), title=""), "title: 0"),
    "a long title": (_modal(_text(), title="x" * 46), "title: 46"),
    "no id": (_modal(_text(), custom_id=None), "custom_id: 0"),
    "nothing": (_modal(), "components: 0"),
    "six components": (_modal(*[_text()] * 6), "components: 6"),
    "a row": (_modal(_row(_select())), "components: the types [1]"),
    "no label": (_modal(_label(_input(), label="")), "components[0].label: 0"),
    "a long label": (_modal(_label(_input(), label="x" * 46)), "components[0].label: 46"),
    "a long description": (_modal(_label(_input(), description="x" * 101)), "components[0].description: 101"),
    "a label without component": (_modal({"type": 18, "label": "l"}), "components[0].component: the types [None]"),
    "a button": (_modal(_label(_button())), "components[0].component: the types [2]"),
    "a label of its own": (_modal(_label(_input(label="l"))), "components[0].component.label: the label"),
    "a long value": (_modal(_label(_input(value="xx", max_length=1))), "components[0].component.value: 2"),
    "too much room": (_modal(_label(_input(max_length=4001))), "components[0].component: lengths of 0 to 4001"),
    "least above most": (_modal(_label(_input(min_length=2, max_length=1))), "components[0].component: lengths of 2"),
    "a long placeholder": (_modal(_label(_input(placeholder="x" * 101))), "components[0].component.placeholder: 101"),
    "one radio": (_modal(_label(_choices(21, 1))), "components[0].component.options: 1"),
    "eleven radios": (_modal(_label(_choices(21, 11))), "components[0].component.options: 11"),
    "eleven boxes": (_modal(_label(_choices(22, 11, max_values=2))), "components[0].component.options: 11"),
    "more boxes than there are": (_modal(_label(_choices(22, 2, max_values=3))), "components[0].component: 1 to 3 of"),
    "the same id": (_modal(_label(_input()), _label(_input())), "custom_id: 't' is there 2 times"),
    "disabled": (_modal(_label(_select(disabled=True))), "components[0].component: nothing is disabled"),
}


@pytest.mark.parametrize("kind", BAD_MODALS)
def test_a_form_beyond_a_limit_is_found(kind: str) -> None:
    body, expected = BAD_MODALS[kind]
    found = modal_violations(body)
    assert len(found) == 1
    assert found[0].startswith(expected)


def test_judging_changes_nothing() -> None:
    body = _full()
    before = deepcopy(body)
    message_violations(body)
    assert body == before
