"""Practising from the first question to the next, as people do it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from adapters.storage.work import SqlStorage
from bot.commands import Answer
from bot.message import Message, Tone
from questions.model import Question
from tests.support.items import many, number, one, order, text, truth
from tests.support.responder import Failed, Responded
from tests.support.room import ADA, BOB, Room, letter_of, question_of, refusal_of, token_of

ALREADY = "You have answered or skipped this one already. Press Next for another question."
Act = Callable[[Room, Message], Awaitable[Message]]


def choose(*options: str) -> Act:
    async def act(room: Room, message: Message) -> Message:
        letters = [letter_of(message, option) for option in options]
        if len(options) == 1 and not message.rows[0].__class__.__name__ == "Select":
            return await room.press(ADA, token_of(message, letters[0]))
        return await room.press(ADA, token_of(message, "Choose all that apply"), *letters)

    return act
