"""Teams on every platform: made, invited to in private, joined from there, shown and left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bot.dispatch import Dispatcher
from tests.contract.harness import Harness, Seen
from tests.contract.living import Living
from tests.support.world import MONDAY

Fresh = Callable[[], Dispatcher[Any]]

INVITATION = "An invitation to a team"
TEAM = "🦉 The Gradients"


def mention(harness: Harness, who: str) -> str:
    """Return a person as the platform writes a mention of them."""
    return f"member:<@{harness.user_id(who)}>"


async def make(harness: Harness, name: str = "The Gradients", text: str = "open:no") -> Seen:
    """Let Ada make a team, and return what she sees then."""
    await harness.type("ada", f'/team create name:"{name}" emoji:🦉 {text}')
    return (await harness.see("ada"))[-1]


async def invited(harness: Harness, living: Living, who: str = "alan") -> Seen:
    """Let Ada invite somebody, and return what they are told."""
    await harness.type("ada", f"/team invite {mention(harness, who)}")
    await living.until(MONDAY + timedelta(minutes=1), harness)
    [told] = [message for message in await harness.told(who) if message.title == INVITATION]
    return told


async def test_a_team_is_made_and_only_its_maker_is_answered(harness: Harness) -> None:
    made = await make(harness)
    assert (made.title, made.private) == (TEAM, True)
    assert "Ada (captain, you)" in made.text
    assert [control.label for control in made.controls] == ["Leave", "Change", "Disband", "All teams"]
    assert await harness.see("alan") == []


async def test_somebody_is_invited_in_private_joins_from_there_and_leaves(
    harness: Harness, living: Living, fresh: Fresh
) -> None:
    await make(harness)
    told = await invited(harness, living)
    assert "Ada invites you to 🦉 The Gradients" in told.text
    assert [control.label for control in told.controls] == ["Join", "Show the team"]
    assert INVITATION not in [message.title for message in await harness.told("grace")]
    await harness.restart(fresh())
    living.connect(harness)
    await harness.press("alan", told, told.control("Join").token)
    joined = (await harness.told("alan"))[-1]
    assert (joined.title, "You are in." in joined.text) == (TEAM, True)
    assert "Ada (captain), Alan (you)" in joined.text
    await harness.type("alan", "/team show")
    shown = (await harness.see("alan"))[-1]
    assert (shown.title, shown.private) == (TEAM, True)
    await harness.restart(fresh())
    await harness.press("alan", shown, shown.control("Leave").token)
    left = (await harness.see("alan"))[-1]
    assert "You left 🦉 The Gradients" in left.text
    await harness.type("ada", "/team show")
    assert "1 of 8 people" in (await harness.see("ada"))[-1].text
    assert harness.notified() == []


async def test_an_invitation_shows_the_team_and_is_somebodys_own(harness: Harness, living: Living) -> None:
    await make(harness)
    told = await invited(harness, living)
    await harness.press("grace", None, told.control("Join").token)
    assert "takes people by invitation" in (await harness.see("grace"))[-1].text
    await harness.press("alan", told, told.control("Show the team").token)
    shown = (await harness.told("alan"))[-1]
    assert (shown.title, "You are invited." in shown.text) == (TEAM, True)
    await harness.press("alan", shown, shown.control("Join").token)
    assert "Alan (you)" in (await harness.told("alan"))[-1].text


async def test_a_team_is_chosen_from_the_list_and_made_with_a_form(harness: Harness) -> None:
    await make(harness, text="open:yes")
    await harness.type("alan", "/team list")
    listed = (await harness.see("alan"))[-1]
    await harness.press("alan", listed, listed.control("Create a team").token)
    form = harness.form("alan")
    assert form is not None
    await harness.submit("alan", form, {"name": "Tensors <@here>", "emoji": "", "open": "yes"})
    assert "Tensors <@here>" in (await harness.see("alan"))[-1].title
    await harness.type("grace", "/team list")
    listed = (await harness.see("grace"))[-1]
    assert "Tensors <@here>" in listed.text
    choice = listed.control("Join a team")
    await harness.press("grace", listed, choice.token, choice.values[:1])
    assert "You are in." in (await harness.see("grace"))[-1].text
    assert harness.notified() == []


async def test_for_a_name_that_cannot_be_the_form_opens_where_the_platform_has_one(harness: Harness) -> None:
    await harness.type("ada", "/team create name:!!!")
    form = harness.form("ada")
    if form is None:
        assert "needs a letter or a digit" in (await harness.see("ada"))[-1].text
        return
    assert form.inputs == ("name", "emoji", "open")
    await harness.submit("ada", form, {"name": "Tensors", "emoji": "🚀", "open": "yes"})
    assert (await harness.see("ada"))[-1].title == "🚀 Tensors"


async def test_a_captain_takes_somebody_out_and_a_moderator_ends_the_team(harness: Harness) -> None:
    await make(harness, text="open:yes")
    await harness.type("alan", '/team join team:"the gradients"')
    await harness.type("alan", f"/team kick {mention(harness, 'ada')}")
    assert "Only the captain" in (await harness.see("alan"))[-1].text
    await harness.type("ada", f"/team kick {mention(harness, 'alan')}")
    assert "They are not in 🦉 The Gradients any more." in (await harness.see("ada"))[-1].text
    await harness.type("grace", '/team disband team:"The Gradients"')
    asked = (await harness.see("grace"))[-1]
    await harness.press("grace", asked, asked.control("Disband it").token)
    assert "is disbanded" in (await harness.see("grace"))[-1].text
    await harness.type("ada", "/team show")
    assert "You are in no team." in (await harness.see("ada"))[-1].text
