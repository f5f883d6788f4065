"""Messages and forms without a platform: what they can hold is the smaller of what Discord and Slack take.

A message that is too large cannot be built, so what a platform would refuse in the morning fails in a test instead.
Numbers: Discord's Components V2 (4,000 characters of text and 40 components in a message, 25 choices, 5 buttons a row,
custom ids of 100 characters) and Slack's Block Kit (headers of 150, labels of 75, form titles of 24 characters).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from bot.errors import LimitError

TITLE = 150
TEXT = 3800
TOTAL = 3800
FIELDS = 10
FIELD_NAME = 80
FIELD_VALUE = 1000
FOOTER = 300
ROWS = 5
ROW_BUTTONS = 5
LABEL = 75
TOKEN = 100
VERSION = 9999
CHOICES = 25
PLACEHOLDER = 100
DESCRIPTION = 75
ALT = 1000
IMAGES = 4
IMAGE_BYTES = 8 * 2**20
MODAL_TITLE = 24
MODAL_INPUTS = 5
MODAL_CHOICES = 10
INPUT_LABEL = 45
INPUT_TEXT = 3000

_NAME = re.compile(r"[a-z][a-z0-9-]*")
_ARG = re.compile(r"[A-Za-z0-9_.+-]*")
_GROUP = re.compile(r"[A-Za-z0-9]{0,40}")
_TOKEN = re.compile(r"(?P<name>[a-z][a-z0-9-]*)\.(?P<version>[1-9][0-9]{0,3})(?P<args>(?::[A-Za-z0-9_.+-]*)*)")


class Tone(StrEnum):
    """What a message is, for its colour and its accessible name; never the only carrier of a meaning."""

    PLAIN = "plain"
    QUESTION = "question"
    GOOD = "good"
    PARTIAL = "partial"
    BAD = "bad"
    ERROR = "error"


class Style(StrEnum):
    """How a button stands out."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    DANGER = "danger"


def _check(what: str, size: int, most: int, least: int = 0) -> None:
    if not least <= size <= most:
        raise LimitError(f"{what}: {size}, allowed are {least} to {most}")


@dataclass(frozen=True, slots=True)
class Action:
    """The whole meaning of a control: a name and ids, never the answer. Survives restarts, processes and years."""

    name: str
    args: tuple[str, ...] = ()
    version: int = 1

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or not all(_ARG.fullmatch(arg) for arg in self.args):
            raise LimitError(f"an action takes letters, digits and ._+- only: {self.name!r} {self.args!r}")
        _check("action version", self.version, VERSION, 1)
        _check("action", len(self.encode()), TOKEN)

    def encode(self) -> str:
        """Return the action as the text that travels: ``name.version:arg:arg``."""
        return "".join([f"{self.name}.{self.version}", *(f":{arg}" for arg in self.args)])

    @classmethod
    def decode(cls, token: str) -> Self | None:
        """Return the action that a text means, or None when it means none."""
        match = _TOKEN.fullmatch(token) if len(token) <= TOKEN else None
        if match is None:
            return None
        return cls(match["name"], tuple(match["args"].split(":")[1:]), int(match["version"]))


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press; ``label`` is plain text."""

    label: str
    action: Action
    style: Style = Style.SECONDARY
    disabled: bool = False

    def __post_init__(self) -> None:
        _check("button label", len(self.label), LABEL, 1)


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens an https page; ``label`` is plain text."""

    label: str
    url: str

    def __post_init__(self) -> None:
        _check("link label", len(self.label), LABEL, 1)
        _check("link url", len(self.url), 500, 1)
        if not self.url.startswith("https://"):
            raise LimitError(f"a link must be https: {self.url!r}")


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a select or of an option's list; plain text."""

    value: str
    label: str
    description: str = ""

    def __post_init__(self) -> None:
        _check("choice value", len(self.value), 100, 1)
        _check("choice label", len(self.label), LABEL, 1)
        _check("choice description", len(self.description), DESCRIPTION)


@dataclass(frozen=True, slots=True)
class Select:
    """A list to choose from; with ``most`` above one the person chooses several and sends them once."""

    action: Action
    choices: tuple[Choice, ...]
    placeholder: str
    least: int = 1
    most: int = 1

    def __post_init__(self) -> None:
        _check("choices", len(self.choices), CHOICES, 1)
        _check("placeholder", len(self.placeholder), PLACEHOLDER, 1)
        _check("most to choose", self.most, len(self.choices), max(self.least, 1))
        _distinct("choice values", [choice.value for choice in self.choices])


