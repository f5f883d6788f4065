"""A competition in a real browser: six people in two teams, a live round, and how it all ends."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

from playwright.async_api import Browser, Locator, Page, expect

from bot.bootstrap import make_errander
from bot.markup import plain
from bot.wiring import Warmup
from questions.model import OneBest
from tests.e2e.test_page import asked, browser, letter_of, opened, pytestmark, shot, typed
from tests.support.world import StillClock

__all__ = ["browser", "pytestmark"]

FOXES, OWLS = ("ada", "alan", "emmy"), ("katherine", "grace", "kurt")
RIGHT = frozenset({"ada", "alan", "emmy", "katherine"})
SECOND = timedelta(seconds=1)


@asynccontextmanager
async def everybody(browser: Browser, address: str) -> AsyncIterator[Mapping[str, Page]]:
    """Open a page for each of the six."""
    async with AsyncExitStack() as pages:
        yield {who: await pages.enter_async_context(opened(browser, address, who)) for who in (*FOXES, *OWLS)}


async def live(warmup: Warmup, seconds: int) -> None:
    """Let seconds go by, and do what is due in each."""
    assert isinstance(warmup.clock, StillClock)
    for _ in range(seconds):
        warmup.clock.at += SECOND
        await make_errander(warmup).settle()


async def live_until(warmup: Warmup, page: Page, title: str) -> Locator:
    """Let seconds go by until a message with a title has come; an act just before may still be under way."""
    found = page.get_by_test_id("message").filter(has=page.get_by_role("heading", name=_named(title)))
    for _ in range(60):
        await live(warmup, 1)
        if await found.count():
            break
        await asyncio.sleep(0.1)
    return await titled(page, title)


async def titled(page: Page, title: str) -> Locator:
    """Return the newest message whose title begins like that; it stays the same one."""
    found = page.get_by_test_id("message").filter(has=page.get_by_role("heading", name=_named(title))).last
    await expect(found).to_be_visible()
    number = await found.get_attribute("data-message-id")
    return page.locator(f'[data-message-id="{number}"]')


def _named(title: str) -> re.Pattern[str]:
    """Return the name of a heading: a word for the message's tone may stand before its title."""
    return re.compile(f"^((Question|Done): )?{re.escape(title)}")


async def press(message: Locator, label: str) -> None:
    await message.get_by_role("button", name=label, exact=True).click()


async def gather(pages: Mapping[str, Page], people: Sequence[str], team: str, emoji: str) -> None:
    """Let the first of some people make a team, and the others join it."""
    captain, *others = people
    await expect(await typed(pages[captain], f"/team create name:{team} emoji:{emoji}")).to_contain_text(team)
    for who in others:
        await expect(await typed(pages[who], f"/team join {team}")).to_contain_text(team)


async def answer_all(warmup: Warmup, pages: Mapping[str, Page], title: str) -> None:
    """Let everybody answer the question that is open; nobody sees what anybody else chose."""
    for who, page in pages.items():
        message = await titled(page, title)
        question = await asked(warmup, message)
        assert isinstance(question, OneBest)
        options = {option.right: await letter_of(message, plain(option.text)) for option in question.options}
        await press(message, options[who in RIGHT])
        told = page.get_by_test_id("message").last
        await expect(told).to_contain_text("Your answer is in.")
        await expect(told).to_have_attribute("data-private", "true")
        if who == "katherine":
            await live(warmup, 3)
            await expect(message).to_contain_text("4: Ada, Alan, Emmy, Katherine")
            await message.scroll_into_view_if_needed()
            await shot(page, f"cup-{title.split(' of ', maxsplit=1)[0].lower().replace(' ', '-')}")


async def enter(warmup: Warmup, pages: Mapping[str, Page]) -> None:
    """Make two teams, and a competition that both enter and that starts."""
    grace = pages["grace"]
    await gather(pages, FOXES, "Foxes", "🦊")
    await gather(pages, OWLS, "Owls", "🦉")
    await shot(pages["ada"], "cup-team")
    card = await typed(grace, '/compete create name:"Autumn Cup" start:1h end:1d')
    for captain in ("ada", "katherine"):
        await press(await titled(pages[captain], "Autumn Cup"), "Join")
    await expect(card).to_contain_text("🦊 Foxes")
    await expect(card).to_contain_text("🦉 Owls")
    await shot(grace, "cup-card")
    await press(card, "Start now")
    await live_until(warmup, grace, "Autumn Cup has started")


async def play(warmup: Warmup, pages: Mapping[str, Page]) -> None:
    """Play a round of three questions, from its lobby to its podium."""
    ada, kurt = pages["ada"], pages["kurt"]
    await typed(ada, "/quiz start topic:cnn questions:3 seconds:60 mode:teams")
    await live_until(warmup, ada, "Live round")
    for page in pages.values():
        await press(await titled(page, "Live round"), "Join")
    await live(warmup, 3)
    await expect(await titled(ada, "Live round")).to_contain_text("Katherine")
    await shot(ada, "cup-lobby")
    await press(await titled(ada, "Live round"), "Start now")
    for number in (1, 2, 3):
        await live_until(warmup, ada, f"Question {number} of 3")
        await answer_all(warmup, pages, f"Question {number} of 3")
        result = await live_until(warmup, kurt, f"The answer to question {number}")
        await expect(result.get_by_role("img", name="6 answers")).to_be_visible()
        await expect(result).to_contain_text("Right: 4 of 6")
        await result.scroll_into_view_if_needed()
        await shot(kurt, f"cup-result-{number}")
    end = await live_until(warmup, kurt, "The round is over")
    await expect(end).to_contain_text("🦊 Foxes")
    await end.scroll_into_view_if_needed()
    await shot(kurt, "cup-podium")
    await press(end, "My answers")
    mine = await titled(kurt, "Your round: ")
    await expect(mine).to_have_attribute("data-private", "true")
    await shot(kurt, "cup-my-answers")
    await press(mine, "Practise my misses")
    await expect(kurt.get_by_test_id("message").last).to_contain_text("Choose one.")
    await shot(kurt, "cup-practise")


async def test_two_teams_of_three_compete_in_a_live_round(
    choice_warmup: Warmup, choice_address: str, browser: Browser
) -> None:
    warmup = choice_warmup
    for name in ("Emmy", "Kurt"):
        await warmup.transcript.add_member(name.casefold(), name, moderator=False)
    async with everybody(browser, choice_address) as pages:
        ada, grace = pages["ada"], pages["grace"]
        await enter(warmup, pages)
        await play(warmup, pages)
        status = await typed(ada, "/compete status")
        await expect(status.get_by_role("img")).to_be_visible()
        await shot(ada, "cup-status")
        await press(await typed(grace, "/compete end"), "End it now")
        final = await live_until(warmup, ada, "Autumn Cup: final standings")
        await expect(final).to_contain_text("🦊 Foxes")
        await final.scroll_into_view_if_needed()
        await shot(ada, "cup-final")
        board = await typed(ada, "/leaderboard who:teams")
        await expect(board.get_by_role("img")).to_be_visible()
        await expect(board).to_contain_text("your team")
        await shot(ada, "cup-teams")
        katherine = pages["katherine"]
        await expect(await typed(katherine, "/leaderboard")).to_contain_text(
            "You are 1st of 4 here, 1st of 1 in your team."
        )
        await shot(katherine, "cup-people")
