"""A reward in a room: Ada leads and has the role; what turns call, and what is kept of it."""

from __future__ import annotations

from datetime import timedelta

from adapters.storage.errand_queue import SqlErrandQueue
from bot.rewarding import Holding, RewardKind
from tests.support.daily_room import GRACE, DailyRoom
from tests.support.room import ADA, BOB
from tests.support.world import HOME

SEASON = RewardKind.SEASON
TURN, MINUTE = timedelta(minutes=15), timedelta(minutes=1)
GIVE_ADA, TAKE_ADA = ("give", "ada", "77"), ("take", "ada", "77")
GIVE_BOB, TAKE_BOB = ("give", "bob", "77"), ("take", "bob", "77")


async def lead(room: DailyRoom) -> None:
    """Let Ada lead and have the role."""
    await room.give(ADA, 30)
    await room.give(BOB, 20)
    await room.command(GRACE, "reward", "role:<@&77>")
    await room.work()
    assert room.roles.calls == [GIVE_ADA]
    room.roles.calls.clear()


async def turn(room: DailyRoom, times: int = 1) -> list[tuple[str, str, str]]:
    """Let a quarter of an hour go by, and return what was called."""
    for _ in range(times):
        room.clock.at += TURN
        await room.work()
    calls, room.roles.calls = room.roles.calls, []
    return calls


async def holders(room: DailyRoom) -> list[tuple[str, str, Holding]]:
    """Return who holds what by the rows."""
    async with room.storage.snapshot() as work:
        return [(one.user.id, one.role, one.holding) for one in await work.rewards.holders(HOME, SEASON)]


async def left(room: DailyRoom) -> list[str]:
    """Return what is still to be done some day."""
    later = room.clock.now() + timedelta(days=999)
    return [one.key for one in await SqlErrandQueue(room.rows).claim("z", ["test"], later, later, 99)]
