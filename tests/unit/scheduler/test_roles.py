"""Roles follow who leads: each change is one call, nothing else is called, and what is in the way is told once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.competition.rewards import write_key
from bot.errors import Forbidden, Gone
from bot.refs import WorkspaceRef
from bot.rewarding import Holding
from tests.support.daily_room import GRACE, DailyRoom
from tests.support.databases import KINDS, open_database
from tests.support.items import number, truth
from tests.support.rewards import (
    GIVE_ADA,
    GIVE_BOB,
    MINUTE,
    SEASON,
    TAKE_ADA,
    TAKE_BOB,
    TURN,
    holders,
    lead,
    left,
    turn,
)
from tests.support.room import ADA, BOB, refusal_of
from tests.support.rows import enter, hide
from tests.support.world import HOME, MONDAY, someone

TOO_LOW = "Move my role above **Leader** in Server Settings → Roles."


@pytest.fixture(params=KINDS)
async def room(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[DailyRoom]:
    async with open_database(request.param, tmp_path) as storage:
        yield DailyRoom(storage, truth())


async def test_the_role_moves_with_the_lead_and_is_not_touched_otherwise(room: DailyRoom) -> None:
    await lead(room)
    assert await turn(room, 5) == []
    await room.give(BOB, 20)
    assert room.roles.held == {("ada", "77")}
    assert await turn(room) == [TAKE_ADA, GIVE_BOB]
    assert room.roles.held == {("bob", "77")}
    assert await turn(room, 5) == []


async def test_a_change_is_seen_within_a_quarter_of_an_hour(room: DailyRoom) -> None:
    await lead(room)
    await room.give(BOB, 20)
    await room.live_until(MONDAY + TURN - MINUTE, MINUTE)
    assert room.roles.calls == []
    await room.live_until(MONDAY + TURN, MINUTE)
    assert room.roles.held == {("bob", "77")}


async def test_up_to_five_share_it_and_more_have_nothing_until_it_is_decided(room: DailyRoom) -> None:
    await lead(room)
    await room.give(BOB, 10)
    assert await turn(room) == [GIVE_BOB]
    for place in range(3):
        await room.give(someone(f"P{place}"), 30)
    assert len(await turn(room)) == 3
    assert len(room.roles.held) == 5
    await room.give(someone("P3"), 30)
    assert [call[0] for call in await turn(room)] == ["take"] * 5
    assert room.roles.held == set()
    await room.give(BOB, 1)
    assert await turn(room) == [GIVE_BOB]


async def test_whoever_hides_gives_it_up_and_the_next_has_it(room: DailyRoom) -> None:
    await lead(room)
    ada = await enter(room.storage, "Ada")
    await hide(room.storage, ada)
    assert await turn(room) == [TAKE_ADA, GIVE_BOB]
    await hide(room.storage, ada, hidden=False)
    assert await turn(room) == [TAKE_BOB, GIVE_ADA]


async def test_a_new_season_begins_without_a_leader(room: DailyRoom) -> None:
    await lead(room)
    room.clock.at = datetime(2026, 12, 1, 0, 1, tzinfo=UTC) - TURN
    assert await turn(room) == [TAKE_ADA]
    await room.give(BOB, 5)
    assert await turn(room) == [GIVE_BOB]


async def test_another_role_replaces_the_one_before(room: DailyRoom) -> None:
    await lead(room)
    await room.command(GRACE, "reward", "role:<@&78>")
    await room.work()
    assert room.roles.calls == [TAKE_ADA, ("give", "ada", "78")]
    assert room.roles.held == {("ada", "78")}


async def test_setting_it_up_once_more_gives_it_anew(room: DailyRoom) -> None:
    await lead(room)
    room.roles.held.clear()
    await room.command(GRACE, "reward", "role:<@&77>")
    await room.work()
    assert room.roles.calls == [GIVE_ADA]


async def test_whoever_left_is_asked_about_once(room: DailyRoom) -> None:
    await lead(room)
    room.roles.left.add("bob")
    await room.give(BOB, 20)
    assert await turn(room, 4) == [TAKE_ADA, GIVE_BOB]
    assert room.board.told == []
    await room.give(ADA, 20)
    assert await turn(room) == [GIVE_ADA]
    room.roles.left.add("ada")
    await room.give(BOB, 30)
    room.roles.left.discard("bob")
    assert await turn(room) == [TAKE_ADA, GIVE_BOB]
    assert await holders(room) == [("bob", "77", Holding.HELD)]


@pytest.mark.parametrize("obstacle", [TOO_LOW, ""])
async def test_what_is_not_allowed_any_more_is_told_once_and_tried_at_every_turn(
    room: DailyRoom, obstacle: str
) -> None:
    await lead(room)
    await room.give(BOB, 20)
    room.roles.broken["77"], room.roles.obstacles["77"] = Forbidden("no right"), obstacle
    assert await turn(room, 4) == [TAKE_ADA] * 4
    [(user, message)] = room.board.told
    assert (user, message.title) == (GRACE.user, "A role could not be changed")
    assert message.text == f"The role for whoever leads the season cannot be given or taken. {obstacle or 'no right'}"
    room.roles.broken.clear()
    assert await turn(room) == [TAKE_ADA, GIVE_BOB]
    await room.give(ADA, 50)
    room.roles.broken["77"] = Forbidden("no right")
    await turn(room, 3)
    assert len(room.board.told) == 2


async def test_one_role_that_may_not_be_taken_does_not_keep_another_from_being_given(room: DailyRoom) -> None:
    await lead(room)
    room.roles.broken["77"] = Forbidden("no right")
    await room.command(GRACE, "reward", "role:<@&78>")
    await room.work()
    assert room.roles.held == {("ada", "77"), ("ada", "78")}
    room.roles.broken.clear()
    room.roles.calls.clear()
    assert await turn(room) == [TAKE_ADA]
    assert room.roles.held == {("ada", "78")}


@pytest.mark.parametrize("error", [Gone("nobody"), Forbidden("closed")])
async def test_an_owner_who_takes_no_messages_holds_up_nothing(room: DailyRoom, error: Exception) -> None:
    await lead(room)
    await room.give(BOB, 20)
    room.roles.broken["77"], room.board.broken["tell"] = Forbidden("no right"), error
    await turn(room, 2)
    room.roles.broken.clear()
    assert await turn(room) == [TAKE_ADA, GIVE_BOB]


async def test_a_role_that_was_deleted_ends_it_and_that_is_told(room: DailyRoom) -> None:
    await lead(room)
    await room.give(BOB, 20)
    room.roles.deleted.add("77")
    room.roles.held.clear()
    assert await turn(room, 3) == [TAKE_ADA]
    [(user, message)] = room.board.told
    assert (user, message.title) == (GRACE.user, "A role is gone")
    assert await holders(room) == []
    assert (await room.command(GRACE, "reward")).fields == ()
    assert await left(room) == []


async def test_a_role_that_was_replaced_and_deleted_is_forgotten_quietly(room: DailyRoom) -> None:
    await lead(room)
    room.roles.deleted.add("77")
    await room.command(GRACE, "reward", "role:<@&78>")
    await room.work()
    assert room.roles.calls == [TAKE_ADA, ("give", "ada", "78")]
    assert room.board.told == []
    assert await holders(room) == [("ada", "78", Holding.HELD)]


async def test_an_end_that_is_not_allowed_is_tried_until_it_is(room: DailyRoom) -> None:
    await lead(room)
    room.roles.broken["77"] = Forbidden("no right")
    await room.command(GRACE, "reward", "role:nobody")
    await room.work()
    assert len(room.board.told) == 1
    assert await holders(room) == [("ada", "77", Holding.HELD)]
    room.roles.broken.clear()
    assert await turn(room) == [TAKE_ADA, TAKE_ADA]
    assert await left(room) == []


async def test_servers_have_rewards_of_their_own(room: DailyRoom) -> None:
    await lead(room)
    room.channel = type(room.channel)(WorkspaceRef("test", "away:1"), "study")
    await room.give(BOB, 5)
    await room.command(GRACE, "reward", "role:<@&90>")
    await room.work()
    assert room.roles.calls == [("give", "bob", "90")]
    assert room.roles.held == {("ada", "77"), ("bob", "90")}
    assert sorted(await left(room)) == ["roles:test:away:1:season", write_key(HOME, SEASON)]


async def test_the_team_that_won_the_latest_competition_has_another_role(room: DailyRoom) -> None:
    room = DailyRoom(room.rows, number())
    await lead(room)
    cy, shy = someone("Cy"), someone("Shy")
    await room.command(BOB, "team create", "name:Owls")
    await room.command(ADA, "team create", "name:Foxes")
    for who in (cy, shy):
        await room.command(who, "team join", "Owls")
    await room.command(shy, "settings", "hidden:yes")
    await room.command(GRACE, "compete create", "name:Cup start:now end:1d")
    told = refusal_of(await room.typed(GRACE, "reward", "of:competition role:<@&77>"))
    assert told.startswith("That role is given for something else already.")
    await room.command(GRACE, "reward", "of:competition role:<@&79>")
    await room.earn(BOB)
    assert await turn(room) == [TAKE_ADA, GIVE_BOB]  # who leads the season; the competition is not over
    await room.live_until(room.clock.at + timedelta(days=1), timedelta(hours=6))
    await turn(room)
    assert room.roles.held == {("bob", "77"), ("bob", "79"), ("cy", "79")}
    shown = await room.command(GRACE, "reward")
    assert any("held by Bob, Cy" in field.value for field in shown.fields)
