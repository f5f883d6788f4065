"""Roles of which nothing is known but the port: who has which, and every call; they fail when told to."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.errors import Gone
from bot.refs import UserRef, WorkspaceRef


@dataclass
class Roleboard:
    """The Roles port; ``broken`` maps names of methods, or ids of roles, to what they raise, ``lost`` once done."""

    obstacles: dict[str, str] = field(default_factory=dict)
    held: set[tuple[str, str]] = field(default_factory=set)
    calls: list[tuple[str, str, str]] = field(default_factory=list)
    left: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    broken: dict[str, BaseException] = field(default_factory=dict)
    lost: dict[str, BaseException] = field(default_factory=dict)

    async def give(self, user: UserRef, workspace: WorkspaceRef, role: str) -> bool:
        return self._change("give", user, workspace, role)

    async def take(self, user: UserRef, workspace: WorkspaceRef, role: str) -> bool:
        return self._change("take", user, workspace, role)

    async def obstacle(self, workspace: WorkspaceRef, role: str) -> str:
        assert workspace.id
        return self.obstacles.get(role, "")

    def _change(self, what: str, user: UserRef, workspace: WorkspaceRef, role: str) -> bool:
        assert user.platform == workspace.platform
        self.calls.append((what, user.id, role))
        for name in (what, role):
            if name in self.broken:
                raise self.broken[name]
        if role in self.deleted:
            raise Gone("there is no such role")
        if user.id in self.left:
            return False
        (self.held.add if what == "give" else self.held.discard)((user.id, role))
        if what in self.lost:
            raise self.lost[what]
        return True
