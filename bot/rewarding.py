"""The ports of rewards: a role of a platform for whoever leads or won, and who holds it by what Warmup did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.refs import UserRef, WorkspaceRef


class RewardKind(StrEnum):
    """What a role is given for: leading the running season, or being in the team that won the latest competition."""

    SEASON = "season"
    COMPETITION = "competition"


@dataclass(frozen=True, slots=True)
class Reward:
    """A role for whoever deserves it; ``role`` is the platform's id of it, empty once the reward was ended.

    ``owner`` set it up or ended it, and was ``told`` of what is in the way since a change last worked.
    """

    workspace: WorkspaceRef
    kind: RewardKind
    role: str
    owner: UserRef
    told: bool
    made_at: datetime


class Holding(StrEnum):
    """How a role is held: it is being given or was, or its person is not there any more."""

    GIVING = "giving"
    HELD = "held"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with a role that Warmup gave or is about to give; ``name`` is plain text, empty where it is not read."""

    person: int
    user: UserRef
    role: str
    holding: Holding
    name: str = ""


class Rewards(Protocol):
    """Rewards of all workspaces, at most one of each kind in each."""

    async def put(self, workspace: WorkspaceRef, kind: RewardKind, role: str, owner: int, now: datetime) -> None:
        """Keep a reward, with an empty role that it was ended; whoever holds its role already is given it anew."""
        ...

    async def get(self, workspace: WorkspaceRef, kind: RewardKind) -> Reward | None:
        """Return a reward, also one that was ended while somebody still holds its role."""
        ...

    async def set_told(self, reward: Reward, *, told: bool) -> None:
        """Keep whether its owner knows what is in the way, unless it was set up again meanwhile."""
        ...

    async def revoke(self, workspace: WorkspaceRef, kind: RewardKind, role: str) -> None:
        """Keep that a role is not there any more: nobody holds it, and a reward of it is ended."""
        ...

    async def clear(self, workspace: WorkspaceRef, kind: RewardKind) -> None:
        """Forget a reward that was ended and whose role nobody holds any more."""
        ...

    async def holders(self, workspace: WorkspaceRef, kind: RewardKind) -> Sequence[Holder]:
        """Return who has a role for that, by person, also one that was replaced since."""
        ...

    async def hold(self, workspace: WorkspaceRef, kind: RewardKind, holder: Holder) -> None:
        """Keep how somebody holds a role."""
        ...

    async def release(self, workspace: WorkspaceRef, kind: RewardKind, holder: Holder) -> None:
        """Keep that somebody does not hold a role any more."""
        ...


class Roles(Protocol):
    """Roles of a platform's people. All but ``obstacle`` raise Gone, Forbidden, RateLimited or Unreachable.

    Gone means that the role is not there any more, or its workspace.
    """

    async def give(self, user: UserRef, workspace: WorkspaceRef, role: str) -> bool:
        """Give somebody a role, also where they have it; false if they are not there any more."""
        ...

    async def take(self, user: UserRef, workspace: WorkspaceRef, role: str) -> bool:
        """Take a role from somebody, also where they do not have it; false if they are not there any more."""
        ...

    async def obstacle(self, workspace: WorkspaceRef, role: str) -> str:
        """Return what keeps Warmup from giving a role and how to mend it, as markup; empty if nothing does."""
        ...
