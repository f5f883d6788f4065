"""What people do, the same from every platform: a command, a press, a sent form, a page opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.refs import Actor, ChannelRef, MessageRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """A slash command; ``options`` as the platform read them, ``text`` as typed where it did not. ``at`` is aware.

    ``form``: the platform can open a form for what could not be read.
    """

    id: str
    actor: Actor
    channel: ChannelRef
    at: datetime
    command: str
    options: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    form: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button pressed or a select sent; ``token`` is an encoded Action, not yet trusted."""

    id: str
    actor: Actor
    channel: ChannelRef
    at: datetime
    token: str
    values: tuple[str, ...] = ()
    message: MessageRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A form sent; ``message`` is the one whose button opened it, if that is known."""

    id: str
    actor: Actor
    channel: ChannelRef
    at: datetime
    token: str
    inputs: Mapping[str, str]
    message: MessageRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A page opened that the platform shows by itself, such as the Home tab of a Slack app."""

    id: str
    actor: Actor
    channel: ChannelRef
    at: datetime
    page: str


Event = Invocation | Press | Submission | Opening
