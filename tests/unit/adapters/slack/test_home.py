"""Warmup's own features where there is no message: on the Home tab, and in the modals that it and the shortcut open."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from adapters.slack.app import SlackApp
from bot.dispatch import Dispatcher
from bot.features.routes import all_routes
from bot.features.services import make_services
from bot.posting import Posting
from bot.practice.calendar import Calendar
from bot.practice.service import Rules
from bot.refs import ChannelRef, WorkspaceRef
from questions.bank import Bank
from tests.support import items, rows
from tests.support.slack.state import StoredView, User
from tests.support.world import UTC_ZONE
from tests.unit.adapters.slack.conftest import Loopback

CHOICE = items.bank_of(items.one(id="cn-one"), items.one(id="cn-two"))
NUMBER = items.bank_of(items.number(id="ml-number"))
BEGIN = "Nothing answered yet. Press Practise for a first question, or type `/practice`."
SEVERAL = items.bank_of(items.many(id="rg-many"))


async def start(loopback: Loopback, bank: Bank = CHOICE, prefix: str = "") -> SlackApp:
    """Let Warmup listen with a bank of its own."""
    rules = Rules(Calendar(UTC_ZONE), 200)
    clock, storage = loopback.clock, loopback.storage
    services = make_services(storage, bank, clock, random.Random(7), rules, Posting())
    return await loopback.start(dispatcher=Dispatcher(all_routes(bank), services, lambda: "0badf00d"), prefix=prefix)


async def home(loopback: Loopback, user: User | None = None) -> StoredView:
    await loopback.done(await loopback.slack.open_home(user or loopback.ada))
    view = loopback.slack.home_of(user or loopback.ada)
    assert view is not None
    return view


def named(view: StoredView, name: str) -> str:
    """Return what the first control of a name sends."""
    ids = [str(part["action_id"]) for block in view.blocks for part in block.get("elements", ()) if "action_id" in part]
    return next(id_ for id_ in ids if id_.startswith(f"{name}."))


async def press(loopback: Loopback, view: StoredView, name: str) -> StoredView:
    """Let Ada press something, and return what she has before her then."""
    await loopback.done(await loopback.slack.press_modal(loopback.ada, view, named(view, name)))
    shown = loopback.slack.modal_of(loopback.ada)
    assert shown is not None
    return shown


def words(view: StoredView) -> str:
    return "\n".join(view.texts)


async def test_the_home_tab_begins_with_a_way_to_begin(loopback: Loopback) -> None:
    await start(loopback)
    view = await home(loopback)
    assert view.view["type"] == "home"
    assert view.texts[:2] == ["Your progress", BEGIN]
    assert [text for text in view.texts if text in ("Practise", "Settings")] == ["Practise", "Settings"]


async def test_commands_are_named_as_they_are_typed_here(loopback: Loopback) -> None:
    await start(loopback, prefix="dl-")
    assert "`/dl-practice`" in words(await home(loopback))
    record = await loopback.done(await loopback.slack.command(loopback.ada, loopback.channel, "/dl-settings"))
    assert record.original is not None
    assert record.original.texts[0] == "Your settings"


async def test_questions_are_asked_and_answered_in_one_modal(loopback: Loopback) -> None:
    await start(loopback)
    asked = await press(loopback, await home(loopback), "next")
    assert asked.view["title"]["text"] == "Warmup"
    answered = await press(loopback, asked, "answer")
    assert (answered is asked, "your choice" in words(answered)) == (True, True)
    following = await press(loopback, answered, "next")
    assert (following is asked, "your choice" in words(following)) == (True, False)


async def test_the_home_tab_opened_again_shows_what_was_answered(loopback: Loopback) -> None:
    await start(loopback)
    await press(loopback, await press(loopback, await home(loopback), "next"), "answer")
    assert "1, of which" in words(await home(loopback))
    assert "Nothing answered yet" in words(await home(loopback, loopback.grace))


async def test_an_answer_that_was_given_already_shows_its_outcome_again(loopback: Loopback) -> None:
    await start(loopback)
    asked = await press(loopback, await home(loopback), "next")
    token = named(asked, "answer")
    await press(loopback, asked, "answer")
    await loopback.done(await loopback.slack.press_modal(loopback.ada, asked, token, forged=True))
    assert "1, of which" in words(await home(loopback))


async def test_the_settings_form_from_the_home_tab_keeps_what_was_written(loopback: Loopback) -> None:
    await start(loopback)
    form = await press(loopback, await home(loopback), "settings-edit")
    assert form.view["title"]["text"] == "Settings"
    sent = await loopback.done(
        await loopback.slack.submit(loopback.ada, form, {"zone": "Asia/Tokyo", "name": "Countess"})
    )
    assert sent.opened is not None
    assert [text for text in ("Saved.", "`Asia/Tokyo`", "Countess") if text not in words(sent.opened)] == []


async def test_what_the_settings_form_cannot_read_is_told_in_a_modal(loopback: Loopback) -> None:
    await start(loopback)
    form = await press(loopback, await home(loopback), "settings-edit")
    sent = await loopback.done(await loopback.slack.submit(loopback.ada, form, {"zone": "Mars/Olympus"}))
    assert sent.opened is not None
    assert sent.opened.texts[0].startswith("⚠ ")


async def test_the_shortcut_asks_a_question(loopback: Loopback) -> None:
    await start(loopback)
    record = await loopback.done(await loopback.slack.shortcut(loopback.ada, "practice"))
    assert record.opened is not None
    assert "your choice" in words(await press(loopback, record.opened, "answer"))


async def test_a_number_is_written_in_a_form_over_the_question(loopback: Loopback) -> None:
    await start(loopback, NUMBER)
    asked = await press(loopback, await home(loopback), "next")
    form = await press(loopback, asked, "form")
    assert (form is asked, form.previous) == (False, asked.id)
    (name,) = [block["block_id"] for block in form.blocks if block["type"] == "input"]
    await loopback.done(await loopback.slack.submit(loopback.ada, form, {name: "1"}))
    assert loopback.slack.modal_of(loopback.ada) is asked
    assert "1, of which" in words(await home(loopback))


@pytest.mark.parametrize("chosen", [1, 2])
async def test_several_are_chosen_in_a_modal_and_sent_once(loopback: Loopback, chosen: int) -> None:
    await start(loopback, SEVERAL)
    asked = await press(loopback, await home(loopback), "next")
    [several] = [block["accessory"] for block in asked.blocks if "accessory" in block]
    values = [option["value"] for option in several["options"]][:chosen]
    await loopback.done(await loopback.slack.press_modal(loopback.ada, asked, several["action_id"], values=values))
    before = asked.hash
    [send] = [
        part["action_id"]
        for block in asked.blocks
        for part in block.get("elements", ())
        if part.get("value") == several["action_id"]
    ]
    await loopback.done(await loopback.slack.press_modal(loopback.ada, asked, send))
    assert asked.hash != before
    assert "1, of which" in words(await home(loopback))


async def test_the_open_question_of_the_day_is_shown_and_answered_from_the_home_tab(loopback: Loopback) -> None:
    await start(loopback)
    place = ChannelRef(WorkspaceRef("slack", loopback.team.id), loopback.channel.id)
    question, closes = CHOICE.by_id["cn-one"], loopback.clock.now() + timedelta(days=3650)  # Slack has its own clock
    schedule = await rows.schedule(loopback.storage, channel=place)
    parts = {"question": question.id, "revision": question.revision, "order": (0, 1, 2, 3), "closes_at": closes}
    await rows.ask(loopback.storage, schedule, **parts)  # type: ignore[arg-type]
    view = await home(loopback)
    assert "you have not answered yet" in words(view)
    asked = await press(loopback, view, "daily-mine")
    assert "Question of the day" in words(asked)
    assert "Your answer is in." in words(await press(loopback, asked, "daily-answer"))
    assert "you have answered" in words(await home(loopback))
