"""Streaks as people see them: freezes, days that can still be saved, and conversations of one's own."""

from __future__ import annotations

from dataclasses import replace

from adapters.storage.work import SqlStorage
from bot.features.progress import DAYS_SHOWN
from bot.refs import ChannelRef, WorkspaceRef
from bot.scheduling import DailyState
from tests.support.items import number
from tests.support.room import ADA, Room
from tests.support.stay import DAY, ONE, Stay

RULE = "a missed day uses one by itself; every seventh day earns one, two at most."


async def text(room: Room) -> str:
    return (await room.command(ADA, "progress")).text


async def earn_daily(room: Room, days: int) -> None:
    """Answer on each of the next days, today first, and go on to the day after."""
    for _ in range(days):
        await room.earn(ADA)
        room.clock.pass_time(days=1)


async def test_freezes_are_told_with_their_rule(storage: SqlStorage) -> None:
    room = Room(storage, number())
    await earn_daily(room, 7)
    assert await text(room) == f"Streak: **7 days**, best 7 days. **One answer today keeps it.** 1 freeze: {RULE}"
    await earn_daily(room, 7)
    assert (await text(room)).endswith(f" 2 freezes: {RULE}")
    room.clock.pass_time(days=1)
    assert await text(room) == f"Streak: **14 days**, best 14 days. **One answer today keeps it.** 1 freeze: {RULE}"
    assert " · streak: 15 days · " in (await room.earn(ADA)).footer
    room.clock.pass_time(days=3)
    assert (await text(room)).startswith("No streak at the moment; your best is 15 days.")


async def test_days_that_are_open_can_still_be_saved(storage: SqlStorage) -> None:
    room, stay = Room(storage, number()), Stay(storage)
    await room.earn(ADA)
    await stay.post(1, 2, 3, state=DailyState.OPEN)
    room.clock.pass_time(days=2)
    assert await text(room) == (
        "Streak: **1 day**, best 1 day. **One answer today keeps it.** "
        "**24 November can still be saved:** its question is open."
    )
    room.clock.pass_time(days=1)
    assert "**24 November, 25 November can still be saved:** their questions are open." in await text(room)
    stay.clock = room.clock
    await stay.answer(1)
    assert "**25 November can still be saved:** its question is open." in await text(room)
    await stay.post(2)
    assert "can still be saved" not in await text(room)


async def test_of_many_open_days_the_latest_are_told(storage: SqlStorage) -> None:
    room, stay = Room(storage, number()), Stay(storage)
    await room.earn(ADA)
    await stay.post(*range(1, 13), state=DailyState.OPEN)
    room.clock.pass_time(days=13)
    told = await text(room)
    assert told.count("November") + told.count("December") == DAYS_SHOWN
    assert "5 December can still be saved:** their questions are open." in told


async def test_practice_in_a_conversation_of_ones_own_counts_and_is_no_place_of_study(storage: SqlStorage) -> None:
    room, stay = Room(storage, number()), Stay(storage)
    await stay.post(0, 9)
    await room.earn(ADA)
    room.clock.at += ONE
    room.channel = replace(ChannelRef(WorkspaceRef("test", "dm-1"), "1"), direct=True)
    assert " · streak: 2 days · " in (await room.earn(ADA)).footer
    stay.clock = room.clock
    assert ((await stay.person()).study, (await stay.person()).last_day) == ("test:home", DAY + ONE)
    room.clock.pass_time(days=5)
    assert (await text(room)).startswith("Streak: **2 days**")
