"""Installations under way: a state is good once, within its time, and is not kept as it is."""

from __future__ import annotations

import asyncio
import hashlib

import pytest
from sqlalchemy import func, select

from adapters.storage.oauth_states import AT_ONCE, SqlOAuthStates
from adapters.storage.tables import oauth_states
from adapters.storage.work import SqlStorage, open_storage
from tests.support.world import StillClock


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


async def test_a_state_is_good_once(storage: SqlStorage, clock: StillClock) -> None:
    states = SqlOAuthStates(storage, clock)
    await states.issue("one", 600)
    await states.issue("two", 600)
    assert [await states.consume("one"), await states.consume("one"), await states.consume("two")] == [
        True,
        False,
        True,
    ]


async def test_a_state_that_was_never_issued_is_not_good(storage: SqlStorage, clock: StillClock) -> None:
    states = SqlOAuthStates(storage, clock)
    await states.issue("one", 600)
    digest = hashlib.sha256(b"one").hexdigest()
    assert [await states.consume(state) for state in ("", "other", digest)] == [False, False, False]
    assert await states.consume("one")


async def test_of_many_who_use_a_state_at_once_one_may(storage: SqlStorage, clock: StillClock) -> None:
    other = open_storage(storage.engine.url)
    both = [SqlOAuthStates(storage, clock), SqlOAuthStates(other, clock)]
    await both[0].issue("one", 600)
    two = await asyncio.gather(*(states.consume("one") for states in both))
    await both[0].issue("one", 600)
    twenty = await asyncio.gather(*(both[number % 2].consume("one") for number in range(20)))
    await other.close()
    assert (sorted(two), sorted(twenty)) == ([False, True], [False] * 19 + [True])


async def test_a_state_runs_out(storage: SqlStorage, clock: StillClock) -> None:
    states = SqlOAuthStates(storage, clock)
    for state in ("early", "late"):
        await states.issue(state, 600)
    clock.pass_time(seconds=599)
    assert await states.consume("early")
    clock.pass_time(seconds=1)
    assert not await states.consume("late")


async def test_states_that_ran_out_are_forgotten(storage: SqlStorage, clock: StillClock) -> None:
    states = SqlOAuthStates(storage, clock)
    await states.issue("short", 60)
    await states.issue("long", 600)
    assert await states.trim() == 0
    clock.pass_time(seconds=60)
    assert [await states.trim(), await states.trim()] == [1, 0]
    assert await states.consume("long")


async def test_many_states_are_forgotten_in_pieces(storage: SqlStorage, clock: StillClock) -> None:
    states = SqlOAuthStates(storage, clock)
    async with storage.writing() as statements:
        rows = [{"digest": f"{number:064}", "expires_at": clock.now()} for number in range(AT_ONCE + 1)]
        await statements.execute(oauth_states.insert(), rows)
    assert [await states.trim(), await states.trim()] == [AT_ONCE, 1]
    async with storage.reading() as statements:
        assert (await statements.execute(select(func.count()).select_from(oauth_states))).scalar_one() == 0


async def test_the_state_itself_is_not_kept(storage: SqlStorage, clock: StillClock) -> None:
    await SqlOAuthStates(storage, clock).issue("one", 600)
    async with storage.reading() as statements:
        kept = (await statements.execute(select(oauth_states.c.digest))).scalars().all()
    assert kept == [hashlib.sha256(b"one").hexdigest()]
