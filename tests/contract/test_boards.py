"""Boards, corrections and weekly summaries on every platform: read in private, shown to all, posted once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.dispatch import Dispatcher
from tests.contract.harness import Harness, Seen
from tests.contract.living import Living

Fresh = Callable[[], Dispatcher[Any]]

MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)
"""When the first summary is posted: the clock begins on the Monday before."""


def mention(harness: Harness, who: str) -> str:
    """Return a person as the platform writes a mention of them."""
    return f"member:<@{harness.user_id(who)}>"


async def newest(harness: Harness, who: str) -> Seen:
    return (await harness.see(who))[-1]


async def earn(harness: Harness, who: str) -> None:
    """Let somebody answer a question right."""
    await harness.type(who, "/practice kind:number")
    asked = await newest(harness, who)
    await harness.press(who, asked, asked.control("Answer").token)
    form = harness.form(who)
    assert form is not None
    await harness.submit(who, form, {"answer": "1960"})


async def test_a_board_turns_to_teams_in_place_and_is_shown_to_all_with_a_picture(
    harness: Harness, fresh: Fresh
) -> None:
    await harness.type("ada", "/team create name:Foxes emoji:🦊")
    await earn(harness, "ada")
    await harness.type("ada", "/leaderboard")
    people = await newest(harness, "ada")
    assert (people.private, people.title, len(people.alts)) == (True, "Leaderboard, this week", 1)
    assert "1. Ada: 15" in people.alts[0]
    assert "You are 1st of 1 here, 1st of 1 in your team." in people.text
    await harness.restart(fresh())
    await harness.press("ada", people, people.control("Teams").token)
    teams = await newest(harness, "ada")
    assert (teams.id, teams.title) == (people.id, "Teams, this week")
    assert "Foxes · 5.0 per member (15 points, 1 active) — your team" in teams.text
    assert await harness.see("alan") == []
    await harness.press("ada", teams, teams.control("Show in channel").token)
    shown = await newest(harness, "alan")
    assert (shown.private, shown.title, len(shown.alts)) == (False, "Teams, this week", 1)
    assert "your team" not in shown.text


async def test_a_correction_is_made_in_private_and_shows_its_reason(harness: Harness, fresh: Fresh) -> None:
    await earn(harness, "ada")
    await harness.type("ada", f"/points show {mention(harness, 'ada')}")
    assert "Only moderators can do this." in (await newest(harness, "ada")).text
    await harness.type("grace", f"/points show {mention(harness, 'ada')}")
    account = await newest(harness, "grace")
    assert "Ada has 15 points here in all." in account.text
    await harness.restart(fresh())
    select = account.control("Take points back")
    await harness.press("grace", account, select.token, select.values[:1])
    form = harness.form("grace")
    assert form is not None
    await harness.submit("grace", form, {"why": "the key was wrong"})
    assert "taken back by Grace: the key was wrong" in (await newest(harness, "grace")).text
    await harness.type("ada", "/progress show:points")
    assert "−15 taken back by Grace: the key was wrong" in (await newest(harness, "ada")).text
    assert await harness.see("alan") == []


async def test_the_summary_of_a_week_is_posted_once_and_leads_to_ones_own_place(
    harness: Harness, living: Living, fresh: Fresh
) -> None:
    await harness.type("grace", "/weekly post:yes")
    await earn(harness, "ada")
    await living.until(MONDAY, harness)
    await harness.restart(fresh())
    await living.until(MONDAY + timedelta(minutes=1), harness)
    [post] = await harness.see("alan")
    assert (post.private, post.title, len(post.alts)) == (False, "The week of 23 November 2026", 1)
    assert "1. Ada · 15 points" in post.text
    await harness.press("alan", post, post.control("My place this week").token)
    place = await newest(harness, "alan")
    assert (place.private, place.title) == (True, "Leaderboard, this week")
    assert [message for message in await harness.see("ada") if message.title == place.title] == []
