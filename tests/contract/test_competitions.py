"""A competition on every platform: made by typing, entered on its card, told of and ended for everybody, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.dispatch import Dispatcher
from bot.refs import Actor
from tests.contract.harness import Harness, Seen
from tests.contract.living import Living

Fresh = Callable[[], Dispatcher[Any]]

CREATE = '/compete create name:"Winter Cup" start:"2026-11-24 09:00" end:2d'
START = datetime(2026, 11, 24, 9, tzinfo=UTC)
END = START + timedelta(days=2)


async def teams(harness: Harness, living: Living, **members: str) -> None:
    """Make teams of one, each by its captain."""
    workspace = harness.channel.workspace
    async with living.storage.transaction() as work:
        for name, who in members.items():
            person = await work.people.enter(Actor(harness.user(who), who.capitalize()), living.clock.now())
            number = await work.teams.add(
                workspace=workspace,
                name=name,
                folded=name,
                emoji="",
                captain=person.id,
                open=True,
                now=living.clock.now(),
            )
            assert number is not None
            team = await work.teams.get(number)
            assert team is not None
            await work.teams.join(team, person.id, living.clock.now())


async def titled(harness: Harness, who: str, title: str) -> Seen:
    """Return the only message of a title that a person sees."""
    [found] = [message for message in await harness.see(who) if message.title == title]
    return found


async def answer(harness: Harness, who: str) -> None:
    """Take the question whose answer is a number, and answer it right."""
    await harness.type(who, "/practice kind:number")
    asked = (await harness.see(who))[-1]
    await harness.press(who, asked, asked.control("Answer").token)
    form = harness.form(who)
    assert form is not None
    await harness.submit(who, form, {"answer": "1960"})


async def test_only_moderators_make_one(harness: Harness) -> None:
    await harness.type("ada", CREATE)
    assert await harness.see("alan") == []
    assert "Only moderators can do this." in (await harness.see("ada"))[-1].text


async def test_a_competition_from_its_card_to_its_final_standings(
    harness: Harness, living: Living, fresh: Fresh
) -> None:
    living.connect(harness)
    await teams(harness, living, foxes="ada", owls="alan")
    await harness.type("grace", CREATE)
    card = await titled(harness, "ada", "Winter Cup")
    assert not card.private
    await harness.press("ada", card, card.control("Join").token)
    await harness.restart(fresh())
    await harness.press("alan", card, card.control("Join").token)
    entered = await titled(harness, "grace", "Winter Cup")
    assert (entered.id, "foxes" in entered.text, "owls" in entered.text) == (card.id, True, True)
    await living.until(START, harness)
    await living.until(START + timedelta(minutes=1), harness)
    started = await titled(harness, "alan", "Winter Cup has started")
    await answer(harness, "ada")
    before = await harness.see("alan")
    await harness.press("ada", started, started.control("How it stands").token)
    status = await titled(harness, "ada", "Winter Cup: how it stands")
    assert (status.private, len(status.alts), await harness.see("alan")) == (True, 1, before)
    assert "Your team is 1st of 2. You have earned it 15 points." in status.text
    await harness.restart(fresh())
    await living.until(END, harness)
    await living.until(END + timedelta(minutes=1), harness)
    end = await titled(harness, "alan", "Winter Cup: final standings")
    assert "foxes won with a score of 5." in end.text
    assert len(end.alts) == 1
    await harness.press("alan", end, end.control("All results").token)
    results = await titled(harness, "alan", "Winter Cup: results")
    assert (results.private, "your team" in results.text) == (True, True)
    assert "results" not in str([message.title for message in await harness.see("ada")])
    await harness.type("ada", "/compete list")
    listed = await titled(harness, "ada", "Competitions")
    assert "Winter Cup · ended" in listed.text


async def test_a_moderator_ends_one_at_once(harness: Harness, living: Living) -> None:
    living.connect(harness)
    await teams(harness, living, foxes="ada", owls="alan")
    await harness.type("grace", '/compete create name:"Winter Cup" start:now end:2d')
    await living.until(living.clock.now(), harness)
    await harness.type("grace", "/compete end")
    confirm = await titled(harness, "grace", "End Winter Cup now?")
    assert confirm.private
    await harness.press("grace", confirm, confirm.control("End it now").token)
    await living.until(living.clock.now() + timedelta(minutes=1), harness)
    end = await titled(harness, "ada", "Winter Cup: final standings")
    assert "Nobody earned points, so nobody won." in end.text
