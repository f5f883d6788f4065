"""Each limit at its edge and one beyond it; actions survive the journey, and no token from outside breaks anything."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot import message as limits
from bot.errors import LimitError
from bot.message import (
    Action,
    Button,
    Choice,
    ChoiceInput,
    Field,
    Image,
    Link,
    Message,
    Modal,
    Select,
    TextInput,
)

PNG = b"\x89PNG\r\n\x1a\n"
GO = Action("go")
NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True)
ARGS = st.lists(st.from_regex(r"[A-Za-z0-9_.+-]{0,10}", fullmatch=True), max_size=6)


def choices(count: int) -> tuple[Choice, ...]:
    return tuple(Choice(f"v{place}", f"Choice {place}") for place in range(count))


def buttons(count: int, first: int = 0) -> tuple[Button, ...]:
    return tuple(Button("Go", Action("go", (str(place),))) for place in range(first, first + count))


def inputs(count: int) -> tuple[TextInput, ...]:
    return tuple(TextInput(f"i{place}", "A label") for place in range(count))


def url(size: int) -> str:
    return "https://" + "x" * (size - len("https://"))


def field(size: int) -> Field:
    return Field("n", "v" * (size - 1))


UPPER: list[tuple[str, int, Callable[[int], object]]] = [
    ("title", limits.TITLE, lambda size: Message(title="x" * size)),
    ("text", limits.TEXT, lambda size: Message(text="x" * size)),
    ("footer", limits.FOOTER, lambda size: Message(footer="x" * size)),
    ("fields", limits.FIELDS, lambda size: Message(fields=(Field("n", "v"),) * size)),
    ("field name", limits.FIELD_NAME, lambda size: Field("x" * size, "v")),
    ("field value", limits.FIELD_VALUE, lambda size: Field("n", "x" * size)),
    ("rows", limits.ROWS, lambda size: Message("x", rows=tuple(buttons(1, place) for place in range(size)))),
    ("buttons in a row", limits.ROW_BUTTONS, lambda size: Message("x", rows=(buttons(size),))),
    ("images", limits.IMAGES, lambda size: Message("x", images=(Image(PNG, "A picture"),) * size)),
    ("image bytes", limits.IMAGE_BYTES, lambda size: Image(PNG.ljust(size, b"x"), "A picture")),
    ("alt text", limits.ALT, lambda size: Image(PNG, "x" * size)),
    ("button label", limits.LABEL, lambda size: Button("x" * size, GO)),
    ("link label", limits.LABEL, lambda size: Link("x" * size, "https://example.org")),
    ("link url", 500, lambda size: Link("x", url(size))),
    ("choice value", 100, lambda size: Choice("x" * size, "label")),
    ("choice label", limits.LABEL, lambda size: Choice("value", "x" * size)),
    ("choice description", limits.DESCRIPTION, lambda size: Choice("value", "label", "x" * size)),
    ("choices", limits.CHOICES, lambda size: Select(GO, choices(size), "Choose")),
    ("placeholder", limits.PLACEHOLDER, lambda size: Select(GO, choices(2), "x" * size)),
    ("most to choose", 3, lambda size: Select(GO, choices(3), "Choose", most=size)),
    ("token", limits.TOKEN, lambda size: Action("a" * (size - len(".1")))),
    ("token with args", limits.TOKEN, lambda size: Action("a", ("x" * (size - len("a.1:")),))),
    ("version", 9999, lambda size: Action("a", version=size)),
    ("form title", limits.MODAL_TITLE, lambda size: Modal("x" * size, GO, inputs(1))),
    ("form button", limits.MODAL_TITLE, lambda size: Modal("x", GO, inputs(1), "x" * size)),
    ("form inputs", limits.MODAL_INPUTS, lambda size: Modal("x", GO, inputs(size))),
    ("input label", limits.INPUT_LABEL, lambda size: TextInput("n", "x" * size)),
    ("input placeholder", limits.PLACEHOLDER, lambda size: TextInput("n", "x", placeholder="x" * size)),
    ("input length", limits.INPUT_TEXT, lambda size: TextInput("n", "x", most=size)),
    ("input value", 200, lambda size: TextInput("n", "x", "x" * size)),
    ("choice input label", limits.INPUT_LABEL, lambda size: ChoiceInput("n", "x" * size, choices(2))),
    ("input choices", limits.MODAL_CHOICES, lambda size: ChoiceInput("n", "x", choices(size))),
]
LOWER: list[tuple[str, int, Callable[[int], object]]] = [
    ("buttons in a row", 1, lambda size: Message("x", rows=(buttons(size),))),
    ("all text", 1, lambda size: Message("x" * size)),
    ("field name", 1, lambda size: Field("x" * size, "v")),
    ("field value", 1, lambda size: Field("n", "x" * size)),
    ("button label", 1, lambda size: Button("x" * size, GO)),
    ("link label", 1, lambda size: Link("x" * size, "https://example.org")),
    ("alt text", 1, lambda size: Image(PNG, "x" * size)),
    ("choice value", 1, lambda size: Choice("x" * size, "label")),
    ("choice label", 1, lambda size: Choice("value", "x" * size)),
    ("choices", 1, lambda size: Select(GO, choices(size), "Choose")),
    ("placeholder", 1, lambda size: Select(GO, choices(2), "x" * size)),
    ("most to choose", 1, lambda size: Select(GO, choices(3), "Choose", least=0, most=size)),
    ("most not below least", 2, lambda size: Select(GO, choices(3), "Choose", least=2, most=size)),
    ("version", 1, lambda size: Action("a", version=size)),
    ("form title", 1, lambda size: Modal("x" * size, GO, inputs(1))),
    ("form button", 1, lambda size: Modal("x", GO, inputs(1), "x" * size)),
    ("form inputs", 1, lambda size: Modal("x", GO, inputs(size))),
    ("input label", 1, lambda size: TextInput("n", "x" * size)),
    ("input length", 1, lambda size: TextInput("n", "x", most=size)),
    ("input choices", 2, lambda size: ChoiceInput("n", "x", choices(size))),
]


@pytest.mark.parametrize(("most", "build"), [row[1:] for row in UPPER], ids=[row[0] for row in UPPER])
def test_a_limit_takes_its_edge_and_nothing_above(most: int, build: Callable[[int], object]) -> None:
    build(most)
    with pytest.raises(LimitError):
        build(most + 1)


@pytest.mark.parametrize(("least", "build"), [row[1:] for row in LOWER], ids=[row[0] for row in LOWER])
def test_a_limit_takes_its_least_and_nothing_below(least: int, build: Callable[[int], object]) -> None:
    build(least)
    with pytest.raises(LimitError):
        build(least - 1)


def test_all_text_together_has_a_limit_of_its_own() -> None:
    parts = limits.TOTAL - 2 * 900
    Message(text="x" * (parts - 20), title="x" * 10, footer="x" * 10, fields=(field(900), field(900)))
    with pytest.raises(LimitError, match="all text"):
        Message(text="x" * (parts - 20), title="x" * 10, footer="x" * 10, fields=(field(900), field(901)))


@pytest.mark.parametrize(
    "build",
    [
        lambda: Message("x", rows=((Button("A", GO), Button("B", GO)),)),
        lambda: Message("x", rows=((Button("A", GO),), Select(GO, choices(2), "Choose"))),
        lambda: Select(GO, (Choice("same", "A"), Choice("same", "B")), "Choose"),
        lambda: ChoiceInput("n", "x", (Choice("same", "A"), Choice("same", "B"))),
        lambda: Modal("x", GO, (TextInput("same", "A"), TextInput("same", "B"))),
    ],
    ids=["buttons", "button and select", "choices", "input choices", "inputs"],
)
def test_what_a_platform_tells_apart_by_name_must_differ(build: Callable[[], object]) -> None:
    with pytest.raises(LimitError, match="must differ"):
        build()


def test_links_need_no_action_and_may_repeat() -> None:
    link = Link("Source", "https://example.org")
    assert Message("x", rows=((link, link),)).rows == ((link, link),)


@pytest.mark.parametrize("address", ["http://example.org", "javascript:alert(1)", "HTTPS://example.org", "//x", "x"])
def test_a_link_is_https(address: str) -> None:
    with pytest.raises(LimitError, match="https"):
        Link("Source", address)


def test_an_image_is_a_png() -> None:
    with pytest.raises(LimitError, match="PNG"):
        Image(b"\xff\xd8\xff\xe0", "A picture")


@pytest.mark.parametrize("name", ["", "Go", "1go", "-go", "go_on", "go:on", "go.on", "gö", "go\n", " go"])
def test_an_action_name_takes_few_signs(name: str) -> None:
    with pytest.raises(LimitError):
        Action(name)


@pytest.mark.parametrize("arg", [":", " ", "ä", "a\n", "a/b", "{}", "\0", "٣"])
def test_an_action_argument_takes_few_signs(arg: str) -> None:
    with pytest.raises(LimitError):
        Action("go", (arg,))


@pytest.mark.parametrize(
    ("action", "token"),
    [
        (Action("next"), "next.1"),
        (Action("next", ("",)), "next.1:"),
        (Action("answer", ("17", "B")), "answer.1:17:B"),
        (Action("place", ("17", "", "undo"), 2), "place.2:17::undo"),
        (Action("next", ("CN_easy_one",), 9999), "next.9999:CN_easy_one"),
    ],
)
def test_an_action_travels_as_short_text(action: Action, token: str) -> None:
    assert action.encode() == token
    assert Action.decode(token) == action


@given(name=NAMES, args=ARGS, version=st.integers(1, 9999))
@settings(deadline=None)
def test_what_is_encoded_decodes_to_itself(name: str, args: list[str], version: int) -> None:
    action = Action(name, tuple(args), version)
    assert Action.decode(action.encode()) == action


HOSTILE = [
    "",
    ":",
    ".",
    "go",
    "go.",
    "go.0",
    "go.01",
    "go.-1",
    "go.10000",
    "go.٣",
    "Go.1",
    "go.1:ä",
    "go.1\n",
    "go.1:a\n",
    "go.1: ",
    "\0go.1",
    "go.1" + ":" * 97,
    "\ud800",
    "go.1:" + "9" * 10_000,
]


@pytest.mark.parametrize("token", HOSTILE)
def test_a_token_that_means_nothing_decodes_to_none(token: str) -> None:
    assert Action.decode(token) is None


@given(token=st.text() | st.from_regex(r"[a-z.0-9:]{0,110}") | st.from_regex(r"[a-z]+\.[0-9]{1,5}(:\w*)*"))
@example(token="go.1" + ":" * 96)
@settings(deadline=None)
def test_any_token_decodes_to_none_or_to_what_encodes_to_it(token: str) -> None:
    action = Action.decode(token)
    assert action is None or action.encode() == token
