"""A competition from its making to its results, on both databases; every act comes after a restart."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.commands import Answer
from bot.competing import CompetitionState
from bot.message import Tone
from tests.support.contest_room import ADA, BOB, DAN, END, EVE, START, WORTH, ContestRoom, field
from tests.support.daily_room import GRACE, button
from tests.support.databases import KINDS, open_database
from tests.support.responder import Responded
from tests.support.room import refusal_of, token_of
from tests.support.rows import differences
from tests.support.world import someone

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(params=KINDS)
async def room(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[ContestRoom]:
    async with open_database(request.param, tmp_path) as storage:
        yield ContestRoom(storage)


async def test_a_competition_from_its_making_to_its_results(room: ContestRoom) -> None:
    await room.team("Foxes", ADA, BOB, emoji="🦊")
    await room.team("Owls", EVE, DAN)
    made = await room.typed(GRACE, "compete create", '"Winter Cup" "2026-11-24 09:00" 10d')
    assert isinstance(made, Responded)
    card = made.message
    assert (card.title, made.answer, card.footer) == ("Winter Cup", Answer.PUBLIC, "Competition `1` · open")
    assert field(card, "Teams that compete: 0") == "Nobody yet."
    assert field(card, "What counts") == "the question of the day, live quizzes and practice; all topics"
    for captain in (ADA, EVE):
        card = await room.press(captain, token_of(card, "Join"))
    assert (field(card, "Teams that compete: 2"), card.text[:19]) == (
        "🦊 Foxes (2)\nOwls (2)",
        "**Owls** competes.\n",
    )
    await room.answer(ADA)  # before the start nothing counts
    room.clock.at = START
    await room.work()
    assert room.titles == ["Winter Cup has started"]
    assert field(room.contests[0].message, "Teams") == "🦊 Foxes (2)\nOwls (2)"
    await room.answer(ADA, times=3)
    await room.answer(EVE, times=2)
    await room.answer(DAN, times=2)
    await room.answer(BOB, right=False)
    status = await room.command(ADA, "compete status")
    assert status.title == "Winter Cup: how it stands"
    assert status.text.splitlines()[:4] == [
        "**1.** Owls · **20** (60 points, 2 of 2 active)",
        "**2.** 🦊 Foxes · **15** (45 points, 1 of 2 active) — **your team**",
        "",
        "Your team is 2nd of 2. You have earned it 45 points.",
    ]
    assert "10 days left." in status.text
    [picture] = status.images
    assert picture.alt == "From 24 Nov to 04 Dec: Owls 0, 20; 🦊 Foxes 0, 15."
    room.clock.at = START + 5 * DAY
    await room.work()
    await room.answer(BOB, times=4)
    room.clock.at = END
    await room.answer(BOB)  # a moment too late
    await room.work()
    await _expect_results(room)
    assert await differences(room.storage) == []


async def _expect_results(room: ContestRoom) -> None:
    assert room.titles[1:] == ["Winter Cup: half of it is over", "Winter Cup: final standings"]
    end = room.contests[2].message
    assert end.tone is Tone.GOOD
    assert end.text.splitlines()[:8] == [
        "**🦊 Foxes** won with a score of 35.",
        "",
        "**1.** 🦊 Foxes · **35** (105 points, 2 of 2 active)",
        "**2.** Owls · **20** (60 points, 2 of 2 active)",
        "",
        "**Points of each member**",
        "**🦊 Foxes:** Bob 60, Ada 45",
        "**Owls:** Eve 30, Dan 30",
    ]
    assert end.images[0].alt.endswith("Owls " + ", ".join(["0"] + ["20"] * 40) + ".")
    results = await room.press(EVE, button(end, "All results"))
    assert results.text.splitlines()[:4] == [
        "**🦊 Foxes** won with a score of 35.",
        "",
        "**1.** 🦊 Foxes · **35** (105 points, 2 of 2 active)",
        "**2.** Owls · **20** (60 points, 2 of 2 active) — **your team**",
    ]
    assert results == await room.command(EVE, "compete results")
    assert results == await room.command(EVE, "compete status", "competition:1")
    assert await room.state() is CompetitionState.ENDED


async def test_between_people_everybody_enters_themselves(room: ContestRoom) -> None:
    card = await room.command(GRACE, "compete create", 'name:Sprint start:1h end:"90 min" between:people')
    for who in (ADA, BOB, EVE):
        card = await room.press(who, token_of(card, "Join"))
    card = await room.press(EVE, token_of(card, "Leave"))
    assert field(card, "People that compete: 2") == "Ada\nBob"
    assert "Ada" not in card.text
    room.clock.pass_time(hours=1)
    await room.work()
    await room.answer(ADA)
    await room.answer(EVE)
    assert (await room.command(ADA, "compete status")).text.splitlines()[:4] == [
        "**1.** Ada · 15 points — **you**",
        "**2.** Bob · 0 points",
        "",
        "You are 1st of 2, with 15 points.",
    ]
    assert "You are not on its roster" in (await room.command(EVE, "compete status")).text
    assert "roster" not in (await room.command(someone("Zed"), "compete status")).text
    room.clock.pass_time(minutes=90)
    await room.work()
    assert room.contests[-1].message.text.startswith("**Ada** won with 15 points.\n\n**1.** Ada")


async def test_one_that_starts_at_once_has_all_teams_in_it(room: ContestRoom) -> None:
    await room.team("Foxes", ADA, BOB)
    refused = refusal_of(await room.typed(GRACE, "compete create", "Cup now 7d"))
    assert refused.startswith("There are fewer than two teams here. Make teams")
    await room.team("Owls", EVE)
    refused = refusal_of(await room.typed(GRACE, "compete create", "Cup now 7d between:people"))
    assert refused.startswith("People enter it themselves")
    card = await room.command(GRACE, "compete create", "Cup now 7d")
    assert card.footer == "Competition `1` · running"
    await room.answer(ADA)
    await room.work()
    assert (room.titles, await room.scores()) == (["Cup has started"], {"Ada": WORTH, "Bob": 0, "Eve": 0})


async def test_a_moderator_starts_and_ends_one_at_once(room: ContestRoom) -> None:
    await room.team("Foxes", ADA, BOB)
    await room.team("Owls", EVE)
    card = await room.command(GRACE, "compete create", '"Winter Cup" 2d 4d')
    refused = refusal_of(await room.typed(GRACE, "compete start"))
    assert refused == "Fewer than two compete so far. It needs two that have entered with `/compete join`."
    await room.command(GRACE, "compete join", "team:FOXES")
    await room.press(EVE, token_of(card, "Join"))
    started = await room.press(GRACE, token_of(card, "Start now"))
    assert (started.footer, started.text[:19]) == ("Competition `1` · running", "**It has started.**")
    await room.work()
    await room.answer(ADA)
    room.clock.pass_time(hours=36)
    confirm = await room.command(GRACE, "compete end")
    assert confirm.title == "End Winter Cup now?"
    said = await room.press(GRACE, token_of(confirm, "End it now"))
    assert said.text == "Winter Cup ends now. The final standings are on their way."
    await room.answer(ADA)
    await room.work()
    assert room.titles == ["Winter Cup has started", "Winter Cup: final standings"]
    assert await room.scores() == {"Ada": WORTH, "Bob": 0, "Eve": 0}
    [picture] = room.contests[-1].message.images
    assert picture.alt.startswith("From 12:00 UTC to 00:00 UTC: Foxes 0, 5, 5")
    again = refusal_of(await room.pressed(GRACE, token_of(confirm, "End it now")))
    assert again.startswith("Winter Cup is over.")


async def test_one_with_fewer_than_two_teams_does_not_take_place(room: ContestRoom) -> None:
    await room.team("Foxes", ADA, BOB)
    owls = await room.team("Owls", EVE)
    await room.create()
    for captain in (ADA, EVE):
        await room.command(captain, "compete join")
    await room.disband(owls)
    assert [one.name for one in await room.entrants()] == ["Foxes"]
    room.clock.at = START
    await room.answer(ADA)  # whoever earns points comes before the errand
    await room.work()
    assert (await room.state(), room.titles) == (CompetitionState.CANCELLED, ["Winter Cup does not take place"])
    assert room.contests[0].message.text.startswith("Fewer than two teams had entered.")
    assert await room.rows_of() == []
    await room.live_until(END + DAY, DAY)
    assert len(room.contests) == 1


async def test_a_moderator_cancels_one_and_the_channel_is_told(room: ContestRoom) -> None:
    await room.team("Foxes", ADA, BOB)
    card = await room.command(GRACE, "compete create", '"Winter Cup" 2d 4d')
    confirm = await room.press(GRACE, token_of(card, "Cancel"))
    assert confirm.title == "Cancel Winter Cup?"
    kept = await room.press(GRACE, token_of(confirm, "Keep it"))
    assert kept.footer == "Competition `1` · open"
    said = await room.press(GRACE, token_of(confirm, "Cancel it"))
    assert said.text == "Winter Cup is cancelled. Its channel is told."
    await room.work()
    assert room.titles == ["Winter Cup does not take place"]
    assert room.contests[0].message.text.startswith("A moderator cancelled it.")
    assert refusal_of(await room.pressed(ADA, token_of(card, "Join"))).startswith("Winter Cup was cancelled.")
    assert refusal_of(await room.pressed(GRACE, token_of(confirm, "Cancel it"))).startswith("Winter Cup was cancelled.")


async def test_what_moderators_correct_after_the_end_is_told_in_the_results(room: ContestRoom) -> None:
    await room.under_way()
    await room.answer(ADA, times=2)
    await room.answer(EVE)
    room.clock.at = END
    await room.work()
    assert "Corrected" not in (await room.command(ADA, "compete results")).text
    room.clock.pass_time(hours=1)
    await room.void_latest(ADA, "shared *the* key")
    results = await room.command(EVE, "compete results")
    assert results.text.startswith("**🦊 Foxes** and **Owls** won together, each with a score of 5.")
    corrected = [line for line in results.text.splitlines() if "Grace" in line]
    assert corrected == ["[2026-12-04 10:00 UTC](time:1796378400) Grace took 15 points from Ada: shared \\*the\\* key"]
    assert await differences(room.storage) == []


async def test_hidden_people_count_without_being_named(room: ContestRoom) -> None:
    await room.under_way()
    await room.command(BOB, "settings", "hidden:yes")
    await room.answer(BOB, times=2)
    await room.answer(ADA)
    room.clock.at = END
    await room.work()
    end = room.contests[-1].message
    assert "**🦊 Foxes:** Ada 15, others 30" in end.text
    assert "Bob" not in f"{end}{await room.command(ADA, 'compete results')}"
    assert "You have earned it 30 points." not in end.text


async def test_a_hidden_person_competes_without_being_named_but_to_themselves(room: ContestRoom) -> None:
    card = await room.command(GRACE, "compete create", 'name:Sprint start:1h end:"90 min" between:people')
    await room.command(ADA, "settings", "hidden:yes")
    for who in (ADA, BOB):
        card = await room.press(who, token_of(card, "Join"))
    assert field(card, "People that compete: 2") == "Bob\nsomebody who is hidden"
    room.clock.pass_time(hours=1)
    await room.work()
    await room.answer(ADA)
    assert "**1.** Ada · 15 points — **you**" in (await room.command(ADA, "compete status")).text
    assert "**1.** somebody who is hidden · 15 points\n" in (await room.command(BOB, "compete status")).text
    room.clock.pass_time(minutes=90)
    await room.work()
    assert room.contests[-1].message.text.startswith("**somebody who is hidden** won with 15 points.")
    assert "Ada" not in str([notice.message for notice in room.contests])


async def test_only_what_counts_counts(room: ContestRoom) -> None:
    await room.team("Foxes", ADA)
    await room.team("Owls", EVE)
    for what in ("topics:cnn", "levels:hard", "counts:daily", "topics:mlp levels:medium"):
        await room.command(GRACE, "compete create", f"Cup now 7d {what}")
    await room.answer(ADA)
    assert [(await room.scores(number))["Ada"] for number in (1, 2, 3, 4)] == [0, 0, 0, WORTH]
    await room.set_up("time:12:00 zone:UTC days:daily closes:24")
    await room.live_until(START + 4 * HOUR, 4 * HOUR)
    await room.choose_false(EVE)
    await room.live_until(START + 2 * DAY, 6 * HOUR)
    assert [(await room.scores(number))["Eve"] for number in (1, 2, 3, 4)] == [0, 0, WORTH, WORTH]


async def test_the_list_opens_each_as_it_is(room: ContestRoom) -> None:
    assert (await room.command(ADA, "compete list")).text.startswith("There is none here.")
    await room.under_way()
    await room.create('"Next <@1>" 1d 2d')
    listed = await room.command(ADA, "compete list")
    assert listed.text.splitlines() == [
        "**1** · Winter Cup · running until [2026-12-04 09:00 UTC](time:1796374800) · 2 teams",
        "**2** · Next \\<\\@1\\> · open, starts [2026-11-25 09:00 UTC](time:1795597200) · 0 teams",
    ]
    token = token_of(listed, "Open one")
    assert (await room.press(ADA, token, "1")).title == "Winter Cup: how it stands"
    assert (await room.press(ADA, token, "2")).title == "Next <@1>"
    several = refusal_of(await room.typed(GRACE, "compete status", "competition:77"))
    assert several == "There is no competition 77 here. `/compete list` shows those that there are."


async def test_another_workspace_sees_nothing_of_it(room: ContestRoom) -> None:
    number = await room.under_way()
    elsewhere = type(room)(room.rows)
    elsewhere.clock = room.clock
    elsewhere.at(type(room.channel)(type(room.channel.workspace)("test", "other"), "study"))
    for command in ("start", "end", "status", "results", "join"):
        refused = refusal_of(await elsewhere.typed(GRACE, f"compete {command}", f"competition:{number}"))
        assert refused.startswith(f"There is no competition {number} here.")
    assert (await elsewhere.command(GRACE, "compete list")).text.startswith("There is none here.")
