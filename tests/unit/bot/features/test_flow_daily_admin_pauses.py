"""Pausing and resuming questions of the day, and edits meanwhile."""

from __future__ import annotations

from datetime import date

from adapters.storage.work import SqlStorage
from bot.message import Message
from bot.scheduling import ScheduleState
from tests.support.items import one, truth
from tests.support.room import refusal_of, token_of
from tests.support.schedule_room import GRACE, ScheduleRoom

OBSTACLE = "I may not write in that channel. Allow me **Send Messages** in its settings."


def room_of(storage: SqlStorage) -> ScheduleRoom:
    return ScheduleRoom(storage, one(), truth())


def said(message: Message, name: str) -> str:
    return next(field.value for field in message.fields if field.name == name)


async def set_up(room: ScheduleRoom, text: str = "time:9 zone:Europe/Berlin") -> Message:
    return await room.command(GRACE, "daily setup", text)


async def test_a_pause_ends_on_its_date_and_outlasts_an_edit(storage: SqlStorage) -> None:
    room = room_of(storage)
    await set_up(room)
    card = await room.command(GRACE, "daily pause", "2026-12-24")
    assert said(card, "Next post").startswith("Thu 2026-12-24")
    card = await room.command(GRACE, "daily edit", "time:10 days:daily")
    assert said(card, "Next post").startswith("Thu 2026-12-24, [2026-12-24 09:00 UTC]")
    card = await room.command(GRACE, "daily resume")
    assert said(card, "Next post").startswith("Tue 2026-11-24")
    again = refusal_of(await room.typed(GRACE, "daily resume"))
    assert again == "That schedule is not paused. `/daily preview` shows what comes next."


async def test_a_pause_without_an_end_lasts_until_somebody_resumes(storage: SqlStorage) -> None:
    room = room_of(storage)
    card = await room.press(GRACE, token_of(await set_up(room), "Pause"))
    assert said(card, "Next post") == "**Paused**"
    assert (await room.schedule()).next_day is None
    told = refusal_of(await room.typed(GRACE, "daily pause"))
    assert told == "That schedule is paused already. `/daily resume` lets it go on."
    card = await room.command(GRACE, "daily edit", "time:11")
    assert said(card, "Next post") == "**Paused**"
    room.wall.words = OBSTACLE
    assert refusal_of(await room.pressed(GRACE, token_of(card, "Resume"))).startswith(OBSTACLE)
    assert (await room.schedule()).state is ScheduleState.PAUSED
    room.wall.words = ""
    card = await room.press(GRACE, token_of(card, "Resume"))
    assert said(card, "Next post").startswith("Tue 2026-11-24, [2026-11-24 10:00 UTC]")


async def test_a_paused_schedule_can_be_paused_until_a_date(storage: SqlStorage) -> None:
    room = room_of(storage)
    await set_up(room)
    await room.command(GRACE, "daily pause")
    card = await room.command(GRACE, "daily pause", "until:2027-01-02")
    assert said(card, "Next post").startswith("Mon 2027-01-04")
    for until in ("2026-11-23", "2026-11-01"):
        told = refusal_of(await room.typed(GRACE, "daily pause", f"until:{until}"))
        assert told == "That is not a date to come. Write one such as `2027-01-07`."
    assert (await room.schedule()).next_day == date(2027, 1, 4)


async def test_what_paused_a_schedule_is_shown(storage: SqlStorage) -> None:
    room = room_of(storage)
    await set_up(room)
    async with storage.transaction() as work:
        await work.schedules.set_state(1, ScheduleState.PAUSED, "The channel is gone.")
        await work.schedules.set_next(1, None)
    listed = await room.command(GRACE, "daily list")
    assert "**Paused:** The channel is gone." in listed.text
    assert said(await room.press(GRACE, token_of(listed, "Open one"), "1"), "Next post") == (
        "**Paused:** The channel is gone."
    )


async def test_an_edit_leaves_a_post_alone_that_is_under_way(storage: SqlStorage) -> None:
    room = room_of(storage)
    await set_up(room, "time:9 zone:UTC")
    room.clock.pass_time(hours=21, seconds=1)
    await room.command(GRACE, "daily edit", "closes:6")
    assert (await room.schedule()).next_day == date(2026, 11, 24)
    await room.command(GRACE, "daily edit", "days:fri")
    assert (await room.schedule()).next_day == date(2026, 11, 27)
