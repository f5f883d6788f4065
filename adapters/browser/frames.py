"""What the page may send, read strictly: whatever else arrives gets a polite error and changes nothing."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

LONGEST_TEXT = 2000
LARGEST_FRAME = 64 * 1024
"""Bytes; a longer frame closes the connection."""

_Id = Annotated[str, StringConstraints(min_length=1, max_length=80)]
_Token = Annotated[str, StringConstraints(max_length=200)]
_Value = Annotated[str, StringConstraints(max_length=200)]


class _Frame(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class Hello(_Frame):
    """Who is here (empty for whoever comes first) and the highest ``seq`` they have."""

    type: Literal["hello"]
    person: Annotated[str, StringConstraints(max_length=80)] = ""
    since: Annotated[int, Field(ge=0, lt=2**53)] = 0
    zone: Annotated[str, StringConstraints(max_length=64)] = ""


class Join(_Frame):
    """Add a person."""

    type: Literal["join"]
    name: Annotated[str, StringConstraints(min_length=1, max_length=80)]


class Say(_Frame):
    """A command, or plain words for the channel."""

    type: Literal["say"]
    id: _Id
    channel: _Id
    text: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT)]


class PressFrame(_Frame):
    """A button pressed or a select sent."""

    type: Literal["press"]
    id: _Id
    message: Annotated[int, Field(ge=0, lt=2**53)]
    token: _Token
    values: Annotated[list[_Value], Field(max_length=25)] = []


class SubmitFrame(_Frame):
    """A form sent."""

    type: Literal["submit"]
    id: _Id
    channel: _Id
    message: Annotated[int, Field(ge=0, lt=2**53)] | None = None
    token: _Token
    inputs: Annotated[dict[_Id, Annotated[str, StringConstraints(max_length=4000)]], Field(max_length=10)]


Frame = Hello | Join | Say | PressFrame | SubmitFrame
Act = Say | PressFrame | SubmitFrame

_FRAMES: TypeAdapter[Frame] = TypeAdapter(Annotated[Frame, Field(discriminator="type")])


def read_frame(text: str) -> Frame | None:
    """Return the frame that a text is, or None if it is none."""
    try:
        return _FRAMES.validate_json(text)
    except ValidationError:
        return None
