"""Declarations that put every duty of an adapter on stage, beside Warmup's own."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from bot.commands import Answer, Option, Router
from bot.errors import BadInput, NotYours
from bot.events import Invocation, Press, Submission
from bot.markup import escape
from bot.message import Action, Button, Choice, ChoiceInput, Field, Image, Message, Modal, Select, TextInput
from bot.refs import Role
from tests.contract.harness import biggest_message
from tests.support.picture import PNG


@dataclass
class Stage:
    """What happened, and a gate at which slow handlers wait."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    finished: list[str] = field(default_factory=list)


def stage_router(stage: Stage) -> Router:
    """Return the declarations."""
    router = Router()
    router.include([_plain(), _looks(), _slow(stage), _forms(), _faults()])
    return router


def _plain() -> Router:
    router = Router()

    @router.command("stage-private", "One private message with a button")
    async def private(event: Invocation, _services: object) -> Message:
        return Message(
            text="only for you",
            title="Private",
            fields=(Field("Field", "**value**"),),
            images=(Image(PNG, "a grey dot"),),
            rows=((Button("Mine", Action("stage-mine", (event.actor.user.id,))),),),
        )

    @router.press("stage-mine", Answer.UPDATE)
    async def mine(event: Press, _services: object, owner: str) -> Message:
        if event.actor.user.id != owner:
            raise NotYours("This belongs to somebody else.", "Type `/stage-private` for your own.")
        return Message(text=f"pressed by {event.actor.name}", title="Pressed")

    @router.command("stage-public", "One public message", answer=Answer.PUBLIC)
    async def public(_event: Invocation, _services: object) -> Message:
        rows = ((Button("Mine", Action("stage-mine", ("ada",))),),)
        return Message(text="for everybody", title="Public", rows=rows)

    @router.command("stage-echo", "Say what was typed", Option("words", "Anything", required=True))
    async def echo(_event: Invocation, _services: object, words: str) -> Message:
        return Message(text=f"You said: {escape(words)}", title="Echo")

    @router.command("stage-moderators", "Moderators only", requires=Role.MODERATOR)
    async def moderators(_event: Invocation, _services: object) -> Message:
        return Message(text="welcome, moderator", title="Moderators")

    return router


def _looks() -> Router:
    router = Router()

    @router.command("stage-markup", "All markup there is")
    async def markup(_event: Invocation, _services: object) -> Message:
        text = "**bold** *italic* `code`\nnext line\n\n- item\n\n> quote\n\n```python\nx = 1\n```\n"
        return Message(text=f"{text}\n[link](https://example.org/) [then](time:1767225600)", title="Markup")

    @router.command("stage-size", "A message at every limit")
    async def size(_event: Invocation, _services: object) -> Message:
        return biggest_message()

    @router.press("stage-size", Answer.UPDATE)
    async def sized(_event: Press, _services: object, mark: str) -> Message:
        return Message(text=f"mark {mark[:2]}", title="Sized")

    @router.command("stage-select", "Choose several")
    async def select(_event: Invocation, _services: object) -> Message:
        choices = tuple(Choice(value, f"Choice {value}") for value in "xyz")
        return Message(text="choose", rows=(Select(Action("stage-choose"), choices, "Choose", most=3),))

    @router.press("stage-choose", Answer.UPDATE)
    async def choose(event: Press, _services: object) -> Message:
        return Message(text=f"chose {' '.join(event.values)}", title="Chosen")

    return router


def _slow(stage: Stage) -> Router:
    router = Router()

    async def wait(name: str) -> Message:
        await stage.gate.wait()
        stage.finished.append(name)
        return Message(text=f"{name} is done", title="Slow")

    @router.command("stage-slow", "Private, after the gate opens")
    async def slow(_event: Invocation, _services: object) -> Message:
        return await wait("slow")

    @router.command("stage-slow-public", "Public, after the gate opens", answer=Answer.PUBLIC)
    async def slow_public(_event: Invocation, _services: object) -> Message:
        return await wait("slow public")

    @router.command("stage-late-error", "Public, fails after the gate opens", answer=Answer.PUBLIC)
    async def late_error(_event: Invocation, _services: object) -> Message:
        await stage.gate.wait()
        raise BadInput("That went wrong late.", "Try again.")

    return router


def _forms() -> Router:
    router = Router()

    @router.command("stage-form", "A message whose button opens a form")
    async def form(_event: Invocation, _services: object) -> Message:
        return Message(text="press it", title="Form", rows=((Button("Open", Action("stage-open")),),))

    @router.press("stage-open", Answer.MODAL)
    async def opened(_event: Press, _services: object) -> Modal:
        why = ChoiceInput("why", "Why?", (Choice("a", "Because"), Choice("b", "Despite")))
        return Modal("A form", Action("stage-sent", ("7",)), (TextInput("word", "A word"), why))

    @router.submit("stage-sent", Answer.UPDATE)
    async def sent(event: Submission, _services: object, number: str) -> Message:
        return Message(text=f"{number} {event.inputs['word']} {event.inputs['why']}", title="Sent")

    return router


def _faults() -> Router:
    router = Router()

    @router.command("stage-broken", "Fails with a secret in its error", answer=Answer.PUBLIC)
    async def broken(_event: Invocation, _services: object) -> Message:
        raise RuntimeError("the password is swordfish")

    return router
