"""Questions of the day where platforms fail: once all the same, given up in time, and said to who set them up."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from adapters.storage.work import SqlStorage
from bot.errors import Forbidden, Gone, RateLimited, Unreachable
from bot.scheduling import DailyState
from tests.support.daily_room import CLOSED, GRACE, POSTED, DailyRoom
from tests.support.databases import KINDS, open_database
from tests.support.items import truth
from tests.support.room import ADA, refusal_of, token_of

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
NO_ANSWER = Unreachable("no answer")
OBSTACLE = "I may not post in that channel. Allow it in its settings."


def room_with(storage: SqlStorage) -> DailyRoom:
    return DailyRoom(storage, *(truth(id=f"ml-t{place}") for place in range(30)))


@pytest.mark.parametrize("error", [Gone("the channel is gone"), Forbidden("no right")])
async def test_a_channel_that_cannot_be_posted_to_pauses_its_schedule_and_that_is_told_once(
    storage: SqlStorage, error: Exception
) -> None:
    room = room_with(storage)
    await room.set_up()
    room.board.broken["send"], room.board.obstacles = error, OBSTACLE
    await room.live_until(POSTED + 2 * DAY, HOUR)
    assert room.board.notices == []
    [(user, message)] = room.board.told
    assert (user, message.title) == (GRACE.user, "Question of the day, schedule 1")
    assert OBSTACLE in message.text
    assert f"**Paused:** {OBSTACLE}" in (await room.command(GRACE, "daily list")).text
    [line] = (await room.command(GRACE, "daily history")).text.splitlines()
    assert line == f"**Tue 2026-11-24** · left out: {OBSTACLE}"
    assert OBSTACLE in refusal_of(await room.typed(GRACE, "daily resume"))
    room.board.broken.clear()
    room.board.obstacles = ""
    await room.command(GRACE, "daily resume")
    await room.live_until(POSTED + 3 * DAY, HOUR)
    assert (len(room.board.posts), len(room.board.told)) == (1, 1)


async def test_an_owner_who_takes_no_messages_does_not_hold_up_anything(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.set_up()
    room.board.broken.update(send=Gone("gone"), tell=Forbidden("closed"))
    await room.live_until(POSTED + HOUR)
    room.board.broken.clear()
    await room.live_until(POSTED + 2 * HOUR)
    assert room.board.told == []
    assert "**Paused:** gone" in (await room.command(GRACE, "daily list")).text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("error", [NO_ANSWER, RateLimited(90)])
async def test_what_was_not_taken_is_tried_again_and_is_there_once(kind: str, error: Exception, tmp_path: Path) -> None:
    async with open_database(kind, tmp_path) as storage:
        room = room_with(storage)
        await room.set_up()
        room.clock.at = POSTED
        room.board.broken["send"] = error
        await room.work()
        assert room.board.posts == []
        room.board.broken.clear()
        await room.live_until(POSTED + 5 * MINUTE, MINUTE)
        assert len(room.board.posts) == 1
        assert room.board.sinces == [POSTED]
        assert "Posted late" not in room.post.message.text


async def test_a_post_whose_answer_was_lost_is_there_once_and_can_be_answered_meanwhile(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.set_up()
    room.clock.at = POSTED
    room.board.lost["send"] = NO_ANSWER
    await room.work()
    await room.live_until(POSTED + 10 * MINUTE, MINUTE)
    assert (await room.daily(1)).state is DailyState.POSTING
    assert (await room.press(ADA, token_of(room.post.message, "False"))).title == "Sealed until it closes"
    room.board.lost.clear()
    await room.live_until(POSTED + 20 * MINUTE, MINUTE)
    assert ((await room.daily(1)).state, len(room.board.posts)) == (DailyState.OPEN, 1)
    await room.close()
    assert "Right: 1 of 1" in str(room.board.results[0].message.fields)
    assert len(room.board.results) == 1


async def test_a_result_whose_answer_was_lost_is_there_once_and_pays_once(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.press(ADA, token_of(await room.begin("time:09:00 zone:UTC days:tue"), "False"))
    room.board.lost["send"] = NO_ANSWER
    await room.live_until(CLOSED + 10 * MINUTE, HOUR)
    room.board.lost.clear()
    await room.live_until(CLOSED + 30 * MINUTE)
    assert len(room.board.results) == 1
    assert (await room.daily(1)).state is DailyState.CLOSED
    assert "+15" in (await room.command(ADA, "progress", "points")).text
    assert len((await room.command(ADA, "progress", "points")).text.splitlines()) == 1


async def test_a_post_is_given_up_when_its_schedule_allows_no_more_catching_up(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.set_up("time:09:00 zone:UTC days:daily catch_up:1h")
    room.board.broken["send"] = NO_ANSWER
    room.clock.at = POSTED
    await room.live_until(POSTED + 2 * HOUR, MINUTE)
    room.board.broken.clear()
    await room.live_until(POSTED + 3 * HOUR)
    assert room.board.posts == []
    assert "left out: The platform did not take it in time." in (await room.command(GRACE, "daily history")).text
    await room.live_until(POSTED + DAY, HOUR)
    assert len(room.board.posts) == 1


async def test_a_post_that_comes_late_says_so_and_when_it_was_due(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.set_up()
    room.clock.at = POSTED + HOUR
    await room.work()
    assert room.post.message.text.startswith("*Posted late: it was due [2026-11-24 09:00 UTC](time:1795510800).*")
    assert "closed" not in str(room.post.message.fields)


async def test_a_date_that_is_long_past_is_left_out_and_the_next_is_posted(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.set_up()
    room.clock.at = POSTED + 3 * DAY
    await room.work()
    assert len(room.board.posts) == 1
    lines = (await room.command(GRACE, "daily history")).text.splitlines()
    assert [line.split(" · ")[1][:8] for line in lines] == ["open", *["left out"] * 3]
    assert "nor within 3 h after that." in lines[1]


@pytest.mark.parametrize("error", [NO_ANSWER, RateLimited(1), Gone("deleted"), Forbidden("no right")])
async def test_edits_that_fail_do_not_hold_up_the_reveal(storage: SqlStorage, error: Exception) -> None:
    room = room_with(storage)
    await room.press(ADA, token_of(await room.begin("time:09:00 zone:UTC days:tue"), "False"))
    room.board.broken["edit"] = error
    await room.live_until(CLOSED - MINUTE, HOUR)
    await room.live_until(CLOSED + 2 * MINUTE, timedelta(seconds=10))
    assert len(room.board.results) == 1
    assert (await room.daily(1)).state is DailyState.CLOSED
    assert [one.points for one in await room.answers()] == [15]


async def test_a_post_whose_edits_failed_catches_up_when_the_platform_is_back(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.press(ADA, token_of(await room.begin("time:09:00 zone:UTC days:tue"), "False"))
    room.board.broken["edit"] = NO_ANSWER
    await room.live_until(POSTED + HOUR, MINUTE)
    room.board.broken.clear()
    await room.live_until(POSTED + 2 * HOUR)
    assert (room.post.message.fields[1].value, room.post.edits) == ("1: Ada", 1)


async def test_a_result_that_nobody_may_post_still_closes_the_question(storage: SqlStorage) -> None:
    room = room_with(storage)
    post = await room.begin("time:09:00 zone:UTC days:tue")
    await room.press(ADA, token_of(post, "False"))
    room.board.broken["send"] = Forbidden("no right")
    await room.live_until(CLOSED + MINUTE, HOUR)
    assert (await room.daily(1)).state is DailyState.CLOSED
    assert (await room.press(ADA, token_of(post, "My answer"))).title == "Right · +15 points"


async def test_the_next_question_opens_as_the_last_one_closes(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.set_up("time:09:00 zone:UTC days:daily closes:next")
    await room.live_until(POSTED + 3 * DAY, HOUR)
    assert [notice.key for notice in room.board.notices] == [
        "daily:1", *(key for place in (1, 2, 3) for key in (f"daily:{place + 1}", f"result:{place}")),
    ] or [notice.key for notice in room.board.notices] == [
        "daily:1", *(key for place in (1, 2, 3) for key in (f"result:{place}", f"daily:{place + 1}")),
    ]  # fmt: skip
    assert len({notice.message.footer for notice in room.board.posts}) == 4


async def test_a_removed_schedule_closes_what_is_open_and_posts_nothing_more(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.begin()
    confirm = await room.command(GRACE, "daily remove")
    await room.press(GRACE, token_of(confirm, "Remove it"))
    await room.live_until(POSTED + 3 * DAY, HOUR)
    assert (len(room.board.posts), len(room.board.results)) == (1, 1)
