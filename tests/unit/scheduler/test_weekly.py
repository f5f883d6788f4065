"""Weekly summaries: on Monday a channel that wants it is told once how the week ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image

from adapters.storage.work import SqlStorage
from bot.errors import Forbidden, Unreachable
from bot.message import Message
from bot.refs import ChannelRef
from tests.support.daily_room import GRACE, DailyRoom
from tests.support.items import number
from tests.support.room import ADA, BOB, refusal_of, token_of
from tests.support.world import STUDY, someone

FIRST = datetime(2026, 11, 30, 9, tzinfo=UTC)
"""The Monday after the one on which the clock begins."""
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


def summaries(room: DailyRoom) -> list[Message]:
    return [notice.message for notice in room.board.notices if notice.message.title.startswith("The week of ")]


async def begin(storage: SqlStorage, text: str = "post:yes") -> DailyRoom:
    room = DailyRoom(storage, number())
    await room.command(GRACE, "weekly", text)
    return room


async def test_a_channel_that_wants_it_is_told_on_monday_how_the_week_ended(storage: SqlStorage) -> None:
    room = await begin(storage)
    await room.give(ADA, 30)
    await room.give(BOB, 20)
    await room.live_until(FIRST - timedelta(seconds=1), 12 * HOUR)
    assert summaries(room) == []
    await room.give(BOB, 99)  # this Monday's points are of the next week
    await room.live_until(FIRST)
    [message] = summaries(room)
    assert message.title == "The week of 23 November 2026"
    assert message.text.splitlines() == [
        "2 people earned points. In the lead at the end of the week:",
        "**1.** Ada · 30 points",
        "**2.** Bob · 20 points",
    ]
    assert Image.open(BytesIO(message.images[0].data)).format == "PNG"
    assert "1. Ada: 30" in message.images[0].alt
    await room.live_until(FIRST + HOUR)
    assert len(summaries(room)) == 1


async def test_it_comes_every_week_and_not_after_one_in_which_nobody_did_anything(storage: SqlStorage) -> None:
    room = await begin(storage)
    await room.give(ADA, 30)
    await room.live_until(FIRST + WEEK + HOUR, DAY)
    await room.give(BOB, 5)
    await room.live_until(FIRST + 2 * WEEK + HOUR, DAY)
    assert [message.title for message in summaries(room)] == [
        "The week of 23 November 2026",
        "The week of 7 December 2026",
    ]


async def test_whoever_reads_it_finds_their_own_place_in_private(storage: SqlStorage) -> None:
    room = await begin(storage)
    await room.give(ADA, 30)
    await room.live_until(FIRST, DAY)
    [message] = summaries(room)
    await room.give(BOB, 5)
    place = await room.press(BOB, token_of(message, "My place this week"))
    assert "You are 1st of 1 here." in place.text


async def test_it_keeps_to_the_time_that_was_set(storage: SqlStorage) -> None:
    room = await begin(storage, "time:17:30")
    await room.give(ADA, 30)
    await room.live_until(FIRST + 8 * HOUR, DAY)
    assert summaries(room) == []
    told = await room.command(GRACE, "weekly")
    assert told.text.startswith("This channel gets a summary of each week. The next one comes [2026-11-30 17:30 UTC]")
    await room.live_until(FIRST + 8.5 * HOUR)
    assert len(summaries(room)) == 1


async def test_another_time_moves_the_next_one(storage: SqlStorage) -> None:
    room = await begin(storage)
    await room.command(GRACE, "weekly", "time:07:00")
    await room.give(ADA, 30)
    await room.live_until(FIRST - 2 * HOUR, HOUR)
    assert len(summaries(room)) == 1


async def test_it_is_stopped_and_begun_again_by_buttons(storage: SqlStorage) -> None:
    room = DailyRoom(storage, number())
    none = await room.command(GRACE, "weekly")
    assert none.text.startswith("This channel gets no weekly summary")
    begun = await room.press(GRACE, token_of(none, "Post it here"))
    assert begun.text.startswith("**Set up.** This channel gets a summary of each week. The next one comes [2026-11-30")
    stopped = await room.press(GRACE, token_of(begun, "Stop it"))
    assert stopped.text.startswith("**Stopped.** This channel gets no weekly summary")
    await room.give(ADA, 30)
    await room.live_until(FIRST + HOUR, DAY)
    assert summaries(room) == []
    assert (await room.command(GRACE, "weekly", "no")).text.startswith("**Stopped.**")


async def test_each_channel_decides_for_itself(storage: SqlStorage) -> None:
    room = await begin(storage)
    room.at(ChannelRef(STUDY.workspace, "lounge"))
    assert (await room.command(GRACE, "weekly")).text.startswith("This channel gets no weekly summary")
    await room.give(ADA, 30)
    await room.live_until(FIRST, DAY)
    assert [notice.channel for notice in room.board.notices] == [STUDY]


async def test_only_moderators_decide(storage: SqlStorage) -> None:
    room = DailyRoom(storage, number())
    assert "Only moderators can do this." in refusal_of(await room.typed(ADA, "weekly", "post:yes"))


async def test_what_keeps_it_from_being_posted_is_said_at_once(storage: SqlStorage) -> None:
    room = DailyRoom(storage, number())
    room.board.obstacles = "I cannot see that channel."
    told = refusal_of(await room.typed(GRACE, "weekly", "post:yes"))
    assert told == "I cannot see that channel. Then type `/weekly post:yes` again."


async def test_a_post_whose_confirmation_was_lost_is_not_made_again(storage: SqlStorage) -> None:
    room = await begin(storage)
    await room.give(ADA, 30)
    room.board.lost["send"] = Unreachable("the connection broke")
    await room.live_until(FIRST, DAY)
    del room.board.lost["send"]
    await room.live_until(FIRST + HOUR)
    assert len(summaries(room)) == 1


async def test_a_channel_that_cannot_be_posted_to_gets_the_next(storage: SqlStorage) -> None:
    room = await begin(storage)
    await room.give(ADA, 30)
    room.board.broken["send"] = Forbidden("no")
    await room.live_until(FIRST + HOUR, DAY)
    room.board.broken.clear()
    await room.give(BOB, 5)
    await room.live_until(FIRST + WEEK, DAY)
    assert [message.title for message in summaries(room)] == ["The week of 30 November 2026"]


@pytest.mark.parametrize(("late", "posted"), [(47 * HOUR, 1), (48 * HOUR, 0)])
async def test_one_that_was_missed_comes_late_or_not_at_all(storage: SqlStorage, late: timedelta, posted: int) -> None:
    room = await begin(storage)
    await room.give(ADA, 30)
    room.clock.at = FIRST + late
    await room.work()
    assert [message.title for message in summaries(room)] == ["The week of 23 November 2026"] * posted


async def test_whoever_hides_is_not_in_it(storage: SqlStorage) -> None:
    room = await begin(storage)
    await room.give(ADA, 30)
    await room.give(someone("Shy"), 50)
    await room.command(someone("Shy"), "settings", "hidden:yes")
    await room.live_until(FIRST, DAY)
    [message] = summaries(room)
    assert "Shy" not in str(message)
    assert "1 person earned points." in message.text
