"""Whom a message notifies: what it mentions, as far as it allows that and the mentioned role can be mentioned."""

from __future__ import annotations

import re

from tests.support.discord.state import MENTION_EVERYONE, Json, StoredMessage

_MENTION = re.compile(r"<@&(?P<roles>\d+)>|<@!?(?P<users>\d+)>|@(?P<everyone>everyone|here)")


def pinged(message: StoredMessage) -> list[str]:
    """Return the ids of roles and people, and "everyone"; escapes and code are no excuse."""
    found = [match for text in message.texts for match in _MENTION.finditer(text)]
    named = dict.fromkeys((str(match.lastgroup), match[str(match.lastgroup)]) for match in found)
    return ["everyone" if kind == "everyone" else who for kind, who in named if _reaches(message, kind, who)]


def _reaches(message: StoredMessage, kind: str, who: str) -> bool:
    allowed: Json | None = message.allowed_mentions
    listed = [] if allowed is None else [str(identity) for identity in allowed.get(kind) or ()]
    if allowed is not None and kind not in (allowed.get("parse") or ()) and who not in listed:
        return False
    guild = message.channel.guild
    if kind == "users" or guild is None:
        return kind == "users"
    mentionable = any(role.id == who and role.mentionable for role in guild.more_roles)
    return mentionable or bool(message.channel.permissions & MENTION_EVERYONE)
