"""The Platform port: say something in a Discord channel without being asked."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import discord

from adapters.discord.events import PLATFORM
from adapters.discord.failures import translated
from adapters.discord.markdown import NO_COMMANDS, Commands
from adapters.discord.permissions import how_to_grant, missing_in
from adapters.discord.render import render_message
from adapters.discord.turn import again
from bot.errors import Gone, Unreachable
from bot.markup import plain
from bot.message import Message
from bot.ports import Presence
from bot.refs import ChannelRef, MessageRef, WorkspaceRef

NONCE = 25
THREAD_NAME = 100
NOBODY = discord.AllowedMentions.none()
"""Said with every edit, for which discord.py does not say it by itself."""
_SNOWFLAKE = re.compile(r"[0-9]{1,20}")

Client = Callable[[], discord.Client]


class DiscordPlatform:
    """Posts to channels, threads, announcement and forum channels of the servers that Warmup is in."""

    def __init__(
        self, client: Client, presence: Presence, commands: Callable[[], Commands] = lambda: NO_COMMANDS
    ) -> None:
        self._client = client
        self._presence = presence
        self._commands = commands

    async def send(self, channel: ChannelRef, message: Message, key: str = "") -> MessageRef:
        """Post a message; in a forum, as a new post, which is then the message's channel.

        Discord returns the message that is there already for a nonce of the last minutes, so whatever is tried again,
        here or with the same key by another process, is posted once. Posts in a forum have no nonce and are not tried
        again here.
        """
        await self._expect_open(channel.workspace)
        place = await self._place(channel)
        if isinstance(place, discord.ForumChannel):
            return await self._open_post(place, channel, message)
        nonce = _nonce(channel, key)

        async def post() -> discord.Message:
            rendered = render_message(message, self._commands())
            sent: discord.Message = await place.send(view=rendered.view, files=rendered.files, nonce=nonce)
            return sent

        with translated():
            sent = await again(post)
        return MessageRef(channel, str(sent.id))

    async def edit(self, ref: MessageRef, message: Message) -> None:
        """Replace a message that was sent."""
        await self._expect_open(ref.channel.workspace)
        sent = self._client().get_partial_messageable(_id(ref.channel.id)).get_partial_message(_id(ref.id))

        async def edit() -> None:
            rendered = render_message(message, self._commands())
            await sent.edit(view=rendered.view, attachments=rendered.files, allowed_mentions=NOBODY)

        with translated():
            await again(edit)

    async def obstacle(self, channel: ChannelRef) -> str:
        """Return what keeps Warmup from posting there and how to mend it, as markup; empty if nothing does."""
        if channel.direct:
            return ""
        client = self._client()
        guild = client.get_guild(_id(channel.workspace.id))
        if guild is None and not client.is_ready():
            return "I am not connected to Discord at the moment. Try again in a minute."
        if guild is None or await self._presence.has_left(channel.workspace):
            return "I am not a member of this server. Ask somebody who manages it to add me with the invite link."
        return _obstacle_in(guild, _id(channel.id))

    async def _expect_open(self, workspace: WorkspaceRef) -> None:
        if workspace.platform != PLATFORM or await self._presence.has_left(workspace):
            raise Gone(f"Warmup was removed from {workspace.key}")
        client = self._client()
        if client.user is None or client.is_closed():
            raise Unreachable("Warmup is not logged in to Discord")

    async def _place(self, channel: ChannelRef) -> Any:
        """Return where to post: what is known, else what Discord says."""
        client = self._client()
        number = _id(channel.id)
        place: Any = client.get_channel(number)
        if place is None:
            with translated():
                place = await again(lambda: client.fetch_channel(number))
        spoken = isinstance(place, discord.VoiceChannel | discord.StageChannel)
        if spoken or not isinstance(place, discord.abc.Messageable | discord.ForumChannel):
            raise Gone(f"{number} is not a channel for messages")
        return place

    async def _open_post(self, forum: discord.ForumChannel, channel: ChannelRef, message: Message) -> MessageRef:
        rendered = render_message(message, self._commands())
        name = " ".join(plain(message.title or message.text).split())[:THREAD_NAME] or "Warmup"
        with translated():
            opened = await forum.create_thread(
                name=name, view=rendered.view, files=rendered.files, applied_tags=_tags(forum)
            )
        return MessageRef(replace(channel, id=str(opened.thread.id)), str(opened.message.id))


def _obstacle_in(guild: discord.Guild, channel: int) -> str:
    there = guild.get_channel_or_thread(channel)
    match there:
        case _ if guild.unavailable:
            words = "Discord has an outage that this server is part of. Try again when it is over."
        case None | discord.Thread(parent=None):
            words = (
                "I cannot see that channel. Allow me **View Channels** in its settings, under Permissions; "
                "to a private thread, invite me by mentioning me in it."
            )
        case discord.CategoryChannel() | discord.StageChannel() | discord.VoiceChannel():
            words = "That is not a channel for text. Choose a text channel, a thread, or a forum."
        case _:
            words = how_to_grant(there, guild.me, missing_in(there, guild.me))
    if not words and isinstance(there, discord.ForumChannel) and there.flags.require_tag and not _tags(there):
        return "That forum demands a tag and has none that I may use. Add one to it, or lift the demand."
    return words


def _tags(forum: discord.ForumChannel) -> list[discord.ForumTag]:
    """Return the tag that a post needs, if the forum demands one: the first that is not for moderators."""
    return [tag for tag in forum.available_tags if not tag.moderated][:1] if forum.flags.require_tag else []


def _nonce(channel: ChannelRef, key: str) -> str:
    """Return a nonce that Discord takes: of a channel and key always the same, without a key never the same."""
    return hashlib.sha256(f"{channel.id}:{key}".encode()).hexdigest()[:NONCE] if key else secrets.token_hex(NONCE // 2)


def _id(text: str) -> int:
    if not _SNOWFLAKE.fullmatch(text):
        raise Gone(f"{text[:40]} is no id of Discord's")
    return int(text)
