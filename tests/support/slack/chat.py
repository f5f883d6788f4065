"""Messages: chat.* and what response_urls and acknowledgements put up, replace and delete."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.support.slack.content import TEXT_ADVISED, Content
from tests.support.slack.faults import ApiError
from tests.support.slack.interactions import COMMAND, Interaction
from tests.support.slack.mentions import pinged
from tests.support.slack.payloads import message_object
from tests.support.slack.state import Channel, Json, State, StoredMessage, User, Workspace

_DRESS = ("username", "icon_emoji", "icon_url")
_RESPONSE = frozenset(
    {"text", "blocks", "attachments", "response_type", "replace_original", "delete_original", "thread_ts", "mrkdwn"}
    | {"unfurl_links", "unfurl_media", "metadata"}
)


@dataclass(slots=True)
class Call:
    """A call of a method whose token is good; ``workspace`` is the token's."""

    method: str
    token: str
    arguments: Json
    workspace: Workspace

    def need(self, scope: str) -> None:
        """Refuse a token without a scope; raises ApiError."""
        if scope not in self.workspace.scopes:
            raise ApiError("missing_scope", needed=scope, provided=",".join(sorted(self.workspace.scopes)))


Method = Callable[[Call], Json]


class Chat:
    """The methods chat.*, and what answers to people's acts say."""

    def __init__(self, state: State, content: Content) -> None:
        self._state = state
        self._content = content

    def methods(self) -> dict[str, Method]:
        """Return each method by its name."""
        return {
            "chat.postMessage": self.post,
            "chat.postEphemeral": self.post_ephemeral,
            "chat.update": self.update,
            "chat.delete": self.delete,
        }

    def post(self, call: Call) -> Json:
        """Post a message; a person's id stands for the direct messages with them."""
        self._may_write(call)
        identity = call.arguments["channel"]
        known = self._state.users.get(identity)
        if known is not None:
            channel = self._state.dm(self._state.user(call.workspace, identity), call.workspace)
        else:
            channel = self._state.channel(call.workspace, identity)
        self._may_post(call, channel)
        message = self._new(call, channel)
        metadata = call.arguments.get("metadata")
        if metadata is not None and not _is_metadata(metadata):
            raise ApiError("invalid_metadata_format")
        message.metadata = metadata
        self.keep(message)
        shown = message_object(message) | ({"metadata": metadata} if metadata else {})
        return {"ok": True, "channel": channel.id, "ts": message.ts, "message": shown}

    def post_ephemeral(self, call: Call) -> Json:
        """Post what one person sees."""
        self._may_write(call)
        channel = self._state.channel(call.workspace, call.arguments["channel"])
        user = self._state.users.get(call.arguments["user"])
        self._may_post(call, channel)
        if user is None or not channel.has(user):
            raise ApiError("user_not_in_channel")
        message = self._new(call, channel)
        message.viewer = user
        self.keep(message)
        return {"ok": True, "message_ts": message.ts}

    def update(self, call: Call) -> Json:
        """Change a message of the bot."""
        self._may_write(call)
        channel, message = self._own(call, "cant_update_message")
        if channel.archived:
            raise ApiError("is_inactive")
        text, blocks = self._content.message(call.method, call.workspace, call.arguments, most=TEXT_ADVISED)
        metadata = call.arguments.get("metadata")
        if metadata and not _is_metadata(metadata):
            raise ApiError("invalid_metadata_format")
        # Left out it stays as it was; an empty object takes it away.
        message.metadata = message.metadata if metadata is None else metadata or None
        self._rewrite(message, text, blocks)
        shown = message_object(message)
        return {"ok": True, "channel": channel.id, "ts": message.ts, "text": text, "message": shown}

    def delete(self, call: Call) -> Json:
        """Delete a message of the bot."""
        self._may_write(call)
        channel, message = self._own(call, "cant_delete_message")
        message.deleted = True
        return {"ok": True, "channel": channel.id, "ts": message.ts}

    def _may_write(self, call: Call) -> None:
        call.need("chat:write")
        if any(name in call.arguments for name in _DRESS):
            call.need("chat:write.customize")

    def _may_post(self, call: Call, channel: Channel) -> None:
        if not channel.bot_is_member and not (
            channel.kind == "channels" and call.method == "chat.postMessage" and self._anywhere(call)
        ):
            raise ApiError("not_in_channel")
        if channel.archived:
            raise ApiError("is_archived")
        if channel.restricted:
            raise ApiError("restricted_action")

    def _anywhere(self, call: Call) -> bool:
        return "chat:write.public" in call.workspace.scopes

    def _new(self, call: Call, channel: Channel) -> StoredMessage:
        text, blocks = self._content.message(call.method, call.workspace, call.arguments)
        thread = call.arguments.get("thread_ts")
        if thread is not None and (thread not in channel.messages or channel.messages[thread].deleted):
            raise ApiError("cannot_reply_to_message")
        ts = self._state.new_ts()
        message = StoredMessage(ts, channel, call.workspace.bot_user, text, blocks, thread_ts=thread)
        message.pinged = pinged(message)
        return message

    def _own(self, call: Call, refusal: str) -> tuple[Channel, StoredMessage]:
        channel = self._state.channel(call.workspace, call.arguments["channel"])
        message = channel.messages.get(call.arguments["ts"])
        if message is None or message.deleted or message.ephemeral:
            raise ApiError("message_not_found")
        if message.user != call.workspace.bot_user:
            raise ApiError(refusal)
        return channel, message

    def keep(self, message: StoredMessage) -> StoredMessage:
        """Put a message into its channel."""
        message.channel.messages[message.ts] = message
        return message

    def _rewrite(self, message: StoredMessage, text: str, blocks: list[Json]) -> None:
        message.text, message.blocks = text, blocks
        message.edits += 1
        message.edited = self._state.new_ts()
        message.chosen.clear()

    def respond(self, record: Interaction, body: Json, where: str) -> None:
        """Do what a body sent to a response_url, or the body of a command's acknowledgement, says; raises ApiError."""
        for name in body.keys() - _RESPONSE:
            self._content.note(f"{where}: has no {name!r}")
        assert record.channel is not None
        assert record.user is not None
        if body.get("delete_original"):
            self._source(record, where).deleted = True
        elif body.get("replace_original"):
            message = self._source(record, where)
            text, blocks = self._content.message(where, record.workspace, body)
            self._rewrite(message, text, blocks)
            record.messages.append(message)
        else:
            viewer = self._viewer(record.user, body, where)
            text, blocks = self._content.message(where, record.workspace, body)
            bot, ts = record.workspace.bot_user, self._state.new_ts()
            message = StoredMessage(ts, record.channel, bot, text, blocks, viewer=viewer)
            message.thread_ts = body.get("thread_ts")
            message.metadata = body.get("metadata")
            record.messages.append(self.keep(message))
        record.done.set()

    def _viewer(self, user: User, body: Json, where: str) -> User | None:
        kind = body.get("response_type", "ephemeral")
        if kind not in ("ephemeral", "in_channel"):
            self._content.note(f"{where}: response_type {kind!r}")
        return None if kind == "in_channel" else user

    def _source(self, record: Interaction, where: str) -> StoredMessage:
        if record.source is None:
            # Slack's reference does not say what the original of a command is, so nothing may lean on one.
            kind = "command" if record.kind == COMMAND else "act"
            self._content.note(f"{where}: this {kind} has no original message")
        if record.source is None or record.source.deleted:
            raise ApiError("message_not_found", status=404)
        return record.source


def _is_metadata(metadata: Json) -> bool:
    return isinstance(metadata.get("event_type"), str) and isinstance(metadata.get("event_payload"), dict)
