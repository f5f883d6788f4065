"""Where Warmup may speak unasked: every platform that this process runs, by name."""

from __future__ import annotations

from bot.ports import Platform
from bot.refs import ChannelRef


class Posting:
    """Finds the platform of a channel."""

    def __init__(self) -> None:
        self._platforms: dict[str, Platform] = {}

    def connect(self, name: str, platform: Platform) -> None:
        """Add a platform; its channels can be posted to from now on."""
        self._platforms[name] = platform

    async def obstacle(self, channel: ChannelRef) -> str:
        """Return what keeps Warmup from posting there and how to mend it, as markup; empty if nothing does."""
        platform = self._platforms.get(channel.workspace.platform)
        if platform is None:
            return "This process does not run the platform of that channel. Start the one that does."
        return await platform.obstacle(channel)
