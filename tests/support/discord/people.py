"""What people do on the loopback Discord: each act becomes an INTERACTION_CREATE, and its record comes back at once."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from types import EllipsisType
from typing import Any

from tests.support.discord.gateway import Gateway
from tests.support.discord.interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL_SUBMIT,
    InteractionRecord,
    Interactions,
)
from tests.support.discord.payloads import app_permissions, channel_payload, message_payload
from tests.support.discord.state import (
    APPLICATION,
    COMPONENTS_V2,
    EPHEMERAL,
    Channel,
    Guild,
    Json,
    State,
    StoredMessage,
    User,
)

Value = str | int | bool
_ROW, _BUTTON, _SELECT, _TEXT, _LABEL, _INPUT = 1, 2, 3, 10, 18, 4
_OPTION_TYPES: dict[type, int] = {str: 3, int: 4, bool: 5}


class People:
    """The acts of people; what they see is ``seen_by``."""

    state: State
    gateway: Gateway
    interactions: Interactions

    def slash(
        self,
        user: User,
        channel: Channel,
        command: str,
        options: Mapping[str, Value] | None = None,
        *,
        guild: Guild | EllipsisType | None = ...,
        context: int | None = None,
    ) -> InteractionRecord:
        """Use a slash command; "group sub" names a subcommand."""
        place = channel.guild if isinstance(guild, EllipsisType) else guild
        given = [{"name": name, "type": _OPTION_TYPES[type(v)], "value": v} for name, v in (options or {}).items()]
        data = self._command(command, given, place)
        return self._act(user, channel, COMMAND, data, place, context)

    def autocomplete(
        self,
        user: User,
        channel: Channel,
        command: str,
        option: str,
        typed: str,
        others: Mapping[str, Value] | None = None,
    ) -> InteractionRecord:
        """Type into an option that suggests."""
        given: list[Json] = [
            {"name": name, "type": _OPTION_TYPES[type(value)], "value": value} for name, value in (others or {}).items()
        ]
        given.append({"name": option, "type": 3, "value": typed, "focused": True})
        data = self._command(command, given, channel.guild)
        return self._act(user, channel, AUTOCOMPLETE, data, channel.guild, None)

    def press(
        self,
        user: User,
        message: StoredMessage | None,
        custom_id: str,
        values: Sequence[str] | None = None,
        *,
        channel: Channel | None = None,
        stale: bool = False,
    ) -> InteractionRecord:
        """Press a button, or with values send a string select; without a message one with just the control is made.

        A client that is ``stale`` still shows a control that the message has no more.
        """
        if message is None:
            assert channel is not None, "without a message the channel must be said"
            message = self._forged(user, channel, custom_id, values)
        assert message.viewer in (None, user), "nobody else sees an ephemeral message"
        assert not message.deleted, "the message is gone"
        control = next((part for part in message.parts if part.get("custom_id") == custom_id), None)
        assert stale or control is not None, f"{custom_id!r} is not on the message: {message.components}"
        assert stale or (control is not None and not control.get("disabled")), f"{custom_id!r} is disabled"
        kind = control["type"] if control else _BUTTON if values is None else _SELECT
        data: Json = {"custom_id": custom_id, "component_type": kind, "id": 1}
        if values is not None:
            data["values"] = list(values)
        assert (kind == _BUTTON) == (values is None), "a select takes values, a button none"
        return self._act(user, message.channel, COMPONENT, data, message.channel.guild, None, source=message)

    def submit(
        self,
        user: User,
        channel: Channel,
        custom_id: str,
        inputs: Mapping[str, str | list[str]],
        *,
        message: StoredMessage | None = None,
        modal: Json | None = None,
    ) -> InteractionRecord:
        """Send a form; its shape is ``modal``, else the last form with that id that the person got, else all text."""
        opened = self._opened(user, custom_id)
        if modal is None and opened is not None:
            modal = opened.modal
        if message is None and opened is not None:
            message = opened.source
        components = (
            _filled(modal, inputs) if modal else [_label(n, _INPUT, name, v) for n, (name, v) in _numbered(inputs)]
        )
        data = {"custom_id": custom_id, "components": components}
        return self._act(user, channel, MODAL_SUBMIT, data, channel.guild, None, source=message)

    def seen_by(self, user: User, channel: Channel) -> list[StoredMessage]:
        """Return what a person sees in a channel, oldest first: public messages and the person's own ephemeral ones."""
        return [m for m in channel.messages.values() if not m.deleted and m.viewer in (None, user)]

    def dispatch_raw(self, name: str, data: Any) -> None:
        """Send any gateway event to every session, also a malformed one."""
        for session in self.gateway.sessions:
            session.dispatch(name, data)

    def _opened(self, user: User, custom_id: str) -> InteractionRecord | None:
        for record in reversed(self.interactions.records):
            if record.user is user and record.modal and record.modal.get("custom_id") == custom_id:
                return record
        return None

    def _command(self, words: str, options: list[Json], guild: Guild | None) -> Json:
        name, *path = words.split()
        scopes = [""] + ([guild.id] if guild else [])
        found = [(scope, known) for scope in scopes for known in self.state.commands.get(scope, [])]
        scope, known = next(((s, c) for s, c in found if c["name"] == name), ("", {"id": self.state.new_id()}))
        for depth, word in enumerate(reversed(path)):
            options = [{"name": word, "type": 1 + depth, "options": options}]
        return {"id": known["id"], "name": name, "type": 1, "options": options} | ({"guild_id": scope} if scope else {})

    def _forged(self, user: User, channel: Channel, custom_id: str, values: Sequence[str] | None) -> StoredMessage:
        """Make a private message of long ago that has nothing but the control."""
        message = self.state.new_message(channel, self.state.bot, flags=COMPONENTS_V2 | EPHEMERAL)
        message.viewer = user
        control: Json = {"type": _BUTTON, "style": 2, "label": "Old", "custom_id": custom_id}
        if values is not None:
            listed = [{"label": value, "value": value} for value in values] or [{"label": "-", "value": "-"}]
            control = {"type": _SELECT, "custom_id": custom_id, "options": listed}
        message.components = [{"type": _ROW, "components": [control]}]
        channel.messages[message.id] = message
        return message

    def _act(
        self,
        user: User,
        channel: Channel,
        kind: int,
        data: Json,
        guild: Guild | None,
        context: int | None,
        *,
        source: StoredMessage | None = None,
    ) -> InteractionRecord:
        now = asyncio.get_running_loop().time()
        token = secrets.token_urlsafe(48)
        record = InteractionRecord(self.state.new_id(), token, kind, user, channel, now, source)
        record.payload = self._payload(record, data, guild, context)
        self.interactions.records.append(record)
        self.gateway.dispatch("INTERACTION_CREATE", record.payload, guild.id if guild else None)
        return record

    def _payload(self, record: InteractionRecord, data: Json, guild: Guild | None, context: int | None) -> Json:
        user, channel = record.user, record.channel
        if guild is None:
            owners = {"0": "0"} if context in (None, 1) else {"1": user.id}
        else:
            owners = {"0": guild.id} if guild.joined else {"1": user.id}
        permissions = str(user.permissions & ~(channel.parent.deny if channel.parent else 0))
        payload: Json = {
            "id": record.id,
            "application_id": APPLICATION,
            "type": record.type,
            "token": record.token,
            "version": 1,
            "data": data,
            "channel_id": channel.id,
            "channel": channel_payload(channel) | {"permissions": permissions},
            "app_permissions": app_permissions(channel),
            "locale": user.locale,
            "entitlements": [],
            "authorizing_integration_owners": owners,
            "context": (0 if guild else 1) if context is None else context,
            "attachment_size_limit": 10 * 2**20,
        }
        if guild is not None:
            member = user.member(guild) | {"permissions": permissions}
            payload |= {"guild_id": guild.id, "guild": guild.partial(), "guild_locale": "en-US", "member": member}
        else:
            payload["user"] = user.payload()
        if record.source is not None:
            payload["message"] = message_payload(record.source)
        return payload


