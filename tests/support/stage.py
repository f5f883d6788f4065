"""A dispatcher over small handlers that a test can hold up, and events for them."""

from __future__ import annotations

import asyncio
from itertools import count

from bot.commands import Answer, Option, Router
from bot.dispatch import PATIENCE, Dispatcher
from bot.errors import AlreadyDone
from bot.events import Event, Invocation, Press, Submission
from bot.message import Action, Message, Modal, TextInput
from bot.refs import Role
from tests.support.responder import Deferred, Failed, Opened, RecordingResponder, Responded
from tests.support.world import MONDAY, STUDY, someone

DONE = Message("Done.")
FORM = Modal("A form", Action("sent"), (TextInput("words", "Words"),))
EVERY_ANSWER = [Answer.PRIVATE, Answer.PUBLIC, Answer.UPDATE]
WORDS = "a token and what somebody typed"


class Stage:
    """A dispatcher, its responder, and what the handlers need: they note what they did, and wait at the gate."""

    def __init__(self, responder: RecordingResponder | None = None) -> None:
        self.begun = asyncio.Event()
        self.gate = asyncio.Event()
        self.notes: list[str] = []
        self.responder = responder or RecordingResponder()
        numbers = count(1)
        self.dispatcher = Dispatcher(routes(), self, lambda: f"error-{next(numbers)}")

    @property
    def said(self) -> list[Deferred | Responded | Opened | Failed]:
        return self.responder.said

    async def run(self, event: Event, patience: float = PATIENCE) -> None:
        await self.dispatcher.run(event, self.responder, patience=patience)

    async def begin(self, event: Event) -> asyncio.Task[None]:
        """Run an event until its handler waits at the gate."""
        running = asyncio.create_task(self.run(event))
        await self.begun.wait()
        return running

    async def run_slowly(self, event: Event) -> None:
        """Run an event whose handler goes on only once it was deferred."""
        running = asyncio.create_task(self.run(event, patience=0))
        await self.responder.deferred.wait()
        self.gate.set()
        await running


def typed(command: str, text: str = "", *, role: Role = Role.MEMBER, **options: str) -> Invocation:
    """Return a command."""
    return Invocation(
        id="event-1",
        actor=someone(role=role),
        channel=STUDY,
        at=MONDAY,
        command=command,
        text=text,
        options=options,
    )


def pressed(token: str) -> Press:
    """Return a press."""
    return Press(id="event-1", actor=someone(), channel=STUDY, at=MONDAY, token=token)


def filled(token: str) -> Submission:
    """Return a sent form."""
    inputs = {"words": "typed words"}
    return Submission(id="event-1", actor=someone(), channel=STUDY, at=MONDAY, token=token, inputs=inputs)


async def _slow(_event: Event, stage: Stage) -> Message:
    stage.begun.set()
    try:
        await stage.gate.wait()
    except asyncio.CancelledError:
        stage.notes.append("cancelled")
        raise
    stage.notes.append("finished")
    return DONE


async def _too_late(event: Event, stage: Stage) -> Message:
    await _slow(event, stage)
    raise AlreadyDone("You have answered.", "Press Next.")


def routes() -> Router:
    """Return commands ``fast``, ``guarded`` and ``broken``, and controls ``turn``, ``form``, ``slow-…`` and more."""
    router = Router()
    router.include([_commands(), _controls()])
    return router


def _commands() -> Router:
    router = Router()

    @router.command("fast", "Answers at once", Option("word", "A word"))
    async def fast(_event: Invocation, stage: Stage, word: str = "") -> Message:
        stage.notes.append(word)
        return DONE

    @router.command("guarded", "For moderators", requires=Role.MODERATOR)
    async def guarded(_event: Invocation, stage: Stage) -> Message:
        stage.notes.append("guarded")
        return DONE

    @router.command("broken", "Breaks")
    async def broken(_event: Invocation, _stage: Stage) -> Message:
        raise ValueError(WORDS)

    return router


def _controls() -> Router:
    router = Router()
    for answer in EVERY_ANSWER:
        router.press(f"slow-{answer.value}", answer)(_slow)
        router.press(f"late-{answer.value}", answer)(_too_late)
    router.press("slow-form", Answer.MODAL)(_slow)

    @router.press("guarded-press", Answer.UPDATE, requires=Role.MODERATOR)
    async def guarded(_event: Press, stage: Stage) -> Message:
        stage.notes.append("guarded")
        return DONE

    @router.press("form", Answer.MODAL)
    async def form(_event: Press, _stage: Stage) -> Modal:
        return FORM

    @router.press("no-form", Answer.MODAL)
    async def no_form(_event: Press, _stage: Stage) -> Message:
        return DONE

    @router.press("turn", Answer.UPDATE, version=2)
    async def turn(_event: Press, stage: Stage, page: str, size: str = "") -> Message:
        stage.notes.append(f"{page} {size}")
        return DONE

    @router.submit("sent", Answer.PRIVATE)
    async def sent(event: Submission, stage: Stage) -> Message:
        stage.notes.append(event.inputs["words"])
        return DONE

    return router
