"""A week, and the one before it, through the real code: what it comes to is what a hand computes.

The schedule is 09:00 in Berlin, which is 08:00 UTC; the season is the month, in Berlin too.

====  =====================================  ==================================  =====================
date  what happens                           Ada (streak, freezes)               Bob (streak)
====  =====================================  ==================================  =====================
16-22 seven questions                        all right: 7, 1                     not there yet
Mo 23 a question                             right: 8, 1                         wrong: 1
Tu 24 a question                             nothing, the freeze goes: 8, 0      right: 2
We 25 a holiday                              -                                   -
Th 26 not running until too late: skipped    -                                   -
Fr 27 not running until 10:30: posted late   right: 9, 0                         right: 3
Sa 28 a question; a pause until Monday       nothing: 0 once it has closed       right, in Honolulu: 4
Su 29 paused                                 -                                   -
Mo 30 a question; the season ends            28 late: 10, then right: 11         right: 5
Tu 1  a question                             right: 12                           nothing
====  =====================================  ==================================  =====================
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from adapters.storage.ledger_tables import ledger
from adapters.storage.tables import people
from bot.message import Message
from bot.practice.streaks import current
from bot.refs import Actor
from tests.support.daily_room import GRACE, DailyRoom
from tests.support.databases import KINDS, open_database
from tests.support.items import one
from tests.support.room import ADA, BOB, letter_of, token_of
from tests.support.world import HOME, StillClock

RIGHT, WRONG = "Max pooling, 2×2 with stride 2", "Batch norm with momentum 0.5"
WORTH = 15
HOUR = timedelta(hours=1)


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


class Week:
    """The room, and what its people do in it."""

    def __init__(self, room: DailyRoom) -> None:
        self.room = room
        self.posts: dict[date, int] = {}

    async def until(self, instant: datetime) -> None:
        """Live with Warmup running."""
        await self.room.live_until(instant, HOUR)

    def sleep_until(self, instant: datetime) -> None:
        """Let time go by without Warmup."""
        self.room.clock.at = instant

    async def answer(self, who: Actor, *, right: bool = True, post: Message | None = None) -> Message:
        """Answer the newest question, or another."""
        message = post or self.room.post.message
        letter = letter_of(message, RIGHT if right else WRONG)
        return await self.room.press(who, token_of(message, letter))

    async def streak(self, who: Actor) -> tuple[int, int]:
        """Return streak and freezes as they stand."""
        async with self.room.storage.snapshot() as work:
            person = await work.people.find(who)
            assert person is not None
            streak = await current(work, person, self.room.clock.now(), self.room.rules.calendar)
        return streak.days, streak.freezes


@pytest.mark.parametrize("kind", KINDS)
async def test_a_week_comes_to_what_a_hand_computes(tmp_path: Path, kind: str) -> None:
    async with open_database(kind, tmp_path) as storage:
        questions = [one(id=f"cn-question-{number}") for number in range(20)]
        room = DailyRoom(storage, *questions, clock=StillClock(at(15, 12)), zone="Europe/Berlin")
        week = Week(room)
        await room.set_up("time:09:00 zone:Europe/Berlin days:daily holidays:2026-11-25")
        await _before(week)
        await _first_half(week)
        await _second_half(week)
        await _check(week)


async def _before(week: Week) -> None:
    for day in range(16, 23):
        await week.until(at(day, 18))
        told = await week.answer(ADA)
        assert told.title == "Sealed until it closes"
    assert await week.streak(ADA) == (7, 1)


async def _first_half(week: Week) -> None:
    await week.until(at(23, 10))
    await week.answer(ADA)
    await week.answer(BOB, right=False)
    await week.until(at(24, 10))
    await week.answer(BOB)
    assert await week.streak(ADA) == (8, 1)
    await week.until(at(25, 20))
    assert await week.streak(ADA) == (8, 0)
    assert len(week.room.board.posts) == 9, "the holiday has no question"
    week.sleep_until(at(26, 13))
    await week.room.work()
    assert len(week.room.board.posts) == 9, "the one of the 26th came too late"
    history = (await week.room.command(GRACE, "daily history")).text
    assert "not running" in history
    week.sleep_until(at(27, 9, 30))
    await week.room.work()
    assert "Posted late" in week.room.post.message.text
    await week.answer(ADA)
    await week.answer(BOB)
    assert (await week.streak(ADA), await week.streak(BOB)) == ((9, 0), (3, 0))


async def _second_half(week: Week) -> None:
    room = week.room
    await week.until(at(28, 12))
    missed = room.post
    await room.command(BOB, "settings", "zone:Pacific/Honolulu")
    await week.answer(BOB)
    await room.command(GRACE, "daily pause", "until:2026-11-30")
    await week.until(at(29, 20))
    assert room.post is missed, "Sunday was paused"
    assert (await week.streak(ADA), await week.streak(BOB)) == ((0, 0), (4, 0))
    await week.until(at(30, 10))
    late = await week.answer(ADA, post=missed.message)
    assert "no points" in late.text
    assert late.title.startswith("Right")
    assert await week.streak(ADA) == (10, 0)
    await week.answer(ADA)
    await week.answer(BOB)
    assert (await week.streak(ADA), await week.streak(BOB)) == ((11, 0), (5, 0))
    await week.until(at(30, 22, 59))
    (final,) = room.board.finals
    assert "Ada · 135 points" in final.message.text
    assert "season ends" in final.message.text
    await week.until(at(1, 7, month=12))
    assert "Ada · 135 points" in final.message.text, "the question of the 30th is still open"
    await week.until(at(1, 10, month=12))
    await week.answer(ADA)
    assert "Ada · 150 points" in final.message.text
    assert "Bob · 60 points" in final.message.text
    assert final.message.title == "Final standings of November 2026"
    await week.until(at(2, 12, month=12))


async def _check(week: Week) -> None:
    assert await week.streak(ADA) == (12, 0)
    assert await week.streak(BOB) == (0, 0), "nothing on 1 December, and no freeze was earned"
    days = [date(2026, 11, day) for day in (*range(16, 24), 27, 30)]
    expected = {
        "Ada": [*((day, WORTH) for day in days), (date(2026, 12, 1), WORTH)],
        "Bob": [(date(2026, 11, day), WORTH) for day in (24, 27, 28, 30)],
    }
    async with week.room.rows.reading() as statements:
        earned = select(people.c.name, ledger.c.day, ledger.c.points, ledger.c.reason)
        rows = earned.join(people, people.c.id == ledger.c.person_id)
        found = (await statements.execute(rows.order_by(ledger.c.day, ledger.c.id))).all()
    assert {row.reason for row in found} == {"daily"}
    assert {name: [(row.day, row.points) for row in found if row.name == name] for name in expected} == expected
    boards = {
        "all": [165, 60], "2026-11": [150, 60], "2026-12": [15],
        "2026-W47": [105], "2026-W48": [30, 45], "2026-W49": [30, 15],
    }  # fmt: skip
    async with week.room.storage.snapshot() as work:
        for period, points in boards.items():
            board = await work.standings.board(HOME, period, None, 10)
            assert sorted(row.points for row in board.top) == sorted(points), period
        assert await work.standings.differences() == []
    results = [notice.message for notice in week.room.board.results]
    assert len(results) == len(week.room.board.posts) - 1
    assert len({notice.key for notice in week.room.board.notices}) == len(week.room.board.notices)
