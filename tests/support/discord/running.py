"""A built Warmup on the loopback Discord, all in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord.app import DiscordApp
from bot.features.help import greeting
from bot.wiring import Warmup
from tests.support.discord.server import FakeDiscord

PATIENCE = 10


@asynccontextmanager
async def on_discord(warmup: Warmup) -> AsyncIterator[FakeDiscord]:
    """Connect a Warmup as a start does; at the end nothing may have been sent that Discord would not have taken."""
    kept = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    try:
        async with FakeDiscord() as discord:
            connected = asyncio.Event()
            app = DiscordApp(
                warmup.dispatcher,
                token=discord.token,
                once=warmup.claims.take,
                presence=warmup.presence,
                syncs=warmup.command_syncs,
                welcome=greeting(),
                api=discord.api_url,
                gateway=discord.gateway_url,
                guilds_within=0.02,
                connected=lambda _: connected.set(),
            )
            app.start()
            try:
                await asyncio.wait_for(connected.wait(), PATIENCE)
                yield discord
            finally:
                await app.stop(PATIENCE)
        assert (discord.violations, discord.crashes) == ([], [])
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = kept
