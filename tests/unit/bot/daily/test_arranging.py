"""Which question a schedule takes next, and how its next post is arranged and taken away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from adapters.storage.errand_queue import SqlErrandQueue
from adapters.storage.work import SqlStorage
from bot.daily.choice import LOW
from bot.practice.quality import NOTHING_KNOWN, Known
from bot.scheduling import DailyState, Schedule
from questions.generate import FAMILIES
from tests.support import items, rows
from tests.support.rows import DAY
from tests.support.world import HOME
from tests.unit.bot.daily.planning import NINE, ONE, TRUTHS, World

SECOND = timedelta(seconds=1)


@pytest.fixture
def world(storage: SqlStorage) -> World:
    return World(storage)


async def _turns(world: World, schedule: Schedule, days: int, known: Known = NOTHING_KNOWN) -> list[str]:
    """Return what is asked on each of some days, each of which closes before the next."""
    for number in range(days):
        await world.turn(schedule, NINE + number * ONE, known)
        async with world.storage.transaction() as work:
            daily = await work.dailies.of_day(schedule.id, DAY + number * ONE)
            assert daily is not None
            await work.dailies.move(daily.id, [DailyState.POSTING], DailyState.CLOSED)
    return [one.question for one in await world.dates(schedule)]


async def _arrange(
    world: World, schedule: Schedule, now: datetime = NINE - SECOND, not_before: date | None = None
) -> date | None:
    async with world.storage.transaction() as work:
        return await world.planner.arrange(work, schedule, now, not_before)


async def test_what_moderators_asked_for_comes_first_and_once(world: World) -> None:
    schedule = await world.schedule()
    wanted = [TRUTHS[7].id, TRUTHS[2].id, TRUTHS[5].id]
    await world.queue(schedule, *wanted)
    asked = await _turns(world, schedule, len(TRUTHS))
    assert asked[:3] == wanted
    assert sorted(asked) == [one.id for one in TRUTHS]
    assert await world.queued(schedule) == []


async def test_what_cannot_be_posted_now_goes_on_waiting(world: World) -> None:
    world.bank = items.bank_of(*TRUTHS, items.text(id="cn-text"))
    away, schedule = await rows.schedule(world.storage), await world.schedule()
    await rows.ask(world.storage, away, question=TRUTHS[0].id)
    known = Known({}, {HOME.key: {TRUTHS[1].id}})
    waiting = ["cn-gone", "cn-text", TRUTHS[0].id, TRUTHS[1].id]
    await world.queue(schedule, *waiting, TRUTHS[2].id)
    first, second = await _turns(world, schedule, 2, known)
    assert first == TRUTHS[2].id
    assert second not in waiting
    assert await world.queued(schedule) == waiting
    async with world.storage.transaction() as work:
        daily = await work.dailies.of_day(away.id, DAY)
        assert daily is not None
        await work.dailies.move(daily.id, [DailyState.OPEN], DailyState.CLOSED)
    assert (await _turns(world, schedule, 4))[2:] == [TRUTHS[0].id, TRUTHS[1].id]


async def test_a_question_that_a_moderator_asked_for_need_not_fit_the_plan(world: World) -> None:
    world.bank = items.bank_of(*TRUTHS, items.truth(id="op-adam"))
    schedule = await world.schedule(topics=("CN",))
    await world.queue(schedule, "op-adam")
    assert (await _turns(world, schedule, 3))[0] == "op-adam"


async def test_a_family_has_numbers_of_its_date_that_are_found_again(world: World) -> None:
    family = next(iter(FAMILIES.values()))
    world.bank = replace(items.bank_of(), families={family.id: family})
    schedule = await world.schedule()
    await _turns(world, schedule, 3)
    made = await world.dates(schedule)
    found = [world.bank.find(one.question, one.seed) for one in made]
    assert [one and (one.id, one.revision) for one in found] == [(family.id, one.revision) for one in made]
    assert len({one.seed for one in made} | {0}) == 4


async def test_whoever_set_it_up_is_told_once_when_the_pool_runs_low_and_when_it_ends(world: World) -> None:
    schedule = await world.schedule()
    await _turns(world, schedule, len(TRUTHS) + 3)
    told = {key: one for key, one in (await world.errands()).items() if one.kind == "tell"}
    days = [DAY + (len(TRUTHS) - LOW) * ONE, DAY + (len(TRUTHS) - 1) * ONE]
    assert list(told) == [f"tell:{schedule.id}:low:{day}" for day in days]
    assert ["6 questions of its pool of 9" in one.detail for one in told.values()] == [True, False]


async def test_the_next_post_is_arranged_and_moved(world: World) -> None:
    schedule = await world.schedule(None)
    assert await _arrange(world, schedule) == DAY
    assert (await world.read(schedule)).next_day == DAY
    assert await _arrange(world, replace(schedule, plan=replace(schedule.plan, weekdays="2"))) == DAY + 2 * ONE
    assert (await world.read(schedule)).next_day == DAY + 2 * ONE
    errands = await world.errands()
    slot, final = errands[f"slot:{schedule.id}"], errands[f"final:{HOME.key}:study:"]
    assert (slot.kind, slot.platform, slot.subject, slot.due_at) == ("slot", "test", schedule.id, NINE + 2 * ONE)
    assert (final.kind, final.due_at) == ("final", datetime(2026, 11, 30, 23, 59, tzinfo=UTC))


async def test_what_is_due_this_instant_or_has_its_question_is_not_the_next(world: World) -> None:
    schedule = await world.schedule(None)
    assert await _arrange(world, schedule, NINE) == DAY + ONE
    for days in (1, 2, 4):
        async with world.storage.transaction() as work:
            assert await world.planner.skip(work, schedule, DAY + days * ONE, NINE, "skipped by Grace")
            assert not await world.planner.skip(work, schedule, DAY + days * ONE, NINE, "again")
    assert await _arrange(world, schedule, NINE) == DAY + 3 * ONE
    assert await _arrange(world, schedule, NINE, DAY + 4 * ONE) == DAY + 5 * ONE
    assert await _arrange(world, schedule, NINE, date(2027, 1, 7)) == date(2027, 1, 7)


async def test_without_a_date_in_sight_nothing_is_to_come(world: World) -> None:
    schedule = await world.schedule(None)
    await _arrange(world, schedule)
    over = replace(schedule, plan=replace(schedule.plan, holidays=f"{DAY}..{date.max}"))
    assert await _arrange(world, over) is None
    assert (await world.read(schedule)).next_day is None
    assert f"slot:{schedule.id}" not in await world.errands()


async def test_what_is_cancelled_does_not_come_unless_it_is_under_way(world: World) -> None:
    schedule, under_way = await world.schedule(None), await world.schedule(None)
    queue = SqlErrandQueue(world.storage)
    await _arrange(world, under_way)
    await queue.claim("a", ["test"], NINE, NINE + ONE, 9)
    await _arrange(world, schedule)
    async with world.storage.transaction() as work:
        await world.planner.cancel(work, schedule)
        await world.planner.cancel(work, under_way)
    assert [(await world.read(one)).next_day for one in (schedule, under_way)] == [None, None]
    assert [key for key in await world.errands() if key.startswith("slot")] == [f"slot:{under_way.id}"]
    assert await world.turn(under_way, NINE) is None
