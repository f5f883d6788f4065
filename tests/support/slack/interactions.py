"""What a person did and what came back: the record of one slash command, press, form, shortcut or event."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.slack.faults import ApiError
from tests.support.slack.state import Channel, Json, StoredMessage, StoredView, User, Workspace

COMMAND, INTERACTIVE, EVENT = "slash_commands", "interactive", "events_api"
TRIGGER_SECONDS = 3.0
URL_SECONDS = 1800.0
URL_USES = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What the app answered to a delivery; ``status`` is HTTP's, 200 for an ack over a socket, 0 for nobody there."""

    status: int
    body: Any
    seconds: float
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Interaction:
    """One act and everything that came back; ``age`` adds seconds to the ages of its trigger_id and response_url.

    ``told`` is what Slack itself told the person: operation_timeout, dispatch_failed. ``answers`` has every attempt.
    """

    kind: str
    workspace: Workspace
    payload: Json
    at: float
    user: User | None = None
    channel: Channel | None = None
    source: StoredMessage | None = None
    view: StoredView | None = None
    trigger_id: str = ""
    response_url: str = ""
    age: float = 0.0
    acked: asyncio.Event = field(default_factory=asyncio.Event)
    done: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    ack_seconds: float | None = None
    status: int | None = None
    ack_body: Any = None
    late: bool = False
    told: list[str] = field(default_factory=list)
    answers: list[Answer | None] = field(default_factory=list)
    messages: list[StoredMessage] = field(default_factory=list)
    opened: StoredView | None = None
    triggered: bool = False
    used: int = 0

    @property
    def original(self) -> StoredMessage | None:
        """Return the first message that the act's own answer or response_url put up, if one did."""
        return self.messages[0] if self.messages else None

    async def acknowledged(self, timeout: float = 5) -> Interaction:  # noqa: ASYNC109 - a test's own patience
        """Wait until the app has acknowledged; raises TimeoutError."""
        async with asyncio.timeout(timeout):
            await self.acked.wait()
        return self

    async def answered(self, timeout: float = 10) -> Interaction:  # noqa: ASYNC109 - a test's own patience
        """Wait until an ack with a body, the response_url or a view has answered; raises TimeoutError."""
        async with asyncio.timeout(timeout):
            await self.done.wait()
        return self

    async def over(self, timeout: float = 10) -> Interaction:  # noqa: ASYNC109 - a test's own patience
        """Wait until Slack has its answer or waits for none any more; raises TimeoutError."""
        async with asyncio.timeout(timeout):
            await self.ended.wait()
        return self


class Interactions:
    """Every record, found by its trigger_id or response_url."""

    def __init__(self) -> None:
        self.records: list[Interaction] = []

    def exchange(self, workspace: Workspace, trigger_id: str, now: float) -> Interaction:
        """Use up a trigger_id; raises ApiError."""
        record = next((found for found in self.records if trigger_id and found.trigger_id == trigger_id), None)
        if record is None or record.workspace is not workspace:
            raise ApiError("invalid_trigger_id")
        if now - record.at + record.age > TRIGGER_SECONDS:
            raise ApiError("expired_trigger_id")
        if record.triggered:
            raise ApiError("exchanged_trigger_id")
        record.triggered = True
        return record

    def respond(self, path: str, now: float) -> Interaction:
        """Return the record whose response_url ends in a path and can still be used; raises ApiError."""
        record = next((r for r in self.records if r.response_url and r.response_url.endswith(path)), None)
        if record is None:
            raise ApiError("invalid_url", status=404)
        if now - record.at + record.age > URL_SECONDS:
            raise ApiError("expired_url", status=404)
        if record.used >= URL_USES:
            raise ApiError("used_url", status=404)
        return record
