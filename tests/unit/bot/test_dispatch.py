"""Every event finds its handler, is answered once and in time, and outlives whoever brought it."""

from __future__ import annotations

import asyncio

import pytest

from bot.commands import Answer
from bot.dispatch import refusal
from bot.errors import BadInput
from bot.message import Message, Tone
from tests.support.responder import Deferred, Failed, Opened, Responded
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
