"""APScheduler ticks at once and again, never overlaps, and stops without cutting a tick off."""

from __future__ import annotations

import asyncio

from adapters.clock import SystemClock
from scheduler.ticker import Ticker


async def test_it_ticks_at_once_and_again() -> None:
    ticks: list[None] = []
    enough = asyncio.Event()

    async def tick() -> None:
        ticks.append(None)
        if len(ticks) == 3:
            enough.set()

    ticker = Ticker(tick, 0.02, SystemClock().now)
    ticker.start()
    async with asyncio.timeout(10):
        await enough.wait()
    await ticker.stop(1)
    seen = len(ticks)
    await asyncio.sleep(0.1)
    assert len(ticks) == seen
    assert ticker.last is not None


async def test_a_slow_tick_is_never_overlapped() -> None:
    under_way = most = 0
    ended = asyncio.Event()

    async def tick() -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.1)
        under_way -= 1
        ended.set()

    ticker = Ticker(tick, 0.01, SystemClock().now)
    ticker.start()
    async with asyncio.timeout(10):
        await ended.wait()
    await ticker.stop(1)
    assert most == 1


async def test_stopping_waits_for_the_tick_that_runs() -> None:
    begun, finished = asyncio.Event(), asyncio.Event()

    async def tick() -> None:
        begun.set()
        await asyncio.sleep(0.1)
        finished.set()

    ticker = Ticker(tick, 60, SystemClock().now)
    ticker.start()
    async with asyncio.timeout(10):
        await begun.wait()
    await ticker.stop(5)
    assert finished.is_set()


async def test_stopping_before_starting_does_nothing() -> None:
    async def tick() -> None:
        raise AssertionError("it was never started")

    await Ticker(tick, 60, SystemClock().now).stop(1)
