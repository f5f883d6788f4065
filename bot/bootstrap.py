"""The one composition root: settings become an engine, services, adapters and a scheduler; nothing else builds them."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import structlog

from adapters.browser.app import BrowserApp
from adapters.browser.platform import CHANNELS, WORKSPACE, BrowserPlatform
from adapters.clock import SystemClock
from adapters.storage.claims import SqlClaims
from adapters.storage.command_syncs import SqlCommandSyncs
from adapters.storage.engine import read_url
from adapters.storage.migrate import migrate
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
TRANSCRIPT_KEPT = 5000
"""Messages that the browser page remembers."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Warmup:
    """Everything that one process needs, built."""

    storage: SqlStorage
    transcript: SqlTranscript
    claims: SqlClaims
    presence: SqlPresence
    command_syncs: SqlCommandSyncs
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
        clock=clock,
        bank=bank,
        services=services,
        dispatcher=dispatcher,
    )


def parts_of(settings: Settings) -> tuple[str, ...]:
    """Return what ``run all`` runs: each platform that is configured, else the browser page; and the scheduler."""
    platforms = ("discord",) if settings.discord_token else ("browser",)
    return (*platforms, "scheduler")


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
        if "discord" in parts:
            ends.append(_start_discord(settings, warmup, running, started))
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        log.info("stopping")
        for end in ends:
            if end.done():
                await end
        ends[0].cancel()


async def _start_browser(settings: Settings, warmup: Warmup, running: AsyncExitStack) -> str:
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
    settings: Settings, warmup: Warmup, running: AsyncExitStack, started: Callable[[str], None]
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
    living = app.start()
    running.push_async_callback(app.stop, STOP_SECONDS)
    return living


def _start_scheduler(warmup: Warmup, running: AsyncExitStack) -> None:
    chores = (
        Chore("browser transcript", lambda: warmup.transcript.trim(TRANSCRIPT_KEPT)),
        Chore("claims", warmup.claims.trim),
    )
    ticker = Ticker(Sweep(chores).tick, TICK_SECONDS, warmup.clock.now)
    ticker.start()
    running.push_async_callback(ticker.stop, STOP_SECONDS)
