"""The objects of Slack's payloads: people, channels, messages, views, files, and what happened to them."""

from __future__ import annotations

import mimetypes
from typing import Any

from tests.support.slack.state import APP, Channel, Json, State, StoredFile, StoredMessage, StoredView, User, Workspace


def person(state: State, user: User) -> Json:
    """Return the user object of users.info."""
    shown = {"real_name": user.name, "display_name": user.name, "team": user.workspace.id}
    return {
        "id": user.id,
        "team_id": user.workspace.id,
        "name": user.name.lower(),
        "deleted": user.deleted,
        "real_name": user.name,
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": state.offset(user),
        "profile": shown,
        "is_admin": user.admin or user.owner,
        "is_owner": user.owner,
        "is_primary_owner": user.owner,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": False,
        "is_app_user": False,
        "updated": state.unix(),
    }


def bot_person(workspace: Workspace) -> Json:
    """Return the user object of the bot."""
    named = {"id": workspace.bot_user, "team_id": workspace.id, "name": "warmup", "real_name": "Warmup"}
    roles = {"is_admin": False, "is_owner": False, "is_bot": True, "is_app_user": False, "deleted": False}
    profile = {"real_name": "Warmup", "display_name": "", "api_app_id": APP, "bot_id": workspace.bot}
    return named | roles | {"tz": "America/Los_Angeles", "tz_offset": -28800, "profile": profile}


def conversation(channel: Channel) -> Json:
    """Return the conversation object of conversations.info."""
    shared = {"id": channel.id, "is_archived": channel.archived, "context_team_id": channel.workspace.id}
    if channel.recipient is not None:
        return shared | {"is_im": True, "user": channel.recipient.id, "is_user_deleted": channel.recipient.deleted}
    kind = {"is_channel": not channel.private, "is_group": False, "is_im": False, "is_mpim": False}
    place = {"name": channel.name, "is_private": channel.private, "is_member": channel.bot_is_member}
    return shared | kind | place | {"is_general": False, "is_shared": False, "is_ext_shared": False}


def message_object(message: StoredMessage) -> Json:
    """Return a message as the history and presses have it."""
    workspace = message.channel.workspace
    told: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text}
    told["team"] = workspace.id
    if message.user == workspace.bot_user:
        told |= {"bot_id": workspace.bot, "app_id": APP}
    if message.blocks:
        told["blocks"] = message.blocks
    if message.thread_ts:
        told["thread_ts"] = message.thread_ts
    if message.files:
        told["files"] = [file_object(file) for file in message.files]
    if message.edited:
        told["edited"] = {"user": message.user, "ts": message.edited}
    return told


def file_object(file: StoredFile) -> Json:
    """Return a file; until it can be shown it has no type."""
    ready = file.complete and file.pending == 0
    kind = (mimetypes.guess_type(file.name)[0] or "application/octet-stream") if ready else ""
    thumbs = {"thumb_64": f"https://files.test/{file.id}-64.png"} if ready and kind.startswith("image/") else {}
    named = {"id": file.id, "name": file.name, "title": file.title, "alt_txt": file.alt, "size": file.length}
    owner = {"user": file.workspace.bot_user, "channels": file.channels, "is_public": bool(file.channels)}
    return named | owner | {"mimetype": kind, "filetype": kind.rpartition("/")[2], "mode": "hosted"} | thumbs


def view_object(view: StoredView) -> Json:
    """Return a view as answers and payloads have it, without what a person has filled in."""
    sent = view.view
    plain = {name: sent.get(name) for name in ("title", "submit", "close")}
    texts = {name: sent.get(name, "") for name in ("callback_id", "private_metadata", "external_id")}
    flags = {name: bool(sent.get(name)) for name in ("clear_on_close", "notify_on_close", "submit_disabled")}
    kin = {"previous_view_id": view.previous, "root_view_id": view.root, "hash": view.hash}
    owner = {"team_id": view.workspace.id, "app_installed_team_id": view.workspace.id, "app_id": APP}
    shared = {"id": view.id, "type": sent["type"], "blocks": sent["blocks"], "state": {"values": {}}}
    return shared | plain | texts | flags | kin | owner | {"bot_id": view.workspace.bot}


def where_and_who(workspace: Workspace, user: User, verification: str) -> Json:
    """Return what every interactive payload begins with."""
    name = user.name.lower()
    return {
        "user": {"id": user.id, "username": name, "name": name, "team_id": user.workspace.id},
        "api_app_id": APP,
        "token": verification,
        "team": {"id": workspace.id, "domain": workspace.domain},
        "enterprise": workspace.org,
        "is_enterprise_install": False,
    }


def command_payload(user: User, channel: Channel, command: str, text: str, verification: str) -> Json:
    """Return a slash command without its trigger_id and response_url; every value is text, as forms have it."""
    workspace = channel.workspace
    place = {"channel_id": channel.id, "channel_name": channel.shown_name}
    org = {"enterprise_id": workspace.enterprise, "enterprise_name": "Org"} if workspace.enterprise else {}
    return {
        "token": verification,
        "team_id": workspace.id,
        "team_domain": workspace.domain,
        **place,
        "user_id": user.id,
        "user_name": user.name.lower(),
        "command": command,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        **org,
    }


def event_payload(state: State, workspace: Workspace, event: Json, verification: str) -> Json:
    """Return an event in its callback."""
    install = {"enterprise_id": workspace.enterprise, "team_id": workspace.id, "user_id": workspace.bot_user}
    return {
        "token": verification,
        "team_id": workspace.id,
        "context_team_id": workspace.id,
        "context_enterprise_id": workspace.enterprise,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": state.new_id("Ev"),
        "event_time": state.unix(),
        "authorizations": [install | {"is_bot": True, "is_enterprise_install": False}],
        "is_ext_shared_channel": False,
        "event_context": "4-loopback",
    }


def message_container(message: StoredMessage) -> Json:
    """Return what a press on a message says of the place; of an ephemeral one Slack does not repeat the content."""
    channel = message.channel
    place = {"type": "message", "message_ts": message.ts, "channel_id": channel.id, "is_ephemeral": message.ephemeral}
    if message.thread_ts:
        place["thread_ts"] = message.thread_ts
    told: Json = {"container": place, "channel": {"id": channel.id, "name": channel.shown_name}}
    return told if message.ephemeral else told | {"message": message_object(message)}


def view_container(view: StoredView, values: dict[str, Any]) -> Json:
    """Return what a press within a view says of the place."""
    place = {"type": "view", "view_id": view.id}
    return {"container": place, "view": view_object(view) | {"state": {"values": values}}}
