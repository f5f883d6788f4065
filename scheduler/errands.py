"""Do what is due: claim errands, several at once but not too many, and give back those that could not be done yet."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.errands import Errand, ErrandQueue
from bot.errors import PlatformError, RateLimited, StorageError, where
from bot.ports import Clock

Handler = Callable[[Errand, str], Awaitable[None]]
"""Does an errand and finishes it, in the transaction that keeps what came of it; the text is its owner."""

LEASE = timedelta(seconds=60)
"""How long a claim holds without being renewed: after a crash an errand waits so long for another process."""
RENEWALS = 3
"""Times that a claim is renewed within its lease."""
AT_ONCE = 32
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0
"""Seconds before another attempt, doubled each time."""
DOUBLED = 6
"""Attempts after which the pause is the longest."""
MOST_FAILURES = 12
"""Attempts after which an errand that breaks for no known reason is given up."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Timing:
    """How fast the scheduler is; tests are impatient."""

    tick: float = 1.0
    lease: timedelta = LEASE


STEADY = Timing()


class Errander:
    """One worker; ``owner`` names it among all processes, for as long as it lives."""

    def __init__(
        self,
        queue: ErrandQueue,
        handlers: Mapping[str, Handler],
        platforms: Callable[[], Collection[str]],
        clock: Clock,
        owner: str,
        lease: timedelta = LEASE,
    ) -> None:
        self._queue = queue
        self._handlers = handlers
        self._platforms = platforms
        self._clock = clock
        self._owner = owner
        self._lease = lease
        self._renewed: datetime | None = None
        self._running: set[asyncio.Task[None]] = set()
        self._unreturned: list[tuple[Errand, datetime]] = []
        self._pumping: asyncio.Task[None] | None = None
        self._woken = asyncio.Event()
        self._stopping = False

    async def tick(self) -> None:
        """Begin whatever is due, and keep what is under way; does not wait for it."""
        unreturned, self._unreturned = self._unreturned, []
        for errand, at in unreturned:
            if errand.key not in {task.get_name() for task in self._running}:
                await self._return(errand, at)
        await self._renew(self._clock.now())
        self._woken.set()
        if self._pumping is None or self._pumping.done():
            self._pumping = asyncio.create_task(self._pump())

    async def stop(self, seconds: float) -> None:
        """Begin nothing more, and let what is under way end, at most that long; leases of the rest run out."""
        self._stopping = True
        self._woken.set()
        tasks = [*self._running, *([self._pumping] if self._pumping else [])]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=1)

    async def settle(self) -> None:
        """Wait until nothing that is due now is left."""
        await self.tick()
        while self._running or (self._pumping is not None and not self._pumping.done()):
            await asyncio.wait([*self._running, *([self._pumping] if self._pumping else [])])

    async def _pump(self) -> None:
        """Claim whenever there may be more and there is room for it, until nothing is left nor under way."""
        try:
            while not self._stopping and (platforms := self._platforms()):
                self._woken.clear()
                free = AT_ONCE - len(self._running)
                if free > AT_ONCE // 4 and await self._begin(platforms, free):
                    continue
                if not self._running and not self._woken.is_set():
                    return
                await self._woken.wait()  # one is done, and may have left more to do; or it is time to look again
        except StorageError as error:
            log.error("errands not claimed", error=str(error))
        except Exception as error:  # the next tick must still come
            log.error("errands not claimed", kind=type(error).__name__, where=where(error))

    async def _begin(self, platforms: Collection[str], most: int) -> bool:
        """Claim what is due and begin with it; false if there is nothing."""
        now = self._clock.now()
        await self._renew(now)  # else a lease of its own that ran out would be claimed once more
        claimed = await self._queue.claim(self._owner, platforms, now, now + self._lease, most)
        self._renewed = self._renewed or now
        for errand in claimed:
            if self._stopping:  # nobody would wait for it any more
                await self._return(errand, now)
                continue
            task = asyncio.create_task(self._do(errand), name=errand.key)
            self._running.add(task)
            task.add_done_callback(self._ended)
        return bool(claimed)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._woken.set()

    async def _renew(self, now: datetime) -> None:
        if self._running and (self._renewed is None or now - self._renewed >= self._lease / RENEWALS):
            await self._queue.renew(self._owner, now + self._lease)
            self._renewed = now

    async def _do(self, errand: Errand) -> None:
        try:
            await self._handlers[errand.kind](errand, self._owner)
        except Exception as error:  # whatever it was, somebody tries again
            await self._give_back(errand, error)

    async def _give_back(self, errand: Errand, error: Exception) -> None:
        known = isinstance(error, PlatformError | StorageError)
        details = {} if known else {"where": where(error)}
        pause = LONGEST_PAUSE if errand.attempts > DOUBLED else FIRST_PAUSE * 2 ** (errand.attempts - 1)
        if isinstance(error, RateLimited):
            pause = max(pause, error.retry_after)
        if not known and errand.attempts >= MOST_FAILURES:
            pause = timedelta(days=1).total_seconds()
        log.warning(
            "errand not done", errand=errand.key, kind=type(error).__name__, attempt=errand.attempts, again_in=pause,
            **details,
        )  # fmt: skip
        await self._return(errand, self._clock.now() + timedelta(seconds=pause))

    async def _return(self, errand: Errand, at: datetime) -> None:
        try:
            await self._queue.retry(errand, self._owner, at)
        except StorageError:  # the next tick does it: with what else is under way its lease would be renewed for ever
            self._unreturned.append((errand, at))
            log.error("errand not given back", errand=errand.key)
