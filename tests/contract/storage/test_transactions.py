"""Transactions keep all or nothing, also when their task is cancelled; snapshots wait for nobody."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import event

from adapters.storage.work import SqlStorage, open_storage
from bot.errors import NothingFound
from bot.ports import Storage, UnitOfWork
from tests.support import rows
from tests.support.world import HOME, MONDAY, someone

TOO_LONG = 5.0
"""Seconds after which something that must not wait is given up; nothing here takes as long."""


async def _write_everything(work: UnitOfWork) -> None:
    ada = await work.people.enter(someone("Ada"), MONDAY)
    shown = await work.servings.add(
        person=ada.id, workspace=HOME, question="cn-stride", revision="0", wanted="__", order=(), now=MONDAY
    )
    await work.servings.close(shown, ada.id, expected="open", state="answered", response="T", score=1000, now=MONDAY)
    await work.servings.count(ada.id, "CN", 1000)
    await work.ledger.award(
        person=ada.id, workspace=HOME, points=10, reason="practice", question="cn-stride", note="right",
        season=rows.SEASON, day=rows.DAY, periods=("all",), serving=shown, now=MONDAY,
    )  # fmt: skip
    await work.people.keep_streak(replace(ada, streak=1, best_streak=1, last_day=rows.DAY))
    await work.item_stats.add(person=ada.id, question="cn-stride", revision="0", chosen=(1,), score=1000)
    await work.reports.add(
        person=ada.id, workspace=HOME, question="cn-stride", revision="0", reason="wrong", note="", now=MONDAY
    )
    await work.rulings.rule(person=ada.id, workspace=HOME, question="cn-stride", revision="0", out=True, now=MONDAY)


async def _write(storage: Storage) -> None:
    async with storage.transaction() as work:
        await _write_everything(work)


@contextmanager
def _cancelling(storage: SqlStorage, task: asyncio.Task[None], moment: str, number: int) -> Iterator[None]:
    """Cancel a task just before it hands the database its statement of that number, or its commit."""
    left = itertools.count(number, -1)

    def cancel(*_: object) -> None:
        if next(left) == 1:
            task.cancel()

    event.listen(storage.engine.sync_engine, moment, cancel)
    try:
        yield
    finally:
        event.remove(storage.engine.sync_engine, moment, cancel)


async def _write_and_raise(storage: Storage, error: BaseException) -> None:
    async with storage.transaction() as work:
        await _write_everything(work)
        raise error


async def _kept(storage: Storage) -> tuple[int, int, int, int]:
    """Return how much of ``_write_everything`` is there: streak, points, rows and answers."""
    async with storage.snapshot() as work:
        ada = await work.people.find(someone("Ada"))
        if ada is None:
            return 0, 0, 0, 0
        entries = await work.ledger.entries(ada.id, before=None, limit=10)
        record = await work.servings.record(ada.id)
        return ada.streak, await work.ledger.total(ada.id, HOME, "all"), len(entries), len(record)


NOTHING, EVERYTHING = (0, 0, 0, 0), (1, 10, 1, 1)


@asynccontextmanager
async def _another_process(storage: SqlStorage) -> AsyncIterator[SqlStorage]:
    other = open_storage(storage.engine.url)
    try:
        yield other
    finally:
        await other.close()


async def test_what_a_transaction_wrote_is_kept_when_it_ends(storage: SqlStorage) -> None:
    await _write(storage)
    assert await _kept(storage) == EVERYTHING
    async with _another_process(storage) as other:
        assert await _kept(other) == EVERYTHING


async def test_what_a_transaction_wrote_survives_a_restart(storage: SqlStorage) -> None:
    async with storage.transaction() as work:
        await _write_everything(work)
    await storage.close()
    async with _another_process(storage) as restarted:
        assert await _kept(restarted) == EVERYTHING


@pytest.mark.parametrize("error", [ValueError("no"), NothingFound("No.", "Go on."), LookupError(), SystemExit(1)])
async def test_an_exception_takes_everything_back_and_comes_out_unchanged(
    storage: SqlStorage, error: BaseException
) -> None:
    with pytest.raises(type(error)) as raised:
        await _write_and_raise(storage, error)
    assert raised.value is error
    assert await _kept(storage) == NOTHING


async def test_after_an_exception_the_next_transaction_is_kept(storage: SqlStorage) -> None:
    with pytest.raises(ValueError, match="no"):
        await _write_and_raise(storage, ValueError("no"))
    await _write(storage)
    assert await _kept(storage) == EVERYTHING


async def test_a_cancelled_task_keeps_nothing(storage: SqlStorage) -> None:
    wrote = asyncio.Event()

    async def act() -> None:
        async with storage.transaction() as work:
            await _write_everything(work)
            wrote.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(act())
    await wrote.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await _kept(storage) == NOTHING
    await _write(storage)
    assert await _kept(storage) == EVERYTHING


async def test_a_task_cancelled_in_any_statement_keeps_nothing_and_holds_nobody_up(storage: SqlStorage) -> None:
    await rows.enter(storage, "Ada")
    for number in range(1, 100):
        task = asyncio.create_task(_write(storage))
        with _cancelling(storage, task, "before_cursor_execute", number):
            await asyncio.wait({task})
        if not task.cancelled():
            break
        assert await _kept(storage) == NOTHING
        async with asyncio.timeout(TOO_LONG), _another_process(storage) as other:
            assert (await rows.enter(other, "Bob")).name == "Bob"
    assert number > 8
    assert await _kept(storage) == EVERYTHING


async def test_a_task_cancelled_as_it_commits_keeps_all_or_nothing(storage: SqlStorage) -> None:
    task = asyncio.create_task(_write(storage))
    with _cancelling(storage, task, "commit", 1):
        await asyncio.wait({task})
    assert task.cancelled()
    assert await _kept(storage) in (NOTHING, EVERYTHING)
    async with asyncio.timeout(TOO_LONG), _another_process(storage) as other:
        assert (await rows.enter(other, "Bob")).name == "Bob"


async def test_a_task_cancelled_while_it_waits_for_its_turn_waits_no_longer(storage: SqlStorage) -> None:
    async with storage.transaction() as work:
        await work.people.enter(someone("Ada"), MONDAY)
        waiting = asyncio.create_task(rows.enter(storage, "Ada"))
        await asyncio.wait({waiting}, timeout=0.05)
        waiting.cancel()
        await asyncio.wait({waiting}, timeout=TOO_LONG)
        assert waiting.done()
    async with asyncio.timeout(TOO_LONG):
        assert await rows.enter(storage, "Ada") == await rows.find(storage, "Ada")


async def test_a_task_cancelled_while_it_waits_for_another_process_holds_nobody_up(storage: SqlStorage) -> None:
    async with _another_process(storage) as other:
        async with storage.transaction() as work:
            await work.people.enter(someone("Ada"), MONDAY)
            waiting = asyncio.create_task(rows.enter(other, "Ada"))
            await asyncio.wait({waiting}, timeout=0.05)
            waiting.cancel()
            await asyncio.wait({waiting}, timeout=0.05)
        async with asyncio.timeout(TOO_LONG):
            await asyncio.wait({waiting})
            assert await rows.enter(storage, "Ada") == await rows.enter(other, "Ada")
        assert waiting.cancelled()


async def test_a_snapshot_waits_for_no_writer_and_sees_nothing_uncommitted(storage: SqlStorage) -> None:
    async with storage.transaction() as writing:
        await _write_everything(writing)
        async with asyncio.timeout(TOO_LONG):
            assert await _kept(storage) == NOTHING
    assert await _kept(storage) == EVERYTHING


async def test_a_writer_waits_for_no_snapshot(storage: SqlStorage) -> None:
    async with storage.snapshot() as reading:
        assert await reading.people.find(someone("Ada")) is None
        async with asyncio.timeout(TOO_LONG), storage.transaction() as writing:
            await _write_everything(writing)
    assert await _kept(storage) == EVERYTHING


async def test_a_snapshot_stays_as_it_was_first_read(storage: SqlStorage) -> None:
    ada = await rows.enter(storage)
    await rows.award(storage, ada, 10)
    async with storage.snapshot() as reading:
        before = await reading.ledger.total(ada.id, HOME, "all")
        await rows.award(storage, ada, 5)
        after = await reading.ledger.total(ada.id, HOME, "all")
        agree = list(await reading.standings.differences())
    assert (before, after, agree) == (10, 10, [])
    assert await rows.total(storage, ada) == 15


async def test_a_transaction_sees_what_it_wrote(storage: SqlStorage) -> None:
    async with storage.transaction() as work:
        entered = await work.people.enter(someone("Ada"), MONDAY)
        assert await work.people.find(someone("Ada")) == entered


async def test_transactions_of_two_processes_lose_nothing(storage: SqlStorage) -> None:
    async with _another_process(storage) as other:
        ada = await rows.enter(storage)
        await asyncio.gather(*(rows.award(place, ada, 1) for place in (storage, other) for _ in range(10)))
    assert await rows.total(storage, ada) == 20
    assert await rows.differences(storage) == []
