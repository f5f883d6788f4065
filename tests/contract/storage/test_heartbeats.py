"""When each process was alive last."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from adapters.storage.heartbeats import SqlHeartbeats
from adapters.storage.work import SqlStorage, open_storage
from tests.support.world import MONDAY, StillClock


async def test_who_never_was_alive_has_no_last_sign(storage: SqlStorage) -> None:
    beats = SqlHeartbeats(storage, StillClock())
    await beats.beat("scheduler")
    assert await beats.last("slack") is None


async def test_the_last_sign_of_each_is_kept(storage: SqlStorage) -> None:
    clock = StillClock()
    beats = SqlHeartbeats(storage, clock)
    await beats.beat("scheduler")
    await beats.beat("slack")
    clock.pass_time(seconds=30)
    await beats.beat("slack")
    assert [await beats.last("scheduler"), await beats.last("slack")] == [MONDAY, MONDAY + timedelta(seconds=30)]


async def test_several_processes_may_beat_under_one_name_at_once(storage: SqlStorage) -> None:
    other = open_storage(storage.engine.url)
    both = [SqlHeartbeats(storage, StillClock()), SqlHeartbeats(other, StillClock())]
    await asyncio.gather(*(both[number % 2].beat("slack") for number in range(20)))
    seen = await both[1].last("slack")
    await other.close()
    assert seen == MONDAY
