"""What Warmup may do in a server: what it needs, why, and how to grant what is missing."""

from __future__ import annotations

import discord

from bot.markup import escape

NEEDS = {
    "view_channel": ("View Channels", "to see the study channel it posts in"),
    "send_messages": ("Send Messages", "to post questions and results there"),
    "send_messages_in_threads": ("Send Messages in Threads", "to post in a thread or a forum's post"),
    "attach_files": ("Attach Files", "to show pictures, such as a board"),
}
"""Each permission by discord.py's name: Discord's own words for it, and what Warmup does with it."""

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


def missing_in(channel: Place, me: discord.Member) -> list[str]:
    """Return Discord's words for each permission that posting in a channel needs and does not have."""
    # What the channels' own methods return also lacks what a missing permission implies, which nobody needs to grant.
    have = discord.abc.GuildChannel.permissions_for(_ruling(channel), me)
    skipped = "send_messages" if isinstance(channel, discord.Thread) else "send_messages_in_threads"
    return [words for name, (words, _) in NEEDS.items() if name != skipped and not getattr(have, name)]


def how_to_grant(channel: Place, me: discord.Member, missing: list[str]) -> str:
    """Return as markup what is missing and each step that grants it; empty where nothing is."""
    if not missing:
        return ""
    listed = ", ".join(f"**{words}**" for words in missing)
    return (
        f"I lack {listed} in {escape(_ruling(channel).name)}. Open that channel's settings, choose Permissions, add "
        f"{escape(me.display_name)}, and allow {'it' if len(missing) == 1 else 'them'} there."
    )


def _ruling(channel: Place) -> discord.abc.GuildChannel:
    """Return the channel whose permissions hold: a thread has its parent's, which must be known."""
    if not isinstance(channel, discord.Thread):
        return channel
    assert channel.parent is not None
    return channel.parent
