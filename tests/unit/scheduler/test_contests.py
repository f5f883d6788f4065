"""Competitions by themselves: started, told of and ended once, whatever fails; at their instants, whoever slept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from adapters.storage.errand_queue import SqlErrandQueue
from bot.competing import CompetitionState
from bot.errors import Forbidden, Gone, Unreachable
from scheduler.errands import LEASE
from tests.support.contest_room import ADA, BOB, DAN, END, EVE, START, ContestRoom
from tests.support.daily_room import GRACE
from tests.support.databases import KINDS, open_database
from tests.support.room import token_of
from tests.support.rows import differences

DAY, HOUR, MINUTE, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
HALF = START + (END - START) / 2
STARTED, HALVED, ENDED = (
    "Winter Cup has started",
    "Winter Cup: half of it is over",
    "Winter Cup: final standings",
)
ALL = [STARTED, HALVED, ENDED]
NO_ANSWER = Unreachable("no answer")


@pytest.fixture(params=KINDS)
async def room(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[ContestRoom]:
    async with open_database(request.param, tmp_path) as storage:
        yield ContestRoom(storage)


async def prepared(room: ContestRoom) -> None:
    """Make a competition between two teams that has not started."""
    await room.team("Foxes", ADA, BOB)
    await room.team("Owls", EVE, DAN)
    await room.create()
    for captain in (ADA, EVE):
        await room.command(captain, "compete join")


async def left(room: ContestRoom) -> list[str]:
    """Return the errands that are left."""
    later = room.clock.at + 999 * DAY
    return [one.key for one in await SqlErrandQueue(room.rows).claim("z", ["test"], later, later, 99)]


async def test_it_starts_halves_and_ends_at_its_instants(room: ContestRoom) -> None:
    await prepared(room)
    for at, titles in ((START, ALL[:1]), (HALF, ALL[:2]), (END, ALL)):
        room.clock.at = at - SECOND
        await room.work()
        assert room.titles == titles[:-1]
        room.clock.at = at
        await room.work()
        await room.work()
        assert room.titles == titles
    assert await room.state() is CompetitionState.ENDED
    assert await left(room) == []


@pytest.mark.parametrize("at", [START, HALF, END])
async def test_a_post_that_was_made_but_not_confirmed_is_not_made_again(room: ContestRoom, at: datetime) -> None:
    await prepared(room)
    await room.live_until(at - SECOND, DAY)
    room.board.lost["send"] = NO_ANSWER
    room.clock.at = at
    await room.work()
    made = len(room.contests)
    room.board.lost.clear()
    await room.live_until(at + MINUTE, MINUTE)
    assert len(room.contests) == made
    assert room.board.sinces[-1] == at
    await room.live_until(END + HOUR, 12 * HOUR)
    assert room.titles == ALL


@pytest.mark.parametrize("at", [START, HALF, END])
async def test_a_process_that_dies_with_it_in_hand_leaves_it_to_the_next(room: ContestRoom, at: datetime) -> None:
    await prepared(room)
    await room.live_until(at - SECOND, DAY)
    room.clock.at = at
    [errand] = await SqlErrandQueue(room.rows).claim("dead", ["test"], at, at + LEASE, 9)
    assert errand.key == "contest:1"
    await room.work()
    before = len(room.contests)
    room.clock.at = at + LEASE
    await room.work()
    assert len(room.contests) == before + 1
    await room.live_until(END + HOUR, 12 * HOUR)
    assert room.titles == ALL


@pytest.mark.parametrize("at", [START, HALF, END])
async def test_a_platform_that_does_not_answer_holds_up_no_end(room: ContestRoom, at: datetime) -> None:
    await prepared(room)
    await room.live_until(at - SECOND, DAY)
    room.board.broken["send"] = NO_ANSWER
    await room.live_until(END + 10 * MINUTE, 4 * HOUR)
    assert await room.state() is CompetitionState.ENDED
    room.board.broken.clear()
    await room.live_until(END + HOUR, MINUTE * 10)
    assert room.titles == [*ALL[: [START, HALF, END].index(at)], ENDED]


@pytest.mark.parametrize("error", [Gone("the channel is gone"), Forbidden("no right")])
async def test_a_channel_that_takes_nothing_changes_nothing_of_it(room: ContestRoom, error: Exception) -> None:
    await prepared(room)
    room.board.broken["send"] = error
    room.clock.at = START
    await room.work()
    await room.answer(ADA)
    await room.live_until(END, DAY)
    assert (await room.state(), await room.scores()) == (
        CompetitionState.ENDED,
        {"Ada": 15, "Bob": 0, "Dan": 0, "Eve": 0},
    )
    assert (room.contests, await left(room)) == ([], [])
    assert "**Foxes** won" in (await room.command(BOB, "compete results")).text


async def test_news_of_the_middle_that_are_too_late_are_left_out(room: ContestRoom) -> None:
    await prepared(room)
    await room.live_until(START, DAY)
    room.clock.at = HALF + DAY
    await room.work()
    assert room.titles == [STARTED, HALVED]
    await room.create('"Second Cup" now 10d')
    await room.work()
    room.clock.at = HALF + 7 * DAY + SECOND
    await room.work()
    assert "Second Cup: half of it is over" not in room.titles


async def test_one_that_was_slept_through_ends_with_the_roster_of_when_it_was_locked(room: ContestRoom) -> None:
    await prepared(room)
    async with room.storage.snapshot() as work:
        [foxes, owls] = await work.teams.all(room.channel.workspace)
    room.clock.at = END + DAY
    async with room.storage.transaction() as work:  # nobody who changes teams ran either
        person = await work.people.enter(BOB, room.clock.at)
        await work.teams.leave(foxes.id, person.id)
        await work.teams.join(owls, person.id, room.clock.at)
    await room.answer(ADA)
    await room.work()
    assert room.titles == [ENDED]
    assert [one.size for one in await room.entrants()] == [1, 3]
    assert room.contests[0].message.text.startswith("Nobody earned points, so nobody won.")
    assert room.contests[0].message.footer == (
        "Competition `1` · [2026-11-24 09:00 UTC](time:1795510800) to [2026-12-04 09:00 UTC](time:1796374800)"
    )
    competition = await room.competition()
    assert (competition.starts_at, competition.ends_at) == (START, END)


async def test_what_is_answered_after_the_end_does_not_count_though_nobody_ended_it(room: ContestRoom) -> None:
    await prepared(room)
    await room.live_until(START, DAY)
    await room.answer(ADA)
    room.clock.at = END
    await room.answer(EVE, times=3)
    assert "Its last points are being counted" in (await room.command(EVE, "compete status")).text
    assert await room.state() is CompetitionState.RUNNING
    room.clock.at = END + 2 * DAY
    await room.work()
    assert await room.scores() == {"Ada": 15, "Bob": 0, "Dan": 0, "Eve": 0}
    assert "**Foxes** won with a score of 5." in room.contests[-1].message.text
    assert await differences(room.storage) == []


async def test_it_waits_for_questions_of_the_day_that_closed_before_its_end(room: ContestRoom) -> None:
    await prepared(room)
    await room.live_until(END - 2 * DAY, DAY)
    await room.set_up("time:08:00 zone:UTC days:daily closes:24")
    await room.live_until(END - 2 * HOUR, HOUR)
    await room.choose_false(EVE)  # that of 3 December, which closes an hour before the end
    room.clock.at = END
    queue = SqlErrandQueue(room.rows)
    claimed = await queue.claim("slow", ["test"], END, END + LEASE, 9)
    assert {"contest", "reveal"} <= {one.kind for one in claimed}
    for one in claimed:
        if one.kind != "reveal":  # whoever reveals the question is slow, and nothing else is
            await queue.retry(one, "slow", END)
    await room.work()
    assert (await room.state(), ENDED in room.titles) == (CompetitionState.RUNNING, False)
    room.clock.at = END + LEASE
    await room.work()
    room.clock.at += MINUTE
    await room.work()
    assert (await room.state(), room.titles[-1]) == (CompetitionState.ENDED, ENDED)
    assert (await room.scores())["Eve"] == 15
    assert "**Owls** won with a score of 5." in room.contests[-1].message.text


async def test_one_that_is_ended_early_while_its_errand_is_under_way_ends_all_the_same(room: ContestRoom) -> None:
    await prepared(room)
    await room.live_until(START, DAY)
    [errand] = await SqlErrandQueue(room.rows).claim("dead", ["test"], HALF, HALF + LEASE, 9)
    room.clock.at = HALF
    confirm = await room.command(GRACE, "compete end")
    await room.press(GRACE, token_of(confirm, "End it now"))
    room.clock.at = HALF + LEASE
    await room.work()
    assert (errand.detail, room.titles, await room.state()) == ("half", [STARTED, ENDED], CompetitionState.ENDED)


async def test_several_at_once_do_not_mind_each_other(room: ContestRoom) -> None:
    await prepared(room)
    for name, end in (("Sprint", "1d"), ("Marathon", "20d")):
        await room.create(f'"{name}" now {end}')
    await room.work()
    await room.answer(ADA)
    await room.live_until(START + 2 * HOUR, HOUR)
    await room.answer(EVE, times=2)
    await room.live_until(END + 40 * DAY, DAY)
    assert [await room.scores(number) for number in (1, 2, 3)] == [
        {"Ada": 0, "Bob": 0, "Dan": 0, "Eve": 30},
        {"Ada": 15, "Bob": 0, "Dan": 0, "Eve": 30},
        {"Ada": 15, "Bob": 0, "Dan": 0, "Eve": 30},
    ]
    assert sum("final standings" in title for title in room.titles) == 3
