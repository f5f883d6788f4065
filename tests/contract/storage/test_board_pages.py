"""Boards page by page, down and up again, over ties that are longer than a page."""

from __future__ import annotations

from pathlib import Path

from bot.ledger import Board, Cursor, Standing
from bot.persons import Person
from bot.ports import Storage
from tests.support import rows
from tests.support.databases import open_database
from tests.support.world import HOME, MONDAY, someone

POINTS = (30, 20, 20, 20, 20, 20, 20, 20, 10, 10, 5)
RANKS = (1, 2, 2, 2, 2, 2, 2, 2, 9, 9, 11)


async def _filled(storage: Storage, points: tuple[int, ...] = POINTS) -> list[Person]:
    async with storage.transaction() as work:
        people = [await work.people.enter(someone(f"P{number:02}"), MONDAY) for number in range(len(points))]
        for person, amount in zip(people, points, strict=True):
            await work.ledger.award(person=person.id, points=amount, serving=None, **rows.USUAL)
    return people


def _whole(people: list[Person]) -> tuple[Standing, ...]:
    return tuple(
        Standing(rank, person.id, person.name, points)
        for person, points, rank in zip(people, POINTS, RANKS, strict=True)
    )


def _after(row: Standing) -> Cursor:
    return Cursor(row.points, row.person)


def _before(row: Standing) -> Cursor:
    return Cursor(row.points, row.person, back=True)


async def test_pages_down_and_up_again_are_the_board(storage: Storage) -> None:
    people = await _filled(storage)
    for limit in (1, 2, 3, 4, 5, 10, 11, 12):
        await _read_down_and_up(storage, people, limit)


async def _read_down_and_up(storage: Storage, people: list[Person], limit: int) -> None:
    whole = _whole(people)
    page = await rows.board(storage, people[3], limit=limit)
    down = [page]
    while page.more:
        page = await rows.board(storage, people[3], limit=limit, cursor=_after(page.top[-1]))
        down.append(page)
    starts = range(0, len(whole), limit)
    assert down == [
        Board(whole[at : at + limit], whole[3], 11, more=at + limit < len(whole), less=at > 0) for at in starts
    ]
    up = [page]
    while page.less:
        page = await rows.board(storage, people[3], limit=limit, cursor=_before(page.top[0]))
        up.append(page)
    assert up == down[::-1]


async def test_a_page_can_begin_and_end_anywhere(storage: Storage) -> None:
    whole = _whole(await _filled(storage))
    for place, row in enumerate(whole):
        below = await rows.board(storage, limit=3, cursor=_after(row))
        assert below == Board(whole[place + 1 : place + 4], None, 11, more=place + 4 < len(whole), less=True)
        above = await rows.board(storage, limit=3, cursor=_before(row))
        assert above == Board(whole[max(place - 3, 0) : place], None, 11, more=True, less=place > 3)


async def test_a_cursor_whose_row_rose_still_has_a_place(storage: Storage) -> None:
    people = await _filled(storage)
    gone = _after(_whole(people)[4])
    await rows.award(storage, people[4], 100)
    page = await rows.board(storage, limit=2, cursor=gone)
    assert [(row.rank, row.name) for row in page.top] == [(3, "P05"), (3, "P06")]
    assert (page.more, page.less, page.size) == (True, True, 11)


async def test_beyond_the_ends_there_is_nothing_but_the_way_back(storage: Storage) -> None:
    await _filled(storage)
    assert await rows.board(storage, cursor=Cursor(1, 1)) == Board((), None, 11, less=True)
    assert await rows.board(storage, cursor=Cursor(1000, 1, back=True)) == Board((), None, 11, more=True)


async def test_a_page_from_above_the_first_is_the_first_and_has_nothing_above(storage: Storage) -> None:
    people = await _filled(storage)
    first = Board(_whole(people)[:3], None, 11, more=True)
    assert await rows.board(storage, limit=3, cursor=Cursor(1000, 1)) == first
    last = Board(_whole(people)[-3:], None, 11, less=True)
    assert await rows.board(storage, limit=3, cursor=Cursor(1, 1, back=True)) == last


