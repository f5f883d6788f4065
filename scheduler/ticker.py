"""APScheduler, used for one thing: to tick. What is due is decided by rows and clocks, never by a job store."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.errors import where

log = structlog.get_logger(__name__)


class Ticker:
    """Calls ``tick`` at once and then every ``seconds``; a tick never overlaps the one before."""

    def __init__(self, tick: Callable[[], Awaitable[None]], seconds: float, now: Callable[[], datetime]) -> None:
        self._tick = tick
        self._seconds = seconds
        self._now = now
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._first: asyncio.Task[None] | None = None
        self._running = asyncio.Lock()
        self.last: datetime | None = None
        """When the last tick ended well."""

    def start(self) -> None:
        """Begin to tick; needs the running loop."""
        self._scheduler.add_job(
            self._once,
            "interval",
            seconds=self._seconds,
            id="tick",
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
        self._scheduler.start()
        self._first = asyncio.create_task(self._once())

    async def stop(self, seconds: float) -> None:
        """Tick no more, and let a running tick end, at most that long: APScheduler itself would cancel it."""
        if not self._scheduler.running:
            return
        self._scheduler.pause()
        try:
            async with asyncio.timeout(seconds):
                await self._running.acquire()
        except TimeoutError:
            pass
        self._scheduler.shutdown(wait=False)
        if self._first is not None:
            self._first.cancel()

    async def _once(self) -> None:
        async with self._running:
            try:
                await self._tick()
            except Exception as error:  # the next tick must still come
                log.error("tick failed", kind=type(error).__name__, where=where(error))
            else:
                self.last = self._now()
