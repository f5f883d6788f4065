"""Answering one interaction: once, in time, to whom it was promised, whatever happens on the way."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.commands import Answer
from bot.message import Action, ChoiceInput, Modal, TextInput
from bot.message import Choice as Entry
from tests.support.discord.interactions import (
    DEFER_REPLY,
    DEFER_UPDATE,
    MODAL,
    REPLY,
    UPDATE,
)
from tests.support.picture import PNG
from tests.unit.adapters.discord.conftest import Loopback
from tests.unit.adapters.discord.turns import ANSWER, QUESTION, SORRY, pressed, question, seen_by_all, typed

FORM = Modal(
    "A form",
    Action("sent"),
    (TextInput("word", "A word"), ChoiceInput("why", "Why?", (Entry("a", "A"), Entry("b", "B")))),
)


@pytest.mark.parametrize(("answer", "others"), [(Answer.PRIVATE, 0), (Answer.PUBLIC, 1), (Answer.UPDATE, 0)])
@pytest.mark.parametrize("deferred", [False, True])
async def test_a_command_is_answered_to_whom_it_was_declared(
    loopback: Loopback, answer: Answer, others: int, deferred: bool
) -> None:
    record, responder = await typed(loopback)
    if deferred:
        await responder.defer(answer)
    await responder.respond(QUESTION, answer)
    assert record.callback is not None
    assert record.callback.type == (DEFER_REPLY if deferred else REPLY)
    assert (len(loopback.texts()), len(seen_by_all(loopback))) == (1, others)
    assert record.original is not None
    assert (record.original.texts, record.original.loading, record.followups) == (["which?"], False, [])
    assert [one.data for one in record.original.attachments] == [PNG]


@pytest.mark.parametrize("deferred", [False, True])
async def test_an_update_replaces_the_message_with_the_button(loopback: Loopback, deferred: bool) -> None:
    message = await question(loopback)
    record, responder = await pressed(loopback, message)
    if deferred:
        await responder.defer(Answer.UPDATE)
        assert message.texts == ["which?"]
    await responder.respond(QUESTION, Answer.UPDATE)
    assert record.callback is not None
    assert record.callback.type == (DEFER_UPDATE if deferred else UPDATE)
    assert (len(seen_by_all(loopback)), message.edits) == (1, 1)
    assert [(one.data, one.description) for one in message.attachments] == [(PNG, "a grey dot")]


async def test_an_update_to_a_message_without_pictures_takes_them_away(loopback: Loopback) -> None:
    message = await question(loopback)
    _, responder = await pressed(loopback, message)
    await responder.respond(ANSWER, Answer.UPDATE)
    assert (message.attachments, len(message.texts)) == ([], 1)


@pytest.mark.parametrize("answer", [Answer.PRIVATE, Answer.PUBLIC])
async def test_an_answer_to_a_press_that_is_no_update_is_a_message_of_its_own(
    loopback: Loopback, answer: Answer
) -> None:
    message = await question(loopback)
    _, responder = await pressed(loopback, message)
    await responder.respond(ANSWER, answer)
    assert (message.texts, len(loopback.texts())) == (["which?"], 2)
    assert len(seen_by_all(loopback)) == (2 if answer is Answer.PUBLIC else 1)


@pytest.mark.parametrize("deferred", [False, True])
async def test_a_sent_form_updates_the_message_whose_button_opened_it(loopback: Loopback, deferred: bool) -> None:
    message = await question(loopback)
    record, responder = await pressed(loopback, message)
    await responder.open(FORM)
    assert record.callback is not None
    assert (record.callback.type, record.callback.data["title"]) == (MODAL, "A form")
    inputs: dict[str, str | list[str]] = {"word": "cnn", "why": "a"}
    sent, again = await loopback.turn(
        lambda: loopback.discord.submit(loopback.ada, loopback.channel, FORM.action.encode(), inputs)
    )
    if deferred:
        await again.defer(Answer.UPDATE)
    await again.respond(ANSWER, Answer.UPDATE)
    assert (sent.source, message.edits, len(loopback.texts())) == (message, 1, 1)


async def test_an_answer_that_comes_too_late_is_one_warning_without_words(loopback: Loopback) -> None:
    await loopback.start()
    with capture_logs() as logs:
        record = loopback.discord.slash(loopback.ada, loopback.channel, "stage-echo", {"words": "swordfish"})
        record.age = 4
        async with asyncio.timeout(5):
            while not logs:  # noqa: ASYNC110 - a log has no event
                await asyncio.sleep(0.005)
        await loopback.idle()
    [line] = logs
    assert (line["event"], line["log_level"]) == ("answer not delivered", "warning")
    assert "swordfish" not in str(logs)
    assert loopback.texts() == []


@pytest.mark.parametrize("way", ["respond", "edit", "update", "fail", "open"])
async def test_nothing_that_is_said_may_ping(loopback: Loopback, way: str) -> None:
    message = await question(loopback)
    _, responder = await pressed(loopback, message)
    match way:
        case "respond":
            await responder.respond(ANSWER, Answer.PUBLIC)
        case "edit":
            await responder.defer(Answer.PUBLIC)
            await responder.respond(ANSWER, Answer.PUBLIC)
        case "update":
            await responder.respond(ANSWER, Answer.UPDATE)
        case "fail":
            await responder.defer(Answer.PUBLIC)
            await responder.fail(SORRY)
    told = [request.body for request in loopback.discord.requests if request.path.startswith(("/inter", "/webhooks"))]
    messages = [body.get("data", body) for body in told if body and body.get("type") not in (DEFER_REPLY, MODAL)]
    assert messages
    assert [one.get("allowed_mentions", "missing") for one in messages] == [{"parse": []}] * len(messages)
