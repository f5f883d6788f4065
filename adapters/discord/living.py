"""Stay logged in to Discord: try again for as long as that may help, and say in one line why it cannot."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from typing import Any, Generic, TypeVar

import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord.failures import FAILURES
from bot.errors import ConfigError, where

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
"""Seconds between attempts to reach Discord, doubled each time."""
CLOSE_SECONDS = 0.8

log = structlog.get_logger(__name__)

_CLOSED = {
    4004: "DISCORD_TOKEN: Discord does not accept it; copy it again from the developer portal, Bot, Reset Token",
    4010: "DISCORD_GATEWAY_URL: the gateway refuses this shard; see that nothing else shards the same token",
    4011: "DISCORD_GATEWAY_URL: Discord demands more shards; leave it unset, or give the proxy more",
    4012: "DISCORD_GATEWAY_URL: it speaks another version of Discord's gateway; version 10 is needed",
    4013: "Discord does not know the intents that were asked for; install the versions of requirements.txt",
    4014: "Discord refuses the bot's intents; in the developer portal, Bot, see that the app is not restricted",
}
"""What the gateway's final close codes mean for whoever runs Warmup."""

C = TypeVar("C", bound=discord.Client)


class Living(ABC, Generic[C]):
    """Keeps one client alive; a client that lost Discord for good is replaced by a new one."""

    client: C

    def __init__(self, first_pause: float) -> None:
        self._first_pause = first_pause
        self._stopping = False
        self._living: asyncio.Task[None] | None = None
        self.client = self._make()

    def start(self) -> asyncio.Task[None]:
        """Log in, in the background; the task ends with ConfigError when Discord refuses for good."""
        self._living = asyncio.create_task(self._live())
        return self._living

    @abstractmethod
    def _make(self) -> C:
        """Return a new client."""

    @abstractmethod
    async def _run(self) -> None:
        """Use the client until it is closed or lost."""

    @abstractmethod
    def _was_well(self) -> bool:
        """Tell whether the client had reached Discord, so that the pauses begin anew."""

    def _refused(self, error: Exception) -> ConfigError | None:
        """Return what ends it for good."""
        return refusal(error)

    async def _close(self) -> None:
        """Log out, and end the background task."""
        if self._living is not None:
            await self._in_time(self.client.close())
            self._living.cancel()
            await asyncio.wait([self._living], timeout=CLOSE_SECONDS)

    async def _in_time(self, goodbye: Coroutine[Any, Any, None]) -> None:
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await goodbye
        except TimeoutError:
            log.warning("Discord did not say goodbye in time")

    async def _live(self) -> None:
        pause = self._first_pause
        while True:
            try:
                async with self.client:
                    await self._run()
                error: Exception | None = None
            except Exception as raised:  # whatever discord.py stumbled over, a new client may do better
                error = raised
            if self._stopping:
                return
            if error is not None and (refused := self._refused(error)) is not None:
                raise refused from None
            places = [] if error is None or isinstance(error, FAILURES) else where(error)
            pause = self._first_pause if self._was_well() and not places else pause
            log.warning("Discord cannot be reached", kind=type(error).__name__, where=places, again_in=pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            self.client = self._make()


def use_addresses(api: str, gateway: str = "") -> None:
    """Send all of this process to other addresses of Discord's HTTP API and gateway; discord.py knows one of each."""
    if api:
        Route.BASE = api
    if gateway:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)


def refusal(error: Exception) -> ConfigError | None:
    """Return what an error of Discord's means for whoever runs Warmup, where no second attempt mends it."""
    match error:
        case ConfigError():
            return error
        case discord.LoginFailure():
            code = 4004
        case discord.PrivilegedIntentsRequired():
            code = 4014
        case discord.ConnectionClosed():
            code = error.code
        case _:
            return None
    return ConfigError([_CLOSED[code]]) if code in _CLOSED else None
