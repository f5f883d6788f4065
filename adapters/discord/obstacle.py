"""What keeps Warmup from posting in a place on Discord, and how to mend it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import discord

from adapters.discord.failures import snowflake, translated
from adapters.discord.pace import Pace
from adapters.discord.permissions import MENTION_ALL, Place, held, how_to_grant, missing_in
from bot.errors import Forbidden, Gone, PlatformError
from bot.markup import escape
from bot.ports import Presence
from bot.refs import WorkspaceRef

T = TypeVar("T")
NO_CONNECTION = "I am not connected to Discord at the moment. Try again in a minute."
NO_MEMBER = "I am not a member of this server. Ask somebody who manages it to add me with the invite link."
UNSEEN = (
    "I cannot see that channel. Allow me **View Channels** in its settings, under Permissions; "
    "to a private thread, invite me by mentioning me in it."
)


@dataclass(frozen=True, slots=True)
class Sight:
    """What Warmup sees of a place; ``ruling`` is the channel whose permissions hold: a thread has its parent's."""

    guild: discord.Guild
    me: discord.Member
    there: Place | None
    ruling: discord.abc.GuildChannel | None

    @property
    def have(self) -> discord.Permissions:
        """Return what Warmup may do there; nothing in a place that it does not see."""
        return discord.Permissions.none() if self.ruling is None else held(self.ruling, self.me)


async def witness(
    client: discord.Client,
    presence: Presence,
    workspace: WorkspaceRef,
    see: Callable[[discord.Guild | None], Awaitable[T]],
    *,
    over_http: bool,
) -> T | str:
    """Return what ``see`` makes of a server, or the words that say why nothing can be known of it.

    ``see`` is given the server as a connected client knows it, or ``over_http`` None: then it asks.
    """
    guild = client.get_guild(snowflake(workspace.id))
    if guild is None and not client.is_ready() and (client.user is None or not over_http):
        return NO_CONNECTION
    if (guild is None and not over_http) or await presence.has_left(workspace):
        return NO_MEMBER
    try:
        with translated():
            return await see(guild)
    except (Gone, Forbidden):
        return NO_MEMBER
    except PlatformError:
        return NO_CONNECTION


async def member(client: discord.Client, pace: Pace, guild: int) -> discord.Member:
    """Return Warmup as a member of a server with its roles, over HTTP alone; raises what discord.py raises."""
    assert client.user is not None
    me = client.user.id
    server = await pace.ask(lambda: client.fetch_guild(guild, with_counts=False))
    return await pace.ask(lambda: server.fetch_member(me))


def glance(guild: discord.Guild, channel: int) -> Sight:
    """Return what a connected client knows of a place."""
    there = guild.get_channel_or_thread(channel)
    return Sight(guild, guild.me, there, there.parent if isinstance(there, discord.Thread) else there)


async def look(client: discord.Client, pace: Pace, guild: int, channel: int) -> Sight:
    """Return what Discord says of a place, over HTTP alone; raises what discord.py raises."""
    me = await member(client, pace, guild)
    server = me.guild
    there = await _fetched(pace, server, channel)
    above = await _fetched(pace, server, there.parent_id) if isinstance(there, discord.Thread) else there
    return Sight(server, me, there, None if isinstance(above, discord.Thread) else above)


def obstacle_in(sight: Sight, *, threads: bool = False, notify: str = "") -> str:
    """Return what is in the way and how to mend it, as markup; empty if nothing is."""
    there = sight.there
    match there:
        case _ if sight.guild.unavailable:
            return "Discord has an outage that this server is part of. Try again when it is over."
        case None:
            return UNSEEN
        case discord.CategoryChannel() | discord.StageChannel() | discord.VoiceChannel():
            return "That is not a channel for text. Choose a text channel, a thread, or a forum."
        case _ if sight.ruling is None:
            return UNSEEN
        case _:
            words = how_to_grant(sight.ruling, sight.me, missing_in(there, sight.have, threads=threads))
    if not words and isinstance(there, discord.ForumChannel) and there.flags.require_tag and not tags_for(there):
        return "That forum demands a tag and has none that I may use. Add one to it, or lift the demand."
    return words or (_unnotified(sight, sight.ruling, notify) if notify else "")


def tags_for(forum: discord.ForumChannel) -> list[discord.ForumTag]:
    """Return the tag that a post needs, if the forum demands one: the first that is not for moderators."""
    return [tag for tag in forum.available_tags if not tag.moderated][:1] if forum.flags.require_tag else []


async def _fetched(pace: Pace, server: discord.Guild, channel: int) -> Place | None:
    try:
        return await pace.ask(lambda: server.fetch_channel(channel))
    except (discord.NotFound, discord.Forbidden, discord.InvalidData):
        return None


def _unnotified(sight: Sight, ruling: discord.abc.GuildChannel, notify: str) -> str:
    """Return what keeps a post there from notifying a role."""
    role = sight.guild.get_role(int(notify)) if notify.isdecimal() else None
    if role is None or role.is_default():
        return "That role is not one of this server's that I can notify. Choose another."
    if role.mentionable or sight.have.mention_everyone:
        return ""
    name = escape(role.name)
    return (
        f"I may not notify the role {name}. Open Server Settings, choose Roles and {name}, and turn on "
        f"**Allow anyone to @mention this role**; or allow {escape(sight.me.display_name)} **{MENTION_ALL}** in "
        f"{escape(ruling.name)}, in that channel's settings, under Permissions."
    )
