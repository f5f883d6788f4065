"""The port of teams: a named group of people in a workspace, with a captain; one team for each person at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.refs import UserRef, WorkspaceRef


@dataclass(frozen=True, slots=True)
class Team:
    """A team. ``folded`` is the name as it is compared, ``captain`` the id of a person, ``size`` how many are in it.

    ``open`` if anybody may join, else only who was invited. ``disbanded`` if it is only part of history.
    """

    id: int
    workspace: WorkspaceRef
    name: str
    folded: str
    emoji: str
    captain: int
    open: bool
    size: int
    disbanded: bool = False

    @property
    def label(self) -> str:
        """Return the name behind its emoji, as plain text."""
        return f"{self.emoji} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a team."""

    person: int
    name: str
    hidden: bool
    user: UserRef
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody with points in a period or in a team now: ``team`` is the id of that one."""

    person: int
    name: str
    hidden: bool
    points: int
    team: int | None


class Teams(Protocol):
    """Teams of all workspaces. What a team earned stays with it, whoever comes or goes."""

    async def add(self, *, workspace: WorkspaceRef, name: str, folded: str, emoji: str, captain: int, open: bool,  # noqa: A002 - the field's name
                  now: datetime) -> int | None:  # fmt: skip
        """Keep a new team without members and return its id; None where a team of the workspace has that name."""
        ...

    async def get(self, team: int) -> Team | None:
        """Return a team, also one that was disbanded."""
        ...

    async def find(self, workspace: WorkspaceRef, folded: str) -> Team | None:
        """Return the workspace's team of a name as it is compared."""
        ...

    async def of(self, workspace: WorkspaceRef, person: int) -> Team | None:
        """Return the team that somebody is in."""
        ...

    async def all(self, workspace: WorkspaceRef) -> Sequence[Team]:
        """Return the teams of a workspace that were not disbanded, by name."""
        ...

    async def members(self, team: int) -> Sequence[Member]:
        """Return who is in a team, whoever joined first first."""
        ...

    async def candidates(self, workspace: WorkspaceRef, period: str) -> Sequence[Candidate]:
        """Return everybody with points in a period or in a team now, most points first."""
        ...

    async def join(self, team: Team, person: int, now: datetime) -> bool:
        """Put somebody into a team; false if they are in a team of the workspace already."""
        ...

    async def leave(self, team: int, person: int) -> bool:
        """Take somebody out of a team; false if they are not in it."""
        ...

    async def rename(self, team: int, *, name: str, folded: str, emoji: str, open: bool) -> bool:  # noqa: A002 - the field's name
        """Keep another name and who may join; false where another team of the workspace has that name."""
        ...

    async def set_captain(self, team: int, person: int) -> None:
        """Keep who leads a team."""
        ...

    async def disband(self, team: int) -> None:
        """End a team: nobody is in it, and its name is free; what it earned stays."""
        ...

    async def invite(self, team: int, user: UserRef, now: datetime) -> bool:
        """Keep that somebody may join; false if they may already."""
        ...

    async def invited(self, team: int, user: UserRef) -> bool:
        """Tell whether somebody was invited."""
        ...

    async def invitations(self, team: int) -> int:
        """Return how many were invited and have not joined."""
        ...

    async def uninvite(self, team: int, user: UserRef) -> None:
        """Forget an invitation."""
        ...

    async def size_limit(self, workspace: WorkspaceRef) -> int | None:
        """Return how many a team of the workspace may have, None where nobody has decided."""
        ...

    async def set_size_limit(self, workspace: WorkspaceRef, limit: int) -> None:
        """Keep how many a team of the workspace may have."""
        ...
