"""The one composition root: settings become an engine, services, adapters and a scheduler; nothing else builds them."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import structlog

from adapters.browser.app import BrowserApp
from adapters.browser.platform import CHANNELS, WORKSPACE, BrowserPlatform
from adapters.clock import SystemClock
from adapters.storage.engine import read_url
from adapters.storage.migrate import migrate
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
from bot.practice.calendar import Calendar, Season
from bot.practice.service import Practice, Rules
from bot.refs import ChannelRef
from questions.bank import Bank, load_bank
from scheduler.sweep import Chore, Sweep
from scheduler.ticker import Ticker

PARTS = ("browser", "scheduler")
"""What one process can run."""
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
    )
    dispatcher = Dispatcher(all_routes(bank), services, lambda: secrets.token_hex(4))
    return Warmup(storage, SqlTranscript(storage), clock, bank, services, dispatcher)


async def run(settings: Settings, parts: Collection[str], stop: asyncio.Event, started: Callable[[str], None]) -> None:
    """Run parts until ``stop`` is set, then finish what is under way and close; ``started`` is told where to look.

    Raises ConfigError, StorageError or BankError when it cannot start.
    """
    async with build(settings) as warmup, AsyncExitStack() as running:
        running.push_async_callback(warmup.dispatcher.drain, STOP_SECONDS)
        said = "Warmup's scheduler is running."
        if "scheduler" in parts:
            _start_scheduler(warmup, running)
        if "browser" in parts:
            port = await _start_browser(settings, warmup, running)
            host = f"[{settings.host}]" if ":" in settings.host else settings.host
            said = f"Warmup is at http://{host}:{port} — {len(warmup.bank.questions)} questions. Ctrl+C stops it."
        started(said)
        await stop.wait()
        log.info("stopping")


async def _start_browser(settings: Settings, warmup: Warmup, running: AsyncExitStack) -> int:
    app = BrowserApp(warmup.transcript, warmup.dispatcher, warmup.clock)
    port = await app.start(settings.host, settings.port)
    running.push_async_callback(app.stop, STOP_SECONDS)
    if await warmup.transcript.newest_seq() == 0:
        first = ChannelRef(WORKSPACE, next(iter(CHANNELS)))
        await BrowserPlatform(app.hub).send(first, greeting())
    return port


def _start_scheduler(warmup: Warmup, running: AsyncExitStack) -> None:
    trim = Chore("browser transcript", lambda: warmup.transcript.trim(TRANSCRIPT_KEPT))
    ticker = Ticker(Sweep((trim,)).tick, TICK_SECONDS, warmup.clock.now)
    ticker.start()
    running.push_async_callback(ticker.stop, STOP_SECONDS)
