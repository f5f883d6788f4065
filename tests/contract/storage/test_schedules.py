"""Schedules of questions of the day, and the questions that wait for their turn."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, time

import pytest

from adapters.storage.work import SqlStorage, open_storage
from bot.ports import Storage
from bot.refs import ChannelRef, UserRef, WorkspaceRef
from bot.scheduling import Plan, Schedule, ScheduleState
from tests.support import rows
from tests.support.rows import DAILY, DAY
from tests.support.world import HOME, MONDAY, STUDY

ACTIVE, PAUSED, REMOVED = ScheduleState.ACTIVE, ScheduleState.PAUSED, ScheduleState.REMOVED
FULL = Plan(
    at=time(7, 5),
    zone="America/Argentina/ComodRivadavia",
    weekdays="0246",
    topics=("CN", "OP"),
    levels=("easy", "hard"),
    closes=0,
    thread=True,
    changeable=False,
    notify="S0123AB",
    holidays="2026-12-24..2027-01-02 2027-05-01",
    start=date(2026, 12, 1),
    catch_up=0,
)
SOON = 0.05
"""Seconds after which something that is held up has shown that it waits."""
TOO_LONG = 5.0


async def _get(storage: Storage, number: int) -> Schedule | None:
    async with storage.snapshot() as work:
        return await work.schedules.get(number)


async def _queued(storage: Storage, number: int) -> list[str]:
    async with storage.snapshot() as work:
        return list(await work.schedules.queued(number))


@pytest.mark.parametrize("plan", [DAILY, FULL, Plan(at=time(0), zone="UTC", weekdays="6", start=date.max)])
@pytest.mark.parametrize(
    "channel", [STUDY, ChannelRef(WorkspaceRef("slack", "T1"), "C1", thread="1700.1"), ChannelRef(HOME, "a:b")]
)
async def test_a_new_schedule_comes_back_active_and_without_a_next_post(
    storage: Storage, plan: Plan, channel: ChannelRef
) -> None:
    kept = await rows.schedule(storage, channel=channel, plan=plan)
    owner = UserRef("test", "home", "grace")
    assert kept == Schedule(kept.id, channel, ACTIVE, plan, next_day=None, trouble="", owner=owner)


async def test_a_schedule_that_never_was_is_none(storage: Storage) -> None:
    assert await _get(storage, 1) is None
    async with storage.transaction() as work:
        assert await work.schedules.latch(1) is None


async def test_a_workspace_has_its_own_that_were_not_removed_by_id(storage: Storage) -> None:
    away = ChannelRef(WorkspaceRef("test", "away"), STUDY.id)
    alike = ChannelRef(WorkspaceRef("other", "home"), STUDY.id)
    first, second, third, _, _ = [
        await rows.schedule(storage, channel=channel) for channel in (STUDY, STUDY, STUDY, away, alike)
    ]
    async with storage.transaction() as work:
        await work.schedules.set_state(second.id, REMOVED)
        await work.schedules.set_state(first.id, PAUSED)
        here = await work.schedules.of(HOME)
        nowhere = await work.schedules.of(WorkspaceRef("test", "nowhere"))
    assert (here, nowhere) == ([replace(first, state=PAUSED), third], [])
    assert await _get(storage, second.id) == replace(second, state=REMOVED)


async def test_a_plan_is_replaced_whole_and_only_that_of_one_schedule(storage: Storage) -> None:
    first, second = await rows.schedule(storage), await rows.schedule(storage)
    async with storage.transaction() as work:
        await work.schedules.set_next(first.id, DAY)
        await work.schedules.set_plan(first.id, FULL)
    assert await _get(storage, first.id) == replace(first, plan=FULL, next_day=DAY)
    assert await _get(storage, second.id) == second


async def test_the_next_date_is_kept_and_taken_away(storage: Storage) -> None:
    first, second = await rows.schedule(storage), await rows.schedule(storage)
    for day in (DAY, date(2027, 1, 1), None):
        async with storage.transaction() as work:
            await work.schedules.set_next(first.id, day)
        assert await _get(storage, first.id) == replace(first, next_day=day)
    assert await _get(storage, second.id) == second


MOVES = [
    (ACTIVE, ACTIVE, False),
    (ACTIVE, PAUSED, True),
    (ACTIVE, REMOVED, True),
    (PAUSED, ACTIVE, True),
    (PAUSED, PAUSED, False),
    (PAUSED, REMOVED, True),
    (REMOVED, ACTIVE, False),
    (REMOVED, PAUSED, False),
    (REMOVED, REMOVED, False),
]


@pytest.mark.parametrize(("state", "wanted", "moved"), MOVES)
async def test_a_state_is_kept_unless_it_is_that_already_or_the_last(
    storage: Storage, state: ScheduleState, wanted: ScheduleState, moved: bool
) -> None:
    made, other = await rows.schedule(storage), await rows.schedule(storage)
    async with storage.transaction() as work:
        if state is not ACTIVE:
            await work.schedules.set_state(made.id, state, "the channel is gone")
        before = await work.schedules.get(made.id)
        assert await work.schedules.set_state(made.id, wanted, "it is full") is moved
    assert before is not None
    after = replace(before, state=wanted, trouble="it is full") if moved else before
    assert await _get(storage, made.id) == after
    assert await _get(storage, other.id) == other


async def test_a_schedule_that_goes_on_has_no_trouble_any_more(storage: Storage) -> None:
    made = await rows.schedule(storage)
    async with storage.transaction() as work:
        await work.schedules.set_state(made.id, PAUSED, "x" * 1000)
        stopped = await work.schedules.get(made.id)
        assert stopped is not None
        assert stopped.trouble.startswith("x" * 100)
        assert await work.schedules.set_state(made.id, ACTIVE)
    assert await _get(storage, made.id) == made


async def test_states_of_a_schedule_that_never_was_are_not_kept(storage: Storage) -> None:
    async with storage.transaction() as work:
        assert not await work.schedules.set_state(1, PAUSED)
        await work.schedules.set_plan(1, FULL)
        await work.schedules.set_next(1, DAY)
    assert await _get(storage, 1) is None


async def test_questions_wait_in_the_order_in_which_they_came(storage: Storage) -> None:
    made, other = await rows.schedule(storage), await rows.schedule(storage)
    grace = await rows.enter(storage, "Grace")
    async with storage.transaction() as work:
        names = ("op-adam", "cn-stride", "ml-bias", "op-adam")
        told = [await work.schedules.queue(made.id, name, grace.id, MONDAY) for name in names]
        assert await work.schedules.queue(other.id, "cn-stride", grace.id, MONDAY)
    assert told == [True, True, True, False]
    assert await _queued(storage, made.id) == ["op-adam", "cn-stride", "ml-bias"]
    assert await _queued(storage, other.id) == ["cn-stride"]


async def test_a_question_that_waits_no_more_may_come_again_as_the_last(storage: Storage) -> None:
    made, other = await rows.schedule(storage), await rows.schedule(storage)
    grace = await rows.enter(storage, "Grace")
    async with storage.transaction() as work:
        for schedule in (made, other):
            for name in ("op-adam", "cn-stride", "ml-bias"):
                await work.schedules.queue(schedule.id, name, grace.id, MONDAY)
        gone = [await work.schedules.unqueue(made.id, name) for name in ("op-adam", "op-adam", "no-such")]
        assert await work.schedules.queued(made.id) == ["cn-stride", "ml-bias"]
        assert await work.schedules.queue(made.id, "op-adam", grace.id, MONDAY)
    assert gone == [True, False, False]
    assert await _queued(storage, made.id) == ["cn-stride", "ml-bias", "op-adam"]
    assert await _queued(storage, other.id) == ["op-adam", "cn-stride", "ml-bias"]


async def test_while_a_schedule_is_latched_another_process_cannot_change_it(storage: SqlStorage) -> None:
    made, other = await rows.schedule(storage), open_storage(storage.engine.url)

    async def pause() -> Schedule | None:
        async with other.transaction() as work:
            found = await work.schedules.latch(made.id)
            await work.schedules.set_state(made.id, PAUSED)
            return found

    async with storage.transaction() as work:
        assert await work.schedules.latch(made.id) == made
        waiting = asyncio.create_task(pause())
        await asyncio.wait({waiting}, timeout=SOON)
        assert not waiting.done()
        await work.schedules.set_next(made.id, DAY)
    async with asyncio.timeout(TOO_LONG):
        assert await waiting == replace(made, next_day=DAY)
    await other.close()
    assert await _get(storage, made.id) == replace(made, next_day=DAY, state=PAUSED)
