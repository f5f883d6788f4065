"""Single acts of people, each with a responder to it, and what they see of the answers."""

from __future__ import annotations

from adapters.discord.turn import DiscordResponder
from bot.commands import Answer
from bot.message import Action, Button, Image, Message, Tone
from tests.support.discord.interactions import InteractionRecord
from tests.support.discord.state import StoredMessage
from tests.support.picture import PNG
from tests.unit.adapters.discord.conftest import Loopback

BUTTON = Action("go")
QUESTION = Message(text="which?", rows=((Button("Go", BUTTON),),), images=(Image(PNG, "a grey dot"),))
ANSWER = Message(text="that one @everyone <@&5>")
SORRY = Message(text="sorry", tone=Tone.ERROR)

Turn = tuple[InteractionRecord, DiscordResponder]


async def typed(loopback: Loopback) -> Turn:
    """Let Ada type a command."""
    return await loopback.turn(lambda: loopback.discord.slash(loopback.ada, loopback.channel, "ask"))


async def pressed(loopback: Loopback, message: StoredMessage) -> Turn:
    """Let Ada press the button of a question."""
    return await loopback.turn(lambda: loopback.discord.press(loopback.ada, message, BUTTON.encode()))


async def question(loopback: Loopback) -> StoredMessage:
    """Return a public message with a button and a picture."""
    record, responder = await typed(loopback)
    await responder.respond(QUESTION, Answer.PUBLIC)
    assert record.original is not None
    return record.original


def seen_by_all(loopback: Loopback) -> list[list[str]]:
    """Return what everybody sees."""
    return [message.texts for message in loopback.discord.seen_by(loopback.grace, loopback.channel)]
