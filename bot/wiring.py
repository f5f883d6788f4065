"""Everything that one process needs, built from the settings: engine, stores, bank, services."""

from __future__ import annotations

import random
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

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
from bot.config import Settings
from bot.dispatch import Dispatcher
from bot.errors import ConfigError, StorageError
from bot.features.routes import all_routes
from bot.features.services import Services, make_services
from bot.ports import Clock
from bot.posting import Posting
from bot.practice.calendar import Calendar, Season
from bot.practice.service import Rules
from questions.bank import Bank, load_bank

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
    services = make_services(storage, bank, clock, chance, rules, Posting())
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
