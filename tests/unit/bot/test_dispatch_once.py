"""Of several processes that are told of one event, the one that takes it answers, and slow deciding is deferred too."""

from __future__ import annotations

import asyncio

import pytest

from bot.commands import Answer, Router, Where
from bot.dispatch import Dispatcher
from bot.events import Invocation
from bot.message import Message
from bot.refs import ChannelRef
from tests.support.responder import Deferred, Failed, RecordingResponder, Responded
from tests.support.stage import DONE, Stage, pressed, typed
from tests.support.world import HOME, MONDAY, someone


async def test_an_event_that_is_taken_is_answered_under_its_id() -> None:
    stage, asked = Stage(), []

    async def once(event_id: str) -> bool:
        asked.append(event_id)
        return True

    await stage.dispatcher.run(typed("fast"), stage.responder, once=once)
    assert (stage.said, asked) == ([Responded(DONE, Answer.PRIVATE)], ["event-1"])


async def test_an_event_that_another_process_took_is_neither_handled_nor_answered() -> None:
    async def once(_: str) -> bool:
        return False

    for event in (typed("fast"), typed("nonsense"), pressed("rubbish")):
        stage = Stage()
        await stage.dispatcher.run(event, stage.responder, once=once)
        assert (stage.said, stage.notes) == ([], [])


async def test_an_event_is_acknowledged_in_time_even_when_deciding_takes_long() -> None:
    stage = Stage()

    async def once(_: str) -> bool:
        await stage.responder.deferred.wait()
        return True

    await stage.dispatcher.run(typed("fast"), stage.responder, once=once, patience=0)
    assert stage.said == [Deferred(Answer.PRIVATE), Responded(DONE, Answer.PRIVATE)]


async def test_an_event_that_cannot_be_decided_is_said_to_have_failed() -> None:
    stage = Stage()

    async def once(_: str) -> bool:
        raise OSError("the database is away")

    await stage.dispatcher.run(typed("fast"), stage.responder, once=once)
    [said] = stage.said
    assert isinstance(said, Failed)
    assert "error-1" in said.message.text
    assert stage.notes == []


@pytest.mark.parametrize(
    ("where", "in_direct"), [(Where.WORKSPACE, False), (Where.DIRECT, True), (Where.ANYWHERE, None)]
)
async def test_a_command_is_refused_where_it_is_not_meant_for(where: Where, in_direct: bool | None) -> None:
    router = Router()

    @router.command("board", "For some places", where=where)
    async def board(_event: Invocation, _services: object) -> Message:
        return DONE

    dispatcher = Dispatcher(router, object(), lambda: "error-1")
    for direct in (True, False):
        responder = RecordingResponder()
        place = ChannelRef(HOME, "x", direct=direct)
        event = Invocation(id="1", actor=someone(), channel=place, at=MONDAY, command="board")
        await asyncio.wait_for(dispatcher.run(event, responder), 5)
        [said] = responder.said
        if in_direct in (None, direct):
            assert said == Responded(DONE, Answer.PRIVATE)
        else:
            assert isinstance(said, Failed)
            assert "/board" in said.message.text
            assert ("a direct message only" if in_direct else "a channel of your team only") in said.message.text
