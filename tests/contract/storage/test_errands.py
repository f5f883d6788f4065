"""Errands as those who want something done see them: there once, moved and dropped unless somebody is at it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta

import pytest

from adapters.storage.errand_queue import SqlErrandQueue
from adapters.storage.errands import AGAIN
from adapters.storage.work import SqlStorage, open_storage
from bot.errands import Errand
from bot.ports import Storage, UnitOfWork
from tests.support.world import MONDAY

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
LEASE = timedelta(seconds=60)
KEY = "post:7"


async def _add(storage: Storage, key: str = KEY, at: datetime = MONDAY, detail: str = "") -> bool:
    async with storage.transaction() as work:
        return await work.errands.add(key, "post", "test", 7, at, detail)


async def _again(storage: Storage, at: datetime = MONDAY, detail: str = "") -> None:
    async with storage.transaction() as work:
        await work.errands.again(KEY, "post", "test", 7, at, detail)


async def _finish(
    storage: Storage,
    errand: Errand,
    owner: str = "a",
    now: datetime = MONDAY,
    at: datetime | None = None,
    detail: str = "",
) -> None:
    async with storage.transaction() as work:
        await work.errands.finish(errand, owner, now, at, detail)


async def _claim(storage: SqlStorage, owner: str = "a", now: datetime = MONDAY) -> list[Errand]:
    return list(await SqlErrandQueue(storage).claim(owner, ["test"], now, now + LEASE, 10))


async def _due(storage: SqlStorage, at: datetime) -> list[Errand]:
    """Return what is due at an instant and not a second before."""
    assert await _claim(storage, "early", at - SECOND) == []
    return await _claim(storage, "punctual", at)


def _errand(at: datetime = MONDAY, detail: str = "") -> Errand:
    return Errand(KEY, "post", "test", 7, detail, at, attempts=1, began=None)


async def test_what_was_added_is_done_as_it_was_said(storage: SqlStorage) -> None:
    assert await _add(storage, at=MONDAY + HOUR, detail="some 🦉 text")
    assert await _due(storage, MONDAY + HOUR) == [_errand(MONDAY + HOUR, "some 🦉 text")]


@pytest.mark.parametrize("under_way", [False, True])
async def test_what_is_to_be_done_already_is_not_added_again(storage: SqlStorage, under_way: bool) -> None:
    assert await _add(storage, detail="first")
    claimed = await _claim(storage) if under_way else []
    async with storage.transaction() as work:
        assert not await work.errands.add(KEY, "other", "elsewhere", 8, MONDAY + HOUR, "second")
        assert await work.errands.add("post:8", "post", "test", 8, MONDAY)
    if not under_way:
        claimed = await _claim(storage)
    assert _errand(detail="first") in claimed
    await _finish(storage, _errand())
    assert [one.key for one in await _claim(storage, "b", MONDAY + HOUR)] == ["post:8"]


async def test_what_was_done_can_be_added_again(storage: SqlStorage) -> None:
    await _add(storage)
    (claimed,) = await _claim(storage)
    await _finish(storage, claimed)
    assert await _add(storage)
    assert await _claim(storage) == [claimed]


async def test_many_who_add_one_errand_at_once_make_one(storage: SqlStorage) -> None:
    other = open_storage(storage.engine.url)
    added = await asyncio.gather(*(_add((storage, other)[number % 2]) for number in range(20)))
    await other.close()
    assert sorted(added) == [False] * 19 + [True]
    assert await _claim(storage) == [_errand()]


async def test_again_adds_what_is_not_there(storage: SqlStorage) -> None:
    await _again(storage, MONDAY + HOUR, "new")
    assert await _due(storage, MONDAY + HOUR) == [_errand(MONDAY + HOUR, "new")]


async def test_again_leaves_what_waits_as_it_is_and_it_is_done_once(storage: SqlStorage) -> None:
    await _add(storage, at=MONDAY + HOUR, detail="first")
    await _again(storage, MONDAY, "second")
    (claimed,) = await _due(storage, MONDAY + HOUR)
    assert claimed == _errand(MONDAY + HOUR, "first")
    await _finish(storage, claimed, "punctual", MONDAY + HOUR)
    assert await _claim(storage, now=MONDAY + 24 * HOUR) == []


async def test_again_while_it_is_under_way_has_it_done_once_more_when_it_is_finished(storage: SqlStorage) -> None:
    await _add(storage, detail="first")
    (claimed,) = await _claim(storage)
    for _ in range(3):
        await _again(storage, MONDAY + HOUR)
    assert await _claim(storage, "b", MONDAY + SECOND) == []
    finished = MONDAY + 5 * SECOND
    await _finish(storage, claimed, now=finished)
    (more,) = await _due(storage, finished + AGAIN)
    assert more == _errand(detail="first")
    await _finish(storage, more, "punctual", finished + AGAIN)
    assert await _claim(storage, now=MONDAY + 24 * HOUR) == []


async def test_again_is_not_forgotten_when_whoever_was_at_it_gives_it_back(storage: SqlStorage) -> None:
    await _add(storage)
    (claimed,) = await _claim(storage)
    await _again(storage)
    await SqlErrandQueue(storage).retry(claimed, "a", MONDAY + HOUR)
    (more,) = await _due(storage, MONDAY + HOUR)
    await _again(storage)
    await _finish(storage, more, "punctual", MONDAY + HOUR)
    assert len(await _due(storage, MONDAY + HOUR + AGAIN)) == 1


async def test_again_at_the_same_time_as_the_end_is_never_lost(storage: SqlStorage) -> None:
    other = open_storage(storage.engine.url)
    for number in range(20):
        await _again(storage, MONDAY + number * HOUR)
        (claimed,) = await _claim(storage, now=MONDAY + number * HOUR)
        acts = [_finish(storage, claimed), _again(other)]
        await asyncio.gather(*(acts if number % 2 else reversed(acts)))
        (more,) = await _claim(storage, "b", MONDAY + number * HOUR + AGAIN)
        await _finish(storage, more, "b")
    await other.close()
    assert await _claim(storage, now=MONDAY + 99 * HOUR) == []


async def test_what_is_finished_with_an_instant_is_done_then_with_another_detail(storage: SqlStorage) -> None:
    await _add(storage, detail="first")
    (claimed,) = await _claim(storage)
    await SqlErrandQueue(storage).retry(claimed, "a", MONDAY)
    (claimed,) = await _claim(storage)
    await _finish(storage, claimed, at=MONDAY + HOUR, detail="second")
    assert await _due(storage, MONDAY + HOUR) == [_errand(MONDAY + HOUR, "second")]


@pytest.mark.parametrize("at", [None, MONDAY + HOUR])
async def test_only_its_owner_finishes_it(storage: SqlStorage, at: datetime | None) -> None:
    await _add(storage)
    await _finish(storage, _errand(), "a", at=at)
    (claimed,) = await _claim(storage)
    await _finish(storage, claimed, "b", at=at)
    lapsed = MONDAY + LEASE
    (taken,) = await _due(storage, lapsed)
    assert (taken.attempts, taken.began, taken.due_at) == (2, MONDAY, MONDAY)
    await _finish(storage, claimed, "a", at=at)
    (third,) = await _due(storage, lapsed + LEASE)
    assert third.attempts == 3


async def test_what_waits_is_moved(storage: SqlStorage) -> None:
    await _add(storage)
    async with storage.transaction() as work:
        moved = [await work.errands.move(key, MONDAY + HOUR) for key in (KEY, "post:8")]
    assert moved == [True, False]
    assert await _due(storage, MONDAY + HOUR) == [_errand(MONDAY + HOUR)]


async def test_what_waits_is_dropped(storage: SqlStorage) -> None:
    await _add(storage)
    await _add(storage, "post:8")
    async with storage.transaction() as work:
        await work.errands.drop(KEY)
        await work.errands.drop("post:9")
    assert [one.key for one in await _claim(storage)] == ["post:8"]


async def test_move_and_drop_leave_alone_what_is_under_way(storage: SqlStorage) -> None:
    await _add(storage)
    await _claim(storage)
    async with storage.transaction() as work:
        assert not await work.errands.move(KEY, MONDAY)
        await work.errands.drop(KEY)
    (taken,) = await _due(storage, MONDAY + LEASE)
    assert (taken.key, taken.due_at, taken.attempts) == (KEY, MONDAY, 2)


async def test_what_was_given_back_is_moved_and_dropped(storage: SqlStorage) -> None:
    for key in (KEY, "post:8"):
        await _add(storage, key)
    for errand in await _claim(storage):
        await SqlErrandQueue(storage).retry(errand, "a", MONDAY + SECOND)
    async with storage.transaction() as work:
        assert await work.errands.move(KEY, MONDAY + HOUR)
        await work.errands.drop("post:8")
    (taken,) = await _due(storage, MONDAY + HOUR)
    assert (taken.key, taken.due_at) == (KEY, MONDAY + HOUR)


Act = Callable[[UnitOfWork], Awaitable[object]]


@pytest.mark.parametrize(
    "act",
    [
        lambda work: work.errands.add("post:8", "post", "test", 8, MONDAY),
        lambda work: work.errands.again("post:8", "post", "test", 8, MONDAY),
        lambda work: work.errands.move(KEY, MONDAY + HOUR),
        lambda work: work.errands.drop(KEY),
    ],
)
async def test_what_was_asked_for_in_a_transaction_that_fails_never_was(storage: SqlStorage, act: Act) -> None:
    await _add(storage)
    transaction: AbstractAsyncContextManager[UnitOfWork] = storage.transaction()
    with pytest.raises(ValueError, match="no"):
        await _act_and_fail(transaction, act)
    assert await _claim(storage) == [_errand()]


async def _act_and_fail(transaction: AbstractAsyncContextManager[UnitOfWork], act: Act) -> None:
    async with transaction as work:
        await act(work)
        raise ValueError("no")
