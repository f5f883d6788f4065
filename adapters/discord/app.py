"""Discord as a part of a running Warmup: connect, stay connected, stop in time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord.client import GUILDS_WITHIN, WarmupClient
from adapters.discord.commands import CommandSyncs
from adapters.discord.failures import NETWORK
from adapters.discord.platform import DiscordPlatform
from bot.dispatch import Dispatcher, Once
from bot.errors import ConfigError
from bot.message import Message
from bot.ports import Presence

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
"""Seconds between attempts to reach Discord, doubled each time."""
CLOSE_SECONDS = 1.0

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

        def new_client() -> WarmupClient:
            return WarmupClient(
                dispatcher,
                once=once,
                presence=presence,
                syncs=syncs,
                welcome=welcome,
                gateway=gateway,
                guilds_within=guilds_within,
                on_connected=connected,
            )

        self._new_client = new_client
        self._dispatcher = dispatcher
        self._first_pause = first_pause
        self._token = token
        self.client = self._new_client()
        self.platform = DiscordPlatform(lambda: self.client, presence, lambda: self.client.commands)
        self._living: asyncio.Task[None] | None = None

    def start(self) -> asyncio.Task[None]:
        """Connect in the background; the task ends with ConfigError when Discord refuses for good."""
        self._living = asyncio.create_task(self._live())
        return self._living

    async def stop(self, seconds: float) -> None:
        """Take nothing new, let what is under way end, at most that long, and disconnect."""
        self.client.stopping = True
        await self._dispatcher.drain(seconds)
        if self._living is None:
            return
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self.client.close()
        except TimeoutError:
            log.warning("Discord did not say goodbye in time")
        self._living.cancel()
        await asyncio.gather(self._living, return_exceptions=True)

    async def _live(self) -> None:
        pause = self._first_pause
        while True:
            try:
                async with self.client:
                    await self.client.start(self._token)
                reason = "closed"
            except (discord.DiscordException, *NETWORK) as error:
                if (refused := refusal(error)) is not None:
                    raise refused from None
                reason = type(error).__name__
            if self.client.stopping:
                return
            pause = self._first_pause if self.client.was_ready else pause
            log.warning("Discord cannot be reached", kind=reason, again_in=pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            self.client = self._new_client()


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
