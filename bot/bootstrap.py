"""The one composition root: settings become an engine, services, adapters and a scheduler; nothing else builds them."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from pydantic import SecretStr

from adapters.clock import SystemClock
from adapters.storage.claims import SqlClaims
from adapters.storage.command_syncs import SqlCommandSyncs
from adapters.storage.engine import read_url
from adapters.storage.heartbeats import SqlHeartbeats
from adapters.storage.installations import SqlInstallations
from adapters.storage.migrate import migrate
from adapters.storage.oauth_states import SqlOAuthStates
from adapters.storage.posts import SqlPostLog
from adapters.storage.presence import SqlPresence
from adapters.storage.transcript import SqlTranscript
from adapters.storage.work import SqlStorage, open_storage
from bot.competition.boards import Boards
from bot.config import Settings
from bot.dispatch import Dispatcher
from bot.errors import ConfigError, StorageError
from bot.features.help import greeting
from bot.features.routes import all_routes
from bot.features.services import Services
from bot.people.profile import Profiles
from bot.ports import Clock
from bot.posting import Posting
from bot.practice.calendar import Calendar, Season
from bot.practice.service import Practice, Rules
from bot.refs import ChannelRef
from questions.bank import Bank, load_bank
from scheduler.sweep import Chore, Sweep
from scheduler.ticker import Ticker

STOP_SECONDS = 3.0
"""How long a stop waits for what is under way, of the five seconds that hosts give."""
TICK_SECONDS = 20.0
HEALTH_SECONDS = 2.0
"""How long a question for the state of the database may take."""
TRANSCRIPT_KEPT = 5000
"""Messages that the browser page remembers."""

SCHEDULER = "scheduler"
"""The heartbeat of whichever process runs the scheduler."""
LATE = timedelta(seconds=3 * TICK_SECONDS)
"""When a heartbeat is missed."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Warmup:
    """Everything that one process needs, built."""

    storage: SqlStorage
    transcript: SqlTranscript
    claims: SqlClaims
    presence: SqlPresence
    command_syncs: SqlCommandSyncs
    installations: SqlInstallations
    oauth_states: SqlOAuthStates
    posts: SqlPostLog
    heartbeats: SqlHeartbeats
    clock: Clock
    bank: Bank
    services: Services
    dispatcher: Dispatcher[Services]


@asynccontextmanager
async def build(
    settings: Settings, *, clock: Clock | None = None, chance: random.Random | None = None, bank: Bank | None = None
) -> AsyncIterator[Warmup]:
    """Open and migrate the database, load the bank and wire everything; close it all at the end.

    Raises ConfigError, StorageError or BankError.
    """
    try:
        storage = open_storage(read_url(settings.database_url.get_secret_value()))
    except StorageError as error:
        raise ConfigError([f"DATABASE_URL: {error}"]) from error
    try:
        before, after = await migrate(storage.engine)
        if before != after:
            log.info("database migrated", before=before, after=after)
        yield _wire(settings, storage, clock or SystemClock(), chance or random.SystemRandom(), bank or load_bank())
    finally:
        await storage.close()


def _wire(settings: Settings, storage: SqlStorage, clock: Clock, chance: random.Random, bank: Bank) -> Warmup:
    calendar = Calendar(settings.zone, Season(settings.season))
    rules = Rules(calendar, settings.daily_cap)
    services = Services(
        practice=Practice(storage, bank, clock, chance, rules),
        profiles=Profiles(storage, clock, rules),
        boards=Boards(storage, clock, calendar),
        bank=bank,
        posting=Posting(),
    )
    dispatcher = Dispatcher(all_routes(bank), services, lambda: secrets.token_hex(4))
    return Warmup(
        storage=storage,
        transcript=SqlTranscript(storage),
        claims=SqlClaims(storage, clock),
        presence=SqlPresence(storage, clock),
        command_syncs=SqlCommandSyncs(storage, clock),
        installations=SqlInstallations(storage, clock),
        oauth_states=SqlOAuthStates(storage, clock),
        posts=SqlPostLog(storage, clock),
        heartbeats=SqlHeartbeats(storage, clock),
        clock=clock,
        bank=bank,
        services=services,
        dispatcher=dispatcher,
    )


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


def parts_of(settings: Settings) -> tuple[str, ...]:
    """Return what ``run all`` runs: each platform that is configured, else the browser page; and the scheduler."""
    platforms = [*(["discord"] if settings.discord_token else []), *(["slack"] if settings.slack else [])]
    return (*(platforms or ["browser"]), "scheduler")


async def run(settings: Settings, parts: Collection[str], stop: asyncio.Event, started: Callable[[str], None]) -> None:
    """Run parts until ``stop`` is set, then finish what is under way and close; ``started`` is told where to look.

    Raises ConfigError, StorageError or BankError when it cannot start, or when a platform refuses it for good.
    """
    async with build(settings) as warmup, AsyncExitStack() as running:
        running.push_async_callback(warmup.dispatcher.drain, STOP_SECONDS)
        ends = [asyncio.create_task(stop.wait())]
        if "scheduler" in parts:
            _start_scheduler(warmup, running)
        if parts == ("scheduler",):
            started("Warmup's scheduler is running.")
        if "browser" in parts:
            started(await _start_browser(settings, warmup, running))
        health = Health(warmup)
        if "discord" in parts:
            ends.append(_start_discord(settings, warmup, running, started, health))
        if "slack" in parts:
            ends.append(_start_slack(settings, warmup, running, started, health))
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        log.info("stopping")
        for end in ends:
            if end.done():
                await end
        ends[0].cancel()


async def _start_browser(settings: Settings, warmup: Warmup, running: AsyncExitStack) -> str:
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


def _start_discord(
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
        welcome=greeting(),
        api=settings.discord_api_url,
        gateway=settings.discord_gateway_url,
        connected=started,
    )
    warmup.services.posting.connect("discord", app.platform)
    health.watch("discord", app.connected)
    living = app.start()
    running.push_async_callback(app.stop, STOP_SECONDS)
    return living


def _start_slack(
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


def _start_scheduler(warmup: Warmup, running: AsyncExitStack) -> None:
    chores = (
        Chore("browser transcript", lambda: warmup.transcript.trim(TRANSCRIPT_KEPT)),
        Chore("claims", warmup.claims.trim),
        Chore("sign-ins", warmup.oauth_states.trim),
        Chore("posts", warmup.posts.trim),
    )
    sweep = Sweep(chores)

    async def tick() -> None:
        await sweep.tick()
        await warmup.heartbeats.beat(SCHEDULER)

    ticker = Ticker(tick, TICK_SECONDS, warmup.clock.now)
    ticker.start()
    running.push_async_callback(ticker.stop, STOP_SECONDS)
