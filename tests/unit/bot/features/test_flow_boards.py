"""Who leads: this week, this month, ever; and who is not seen."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapters.storage.work import SqlStorage
from bot.commands import Answer
from bot.message import Message, Style
from bot.refs import ChannelRef, WorkspaceRef
from tests.support.items import number
from tests.support.responder import Responded
from tests.support.room import ADA, BOB, Room, refusal_of, token_of
from tests.support.world import StillClock, someone

CY = someone("Cy")
EMPTY = "Nobody has points yet. `/practice` earns some."


def lines(message: Message) -> list[str]:
    return message.text.splitlines()


async def test_nobody_leads_before_anybody_has_points(storage: SqlStorage) -> None:
    room = Room(storage, number())
    message = await room.command(ADA, "leaderboard")
    assert (message.title, message.text) == ("Leaderboard, this week", EMPTY)
    assert (await room.press(ADA, token_of(message, "Show in channel"))).text == EMPTY


async def test_people_stand_by_points_and_those_with_the_same_share_a_rank(storage: SqlStorage) -> None:
    room = Room(storage, number())
    for who, points in ((BOB, 10), (ADA, 20), (CY, 15), (someone("Di"), 10), (CY, 5)):
        await room.give(who, points)
    assert lines(await room.command(CY, "leaderboard")) == [
        "**1.** Ada · 20 points",
        "**1.** Cy · 20 points — **you**",
        "**3.** Bob · 10 points",
        "**3.** Di · 10 points",
        "",
        "You are 1st of 4 here.",
    ]


async def test_whoever_has_no_points_reads_the_board_without_a_row(storage: SqlStorage) -> None:
    room = Room(storage, number())
    await room.give(ADA, 10)
    assert lines(await room.command(BOB, "leaderboard")) == ["**1.** Ada · 10 points"]


async def test_my_own_row_is_in_sight_however_far_down(storage: SqlStorage) -> None:
    room = Room(storage, number())
    for at in range(12):
        await room.give(someone(f"Member {at}"), 20)
    await room.give(BOB, 10)
    board = lines(await room.command(BOB, "leaderboard"))
    assert len(board) == 14
    assert board[10:] == ["", "**13.** Bob · 10 points — **you**", "", "You are 13th of 13 here."]


@pytest.mark.parametrize(
    ("ahead", "rank"), [(0, "1st"), (1, "2nd"), (2, "3rd"), (3, "4th"), (10, "11th"), (20, "21st")]
)
async def test_ranks_are_written_as_they_are_spoken(storage: SqlStorage, ahead: int, rank: str) -> None:
    room = Room(storage, number())
    for at in range(ahead):
        await room.give(someone(f"Member {at}"), 20)
    await room.give(BOB, 10)
    assert lines(await room.command(BOB, "leaderboard"))[-1] == f"You are {rank} of {ahead + 1} here."


async def test_a_name_is_text_and_a_chosen_one_comes_first(storage: SqlStorage) -> None:
    room = Room(storage, number())
    eve = someone("**Eve** <@1>")
    await room.give(eve, 10)
    assert lines(await room.command(ADA, "leaderboard")) == [r"**1.** \*\*Eve\*\* \<\@1\> · 10 points"]
    await room.command(eve, "settings", 'name:"Eve L."')
    assert lines(await room.command(ADA, "leaderboard")) == [r"**1.** Eve L\. · 10 points"]


async def test_boards_start_anew_with_their_week_and_month(storage: SqlStorage) -> None:
    room = Room(storage, number(), clock=StillClock(datetime(2026, 11, 29, 12, tzinfo=UTC)))
    await room.give(ADA, 10)
    footers = {}
    for period in ("week", "month", "all"):
        message = await room.command(BOB, "leaderboard", period)
        assert lines(message) == ["**1.** Ada · 10 points"]
        footers[period] = message.footer
    assert footers == {
        "week": "Starts anew [2026-11-30 00:00 UTC](time:1795996800)",
        "month": "Starts anew [2026-12-01 00:00 UTC](time:1796083200)",
        "all": "",
    }
    room.clock.pass_time(hours=12)
    assert (await room.command(BOB, "leaderboard", "week")).text == EMPTY
    assert (await room.command(BOB, "leaderboard", "month")).text != EMPTY
    room.clock.pass_time(days=1)
    assert (await room.command(BOB, "leaderboard", "month")).text == EMPTY
    assert (await room.command(BOB, "leaderboard", "all")).text != EMPTY


async def test_a_board_turns_to_other_periods_in_place(storage: SqlStorage) -> None:
    room = Room(storage, number())
    await room.give(ADA, 10)
    message = await room.command(ADA, "leaderboard")
    for label, title in (("This month", "this month"), ("All time", "all time"), ("This week", "this week")):
        reply = await room.pressed(ADA, token_of(message, label))
        assert isinstance(reply, Responded)
        assert reply.answer is Answer.UPDATE
        message = reply.message
        assert message.title == f"Leaderboard, {title}"
    assert message == await room.command(ADA, "leaderboard")


@pytest.mark.parametrize("name", ["board", "board-post"])
@pytest.mark.parametrize("period", ["", "day", "WEEK", "2026-W48"])
async def test_a_malformed_period_is_the_week(storage: SqlStorage, name: str, period: str) -> None:
    room = Room(storage, number())
    assert (await room.press(ADA, f"{name}.1:{period}")).title == "Leaderboard, this week"


async def test_an_unknown_period_is_told_which_there_are(storage: SqlStorage) -> None:
    told = refusal_of(await Room(storage, number()).typed(ADA, "leaderboard", "day"))
    assert told == "I do not know that period. Choose one of `today`, `week`, `month`, `season`, `all`."


async def test_a_board_in_the_channel_shows_nobodys_private_row(storage: SqlStorage) -> None:
    room = Room(storage, number())
    await room.give(ADA, 20)
    await room.give(BOB, 10)
    await room.command(BOB, "settings", "hidden:yes")
    message = await room.command(BOB, "leaderboard", "month")
    assert "Bob" in message.text
    reply = await room.pressed(BOB, token_of(message, "Show in channel"))
    assert isinstance(reply, Responded)
    assert reply.answer is Answer.PUBLIC
    assert (reply.message.title, lines(reply.message)) == ("Leaderboard, this month", ["**1.** Ada · 20 points"])
    assert reply.message.rows == ()


async def test_whoever_is_hidden_holds_no_rank_and_sees_their_own_row(storage: SqlStorage) -> None:
    room = Room(storage, number())
    await room.give(ADA, 20)
    await room.give(BOB, 10)
    await room.command(ADA, "settings", "hidden:yes")
    assert lines(await room.command(BOB, "leaderboard")) == [
        "**1.** Bob · 10 points — **you**",
        "",
        "You are 1st of 1 here.",
    ]
    assert lines(await room.command(ADA, "leaderboard")) == [
        "**1.** Bob · 10 points",
        "",
        "**1.** Ada · 20 points — **you**",
        "",
        "You are hidden: only you see your row. `/settings` shows you again.",
    ]


async def test_points_earned_while_hidden_are_hidden_and_come_back(storage: SqlStorage) -> None:
    room = Room(storage, number())
    await room.command(ADA, "settings", "hidden:yes")
    await room.give(ADA, 10)
    assert (await room.command(BOB, "leaderboard")).text == EMPTY
    await room.command(ADA, "settings", "hidden:no")
    assert lines(await room.command(BOB, "leaderboard")) == ["**1.** Ada · 10 points"]


async def test_a_board_is_of_its_workspace(storage: SqlStorage) -> None:
    room = Room(storage, number())
    await room.give(ADA, 10)
    elsewhere = Room(storage, number(), channel=ChannelRef(WorkspaceRef("test", "elsewhere"), "study"))
    assert (await elsewhere.command(ADA, "leaderboard")).text == EMPTY


async def test_the_period_shown_cannot_be_pressed_again(storage: SqlStorage) -> None:
    message = await Room(storage, number()).command(ADA, "leaderboard")
    turn = message.rows[0]
    assert isinstance(turn, tuple)
    assert [getattr(button, "disabled", None) for button in turn] == [False, True, False, False]
    assert {getattr(button, "style", None) for button in turn} == {Style.SECONDARY}


async def test_standings_are_what_the_ledger_sums_to(storage: SqlStorage) -> None:
    room = Room(storage, number(id="ml-a"), number(id="ml-b"), number(id="ml-c"), cap=40)
    for who in (ADA, BOB, ADA, ADA):
        await room.earn(who)
    async with storage.snapshot() as work:
        assert await work.standings.differences() == []
