"""The role of the latest competition: everybody on the winning roster has it, until another one ends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.refs import Actor
from tests.support.contest_room import ADA, BOB, DAN, END, EVE, ContestRoom
from tests.support.daily_room import GRACE
from tests.support.databases import KINDS, open_database
from tests.support.room import refusal_of, token_of
from tests.support.rows import enter, hide

HOUR = timedelta(hours=1)
REWARD = "of:competition role:<@&79>"


@pytest.fixture(params=KINDS)
async def room(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[ContestRoom]:
    async with open_database(request.param, tmp_path) as storage:
        yield ContestRoom(storage)


async def compete(room: ContestRoom, *winners: Actor) -> None:
    """Let a competition begin, some earn the same in it, and its last hour go by."""
    await room.under_way()
    for who in winners:
        await room.answer(who)
    await room.live_until(END - HOUR, 24 * HOUR)


async def test_everybody_on_the_winning_roster_has_the_role_from_the_end_on(room: ContestRoom) -> None:
    await room.command(GRACE, "reward", REWARD)
    await compete(room, ADA)
    assert room.roles.held == set()
    await room.live_until(END + HOUR)
    assert room.roles.held == {("ada", "79"), ("bob", "79")}
    await room.move(BOB, None)
    room.roles.calls.clear()
    await room.live_until(END + 3 * HOUR)
    assert room.roles.calls == []
    [field] = (await room.command(GRACE, "reward")).fields
    assert (field.name, field.value) == (
        "For the team that won the latest competition",
        "`<@&79>`, held by Ada, Bob.",
    )


async def test_teams_that_win_together_both_have_it_and_hidden_people_do_not(room: ContestRoom) -> None:
    await hide(room.storage, await enter(room.storage, "Dan"))
    await compete(room, ADA, EVE)
    await room.live_until(END + HOUR)
    await room.command(GRACE, "reward", REWARD)
    await room.work()
    assert room.roles.held == {("ada", "79"), ("bob", "79"), ("eve", "79")}
    assert DAN.user.id not in {user for user, _ in room.roles.held}


async def test_where_nobody_earned_anything_nobody_won(room: ContestRoom) -> None:
    await room.command(GRACE, "reward", REWARD)
    await compete(room)
    await room.live_until(END + HOUR)
    assert room.roles.calls == []


async def test_the_next_competition_moves_it(room: ContestRoom) -> None:
    await room.command(GRACE, "reward", REWARD)
    await compete(room, ADA)
    await room.live_until(END + HOUR)
    number = await room.create('"Spring Cup" "2026-12-05 09:00" 2d')
    for captain in (ADA, EVE):
        await room.command(captain, "compete join", f"competition:{number}")
    await room.live_until(END + 25 * HOUR)
    assert room.roles.held == {("ada", "79"), ("bob", "79")}
    await room.answer(EVE)
    await room.live_until(END + 80 * HOUR)
    assert room.roles.held == {("eve", "79"), ("dan", "79")}


async def test_leading_and_winning_have_roles_of_their_own(room: ContestRoom) -> None:
    await room.command(GRACE, "reward", "of:season role:<@&77>")
    refused = refusal_of(await room.typed(GRACE, "reward", "of:competition role:<@&77>"))
    assert refused == "That role is given for something else already. Choose another, or end that one."
    shown = await room.command(GRACE, "reward", REWARD)
    await compete(room, ADA)
    await room.live_until(END + HOUR)
    assert room.roles.held == {("ada", "79"), ("bob", "79")}  # December began without a leader
    await room.press(GRACE, token_of(shown, "End it for competitions"))
    await room.work()
    assert room.roles.held == set()
    assert len((await room.command(GRACE, "reward")).fields) == 1
