"""The endpoints of threads: posts in forums, threads of messages, and which are active."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.support.discord.faults import ApiError, bad_form
from tests.support.discord.gateway import Gateway
from tests.support.discord.messages import Files, post
from tests.support.discord.payloads import channel_payload, message_payload
from tests.support.discord.state import (
    CREATE_PUBLIC_THREADS,
    FORUM,
    MEDIA,
    PUBLIC_THREAD,
    REQUIRE_TAG,
    SEND_MESSAGES,
    VIEW_CHANNEL,
    Channel,
    Json,
    State,
)


@dataclass(slots=True)
class Call:
    """One request as an endpoint sees it."""

    params: dict[str, str]
    query: dict[str, str]
    body: Any
    files: Files


Endpoint = Callable[[Call], Any]


class Threads:
    """The endpoints; each returns the JSON of its answer or raises ApiError."""

    def __init__(self, state: State, gateway: Gateway, now: Callable[[], float]) -> None:
        self.state = state
        self.gateway = gateway
        self._now = now

    def routes(self) -> list[tuple[str, str, Endpoint]]:
        """Return every endpoint with its method and path."""
        return [
            ("POST", "/channels/{channel}/threads", self.start_thread),
            ("POST", "/channels/{channel}/messages/{message}/threads", self.thread_of_message),
            ("GET", "/guilds/{guild}/threads/active", self.active),
        ]

    def active(self, call: Call) -> Json:
        """Return a server's threads that the bot sees and that are not put away, newest first."""
        inside = self.state.in_guild(self.state.guild(call.params["guild"]))
        seen = [one for one in inside if one.is_thread and not one.archived and one.permissions & VIEW_CHANNEL]
        return {"threads": [channel_payload(one) for one in reversed(seen)], "members": []}

    def start_thread(self, call: Call) -> Json:
        """Start a post in a forum, or a thread without a message elsewhere."""
        parent, body = self.state.channel(call.params["channel"]), call.body
        forum = parent.kind in (FORUM, MEDIA)
        tags = [str(tag) for tag in body.get("applied_tags") or []]
        if not parent.permissions & (SEND_MESSAGES if forum else CREATE_PUBLIC_THREADS):
            raise ApiError(403, 50013, "Missing Permissions")
        if not forum:
            return channel_payload(self._thread(parent, body))
        if parent.flags & REQUIRE_TAG and not tags:
            raise ApiError(400, 40067, "A tag is required to create a forum post in this channel")
        unknown = set(tags) - {parent.tag_id(name) for name in parent.tags}
        if unknown:
            raise ApiError(404, 10087, "Unknown tag")
        thread = self._thread(parent, body, announce=False)
        thread.applied_tags = tags
        try:
            message = post(self.state, thread, body.get("message") or {}, call.files, self._now())
        except ApiError:
            del self.state.channels[thread.id]
            raise
        # A post's first message has the id of its thread.
        del thread.messages[message.id]
        message.id = thread.id
        thread.messages[message.id] = message
        self._announce(thread)
        return channel_payload(thread) | {"message": message_payload(message)}

    def thread_of_message(self, call: Call) -> Json:
        """Start a thread on a message; it has the message's id."""
        channel = self.state.channel(call.params["channel"])
        message = self.state.message(channel, call.params["message"])
        if channel.guild is None or channel.is_thread:
            raise ApiError(400, 50024, "Cannot execute action on this channel type")
        if not message.channel.permissions & CREATE_PUBLIC_THREADS:
            raise ApiError(403, 50013, "Missing Permissions")
        if message.thread is not None:
            raise ApiError(400, 160004, "A thread has already been created for this message")
        message.thread = self._thread(message.channel, call.body, identity=message.id)
        return channel_payload(message.thread)

    def _thread(self, parent: Channel, body: Json, *, identity: str | None = None, announce: bool = True) -> Channel:
        name = body.get("name") or ""
        if not 1 <= len(name) <= 100:
            raise bad_form("name", "Must be between 1 and 100 in length.", "BASE_TYPE_BAD_LENGTH")
        thread = self.state.add_channel(PUBLIC_THREAD, name, guild=parent.guild, parent=parent)
        thread.auto_archive = body.get("auto_archive_duration") or 1440
        if identity is not None:
            del self.state.channels[thread.id]
            thread.id = identity
            self.state.channels[identity] = thread
        if announce:
            self._announce(thread)
        return thread

    def _announce(self, thread: Channel) -> None:
        guild = thread.guild.id if thread.guild else None
        self.gateway.dispatch("THREAD_CREATE", channel_payload(thread) | {"newly_created": True}, guild)
