"""Where Warmup may speak unasked: every platform that this process runs, by name."""

from __future__ import annotations

from bot.errors import Unreachable
from bot.ports import Platform
from bot.refs import ChannelRef, WorkspaceRef


class Posting:
    """Finds the platform of a channel."""

    def __init__(self) -> None:
        self._platforms: dict[str, Platform] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Return the platforms that can be posted to."""
        return tuple(sorted(self._platforms))

    def connect(self, name: str, platform: Platform) -> None:
        """Add a platform; its channels can be posted to from now on."""
        self._platforms[name] = platform

    def of(self, workspace: WorkspaceRef) -> Platform:
        """Return the platform of a workspace.

        Raises Unreachable where this process does not run it.
        """
        platform = self._platforms.get(workspace.platform)
        if platform is None:
            raise Unreachable(f"this process does not run {workspace.platform}")
        return platform

    async def obstacle(self, channel: ChannelRef, *, threads: bool = False, notify: str = "") -> str:
        """Return what keeps Warmup from posting there and how to mend it, as markup; empty if nothing does."""
        platform = self._platforms.get(channel.workspace.platform)
        if platform is None:
            return "This process does not run the platform of that channel. Start the one that does."
        return await platform.obstacle(channel, threads=threads, notify=notify)
