"""Errands for a worker to do, in ways that a test decides on."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Collection, Sequence
from datetime import datetime, timedelta

from adapters.storage.errand_queue import SqlErrandQueue
from adapters.storage.work import SqlStorage
from bot.errands import Errand
from bot.errors import StorageError
from scheduler.errands import Errander
from tests.support.world import MONDAY, StillClock

PATIENCE = 5.0
"""Seconds after which something that must end is given up; nothing here takes as long."""
SECOND = timedelta(seconds=1)


class Queue(SqlErrandQueue):
    """Sees how many claims are under way at once, waits with them while it is told to, and fails when it is told to."""

    def __init__(self, storage: SqlStorage) -> None:
        super().__init__(storage)
        self.open = asyncio.Event()
        self.open.set()
        self.claims = self.under_way = self.most = self.claims_fail = self.retries_fail = 0

    async def claim(
        self, owner: str, platforms: Collection[str], now: datetime, until: datetime, limit: int
    ) -> Sequence[Errand]:
        self.claims += 1
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            if self.claims_fail:
                self.claims_fail -= 1
                raise StorageError("it is away")
            claimed = await super().claim(owner, platforms, now, until, limit)
            await self.open.wait()
            return claimed
        finally:
            self.under_way -= 1

    async def retry(self, errand: Errand, owner: str, at: datetime) -> None:
        if self.retries_fail:
            self.retries_fail -= 1
            raise StorageError("it is away")
        await super().retry(errand, owner, at)


class Work:
    """Errands to do, and one or more workers at them; each kind has its own way to be done."""

    def __init__(self, storage: SqlStorage) -> None:
        self.storage = storage
        self.queue = Queue(storage)
        self.clock = StillClock()
        self.platforms = ["test"]
        self.gate, self.late_gate = asyncio.Event(), asyncio.Event()
        self.seen: Counter[str] = Counter()
        self.under_way = self.most = 0
        self.error: Exception = ValueError("the words of an error")

    def worker(self, owner: str = "a") -> Errander:
        handlers = {"quick": self.quick, "slow": self.slow, "late": self.late, "fails": self.fails, "slot": self.slot}
        return Errander(self.queue, handlers, lambda: self.platforms, self.clock, owner)

    async def add(self, kind: str, *numbers: int, at: datetime = MONDAY, platform: str = "test") -> None:
        async with self.storage.transaction() as work:
            for number in numbers:
                await work.errands.add(f"{kind}:{number}", kind, platform, number, at)

    async def finish(self, errand: Errand, owner: str) -> None:
        async with self.storage.transaction() as work:
            await work.errands.finish(errand, owner, self.clock.now())

    async def left(self) -> list[str]:
        """Return what is due some day to whoever asks: it was not done."""
        later = self.clock.now() + timedelta(days=999)
        return [one.key for one in await SqlErrandQueue(self.storage).claim("z", ["test"], later, later, 9999)]

    async def quick(self, errand: Errand, owner: str) -> None:
        self.seen[errand.key] += 1
        await self.finish(errand, owner)

    async def late(self, errand: Errand, owner: str) -> None:
        await self._wait(errand, owner, self.late_gate)

    async def slow(self, errand: Errand, owner: str) -> None:
        await self._wait(errand, owner, self.gate)

    async def _wait(self, errand: Errand, owner: str, gate: asyncio.Event) -> None:
        self.seen[errand.key] += 1
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            await gate.wait()
            await self.finish(errand, owner)
        finally:
            self.under_way -= 1

    async def fails(self, errand: Errand, _: str) -> None:
        self.seen[errand.key] += 1
        raise self.error

    async def slot(self, errand: Errand, owner: str) -> None:
        """Leave something to do, as the slot of a schedule leaves its post."""
        await self.add("quick", errand.subject)
        await self.quick(errand, owner)


async def within(act: Awaitable[None]) -> None:
    """Wait for something that must end soon."""
    async with asyncio.timeout(PATIENCE):
        await act
