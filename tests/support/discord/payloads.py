"""The JSON of servers, channels and messages as Discord sends it, complete enough for a client library."""

from __future__ import annotations

from typing import Any

from tests.support.discord.state import (
    APPLICATION,
    BOT,
    DM,
    EVERYONE,
    FORUM,
    VOICE,
    Channel,
    Guild,
    Json,
    State,
    StoredMessage,
)

CDN = "https://cdn.discordapp.com/attachments"


def channel_payload(channel: Channel) -> Json:
    """Return the channel object, whatever its kind."""
    if channel.kind == DM:
        people = [channel.recipient.payload()] if channel.recipient else []
        return {"id": channel.id, "type": DM, "recipients": people, "last_message_id": None, "flags": 0}
    shared: Json = {
        "id": channel.id,
        "type": channel.kind,
        "name": channel.name,
        "guild_id": channel.guild.id if channel.guild else None,
        "parent_id": channel.parent.id if channel.parent else None,
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "flags": channel.flags,
    }
    return shared | (_thread(channel) if channel.is_thread else _place(channel))


def _place(channel: Channel) -> Json:
    own = {"id": BOT, "type": 1, "allow": str(channel.allow), "deny": str(channel.deny)}
    place: Json = {
        "position": 0,
        "topic": None,
        "nsfw": False,
        "permission_overwrites": [own] if channel.deny or channel.allow else [],
    }
    if channel.kind == VOICE:
        place |= {"bitrate": 64000, "user_limit": 0, "rtc_region": None}
    if channel.kind == FORUM:
        tags = [
            {"id": channel.tag_id(name), "name": name, "moderated": False, "emoji_id": None, "emoji_name": None}
            for name in channel.tags
        ]
        place |= {"available_tags": tags, "default_reaction_emoji": None, "default_sort_order": None}
    return place


def _thread(channel: Channel) -> Json:
    metadata = {
        "archived": channel.archived,
        "auto_archive_duration": channel.auto_archive,
        "archive_timestamp": channel.created,
        "locked": channel.locked,
        "create_timestamp": channel.created,
    }
    member = {"id": channel.id, "user_id": BOT, "join_timestamp": channel.created, "flags": 0}
    counts = {"message_count": 0, "member_count": 1, "total_message_sent": len(channel.messages)}
    return {
        "owner_id": channel.owner,
        "thread_metadata": metadata,
        "member": member,
        "applied_tags": channel.applied_tags,
    } | counts


def guild_payload(state: State, guild: Guild) -> Json:
    """Return the server as GET /guilds/{id} has it."""
    return {
        "id": guild.id,
        "name": guild.name,
        "owner_id": guild.moderators,
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "description": None,
        "banner": None,
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "roles": guild.roles(),
        "emojis": [],
        "stickers": [],
        "features": [],
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "premium_progress_bar_enabled": False,
        "system_channel_id": guild.system_channel.id if guild.system_channel else None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "vanity_url_code": None,
        "preferred_locale": "en-US",
        "approximate_member_count": len(state.users),
    }


def guild_create(state: State, guild: Guild, *, joining: bool) -> Json:
    """Return the data of GUILD_CREATE; only a server that was there before says that it is available."""
    inside = state.in_guild(guild)
    more: Json = {
        "joined_at": guild.created,
        "large": False,
        "member_count": len(state.users),
        "members": [state.bot.member(guild)],
        "channels": [channel_payload(channel) for channel in inside if not channel.is_thread],
        "threads": [channel_payload(channel) for channel in inside if channel.is_thread and not channel.archived],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }
    return guild_payload(state, guild) | more | ({} if joining else {"unavailable": False})


def message_payload(message: StoredMessage) -> Json:
    """Return the message object; components are numbered and their files have addresses, as Discord does it."""
    files = {item.filename: f"{CDN}/{message.channel.id}/{item.id}/{item.filename}" for item in message.attachments}
    attachments = [
        {
            "id": item.id,
            "filename": item.filename,
            "description": item.description,
            "size": len(item.data),
            "url": files[item.filename],
            "proxy_url": files[item.filename],
            "content_type": "image/png" if item.filename.endswith(".png") else "application/octet-stream",
        }
        for item in message.attachments
    ]
    payload: Json = {
        "id": message.id,
        "channel_id": message.channel.id,
        "author": message.author.payload(),
        "application_id": APPLICATION if message.author.bot else None,
        "content": message.content,
        "timestamp": message.created,
        "edited_timestamp": message.edited,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [who for who in message.pinged if f"<@&{who}>" in " ".join(message.texts)],
        "attachments": attachments,
        "embeds": message.embeds,
        "components": _render(message.components, files, [0]),
        "pinned": False,
        "type": 20 if message.asked and message.asked["type"] == 2 else 0,
        "flags": message.flags,
    }
    if message.nonce is not None:
        payload["nonce"] = message.nonce
    if message.thread is not None:
        payload["thread"] = channel_payload(message.thread)
    if message.asked is not None:
        payload["interaction_metadata"] = message.asked
        payload["webhook_id"] = APPLICATION
    return payload


def _render(value: Any, files: dict[str, str], count: list[int]) -> Any:
    if isinstance(value, list):
        return [_render(inner, files, count) for inner in value]
    if not isinstance(value, dict):
        return value
    rendered: Json = {}
    if isinstance(value.get("type"), int):
        count[0] += 1
        rendered["id"] = count[0]
    rendered |= {name: _render(inner, files, count) for name, inner in value.items()}
    url = value.get("url")
    if isinstance(url, str) and url.startswith("attachment://"):
        rendered["url"] = rendered["proxy_url"] = files[url.removeprefix("attachment://")]
    return rendered


def app_permissions(channel: Channel) -> str:
    """Return the bits that the bot holds in a channel, as interactions carry them."""
    return str(channel.permissions if channel.guild else EVERYONE)
