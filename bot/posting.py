"""Where Warmup may speak unasked: every platform that this process runs, by name."""

from __future__ import annotations

from bot.errors import Unreachable
from bot.ports import Platform
from bot.refs import ChannelRef, WorkspaceRef
from bot.rewarding import Roles


class Posting:
    """Finds the platform of a channel."""

    def __init__(self) -> None:
        self._platforms: dict[str, Platform] = {}
        self._roles: dict[str, Roles] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Return the platforms that can be posted to."""
        return tuple(sorted(self._platforms))

    def connect(self, name: str, platform: Platform, roles: Roles | None = None) -> None:
        """Add a platform; its channels can be posted to from now on, and its roles given where it has any."""
        self._platforms[name] = platform
        if roles is not None:
            self._roles[name] = roles

    def of(self, workspace: WorkspaceRef) -> Platform:
        """Return the platform of a workspace.

        Raises Unreachable where this process does not run it.
        """
        platform = self._platforms.get(workspace.platform)
        if platform is None:
            raise Unreachable(f"this process does not run {workspace.platform}")
        return platform

    def roles_of(self, workspace: WorkspaceRef) -> Roles | None:
        """Return the roles of a workspace's platform; None where it has none, or this process does not run it."""
        return self._roles.get(workspace.platform)

    async def obstacle(self, channel: ChannelRef, *, threads: bool = False, notify: str = "") -> str:
        """Return what keeps Warmup from posting there and how to mend it, as markup; empty if nothing does."""
        platform = self._platforms.get(channel.workspace.platform)
        if platform is None:
            return "This process does not run the platform of that channel. Start the one that does."
        return await platform.obstacle(channel, threads=threads, notify=notify)
