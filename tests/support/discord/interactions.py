"""Interactions: what a person did, what was answered and when, and the endpoints that answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.support.discord.faults import ApiError, bad_form
from tests.support.discord.messages import Files, edit, is_ephemeral, write
from tests.support.discord.payloads import message_payload
from tests.support.discord.state import EPHEMERAL, LOADING, Channel, Json, State, StoredMessage, User

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
REPLY, DEFER_REPLY, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
TOKEN_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class Callback:
    """The initial response, with the loop time at which it came."""

    type: int
    data: Json
    at: float


@dataclass(slots=True, eq=False)
class InteractionRecord:
    """One act of a person and everything that came back; ``age`` adds seconds to the token's age."""

    id: str
    token: str
    type: int
    user: User
    channel: Channel
    at: float
    source: StoredMessage | None = None
    age: float = 0.0
    ack: asyncio.Event = field(default_factory=asyncio.Event)
    done: asyncio.Event = field(default_factory=asyncio.Event)
    callback: Callback | None = None
    original: StoredMessage | None = None
    followups: list[StoredMessage] = field(default_factory=list)
    late: bool = False
    errors: list[tuple[int, str]] = field(default_factory=list)
    payload: Json = field(default_factory=dict)

    @property
    def modal(self) -> Json | None:
        """Return the form that was opened, if one was."""
        return self.callback.data if self.callback and self.callback.type == MODAL else None

    @property
    def choices(self) -> list[Json] | None:
        """Return the suggestions of an autocomplete, if they came."""
        return self.callback.data.get("choices", []) if self.callback and self.callback.type == CHOICES else None

    @property
    def seconds(self) -> float | None:
        """Return how long the initial response took."""
        return self.callback.at - self.at if self.callback else None

    async def acknowledged(self, timeout: float = 5) -> InteractionRecord:  # noqa: ASYNC109 - a test's own patience
        """Wait for the initial response; raises TimeoutError."""
        async with asyncio.timeout(timeout):
            await self.ack.wait()
        return self

    async def answered(self, timeout: float = 10) -> InteractionRecord:  # noqa: ASYNC109 - a test's own patience
        """Wait until the person has an answer, after a deferral its completion too; raises TimeoutError."""
        async with asyncio.timeout(timeout):
            await self.done.wait()
        return self