Row = tuple[Button | Link, ...] | Select


@dataclass(frozen=True, slots=True)
class Field:
    """A named value; the name is plain text, the value markup."""

    name: str
    value: str

    def __post_init__(self) -> None:
        _check("field name", len(self.name), FIELD_NAME, 1)
        _check("field value", len(self.value), FIELD_VALUE, 1)


@dataclass(frozen=True, slots=True)
class Image:
    """A PNG with what it says in words."""

    data: bytes
    alt: str
    name: str = "picture.png"

    def __post_init__(self) -> None:
        _check("alt text", len(self.alt), ALT, 1)
        _check("image bytes", len(self.data), IMAGE_BYTES, 1)
        if not self.data.startswith(b"\x89PNG\r\n\x1a\n"):
            raise LimitError("an image must be a PNG")


@dataclass(frozen=True, slots=True)
class Message:
    """Something Warmup says; ``title`` is plain text, ``text``, field values and ``footer`` are markup.

    ``notify`` is the platform's id of a role or user group that a post notifies, the only thing that ever does.
    """

    text: str = ""
    title: str = ""
    tone: Tone = Tone.PLAIN
    fields: tuple[Field, ...] = ()
    rows: tuple[Row, ...] = ()
    images: tuple[Image, ...] = ()
    footer: str = ""
    notify: str = ""

    def __post_init__(self) -> None:
        _check("title", len(self.title), TITLE)
        _check("text", len(self.text), TEXT)
        _check("fields", len(self.fields), FIELDS)
        _check("footer", len(self.footer), FOOTER)
        _check("rows", len(self.rows), ROWS)
        _check("images", len(self.images), IMAGES)
        if not _GROUP.fullmatch(self.notify):
            raise LimitError(f"this is no id of a role or group: {self.notify!r}")
        written = sum(len(field.name) + len(field.value) for field in self.fields)
        _check("all text", len(self.title) + len(self.text) + len(self.footer) + written, TOTAL, 1)
        tokens: list[str] = []
        for row in self.rows:
            match row:
                case Select():
                    tokens.append(row.action.encode())
                case _:
                    _check("buttons in a row", len(row), ROW_BUTTONS, 1)
                    tokens += [button.action.encode() for button in row if isinstance(button, Button)]
        _distinct("actions", tokens)


@dataclass(frozen=True, slots=True)
class TextInput:
    """A field of a form for typed text; the label is plain text."""

    name: str
    label: str
    value: str = ""
    placeholder: str = ""
    required: bool = True
    multiline: bool = False
    most: int = 200

    def __post_init__(self) -> None:
        _check("input label", len(self.label), INPUT_LABEL, 1)
        _check("input placeholder", len(self.placeholder), PLACEHOLDER)
        _check("input length", self.most, INPUT_TEXT, 1)
        _check("input value", len(self.value), self.most)


@dataclass(frozen=True, slots=True)
class ChoiceInput:
    """A field of a form with one choice among a few, ``value`` chosen already; the label is plain text."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    value: str = ""
    required: bool = True

    def __post_init__(self) -> None:
        _check("input label", len(self.label), INPUT_LABEL, 1)
        _check("input choices", len(self.choices), MODAL_CHOICES, 2)
        values = [choice.value for choice in self.choices]
        _distinct("choice values", values)
        if self.value and self.value not in values:
            raise LimitError(f"{self.value!r} is none of the choices")


@dataclass(frozen=True, slots=True)
class Modal:
    """A form that opens on a press; sending it is a Submission of ``action``. Title and button are plain text."""

    title: str
    action: Action
    inputs: tuple[TextInput | ChoiceInput, ...]
    submit: str = "Send"

    def __post_init__(self) -> None:
        _check("form title", len(self.title), MODAL_TITLE, 1)
        _check("form button", len(self.submit), MODAL_TITLE, 1)
        _check("form inputs", len(self.inputs), MODAL_INPUTS, 1)
        _distinct("input names", [field.name for field in self.inputs])


def _distinct(what: str, values: list[str]) -> None:
    if len(set(values)) != len(values):
        raise LimitError(f"{what} must differ: {values}")
