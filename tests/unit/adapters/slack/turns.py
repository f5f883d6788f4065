"""Declarations that answer in every way, and what people see of the answers."""

from __future__ import annotations

from bot.commands import Answer, Router
from bot.errors import BadInput
from bot.events import Invocation, Opening, Press, Submission
from bot.message import Action, Button, Message, Modal, TextInput
from tests.contract.stage import Stage, stage_router
from tests.support.slack.interactions import Interaction
from tests.support.slack.state import Channel, StoredMessage, StoredView
from tests.unit.adapters.slack.conftest import Loopback

FORM = Modal("A form", Action("sent"), (TextInput("word", "A word"),))
BUTTONS = tuple(Button(name.capitalize(), Action(name)) for name in ("update", "private", "public", "form", "refuse"))
QUESTION = Message(text="which?", rows=(BUTTONS,))
LATE = 4
"""Seconds after which a form cannot be opened any more."""
EXPIRED = 1801
"""Seconds after which a response URL is worth nothing any more."""


def routes(stage: Stage) -> Router:
    """Return the stage's declarations, ``ask`` and ``practice`` with a question, and a Home tab with the same."""
    router = Router()
    router.include([stage_router(stage), _questions(), _answers()])
    return router


def _questions() -> Router:
    router = Router()

    @router.command("practice", "A question")
    async def practice(_event: Invocation, _services: object) -> Message:
        return QUESTION

    @router.command("ask", "A question for everybody", answer=Answer.PUBLIC)
    async def ask(_event: Invocation, _services: object) -> Message:
        return QUESTION

    @router.page("home")
    async def home(_event: Opening, _services: object) -> Message:
        return QUESTION

    return router


def _answers() -> Router:
    router = Router()
    for answer in (Answer.UPDATE, Answer.PRIVATE, Answer.PUBLIC):

        @router.press(answer.value, answer)
        async def that_one(_event: Press, _services: object) -> Message:
            return Message(text="that one")

    @router.press("form", Answer.MODAL)
    async def form(_event: Press, _services: object) -> Modal:
        return FORM

    @router.press("refuse", Answer.UPDATE)
    async def refuse(_event: Press, _services: object) -> Message:
        raise BadInput("Not so.", "Press another.")

    @router.submit("sent", Answer.UPDATE)
    async def sent(event: Submission, _services: object) -> Message:
        if event.inputs["word"] == "wrong":
            raise BadInput("Not so.", "Write another.")
        return Message(text=f"you wrote {event.inputs['word']}")

    return router


async def asked(loopback: Loopback, command: str = "/ask") -> StoredMessage:
    """Return a question that Ada asked for: for everybody, or with ``/practice`` for her alone."""
    record = await loopback.done(await loopback.slack.command(loopback.ada, loopback.channel, command))
    assert record.original is not None
    return record.original


async def pressed(loopback: Loopback, message: StoredMessage, name: str, age: float = 0) -> Interaction:
    """Let Ada press a button of a question, ``age`` seconds ago."""
    record = await loopback.slack.press(loopback.ada, message, f"{name}.1")
    record.age = age
    return await loopback.done(record)


async def pressed_within(loopback: Loopback, view: StoredView, name: str, age: float = 0) -> Interaction:
    """Let Ada press a button within a modal or on her Home."""
    record = await loopback.slack.press_modal(loopback.ada, view, f"{name}.1")
    record.age = age
    return await loopback.done(record)


async def modal(loopback: Loopback) -> StoredView:
    """Return a modal with a question, from the shortcut."""
    record = await loopback.done(await loopback.slack.shortcut(loopback.ada, "practice"))
    assert record.opened is not None
    return record.opened


async def home(loopback: Loopback) -> StoredView:
    """Return Ada's Home tab."""
    await loopback.done(await loopback.slack.open_home(loopback.ada))
    view = loopback.slack.home_of(loopback.ada)
    assert view is not None
    return view


def said(message: StoredMessage | StoredView | None) -> str:
    """Return the first words of a message or a view, without what its buttons say."""
    assert message is not None
    return message.texts[0]


def all_said(loopback: Loopback, channel: Channel | None = None, *, by_grace: bool = False) -> list[str]:
    """Return the first words of everything that Ada, or Grace, sees in a channel."""
    person = loopback.grace if by_grace else loopback.ada
    return [said(message) for message in loopback.slack.seen_by(person, channel or loopback.channel)]


def in_chat(loopback: Loopback) -> list[str]:
    """Return what Ada was told in the app's own conversation with her."""
    return all_said(loopback, loopback.slack.dm(loopback.ada))
