"""The page in a real browser, used as people use it; screenshots are kept under artifacts/."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from bot.markup import plain
from bot.wiring import Warmup
from questions.model import Numeric, OneBest, TrueFalse

CHROMIUM = os.environ.get("TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
SHOTS = Path(__file__).parents[2] / "artifacts" / "screenshots"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None, reason="no Chromium here; install it (Debian: apt-get install chromium) to run this"
    ),
]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield running
        await running.close()


@asynccontextmanager
async def opened(
    browser: Browser, address: str, who: str, *, width: int = 1100, scheme: str = "light"
) -> AsyncIterator[Page]:
    """Open the page as a person; anything the page's scripts complain of fails the test."""
    complaints: list[str] = []
    context = await browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
        timezone_id="Europe/Berlin",
    )
    page = await context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    await page.goto(f"{address}/?as={who}")
    await expect(page.get_by_test_id("connection")).to_have_text("Connected")
    yield page
    await context.close()
    assert complaints == []


async def typed(page: Page, text: str) -> Locator:
    """Send something and return the newest message when one has come."""
    count = await page.get_by_test_id("message").count()
    await page.get_by_test_id("composer-input").fill(text)
    await page.get_by_test_id("send").click()
    await expect(page.get_by_test_id("message")).to_have_count(count + 1)
    return await newest(page)


async def newest(page: Page) -> Locator:
    """Return the newest message, which stays the same one when newer ones come."""
    number = await page.get_by_test_id("message").last.get_attribute("data-message-id")
    return page.locator(f'[data-message-id="{number}"]')


async def shot(page: Page, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=SHOTS / f"{name}.png")


async def asked(warmup: Warmup, message: Locator) -> OneBest | TrueFalse | Numeric:
    """Return the question that a message asks, by the id it shows."""
    words = await message.inner_text()
    question = next(question for name, question in warmup.bank.by_id.items() if name in words.split())
    assert isinstance(question, OneBest | TrueFalse | Numeric)
    return question


async def test_three_questions_of_different_kinds(warmup: Warmup, address: str, browser: Browser) -> None:
    async with opened(browser, address, "ada") as page:
        message = await typed(page, "/practice kind:one")
        question = await asked(warmup, message)
        assert isinstance(question, OneBest)
        await shot(page, "question")
        key = next(option for option in question.options if option.right)
        letter = await letter_of(message, plain(key.text))
        await message.get_by_role("button", name=letter, exact=True).click()
        await expect(message).to_have_attribute("data-tone", "good")
        await expect(message).to_contain_text("Right")
        await shot(page, "right")

        await message.get_by_role("button", name="Next", exact=True).click()
        await expect(page.get_by_test_id("message")).to_have_count(2)

        message = await typed(page, "/practice kind:truth")
        question = await asked(warmup, message)
        assert isinstance(question, TrueFalse)
        await message.get_by_role("button", name="False" if question.answer else "True", exact=True).click()
        await expect(message).to_have_attribute("data-tone", "bad")
        await expect(message).to_contain_text(plain(question.why)[:40])
        await shot(page, "wrong")

        message = await typed(page, "/practice kind:number")
        question = await asked(warmup, message)
        assert isinstance(question, Numeric)
        await message.get_by_role("button", name="Answer", exact=True).click()
        dialog = page.get_by_test_id("dialog")
        await dialog.get_by_role("textbox").fill("about a dozen")
        await shot(page, "form")
        await dialog.get_by_role("button", name="Answer", exact=True).click()
        await expect(page.get_by_test_id("message").last).to_contain_text("could not read that as a number")
        await message.get_by_role("button", name="Answer", exact=True).click()
        await dialog.get_by_role("textbox").fill(question.value)
        await dialog.get_by_role("button", name="Answer", exact=True).click()
        await expect(message).to_have_attribute("data-tone", "good")


async def letter_of(message: Locator, option: str) -> str:
    for line in (await message.inner_text()).split("\n"):
        if line[1:2] == "." and line[2:].strip() == option:
            return line[0]
    lines = (await message.inner_text()).split("\n")
    return next(lines[place - 1][0] for place, line in enumerate(lines) if line.strip() == option)


async def test_two_people_on_one_board_and_private_messages_stay_private(
    warmup: Warmup, address: str, browser: Browser
) -> None:
    async with opened(browser, address, "ada") as ada, opened(browser, address, "alan") as alan:
        message = await typed(ada, "/practice kind:number")
        question = await asked(warmup, message)
        assert isinstance(question, Numeric)
        await message.get_by_role("button", name="Answer", exact=True).click()
        await ada.get_by_test_id("dialog").get_by_role("textbox").fill(question.value)
        await ada.keyboard.press("Enter")
        await expect(message).to_have_attribute("data-tone", "good")
        await expect(ada.get_by_test_id("dialog")).to_have_count(0)
        board = await typed(ada, "/leaderboard")
        await expect(board).to_contain_text("you")
        await expect(alan.get_by_test_id("message")).to_have_count(0)

        board = await typed(alan, "/leaderboard")
        await expect(board).to_contain_text("Ada")
        await expect(board).not_to_contain_text("You are")
        await shot(alan, "leaderboard")
        await board.get_by_role("button", name="Show in channel").click()
        await expect(ada.get_by_test_id("message").last).to_have_attribute("data-private", "false")
        await expect(ada.get_by_test_id("message").last).to_contain_text("Leaderboard")


async def test_everything_by_keyboard(address: str, browser: Browser) -> None:
    async with opened(browser, address, "ada") as page:
        box = page.get_by_test_id("composer-input")
        await box.focus()
        await page.keyboard.type("/pra")
        completion = page.get_by_test_id("completion")
        await expect(completion).to_contain_text("practice")
        await page.keyboard.press("Tab")
        await page.keyboard.type("level:e")
        await expect(completion).to_contain_text("easy")
        await shot(page, "completion")
        await page.keyboard.press("Tab")
        await page.keyboard.type("kind:truth")
        await page.keyboard.press("Escape")
        await page.keyboard.press("Enter")
        await expect(page.get_by_test_id("message")).to_have_count(1)
        message = await newest(page)
        await expect(message).to_have_attribute("data-tone", "question")
        await message.get_by_role("button", name="True", exact=True).focus()
        await page.keyboard.press("Enter")
        await expect(message.get_by_role("button", name="Next")).to_be_visible()


async def test_switching_person_adding_one_and_another_channel(address: str, browser: Browser) -> None:
    async with opened(browser, address, "ada") as page:
        await typed(page, "/progress")
        await page.get_by_test_id("person-picker").select_option("alan")
        await expect(page.get_by_test_id("connection")).to_have_text("Connected")
        await expect(page.get_by_test_id("message")).to_have_count(0)
        await page.get_by_test_id("channel-lounge").click()
        await typed(page, "hello from the lounge")
        await page.get_by_test_id("channel-study").click()
        await expect(page.get_by_test_id("message")).to_have_count(0)


async def test_a_phone_in_the_dark(address: str, browser: Browser) -> None:
    async with opened(browser, address, "ada", width=390, scheme="dark") as page:
        message = await typed(page, "/practice topic:cn kind:one")
        await message.get_by_role("button", name="A", exact=True).click()
        await expect(message.get_by_role("button", name="Next")).to_be_visible()
        await shot(page, "phone-dark")
        sideways = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert sideways is False
