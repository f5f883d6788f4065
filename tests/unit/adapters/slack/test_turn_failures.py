"""Answering once though connections break, Slack asks to wait, or the act's own address is worth nothing any more."""

from __future__ import annotations

from typing import Any

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from adapters.slack.app import SlackApp
from tests.support.slack.interactions import Interaction
from tests.unit.adapters.slack.conftest import Loopback
from tests.unit.adapters.slack.turns import (
    EXPIRED,
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

URL = "response_url"
ANSWERS = [("/practice", "update"), ("/ask", "update"), ("/ask", "private"), ("/ask", "public")]
AT_ONCE = {"status": 429, "headers": {"Retry-After": "0"}}


@pytest.fixture(autouse=True)
async def app(loopback: Loopback) -> SlackApp:
    return await loopback.start(routes(loopback.stage))


def undelivered(logs: list[EventDict]) -> list[EventDict]:
    return [line for line in logs if line["event"] == "answer not delivered"]


async def outlived(loopback: Loopback, command: str, name: str, how: str) -> Interaction:
    """Let Ada press a button whose response URL is over when the answer comes."""
    record = await loopback.slack.press(loopback.ada, await asked(loopback, command), f"{name}.1")
    record.age, record.used = (EXPIRED, 0) if how == "expired" else (0, 5)
    return await loopback.done(record)


@pytest.mark.parametrize("how", ["expired", "used up"])
async def test_a_public_message_is_updated_though_its_response_url_is_over(loopback: Loopback, how: str) -> None:
    record = await outlived(loopback, "/ask", "update", how)
    assert record.source is not None
    assert (all_said(loopback), record.source.edits) == (["that one"], 1)
    assert [call.error for call in loopback.slack.calls_of("chat.update")] == [""]


@pytest.mark.parametrize("how", ["expired", "used up"])
@pytest.mark.parametrize(
    ("command", "name"), [("/practice", "update"), ("/ask", "private"), ("/ask", "public"), ("/ask", "refuse")]
)
async def test_every_other_answer_goes_to_the_apps_chat_when_its_response_url_is_over(
    loopback: Loopback, command: str, name: str, how: str
) -> None:
    await outlived(loopback, command, name, how)
    assert all_said(loopback) == ["which?"]
    assert in_chat(loopback) == ["⚠ Not so. Press another." if name == "refuse" else "that one"]


@pytest.mark.parametrize(("command", "name"), ANSWERS)
async def test_a_rate_limit_is_waited_for(loopback: Loopback, command: str, name: str) -> None:
    message = await asked(loopback, command)
    loopback.slack.faults.add(URL, **AT_ONCE)  # type: ignore[arg-type]
    await pressed(loopback, message, name)
    assert [call.status for call in loopback.slack.calls_of(URL)] == [200, 429, 200]
    assert all_said(loopback)[-1] == "that one"


async def test_a_rate_limit_of_a_second_takes_a_second(loopback: Loopback) -> None:
    message = await asked(loopback)
    loopback.slack.limit(URL, 1)
    await pressed(loopback, message, "update")
    first, second = [call.at for call in loopback.slack.calls_of(URL)[1:]]
    assert second - first >= 1
    assert said(message) == "that one"


@pytest.mark.parametrize(("seconds", "times", "calls"), [("61", 1, 1), ("0", 2, 2), ("soon", 2, 1)])
async def test_a_rate_limit_that_is_too_long_is_one_warning(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch, seconds: str, times: int, calls: int
) -> None:
    monkeypatch.setattr("adapters.slack.failures.DEFAULT_PAUSE", 61.0)
    message = await asked(loopback)
    loopback.slack.faults.add(URL, status=429, headers={"Retry-After": seconds}, times=times)
    with capture_logs() as logs:
        await pressed(loopback, message, "update")
    assert [(line["log_level"], "rate limited" in line["error"]) for line in undelivered(logs)] == [("warning", True)]
    assert len(loopback.slack.calls_of(URL)) == 1 + calls
    assert said(message) == "which?"


LOSSES: list[dict[str, Any]] = [
    {"reset": True},
    {"reset": True, "after": True},
    {"status": 500},
    {"status": 502, "after": True},
]


@pytest.mark.parametrize("fault", LOSSES, ids=str)
@pytest.mark.parametrize("command", ["/practice", "/ask"])
async def test_what_replaces_a_message_is_sent_again_when_nobody_knows_whether_it_arrived(
    loopback: Loopback, command: str, fault: dict[str, Any]
) -> None:
    message = await asked(loopback, command)
    loopback.slack.faults.add(URL, **fault)
    await pressed(loopback, message, "update")
    assert (all_said(loopback), message.edits) == (["that one"], 2 if fault.get("after") else 1)


@pytest.mark.parametrize("fault", LOSSES, ids=str)
@pytest.mark.parametrize("name", ["private", "public"])
async def test_what_replaces_nothing_is_not_sent_again(loopback: Loopback, name: str, fault: dict[str, Any]) -> None:
    message = await asked(loopback)
    loopback.slack.faults.add(URL, **fault)
    with capture_logs() as logs:
        await pressed(loopback, message, name)
    assert all_said(loopback) == ["which?", "that one"][: 2 if fault.get("after") else 1]
    assert [line["log_level"] for line in undelivered(logs)] == ["warning"]
    assert len(loopback.slack.calls_of(URL)) == 2


async def test_an_answer_that_is_lost_is_logged_without_words_and_addresses(loopback: Loopback) -> None:
    loopback.slack.faults.add(URL, reset=True)
    with capture_logs() as logs:
        await loopback.done(await loopback.slack.command(loopback.ada, loopback.channel, "/stage-echo", "swordfish"))
    assert len(undelivered(logs)) == 1
    assert [word for word in ("swordfish", loopback.slack.url) if word in str(logs)] == []


async def test_a_press_whose_answer_was_lost_can_be_repeated(loopback: Loopback) -> None:
    message = await asked(loopback)
    loopback.slack.faults.add(URL, reset=True, times=2)
    await pressed(loopback, message, "update")
    assert said(message) == "which?"
    await pressed(loopback, message, "update")
    assert said(message) == "that one"


@pytest.mark.parametrize("method", ["views.publish", "views.update", "views.open"])
async def test_a_slack_that_fails_ends_one_act_and_no_other(loopback: Loopback, method: str) -> None:
    view = await modal(loopback)
    loopback.slack.faults.add(method, status=503)
    with capture_logs() as logs:
        match method:
            case "views.publish":
                await loopback.done(await loopback.slack.open_home(loopback.ada))
            case "views.update":
                await pressed_within(loopback, view, "update")
            case _:
                await loopback.done(await loopback.slack.shortcut(loopback.ada, "practice"))
    assert [line["error"] for line in undelivered(logs)] == ["Slack failed (status 503)"]
    assert said(await home(loopback)) == "which?"
    assert said(await modal(loopback)) == "which?"
    assert in_chat(loopback) == []


async def test_an_update_of_a_message_that_was_deleted_meanwhile_is_one_warning(loopback: Loopback) -> None:
    message = await asked(loopback)
    record = await loopback.slack.press(loopback.ada, message, "update.1")
    message.deleted = True
    with capture_logs() as logs:
        await loopback.done(record)
    assert (all_said(loopback), len(undelivered(logs))) == ([], 1)


async def test_a_picture_that_is_not_ready_is_waited_for_in_an_answer(loopback: Loopback) -> None:
    loopback.slack.files.ready_after = 2
    record = await loopback.done(await loopback.slack.command(loopback.ada, loopback.channel, "/stage-private"))
    assert record.original is not None
    assert [block["type"] for block in record.original.blocks if block["type"] == "image"] == ["image"]
