"""Standings: who leads where, as the ledger says."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update

from adapters.storage.ledger_tables import standings
from adapters.storage.work import SqlStorage
from bot.ledger import Board, Standing
from bot.persons import Person
from bot.ports import Storage
from bot.refs import WorkspaceRef
from tests.support import rows

ELSEWHERE = WorkspaceRef("test", "elsewhere")


async def _with_points(storage: Storage, points: dict[str, int]) -> dict[str, Person]:
    people = {name: await rows.enter(storage, name) for name in points}
    for name, amount in points.items():
        await rows.award(storage, people[name], amount)
    return people


def _ranks(board: Board) -> list[tuple[int, str, int]]:
    return [(row.rank, row.name, row.points) for row in board.top]


async def test_a_board_without_points_is_empty(storage: Storage) -> None:
    ada = await rows.enter(storage)
    assert await rows.board(storage, ada) == Board((), None, 0)


async def test_whoever_has_more_points_leads(storage: Storage) -> None:
    people = await _with_points(storage, {"Ada": 10, "Bob": 30, "Cyd": 20})
    second = Standing(2, people["Cyd"].id, "Cyd", 20)
    assert await rows.board(storage, people["Cyd"]) == Board(
        (Standing(1, people["Bob"].id, "Bob", 30), second, Standing(3, people["Ada"].id, "Ada", 10)), second, 3
    )


async def test_the_same_points_share_a_rank(storage: Storage) -> None:
    await _with_points(storage, {"Ada": 20, "Bob": 30, "Cyd": 20, "Dan": 10, "Eve": 10})
    assert _ranks(await rows.board(storage)) == [
        (1, "Bob", 30),
        (2, "Ada", 20),
        (2, "Cyd", 20),
        (4, "Dan", 10),
        (4, "Eve", 10),
    ]


async def test_the_head_ends_at_the_limit_and_the_size_does_not(storage: Storage) -> None:
    await _with_points(storage, {"Ada": 10, "Bob": 30, "Cyd": 20})
    board = await rows.board(storage, limit=2)
    assert _ranks(board) == [(1, "Bob", 30), (2, "Cyd", 20)]
    assert board.size == 3


@pytest.mark.parametrize(("name", "rank"), [("Bob", 1), ("Cyd", 2), ("Ada", 2), ("Dan", 4)])
async def test_the_readers_row_has_their_rank_wherever_they_stand(storage: Storage, name: str, rank: int) -> None:
    points = {"Ada": 20, "Bob": 30, "Cyd": 20, "Dan": 10}
    people = await _with_points(storage, points)
    board = await rows.board(storage, people[name], limit=1)
    assert board.own == Standing(rank, people[name].id, name, points[name])


async def test_a_reader_without_points_has_no_row(storage: Storage) -> None:
    await _with_points(storage, {"Ada": 10})
    bob = await rows.enter(storage, "Bob")
    assert (await rows.board(storage, bob)).own is None


async def test_a_reader_who_never_did_anything_has_no_row(storage: Storage) -> None:
    await _with_points(storage, {"Ada": 10})
    board = await rows.board(storage, None)
    assert (board.own, board.size) == (None, 1)


async def test_hidden_people_neither_show_nor_hold_a_rank(storage: Storage) -> None:
    people = await _with_points(storage, {"Ada": 10, "Bob": 30, "Cyd": 20})
    await rows.hide(storage, people["Bob"])
    board = await rows.board(storage, people["Ada"])
    assert _ranks(board) == [(1, "Cyd", 20), (2, "Ada", 10)]
    assert board.own == Standing(2, people["Ada"].id, "Ada", 10)
    assert board.size == 2


async def test_a_hidden_reader_sees_their_own_row(storage: Storage) -> None:
    people = await _with_points(storage, {"Ada": 10, "Bob": 30, "Cyd": 20})
    await rows.hide(storage, people["Ada"])
    board = await rows.board(storage, people["Ada"])
    assert board.own == Standing(3, people["Ada"].id, "Ada", 10)
    assert _ranks(board) == [(1, "Bob", 30), (2, "Cyd", 20)]


async def test_whoever_hides_is_hidden_on_all_boards(storage: Storage) -> None:
    ada = await rows.enter(storage)
    await rows.award(storage, ada, 10, periods=("all", "2026-11"))
    await rows.award(storage, ada, 10, workspace=ELSEWHERE)
    await rows.hide(storage, ada)
    boards = [
        await rows.board(storage, period="all"),
        await rows.board(storage, period="2026-11"),
        await rows.board(storage, workspace=ELSEWHERE),
    ]
    assert boards == [Board((), None, 0)] * 3


async def test_points_earned_while_hidden_stay_hidden(storage: Storage) -> None:
    ada = await rows.enter(storage)
    await rows.hide(storage, ada)
    await rows.award(storage, ada, 10)
    await rows.award(storage, ada, 10, periods=("all", "2026-11"))
    assert await rows.board(storage, period="all") == Board((), None, 0)
    assert await rows.board(storage, period="2026-11") == Board((), None, 0)


async def test_whoever_shows_again_has_all_their_points(storage: Storage) -> None:
    people = await _with_points(storage, {"Ada": 10, "Bob": 15})
    await rows.hide(storage, people["Ada"])
    await rows.award(storage, people["Ada"], 10)
    await rows.hide(storage, people["Ada"], hidden=False)
    assert _ranks(await rows.board(storage)) == [(1, "Ada", 20), (2, "Bob", 15)]


async def test_a_board_shows_the_name_a_person_chose(storage: Storage) -> None:
    people = await _with_points(storage, {"Ada": 10, "Bob": 5})
    async with storage.transaction() as work:
        await work.people.set_profile(people["Ada"].id, shown_name="Countess", zone="", hidden=False)
    assert _ranks(await rows.board(storage)) == [(1, "Countess", 10), (2, "Bob", 5)]


async def test_a_board_never_reaches_beyond_its_workspace_and_period(storage: Storage) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    await rows.award(storage, ada, 10, periods=("all", "2026-11"))
    await rows.award(storage, bob, 20, workspace=ELSEWHERE)
    await rows.award(storage, bob, 30, periods=("2026-12",))
    board = await rows.board(storage, bob, period="all")
    assert _ranks(board) == [(1, "Ada", 10)]
    assert (board.own, board.size) == (None, 1)


async def test_standings_that_agree_with_the_ledger_have_no_differences(storage: Storage) -> None:
    people = await _with_points(storage, {"Ada": 10, "Bob": 30})
    await rows.award(storage, people["Ada"], 5, periods=("all", "2026-11"), workspace=ELSEWHERE)
    await rows.hide(storage, people["Bob"])
    assert await rows.differences(storage) == []


async def test_a_standing_that_is_wrong_is_named(storage: SqlStorage) -> None:
    people = await _with_points(storage, {"Ada": 10, "Bob": 30})
    async with storage.writing() as connection:
        await connection.execute(update(standings).where(standings.c.points == 10).values(points=11))
    assert await rows.differences(storage) == [
        f"test:home all person {people['Ada'].id}: standings say 11, the ledger 10"
    ]


async def test_a_standing_that_is_missing_is_named(storage: SqlStorage) -> None:
    people = await _with_points(storage, {"Ada": 10})
    async with storage.writing() as connection:
        await connection.execute(delete(standings))
    assert await rows.differences(storage) == [
        f"test:home all person {people['Ada'].id}: standings say 0, the ledger 10"
    ]


async def test_a_standing_that_nothing_was_paid_for_is_named(storage: SqlStorage) -> None:
    people = await _with_points(storage, {"Ada": 10})
    async with storage.writing() as connection:
        await connection.execute(
            standings.insert().values(
                workspace="test:home", period="2026-11", person_id=people["Ada"].id, points=3, hidden=False
            )
        )
    assert await rows.differences(storage) == [
        f"test:home 2026-11 person {people['Ada'].id}: standings say 3, the ledger 0"
    ]
