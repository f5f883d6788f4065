"""Discord as a part of a running Warmup: connect, stay connected, stop in time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import discord

from adapters.discord.client import GUILDS_WITHIN, Keeper, WarmupClient
from adapters.discord.commands import CommandSyncs
from adapters.discord.living import FIRST_PAUSE, Living, refusal, use_addresses
from adapters.discord.platform import LIBRARY_CLOCK, DiscordPlatform
from bot.dispatch import Dispatcher, Once
from bot.errors import ConfigError
from bot.message import Message
from bot.ports import Clock, Presence

_SHARDING = (4010, 4011)


class DiscordApp(Living[WarmupClient]):
    """Keeps one client connected; a client that lost Discord for good is replaced by a new one."""

    def __init__(
        self,
        dispatcher: Dispatcher[Any],
        *,
        token: str,
        once: Once,
        presence: Presence,
        syncs: CommandSyncs,
        clock: Clock = LIBRARY_CLOCK,
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
        self._gateway = gateway
        self._token = token
        super().__init__(first_pause)
        self.platform = DiscordPlatform(lambda: self.client, presence, lambda: self.client.commands, clock=clock)

    async def connected(self) -> bool:
        """Tell whether what people do can arrive."""
        return self.client.is_ready() and not self.client.is_closed()

    async def stop(self, seconds: float) -> None:
        """Take nothing new, let what is under way be answered, at most that long, and log out."""
        self._stopping = True
        await self._in_time(self.client.disconnect())
        await self._dispatcher.drain(seconds)
        await self._close()
        await self._in_time(self._keeper.settle())

    def _make(self) -> WarmupClient:
        return self._new_client()

    async def _run(self) -> None:
        await self.client.start(self._token)

    def _was_well(self) -> bool:
        return self.client.was_ready

    def _refused(self, error: Exception) -> ConfigError | None:
        """Return what ends it for good; a new client asks how many shards there should be, but not through a proxy."""
        sharding = isinstance(error, discord.ConnectionClosed) and error.code in _SHARDING
        return None if sharding and not self._gateway else refusal(error)
