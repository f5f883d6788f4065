"""The worker keeps what it is at, and lets go of it when it stops."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from adapters.storage.work import SqlStorage
from scheduler.errands import AT_ONCE, LEASE, RENEWALS
from tests.support.waiting import until
from tests.support.world import MONDAY
from tests.unit.scheduler.errand_work import PATIENCE, SECOND, Work, within


@pytest.fixture
def work(storage: SqlStorage) -> Work:
    return Work(storage)


async def test_stopping_waits_for_what_is_under_way_and_begins_nothing_more(work: Work) -> None:
    await work.add("slow", *range(AT_ONCE + 5))
    worker = work.worker()
    await worker.tick()
    await until(lambda: work.under_way == AT_ONCE)
    stopping = asyncio.create_task(worker.stop(PATIENCE))
    await asyncio.wait({stopping}, timeout=0.05)
    assert not stopping.done()
    work.gate.set()
    await within(stopping)
    await worker.settle()
    assert (work.under_way, len(work.seen)) == (0, AT_ONCE)
    await work.worker("b").settle()
    assert (len(work.seen), set(work.seen.values())) == (AT_ONCE + 5, {1})


async def test_stopping_cuts_off_what_does_not_end_and_its_lease_runs_out(work: Work) -> None:
    await work.add("slow", 1)
    worker = work.worker()
    await worker.tick()
    await until(lambda: work.under_way == 1)
    await within(worker.stop(0.02))
    assert work.under_way == 0
    work.gate.set()
    work.clock.at = MONDAY + LEASE - SECOND
    await work.worker("b").settle()
    assert work.seen["slow:1"] == 1
    work.clock.at = MONDAY + LEASE
    await work.worker("b").settle()
    assert work.seen["slow:1"] == 2
    assert await work.left() == []


async def test_what_is_claimed_while_it_stops_is_given_back(work: Work) -> None:
    await work.add("quick", 1, 2)
    worker = work.worker()
    work.queue.open.clear()
    await worker.tick()
    await until(lambda: work.queue.under_way == 1)
    stopping = asyncio.create_task(worker.stop(PATIENCE))
    await asyncio.wait({stopping}, timeout=0.05)
    work.queue.open.set()
    await within(stopping)
    assert work.seen == Counter()
    await work.worker("b").settle()
    assert work.seen == {"quick:1": 1, "quick:2": 1}


async def test_a_worker_that_never_ticked_stops_at_once(work: Work) -> None:
    await within(work.worker().stop(PATIENCE))


async def test_what_is_slow_is_kept_by_ticks_and_lost_without_them(work: Work) -> None:
    await work.add("slow", 1)
    worker, other = work.worker("a"), work.worker("b")
    await worker.tick()
    await until(lambda: work.under_way == 1)
    for _ in range(3 * RENEWALS):
        work.clock.at += LEASE / RENEWALS
        await worker.tick()
        await other.settle()
    assert work.seen["slow:1"] == 1
    work.clock.at += LEASE - SECOND
    await other.settle()
    assert work.seen["slow:1"] == 1
    work.clock.at += SECOND
    await other.tick()
    await until(lambda: work.seen["slow:1"] == 2)
    work.gate.set()
    await asyncio.gather(worker.settle(), other.settle())
    assert await work.left() == []


async def test_after_a_long_sleep_of_the_machine_nothing_is_begun_twice_by_one_worker(work: Work) -> None:
    await work.add("slow", 1)
    await work.add("late", 2)
    worker = work.worker()
    await worker.tick()
    await until(lambda: work.under_way == 2)
    await until(lambda: work.queue.under_way == 0)
    work.clock.pass_time(hours=8)
    await work.add("quick", 3)
    work.late_gate.set()  # one that ends then has more claimed before the next tick
    await until(lambda: work.seen["quick:3"] == 1)
    assert work.seen == {"slow:1": 1, "late:2": 1, "quick:3": 1}
    work.gate.set()
    await worker.settle()
    assert work.seen["slow:1"] == 1
