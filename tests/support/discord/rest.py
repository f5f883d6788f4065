"""The HTTP endpoints of the loopback Discord: login, commands, servers, channels, messages, interactions."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

from tests.support.discord.faults import ApiError, bad_form
from tests.support.discord.gateway import Gateway
from tests.support.discord.interactions import Interactions
from tests.support.discord.messages import check_may_post, edit, post
from tests.support.discord.payloads import channel_payload, guild_payload, message_payload
from tests.support.discord.roles import Roles
from tests.support.discord.state import (
    APPLICATION,
    FORUM,
    MEDIA,
    READ_MESSAGE_HISTORY,
    Channel,
    Json,
    State,
    StoredMessage,
)
from tests.support.discord.threads import Call, Endpoint, Threads


class Rest:
    """The endpoints; each returns the JSON of its answer, None for an empty one, or raises ApiError."""

    def __init__(self, state: State, gateway: Gateway, interactions: Interactions, now: Callable[[], float]) -> None:
        self.state = state
        self.gateway = gateway
        self.interactions = interactions
        self.shards = 1
        self._now = now
        self._threads = Threads(state, gateway, now)
        self._roles = Roles(state)

    def routes(self) -> list[tuple[str, str, Endpoint]]:
        """Return every endpoint with its method and path."""
        message, hook = "/channels/{channel}/messages/{message}", "/webhooks/{app}/{token}"
        commands = ("/applications/{app}/commands", "/applications/{app}/guilds/{guild}/commands")
        return [
            ("GET", "/users/@me", lambda _: self.state.bot.payload() | {"mfa_enabled": True, "verified": True}),
            (
                "GET",
                "/users/@me/guilds",
                lambda _: [guild.listed() for guild in self.state.guilds.values() if guild.joined],
            ),
            ("POST", "/users/@me/channels", self.open_dm),
            ("GET", "/oauth2/applications/@me", lambda _: application()),
            ("GET", "/applications/@me", lambda _: application()),
            ("GET", "/gateway", lambda _: {"url": self.gateway.url}),
            ("GET", "/gateway/bot", self.gateway_bot),
            *(("PUT", path, self.put_commands) for path in commands),
            *(("GET", path, self.get_commands) for path in commands),
            ("GET", "/guilds/{guild}", lambda call: guild_payload(self.state, self.state.guild(call.params["guild"]))),
            ("GET", "/guilds/{guild}/channels", self.guild_channels),
            *self._roles.routes(),
            ("GET", "/channels/{channel}", lambda call: channel_payload(self._channel(call))),
            ("PATCH", "/channels/{channel}", self.edit_thread),
            ("POST", "/channels/{channel}/typing", self.typing),
            ("GET", "/channels/{channel}/messages", self.history),
            ("POST", "/channels/{channel}/messages", self.post_message),
            ("GET", message, self.message),
            ("PATCH", message, self.edit_message),
            ("DELETE", message, self.delete_message),
            *self._threads.routes(),
            ("POST", "/interactions/{id}/{token}/callback", self.callback),
            ("POST", hook, self.follow_up),
            ("GET", f"{hook}/messages/{{message}}", self.hook_message),
            ("PATCH", f"{hook}/messages/{{message}}", self.edit_hook_message),
            ("DELETE", f"{hook}/messages/{{message}}", self.delete_hook_message),
        ]

    def gateway_bot(self, _: Call) -> Json:
        """Say where the gateway is."""
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return {"url": self.gateway.url, "shards": self.shards, "session_start_limit": limit}

    def open_dm(self, call: Call) -> Json:
        """Open direct messages."""
        user = self.state.users.get(str(call.body["recipient_id"]))
        if user is None:
            raise ApiError(400, 50033, "Invalid Recipient(s)")
        return channel_payload(self.state.dm(user))

    def put_commands(self, call: Call) -> list[Json]:
        """Replace all commands of a scope."""
        scope = self._scope(call)
        names = [(command.get("type", 1), command["name"]) for command in call.body]
        if len(set(names)) != len(names):
            raise bad_form("name", "Application command names must be unique", "APPLICATION_COMMANDS_DUPLICATE_NAME")
        if len(names) > 130 or sum(kind == 1 for kind, _ in names) > 100:
            raise ApiError(400, 30032, "Maximum number of application commands reached (100)")
        old = {command["name"]: command["id"] for command in self.state.commands.get(scope, [])}
        more = {"application_id": APPLICATION, "version": self.state.new_id(), "guild_id": scope or None}
        made = {"type": 1, "description": "", "default_member_permissions": None, "nsfw": False}
        self.state.commands[scope] = [
            made | command | more | {"id": old.get(command["name"]) or self.state.new_id()} for command in call.body
        ]
        self.state.command_puts.append(scope)
        return self.state.commands[scope]

    def get_commands(self, call: Call) -> list[Json]:
        """Return the commands of a scope."""
        return self.state.commands.get(self._scope(call), [])

    def _scope(self, call: Call) -> str:
        if call.params["app"] != APPLICATION:
            raise ApiError(403, 20012, "You are not authorized to perform this action on this application")
        return self.state.guild(call.params["guild"]).id if "guild" in call.params else ""

    def guild_channels(self, call: Call) -> list[Json]:
        """Return a server's channels."""
        inside = self.state.in_guild(self.state.guild(call.params["guild"]))
        return [channel_payload(channel) for channel in inside if not channel.is_thread]

    def _channel(self, call: Call) -> Channel:
        return self.state.channel(call.params["channel"])

    def _message(self, call: Call) -> StoredMessage:
        return self.state.message(self._channel(call), call.params["message"])

    def edit_thread(self, call: Call) -> Json:
        """Rename, archive or lock a thread."""
        channel = self._channel(call)
        channel.name = call.body.get("name", channel.name)
        channel.archived = call.body.get("archived", channel.archived)
        channel.locked = call.body.get("locked", channel.locked)
        if channel.guild:
            name = "THREAD_UPDATE" if channel.is_thread else "CHANNEL_UPDATE"
            self.gateway.dispatch(name, channel_payload(channel), channel.guild.id)
        return channel_payload(channel)

    def typing(self, call: Call) -> None:
        """Show that the bot writes."""
        check_may_post(self._channel(call))

    def history(self, call: Call) -> list[Json]:
        """Return public messages, newest first; none where the bot may not read them."""
        channel, said = self._channel(call), call.query
        if channel.kind in (FORUM, MEDIA):
            raise ApiError(400, 50008, "Cannot read messages in a non-text channel")
        if channel.guild and not channel.permissions & READ_MESSAGE_HISTORY:
            return []
        after, before, most = int(said.get("after", 0)), int(said.get("before", 1 << 63)), int(said.get("limit", 50))
        public = [m for m in channel.messages.values() if not m.deleted and not m.ephemeral]
        found = sorted((m for m in public if after < int(m.id) < before), key=lambda m: int(m.id))
        # After an instant these are the first, before one the last.
        chosen = found[:most] if "after" in said else found[-most:]
        return [message_payload(message) for message in reversed(chosen)]

    def message(self, call: Call) -> Json:
        """Return a message."""
        message = self._message(call)
        if message.channel.guild and not message.channel.permissions & READ_MESSAGE_HISTORY:
            raise ApiError(403, 50001, "Missing Access")
        return message_payload(message)

    def post_message(self, call: Call) -> Json:
        """Post a message."""
        channel = self._channel(call)
        check_may_post(channel, call.files)
        return message_payload(post(self.state, channel, call.body or {}, call.files, self._now()))

    def edit_message(self, call: Call) -> Json:
        """Edit a message of the bot."""
        message = self._message(call)
        if message.author is not self.state.bot:
            raise ApiError(403, 50005, "Cannot edit a message authored by another user")
        if message.channel.archived and message.channel.locked:
            raise ApiError(400, 50083, "Thread is archived")
        edit(self.state, message, call.body or {}, call.files)
        return message_payload(message)

    def delete_message(self, call: Call) -> None:
        """Delete a message of the bot."""
        message = self._message(call)
        if message.author is not self.state.bot:
            raise ApiError(403, 50013, "Missing Permissions")
        message.deleted = True

    def callback(self, call: Call) -> Json | None:
        """Take the initial response to an interaction."""
        answer = self.interactions.respond(call.params["id"], call.params["token"], call.body, call.files)
        return answer if call.query.get("with_response", "").lower() in ("1", "true") else None

    def follow_up(self, call: Call) -> Json:
        """Take a follow-up."""
        record = self.interactions.open(call.params["token"])
        return message_payload(self.interactions.follow_up(record, call.body or {}, call.files))

    def hook_message(self, call: Call) -> Json:
        """Return a message of an interaction."""
        record = self.interactions.open(call.params["token"])
        return message_payload(self.interactions.message(record, call.params["message"]))

    def edit_hook_message(self, call: Call) -> Json:
        """Edit a message of an interaction."""
        record = self.interactions.open(call.params["token"])
        return message_payload(self.interactions.edit(record, call.params["message"], call.body or {}, call.files))

    def delete_hook_message(self, call: Call) -> None:
        """Delete a message of an interaction."""
        record = self.interactions.open(call.params["token"])
        self.interactions.message(record, call.params["message"]).deleted = True


def application() -> Json:
    """Return the application object."""
    rules = {"bot_public": True, "bot_require_code_grant": False, "rpc_origins": [], "hook": False}
    who: Json = {"id": APPLICATION, "name": "Warmup", "icon": None, "description": "", "summary": "", "team": None}
    owner = {"id": "900000000000000009", "username": "owner", "discriminator": "0", "avatar": None, "global_name": None}
    return who | rules | {"verify_key": "0" * 64, "flags": 0, "owner": owner, "interactions_endpoint_url": None}


async def read_body(request: web.Request) -> tuple[Any, dict[str, tuple[str, bytes]]]:
    """Return the JSON of a request, from payload_json if it is multipart, and its files by field."""
    if not request.content_type.startswith("multipart/"):
        return (await request.json() if request.can_read_body else None), {}
    files: dict[str, tuple[str, bytes]] = {}
    body: Any = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[name] = (value.filename, value.file.read())
            value.file.close()
        elif name == "payload_json":
            body = json.loads(str(value))
    return body, files
