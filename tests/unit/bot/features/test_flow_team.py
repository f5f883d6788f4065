"""Teams as people meet them: made, joined, left, shown, listed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.storage.work import SqlStorage
from bot.message import Tone
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
    expect_balanced,
    field,
    labels,
    mention,
    pick,
)
from tests.support.world import someone


@pytest.fixture(params=KINDS)
async def storage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SqlStorage]:
    async with open_database(request.param, tmp_path) as opened:
        yield opened


@pytest.fixture
def room(storage: SqlStorage) -> TeamRoom:
    return TeamRoom(storage)


async def test_whoever_makes_a_team_leads_it(room: TeamRoom) -> None:
    made = await room.command(ADA, "team create", 'name:"The Gradients" emoji:🦉')
    assert (made.title, made.tone) == ("🦉 The Gradients", Tone.GOOD)
    assert made.text == "**It is there, and you lead it.**\n\nEverybody may join."
    assert field(made, "1 of 8 people") == "Ada (captain, you)"
    assert field(made, "Points") == "This week: no points yet\nThis month: no points yet\nAll time: no points yet"
    assert labels(made) == ["Leave", "Change", "Disband", "All teams"]
    shown = await room.command(ADA, "team show")
    assert (shown.title, shown.fields, shown.rows) == (made.title, made.fields, made.rows)
    assert shown.tone is Tone.PLAIN


async def test_an_emoji_is_found_wherever_it_stands_and_comes_by_chance_else(room: TeamRoom) -> None:
    assert (await room.command(ADA, "team create", "🦉 Owls")).title == "🦉 Owls"
    emoji, _, name = (await room.command(BOB, "team create", "Tensors")).title.partition(" ")
    assert (bool(emoji), name) == (True, "Tensors")


async def test_a_team_is_joined_by_its_name_whatever_the_letters(room: TeamRoom) -> None:
    await room.found(ADA, "Café Gradients")
    joined = await room.command(BOB, "team join", 'team:"CAFE gradients"')
    assert joined.text.startswith("**You are in.** Points that you earn from now on count for the team too.")
    assert field(joined, "2 of 8 people") == "Ada (captain), Bob (you)"
    assert labels(joined) == ["Leave", "All teams"]
    assert await room.teams() == {"Café Gradients": ["Ada", "Bob"]}


async def test_a_team_is_joined_from_the_list_and_from_its_card(room: TeamRoom) -> None:
    await room.found(ADA, "Gradients")
    await room.found(BOB, "Tensors", text="open:no")
    listed = await room.command(CYD, "team list")
    assert listed.text == "🚀 **Gradients** · 1 of 8 · open\n🚀 **Tensors** · 1 of 8 · by invitation"
    assert labels(listed) == ["Show a team", "Join a team", "Create a team"]
    card = await pick(room, CYD, listed, "Show a team", "🚀 Gradients")
    assert labels(card) == ["Join", "All teams"]
    assert (await room.press(CYD, token_of(card, "Join"))).text.startswith("**You are in.**")
    joined = await pick(room, DAN, listed, "Join a team", "🚀 Gradients")
    assert field(joined, "3 of 8 people") == "Ada (captain), Cyd, Dan (you)"
    again = await room.press(CYD, token_of(joined, "All teams"))
    assert again.text.startswith("🚀 **Gradients** · 3 of 8 · open — **yours**")
    assert labels(again) == ["Show a team", "My team"]
    assert (await room.press(CYD, token_of(again, "My team"))).title == "🚀 Gradients"


async def test_a_team_is_made_with_a_form_from_the_list(room: TeamRoom) -> None:
    listed = await room.command(ADA, "team list")
    assert listed.text == "There is none here yet. Begin with one of your own."
    form = await room.form(ADA, token_of(listed, "Create a team"))
    assert [one.name for one in form.inputs] == ["name", "emoji", "open"]
    made = await room.send(ADA, form.action.encode(), name="Gradients", emoji="", open="no")
    assert made.text.endswith("By invitation.")
    again = await room.sent(BOB, form.action.encode(), {"name": "Grаdients", "emoji": "🚀", "open": "yes"})
    assert refusal_of(again).startswith("Grаdients is too like ")


async def test_pages_of_teams_go_on_and_back(room: TeamRoom) -> None:
    for number in range(23):
        await room.found(someone(f"P{number}"), f"Team {number:02}")
    page = await room.command(ADA, "team list")
    assert page.footer == "23 teams; page 1 of 3"
    for expected in ("23 teams; page 2 of 3", "23 teams; page 3 of 3"):
        page = await room.press(ADA, token_of(page, "Later"))
        assert page.footer == expected
    assert len(page.text.splitlines()) == 3
    assert (await room.press(ADA, token_of(page, "Earlier"))).footer == "23 teams; page 2 of 3"
    assert (await room.press(ADA, "team-list.1:99999")).footer == "23 teams; page 3 of 3"


async def test_points_from_before_stay_behind_and_those_earned_stay_with_the_team(room: TeamRoom) -> None:
    await room.give(ADA, 10)
    await room.found(ADA, "Gradients", BOB)
    await room.give(ADA, 20)
    await room.give(BOB, 40)
    await room.command(BOB, "team leave")
    await room.found(BOB, "Tensors")
    await room.give(BOB, 5)
    card = await room.command(ADA, "team show")
    assert field(card, "Points").splitlines() == [
        "This week: **1st of 2** · 20.0 per member, 60 points in all",
        "This month: **1st of 2** · 20.0 per member, 60 points in all",
        "All time: **1st of 2** · 20.0 per member, 60 points in all",
    ]
    assert field(card, "Earned this month by") == "Bob 40 (left), Ada 20"
    other = await room.command(ADA, "team show", "Tensors")
    assert field(other, "Points").splitlines()[1] == "This month: **2nd of 2** · 1.7 per member, 5 points in all"
    await expect_balanced(room.rows)


async def test_hidden_people_are_counted_and_named_to_themselves_alone(room: TeamRoom) -> None:
    await room.found(ADA, "Gradients", BOB, CYD, DAN)
    for who, points in ((ADA, 10), (BOB, 20), (CYD, 30)):
        await room.give(who, points)
    await room.hide(BOB)
    await room.hide(CYD)
    seen = await room.command(ADA, "team show")
    assert field(seen, "4 of 8 people") == "Ada (captain, you), Dan and 2 who are hidden"
    assert field(seen, "Earned this month by") == "Ada 10 and hidden people 50"
    own = await room.command(BOB, "team show")
    assert field(own, "4 of 8 people") == "Ada (captain), Bob (you), Dan and one who is hidden"
    assert field(own, "Earned this month by") == "Bob 20, Ada 10 and hidden people 30"
    assert "20.0 per member, 60 points in all" in field(seen, "Points")


async def test_when_the_captain_leaves_whoever_joined_first_leads(room: TeamRoom) -> None:
    await room.found(ADA, "Gradients", BOB, CYD)
    told = await room.command(ADA, "team leave")
    assert told.text == "You left 🚀 **Gradients**. Bob leads it now. What you earned for it stays with it."
    assert await room.teams() == {"Gradients": ["Bob", "Cyd"]}
    await room.hide(CYD)
    told = await room.press(BOB, token_of(await room.command(BOB, "team show"), "Leave"))
    assert "Whoever joined it first leads it now." in told.text
    assert await room.teams() == {"Gradients": ["Cyd"]}


async def test_the_last_one_is_asked_before_the_team_ends(room: TeamRoom) -> None:
    await room.found(ADA, "Gradients")
    await room.give(ADA, 30)
    asked = await room.command(ADA, "team leave")
    assert asked.title == "Leave 🚀 Gradients?"
    assert await room.teams() == {"Gradients": ["Ada"]}
    assert (await room.press(ADA, token_of(asked, "Stay"))).title == "🚀 Gradients"
    left = await room.press(ADA, token_of(asked, "Leave and end it"))
    assert left.text.startswith("You left 🚀 **Gradients**. It had nobody else, so that it ended.")
    assert await room.teams() == {}
    again = await room.pressed(ADA, token_of(asked, "Leave and end it"))
    assert refusal_of(again) == "That team is not there any more. `/team list` shows those that there are."
    await room.found(BOB, "Gradients")
    board = await room.command(BOB, "leaderboard", "who:teams")
    assert "**1.** 🚀 Gradients · 10.0 per member" in board.text
    await expect_balanced(room.rows)


async def test_if_somebody_joins_meanwhile_the_last_one_leaves_without_ending_it(room: TeamRoom) -> None:
    await room.found(ADA, "Gradients")
    asked = await room.command(ADA, "team leave")
    await room.command(BOB, "team join", "Gradients")
    left = await room.press(ADA, token_of(asked, "Leave and end it"))
    assert "Bob leads it now." in left.text
    assert await room.teams() == {"Gradients": ["Bob"]}


async def test_names_of_people_and_teams_are_text_and_nothing_but_text(room: TeamRoom) -> None:
    rude = replace(someone("Rude"), name="*Eve* <@1> @everyone " + "x" * 70)
    await room.command(rude, "team create", 'name:"**@here** <!channel>" emoji:🚀')
    card = await room.command(ADA, "team show", 'team:"**@here** <!channel>"')
    assert card.title == "🚀 **@here** <!channel>"
    assert field(card, "1 of 8 people") == r"\*Eve\* \<\@1\> \@everyone xxxxxxxxxxx… (captain)"
    listed = await room.command(ADA, "team list")
    assert listed.text.startswith(r"🚀 **\*\*\@here\*\* \<\!channel\>** · 1 of 8")


async def test_a_large_team_of_long_names_still_fits(room: TeamRoom) -> None:
    await room.command(GRACE, "team limit", "50")
    crowd = [replace(someone(f"P{number}"), name=f"{'*' * 30}{number:02}" + "y" * 60) for number in range(50)]
    await room.found(crowd[0], "Gradients", *crowd[1:])
    for at, who in enumerate(crowd):
        await room.give(who, 1000 + at)
    card = await room.command(crowd[0], "team show")
    assert field(card, "50 of 50 people").endswith(" more")
    assert field(card, "Earned this month by").endswith(" more")
    assert labels(await room.command(EVE, "team show", "Gradients")) == ["All teams"]
    refused = refusal_of(await room.typed(EVE, "team join", "Gradients"))
    assert refused.startswith("🚀 **Gradients** is full: 50 people.")


async def test_a_lower_limit_throws_nobody_out(room: TeamRoom) -> None:
    assert (await room.command(GRACE, "team limit")).text.startswith("A team may have 8 people here.")
    await room.found(ADA, "Gradients", BOB, CYD)
    saved = await room.command(GRACE, "team limit", "size:2")
    assert saved.text == "A team may have 2 people here. Nobody has to leave a team that is larger."
    assert field(await room.command(ADA, "team show"), "3 of 2 people") == "Ada (captain, you), Bob, Cyd"
    assert "is full: 2 people." in refusal_of(await room.typed(DAN, "team join", "Gradients"))
    await room.command(BOB, "team leave")
    await room.command(CYD, "team leave")
    await room.command(DAN, "team join", "Gradients")
    assert await room.teams() == {"Gradients": ["Ada", "Dan"]}


async def test_somebody_who_was_invited_is_told_alone_and_joins_from_there(room: TeamRoom) -> None:
    await room.found(ADA, "Gradients", text="open:no")
    assert refusal_of(await room.typed(BOB, "team join", "Gradients")).startswith(
        "🚀 **Gradients** takes people by invitation."
    )
    told = await room.command(ADA, "team invite", mention(BOB))
    assert told.text.startswith("They may join 🚀 **Gradients** now. I tell them in private; they can also type")
    assert "They were invited before" in (await room.command(ADA, "team invite", mention(BOB))).text
    await room.work()
    [(user, message)] = room.board.told
    assert user == BOB.user
    assert message.text.startswith("Ada invites you to 🚀 **Gradients**, where one person is so far.")
    assert labels(message) == ["Join", "Show the team"]
    shown = await room.press(BOB, token_of(message, "Show the team"))
    assert shown.text == "By invitation. **You are invited.**"
    joined = await room.press(BOB, token_of(message, "Join"))
    assert field(joined, "2 of 8 people") == "Ada (captain), Bob (you)"
    await room.command(BOB, "team leave")
    assert "takes people by invitation" in refusal_of(await room.pressed(BOB, token_of(message, "Join")))
