"""A question of the day in a real browser: set up, posted, answered by two, revealed with how all answered."""

from __future__ import annotations

from datetime import timedelta

from playwright.async_api import Browser, Locator, Page, expect

from bot.bootstrap import make_errander
from bot.wiring import Warmup
from questions.model import OneBest
from tests.e2e.test_page import asked, browser, opened, pytestmark, shot, typed
from tests.support.world import StillClock

__all__ = ["browser", "pytestmark"]

MORNING, SOON = timedelta(hours=21), timedelta(seconds=5)
"""From noon on Monday to nine on Tuesday, and until a post shows who answered."""


async def live(warmup: Warmup, time: timedelta) -> None:
    """Let time go by, and do what is due then."""
    assert isinstance(warmup.clock, StillClock)
    warmup.clock.at += time
    await make_errander(warmup).settle()


async def posted(page: Page) -> Locator:
    """Return the post of the question of the day."""
    post = page.get_by_test_id("message").filter(has_text="Question of the day").last
    await expect(post).to_be_visible()
    number = await post.get_attribute("data-message-id")
    return page.locator(f'[data-message-id="{number}"]')


async def test_a_question_of_the_day_from_set_up_to_reveal(warmup: Warmup, address: str, browser: Browser) -> None:
    queued = next(question.id for question in warmup.bank.questions if isinstance(question, OneBest))
    async with opened(browser, address, "grace") as grace:
        card = await typed(grace, "/daily setup time:09:00 zone:UTC days:daily")
        await expect(card).to_contain_text("Set up.")
        await shot(grace, "daily-card")
        await typed(grace, f"/daily queue id:{queued}")
    async with opened(browser, address, "ada") as ada, opened(browser, address, "alan") as alan:
        await live(warmup, MORNING)
        for page in (ada, alan):
            post = await posted(page)
            question = await asked(warmup, post)
            assert question.id == queued
            await post.get_by_role("button", name="A", exact=True).click()
            sealed = page.get_by_test_id("message").last
            await expect(sealed).to_contain_text("Sealed until it closes")
            await expect(sealed).to_have_attribute("data-private", "true")
        await live(warmup, SOON)
        await expect(await posted(ada)).to_contain_text("2: Ada, Alan")
        await shot(ada, "daily-open")
        await live(warmup, timedelta(days=1))
        result = ada.get_by_test_id("message").filter(has_text="The answer").last
        await expect(result).to_contain_text(question.explanation[:30])
        await expect(result.get_by_role("img", name="2 answers")).to_be_visible()
        await expect(await posted(ada)).to_be_visible()
        await shot(ada, "daily-result")
