"""The end of a season: its standings before anything resets, final once the last of it has closed; once each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from adapters.storage.work import SqlStorage
from bot.errors import Forbidden, Gone, Unreachable
from bot.message import Tone
from bot.practice.calendar import Season
from tests.support.daily_room import GRACE, DailyRoom
from tests.support.items import truth
from tests.support.room import ADA, BOB, token_of
from tests.support.rows import differences, enter, hide
from tests.support.world import someone

END = datetime(2026, 12, 1, tzinfo=UTC)
"""When November, the first season, ends."""
CLOSES = END + timedelta(hours=9)
"""When the last question of November closes."""
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def room_with(storage: SqlStorage, **parts: object) -> DailyRoom:
    return DailyRoom(storage, *(truth(id=f"ml-t{place}") for place in range(80)), **parts)


async def near_the_end(room: DailyRoom) -> None:
    """Let Ada and Bob have points, and go to the last evening of November."""
    await room.set_up()
    await room.give(ADA, 30)
    await room.give(BOB, 20)
    await room.live_until(END - 2 * HOUR, DAY)


async def test_standings_are_posted_before_the_end_and_made_final_after_the_last_close(storage: SqlStorage) -> None:
    room = room_with(storage)
    await near_the_end(room)
    assert room.board.finals == []
    await room.press(BOB, token_of(room.post.message, "False"))
    await room.live_until(END - MINUTE, MINUTE)
    [final] = room.board.finals
    assert (final.message.title, final.channel) == ("Standings of November 2026", room.channel)
    assert final.message.text.startswith("**1.** Ada · 30 points\n**2.** Bob · 20 points\n\nThe season ends ")
    await room.live_until(CLOSES - MINUTE, HOUR)
    assert final.message.title == "Standings of November 2026"
    await room.live_until(CLOSES + HOUR)
    assert (final.message.title, final.message.tone) == ("Final standings of November 2026", Tone.GOOD)
    assert final.message.text.startswith("**1.** Bob · 35 points\n**2.** Ada · 30 points\n\nThese are final.")
    assert len(room.board.finals) == 1
    assert await differences(storage) == []


async def test_the_next_season_has_standings_of_its_own(storage: SqlStorage) -> None:
    room = room_with(storage)
    await near_the_end(room)
    await room.live_until(END + DAY, 6 * HOUR)
    await room.give(BOB, 5)
    await room.live_until(datetime(2027, 1, 2, tzinfo=UTC), 12 * HOUR)
    assert [notice.message.title for notice in room.board.finals] == [
        "Final standings of November 2026",
        "Final standings of December 2026",
    ]
    assert room.board.finals[1].message.text.startswith("**1.** Bob · 5 points\n\n")


@pytest.mark.parametrize(("season", "name"), [(Season.QUARTER, "the fourth quarter of 2026"), (Season.YEAR, "2026")])
async def test_longer_seasons_have_names_too(storage: SqlStorage, season: Season, name: str) -> None:
    room = room_with(storage, season=season)
    await room.set_up("time:09:00 zone:UTC days:mon")
    await room.give(ADA, 30)
    await room.live_until(END + 5 * DAY, 2 * DAY)
    assert room.board.finals == []
    await room.live_until(datetime(2026, 12, 31, 23, 59, tzinfo=UTC), 2 * DAY)
    assert [notice.message.title for notice in room.board.finals] == [f"Standings of {name}"]


async def test_there_are_none_without_points_or_while_the_schedule_is_paused(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.set_up()
    await room.live_until(END + HOUR, 12 * HOUR)
    assert room.board.finals == []
    await room.give(ADA, 30)
    await room.command(GRACE, "daily pause")
    await room.live_until(datetime(2027, 1, 2, tzinfo=UTC), 12 * HOUR)
    assert room.board.finals == []
    await room.command(GRACE, "daily resume")
    await room.give(ADA, 10)
    await room.live_until(datetime(2027, 2, 2, tzinfo=UTC), 12 * HOUR)
    assert [notice.message.title for notice in room.board.finals] == ["Final standings of January 2027"]


async def test_two_schedules_in_a_channel_have_one_and_each_channel_has_its_own(storage: SqlStorage) -> None:
    room = room_with(storage)
    await near_the_end(room)
    await room.set_up("time:10:00 zone:UTC days:daily")
    await room.live_until(END + DAY, 6 * HOUR)
    assert len(room.board.finals) == 1


async def test_hidden_people_are_not_on_it_and_long_names_fit(storage: SqlStorage) -> None:
    room = room_with(storage)
    for place in range(15):
        await room.give(someone(f"{place:02}" + "*" * 98), place + 1)
    await hide(storage, await enter(storage, "Bob"))
    await near_the_end(room)
    await room.live_until(END, MINUTE * 30)
    [final] = room.board.finals
    assert "Bob" not in final.message.text
    assert "and 6 more" in final.message.text


@pytest.mark.parametrize("error", [Gone("gone"), Forbidden("no right")])
async def test_where_nothing_may_be_said_the_next_season_is_tried_again(storage: SqlStorage, error: Exception) -> None:
    room = room_with(storage)
    await near_the_end(room)
    room.board.broken["send"] = error
    await room.live_until(END, MINUTE)
    room.board.broken.clear()
    await room.command(GRACE, "daily list")
    await room.give(ADA, 5)
    await room.live_until(END + 3 * HOUR)
    assert room.board.finals == []
    await room.live_until(datetime(2027, 1, 2, tzinfo=UTC), 12 * HOUR)
    assert [notice.message.title for notice in room.board.finals] == ["Final standings of December 2026"]


async def test_standings_whose_answer_was_lost_are_there_once(storage: SqlStorage) -> None:
    room = room_with(storage)
    await near_the_end(room)
    room.board.lost["send"] = Unreachable("no answer")
    await room.live_until(END + 10 * MINUTE, MINUTE)
    room.board.lost.clear()
    await room.live_until(CLOSES + HOUR, HOUR)
    [final] = room.board.finals
    assert final.message.title == "Final standings of November 2026"


async def test_standings_that_were_deleted_meanwhile_hold_up_nothing(storage: SqlStorage) -> None:
    room = room_with(storage)
    await near_the_end(room)
    await room.live_until(END, MINUTE)
    room.board.broken["edit"] = Gone("deleted")
    await room.live_until(CLOSES + HOUR, HOUR)
    room.board.broken.clear()
    await room.give(ADA, 1)
    await room.live_until(datetime(2027, 1, 2, tzinfo=UTC), 12 * HOUR)
    assert len(room.board.finals) == 2
