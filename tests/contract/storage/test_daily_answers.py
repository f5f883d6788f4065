"""Answers to questions of the day: one from each person, counted once, settled once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.storage.work import SqlStorage, open_storage
from bot.persons import Person
from bot.ports import Storage
from bot.scheduling import DailyAnswer, Put
from tests.support import rows
from tests.support.world import MONDAY

HOUR = timedelta(hours=1)
SOON = 0.05
"""Seconds after which something that is held up has shown that it waits."""
TOO_LONG = 5.0


@pytest.fixture
async def daily(storage: Storage) -> int:
    number = await rows.ask(storage, await rows.schedule(storage))
    assert number is not None
    return number


@pytest.fixture
async def other(storage: Storage, daily: int) -> int:
    number = await rows.ask(storage, await rows.schedule(storage))
    assert number not in (None, daily)
    assert number is not None
    return number


async def _get(storage: Storage, daily: int, person: Person) -> DailyAnswer | None:
    async with storage.snapshot() as work:
        return await work.daily_answers.get(daily, person.id)


async def _settle(storage: Storage, daily: int, person: Person, points: int = 15) -> int:
    serving = await rows.serve(storage, person)
    async with storage.transaction() as work:
        await work.daily_answers.settle(daily, person.id, points, serving)
    return serving


async def _answered(storage: Storage, *dailies: int) -> list[int]:
    return [(await rows.daily(storage, number)).answered for number in dailies]


@pytest.mark.parametrize("late", [False, True])
async def test_an_answer_comes_back_and_is_counted_if_in_time(
    storage: Storage, daily: int, other: int, late: bool
) -> None:
    ada = await rows.enter(storage)
    assert await rows.reply(storage, daily, ada, response="Ω≈ç\n'1960'", score=667, late=late) is Put.NEW
    assert await _get(storage, daily, ada) == DailyAnswer(
        person=ada.id,
        name="Ada",
        hidden=False,
        response="Ω≈ç\n'1960'",
        score=667,
        late=late,
        settled=late,  # nothing is left to be settled of one that earns nothing
        points=0,
        serving=None,
        at=MONDAY,
        streak=0,
    )
    assert await _get(storage, other, ada) is None
    assert await _answered(storage, daily, other) == [0 if late else 1, 0]


async def test_who_answered_is_shown_by_what_they_chose(storage: Storage, daily: int) -> None:
    ada = await rows.enter(storage)
    await rows.reply(storage, daily, ada)
    async with storage.transaction() as work:
        await work.people.set_profile(ada.id, shown_name="Countess", zone="", hidden=True)
        await work.people.keep_streak(replace(ada, streak=7))
    kept = await _get(storage, daily, ada)
    assert kept is not None
    assert (kept.name, kept.hidden, kept.streak) == ("Countess", True, 7)


async def test_an_answer_is_changed_where_that_is_allowed_and_counted_once(
    storage: Storage, daily: int, other: int
) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    for number, person in ((daily, ada), (daily, bob), (other, ada)):
        await rows.reply(storage, number, person)
    first, untouched = (
        await _get(storage, daily, ada),
        [await _get(storage, daily, bob), await _get(storage, other, ada)],
    )
    puts = []
    for response, change in (("F", False), ("N", True)):
        put = await rows.reply(storage, daily, ada, response=response, score=0, change=change, now=MONDAY + HOUR)
        puts.append((put, await _get(storage, daily, ada)))
    assert first is not None
    changed = replace(first, response="N", score=0, at=MONDAY + HOUR)
    assert puts == [(Put.KEPT, first), (Put.CHANGED, changed)]
    assert [await _get(storage, daily, bob), await _get(storage, other, ada)] == untouched
    assert await _answered(storage, daily, other) == [2, 1]


async def test_a_late_answer_replaces_none_that_is_there(storage: Storage, daily: int) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    await rows.reply(storage, daily, ada)
    await rows.reply(storage, daily, bob, late=True)
    before = [await _get(storage, daily, person) for person in (ada, bob)]
    for late, person in ((True, ada), (True, bob), (False, bob)):
        put = await rows.reply(storage, daily, person, response="F", score=0, late=late, now=MONDAY + HOUR)
        assert put is Put.KEPT
    assert [await _get(storage, daily, person) for person in (ada, bob)] == before
    assert await _answered(storage, daily) == [1]


@pytest.mark.parametrize("points", [0, 15])
async def test_an_answer_that_is_settled_keeps_what_it_earned_and_is_changed_no_more(
    storage: Storage, daily: int, other: int, points: int
) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    for number, person in ((daily, ada), (daily, bob), (other, ada)):
        await rows.reply(storage, number, person)
    before, untouched = (
        await _get(storage, daily, ada),
        [await _get(storage, daily, bob), await _get(storage, other, ada)],
    )
    serving = await _settle(storage, daily, ada, points)
    assert before is not None
    settled = replace(before, settled=True, points=points, serving=serving)
    assert await _get(storage, daily, ada) == settled
    assert await rows.reply(storage, daily, ada, response="F", score=0, now=MONDAY + HOUR) is Put.KEPT
    assert await _get(storage, daily, ada) == settled
    assert [await _get(storage, daily, bob), await _get(storage, other, ada)] == untouched


async def test_answers_in_time_and_late_ones_are_told_apart_first_first(
    storage: Storage, daily: int, other: int
) -> None:
    people = [await rows.enter(storage, name) for name in ("Ada", "Bob", "Cy", "Di", "Eve")]
    for person, hours, late in zip(people, (3, 1, 1, 2, 0), (False, False, False, True, True), strict=True):
        await rows.reply(storage, daily, person, late=late, now=MONDAY + hours * HOUR)
    await rows.reply(storage, other, people[0], now=MONDAY)
    async with storage.snapshot() as work:
        found = [await work.daily_answers.all(daily), await work.daily_answers.all(daily, late=True)]
    assert [[one.name for one in answers] for answers in found] == [["Bob", "Cy", "Ada"], ["Eve", "Di"]]


async def test_what_is_not_settled_comes_in_pieces_without_late_answers(
    storage: Storage, daily: int, other: int
) -> None:
    people = [await rows.enter(storage, f"P{number}") for number in range(5)]
    for person in people[:4]:
        await rows.reply(storage, daily, person)
    await rows.reply(storage, daily, people[4], late=True)
    await rows.reply(storage, other, people[4])
    await _settle(storage, daily, people[1])
    pieces = []
    for _ in range(3):
        async with storage.transaction() as work:
            pieces.append([one.person for one in await work.daily_answers.unsettled(daily, 2)])
        for number in pieces[-1]:
            await _settle(storage, daily, people[[one.id for one in people].index(number)])
    assert pieces == [[people[0].id, people[2].id], [people[3].id], []]


async def test_of_two_processes_that_settle_the_second_waits_and_gets_what_is_left(
    storage: SqlStorage, daily: int
) -> None:
    people = [await rows.enter(storage, f"P{number}") for number in range(5)]
    servings = {person.id: await rows.serve(storage, person) for person in people}
    for person in people:
        await rows.reply(storage, daily, person)
    another = open_storage(storage.engine.url)

    async def settle(process: SqlStorage) -> list[int]:
        async with process.transaction() as work:
            return [one.person for one in await work.daily_answers.unsettled(daily, 3)]

    async with storage.transaction() as work:
        mine = [one.person for one in await work.daily_answers.unsettled(daily, 3)]
        waiting = asyncio.create_task(settle(another))
        await asyncio.wait({waiting}, timeout=SOON)
        assert not waiting.done()
        for number in mine:
            await work.daily_answers.settle(daily, number, 0, servings[number])
    async with asyncio.timeout(TOO_LONG):
        theirs = await waiting
    await another.close()
    assert (mine, theirs) == ([one.id for one in people[:3]], [one.id for one in people[3:]])
