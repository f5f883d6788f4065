"""Opaque addresses of people and places: every id is a string that only its platform understands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Self

PERSONAL = "dm-"
"""How the id of a workspace begins that is one person's conversation outside any team, as on Discord."""


class Role(IntEnum):
    """What a person may do in a workspace; a higher role may do all that a lower one may."""

    MEMBER = 0
    MODERATOR = 1


@dataclass(frozen=True, slots=True)
class UserRef:
    """A person on a platform; ``space`` is where the id is unique (a Slack team, empty on Discord)."""

    platform: str
    space: str
    id: str


@dataclass(frozen=True, slots=True)
class WorkspaceRef:
    """A team's home on a platform: a Discord server, a Slack workspace; boards never reach beyond it."""

    platform: str
    id: str

    @property
    def key(self) -> str:
        """Return one string that names the workspace among all platforms."""
        return f"{self.platform}:{self.id}"

    @classmethod
    def of(cls, key: str) -> Self:
        """Return the workspace of a key."""
        platform, _, name = key.partition(":")
        return cls(platform, name)

    @property
    def personal(self) -> bool:
        """Tell whether it is one person's conversation outside any team."""
        return self.id.startswith(PERSONAL)


@dataclass(frozen=True, slots=True)
class ChannelRef:
    """A place in a workspace where messages stand; ``direct`` is a conversation outside any team's channels.

    ``thread`` is the thread of the channel that is meant, on platforms where a thread is no channel of its own.
    """

    workspace: WorkspaceRef
    id: str
    direct: bool = False
    thread: str = ""


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message that stands in a channel and can be edited."""

    channel: ChannelRef
    id: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, as the platform says at that moment; ``zone`` is an IANA name or empty if unknown."""

    user: UserRef
    name: str
    role: Role = Role.MEMBER
    zone: str = ""
