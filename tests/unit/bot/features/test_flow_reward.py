"""``/reward``: set up, shown, refused with what is in the way, and ended; what it then does is in the scheduler's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.storage.work import SqlStorage
from bot.message import Tone
from bot.refs import ChannelRef, WorkspaceRef
from tests.support.daily_room import GRACE, DailyRoom
from tests.support.databases import KINDS, open_database
from tests.support.items import truth
from tests.support.room import ADA, BOB, refusal_of, token_of
from tests.support.world import someone

TOO_LOW = "Move my role above **Leader** in Server Settings → Roles."
LEADS = "For whoever leads the season"


@pytest.fixture(params=KINDS)
async def room(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[DailyRoom]:
    async with open_database(request.param, tmp_path) as storage:
        yield DailyRoom(storage, truth())


async def state(room: DailyRoom) -> dict[str, str]:
    """Return what moderators are shown."""
    return {field.name: field.value for field in (await room.command(GRACE, "reward")).fields}


async def test_before_it_is_set_up_it_says_how(room: DailyRoom) -> None:
    message = await room.command(GRACE, "reward")
    assert (message.fields, message.rows) == ((), ())
    assert "`/reward of:season role:@Leader`" in message.text


@pytest.mark.parametrize("text", ["role:<@&77>", "of:season role:<@&77>", "season <@&77>", "<@&77>"])
async def test_whoever_leads_has_the_role_and_is_shown(room: DailyRoom, text: str) -> None:
    await room.give(ADA, 30)
    told = await room.command(GRACE, "reward", text)
    assert (told.tone, told.text) == (
        Tone.GOOD,
        "**Set up.** Whoever it is for has the role in a moment, and loses it when somebody else is ahead.",
    )
    assert {field.name: field.value for field in told.fields} == {LEADS: "`<@&77>`, held by nobody so far."}
    await room.work()
    assert room.roles.held == {("ada", "77")}
    assert await state(room) == {LEADS: "`<@&77>`, held by Ada."}


@pytest.mark.parametrize("how", ["command", "button"])
async def test_ending_it_takes_the_role_from_whoever_holds_it(room: DailyRoom, how: str) -> None:
    await room.give(ADA, 30)
    shown = await room.command(GRACE, "reward", "role:<@&77>")
    await room.work()
    if how == "command":
        told = await room.command(GRACE, "reward", "role:nobody")
    else:
        told = await room.press(GRACE, token_of(shown, "End it for the season"))
    assert told.text == "**Ended.** The role is taken from whoever holds it in a moment."
    assert [field.value for field in told.fields] == ["Ended.\nStill to be taken from Ada: `<@&77>`."]
    assert told.rows == ()
    await room.work()
    assert room.roles.held == set()
    assert await state(room) == {}
    again = await room.typed(GRACE, "reward", "role:nobody")
    assert refusal_of(again) == "No role is given for that. `/reward` shows what is set up."
    assert "No role is given for that." in refusal_of(
        await room.pressed(GRACE, token_of(shown, "End it for the season"))
    )


async def test_one_that_nobody_held_is_forgotten_when_it_is_ended(room: DailyRoom) -> None:
    await room.command(GRACE, "reward", "role:<@&77>")
    await room.command(GRACE, "reward", "role:nobody")
    await room.work()
    assert await state(room) == {}
    assert room.roles.calls == []


async def test_what_is_in_the_way_is_said_and_nothing_is_kept(room: DailyRoom) -> None:
    room.roles.obstacles["77"] = TOO_LOW
    refused = refusal_of(await room.typed(GRACE, "reward", "role:<@&77>"))
    assert refused == f"{TOO_LOW} Then try again; nothing was changed."
    assert await state(room) == {}
    room.roles.obstacles.clear()
    await room.command(GRACE, "reward", "role:<@&77>")
    room.roles.obstacles["77"] = TOO_LOW
    shown = await room.command(GRACE, "reward")
    assert shown.text == f"**In the way** of the role for whoever leads the season: {TOO_LOW}"


@pytest.mark.parametrize("typed", ["role:<@5>", "role:Leader", "role:@everyone", "role:<@&x>", "role:<#5>", "of:pizza"])
async def test_what_is_no_role_is_refused_with_what_to_do(room: DailyRoom, typed: str) -> None:
    assert "`" in refusal_of(await room.typed(GRACE, "reward", typed))
    assert await state(room) == {}


async def test_what_is_no_kind_of_reward_has_no_end(room: DailyRoom) -> None:
    shown = await room.command(GRACE, "reward", "role:<@&77>")
    token = token_of(shown, "End it for the season")
    for kind in ("pizza", "competition"):
        assert "`/reward`" in refusal_of(await room.pressed(GRACE, token.replace("season", kind)))
    assert await state(room) == {LEADS: "`<@&77>`, held by nobody so far."}


async def test_only_moderators_may(room: DailyRoom) -> None:
    shown = await room.command(GRACE, "reward", "role:<@&77>")
    refusal_of(await room.typed(ADA, "reward", "role:<@&78>"))
    refusal_of(await room.pressed(ADA, token_of(shown, "End it for the season")))
    assert await state(room) == {LEADS: "`<@&77>`, held by nobody so far."}


@pytest.mark.parametrize(
    ("platform", "words"),
    [
        ("slack", "Slack has no roles that Warmup could give."),
        ("browser", "The browser page has no roles."),
        ("pigeons", "There are no roles here."),
    ],
)
async def test_where_there_are_no_roles_it_says_so(storage: SqlStorage, platform: str, words: str) -> None:
    room = DailyRoom(storage, truth(), channel=ChannelRef(WorkspaceRef(platform, "home"), "study"))
    for text in ("", "role:<@&77>", "role:nobody"):
        refused = refusal_of(await room.typed(GRACE, "reward", text))
        assert refused == f"{words} `/leaderboard` shows everywhere who leads."


async def test_long_names_fit_and_are_no_markup(room: DailyRoom) -> None:
    for place in range(5):
        await room.give(someone(f"{place}" + "*" * 99), 30)
    await room.command(GRACE, "reward", "role:<@&77>")
    await room.work()
    await room.command(GRACE, "reward", "role:<@&78>")
    room.roles.obstacles.update({"77": TOO_LOW, "78": TOO_LOW})
    room.roles.broken["take"] = ValueError("stops here")
    await room.work()
    shown = (await state(room))[LEADS]
    assert shown.count("\\*") == 5 * 39
    assert "Still to be taken from 0" in shown


async def test_the_same_points_share_the_role(room: DailyRoom) -> None:
    for who in (ADA, BOB):
        await room.give(who, 30)
    await room.command(GRACE, "reward", "role:<@&77>")
    await room.work()
    assert await state(room) == {LEADS: "`<@&77>`, held by Ada, Bob."}
