"""Handing errands out: oldest first, each to one worker, and to another when a lease has run out."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from adapters.storage.errand_queue import SqlErrandQueue
from adapters.storage.work import SqlStorage, open_storage
from bot.errands import Errand
from tests.support.world import MONDAY

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
LEASE = timedelta(seconds=60)
CROWD = 6


@pytest.fixture
def queue(storage: SqlStorage) -> SqlErrandQueue:
    return SqlErrandQueue(storage)


async def _add(storage: SqlStorage, *keys: str, at: datetime = MONDAY, platform: str = "test") -> None:
    async with storage.transaction() as work:
        for key in keys:
            kind, _, subject = key.partition(":")
            assert await work.errands.add(key, kind, platform, int(subject), at)


async def _claim(
    queue: SqlErrandQueue,
    owner: str = "a",
    now: datetime = MONDAY,
    platforms: Sequence[str] = ("test",),
    limit: int = 99,
) -> list[Errand]:
    return list(await queue.claim(owner, platforms, now, now + LEASE, limit))


async def _keys(
    queue: SqlErrandQueue,
    owner: str = "a",
    now: datetime = MONDAY,
    platforms: Sequence[str] = ("test",),
    limit: int = 99,
) -> list[str]:
    return [errand.key for errand in await _claim(queue, owner, now, platforms, limit)]


async def _finish(storage: SqlStorage, errand: Errand, owner: str, at: datetime | None = None) -> None:
    async with storage.transaction() as work:
        await work.errands.finish(errand, owner, MONDAY, at)


async def test_the_oldest_come_first_and_posts_before_slots_at_one_instant(
    storage: SqlStorage, queue: SqlErrandQueue
) -> None:
    await _add(storage, "slot:1", "post:9", "slot:2", "post:10", "reveal:3")
    await _add(storage, "slot:7", at=MONDAY - HOUR)
    await _add(storage, "post:8", at=MONDAY - SECOND)
    await _add(storage, "post:0", at=MONDAY + SECOND)
    ordered = ["slot:7", "post:8", "post:10", "post:9", "reveal:3", "slot:1", "slot:2"]
    found = [await _keys(queue, limit=limit) for limit in (1, 2, 3, 99)]
    assert found == [ordered[:1], ordered[1:3], ordered[3:6], ordered[6:]]


@pytest.mark.parametrize("limit", [1, 3, 32])
@pytest.mark.parametrize("known", [0, 1, 40])
async def test_never_more_than_the_limit_are_claimed(
    storage: SqlStorage, queue: SqlErrandQueue, limit: int, known: int
) -> None:
    keys = [f"post:{number:02}" for number in range(80)]
    await _add(storage, *keys[:known])
    async with storage.writing() as statements:  # how PostgreSQL goes about it depends on what it knows of the table
        await statements.execute(text("ANALYZE errands"))
    await _add(storage, *keys[known:])
    assert await _keys(queue, limit=limit) == keys[:limit]
    assert await _keys(queue, limit=limit) == keys[limit : 2 * limit]


async def test_only_what_is_due_on_the_given_platforms_is_claimed(storage: SqlStorage, queue: SqlErrandQueue) -> None:
    for number, platform in enumerate(("discord", "slack", "browser")):
        await _add(storage, f"post:{number}", platform=platform)
    found = [
        await _keys(queue, platforms=platforms) for platforms in ((), ("other",), ("slack",), ("browser", "discord"))
    ]
    assert found == [[], [], ["post:1"], ["post:0", "post:2"]]


async def test_nothing_is_due_before_its_instant(storage: SqlStorage, queue: SqlErrandQueue) -> None:
    await _add(storage, "post:1", at=MONDAY + timedelta(microseconds=1000))
    assert await _keys(queue) == []
    assert await _keys(queue, now=MONDAY + timedelta(microseconds=1000)) == ["post:1"]


async def test_each_errand_goes_to_exactly_one_of_many_claimers(storage: SqlStorage) -> None:
    keys = [f"post:{number}" for number in range(120)]
    await _add(storage, *keys)
    async with AsyncExitStack() as opened:
        engines = [storage, *(open_storage(storage.engine.url) for _ in range(CROWD - 1))]
        for engine in engines[1:]:
            opened.push_async_callback(engine.close)

        async def work(number: int) -> list[str]:
            queue, mine = SqlErrandQueue(engines[number]), list[str]()
            while claimed := await _keys(queue, f"worker-{number}", limit=7):
                assert len(claimed) <= 7
                mine += claimed
            return mine

        for _ in range(3):
            shares = await asyncio.gather(*map(work, range(CROWD)))
            assert Counter(key for share in shares for key in share) == Counter(keys)
            for number, share in enumerate(shares):
                for key in share:
                    await _finish(storage, _named(key), f"worker-{number}", MONDAY)


def _named(key: str) -> Errand:
    return Errand(key, "post", "test", 0, "", MONDAY, attempts=1, began=None)


async def test_a_claim_does_not_wait_for_one_that_is_under_way(storage: SqlStorage, queue: SqlErrandQueue) -> None:
    if storage.engine.dialect.name == "sqlite":
        return  # SQLite has one writer
    await _add(storage, "post:1", "post:2")
    other = open_storage(storage.engine.url)
    async with storage.transaction() as work, asyncio.timeout(5):
        assert await work.errands.move("post:1", MONDAY)
        assert await _keys(SqlErrandQueue(other)) == ["post:2"]
    await other.close()
    assert await _keys(queue) == ["post:1"]


async def test_a_claim_counts_and_tells_when_the_first_was(storage: SqlStorage, queue: SqlErrandQueue) -> None:
    await _add(storage, "post:1")
    seen = []
    for number in range(4):
        (claimed,) = await _claim(queue, f"worker-{number}", MONDAY + number * LEASE)
        seen.append((claimed.attempts, claimed.began, claimed.due_at))
    assert seen == [(1, None, MONDAY), (2, MONDAY, MONDAY), (3, MONDAY, MONDAY), (4, MONDAY, MONDAY)]


async def test_when_a_lease_has_run_out_somebody_else_gets_it_and_the_first_owner_changes_nothing(
    storage: SqlStorage, queue: SqlErrandQueue
) -> None:
    await _add(storage, "post:1")
    (first,) = await _claim(queue, "a")
    assert await _claim(queue, "b", MONDAY + LEASE - SECOND) == []
    (second,) = await _claim(queue, "b", MONDAY + LEASE)
    await _finish(storage, first, "a")
    await _finish(storage, first, "a", MONDAY)
    await queue.retry(first, "a", MONDAY)
    await queue.renew("a", MONDAY)
    assert await _claim(queue, "c", MONDAY + 2 * LEASE - SECOND) == []
    await _finish(storage, second, "b")
    assert await _claim(queue, "c", MONDAY + 3 * LEASE) == []


async def test_what_is_given_back_is_claimed_again_at_its_instant_by_anybody(
    storage: SqlStorage, queue: SqlErrandQueue
) -> None:
    await _add(storage, "post:1", "post:2")
    first, _ = await _claim(queue, "a")
    await queue.retry(first, "a", MONDAY + 5 * SECOND)
    assert await _claim(queue, "b", MONDAY + 4 * SECOND) == []
    (more,) = await _claim(queue, "b", MONDAY + 5 * SECOND)
    assert more == Errand("post:1", "post", "test", 1, "", MONDAY, attempts=2, began=MONDAY)
    await _finish(storage, first, "a")  # it is not the first owner's any more
    assert await _keys(queue, "c", MONDAY + 5 * SECOND + LEASE) == ["post:1", "post:2"]


async def test_renewing_keeps_all_that_an_owner_has_and_nothing_else(
    storage: SqlStorage, queue: SqlErrandQueue
) -> None:
    await _add(storage, "post:1", "post:2", "post:3", "post:4")
    (given_back,) = await _claim(queue, "a", limit=1)
    assert await _keys(queue, "a", limit=2) == ["post:2", "post:3"]
    assert await _keys(queue, "b") == ["post:4"]
    await queue.retry(given_back, "a", MONDAY + 2 * SECOND)
    await queue.renew("a", MONDAY + 2 * LEASE)
    assert await _keys(queue, "c", MONDAY + 2 * SECOND) == ["post:1"]
    await _finish(storage, given_back, "c")
    assert await _keys(queue, "c", MONDAY + 2 * LEASE - SECOND) == ["post:4"]
    assert await _keys(queue, "d", MONDAY + 2 * LEASE) == ["post:2", "post:3"]
    await queue.renew("nobody", MONDAY)
    assert await _keys(queue, "e", MONDAY + 2 * LEASE + SECOND) == []
