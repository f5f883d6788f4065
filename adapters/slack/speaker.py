"""Speak on Slack without listening: no socket and no port, for a process that only posts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from adapters.slack.credentials import Credentials
from adapters.slack.voice import FIRST_PAUSE, Stores, Voice
from bot.ports import Clock


class SlackSpeaker:
    """Makes posts; ``platform`` raises Unreachable until Slack has said whose token it is."""

    def __init__(
        self,
        credentials: Credentials,
        stores: Stores,
        *,
        clock: Clock,
        url: str,
        names: Iterable[str],
        prefix: str = "",
        first_pause: float = FIRST_PAUSE,
    ) -> None:
        self._voice = Voice(credentials, stores, clock=clock, url=url, names=names, prefix=prefix)
        self._first_pause = first_pause
        self._living: asyncio.Task[None] | None = None
        self.platform = self._voice.platform

    def start(self) -> asyncio.Task[None]:
        """Begin in the background; the task ends with ConfigError when Slack refuses for good."""
        self._living = asyncio.create_task(self._live())
        return self._living

    async def connected(self) -> bool:
        """Tell whether it can speak."""
        return self._voice.authority.ready

    async def stop(self, seconds: float) -> None:
        """Let what is under way be said, at most that long, and close."""
        await self._voice.api.drain(seconds)
        if self._living is not None:
            self._living.cancel()
            await asyncio.gather(self._living, return_exceptions=True)
        await self._voice.api.close()

    async def _live(self) -> None:
        await self._voice.find_out(self._first_pause, listening=False)
        await asyncio.Event().wait()
