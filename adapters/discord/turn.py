"""Answer one interaction: Discord takes one first response within three seconds, then edits for fifteen minutes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import discord

from adapters.discord.failures import ALREADY_ANSWERED, NETWORK, translated
from adapters.discord.markdown import NO_COMMANDS, Commands
from adapters.discord.render import render_message, render_modal
from bot.commands import Answer
from bot.message import Message, Modal

TRIES = 3
PAUSE = 0.2
"""Seconds before a first response is sent again after the connection failed: there are three in all."""

T = TypeVar("T")

_NOTHING = Message(text="*This did not work out.*")
"""What everybody sees of a public answer that failed, until it is gone."""


class DiscordResponder:
    """The Responder port.

    A first response may have been taken although its confirmation was lost, or another process may have deferred; both
    show as "already answered", and then the answer goes on as an edit, which may be repeated.
    """

    def __init__(self, interaction: discord.Interaction[Any], commands: Commands = NO_COMMANDS) -> None:
        self._interaction = interaction
        self._commands = commands
        self._deferred: Answer | None = None
        self._acknowledged = False

    async def defer(self, answer: Answer) -> None:
        """Tell Discord that the answer will take a moment; private or public is fixed by that."""
        response = self._interaction.response
        private = answer is not Answer.PUBLIC
        self._deferred = answer
        if self._updates(answer):
            await self._first(response.defer)
        else:
            await self._first(lambda: response.defer(ephemeral=private, thinking=True))
        self._acknowledged = True

    async def respond(self, message: Message, answer: Answer) -> None:
        """Give the answer as declared."""
        if not self._acknowledged and await self._first(lambda: self._say(message, answer)):
            return
        await self._edit(message)

    async def open(self, modal: Modal) -> None:
        """Open a form."""
        await self._first(lambda: self._interaction.response.send_modal(render_modal(modal)))

    async def fail(self, message: Message) -> None:
        """Tell the person alone, whatever was deferred."""
        if not self._acknowledged and await self._first(lambda: self._say(message, Answer.PRIVATE), said=True):
            return
        if self._deferred is Answer.PRIVATE:
            await self._edit(message)
            return
        public = self._deferred is Answer.PUBLIC
        if public:
            # A follow-up to an answer that is still awaited would take its place, and be as public as it was promised.
            await self._edit(_NOTHING)

        async def tell() -> None:
            rendered = render_message(message, self._commands)
            await self._interaction.followup.send(view=rendered.view, files=rendered.files, ephemeral=True)

        with translated():
            await again(tell)
            if public:
                await again(self._interaction.delete_original_response)

    async def _say(self, message: Message, answer: Answer) -> None:
        rendered = render_message(message, self._commands)
        response = self._interaction.response
        if self._updates(answer):
            await response.edit_message(view=rendered.view, attachments=rendered.files)
        else:
            private = answer is not Answer.PUBLIC
            await response.send_message(view=rendered.view, files=rendered.files, ephemeral=private)

    async def _edit(self, message: Message) -> None:
        async def edit() -> None:
            rendered = render_message(message, self._commands)
            await self._interaction.edit_original_response(view=rendered.view, attachments=rendered.files)

        with translated():
            await again(edit)

    async def _first(self, respond: Callable[[], Awaitable[Any]], *, said: bool = False) -> bool:
        """Send the first response; false if there is one already.

        With ``said``, one that is there after a confirmation was lost is taken for this one.
        """
        tries = 0

        async def attempt() -> None:
            nonlocal tries
            tries += 1
            await respond()

        with translated():
            try:
                await again(attempt)
            except discord.InteractionResponded:
                return False
            except discord.HTTPException as error:
                if error.code != ALREADY_ANSWERED:
                    raise
                return said and tries > 1
            return True

    def _updates(self, answer: Answer) -> bool:
        return answer is Answer.UPDATE and self._interaction.message is not None


async def again(call: Callable[[], Awaitable[T]]) -> T:
    """Make a call that may be repeated, once more whenever the connection fails under it."""
    for _ in range(TRIES - 1):
        try:
            return await call()
        except NETWORK:
            await asyncio.sleep(PAUSE)
    return await call()
