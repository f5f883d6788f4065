"""Posts that carry a key: one process makes each, and what became of it is known to all."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from adapters.storage.posts import AT_ONCE, KEPT, SqlPostLog
from adapters.storage.tables import posts
from adapters.storage.work import SqlStorage, open_storage
from bot.installing import Begun
from bot.refs import ChannelRef, WorkspaceRef
from tests.support.world import HOME, MONDAY, STUDY, StillClock

KEY = "daily:7:2026-11-23"
MINE = Begun(mine=True, message="", since=MONDAY)
UNKNOWN = Begun(mine=False, message="", since=MONDAY)
MADE = Begun(mine=False, message="1700000000.000100", since=MONDAY)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


def test_what_was_begun_and_never_confirmed_is_unknown() -> None:
    assert [begun.unknown for begun in (MINE, MADE, UNKNOWN)] == [False, False, True]


async def test_of_many_who_begin_at_once_one_makes_the_post(storage: SqlStorage, clock: StillClock) -> None:
    other = open_storage(storage.engine.url)
    both = [SqlPostLog(storage, clock), SqlPostLog(other, clock)]
    begun = await asyncio.gather(*(both[number % 2].begin(STUDY, KEY) for number in range(20)))
    await other.close()
    assert sorted(begun, key=lambda one: one.mine) == [UNKNOWN] * 19 + [MINE]


async def test_a_post_that_was_made_is_returned_with_the_instant_it_was_begun(
    storage: SqlStorage, clock: StillClock
) -> None:
    log = SqlPostLog(storage, clock)
    assert await log.begin(STUDY, KEY) == MINE
    clock.pass_time(seconds=1)
    assert await log.begin(STUDY, KEY) == UNKNOWN
    await log.confirm(STUDY, KEY, MADE.message)
    assert [await log.begin(STUDY, KEY), await log.begin(STUDY, KEY)] == [MADE, MADE]


async def test_every_place_and_key_has_a_post_of_its_own(storage: SqlStorage, clock: StillClock) -> None:
    log = SqlPostLog(storage, clock)
    elsewhere = ChannelRef(WorkspaceRef("test", "away"), STUDY.id)
    alike = ChannelRef(WorkspaceRef("other", "home"), STUDY.id)
    places = [(STUDY, KEY), (STUDY, "other"), (ChannelRef(HOME, "hall"), KEY), (elsewhere, KEY), (alike, KEY)]
    assert [await log.begin(*place) for place in places] == [MINE] * 5
    await log.confirm(STUDY, KEY, MADE.message)
    assert [await log.begin(*place) for place in places] == [MADE, *[UNKNOWN] * 4]
    for place in places[1:]:
        await log.abandon(*place)
        assert await log.begin(*place) == MINE


async def test_a_post_that_was_not_made_is_made_by_the_next(storage: SqlStorage, clock: StillClock) -> None:
    log = SqlPostLog(storage, clock)
    assert await log.begin(STUDY, KEY) == MINE
    await log.abandon(STUDY, KEY)
    clock.pass_time(seconds=1)
    later = MONDAY + timedelta(seconds=1)
    assert await log.begin(STUDY, KEY) == Begun(mine=True, message="", since=later)
    assert await log.begin(STUDY, KEY) == Begun(mine=False, message="", since=later)


async def test_a_post_that_was_made_cannot_be_abandoned(storage: SqlStorage, clock: StillClock) -> None:
    log = SqlPostLog(storage, clock)
    await log.begin(STUDY, KEY)
    await log.confirm(STUDY, KEY, MADE.message)
    await log.abandon(STUDY, KEY)
    await log.abandon(STUDY, KEY, MONDAY)
    assert await log.begin(STUDY, KEY) == MADE


async def test_of_many_who_find_an_attempt_failed_one_makes_the_post(storage: SqlStorage, clock: StillClock) -> None:
    other = open_storage(storage.engine.url)
    both = [SqlPostLog(storage, clock), SqlPostLog(other, clock)]
    await both[0].begin(STUDY, KEY)
    found = await both[1].begin(STUDY, KEY)
    clock.pass_time(minutes=5)

    async def mend(log: SqlPostLog) -> bool:
        await log.abandon(STUDY, KEY, found.since)
        return (await log.begin(STUDY, KEY)).mine

    mended = await asyncio.gather(*(mend(both[number % 2]) for number in range(20)))
    await other.close()
    assert sorted(mended) == [False] * 19 + [True]


async def test_confirming_and_abandoning_what_was_never_begun_does_nothing(
    storage: SqlStorage, clock: StillClock
) -> None:
    log = SqlPostLog(storage, clock)
    await log.confirm(STUDY, KEY, MADE.message)
    await log.abandon(STUDY, KEY)
    assert await log.begin(STUDY, KEY) == MINE


async def test_posts_are_forgotten_after_a_week(storage: SqlStorage, clock: StillClock) -> None:
    log = SqlPostLog(storage, clock)
    for key in ("made", "unknown"):
        await log.begin(STUDY, key)
    await log.confirm(STUDY, "made", MADE.message)
    clock.pass_time(seconds=KEPT.total_seconds())
    await log.begin(STUDY, "new")
    assert await log.trim() == 0
    clock.pass_time(seconds=1)
    assert [await log.trim(), await log.trim()] == [2, 0]
    assert [(await log.begin(STUDY, key)).mine for key in ("made", "unknown", "new")] == [True, True, False]


async def test_many_posts_are_forgotten_in_pieces(storage: SqlStorage, clock: StillClock) -> None:
    log = SqlPostLog(storage, clock)
    async with storage.writing() as statements:
        old = {"platform": "test", "workspace": HOME.key, "channel": "study", "message": "", "begun": 1, "at": MONDAY}
        await statements.execute(posts.insert(), [{**old, "key": str(number)} for number in range(AT_ONCE + 1)])
    clock.pass_time(days=8)
    assert [await log.trim(), await log.trim(), await log.trim()] == [AT_ONCE, 1, 0]
