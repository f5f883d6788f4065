"""Answering once though connections break, another process is quicker, or there is only a failure to tell."""

from __future__ import annotations

from contextlib import suppress

import pytest

from adapters.discord.turn import DiscordResponder
from bot.commands import Answer
from bot.errors import Gone, PlatformError, Unreachable
from bot.message import Action, Modal, TextInput
from tests.unit.adapters.discord.conftest import Loopback
from tests.unit.adapters.discord.turns import ANSWER, QUESTION, SORRY, pressed, question, seen_by_all, typed

FORM = Modal("A form", Action("sent"), (TextInput("word", "A word"),))

LOSSES = [
    {"reset": True},
    {"reset": True, "after": True},
    {"reset": True, "after": True, "times": 2},
    {"status": 500},
    {"status": 500, "after": True},
    {"status": 429, "retry_after": 0.05},
]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("fault", LOSSES, ids=str)
async def test_a_first_response_that_fails_on_the_way_comes_once(loopback: Loopback, fault: dict[str, object]) -> None:
    record, responder = await typed(loopback)
    loopback.discord.faults.add("POST", "/callback$", **fault)  # type: ignore[arg-type]
    await responder.respond(QUESTION, Answer.PUBLIC)
    assert seen_by_all(loopback) == [["which?"]]
    assert record.original is not None
    assert len(record.original.attachments) == 1
    assert not record.late


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("fault", LOSSES, ids=str)
async def test_an_update_that_fails_on_the_way_comes_once(loopback: Loopback, fault: dict[str, object]) -> None:
    message = await question(loopback)
    _, responder = await pressed(loopback, message)
    loopback.discord.faults.add("POST", "/callback$", **fault)  # type: ignore[arg-type]
    await responder.respond(ANSWER, Answer.UPDATE)
    assert (len(loopback.texts()), len(message.texts), message.attachments) == (1, 1, [])
    assert "which?" not in message.texts


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("fault", LOSSES, ids=str)
@pytest.mark.parametrize("answer", [Answer.PRIVATE, Answer.PUBLIC])
async def test_a_deferral_or_its_answer_that_fails_on_the_way_comes_once(
    loopback: Loopback, answer: Answer, fault: dict[str, object]
) -> None:
    record, responder = await typed(loopback)
    loopback.discord.faults.add("POST", "/callback$", **fault)  # type: ignore[arg-type]
    await responder.defer(answer)
    loopback.discord.faults.add("PATCH", "/messages/@original$", **fault)  # type: ignore[arg-type]
    await responder.respond(QUESTION, answer)
    assert loopback.texts() == [["which?"]]
    assert record.original is not None
    assert (record.original.ephemeral, record.original.loading) == (answer is Answer.PRIVATE, False)


@pytest.mark.usefixtures("impatient")
async def test_a_form_whose_opening_was_lost_is_open_once(loopback: Loopback) -> None:
    record, responder = await typed(loopback)
    loopback.discord.faults.add("POST", "/callback$", reset=True, after=True)
    await responder.open(FORM)
    assert record.modal is not None
    assert loopback.texts() == []


@pytest.mark.parametrize("answer", [Answer.PRIVATE, Answer.PUBLIC])
async def test_where_another_process_deferred_the_answer_arrives_as_an_edit(loopback: Loopback, answer: Answer) -> None:
    record, responder = await typed(loopback)
    await DiscordResponder(responder._interaction).defer(answer)
    responder._interaction.response._response_type = None  # another process knows nothing of it
    await responder.respond(QUESTION, answer)
    assert (loopback.texts(), record.followups) == ([["which?"]], [])
    assert [code for code, _ in record.errors] == [40060]


@pytest.mark.parametrize("answer", [Answer.PRIVATE, Answer.PUBLIC])
async def test_a_failure_is_seen_by_its_person_alone_and_nothing_public_is_left(
    loopback: Loopback, answer: Answer
) -> None:
    _, responder = await typed(loopback)
    await responder.defer(answer)
    await responder.fail(SORRY)
    assert (loopback.texts(), seen_by_all(loopback)) == ([["sorry"]], [])


async def test_an_immediate_failure_is_seen_by_its_person_alone(loopback: Loopback) -> None:
    _, responder = await typed(loopback)
    await responder.fail(SORRY)
    assert (loopback.texts(), seen_by_all(loopback)) == ([["sorry"]], [])


@pytest.mark.parametrize("deferred", [False, True])
async def test_a_failure_leaves_the_question_as_it_was(loopback: Loopback, deferred: bool) -> None:
    message = await question(loopback)
    _, responder = await pressed(loopback, message)
    if deferred:
        await responder.defer(Answer.UPDATE)
    await responder.fail(SORRY)
    assert (message.edits, seen_by_all(loopback)) == (0, [["which?"]])
    assert loopback.texts() == [["which?"], ["sorry"]]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("method", ["POST", "DELETE"])
async def test_a_failure_after_a_public_deferral_reaches_its_person_though_the_connection_breaks(
    loopback: Loopback, method: str, after: bool
) -> None:
    _, responder = await typed(loopback)
    await responder.defer(Answer.PUBLIC)
    loopback.discord.faults.add(method, "/webhooks/", reset=True, after=after)
    with suppress(PlatformError):
        await responder.fail(SORRY)
    assert ["sorry"] in loopback.texts()
    assert seen_by_all(loopback) == []


@pytest.mark.usefixtures("impatient")
async def test_a_failure_after_an_update_was_deferred_reaches_its_person_though_the_connection_breaks(
    loopback: Loopback,
) -> None:
    _, responder = await pressed(loopback, await question(loopback))
    await responder.defer(Answer.UPDATE)
    loopback.discord.faults.add("POST", "/webhooks/", reset=True)
    with suppress(PlatformError):
        await responder.fail(SORRY)
    assert loopback.texts() == [["which?"], ["sorry"]]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "after",
    [
        False,
        True,
    ],
)
async def test_an_immediate_failure_is_told_once_though_the_connection_breaks(loopback: Loopback, after: bool) -> None:
    _, responder = await typed(loopback)
    loopback.discord.faults.add("POST", "/callback$", reset=True, after=after)
    await responder.fail(SORRY)
    assert loopback.texts() == [["sorry"]]


async def test_what_comes_too_late_is_gone(loopback: Loopback) -> None:
    record, responder = await typed(loopback)
    record.age = 4
    with pytest.raises(Gone):
        await responder.respond(ANSWER, Answer.PRIVATE)
    assert (record.late, loopback.texts()) == (True, [])


@pytest.mark.usefixtures("impatient")
async def test_a_discord_that_went_away_is_unreachable(loopback: Loopback) -> None:
    _, responder = await typed(loopback)
    loopback.discord.faults.add("POST", "/callback$", reset=True, times=3)
    with pytest.raises(Unreachable):
        await responder.respond(ANSWER, Answer.PRIVATE)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("fault", [{"reset": True, "times": 3}, {"status": 429, "via": False}], ids=str)
@pytest.mark.parametrize("answer", [Answer.PRIVATE, Answer.PUBLIC])
async def test_an_answer_whose_deferral_failed_comes_all_the_same(
    loopback: Loopback, answer: Answer, fault: dict[str, object]
) -> None:
    _, responder = await typed(loopback)
    loopback.discord.faults.add("POST", "/callback$", **fault)  # type: ignore[arg-type]
    with pytest.raises(PlatformError):
        await responder.defer(answer)
    await responder.respond(QUESTION, answer)
    assert loopback.texts() == [["which?"]]
