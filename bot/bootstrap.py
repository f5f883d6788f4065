"""The one composition root: settings become an engine, services, adapters and a scheduler; nothing else builds them."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Callable, Collection
from contextlib import AsyncExitStack
from datetime import timedelta

import structlog

from adapters.storage.errand_queue import SqlErrandQueue
from bot.config import Settings
from bot.connections import (
    SCHEDULER,
    STOP_SECONDS,
    SWEEP_SECONDS,
    Health,
    start_browser,
    start_discord,
    start_slack,
    start_speakers,
)
from bot.ports import Clock
from bot.wiring import Warmup, build
from scheduler.errands import LEASE, STEADY, Errander, Timing
from scheduler.handlers import all_handlers
from scheduler.sweep import Chore, Sweep
from scheduler.ticker import Ticker

TRANSCRIPT_KEPT = 5000
"""Messages that the browser page remembers."""

ERRANDS_SECONDS = 1.5
"""How long a stop waits for errands: those that are cut off are taken up again, and platforms need time to stop too."""

log = structlog.get_logger(__name__)


def parts_of(settings: Settings) -> tuple[str, ...]:
    """Return what ``run all`` runs: each platform that is configured, else the browser page; and the scheduler."""
    platforms = [*(["discord"] if settings.discord_token else []), *(["slack"] if settings.slack else [])]
    return (*(platforms or ["browser"]), "scheduler")


async def run(
    settings: Settings,
    parts: Collection[str],
    stop: asyncio.Event,
    started: Callable[[str], None],
    *,
    clock: Clock | None = None,
    timing: Timing = STEADY,
) -> None:
    """Run parts until ``stop`` is set, then finish what is under way and close; ``started`` is told where to look.

    Raises ConfigError, StorageError or BankError when it cannot start, or when a platform refuses it for good.
    """
    async with build(settings, clock=clock) as warmup, AsyncExitStack() as running:
        running.push_async_callback(warmup.dispatcher.drain, STOP_SECONDS)
        ends = [asyncio.create_task(stop.wait())]
        if "browser" in parts:
            started(await start_browser(settings, warmup, running))
        health = Health(warmup)
        if "discord" in parts:
            ends.append(start_discord(settings, warmup, running, started, health))
        if "slack" in parts:
            ends.append(start_slack(settings, warmup, running, started, health))
        if "scheduler" in parts:
            ends += start_speakers(settings, warmup, running, parts, health)
            _start_scheduler(warmup, running, timing)  # the last to start stops first: what it says needs the others
        if parts == ("scheduler",):
            started("Warmup's scheduler is running.")
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        log.info("stopping")
        for end in ends:
            if end.done():
                await end
        ends[0].cancel()


def _start_scheduler(warmup: Warmup, running: AsyncExitStack, timing: Timing) -> None:
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

    sweeping = Ticker(tick, SWEEP_SECONDS, warmup.clock.now)
    sweeping.start()
    running.push_async_callback(sweeping.stop, STOP_SECONDS)
    errander = make_errander(warmup, timing.lease)
    running.push_async_callback(errander.stop, ERRANDS_SECONDS)
    ticking = Ticker(errander.tick, timing.tick, warmup.clock.now)
    ticking.start()
    running.push_async_callback(ticking.stop, STOP_SECONDS)


def make_errander(warmup: Warmup, lease: timedelta = LEASE) -> Errander:
    """Return the worker that does whatever is due on the platforms that are connected."""
    services, storage, clock = warmup.services, warmup.storage, warmup.clock
    handlers = all_handlers(storage, services, clock)
    owner = f"{os.getpid()}-{secrets.token_hex(4)}"  # a process id alone may come again
    return Errander(SqlErrandQueue(storage), handlers, lambda: services.posting.names, clock, owner, lease)