async def test_hidden_people_leave_no_gap_on_any_page(storage: Storage) -> None:
    people = await _filled(storage)
    for place in (0, 3, 4):
        await rows.hide(storage, people[place])
    page = await rows.board(storage, people[4], limit=3)
    assert [(row.rank, row.name) for row in page.top] == [(1, "P01"), (1, "P02"), (1, "P05")]
    assert page.own == Standing(1, people[4].id, "P04", 20)
    page = await rows.board(storage, people[9], limit=3, cursor=_after(page.top[-1]))
    assert [(row.rank, row.name) for row in page.top] == [(1, "P06"), (1, "P07"), (6, "P08")]
    assert (page.own, page.size) == (Standing(6, people[9].id, "P09", 10), 8)


async def test_whoever_has_none_or_less_is_on_no_board(storage: Storage) -> None:
    people = await _filled(storage, (10, 10, 10))
    await rows.award(storage, people[1], -10)
    await rows.award(storage, people[2], -15)
    for reader in people[1:]:
        assert await rows.board(storage, reader) == Board((Standing(1, people[0].id, "P00", 10),), None, 1)
    await rows.award(storage, people[2], 7)
    board = await rows.board(storage, people[2])
    assert (board.own, board.size) == (Standing(2, people[2].id, "P02", 2), 2)
    async with storage.snapshot() as work:
        some = await work.standings.points(HOME, "all", [person.id for person in people])
    assert some == {people[0].id: 10, people[2].id: 2}
    assert await rows.differences(storage) == []


async def test_ranks_hold_around_the_edges_of_tallies(storage: Storage) -> None:
    edges = (64, 128, 4096, 8192, 262_144, 2_000_000)
    points = sorted({1, *(edge + more for edge in edges for more in (-1, 0, 1))}, reverse=True)
    people = await _filled(storage, tuple(points))
    for rank, (person, amount) in enumerate(zip(people, points, strict=True), start=1):
        assert (await rows.board(storage, person, limit=1)).own == Standing(rank, person.id, person.name, amount)


async def test_a_competitions_board_has_pages_and_ranks_too(storage: Storage) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    await rows.award(storage, ada, 10, contests=("c12", "c12.07"))
    await rows.award(storage, bob, 15, contests=("c12", "c12.08"))
    await rows.award(storage, bob, 20)
    own = Standing(2, ada.id, "Ada", 10)
    assert await rows.board(storage, ada, period="c12") == Board((Standing(1, bob.id, "Bob", 15), own), own, 2)
    async with storage.snapshot() as work:
        assert await work.standings.points(HOME, "c12.07", [ada.id, bob.id]) == {ada.id: 10}


async def test_a_page_is_read_by_index_alone(tmp_path: Path) -> None:
    """Whatever history there is: nothing is scanned and nothing sorted. SQLite alone says so of small tables."""
    async with open_database("sqlite", tmp_path) as storage:
        people = await _filled(storage)
        owls = await rows.team(storage, *people[:4])
        await rows.award(storage, people[0], 10, team=owls)
        with rows.statements(storage) as said:
            for cursor in (None, Cursor(20, people[4].id), Cursor(20, people[4].id, back=True)):
                await rows.board(storage, people[0], cursor=cursor)
                await rows.team_board(storage, owls, cursor=cursor)
        plans: list[str] = []
        async with storage.engine.execution_options(read_only=True).begin() as connection:
            for statement, values in said:
                plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                plans += [row.detail for row in plan]
    assert len(said) == 12
    # What is scanned is only the few rows that a part of the statement has chosen by index already.
    assert [step for step in plans if "TEMP B-TREE" in step or ("SCAN" in step and "SCAN anon_" not in step)] == []
    # A range of ids without the score would run past everybody with another score.
    assert [step for step in plans if "autoindex" in step and ("_id>?" in step or "_id<?" in step)] == []
    assert {
        table for table in ("standings", "team_standings") if any(f"SEARCH {table} " in step for step in plans)
    } == {
        "standings",
        "team_standings",
    }
