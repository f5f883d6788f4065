"""Answering one act: to whom it was declared, in a modal where there is no message, and in time."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.slack.app import SlackApp
from adapters.slack.turn import TOO_LATE
from tests.unit.adapters.slack.conftest import Loopback
from tests.unit.adapters.slack.turns import (
    EXPIRED,
    LATE,
    all_said,
    asked,
    home,
    in_chat,
    modal,
    pressed,
    pressed_within,
    routes,
    said,
)

TOO_LATE_SAID = f"⚠ {TOO_LATE.text}"
REFUSED = "⚠ Not so. Press another."


@pytest.fixture(autouse=True)
async def app(loopback: Loopback) -> SlackApp:
    return await loopback.start(routes(loopback.stage))


def posted(loopback: Loopback) -> list[tuple[Any, Any]]:
    """Return to whom each request of a response URL went, and whether it replaced a message."""
    bodies = [call.arguments for call in loopback.slack.calls_of("response_url")]
    return [(body["response_type"], body["replace_original"]) for body in bodies]


@pytest.mark.parametrize(("command", "kind", "others"), [("/practice", "ephemeral", 0), ("/ask", "in_channel", 1)])
async def test_a_command_is_answered_to_whom_it_was_declared(
    loopback: Loopback, command: str, kind: str, others: int
) -> None:
    message = await asked(loopback, command)
    assert posted(loopback) == [(kind, False)]
    assert (said(message), message.ephemeral) == ("which?", not others)
    assert all_said(loopback, by_grace=True) == ["which?"] * others
    assert loopback.slack.calls_of("chat.postMessage") == []


@pytest.mark.parametrize(("command", "kind"), [("/practice", "ephemeral"), ("/ask", "in_channel")])
async def test_an_update_replaces_the_message_with_the_button(loopback: Loopback, command: str, kind: str) -> None:
    message = await asked(loopback, command)
    await pressed(loopback, message, "update")
    assert posted(loopback)[1:] == [(kind, True)]
    assert (all_said(loopback), message.edits, message.ephemeral) == (["that one"], 1, kind == "ephemeral")


@pytest.mark.parametrize("command", ["/practice", "/ask"])
@pytest.mark.parametrize(("name", "kind"), [("private", "ephemeral"), ("public", "in_channel")])
async def test_an_answer_to_a_press_that_is_no_update_is_a_message_of_its_own(
    loopback: Loopback, command: str, name: str, kind: str
) -> None:
    message = await asked(loopback, command)
    await pressed(loopback, message, name)
    assert posted(loopback)[1:] == [(kind, False)]
    assert (all_said(loopback), message.edits) == (["which?", "that one"], 0)
    assert ("that one" in all_said(loopback, by_grace=True)) == (name == "public")


@pytest.mark.parametrize("command", ["/practice", "/ask"])
async def test_a_failure_is_told_to_its_person_alone_and_leaves_the_question(loopback: Loopback, command: str) -> None:
    message = await asked(loopback, command)
    await pressed(loopback, message, "refuse")
    assert posted(loopback)[1:] == [("ephemeral", False)]
    assert (all_said(loopback), message.edits) == (["which?", REFUSED], 0)
    assert REFUSED not in all_said(loopback, by_grace=True)


async def test_the_home_tab_is_published_and_opened_again_renewed(loopback: Loopback) -> None:
    first = await home(loopback)
    assert await home(loopback) is first
    assert (said(first), len(loopback.slack.calls_of("views.publish"))) == ("which?", 2)


async def test_a_page_that_breaks_says_so_where_it_is_and_nowhere_else(loopback: Loopback, app: SlackApp) -> None:
    await app.stop(0)
    await loopback.start()  # without a Home tab
    view = await home(loopback)
    assert said(view) == "⚠ There is no such page. Type `/warmup` to see what works now."
    assert in_chat(loopback) == []


async def test_the_shortcut_is_answered_in_a_modal(loopback: Loopback) -> None:
    view = await modal(loopback)
    assert (said(view), view.view["type"]) == ("which?", "modal")
    assert loopback.slack.modal_of(loopback.ada) is view


@pytest.mark.parametrize("name", ["update", "private", "public"])
async def test_a_press_on_the_home_tab_is_answered_in_a_modal(loopback: Loopback, name: str) -> None:
    view = await home(loopback)
    record = await pressed_within(loopback, view, name)
    assert (said(record.opened), said(loopback.slack.home_of(loopback.ada))) == ("that one", "which?")


@pytest.mark.parametrize("name", ["update", "private", "public"])
async def test_a_press_within_a_modal_updates_it(loopback: Loopback, name: str) -> None:
    view = await modal(loopback)
    record = await pressed_within(loopback, view, name)
    assert (record.opened, loopback.slack.modal_of(loopback.ada), said(view)) == (None, view, "that one")


async def test_a_press_within_a_modal_that_was_closed_meanwhile_opens_another(loopback: Loopback) -> None:
    view = await modal(loopback)
    record = await loopback.slack.press_modal(loopback.ada, view, "update.1")
    await loopback.slack.close_view(loopback.ada, view)
    await loopback.done(record)
    assert (said(record.opened), loopback.slack.modal_of(loopback.ada)) == ("that one", record.opened)


async def test_a_failure_within_a_modal_lies_over_the_question(loopback: Loopback) -> None:
    view = await modal(loopback)
    record = await pressed_within(loopback, view, "refuse")
    assert (said(record.opened), said(view)) == (REFUSED, "which?")
    assert record.opened is not None
    assert record.opened.previous == view.id
    await loopback.slack.close_view(loopback.ada, record.opened)
    await pressed_within(loopback, view, "update")
    assert said(view) == "that one"


async def test_a_failure_within_a_modal_that_comes_too_late_is_told_in_the_apps_chat(loopback: Loopback) -> None:
    view = await modal(loopback)
    record = await pressed_within(loopback, view, "refuse", LATE)
    assert (record.opened, said(view), in_chat(loopback)) == (None, "which?", [REFUSED])


@pytest.mark.parametrize("command", ["/practice", "/ask"])
async def test_a_sent_form_updates_the_message_whose_button_opened_it(loopback: Loopback, command: str) -> None:
    message = await asked(loopback, command)
    opened = (await pressed(loopback, message, "form")).opened
    assert opened is not None
    await loopback.done(await loopback.slack.submit(loopback.ada, opened, {"word": "cnn"}))
    assert (all_said(loopback), message.edits) == (["you wrote cnn"], 1)
    assert loopback.slack.modal_of(loopback.ada) is None


async def test_a_sent_form_that_is_refused_leaves_the_message_whose_button_opened_it(loopback: Loopback) -> None:
    opened = (await pressed(loopback, await asked(loopback), "form")).opened
    assert opened is not None
    await loopback.done(await loopback.slack.submit(loopback.ada, opened, {"word": "wrong"}))
    assert all_said(loopback) == ["which?", "⚠ Not so. Write another."]
    assert all_said(loopback, by_grace=True) == ["which?"]


async def test_a_form_over_a_modal_is_pushed_and_its_answer_updates_the_modal_below(loopback: Loopback) -> None:
    view = await modal(loopback)
    opened = (await pressed_within(loopback, view, "form")).opened
    assert opened is not None
    assert (opened.previous, said(view)) == (view.id, "which?")
    await loopback.done(await loopback.slack.submit(loopback.ada, opened, {"word": "cnn"}))
    assert (loopback.slack.modal_of(loopback.ada), said(view)) == (view, "you wrote cnn")


async def test_a_form_from_the_home_tab_is_answered_in_a_modal(loopback: Loopback) -> None:
    opened = (await pressed_within(loopback, await home(loopback), "form")).opened
    assert opened is not None
    sent = await loopback.done(await loopback.slack.submit(loopback.ada, opened, {"word": "cnn"}))
    assert said(sent.opened) == "you wrote cnn"


async def test_a_command_that_lacks_something_opens_a_form_and_is_answered_where_it_was_typed(
    loopback: Loopback,
) -> None:
    typed = await loopback.done(await loopback.slack.command(loopback.ada, loopback.channel, "/stage-echo"))
    assert typed.opened is not None
    assert (typed.messages, typed.opened.view["title"]["text"]) == ([], "/stage-echo")
    await loopback.done(await loopback.slack.submit(loopback.ada, typed.opened, {"words": "hello"}))
    assert [message.texts[:2] for message in typed.messages] == [["Echo", "You said: hello"]]
    assert [message.ephemeral for message in typed.messages] == [True]


async def test_a_form_that_is_sent_after_half_an_hour_is_answered_in_the_apps_chat(loopback: Loopback) -> None:
    typed = await loopback.done(await loopback.slack.command(loopback.ada, loopback.channel, "/stage-echo"))
    assert typed.opened is not None
    typed.age = EXPIRED
    await loopback.done(await loopback.slack.submit(loopback.ada, typed.opened, {"words": "hello"}))
    assert (all_said(loopback), in_chat(loopback)) == ([], ["Echo"])


@pytest.mark.parametrize("command", ["/practice", "/ask"])
async def test_a_form_that_comes_too_late_is_told_to_its_person_alone(loopback: Loopback, command: str) -> None:
    message = await asked(loopback, command)
    record = await pressed(loopback, message, "form", LATE)
    assert (record.opened, all_said(loopback)) == (None, ["which?", TOO_LATE_SAID])
    assert TOO_LATE_SAID not in all_said(loopback, by_grace=True)


async def test_a_form_over_a_modal_that_comes_too_late_leaves_the_modal(loopback: Loopback) -> None:
    view = await modal(loopback)
    record = await pressed_within(loopback, view, "form", LATE)
    assert (record.opened, said(view), in_chat(loopback)) == (None, "which?", [TOO_LATE_SAID])


async def test_the_shortcut_and_the_home_tab_are_answered_in_the_apps_chat_when_it_is_too_late_for_a_modal(
    loopback: Loopback,
) -> None:
    record = await loopback.slack.shortcut(loopback.ada, "practice")
    record.age = LATE
    await loopback.done(record)
    await pressed_within(loopback, await home(loopback), "update", LATE)
    assert in_chat(loopback) == ["which?", "that one"]


async def test_what_is_pressed_in_the_apps_chat_is_updated_there(loopback: Loopback) -> None:
    record = await loopback.slack.shortcut(loopback.ada, "practice")
    record.age = LATE
    await loopback.done(record)
    chat = loopback.slack.dm(loopback.ada)
    await pressed(loopback, next(iter(chat.messages.values())), "update")
    assert in_chat(loopback) == ["that one"]