class Interactions:
    """The endpoints under /interactions and /webhooks."""

    def __init__(self, state: State, deadline: float, now: Callable[[], float]) -> None:
        self.state = state
        self.deadline = deadline
        self.records: list[InteractionRecord] = []
        self._now = now

    def find(self, token: str) -> InteractionRecord | None:
        """Return the interaction with a token, or None."""
        return next((record for record in self.records if record.token == token), None)

    def respond(self, identity: str, token: str, body: Json, files: Files) -> Json:
        """Take an initial response and return the answer to it."""
        record = self.find(token)
        if record is None or record.id != identity:
            raise ApiError(404, 10062, "Unknown interaction")
        if record.callback is not None:
            raise ApiError(400, 40060, "Interaction has already been acknowledged.")
        if self._now() - record.at + record.age > self.deadline:
            record.late = True
            raise ApiError(404, 10062, "Unknown interaction")
        kind, data = body["type"], body.get("data") or {}
        self._check_kind(record, kind)
        self._perform(record, kind, data, files)
        record.callback = Callback(kind, data, self._now())
        record.ack.set()
        if kind in (REPLY, UPDATE, CHOICES, MODAL):
            record.done.set()
        return _callback_answer(record, kind)

    def _check_kind(self, record: InteractionRecord, kind: int) -> None:
        allowed = {REPLY, DEFER_REPLY}
        if record.type == AUTOCOMPLETE:
            allowed = {CHOICES}
        elif record.type != MODAL_SUBMIT:
            allowed |= {MODAL}
        if record.source is not None:
            allowed |= {UPDATE, DEFER_UPDATE}
        if kind not in allowed:
            raise bad_form("type", f"response {kind} is not allowed here", "INTERACTION_RESPONSE_TYPE_INVALID")

    def _perform(self, record: InteractionRecord, kind: int, data: Json, files: Files) -> None:
        if kind == REPLY:
            record.original = self._new(record, data, files)
        elif kind == DEFER_REPLY:
            message = self._blank(record, ephemeral=is_ephemeral(data))
            message.flags |= LOADING
            record.original = self._keep(message)
        elif kind in (UPDATE, DEFER_UPDATE) and record.source is not None:
            record.original = record.source
            if kind == UPDATE:
                self._check_there(record.source)
                edit(self.state, record.source, data, files)
        elif kind == MODAL and not data.get("components"):
            raise bad_form("data.components", "This field is required", "BASE_TYPE_REQUIRED")

    def _blank(self, record: InteractionRecord, *, ephemeral: bool) -> StoredMessage:
        message = self.state.new_message(record.channel, self.state.bot)
        if ephemeral:
            message.flags, message.viewer = EPHEMERAL, record.user
        owners = record.payload.get("authorizing_integration_owners", {})
        message.asked = {"id": record.id, "type": record.type, "user": record.user.payload()}
        message.asked["authorizing_integration_owners"] = owners
        return message

    def _keep(self, message: StoredMessage) -> StoredMessage:
        message.channel.messages[message.id] = message
        return message

    def _new(self, record: InteractionRecord, data: Json, files: Files) -> StoredMessage:
        message = self._blank(record, ephemeral=is_ephemeral(data))
        write(self.state, message, data, files)
        return self._keep(message)

    def open(self, token: str) -> InteractionRecord:
        """Return the interaction whose webhook can be used; raises ApiError."""
        record = self.find(token)
        if record is None:
            raise ApiError(401, 50027, "Invalid Webhook Token")
        if self._now() - record.at + record.age > TOKEN_SECONDS:
            raise ApiError(401, 50027, "Invalid Webhook Token")
        if record.callback is None or record.type == AUTOCOMPLETE:
            raise ApiError(404, 10015, "Unknown Webhook")
        return record

    def follow_up(self, record: InteractionRecord, body: Json, files: Files) -> StoredMessage:
        """Add a message; the first one after a deferral completes the deferred message."""
        if record.original is not None and record.original.loading and not record.original.deleted:
            message = record.original
            write(self.state, message, body, files)
            message.flags &= ~LOADING
        else:
            message = self._new(record, body, files)
            record.followups.append(message)
        record.done.set()
        return message

    def message(self, record: InteractionRecord, identity: str) -> StoredMessage:
        """Return a message that the interaction's webhook can change; raises ApiError."""
        known = [record.original, *record.followups]
        message = record.original if identity == "@original" else None
        if identity != "@original":
            message = next((found for found in known if found is not None and found.id == identity), None)
        if message is None:
            raise ApiError(404, 10008, "Unknown Message")
        self._check_there(message)
        return message

    def edit(self, record: InteractionRecord, identity: str, body: Json, files: Files) -> StoredMessage:
        """Change a message of the interaction."""
        message = self.message(record, identity)
        edit(self.state, message, body, files)
        record.done.set()
        return message

    def _check_there(self, message: StoredMessage) -> None:
        if message.deleted:
            raise ApiError(404, 10008, "Unknown Message")


def _callback_answer(record: InteractionRecord, kind: int) -> Json:
    message = record.original
    told: Json = {"id": record.id, "type": record.type}
    resource: Json | None = None
    if message is not None:
        told["response_message_id"] = message.id
        told["response_message_loading"] = message.loading
        told["response_message_ephemeral"] = message.ephemeral
        resource = {"type": kind, "message": message_payload(message)}
    return {"interaction": told} | ({"resource": resource} if resource else {})
