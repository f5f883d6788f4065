"""Every event finds its handler, is answered once and in time, and outlives whoever brought it."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from bot.commands import Answer, Router
from bot.dispatch import Dispatcher, refusal
from bot.errors import BadInput
from bot.events import Press
from bot.message import Message, Tone
from tests.support.responder import Deferred, Failed, Opened, RecordingResponder, Responded
from tests.support.stage import DONE, EVERY_ANSWER, FORM, Stage, filled, pressed, typed


async def test_a_fast_answer_is_not_deferred() -> None:
    stage = Stage()
    await stage.run(typed("fast", "hello"))
    assert stage.said == [Responded(DONE, Answer.PRIVATE)]
    assert stage.notes == ["hello"]


async def test_options_that_the_platform_read_win_over_typed_ones() -> None:
    stage = Stage()
    await stage.run(typed("fast", "a", word="b"))
    assert stage.notes == ["b"]


async def test_an_action_brings_its_arguments() -> None:
    stage = Stage()
    await stage.run(pressed("turn.2:3"))
    await stage.run(pressed("turn.2:3:9"))
    assert stage.notes == ["3 ", "3 9"]
    assert stage.said == [Responded(DONE, Answer.UPDATE)] * 2


async def test_a_form_opens_and_what_was_typed_into_it_arrives() -> None:
    stage = Stage()
    await stage.run(pressed("form.1"))
    await stage.run(filled("sent.1"))
    assert stage.said == [Opened(FORM), Responded(DONE, Answer.PRIVATE)]
    assert stage.notes == ["typed words"]


async def test_a_message_instead_of_a_form_is_private() -> None:
    stage = Stage()
    await stage.run(pressed("no-form.1"))
    assert stage.said == [Responded(DONE, Answer.PRIVATE)]


@pytest.mark.parametrize("answer", EVERY_ANSWER)
async def test_a_slow_answer_is_deferred_and_then_given_once(answer: Answer) -> None:
    stage = Stage()
    await stage.run_slowly(pressed(f"slow-{answer.value}.1"))
    assert stage.said == [Deferred(answer), Responded(DONE, answer)]


@pytest.mark.parametrize("answer", EVERY_ANSWER)
async def test_a_late_error_is_told_to_the_person_alone(answer: Answer) -> None:
    stage = Stage()
    await stage.run_slowly(pressed(f"late-{answer.value}.1"))
    assert stage.said == [Deferred(answer), Failed(Message("You have answered. Press Next.", tone=Tone.ERROR))]


async def test_a_form_that_is_too_slow_is_given_up() -> None:
    stage = Stage()
    await stage.run(pressed("slow-form.1"), patience=0.01)
    assert stage.said == [Failed(refusal(BadInput("The form was not ready in time.", "Press the button again.")))]
    assert stage.notes == ["cancelled"]


async def test_draining_waits_for_what_is_running() -> None:
    stage = Stage()
    running = await stage.begin(pressed("slow-public.1"))
    draining = asyncio.create_task(stage.dispatcher.drain(60))
    stage.gate.set()
    await draining
    assert stage.said == [Responded(DONE, Answer.PUBLIC)]
    await running


async def test_draining_cancels_what_does_not_end() -> None:
    stage = Stage()
    running = await stage.begin(pressed("slow-public.1"))
    await stage.dispatcher.drain(0)
    await asyncio.wait({running})
    assert stage.notes == ["cancelled"]
    assert stage.said == []


async def test_draining_waits_for_what_begins_meanwhile_too() -> None:
    router, gates, notes = Router(), [asyncio.Event(), asyncio.Event()], list[str]()

    @router.press("wait", Answer.PRIVATE)
    async def wait(_event: Press, _services: object, number: str) -> Message:
        await gates[int(number)].wait()
        notes.append(number)
        return DONE

    dispatcher, responder = Dispatcher(router, object(), lambda: "error-1"), RecordingResponder()
    running = [asyncio.create_task(dispatcher.run(pressed("wait.1:0"), responder))]
    await asyncio.sleep(0)
    draining = asyncio.create_task(dispatcher.drain(60))
    await asyncio.sleep(0)
    running.append(asyncio.create_task(dispatcher.run(pressed("wait.1:1"), responder)))
    gates[0].set()
    await running[0]
    await asyncio.sleep(0.01)
    assert not draining.done()
    gates[1].set()
    await draining
    assert (notes, responder.said) == (["0", "1"], [Responded(DONE, Answer.PRIVATE)] * 2)
    await running[1]


async def test_draining_gives_up_on_what_does_not_end_when_it_is_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.dispatch.CANCEL_SECONDS", 0.01)
    router, begun, gate = Router(), asyncio.Event(), asyncio.Event()

    @router.press("stubborn", Answer.PRIVATE)
    async def stubborn(_event: Press, _services: object) -> Message:
        begun.set()
        while not gate.is_set():
            with suppress(asyncio.CancelledError):
                await gate.wait()
        return DONE

    dispatcher = Dispatcher(router, object(), lambda: "error-1")
    running = asyncio.create_task(dispatcher.run(pressed("stubborn.1"), RecordingResponder()))
    await begun.wait()
    try:
        async with asyncio.timeout(0.5):
            await dispatcher.drain(0)
        assert not running.done()
    finally:
        gate.set()
        await asyncio.wait({running})


async def test_draining_nothing_ends_at_once() -> None:
    await Stage().dispatcher.drain(60)


async def test_a_cancelled_caller_does_not_cancel_the_handler() -> None:
    stage = Stage()
    running = await stage.begin(pressed("slow-public.1"))
    running.cancel()
    await asyncio.wait({running})
    stage.gate.set()
    await stage.dispatcher.drain(60)
    assert stage.notes == ["finished"]
    assert stage.said == [Responded(DONE, Answer.PUBLIC)]
