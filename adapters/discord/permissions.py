"""What Warmup may do in a server: what it needs, why, and how to grant what is missing."""

from __future__ import annotations

import discord

from bot.markup import escape

NEEDS = {
    "view_channel": ("View Channels", "to see the study channel it posts in"),
    "send_messages": ("Send Messages", "to post questions and results there"),
    "send_messages_in_threads": ("Send Messages in Threads", "to post in a thread or a forum's post"),
    "create_public_threads": ("Create Public Threads", "to open a thread in which a question of the day is discussed"),
    "attach_files": ("Attach Files", "to show pictures, such as a board"),
    "read_message_history": ("Read Message History", "to find out whether a post was made before it is made again"),
}
"""Each permission by discord.py's name: Discord's own words for it, and what Warmup does with it."""
MENTION_ALL = "Mention @everyone, @here, and All Roles"
MANAGE_ROLES = "Manage Roles"
OPTIONAL = {
    "mention_everyone": (MENTION_ALL, "to notify a role that not everybody may mention"),
    "manage_roles": (MANAGE_ROLES, "to give whoever leads the role that /reward names"),
}
"""What is not asked for, since few need it: whoever does allows it in their server."""

Place = discord.abc.GuildChannel | discord.Thread

SCOPES = {
    "bot": "to be in the server and post in channels",
    "applications.commands": "to offer its slash commands there",
}


def needed() -> discord.Permissions:
    """Return exactly what Warmup asks for when it is invited."""
    return discord.Permissions(**dict.fromkeys(NEEDS, True))


def invitation(application: int) -> str:
    """Return the address that adds Warmup to a server."""
    return discord.utils.oauth_url(application, permissions=needed(), scopes=tuple(SCOPES))


def held(ruling: discord.abc.GuildChannel, me: discord.Member) -> discord.Permissions:
    """Return what Warmup may do in a channel.

    What the channels' own methods return also lacks what a missing permission implies, which nobody needs to grant.
    """
    return discord.abc.GuildChannel.permissions_for(ruling, me)


def missing_in(place: Place, have: discord.Permissions, *, threads: bool = False) -> list[str]:
    """Return Discord's words for each permission that posting in a place needs and does not have.

    With ``threads`` also for those that opening threads there and posting in them need.
    """
    spared = _spared(place, threads=threads)
    return [words for name, (words, _) in NEEDS.items() if name not in spared and not getattr(have, name)]


def how_to_grant(ruling: discord.abc.GuildChannel, me: discord.Member, missing: list[str]) -> str:
    """Return as markup what is missing and each step that grants it; empty where nothing is."""
    if not missing:
        return ""
    listed = ", ".join(f"**{words}**" for words in missing)
    return (
        f"I lack {listed} in {escape(ruling.name)}. Open that channel's settings, choose Permissions, add "
        f"{escape(me.display_name)}, and allow {'it' if len(missing) == 1 else 'them'} there."
    )


def _spared(place: Place, *, threads: bool) -> set[str]:
    """Return what is not needed in a place; in a forum every post is a thread, which nobody needs to open."""
    match place:
        case discord.Thread():
            return {"send_messages", "create_public_threads"}
        case discord.ForumChannel():
            return {"create_public_threads"} if threads else {"create_public_threads", "send_messages_in_threads"}
        case _:
            return set() if threads else {"create_public_threads", "send_messages_in_threads"}
