"""The rules by which a message is written and edited, and what Discord answers when one is broken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.support.discord.faults import ApiError, bad_form
from tests.support.discord.mentions import pinged
from tests.support.discord.state import (
    ATTACH_FILES,
    CATEGORY,
    COMPONENTS_V2,
    EPHEMERAL,
    FORUM,
    LOADING,
    MEDIA,
    SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS,
    Attachment,
    Channel,
    Json,
    State,
    StoredMessage,
    walk,
)

Files = Mapping[str, tuple[str, bytes]]
"""Uploaded files: the field's name, such as ``files[0]``, to the file's name and bytes."""

NONCE_SECONDS = 300.0
KEPT_FLAGS = COMPONENTS_V2 | 1 << 2 | 1 << 12


def check_may_post(channel: Channel, files: Files | None = None) -> None:
    """Check that the bot may write in a channel; raises ApiError."""
    if channel.kind in (FORUM, MEDIA, CATEGORY):
        raise ApiError(400, 50008, "Cannot send messages in a non-text channel")
    if channel.archived and channel.locked:
        raise ApiError(400, 50083, "Thread is archived")
    if channel.recipient is not None and channel.recipient.closed:
        raise ApiError(403, 50007, "Cannot send messages to this user")
    needed = SEND_MESSAGES_IN_THREADS if channel.is_thread else SEND_MESSAGES
    if channel.guild and not channel.permissions & needed:
        raise ApiError(403, 50013, "Missing Permissions")
    if files and channel.guild and not channel.permissions & ATTACH_FILES:
        raise ApiError(403, 50013, "Missing Permissions")


def post(state: State, channel: Channel, body: Json, files: Files, now: float) -> StoredMessage:
    """Write a new message of the bot into a channel, or return the one with the same enforced nonce."""
    nonce = body.get("nonce")
    if nonce is not None and body.get("enforce_nonce"):
        known = channel.nonces.get(str(nonce))
        if known is not None and now - known[0] < NONCE_SECONDS:
            return known[1]
    message = state.new_message(channel, state.bot)
    write(state, message, body, files)
    message.nonce = nonce
    if nonce is not None:
        channel.nonces[str(nonce)] = (now, message)
    channel.archived = False
    channel.messages[message.id] = message
    return message


def edit(state: State, message: StoredMessage, body: Json, files: Files) -> None:
    """Change a message that stands; raises ApiError and leaves it as it was when a rule is broken."""
    if message.flags & COMPONENTS_V2 and body.get("flags") is not None and not body["flags"] & COMPONENTS_V2:
        raise bad_form("flags", "The components v2 flag cannot be removed", "CANNOT_REMOVE_COMPONENTS_V2_FLAG")
    write(state, message, body, files)
    message.edits += 1
    message.edited = state.timestamp()
    message.flags &= ~LOADING


def write(state: State, message: StoredMessage, body: Json, files: Files) -> None:
    """Put a body's parts into a message; a part that is absent stays as it is. Raises ApiError before any change."""
    flags = message.flags | (body.get("flags") or 0) & KEPT_FLAGS
    content = (body["content"] or "") if "content" in body else message.content
    embeds = (body["embeds"] or []) if "embeds" in body else message.embeds
    components = (body["components"] or []) if "components" in body else message.components
    attachments = _attachments(state, message, body, files)
    poll = body.get("poll", message.poll)
    if flags & COMPONENTS_V2:
        _check_v2(content, embeds, poll)
    else:
        _check_v1(components)
    _check_components(components, {item.filename for item in attachments}, message.channel.id)
    shown = components if flags & COMPONENTS_V2 else content or embeds or components or attachments or poll
    if not shown and not body.get("sticker_ids"):
        raise ApiError(400, 50006, "Cannot send an empty message")
    message.flags, message.content, message.embeds = flags, content, embeds
    message.components, message.attachments, message.poll = components, attachments, poll
    message.allowed_mentions = body.get("allowed_mentions", message.allowed_mentions)
    message.pinged += [who for who in pinged(message) if who not in message.pinged]


def _attachments(state: State, message: StoredMessage, body: Json, files: Files) -> list[Attachment]:
    """Return what is kept, then what is new; without a list everything is kept."""
    listed: dict[str, Json] = {str(entry["id"]): entry for entry in body.get("attachments") or []}
    kept = [item for item in message.attachments if "attachments" not in body or item.id in listed]
    added: list[Attachment] = []
    for field, (name, data) in files.items():
        entry = listed.pop(field.removeprefix("files[").removesuffix("]"), {})
        added.append(Attachment(state.new_id(), entry.get("filename") or name, data, entry.get("description")))
    unknown = set(listed) - {item.id for item in kept}
    if unknown:
        raise bad_form("attachments", f"neither uploaded nor kept: {sorted(unknown)}", "ATTACHMENT_NOT_FOUND")
    return kept + added


def _check_v2(content: str, embeds: list[Json], poll: Json | None) -> None:
    for name, part in (("content", content), ("embeds", embeds), ("poll", poll)):
        if part:
            reason = f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            raise bad_form(name, reason, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2")


def _check_v1(components: list[Json]) -> None:
    for part in walk(components):
        if 9 <= part["type"] <= 17:
            raise bad_form("components.0.type", 'Value of field "type" must be one of (1,).')


def _check_components(components: list[Json], names: set[str], channel: str) -> None:
    ids = [part["custom_id"] for part in walk(components) if "custom_id" in part]
    if len(ids) != len(set(ids)):
        raise bad_form("components", "Component custom id cannot be duplicated", "COMPONENT_CUSTOM_ID_DUPLICATED")
    for url in _media(components):
        name = url.removeprefix("attachment://")
        if name != url and name not in names:
            raise bad_form("components", f"The referenced attachment was not found: {name}", "MEDIA_NOT_FOUND")
        if f"/attachments/{channel}/" in url and url.rpartition("/")[2] not in names:
            raise bad_form("components", f"The attachment is no longer there: {url}", "MEDIA_NOT_FOUND")


def _media(value: Any) -> list[str]:
    if isinstance(value, list):
        return [url for inner in value for url in _media(inner)]
    if not isinstance(value, dict):
        return []
    own = [value["url"]] if isinstance(value.get("url"), str) and "type" not in value else []
    return own + [url for inner in value.values() for url in _media(inner)]


def is_ephemeral(body: Json) -> bool:
    """Tell whether a body asks for a message that one person only sees."""
    return bool((body.get("flags") or 0) & EPHEMERAL)
