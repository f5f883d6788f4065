"""What captains and moderators do with a team, and what nobody else may."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.storage.work import SqlStorage
from bot.competing import CompetitionState
from bot.errors import Forbidden, Gone, Unreachable
from bot.features.team_view import ROSTER
from bot.refs import Actor
from tests.support.databases import KINDS, open_database
from tests.support.room import refusal_of, token_of
from tests.support.team_room import (
    ADA,
    BOB,
    CYD,
    DAN,
    EVE,
    GRACE,
    TeamRoom,
    compete,
    expect_balanced,
    field,
    labels,
    mention,
)

ONLY = "Only the captain of 🚀 **Gradients** or a moderator can do this. Ask one of them."


@pytest.fixture(params=KINDS)
async def storage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SqlStorage]:
    async with open_database(request.param, tmp_path) as opened:
        yield opened


@pytest.fixture
async def room(storage: SqlStorage) -> TeamRoom:
    """Return a room with a team that Ada leads, and Grace in none."""
    made = TeamRoom(storage)
    await made.found(ADA, "Gradients", BOB, CYD)
    return made


@pytest.mark.parametrize("who", [ADA, GRACE])
async def test_the_captain_and_moderators_take_somebody_out(room: TeamRoom, who: Actor) -> None:
    await room.give(BOB, 20)
    told = await room.command(who, "team kick", mention(BOB))
    gone = "They are not in 🚀 **Gradients** any more. It is open, so that they can join again."
    assert told.text == f"{gone} What they earned for it stays with it."
    assert await room.teams() == {"Gradients": ["Ada", "Cyd"]}
    card = await room.press(who, token_of(told, "Show the team"))
    assert field(card, "Earned this month by") == "Bob 20 (left)"
    await expect_balanced(room.rows)


async def test_a_moderator_takes_out_the_captain_and_the_last_one(room: TeamRoom) -> None:
    assert "Bob leads it now." in (await room.command(GRACE, "team kick", mention(ADA))).text
    await room.command(GRACE, "team kick", mention(CYD))
    told = await room.command(GRACE, "team kick", mention(BOB))
    assert "It had nobody else, so that it ended." in told.text
    assert (labels(told), await room.teams()) == ([], {})


@pytest.mark.parametrize("who", [ADA, GRACE])
async def test_another_member_leads(room: TeamRoom, who: Actor) -> None:
    told = await room.command(who, "team transfer", mention(CYD))
    assert told.text.startswith("**The team has another captain.**")
    assert "Cyd (captain" in field(told, "3 of 8 people")
    assert await room.teams() == {"Gradients": ["Cyd", "Ada", "Bob"]}
    assert refusal_of(await room.typed(GRACE, "team transfer", mention(CYD))).startswith("They are the captain of")


@pytest.mark.parametrize("who", [ADA, GRACE])
async def test_a_team_changes_its_name_emoji_and_who_may_join(room: TeamRoom, who: Actor) -> None:
    saved = await room.command(who, "team rename", "name:Tensors emoji:🦉 open:no team:Gradients")
    assert (saved.title, saved.text) == ("🦉 Tensors", "**Saved.**\n\nBy invitation.")
    saved = await room.command(who, "team rename", "name:TENSORS team:Tensors")
    assert (saved.title, saved.text) == ("🦉 TENSORS", "**Saved.**\n\nBy invitation.")
    form = await room.form(who, token_of(saved, "Change"))
    filled = {one.name: one.value for one in form.inputs}
    assert filled == {"name": "TENSORS", "emoji": "🦉", "open": "no"}
    kept = await room.send(who, form.action.encode(), **{**filled, "open": "yes"})
    assert (kept.title, kept.text) == ("🦉 TENSORS", "**Saved.**\n\nEverybody may join.")
    assert (await room.command(DAN, "team join", "tensors")).title == "🦉 TENSORS"


async def test_a_name_like_that_of_another_team_is_refused_and_it_is_named(room: TeamRoom) -> None:
    await room.found(DAN, "Tensors")
    for name, told in (
        ("Tеnsors", "Tеnsors is too like 🚀 **Tensors**."),
        ("TENSORS", "TENSORS is too like 🚀 **Tensors**."),
        ("Tensors", "There is a team 🚀 **Tensors** already."),
    ):
        for refused in (
            await room.typed(ADA, "team rename", f"name:{name}"),
            await room.typed(EVE, "team create", f"name:{name}"),
        ):
            assert refusal_of(refused) == f"{told} Choose another name."
    assert (await room.teams()).keys() == {"Gradients", "Tensors"}


@pytest.mark.parametrize("who", [ADA, GRACE])
async def test_a_team_ends_when_that_is_confirmed(room: TeamRoom, who: Actor) -> None:
    await room.give(BOB, 20)
    asked = await room.command(who, "team disband", "team:Gradients")
    assert asked.text.startswith("Then 3 people are in no team")
    assert (await room.press(who, token_of(asked, "Keep it"))).title == "🚀 Gradients"
    told = await room.press(who, token_of(asked, "Disband it"))
    assert told.text.startswith("🚀 **Gradients** is disbanded.")
    assert await room.teams() == {}
    assert "not there any more" in refusal_of(await room.pressed(who, token_of(asked, "Disband it")))
    await room.found(BOB, "Gradients")
    assert "1 of 1" not in field(await room.command(BOB, "team show"), "Points")
    await expect_balanced(room.rows)


async def test_nobody_else_leads_a_team(room: TeamRoom) -> None:
    number = (await room.of(ADA)).id  # type: ignore[union-attr]
    before = await room.teams()
    await room.found(DAN, "Tensors", EVE)
    tries = {
        "team kick": mention(ADA),
        "team transfer": mention(BOB),
        "team invite": mention(EVE),
        "team rename": "name:Mine",
        "team disband": "",
    }
    for command, text in tries.items():
        assert refusal_of(await room.typed(BOB, command, text)) == ONLY
    for who in (BOB, DAN):
        for token in (f"team-edit.1:{number}", f"team-disband.1:{number}", f"team-disbanded.1:{number}"):
            assert refusal_of(await room.pressed(who, token)) == ONLY
        sent = await room.sent(who, f"team-saved.1:{number}", {"name": "Mine", "emoji": "", "open": "no"})
        assert refusal_of(sent) == ONLY
    for command in ("team kick", "team transfer"):
        told = refusal_of(await room.typed(DAN, command, mention(BOB)))
        assert told == "They are in no team that you lead. `/team show` shows who is in yours."
    assert {**before, "Tensors": ["Dan", "Eve"]} == await room.teams()


async def test_only_moderators_set_the_limit_and_balance(room: TeamRoom) -> None:
    for command in ("team limit", "team balance"):
        assert refusal_of(await room.typed(ADA, command)).startswith("Only moderators can do this.")
    for token in ("team-shuffle.1:0.0:free:1", "team-accept.1:0.0:free:1:x"):
        assert refusal_of(await room.pressed(ADA, token)).startswith("Only moderators can do this.")


async def test_nobody_takes_out_themselves_or_somebody_who_is_in_no_team(room: TeamRoom) -> None:
    assert refusal_of(await room.typed(ADA, "team kick", mention(ADA))).startswith("You cannot remove yourself.")
    for who in (ADA, GRACE):
        assert refusal_of(await room.typed(who, "team kick", mention(EVE))).startswith("They are in no team")
    assert refusal_of(await room.typed(EVE, "team kick", mention(BOB))).startswith("You are in no team.")
    assert refusal_of(await room.typed(ADA, "team invite", mention(BOB))).startswith("They are in 🚀 **Gradients**")


@pytest.mark.parametrize("error", [Gone("no such person"), Forbidden("takes no messages")])
async def test_somebody_who_takes_no_messages_can_still_join(room: TeamRoom, error: Exception) -> None:
    await room.command(ADA, "team rename", "open:no")
    room.board.broken["tell"] = error
    await room.command(ADA, "team invite", mention(DAN))
    await room.work()
    room.board.broken.clear()
    room.clock.pass_time(hours=1)
    await room.work()
    assert room.board.told == []
    assert (await room.command(DAN, "team join", "Gradients")).title == "🚀 Gradients"


async def test_an_invitation_is_told_once_however_often_it_is_tried_and_given_up_after_a_day(room: TeamRoom) -> None:
    room.board.broken["tell"] = Unreachable("no answer")
    await room.command(ADA, "team invite", mention(DAN))
    await room.work()
    room.board.broken.clear()
    await room.live_until(room.clock.at + timedelta(minutes=30))
    assert [user for user, _ in room.board.told] == [DAN.user]
    room.board.broken["tell"] = Unreachable("no answer")
    await room.command(ADA, "team invite", mention(EVE))
    await room.live_until(room.clock.at + timedelta(hours=25), timedelta(hours=1))
    room.board.broken.clear()
    await room.live_until(room.clock.at + timedelta(hours=2))
    assert [user for user, _ in room.board.told] == [DAN.user]


async def test_who_joined_meanwhile_or_whose_team_ended_is_not_told(room: TeamRoom) -> None:
    await room.command(ADA, "team invite", mention(DAN))
    await room.command(ADA, "team invite", mention(EVE))
    await room.command(DAN, "team join", "Gradients")
    number = (await room.of(ADA)).id  # type: ignore[union-attr]
    await room.press(ADA, f"team-disbanded.1:{number}")
    await room.work()
    assert room.board.told == []


async def test_a_hidden_captain_is_not_named_in_an_invitation(room: TeamRoom) -> None:
    await room.hide(ADA)
    await room.command(ADA, "team invite", mention(DAN))
    await room.work()
    assert room.board.told[0][1].text.startswith("You are invited to 🚀 **Gradients**, where 3 people are so far.")


async def test_a_running_competition_goes_on_with_its_roster_and_that_is_said(room: TeamRoom) -> None:
    await compete(room, await room.of(ADA))
    for told in (
        await room.command(ADA, "team kick", mention(BOB)),
        await room.command(CYD, "team leave"),
        await room.command(CYD, "team join", "Gradients"),
    ):
        assert told.text.partition("\n\nEverybody")[0].endswith(ROSTER)
    assert ROSTER not in (await room.command(DAN, "team join", "Gradients")).text


async def test_a_roster_that_is_due_is_locked_before_a_team_changes(room: TeamRoom) -> None:
    number = await compete(room, await room.of(ADA), CompetitionState.OPEN)
    await room.command(DAN, "team join", "Gradients")
    room.clock.pass_time(hours=2)
    assert (await room.command(BOB, "team leave")).text.endswith(ROSTER)
    assert ROSTER not in (await room.command(EVE, "team join", "Gradients")).text
    async with room.storage.snapshot() as work:
        counted = {}
        for who in (ADA, BOB, CYD, DAN, EVE):
            person = await work.people.find(who)
            assert person is not None
            counted[who.name] = [one.id for one in await work.competitions.counting(room.channel.workspace, person.id)]
    assert counted == {"Ada": [number], "Bob": [number], "Cyd": [number], "Dan": [number], "Eve": []}
