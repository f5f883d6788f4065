"""The worker does what is due: many at once, bursts at once, and gives back what could not be done yet."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from adapters.storage.daily_tables import errands
from adapters.storage.work import SqlStorage
from bot.errors import Gone, RateLimited, StorageError, Unreachable
from scheduler.errands import AT_ONCE, MOST_FAILURES
from tests.support.waiting import until
from tests.support.world import MONDAY
from tests.unit.scheduler.errand_work import PATIENCE, SECOND, Work, within


@pytest.fixture
def work(storage: SqlStorage) -> Work:
    return Work(storage)


async def test_a_burst_is_done_without_waiting_for_ticks(work: Work) -> None:
    await work.add("quick", *range(500))
    worker = work.worker()
    await worker.tick()
    await until(lambda: len(work.seen) == 500, 60)
    await worker.stop(PATIENCE)
    assert set(work.seen.values()) == {1}
    assert await work.left() == []


async def test_there_are_never_more_at_once_than_allowed(work: Work) -> None:
    await work.add("slow", *range(3 * AT_ONCE))
    worker = work.worker()
    for _ in range(3):
        await worker.tick()
        await until(lambda: work.under_way == AT_ONCE)
    await until(lambda: work.queue.under_way == 0)
    assert len(work.seen) == AT_ONCE
    work.gate.set()
    await worker.settle()
    assert (work.most, len(work.seen), set(work.seen.values())) == (AT_ONCE, 3 * AT_ONCE, {1})
    assert await work.left() == []


async def test_a_tick_while_it_claims_does_not_start_a_second(work: Work) -> None:
    await work.add("quick", *range(40))
    worker = work.worker()
    work.queue.open.clear()
    for _ in range(5):
        await within(worker.tick())
    await until(lambda: work.queue.under_way == 1)
    await within(worker.tick())
    work.queue.open.set()
    await worker.settle()
    assert work.queue.most == 1
    assert len(work.seen) == 40


async def test_one_that_is_slow_keeps_nothing_else_waiting(work: Work) -> None:
    await work.add("slow", 1)
    worker = work.worker()
    await worker.tick()
    await until(lambda: work.under_way == 1)
    await until(lambda: work.queue.under_way == 0)
    await work.add("quick", 2)
    await worker.tick()
    await until(lambda: work.seen["quick:2"] == 1)
    assert work.under_way == 1
    work.gate.set()
    await worker.settle()


async def test_what_one_leaves_to_do_is_done_without_waiting_for_a_tick(work: Work) -> None:
    for number in range(20):
        await work.add("slot", number)
        await work.worker().settle()
        assert work.seen[f"quick:{number}"] == 1


async def test_nothing_due_is_asked_for_once_a_tick(work: Work) -> None:
    await work.add("quick", 1, at=MONDAY + SECOND)
    worker = work.worker()
    await worker.settle()
    assert (work.queue.claims, work.seen) == (1, Counter())
    work.clock.pass_time(seconds=1)
    await worker.settle()
    assert work.seen == {"quick:1": 1}


async def test_only_connected_platforms_are_worked_for(work: Work) -> None:
    await work.add("quick", 1)
    await work.add("quick", 2, platform="other")
    worker, work.platforms = work.worker(), []
    await worker.settle()
    assert (work.queue.claims, work.seen) == (0, Counter())
    work.platforms = ["other"]
    await worker.settle()
    assert work.seen == {"quick:2": 1}


DOUBLING = [5, 10, 20, 40, 80, 160, 300, 300]
PAUSES: list[tuple[Exception, list[int]]] = [
    (Unreachable("no answer"), DOUBLING),
    (Gone("no such channel"), DOUBLING),
    (StorageError("it is away"), DOUBLING),
    (ValueError("a defect"), DOUBLING),
    (RateLimited(90), [90, 90, 90, 90, 90, 160]),
    (RateLimited(0.5), DOUBLING),
    (RateLimited(1000), [1000, 1000]),
]


@pytest.mark.parametrize(("error", "pauses"), PAUSES)
async def test_what_fails_is_tried_again_after_a_pause(work: Work, error: Exception, pauses: list[int]) -> None:
    await work.add("fails", 1)
    work.error = error
    await work.worker("first").settle()
    for number, pause in enumerate(pauses, 1):
        work.clock.pass_time(seconds=pause - 1)
        await work.worker(f"early-{number}").settle()
        assert work.seen["fails:1"] == number
        work.clock.pass_time(seconds=1)
        await work.worker(f"punctual-{number}").settle()
        assert work.seen["fails:1"] == number + 1


@pytest.mark.parametrize(("attempts", "error", "pause"), [
    (MOST_FAILURES - 1, ValueError("a defect"), 24 * 60 * 60),
    (MOST_FAILURES - 2, ValueError("a defect"), 300),
    (MOST_FAILURES, Unreachable("no answer"), 300),
    (5000, Unreachable("no answer"), 300),
])  # fmt: skip
async def test_defects_are_given_up_for_a_day_and_platforms_never(
    work: Work, attempts: int, error: Exception, pause: int
) -> None:
    await work.add("fails", 1)
    work.error = error
    async with work.storage.writing() as statements:
        await statements.execute(update(errands).values(attempts=attempts, began=MONDAY))
    for seconds, tries in ((0, 1), (pause - 1, 1), (1, 2)):
        work.clock.pass_time(seconds=seconds)
        await work.worker(f"after-{seconds}").settle()
        assert work.seen["fails:1"] == tries


async def test_failures_are_logged_without_their_words_and_keep_nobody_waiting(work: Work) -> None:
    await work.add("fails", 1)
    await work.add("unknown", 2)
    await work.add("quick", 3)
    with capture_logs() as logs:
        await work.worker().settle()
    assert work.seen == {"fails:1": 1, "quick:3": 1}
    assert [(entry["event"], entry["errand"], entry["kind"], entry["again_in"]) for entry in logs] == [
        ("errand not done", "fails:1", "ValueError", 5),
        ("errand not done", "unknown:2", "KeyError", 5),
    ]
    assert "words of an error" not in str(logs)


async def test_a_database_that_is_away_is_asked_again_at_the_next_tick(work: Work) -> None:
    await work.add("quick", 1)
    worker, work.queue.claims_fail = work.worker(), 1
    with capture_logs() as logs:
        await worker.settle()
    assert [entry["event"] for entry in logs] == ["errands not claimed"]
    await worker.settle()
    assert work.seen == {"quick:1": 1}


async def test_what_could_not_be_given_back_is_given_back_at_the_next_tick(work: Work) -> None:
    await work.add("slow", 1)
    await work.add("fails", 2)
    worker, work.queue.retries_fail = work.worker(), 1
    with capture_logs() as logs:
        await worker.tick()
        await until(lambda: "errand not given back" in [entry["event"] for entry in logs])
    await worker.tick()
    work.clock.pass_time(seconds=4)
    await work.worker("b").settle()
    assert work.seen["fails:2"] == 1
    work.clock.pass_time(seconds=1)
    await work.worker("b").settle()
    assert work.seen["fails:2"] == 2
    work.gate.set()
    await worker.settle()
