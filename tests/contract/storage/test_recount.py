"""Whatever somebody does to the boards behind the ledger's back is named, and mended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import Executable, delete, insert, update

from adapters.storage.ledger_tables import contributions, rank_tallies, standings, team_standings
from adapters.storage.tables import people
from adapters.storage.work import SqlStorage
from bot.ports import Storage
from bot.refs import WorkspaceRef
from tests.support import rows

ELSEWHERE = WorkspaceRef("test", "elsewhere")
Ids = dict[str, int]
"""Who is there, and which teams, by name."""


async def _fill(storage: Storage) -> Ids:
    ada, bob, cyd = [await rows.enter(storage, name) for name in ("Ada", "Bob", "Cyd")]
    owls, crows = await rows.team(storage, ada, cyd), await rows.team(storage, bob, name="Crows")
    await rows.award(storage, ada, 10, periods=("all", "2026-11"), team=owls, contests=("c1", "c1.00"))
    await rows.award(storage, bob, 30, team=crows)
    await rows.award(storage, bob, 5, workspace=ELSEWHERE)
    await rows.void(storage, await rows.award(storage, ada, 7, team=owls), bob)
    await rows.award(storage, cyd, 20, team=owls)
    await rows.hide(storage, cyd)
    return {"ada": ada.id, "bob": bob.id, "cyd": cyd.id, "owls": owls, "crows": crows}


async def _state(storage: SqlStorage) -> list[list[Any]]:
    async with storage.reading() as statements:
        return [
            sorted(tuple(row) for row in await statements.execute(rows_))
            for rows_ in (
                *(table.select() for table in (standings, contributions, team_standings)),
                rank_tallies.select().where(rank_tallies.c.people != 0),
            )
        ]


async def _rebuild(storage: Storage, most: int = 1000) -> Sequence[str]:
    async with storage.transaction() as work:
        return await work.standings.rebuild(most)


TAMPERED: dict[str, tuple[Callable[[Ids], Executable], Callable[[Ids], list[str]]]] = {
    "points": (
        lambda _: update(standings).where(standings.c.period == "2026-11").values(points=99),
        lambda ids: [f"test:home 2026-11 person {ids['ada']}: standings say 99, the ledger 10"],
    ),
    "missing": (
        lambda _: delete(standings).where(standings.c.period == "c1.00"),
        lambda ids: [f"test:home c1.00 person {ids['ada']}: standings say 0, the ledger 10"],
    ),
    "shown": (
        lambda ids: update(standings).where(standings.c.person_id == ids["cyd"]).values(hidden=False),
        lambda ids: [f"test:home all person {ids['cyd']}: shown though they hide"],
    ),
    "hidden": (
        lambda _: update(standings).where(standings.c.period == "2026-11").values(hidden=True),
        lambda ids: [f"test:home 2026-11 person {ids['ada']}: hidden though they do not hide"],
    ),
    "contribution": (
        lambda ids: update(contributions).where(contributions.c.person_id == ids["bob"]).values(points=31),
        lambda ids: [f"test:home all team and person {ids['crows']} {ids['bob']}: standings say 31, the ledger 30"],
    ),
    "team": (
        lambda ids: update(team_standings).where(team_standings.c.team_id == ids["crows"]).values(mean=1, active=2),
        lambda ids: [f"test:home all team {ids['crows']}: standings say 30 2 1, the ledger 30 1 10000"],
    ),
    "team gone": (
        lambda ids: delete(team_standings).where(team_standings.c.team_id == ids["crows"]),
        lambda ids: [f"test:home all team {ids['crows']}: standings say 0, the ledger 30 1 10000"],
    ),
    "tally": (
        lambda _: update(rank_tallies).where(rank_tallies.c.level == 2).values(people=9),
        lambda _: [
            f"test:{board} tally 2 0: standings say 9, the ledger {there}"
            for board, there in (("elsewhere all", 1), ("home 2026-11", 1), ("home all", 2), ("home c1", 1))
        ],
    ),
    "tallies of a whole board": (
        lambda _: delete(rank_tallies).where(rank_tallies.c.workspace == ELSEWHERE.key),
        lambda _: [f"test:elsewhere all tally {level} {bucket}: standings say 0, the ledger 1" for level, bucket in
                   ((0, 5), (1, 0), (2, 0))],
    ),
    "a board of nobody": (
        lambda ids: insert(standings).values(
            workspace="test:home", period="all/cn", person_id=ids["bob"], points=4, hidden=False
        ),
        lambda ids: [f"test:home all/cn person {ids['bob']}: standings say 4, the ledger 0"],
    ),
    "a tally of nobody": (
        lambda _: insert(rank_tallies).values(workspace="test:home", period="1999", level=0, bucket=4, people=2),
        lambda _: ["test:home 1999 tally 0 4: standings say 2, the ledger 0"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERED)
async def test_what_was_tampered_with_is_named_and_mended(storage: SqlStorage, what: str) -> None:
    ids = await _fill(storage)
    tamper, named = TAMPERED[what]
    async with storage.writing() as statements:
        await statements.execute(tamper(ids))
    assert sorted(await rows.differences(storage)) == named(ids)
    assert sorted(await _rebuild(storage)) == named(ids)
    assert await rows.differences(storage) == []
    assert await _rebuild(storage) == []


async def test_rebuilding_from_nothing_comes_to_what_was_kept(storage: SqlStorage) -> None:
    await _fill(storage)
    kept = await _state(storage)
    async with storage.writing() as statements:
        for table in (standings, contributions, team_standings, rank_tallies):
            await statements.execute(delete(table))
    assert len(await _rebuild(storage)) > 20
    assert await _state(storage) == kept


async def test_teams_leave_no_empty_tallies_behind(storage: SqlStorage) -> None:
    ada = await rows.enter(storage)
    owls = await rows.team(storage, ada)
    for _ in range(5):
        await rows.award(storage, ada, 10, team=owls)
    async with storage.reading() as statements:
        found = await statements.execute(rank_tallies.select().where(rank_tallies.c.level >= 3))
        assert sorted((row.level, row.bucket, row.people) for row in found) == [(3, 16666, 1), (4, 65, 1), (5, 0, 1)]


async def test_no_more_lines_are_named_than_were_asked_for(storage: SqlStorage) -> None:
    await _fill(storage)
    async with storage.writing() as statements:
        await statements.execute(delete(standings))
        await statements.execute(delete(team_standings))
    for most in (1, 5, 6):
        async with storage.snapshot() as work:
            assert len(await work.standings.differences(most)) == most
    assert len(await _rebuild(storage, 2)) == 2
    assert await rows.differences(storage) == []


async def test_hiding_and_showing_over_many_boards_keeps_the_tallies(storage: SqlStorage) -> None:
    ids = await _fill(storage)
    kept = await _state(storage)
    for name in ("ada", "bob", "cyd"):
        async with storage.transaction() as work:
            person = await work.people.latch(ids[name])
        assert person is not None
        for hidden in (not person.hidden, not person.hidden, person.hidden, person.hidden):
            await rows.hide(storage, person, hidden=hidden)
            assert await rows.differences(storage) == []
    assert await _state(storage) == kept


async def test_a_person_who_was_hidden_by_hand_is_named(storage: SqlStorage) -> None:
    ids = await _fill(storage)
    async with storage.writing() as statements:
        await statements.execute(update(people).where(people.c.id == ids["ada"]).values(hidden=True))
    found = await rows.differences(storage)
    assert f"test:home all person {ids['ada']}: shown though they hide" in found
    assert await _rebuild(storage) == found
    assert await rows.differences(storage) == []
