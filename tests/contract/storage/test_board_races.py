"""Boards while everybody writes at once: nothing is lost, nobody waits in a circle."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from sqlalchemy import update

from adapters.storage.ledger_tables import standings
from adapters.storage.work import SqlStorage, open_storage
from bot.persons import Person
from bot.refs import WorkspaceRef
from tests.support import rows
from tests.support.world import HOME

ELSEWHERE = WorkspaceRef("test", "elsewhere")
CROWD = 20
PERIODS = ("all", "2026-11", "2026-W48", "all/cn")
SETTLED = 0.3
"""Seconds after which whoever must wait for another does."""
TOO_LONG = 20.0


@pytest.fixture
async def processes(storage: SqlStorage) -> AsyncIterator[Sequence[SqlStorage]]:
    """Yield two processes' connections to one database."""
    other = open_storage(storage.engine.url)
    yield storage, other
    await other.close()


async def _people(storage: SqlStorage, count: int) -> list[Person]:
    return [await rows.enter(storage, f"P{number}") for number in range(count)]


async def test_many_awards_at_once_lose_nothing(processes: Sequence[SqlStorage]) -> None:
    people = await _people(processes[0], 4)
    owls = await rows.team(processes[0], *people)
    async with asyncio.timeout(TOO_LONG):
        await asyncio.gather(
            *(
                rows.award(processes[number % 2], people[number % 4], 1 + number, team=owls, periods=PERIODS[::-1])
                for number in range(CROWD)
            )
        )
    board = await rows.board(processes[0])
    assert [(row.name, row.points) for row in board.top] == [("P3", 60), ("P2", 55), ("P1", 50), ("P0", 45)]
    own = (await rows.team_board(processes[0], owls)).own
    assert own is not None
    assert (own.points, own.active) == (210, 4)
    assert await rows.differences(processes[0]) == []


async def test_hiding_and_showing_during_awards_leaves_the_boards_right(processes: Sequence[SqlStorage]) -> None:
    people = await _people(processes[0], 3)
    acts = [
        *(
            rows.award(processes[number % 2], person, 1, workspace=place, periods=PERIODS)
            for number, person in enumerate(people * 3)
            for place in (HOME, ELSEWHERE)
        ),
        *(
            rows.hide(processes[number % 2], person, hidden=number % 2 == 0)
            for number, person in enumerate((*people, *people, *people))
        ),
    ]
    async with asyncio.timeout(TOO_LONG):
        await asyncio.gather(*(acts[place] for place in sorted(range(len(acts)), key=lambda at: at * 7 % len(acts))))
    assert await rows.differences(processes[0]) == []


async def test_of_two_who_take_points_back_one_does(processes: Sequence[SqlStorage]) -> None:
    ada, bob, cyd = await _people(processes[0], 3)
    for _ in range(5):
        written = await rows.award(processes[0], ada, 10)
        async with asyncio.timeout(TOO_LONG):
            told = await asyncio.gather(
                *(rows.void(processes[at], written, by) for at, by in ((0, bob), (1, cyd), (0, cyd)))
            )
        assert sorted(told) == [False, False, True]
    assert await rows.total(processes[0], ada) == 0
    assert await rows.differences(processes[0]) == []


async def test_awards_in_two_workspaces_at_once_do_not_meet(processes: Sequence[SqlStorage]) -> None:
    people = await _people(processes[0], 3)
    async with asyncio.timeout(TOO_LONG):
        await asyncio.gather(
            *(
                rows.award(processes[number % 2], people[number % 3], 10, workspace=(HOME, ELSEWHERE)[number % 2])
                for number in range(12)
            )
        )
    for place in (HOME, ELSEWHERE):
        assert [row.points for row in (await rows.board(processes[0], workspace=place)).top] == [20, 20, 20]
    assert await rows.differences(processes[0]) == []


@pytest.mark.parametrize("taking", [True, False])
async def test_a_moderator_does_not_meet_whoever_answers_at_that_moment(
    processes: Sequence[SqlStorage], *, taking: bool
) -> None:
    """Whoever answers holds their own row and then waits for the workspace, which the moderator may hold."""
    ada, grace = await _people(processes[0], 2)
    written = await rows.award(processes[0], ada, 10)

    async def moderate() -> None:
        if taking:
            assert await rows.void(processes[1], written, grace)
        else:
            await rows.award(processes[1], ada, -10, by=grace)

    async with asyncio.timeout(TOO_LONG):
        async with processes[0].transaction() as work:
            await work.people.latch(ada.id)
            moderating = asyncio.create_task(moderate())
            await asyncio.sleep(SETTLED)
            await work.ledger.award(person=ada.id, points=7, serving=None, **rows.USUAL)
        await moderating
    assert await rows.total(processes[0], ada) == 7
    assert await rows.differences(processes[0]) == []


async def test_moderators_who_give_one_another_points_do_not_wait_in_a_circle(processes: Sequence[SqlStorage]) -> None:
    people = await _people(processes[0], 2)

    async def give(number: int) -> None:
        async with processes[number].transaction() as work:
            await work.people.latch(people[number].id)
            await asyncio.sleep(SETTLED)
            await work.ledger.award(
                person=people[1 - number].id, points=7, serving=None, by=people[number].id, **rows.USUAL
            )

    async with asyncio.timeout(TOO_LONG):
        await asyncio.gather(give(0), give(1))
    assert [row.points for row in (await rows.board(processes[0])).top] == [7, 7]


async def test_somebody_who_hides_during_their_first_award_is_hidden(processes: Sequence[SqlStorage]) -> None:
    (ada,) = await _people(processes[0], 1)
    async with asyncio.timeout(TOO_LONG):
        async with processes[0].transaction() as work:
            await work.ledger.award(person=ada.id, points=7, serving=None, **rows.USUAL)
            hiding = asyncio.create_task(rows.hide(processes[1], ada))
            await asyncio.sleep(SETTLED)
        await hiding
    assert (await rows.board(processes[0])).top == ()
    assert await rows.differences(processes[0]) == []


async def test_a_rebuild_while_others_write_loses_nothing(processes: Sequence[SqlStorage]) -> None:
    people = await _people(processes[0], 4)
    owls = await rows.team(processes[0], *people)
    await rows.award(processes[0], people[0], 5, team=owls)
    async with processes[0].writing() as statements:
        await statements.execute(update(standings).values(points=99))

    async def rebuild() -> None:
        async with processes[1].transaction() as work:
            assert await work.standings.rebuild()

    async with asyncio.timeout(TOO_LONG):
        await asyncio.gather(
            *(rows.award(processes[number % 2], people[number], 5, team=owls) for number in range(2)),
            rebuild(),
            *(rows.award(processes[number % 2], people[number], 5, team=owls) for number in range(4)),
            rows.hide(processes[0], people[3]),
        )
    assert await rows.differences(processes[0]) == []
    assert (await rows.board(processes[0], people[0])).own is not None
    assert await rows.total(processes[0], people[0]) == 15
