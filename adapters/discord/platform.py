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
        nonce = _nonce(key)

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
        if not client.is_ready():
            return "I am not connected to Discord at the moment. Try again in a minute."
        guild = client.get_guild(_id(channel.workspace.id))
        if guild is None:
            return "I am not a member of this server. Ask somebody who manages it to add me with the invite link."
        there = guild.get_channel_or_thread(_id(channel.id))
        if there is None:
            return "I cannot see that channel. Allow me **View Channel** in its settings, under Permissions."
        return _obstacle_in(there, guild.me)

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
        if not isinstance(place, discord.abc.Messageable | discord.ForumChannel):
            raise Gone(f"{number} is not a channel for messages")
        return place

    async def _open_post(self, forum: discord.ForumChannel, channel: ChannelRef, message: Message) -> MessageRef:
        rendered = render_message(message, self._commands())
        name = " ".join(plain(message.title or message.text).split())[:THREAD_NAME] or "Warmup"
        tags = forum.available_tags[:1] if forum.flags.require_tag else []
        with translated():
            opened = await forum.create_thread(name=name, view=rendered.view, files=rendered.files, applied_tags=tags)
        return MessageRef(replace(channel, id=str(opened.thread.id)), str(opened.message.id))


def _obstacle_in(there: discord.abc.GuildChannel | discord.Thread, me: discord.Member) -> str:
    if isinstance(there, discord.CategoryChannel | discord.StageChannel | discord.VoiceChannel):
        return "That is not a channel for text. Choose a text channel, a thread, or a forum."
    missing = missing_in(there, me)
    if missing:
        return how_to_grant(there, me, missing)
    if isinstance(there, discord.ForumChannel) and there.flags.require_tag and not there.available_tags:
        return "That forum demands a tag and has none. Add one to it, or lift the demand."
    return ""


def _nonce(key: str) -> str:
    """Return a nonce that Discord takes: of a key always the same, without one never the same."""
    return hashlib.sha256(key.encode()).hexdigest()[:NONCE] if key else secrets.token_hex(NONCE // 2)


def _id(text: str) -> int:
    if not _SNOWFLAKE.fullmatch(text):
        raise Gone(f"{text[:40]} is no id of Discord's")
    return int(text)
