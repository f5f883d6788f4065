"""A responder that remembers what it was told, in order; it can be told to fail as a platform does."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.commands import Answer
from bot.message import Message, Modal


@dataclass(frozen=True, slots=True)
class Deferred:
    """The platform was told to wait."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Responded:
    """The answer came."""

    message: Message
    answer: Answer


@dataclass(frozen=True, slots=True)
class Opened:
    """A form opened."""

    modal: Modal


@dataclass(frozen=True, slots=True)
class Failed:
    """The person alone was told."""

    message: Message


@dataclass
class RecordingResponder:
    """The Responder port; ``broken`` names methods and what they raise."""

    broken: Mapping[str, Exception] = field(default_factory=dict)
    said: list[Deferred | Responded | Opened | Failed] = field(default_factory=list)
    deferred: asyncio.Event = field(default_factory=asyncio.Event)

    async def defer(self, answer: Answer) -> None:
        self.deferred.set()
        self._note("defer", Deferred(answer))

    async def respond(self, message: Message, answer: Answer) -> None:
        self._note("respond", Responded(message, answer))

    async def open(self, modal: Modal) -> None:
        self._note("open", Opened(modal))

    async def fail(self, message: Message) -> None:
        self._note("fail", Failed(message))

    def _note(self, method: str, note: Deferred | Responded | Opened | Failed) -> None:
        if method in self.broken:
            raise self.broken[method]
        self.said.append(note)
