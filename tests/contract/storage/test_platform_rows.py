"""Who answers an event, where Warmup is, which commands a platform knows: decided by rows, for every process."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text

from adapters.storage.claims import KEPT, SqlClaims
from adapters.storage.command_syncs import LEASE, SqlCommandSyncs
from adapters.storage.presence import SqlPresence
from adapters.storage.tables import workspaces
from adapters.storage.work import SqlStorage, open_storage
from bot.refs import WorkspaceRef
from tests.support.world import StillClock

HERE, THERE = WorkspaceRef("discord", "1"), WorkspaceRef("discord", "2")
SCOPE = "discord:1"


async def test_an_event_is_taken_once_by_all_processes_together(storage: SqlStorage) -> None:
    other = open_storage(storage.engine.url)
    takers = [SqlClaims(storage, StillClock()), SqlClaims(other, StillClock())]
    taken = await asyncio.gather(*(taker.take("discord:7") for taker in takers for _ in range(5)))
    await other.close()
    assert sorted(taken) == [False] * 9 + [True]
    assert await takers[0].take("discord:8")


async def test_a_crowd_is_decided_event_by_event(storage: SqlStorage) -> None:
    other = open_storage(storage.engine.url)
    here, there = SqlClaims(storage, StillClock()), SqlClaims(other, StillClock())
    events = [f"discord:{number}" for number in range(700)]
    mine, theirs = await asyncio.gather(
        asyncio.gather(*map(here.take, events)), asyncio.gather(*map(there.take, events))
    )
    await other.close()
    assert all(one != another for one, another in zip(mine, theirs, strict=True))


async def test_an_event_that_could_not_be_written_is_told_so_and_can_be_taken_later(storage: SqlStorage) -> None:
    claims = SqlClaims(storage, StillClock())
    async with storage.writing() as statements:
        await statements.execute(text("ALTER TABLE claims RENAME TO gone"))
    told = await asyncio.gather(*(claims.take(f"discord:{number}") for number in range(3)), return_exceptions=True)
    assert all(isinstance(one, Exception) for one in told)
    async with storage.writing() as statements:
        await statements.execute(text("ALTER TABLE gone RENAME TO claims"))
    assert await claims.take("discord:1")


async def test_claims_are_forgotten_when_their_events_cannot_come_again(storage: SqlStorage) -> None:
    clock = StillClock()
    claims = SqlClaims(storage, clock)
    await claims.take("discord:1")
    clock.pass_time(seconds=KEPT.total_seconds())
    await claims.take("discord:2")
    assert await claims.trim() == 0
    clock.pass_time(seconds=1)
    assert await claims.trim() == 1
    assert [await claims.take("discord:1"), await claims.take("discord:2")] == [True, False]


async def test_joining_is_news_once_and_again_after_leaving(storage: SqlStorage) -> None:
    presence = SqlPresence(storage, StillClock())
    assert [await presence.joined(HERE), await presence.joined(HERE)] == [True, False]
    await presence.left(HERE)
    await presence.left(HERE)
    assert await presence.has_left(HERE)
    assert await presence.joined(HERE)
    assert not await presence.has_left(HERE)


async def test_a_workspace_never_heard_of_has_not_been_left(storage: SqlStorage) -> None:
    assert not await SqlPresence(storage, StillClock()).has_left(HERE)


async def test_a_workspace_that_removed_warmup_before_it_was_ever_known_has_been_left(storage: SqlStorage) -> None:
    presence = SqlPresence(storage, StillClock())
    await presence.left(HERE)
    assert await presence.has_left(HERE)


async def test_comparing_keeps_what_was_missed_on_that_platform_alone(storage: SqlStorage) -> None:
    presence = SqlPresence(storage, StillClock())
    elsewhere = WorkspaceRef("slack", "1")
    for workspace in (HERE, elsewhere):
        await presence.joined(workspace)
    await presence.compare("discord", [THERE])
    assert [await presence.has_left(place) for place in (HERE, THERE, elsewhere)] == [True, False, False]
    await presence.compare("discord", [HERE, THERE])
    assert not await presence.has_left(HERE)
    assert not await presence.joined(THERE)


async def _rows(storage: SqlStorage) -> dict[str, tuple[bool, datetime]]:
    async with storage.reading() as statements:
        found = await statements.execute(select(workspaces.c.key, workspaces.c.here, workspaces.c.changed_at))
        return {row.key: (row.here, row.changed_at) for row in found.all()}


async def test_hundreds_of_workspaces_are_compared_at_once_and_only_what_changed_is_written(
    storage: SqlStorage, clock: StillClock
) -> None:
    presence, began = SqlPresence(storage, clock), clock.now()
    places = [WorkspaceRef("discord", str(number)) for number in range(1200)]
    await presence.compare("discord", places)
    assert await _rows(storage) == {place.key: (True, began) for place in places}

    clock.pass_time(seconds=1)
    moved, stayed, new = (
        clock.now(),
        places[1100:],
        [WorkspaceRef("discord", str(number)) for number in range(2000, 2600)],
    )
    here = [*places[:50], *stayed, *new]
    await presence.compare("discord", here)
    told = {place.key: (False, moved) for place in places[50:1100]}
    told |= {place.key: (True, began) for place in (*places[:50], *stayed)}
    told |= {place.key: (True, moved) for place in new}
    assert await _rows(storage) == told

    clock.pass_time(seconds=1)
    await presence.compare("discord", here)
    assert await _rows(storage) == told

    await presence.compare("discord", places)
    back = {place.key: (True, clock.now()) for place in places[50:1100]}
    left = {place.key: (False, clock.now()) for place in new}
    assert await _rows(storage) == told | back | left


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


async def test_commands_are_told_when_they_changed_and_not_again(storage: SqlStorage, clock: StillClock) -> None:
    syncs = SqlCommandSyncs(storage, clock)
    assert await syncs.begin(SCOPE, "one")
    await syncs.end(SCOPE, "one")
    assert not await syncs.begin(SCOPE, "one")
    assert await syncs.begin(SCOPE, "two")
    assert await syncs.begin("discord:2", "two")


async def test_one_process_tells_at_a_time(storage: SqlStorage, clock: StillClock) -> None:
    syncs = SqlCommandSyncs(storage, clock)
    began = await asyncio.gather(*(syncs.begin(SCOPE, "one") for _ in range(4)))
    assert sorted(began) == [False, False, False, True]


async def test_a_telling_that_failed_is_done_again_at_once_and_one_that_died_after_its_lease(
    storage: SqlStorage, clock: StillClock
) -> None:
    syncs = SqlCommandSyncs(storage, clock)
    assert await syncs.begin(SCOPE, "one")
    await syncs.end(SCOPE, "")
    assert await syncs.begin(SCOPE, "one")
    clock.pass_time(seconds=(LEASE - timedelta(seconds=1)).total_seconds())
    assert not await syncs.begin(SCOPE, "one")
    clock.pass_time(seconds=1)
    assert await syncs.begin(SCOPE, "one")
