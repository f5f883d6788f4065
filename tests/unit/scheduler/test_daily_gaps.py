"""Questions of the day in the gaps between steps: what each step leaves behind when the next one is late or fails."""

from __future__ import annotations

from datetime import timedelta

from adapters.storage.errand_queue import SqlErrandQueue
from adapters.storage.work import SqlStorage
from bot.errors import Gone, Unreachable
from bot.features.services import make_services
from bot.scheduling import DailyState
from scheduler.daily import DailyErrands
from tests.support.daily_room import CLOSED, GRACE, POSTED, DailyRoom
from tests.support.items import truth
from tests.support.room import ADA, token_of

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
NO_ANSWER = Unreachable("no answer")


def room_with(storage: SqlStorage) -> DailyRoom:
    return DailyRoom(storage, *(truth(id=f"ml-t{place}") for place in range(30)))


async def test_a_post_that_was_made_but_never_sent_is_not_sent_days_later(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.set_up()
    room.clock.at = POSTED
    queue = SqlErrandQueue(room.rows)
    [slot] = await queue.claim("dies", ["test"], POSTED, POSTED + MINUTE, 1)
    services = make_services(room.storage, room.bank, room.clock, room.chance, room.rules, room.posting)
    await DailyErrands(room.storage, services, room.clock).slot(slot, "dies")
    room.clock.at = POSTED + 2 * DAY + 5 * HOUR
    await room.work()
    assert "daily:1" not in [notice.key for notice in room.board.posts]


async def test_a_post_that_the_platform_took_an_hour_late_says_so(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.set_up()
    room.clock.at = POSTED
    room.board.broken["send"] = NO_ANSWER
    await room.live_until(POSTED + HOUR, MINUTE)
    room.board.broken.clear()
    await room.live_until(POSTED + HOUR + 10 * MINUTE, MINUTE)
    assert room.post.message.text.startswith("*Posted late: it was due")


async def test_a_post_is_not_sent_after_its_own_close(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.set_up("time:09:00 zone:UTC days:daily closes:1 catch_up:12h")
    room.clock.at = POSTED
    room.board.broken["send"] = NO_ANSWER
    await room.live_until(POSTED + 2 * HOUR, MINUTE)
    room.board.broken.clear()
    await room.live_until(POSTED + 3 * HOUR, MINUTE)
    assert room.board.posts == []


async def test_a_post_that_could_not_be_marked_as_closed_is_marked_later(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.begin("time:09:00 zone:UTC days:tue")
    room.clock.at = CLOSED
    room.board.broken["edit"] = NO_ANSWER
    await room.live_until(CLOSED + 5 * MINUTE, timedelta(seconds=10))
    assert len(room.board.results) == 1
    room.board.broken.clear()
    await room.live_until(CLOSED + 2 * HOUR)
    assert room.board.posts[0].message.fields[0].name == "Closed"


async def test_whoever_answered_before_the_post_was_known_to_be_there_is_shown_on_it(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.set_up()
    room.clock.at = POSTED
    room.board.lost["send"] = NO_ANSWER
    await room.work()
    await room.press(ADA, token_of(room.post.message, "False"))
    await room.live_until(POSTED + 5 * MINUTE, MINUTE)
    room.board.lost.clear()
    await room.live_until(POSTED + 20 * MINUTE, MINUTE)
    assert (await room.daily(1)).state is DailyState.OPEN
    assert room.post.message.fields[1].value == "1: Ada"


async def test_a_result_whose_thread_was_deleted_is_told_in_the_channel(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.begin("time:09:00 zone:UTC days:tue thread:yes")
    room.board.closed_threads.add("0")
    await room.live_until(CLOSED + HOUR, HOUR)
    assert [notice.channel for notice in room.board.results] == [room.channel]


async def test_whoever_set_it_up_is_told_where_and_how_it_goes_on(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.set_up()
    room.board.broken["send"] = Gone("unknown channel study")
    await room.live_until(POSTED + MINUTE, HOUR)
    [(_, message)] = room.board.told
    assert "`/daily resume`" in message.text


async def test_answers_to_a_post_that_was_given_up_are_refused_politely(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.set_up("time:09:00 zone:UTC days:daily catch_up:0")
    room.clock.at = POSTED
    room.board.lost["send"] = NO_ANSWER
    await room.live_until(POSTED + 20 * MINUTE, MINUTE)
    assert (await room.daily(1)).state is DailyState.SKIPPED
    said = await room.pressed(ADA, token_of(room.post.message, "False"))
    assert "This question was withdrawn" in str(said)
    assert "left out" in (await room.command(GRACE, "daily history")).text
