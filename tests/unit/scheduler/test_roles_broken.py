"""Roles where calls fail, processes die and schedulers meet: in the end the right people have them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.storage.errand_queue import SqlErrandQueue
from adapters.storage.work import SqlStorage
from bot.competition.rewards import Rewarding
from bot.errors import RateLimited, StorageError, Unreachable
from bot.ports import Storage, UnitOfWork
from bot.refs import UserRef, WorkspaceRef
from bot.rewarding import Holding
from scheduler.roles import RoleErrands
from tests.support.daily_room import GRACE, DailyRoom
from tests.support.databases import KINDS, open_database
from tests.support.items import truth
from tests.support.rewards import (
    GIVE_BOB,
    MINUTE,
    TAKE_ADA,
    TURN,
    holders,
    lead,
    turn,
)
from tests.support.room import BOB
from tests.support.world import someone


class Killed(BaseException):
    """The process died here."""


@pytest.fixture(params=KINDS)
async def room(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[DailyRoom]:
    async with open_database(request.param, tmp_path) as storage:
        yield DailyRoom(storage, truth())


@pytest.mark.parametrize("error", [Unreachable("no answer"), RateLimited(20)])
@pytest.mark.parametrize("step", ["give", "take"])
async def test_what_failed_is_tried_again_before_the_next_turn(room: DailyRoom, step: str, error: Exception) -> None:
    await lead(room)
    await room.give(BOB, 20)
    room.roles.broken[step] = error
    await turn(room)
    room.roles.broken.clear()
    await room.live_until(room.clock.at + 2 * MINUTE, timedelta(seconds=10))
    assert room.roles.held == {("bob", "77")}
    assert await holders(room) == [("bob", "77", Holding.HELD)]
    room.roles.calls.clear()
    assert await turn(room, 3) == []


@pytest.mark.parametrize("step", ["give", "take"])
async def test_a_call_whose_answer_was_lost_is_made_again_and_counts_once(room: DailyRoom, step: str) -> None:
    await lead(room)
    await room.give(BOB, 20)
    room.roles.lost[step] = Unreachable("no answer")
    await turn(room)
    room.roles.lost.clear()
    await room.live_until(room.clock.at + 2 * MINUTE, timedelta(seconds=10))
    assert room.roles.held == {("bob", "77")}
    assert await holders(room) == [("bob", "77", Holding.HELD)]


@pytest.mark.parametrize("step", ["give", "take"])
@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize("changed", [True, False])
async def test_a_process_that_died_around_a_call_leaves_nobody_with_a_wrong_role(
    room: DailyRoom, step: str, after: bool, changed: bool
) -> None:
    await lead(room)
    await room.give(BOB, 20)
    (room.roles.lost if after else room.roles.broken)[step] = Killed()
    room.clock.at += TURN
    with pytest.raises(Killed):
        await die(room)
    room.roles.lost.clear()
    room.roles.broken.clear()
    if changed:  # before anybody goes on, somebody else leads
        await room.give(someone("Eve"), 99)
    await room.live_until(room.clock.at + 2 * MINUTE, timedelta(seconds=10))
    leader = "eve" if changed else "bob"
    assert room.roles.held == {(leader, "77")}
    assert await holders(room) == [(leader, "77", Holding.HELD)]
    room.roles.calls.clear()
    assert await turn(room, 3) == []


async def die(room: DailyRoom) -> None:
    """Do what is due in a process that dies of it, with its lease."""
    now = room.clock.now()
    [errand] = await SqlErrandQueue(room.rows).claim("dies", ["test"], now, now + MINUTE, 1)
    await handlers_of(room.rows, room).roles(errand, "dies")


def handlers_of(storage: Storage, room: DailyRoom) -> RoleErrands:
    rewarding = Rewarding(storage, room.clock, room.rules.calendar, room.posting)
    return RoleErrands(rewarding, room.posting)


class Failing:
    """A database that stops taking writes after some."""

    def __init__(self, storage: SqlStorage, writes: int) -> None:
        self._storage = storage
        self._writes = writes

    def transaction(self) -> AbstractAsyncContextManager[UnitOfWork]:
        self._writes -= 1
        if self._writes < 0:
            raise StorageError("it is away")
        return self._storage.transaction()

    def snapshot(self) -> AbstractAsyncContextManager[UnitOfWork]:
        return self._storage.snapshot()


@pytest.mark.parametrize("writes", range(4))
async def test_a_database_that_went_away_after_any_step_is_caught_up_with(room: DailyRoom, writes: int) -> None:
    await lead(room)
    await room.give(BOB, 20)
    room.clock.at += TURN
    now = room.clock.now()
    [errand] = await SqlErrandQueue(room.rows).claim("dies", ["test"], now, now + MINUTE, 1)
    with pytest.raises(StorageError):
        await handlers_of(Failing(room.rows, writes), room).roles(errand, "dies")
    await room.give(someone("Eve"), 99)
    await room.live_until(room.clock.at + 2 * MINUTE, timedelta(seconds=10))
    assert room.roles.held == {("eve", "77")}
    assert await holders(room) == [("eve", "77", Holding.HELD)]


async def test_two_schedulers_at_once_give_it_once(room: DailyRoom) -> None:
    await lead(room)
    await room.give(BOB, 20)
    room.clock.at += TURN
    await asyncio.gather(*(room.errander().settle() for _ in range(4)))
    assert room.roles.calls == [TAKE_ADA, GIVE_BOB]


async def test_one_whose_lease_ran_out_in_the_middle_changes_nothing_for_good(room: DailyRoom) -> None:
    await lead(room)
    await room.give(BOB, 20)
    room.clock.at += TURN
    now = room.clock.now()
    [errand] = await SqlErrandQueue(room.rows).claim("slow", ["test"], now, now + MINUTE, 1)
    slow = Stalled(room)
    stalled = asyncio.create_task(slow.errands.roles(errand, "slow"))
    await slow.reached.wait()
    room.clock.at += 2 * MINUTE
    await room.give(someone("Eve"), 99)
    await room.work()
    assert room.roles.held == {("eve", "77")}
    slow.go_on.set()
    await stalled
    await turn(room, 2)
    assert room.roles.held == {("eve", "77")}
    assert await holders(room) == [("eve", "77", Holding.HELD)]


class Stalled:
    """A worker that stops between deciding to give a role and giving it."""

    def __init__(self, room: DailyRoom) -> None:
        self.reached, self.go_on = asyncio.Event(), asyncio.Event()
        self._roles = room.roles
        posting = type(room.posting)()
        posting.connect("test", room.board, self)
        self.errands = RoleErrands(Rewarding(room.rows, room.clock, room.rules.calendar, posting), posting)

    async def give(self, user: UserRef, workspace: WorkspaceRef, role: str) -> bool:
        self.reached.set()
        await self.go_on.wait()
        return await self._roles.give(user, workspace, role)

    async def take(self, user: UserRef, workspace: WorkspaceRef, role: str) -> bool:
        return await self._roles.take(user, workspace, role)

    async def obstacle(self, workspace: WorkspaceRef, role: str) -> str:
        return await self._roles.obstacle(workspace, role)


async def test_what_is_set_up_while_a_turn_is_under_way_comes_at_once_after_it(room: DailyRoom) -> None:
    await lead(room)
    await room.give(BOB, 20)
    room.clock.at += TURN
    now = room.clock.now()
    [errand] = await SqlErrandQueue(room.rows).claim("slow", ["test"], now, now + MINUTE, 1)
    slow = Stalled(room)
    under_way = asyncio.create_task(slow.errands.roles(errand, "slow"))
    await slow.reached.wait()
    room.clock.at += timedelta(seconds=1)
    await room.command(GRACE, "reward", "role:<@&78>")
    await room.work()
    slow.go_on.set()
    await under_way
    await room.work()
    assert room.roles.held == {("bob", "78")}