def _numbered(inputs: Mapping[str, str | list[str]]) -> list[tuple[int, tuple[str, str | list[str]]]]:
    return list(enumerate(inputs.items()))


def _label(number: int, kind: int, custom_id: str, value: str | list[str] | bool | None) -> Json:
    named = "values" if isinstance(value, list) else "value"
    inner = {"type": kind, "id": 2 * number + 2, "custom_id": custom_id, named: value}
    return {"type": _LABEL, "id": 2 * number + 1, "component": inner}


def _filled(modal: Json, inputs: Mapping[str, str | list[str]]) -> list[Json]:
    """Return a form's parts as Discord sends them, those that nobody filled in too."""
    left, filled = dict(inputs), []
    for number, part in enumerate(modal["components"]):
        if part["type"] == _TEXT:
            filled.append({"type": _TEXT, "id": 2 * number + 1})
            continue
        control = part.get("component") or part["components"][0]
        value = left.pop(control["custom_id"], None)
        filled.append(_label(number, control["type"], control["custom_id"], _sent(control, value)))
    assert not left, f"the form has no {sorted(left)}"
    return filled


def _sent(control: Json, value: str | list[str] | None) -> str | list[str] | bool | None:
    match control["type"]:
        case 4:
            return control.get("value") or "" if value is None else value
        case 23:
            return bool(value)
        case 21:
            listed = [option["value"] for option in control["options"]]
            preset = next((option["value"] for option in control["options"] if option.get("default")), None)
            assert value is None or value in listed, f"{value!r} is not among {listed}"
            return preset if value is None else value
        case _:
            return [value] if isinstance(value, str) else value or []
