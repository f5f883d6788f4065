"""Where an app is installed: one row for each place, the newest, and no tokens that the adapter did not encrypt."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from adapters.storage.installations import SqlInstallations
from adapters.storage.tables import installations
from adapters.storage.work import SqlStorage, open_storage
from bot.installing import InstallationRow
from tests.support.world import MONDAY, StillClock

TEAM = InstallationRow(
    enterprise="",
    workspace="T1",
    bot_user="U1",
    app_id="A1",
    scopes=("commands", "chat:write"),
    secret=b"\x00\xff sealed",
    org_wide=False,
    installed_at=MONDAY - timedelta(days=1),
)
GRID = replace(TEAM, enterprise="E1", workspace="T2", scopes=())
ORG = replace(GRID, workspace="", org_wide=True)


async def _changed(storage: SqlStorage) -> dict[str, datetime]:
    async with storage.reading() as statements:
        rows = await statements.execute(select(installations.c.workspace, installations.c.changed_at))
        return {row.workspace: row.changed_at for row in rows}


async def test_an_installation_is_found_by_its_ids_and_that_of_a_workspace_by_its_own_alone(
    storage: SqlStorage,
) -> None:
    kept = SqlInstallations(storage, StillClock())
    for row in (TEAM, ORG, GRID):
        await kept.save(row)
    assert [await kept.find(row.enterprise, row.workspace) for row in (TEAM, GRID, ORG)] == [TEAM, GRID, ORG]
    assert [await kept.find("E1", "T1"), await kept.find("", "")] == [None] * 2
    assert await kept.find("", GRID.workspace) == GRID
    assert list(await kept.all()) == [TEAM, ORG, GRID]


async def test_of_a_place_the_latest_installation_alone_is_kept(storage: SqlStorage) -> None:
    clock = StillClock()
    kept = SqlInstallations(storage, clock)
    await kept.save(TEAM)
    await kept.save(ORG)
    clock.pass_time(hours=1)
    again = InstallationRow("", "T1", "U2", "A2", ("commands",), b"other", org_wide=True, installed_at=MONDAY)
    await kept.save(again)
    assert list(await kept.all()) == [again, ORG]
    assert await _changed(storage) == {"T1": MONDAY + timedelta(hours=1), "": MONDAY}


async def test_an_installation_survives_a_restart(storage: SqlStorage) -> None:
    await SqlInstallations(storage, StillClock()).save(TEAM)
    other = open_storage(storage.engine.url)
    found = await SqlInstallations(other, StillClock()).find("", "T1")
    await other.close()
    assert found == TEAM


async def test_what_is_deleted_is_gone_and_nothing_else(storage: SqlStorage) -> None:
    kept = SqlInstallations(storage, StillClock())
    for row in (TEAM, ORG, GRID):
        await kept.save(row)
    await kept.delete("E1", "")
    await kept.delete("E1", "")
    await kept.delete("E1", "T1")
    assert list(await kept.all()) == [TEAM, GRID]


async def test_platforms_keep_theirs_apart(storage: SqlStorage) -> None:
    here, there = SqlInstallations(storage, StillClock()), SqlInstallations(storage, StillClock(), "other")
    await here.save(TEAM)
    assert [await there.find("", "T1"), *await there.all()] == [None]
    theirs = replace(TEAM, secret=b"theirs")
    await there.save(theirs)
    assert not await there.replace_secret(TEAM, b"new")
    await here.delete("", "T1")
    assert [*await here.all(), *await there.all()] == [theirs]


async def test_a_secret_is_replaced_while_it_is_the_one_that_was_read(storage: SqlStorage) -> None:
    clock = StillClock()
    kept = SqlInstallations(storage, clock)
    await kept.save(TEAM)
    await kept.save(GRID)
    clock.pass_time(hours=1)
    assert await kept.replace_secret(TEAM, b"new")
    assert not await kept.replace_secret(TEAM, b"newer")
    assert list(await kept.all()) == [replace(TEAM, secret=b"new"), GRID]
    assert await _changed(storage) == {"T1": MONDAY + timedelta(hours=1), "T2": MONDAY}


async def test_of_many_replacements_at_once_one_is_kept(storage: SqlStorage) -> None:
    other = open_storage(storage.engine.url)
    both = [SqlInstallations(storage, StillClock()), SqlInstallations(other, StillClock())]
    await both[0].save(TEAM)
    secrets = [f"secret {number}".encode() for number in range(20)]
    kept = await asyncio.gather(*(both[place % 2].replace_secret(TEAM, new) for place, new in enumerate(secrets)))
    await other.close()
    assert sorted(kept) == [False] * 19 + [True]
    assert list(await both[0].all()) == [replace(TEAM, secret=secrets[kept.index(True)])]


async def test_many_installations_of_one_place_at_once_leave_one_row(storage: SqlStorage) -> None:
    other = open_storage(storage.engine.url)
    both = [SqlInstallations(storage, StillClock()), SqlInstallations(other, StillClock())]
    rows = [replace(TEAM, secret=f"secret {number}".encode()) for number in range(20)]
    await asyncio.gather(*(both[place % 2].save(row) for place, row in enumerate(rows)))
    await other.close()
    (left,) = await both[0].all()
    assert left in rows


async def test_a_row_does_not_show_its_secret() -> None:
    assert "sealed" not in repr(TEAM)
    assert "'T1'" in repr(TEAM)
