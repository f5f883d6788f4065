"""Discord as a part of a running Warmup: connect, stay connected, stop in time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord.client import GUILDS_WITHIN, Keeper, WarmupClient
from adapters.discord.commands import CommandSyncs
from adapters.discord.failures import FAILURES
from adapters.discord.platform import DiscordPlatform
from bot.dispatch import Dispatcher, Once
from bot.errors import ConfigError, where
from bot.message import Message
from bot.ports import Presence

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
_SHARDING = (4010, 4011)


class DiscordApp:
    """Keeps one client connected; a client that lost Discord for good is replaced by a new one."""

    def __init__(
        self,
        dispatcher: Dispatcher[Any],
        *,
        token: str,
        once: Once,
        presence: Presence,
        syncs: CommandSyncs,
        welcome: Message | None = None,
        api: str = "",
        gateway: str = "",
        guilds_within: float = GUILDS_WITHIN,
        first_pause: float = FIRST_PAUSE,
        connected: Callable[[str], None] = lambda _: None,
    ) -> None:
        use_addresses(api, gateway)
        self._keeper = Keeper()
        self._new_client = partial(
            WarmupClient,
            dispatcher,
            once=once,
            presence=presence,
            syncs=syncs,
            keeper=self._keeper,
            welcome=welcome,
            gateway=gateway,
            guilds_within=guilds_within,
            on_connected=connected,
        )
        self._dispatcher = dispatcher
        self._first_pause = first_pause
        self._gateway = gateway
        self._stopping = False
        self._token = token
        self.client = self._new_client()
        self.platform = DiscordPlatform(lambda: self.client, presence, lambda: self.client.commands)
        self._living: asyncio.Task[None] | None = None

    async def connected(self) -> bool:
        """Tell whether what people do can arrive."""
        return self.client.is_ready() and not self.client.is_closed()

    def start(self) -> asyncio.Task[None]:
        """Connect in the background; the task ends with ConfigError when Discord refuses for good."""
        self._living = asyncio.create_task(self._live())
        return self._living

    async def stop(self, seconds: float) -> None:
        """Take nothing new, let what is under way be answered, at most that long, and log out."""
        self._stopping = True
        await self._in_time(self.client.disconnect())
        await self._dispatcher.drain(seconds)
        if self._living is not None:
            await self._in_time(self.client.close())
            self._living.cancel()
            await asyncio.wait([self._living], timeout=CLOSE_SECONDS)
        await self._in_time(self._keeper.settle())

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
                    await self.client.start(self._token)
                error: Exception | None = None
            except Exception as raised:  # whatever discord.py stumbled over, a new client may do better
                error = raised
            if self._stopping:
                return
            if error is not None and (refused := self._refused(error)) is not None:
                raise refused from None
            places = [] if error is None or isinstance(error, FAILURES) else where(error)
            pause = self._first_pause if self.client.was_ready and not places else pause
            log.warning("Discord cannot be reached", kind=type(error).__name__, where=places, again_in=pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            self.client = self._new_client()

    def _refused(self, error: Exception) -> ConfigError | None:
        """Return what ends it for good; a new client asks how many shards there should be, but not through a proxy."""
        sharding = isinstance(error, discord.ConnectionClosed) and error.code in _SHARDING
        return None if sharding and not self._gateway else refusal(error)


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
