"""Boards of teams, of topics and of many pages; where a reader stands in their own team."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from adapters.storage.work import SqlStorage
from bot.message import Button, Message
from bot.practice.calendar import Season
from bot.refs import Actor
from tests.support.contest_rows import team
from tests.support.items import number
from tests.support.responder import Responded
from tests.support.room import ADA, BOB, Room, token_of
from tests.support.world import STUDY, someone

CY, DI = someone("Cy"), someone("Di")


def lines(message: Message) -> list[str]:
    return message.text.splitlines()


def ranks(message: Message) -> list[str]:
    """Return the rows of a page by rank and name."""
    return [line.removesuffix(" — **you**").split(" · ")[0] for line in lines(message) if line.startswith("**")]


async def leave(room: Room, who: Actor) -> None:
    async with room.storage.transaction() as work:
        person = await work.people.enter(who, room.clock.now())
        found = await work.teams.of(STUDY.workspace, person.id)
        assert found is not None
        assert await work.teams.leave(found.id, person.id)


async def test_a_team_of_one_is_divided_by_three_and_a_larger_one_by_those_who_were_active(storage: SqlStorage) -> None:
    room = Room(storage, number())
    await team(storage, "Foxes", "Ada", emoji="🦊")
    await team(storage, "Owls", "Bob", "Cy", "Di", "Eve", "Flo")
    await room.give(ADA, 30)
    for who, points in ((BOB, 10), (CY, 10), (DI, 10), (someone("Eve"), 10)):
        await room.give(who, points)
    message = await room.command(ADA, "leaderboard", "who:teams")
    assert lines(message) == [
        "**1.** 🦊 Foxes · 10.0 per member (30 points, 1 active) — **your team**",
        "**1.** Owls · 10.0 per member (40 points, 4 active)",
        "",
        "Your team is 1st of 2 here. You are 1st of 1 in your team.",
    ]


async def test_leaving_takes_no_points_from_a_team_and_joining_brings_none(storage: SqlStorage) -> None:
    room = Room(storage, number())
    await team(storage, "Foxes", "Ada", "Bob")
    await room.give(BOB, 30)
    await leave(room, BOB)
    await team(storage, "Owls", "Bob")
    await room.give(BOB, 3)
    assert [line.split(" (")[0] for line in lines(await room.command(ADA, "leaderboard", "teams"))][:2] == [
        "**1.** Foxes · 10.0 per member",
        "**2.** Owls · 1.0 per member",
    ]


async def test_whoever_reads_sees_their_place_here_and_in_their_team(storage: SqlStorage) -> None:
    room = Room(storage, number())
    await team(storage, "Foxes", "Ada", "Bob")
    for who, points in ((ADA, 20), (BOB, 10), (CY, 15)):
        await room.give(who, points)
    assert lines(await room.command(BOB, "leaderboard"))[-3:] == [
        "**1.** Foxes · 10.0 per member (30 points, 2 active) — **your team**",
        "",
        "You are 3rd of 3 here, 2nd of 2 in your team.",
    ]


async def test_points_from_before_a_team_are_not_points_in_it(storage: SqlStorage) -> None:
    room = Room(storage, number())
    await room.give(ADA, 20)
    await team(storage, "Foxes", "Ada")
    assert lines(await room.command(ADA, "leaderboard"))[-1] == "You are 1st of 1 here."
    assert "No team has points yet" in (await room.command(ADA, "leaderboard", "teams")).text


async def test_whoever_hides_counts_for_their_team_without_being_named(storage: SqlStorage) -> None:
    room = Room(storage, number())
    await team(storage, "Foxes", "Ada", "Bob")
    await room.command(BOB, "settings", "hidden:yes")
    await room.give(BOB, 30)
    message = await room.command(CY, "leaderboard", "teams")
    assert lines(message) == ["**1.** Foxes · 10.0 per member (30 points, 1 active)"]
    assert "Bob" not in str(message)


async def test_many_people_are_read_page_by_page_and_back(storage: SqlStorage) -> None:
    room = Room(storage, number())
    for at in range(25):
        await room.give(someone(f"Member {at:02}"), 40 - at // 4)
    first = await room.command(ADA, "leaderboard")
    second = await room.press(ADA, token_of(first, "Next"))
    third = await room.press(ADA, token_of(second, "Next"))
    assert ranks(first) == [f"**{1 + at // 4 * 4}.** Member {at:02}" for at in range(10)]
    assert ranks(second) == [f"**{1 + at // 4 * 4}.** Member {at:02}" for at in range(10, 20)]
    assert ranks(third) == [f"**{1 + at // 4 * 4}.** Member {at:02}" for at in range(20, 25)]
    back = await room.press(ADA, token_of(third, "Back"))
    assert ranks(back) == ranks(second)
    assert ranks(await room.press(ADA, token_of(back, "Back"))) == ranks(first)
    with pytest.raises(AssertionError):
        token_of(third, "Next")


async def test_a_page_in_the_channel_is_the_one_that_was_read(storage: SqlStorage) -> None:
    room = Room(storage, number())
    for at in range(12):
        await room.give(someone(f"Member {at:02}"), 40 - at)
    second = await room.press(ADA, token_of(await room.command(ADA, "leaderboard"), "Next"))
    reply = await room.pressed(ADA, token_of(second, "Show in channel"))
    assert isinstance(reply, Responded)
    assert lines(reply.message) == ["**11.** Member 10 · 30 points", "**12.** Member 11 · 29 points"]


async def test_a_board_can_be_about_one_topic(storage: SqlStorage) -> None:
    room = Room(storage, number(), number(id="cn-given"))
    await room.give(ADA, 10)
    await room.give(BOB, 5, "cn-given")
    message = await room.command(CY, "leaderboard", "week topic:cnn")
    assert (message.title, lines(message)) == (
        "Leaderboard, this week, Convolutional networks",
        ["**1.** Bob · 5 points"],
    )
    month = await room.press(CY, token_of(message, "This month"))
    assert month.title == "Leaderboard, this month, Convolutional networks"
    assert (await room.press(CY, token_of(month, "Teams"))).title == "Teams, this month, Convolutional networks"


async def test_today_starts_anew_at_midnight(storage: SqlStorage) -> None:
    room = Room(storage, number(), zone="Asia/Tokyo")  # noon in UTC is nine in the evening there
    await room.give(ADA, 10)
    message = await room.command(ADA, "leaderboard", "today")
    assert (ranks(message), message.footer) == (
        ["**1.** Ada"],
        "Starts anew [2026-11-23 15:00 UTC](time:1795446000)",
    )
    room.clock.pass_time(hours=3)
    assert ranks(await room.command(ADA, "leaderboard", "today")) == []


@pytest.mark.parametrize(("season", "shown"), [(Season.MONTH, False), (Season.QUARTER, True)])
async def test_a_season_that_is_no_month_has_a_button(storage: SqlStorage, season: Season, shown: bool) -> None:
    room = Room(storage, number(), season=season)
    await room.give(ADA, 10)
    message = await room.command(ADA, "leaderboard", "season")
    assert message.title == "Leaderboard, this season"
    turn = message.rows[0]
    assert isinstance(turn, tuple)
    assert ("This season" in [part.label for part in turn if isinstance(part, Button)]) is shown


async def test_the_first_page_has_a_picture_with_its_words(storage: SqlStorage) -> None:
    room = Room(storage, number())
    assert (await room.command(ADA, "leaderboard")).images == ()
    await room.give(ADA, 20)
    await room.give(someone("李小龙 🐉"), 10)
    [image] = (await room.command(ADA, "leaderboard")).images
    assert Image.open(BytesIO(image.data)).width == 900
    assert "1. Ada: 20" in image.alt
    assert "2. 李小龙" in image.alt


@pytest.mark.parametrize("rest", ["people:zz:", "nobody::", "people::1.2.3.4", "teams::99999999999999999999.1", "::"])
async def test_a_forged_page_is_an_ordinary_one(storage: SqlStorage, rest: str) -> None:
    room = Room(storage, number())
    await room.give(ADA, 20)
    assert (await room.press(ADA, f"board.1:week:{rest}")).title in ("Leaderboard, this week", "Teams, this week")


async def test_a_button_from_before_boards_had_pages_still_works(storage: SqlStorage) -> None:
    room = Room(storage, number())
    await room.give(ADA, 20)
    assert (await room.press(ADA, "board.1:month")).title == "Leaderboard, this month"
