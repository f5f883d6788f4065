"""Moderators see why somebody has points, give some and take some back; every correction shows with its reason."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapters.storage.work import SqlStorage
from bot.message import Message, Select
from bot.refs import ChannelRef, Role, WorkspaceRef
from tests.support.daily_room import DailyRoom
from tests.support.items import number
from tests.support.responder import Opened
from tests.support.room import ADA, BOB, Room, refusal_of, token_of
from tests.support.world import someone

CY = someone("Cy")
GRACE = someone("Grace", role=Role.MODERATOR)
WHEN = "[2026-11-23 12:00 UTC](time:1795435200)"


def lines(message: Message) -> list[str]:
    return message.text.splitlines()


async def test_a_moderator_reads_why_a_member_has_their_points(storage: SqlStorage) -> None:
    room = Room(storage, number())
    await room.give(ADA, 10)
    assert lines(await room.command(GRACE, "points show", "member:@ada")) == [
        "**Ada** has 10 points here in all.",
        f"`#1` **+10** practice, right · `ml-given` · {WHEN}",
    ]


@pytest.mark.parametrize("command", ["show @ada", "grant @ada 5 why", "void 1 why"])
async def test_only_moderators_correct(storage: SqlStorage, command: str) -> None:
    room = Room(storage, number())
    await room.give(ADA, 10)
    verb, _, text = command.partition(" ")
    assert "Only moderators can do this." in refusal_of(await room.typed(BOB, f"points {verb}", text))


async def test_points_that_are_given_count_for_person_and_team_and_say_why(storage: SqlStorage) -> None:
    room = Room(storage, number())
    await room.give(ADA, 10)
    shown = await room.command(GRACE, "points grant", 'member:@ada points:5 why:"Found a *wrong* key"')
    assert lines(shown)[:3] == [
        "**Written.**",
        "**Ada** has 15 points here in all.",
        rf"`#2` **+5** given by Grace: Found a \*wrong\* key · {WHEN}",
    ]
    assert lines(await room.command(BOB, "leaderboard")) == ["**1.** Ada · 15 points"]
    assert lines(await room.command(ADA, "progress", "points"))[0] == (
        rf"**+5** given by Grace: Found a \*wrong\* key · {WHEN}"
    )


async def test_points_that_are_taken_can_take_somebody_off_the_board(storage: SqlStorage) -> None:
    room = Room(storage, number())
    await room.give(ADA, 10)
    shown = await room.command(GRACE, "points grant", "member:@ada points:-10 why:cheated")
    assert lines(shown)[2] == f"`#2` **−10** taken by Grace: cheated · {WHEN}"
    assert "Nobody has points yet" in (await room.command(BOB, "leaderboard")).text


async def test_a_row_is_taken_back_once_on_every_board(storage: SqlStorage) -> None:
    room = Room(storage, number())
    await room.give(ADA, 10)
    await room.give(ADA, 7)
    shown = await room.command(GRACE, "points show", "@ada")
    select = next(row for row in shown.rows if isinstance(row, Select))
    assert [choice.label for choice in select.choices] == [
        "#2 · +7 · practice ml-given",
        "#1 · +10 · practice ml-given",
    ]
    reply = await room.pressed(GRACE, select.action.encode(), "1")
    assert isinstance(reply, Opened)
    taken = await room.send(GRACE, reply.modal.action.encode(), why="the key was wrong")
    assert lines(taken) == [
        "**Taken back:** row `#1`.",
        "**Ada** has 7 points here in all.",
        f"`#3` **−10** taken back by Grace: the key was wrong · `ml-given` · {WHEN}",
        f"`#2` **+7** practice, right · `ml-given` · {WHEN}",
        f"`#1` **+10** practice, right · `ml-given` · {WHEN} · *taken back*",
    ]
    for period in ("today", "week", "month", "all"):
        assert lines(await room.command(BOB, "leaderboard", period)) == ["**1.** Ada · 7 points"]
    for row in ("1", "#3"):
        told = refusal_of(await room.typed(GRACE, "points void", f"row:{row} why:again"))
        assert told.startswith("That row was taken back before, or takes another back itself.")


async def test_points_can_count_in_a_competition_also_where_it_is_over(storage: SqlStorage) -> None:
    room = DailyRoom(storage, number())
    for who, name in ((ADA, "Foxes"), (BOB, "Owls")):
        await room.command(who, "team create", f"name:{name}")
    await room.command(GRACE, "compete create", "name:Cup start:now end:1h")
    await room.earn(BOB)
    await room.live_until(room.clock.at + timedelta(hours=2))
    await room.command(GRACE, "points grant", 'member:@ada points:50 why:"was offline" competition:1')
    told = await room.command(CY, "leaderboard", "competition:1")
    assert told.title == "Cup: results"
    shown = f"{told.text} {told.fields}"
    assert shown.index("Foxes") < shown.index("Owls")
    assert "was offline" in shown
    assert refusal_of(await room.typed(GRACE, "points grant", "@cy 5 because competition:1")) == (
        "That person has not used Warmup yet. They begin with `/practice`."
    )
    await room.earn(CY)
    for competition in (1, 2):
        told_so = refusal_of(await room.typed(GRACE, "points grant", f"@cy 5 because competition:{competition}"))
        assert told_so.startswith(f"That person competes in no competition {competition} here.")


async def test_what_was_taken_back_cannot_be_earned_again_in_its_season(storage: SqlStorage) -> None:
    room = Room(storage, number())
    await room.earn(ADA)
    await room.command(GRACE, "points void", "row:1 why:cheated")
    assert "already paid you this season" in (await room.earn(ADA)).footer
    assert "Nobody has points yet" in (await room.command(BOB, "leaderboard")).text


async def test_many_rows_are_read_page_by_page(storage: SqlStorage) -> None:
    room = Room(storage, number())
    for points in range(1, 13):
        await room.give(ADA, points)
    first = await room.command(GRACE, "points show", "@ada")
    assert (len(lines(first)), lines(first)[0]) == (11, "**Ada** has 78 points here in all.")
    second = await room.press(GRACE, token_of(first, "Older"))
    assert [line.split(" ")[1] for line in lines(second)[1:]] == ["**+2**", "**+1**"]


async def test_rows_of_another_workspace_are_not_there(storage: SqlStorage) -> None:
    room = Room(storage, number())
    await room.give(ADA, 10)
    elsewhere = Room(storage, number(), channel=ChannelRef(WorkspaceRef("test", "elsewhere"), "study"))
    assert lines(await elsewhere.command(GRACE, "points show", "@ada")) == [
        "**Ada** has 0 points here in all.",
        "No points here so far.",
    ]
    assert "There is no such row here." in refusal_of(await elsewhere.typed(GRACE, "points void", "1 because"))


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("points show @nobody", "That person has not used Warmup yet."),
        ('points show "two people"', "I cannot tell whom two people means."),
        ("points grant @ada 0 because", "That is no number of points to give."),
        ("points grant @ada 1001 because", "That is no number of points to give."),
        ("points grant @ada many because", "That is no number of points."),
        ("points grant @ada 5 x", "A correction needs a reason that its person can read."),
        ("points grant @ada 5 ---", "A correction needs a reason that its person can read."),
        ("points grant @ada 5", "/points grant needs a why."),
        ("points void 99 because", "There is no such row here."),
        ("points void one because", "A row is named by its number."),
    ],
)
async def test_what_cannot_be_is_told_with_a_next_step(storage: SqlStorage, command: str, told: str) -> None:
    room = Room(storage, number())
    await room.give(ADA, 10)
    group, verb, text = command.split(" ", 2)
    assert refusal_of(await room.typed(GRACE, f"{group} {verb}", text)).startswith(told)


async def test_a_forged_control_changes_nothing(storage: SqlStorage) -> None:
    room = Room(storage, number())
    await room.give(ADA, 10)
    for token in ("points-void.1:ada", "points-page.1:ada:x"):
        await room.pressed(GRACE, token)
    await room.sent(GRACE, "points-voided.1:ada:zz", {"why": "because"})
    await room.sent(GRACE, "points-voided.1:ada:1", {})
    await room.sent(ADA, "points-voided.1:ada:1", {"why": "because"})
    assert lines(await room.command(BOB, "leaderboard")) == ["**1.** Ada · 10 points"]
