"""What the suite needs of a platform under test: act as a person, and see what that person sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot import message as m
from bot.dispatch import Dispatcher
from bot.message import Message
from bot.ports import Platform
from bot.refs import ChannelRef, UserRef


@dataclass(frozen=True, slots=True)
class Control:
    """Something to press, as it travelled: ``values`` are what a select offers."""

    label: str
    token: str
    disabled: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as one person sees it; ``text`` is all its words with markup resolved, ``marks`` the markup used."""

    id: str
    private: bool
    title: str
    text: str
    tone: str
    marks: frozenset[str]
    controls: tuple[Control, ...]
    alts: tuple[str, ...] = ()

    def control(self, label: str) -> Control:
        """Return the control of that label."""
        return next(control for control in self.controls if control.label == label)


@dataclass(frozen=True, slots=True)
class Form:
    """A form that opened for a person; ``origin`` is the message whose button opened it."""

    title: str
    token: str
    inputs: tuple[str, ...]
    origin: str | None


class Harness(Protocol):
    """A platform with people ada, alan and grace (a moderator), and a channel where all of them are."""

    @property
    def channel(self) -> ChannelRef:
        """Return the channel."""
        ...

    @property
    def platform(self) -> Platform:
        """Return the adapter's Platform."""
        ...

    @property
    def group(self) -> str:
        """Return the id of a role or group that a post can notify; empty where the platform notifies nobody."""
        ...

    def user_id(self, who: str) -> str:
        """Return the id by which the platform knows a person."""
        ...

    def user(self, who: str) -> UserRef:
        """Return the core's address of a person."""
        ...

    async def start(self, dispatcher: Dispatcher[Any]) -> None:
        """Begin."""
        ...

    async def restart(self, dispatcher: Dispatcher[Any]) -> None:
        """End the process that serves the platform and start another; what people see stays."""
        ...

    async def type(self, who: str, text: str) -> None:
        """Send a slash command and wait until it is answered."""
        ...

    async def press(self, who: str, message: Seen | None, token: str, values: Sequence[str] = ()) -> None:
        """Use a control (any token, also forged) and wait until that is answered.

        It is one of a message in the channel, or in the person's own conversation with Warmup.
        """
        ...

    async def submit(self, who: str, form: Form, inputs: Mapping[str, str]) -> None:
        """Send a form and wait until that is answered."""
        ...

    async def garbage(self, who: str) -> None:
        """Send what no client of the platform would send."""
        ...

    async def see(self, who: str, place: ChannelRef | None = None) -> list[Seen]:
        """Return everything that a person sees now, oldest first: in the channel, or in a thread of it."""
        ...

    async def told(self, who: str) -> list[Seen]:
        """Return what stands in a person's own conversation with Warmup, oldest first."""
        ...

    def notified(self) -> list[str]:
        """Return whom messages have notified so far: ids of roles, groups and people, or words for everybody."""
        ...

    async def forget_keys(self) -> datetime:
        """Let so much time go by that the platform remembers no keys any more, and return the instant before."""
        ...

    def form(self, who: str) -> Form | None:
        """Return the form that opened last for a person."""
        ...

    async def until_told_to_wait(self, who: str) -> None:
        """Return when a person has been told that their answer will take a moment."""
        ...

    async def close(self) -> None:
        """End it all."""
        ...


def biggest_message() -> Message:
    """Return a message at every limit at once."""
    field = m.Field("n" * m.FIELD_NAME, "v")
    title, footer = "t" * m.TITLE, "f" * m.FOOTER
    spare = m.TOTAL - len(title) - len(footer) - m.FIELDS * (m.FIELD_NAME + 1)
    rows = tuple(
        tuple(
            m.Button("l" * m.LABEL, m.Action("stage-size", (f"{row}{column}".ljust(m.TOKEN - 13, "x"),)))
            for column in range(m.ROW_BUTTONS)
        )
        for row in range(m.ROWS - 1)
    )
    choices = tuple(m.Choice(f"v{n}".ljust(100, "v"), "l" * m.LABEL, "d" * m.DESCRIPTION) for n in range(m.CHOICES))
    select = m.Select(m.Action("stage-choose"), choices, "p" * m.PLACEHOLDER, most=m.CHOICES)
    return m.Message("x" * spare, title, fields=(field,) * m.FIELDS, rows=(*rows, select), footer=footer)
