"""The connections of one process: the browser page, and the platforms that it listens to or only speaks to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

from pydantic import SecretStr

from bot.config import Settings
from bot.errors import StorageError
from bot.features.help import greeting
from bot.refs import ChannelRef
from bot.wiring import Warmup

STOP_SECONDS = 3.0
"""How long a stop waits for what is under way, of the five seconds that hosts give."""
SWEEP_SECONDS = 20.0
"""Seconds between heartbeats of the scheduler."""
HEALTH_SECONDS = 2.0
"""How long a question for the state of the database may take."""
SCHEDULER = "scheduler"
"""The heartbeat of whichever process runs the scheduler."""
LATE = timedelta(seconds=3 * SWEEP_SECONDS)
"""When a heartbeat is missed."""


class Health:
    """Whether what this process needs is well: the database, its platforms, and the scheduler wherever it runs."""

    def __init__(self, warmup: Warmup) -> None:
        self._warmup = warmup
        self._platforms: dict[str, Callable[[], Awaitable[bool]]] = {}

    def watch(self, platform: str, connected: Callable[[], Awaitable[bool]]) -> None:
        """Count a platform's connection too."""
        self._platforms[platform] = connected

    async def parts(self) -> Mapping[str, bool]:
        """Return each part and whether it is well."""
        platforms = {name: await connected() for name, connected in self._platforms.items()}
        try:
            async with asyncio.timeout(HEALTH_SECONDS):
                last = await self._warmup.heartbeats.last(SCHEDULER)
        except (StorageError, TimeoutError):
            return {"database": False, SCHEDULER: False, **platforms}
        ticking = last is not None and self._warmup.clock.now() - last < LATE
        return {"database": True, SCHEDULER: ticking, **platforms}


async def start_browser(settings: Settings, warmup: Warmup, running: AsyncExitStack) -> str:
    """Serve the page, and return where it is."""
    # The page's server takes half a second to import, and only what serves the page needs it.
    from adapters.browser.app import BrowserApp  # noqa: PLC0415
    from adapters.browser.platform import CHANNELS, WORKSPACE, BrowserPlatform  # noqa: PLC0415

    app = BrowserApp(warmup.transcript, warmup.dispatcher, warmup.clock)
    port = await app.start(settings.host, settings.port)
    running.push_async_callback(app.stop, STOP_SECONDS)
    platform = BrowserPlatform(app.hub)
    warmup.services.posting.connect("browser", platform)
    if await warmup.transcript.newest_seq() == 0:
        await platform.send(ChannelRef(WORKSPACE, next(iter(CHANNELS))), greeting())
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"Warmup is at http://{host}:{port} — {len(warmup.bank.questions)} questions. Ctrl+C stops it."


def start_discord(
    settings: Settings, warmup: Warmup, running: AsyncExitStack, started: Callable[[str], None], health: Health
) -> asyncio.Task[Any]:
    """Connect in the background: the task ends when Discord refuses for good."""
    # discord.py takes a quarter of a second to import, and only what runs on Discord needs it.
    from adapters.discord.app import DiscordApp  # noqa: PLC0415

    assert settings.discord_token is not None
    app = DiscordApp(
        warmup.dispatcher,
        token=settings.discord_token.get_secret_value(),
        once=warmup.claims.take,
        presence=warmup.presence,
        syncs=warmup.command_syncs,
        clock=warmup.clock,
        welcome=greeting(),
        api=settings.discord_api_url,
        gateway=settings.discord_gateway_url,
        connected=started,
    )
    warmup.services.posting.connect("discord", app.platform, app.platform.roles)
    health.watch("discord", app.connected)
    living = app.start()
    running.push_async_callback(app.stop, STOP_SECONDS)
    return living


def start_slack(
    settings: Settings, warmup: Warmup, running: AsyncExitStack, started: Callable[[str], None], health: Health
) -> asyncio.Task[Any]:
    """Listen in the background: the task ends when Slack refuses for good."""
    # Bolt takes a quarter of a second to import, and only what runs on Slack needs it.
    from adapters.slack.app import SlackApp, Stores  # noqa: PLC0415

    credentials = slack_credentials(settings)
    app = SlackApp(
        warmup.dispatcher,
        credentials,
        Stores(warmup.presence, warmup.posts, warmup.installations, warmup.oauth_states),
        once=warmup.claims.take,
        clock=warmup.clock,
        url=settings.slack_api_url + "/",
        prefix=settings.slack_command_prefix,
        welcome=greeting(),
    )
    warmup.services.posting.connect("slack", app.platform)
    health.watch("slack", app.connected)
    # In Socket Mode nothing needs a port, unless a host gave one and asks there whether Warmup is well.
    port = None if credentials.socket and "port" not in settings.model_fields_set else settings.port
    living = app.start(started, port=port, ready=health.parts)
    running.push_async_callback(app.stop, STOP_SECONDS)
    return living


def start_speakers(
    settings: Settings, warmup: Warmup, running: AsyncExitStack, parts: Collection[str], health: Health
) -> list[asyncio.Task[Any]]:
    """Connect the scheduler to each platform that other processes listen to, so that it can post there."""
    living: list[asyncio.Task[Any]] = []
    if settings.discord_token is not None and "discord" not in parts:
        from adapters.discord.speaker import DiscordSpeaker  # noqa: PLC0415 - as above

        discord = DiscordSpeaker(
            token=settings.discord_token.get_secret_value(),
            presence=warmup.presence,
            clock=warmup.clock,
            api=settings.discord_api_url,
        )
        warmup.services.posting.connect("discord", discord.platform, discord.platform.roles)
        health.watch("discord", discord.connected)
        living.append(discord.start())
        running.push_async_callback(discord.stop, STOP_SECONDS)
    if settings.slack and "slack" not in parts:
        from adapters.slack.speaker import SlackSpeaker  # noqa: PLC0415 - as above
        from adapters.slack.voice import Stores  # noqa: PLC0415 - as above

        slack = SlackSpeaker(
            slack_credentials(settings),
            Stores(warmup.presence, warmup.posts, warmup.installations, warmup.oauth_states),
            clock=warmup.clock,
            url=settings.slack_api_url + "/",
            names=warmup.dispatcher.router.commands,
            prefix=settings.slack_command_prefix,
        )
        warmup.services.posting.connect("slack", slack.platform)
        health.watch("slack", slack.connected)
        living.append(slack.start())
        running.push_async_callback(slack.stop, STOP_SECONDS)
    return living


def slack_credentials(settings: Settings) -> Any:
    """Return what the settings say of Slack."""
    from adapters.slack.credentials import Credentials  # noqa: PLC0415

    def secret(value: SecretStr | None) -> str:
        return value.get_secret_value() if value else ""

    return Credentials(
        bot_token=secret(settings.slack_bot_token),
        app_token=secret(settings.slack_app_token),
        signing_secret=secret(settings.slack_signing_secret),
        client_id=settings.slack_client_id,
        client_secret=secret(settings.slack_client_secret),
        encryption_key=secret(settings.slack_encryption_key),
    )
