"""Answer one act: by its response URL while that lives, in a modal where there is no message, else in the app's chat.

Slack was told already that the act arrived, so nothing here runs against its three seconds but opening a modal.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from adapters.slack.api import LONGEST_PAUSE, SlackApi
from adapters.slack.events import HOME, Act
from adapters.slack.failures import Refused, TriggerSpent
from adapters.slack.pictures import Pictures
from adapters.slack.render import (
    NO_COMMANDS,
    Commands,
    render_blocks,
    render_content,
    render_home,
    render_modal,
)
from bot.commands import Answer
from bot.errors import Gone, RateLimited, Unreachable
from bot.message import Message, Modal, Tone

TOO_LATE = Message(text="The form could not be opened in time. Press the button again.", tone=Tone.ERROR)


class SlackResponder:
    """The Responder port."""

    def __init__(self, act: Act, api: SlackApi, pictures: Pictures, commands: Commands = NO_COMMANDS) -> None:
        self._act = act
        self._api = api
        self._pictures = pictures
        self._commands = commands

    async def defer(self, answer: Answer) -> None:
        """Do nothing: Slack and its person have been told since the act arrived."""

    async def respond(self, message: Message, answer: Answer) -> None:
        """Give the answer as declared."""
        if self._act.kind == HOME:
            await self._publish(message)
        else:
            await self._pictures.show(self._act.team, message.images, lambda files: self._say(message, files, answer))

    async def open(self, modal: Modal) -> None:
        """Open a form, over the modal that holds the pressed control if there is one."""
        view = render_modal(modal, self._act.origin.encode())
        method = "views.push" if self._act.origin.view else "views.open"
        try:
            await self._call(method, trigger_id=self._act.trigger, view=view)
        except TriggerSpent:
            await self.fail(TOO_LATE)

    async def fail(self, message: Message) -> None:
        """Tell the person alone; a modal that holds the pressed control stays as it is, below."""
        if self._act.kind == HOME:
            await self._publish(message)
        elif self._act.origin.view:
            await self._over_view(message)
        else:
            await self._say(message, (), Answer.PRIVATE)

    async def _say(self, message: Message, files: Sequence[str], answer: Answer) -> None:
        origin = self._act.origin
        if origin.view:
            await self._in_view(message, files, origin.view)
        elif origin.response_url:
            await self._by_url(message, files, answer)
        elif answer is Answer.PUBLIC and origin.channel:
            await self._call(
                "chat.postMessage", channel=origin.channel, **render_content(message, files, self._commands)
            )
        else:
            await self._in_new_view(message, files)

    async def _by_url(self, message: Message, files: Sequence[str], answer: Answer) -> None:
        origin = self._act.origin
        replaces = answer is Answer.UPDATE and bool(origin.message)
        kind = "in_channel" if answer is Answer.PUBLIC or (replaces and not origin.private) else "ephemeral"
        body = {**render_content(message, files, self._commands), "response_type": kind, "replace_original": replaces}
        try:
            await self._post(origin.response_url, body, again=replaces)
        except Gone:
            if replaces and not origin.private:
                content = render_content(message, files, self._commands)
                await self._call("chat.update", channel=origin.channel, ts=origin.message, **content)
            else:
                await self._in_chat(message, files)

    async def _post(self, url: str, body: dict[str, Any], *, again: bool) -> None:
        """Post to the response URL; only what replaces a message is sent again when nobody knows whether it arrived."""
        for last in (False, True):
            try:
                await self._api.respond(url, body)
            except RateLimited as limit:
                if last or limit.retry_after > LONGEST_PAUSE:
                    raise
                await asyncio.sleep(limit.retry_after)
            except Unreachable:
                if last or not again:
                    raise
            else:
                return

    async def _in_view(self, message: Message, files: Sequence[str], view: str) -> None:
        try:
            await self._call("views.update", view_id=view, view=self._view(message, files))
        except Gone:
            await self._in_new_view(message, files)

    async def _in_new_view(self, message: Message, files: Sequence[str]) -> None:
        """Show it in a modal; where it is too late for one, in the app's own conversation with the person."""
        try:
            view = self._view(message, files)
            await self._call("views.open", trigger_id=self._act.trigger, view=view)
        except TriggerSpent:
            await self._in_chat(message, files)

    async def _over_view(self, message: Message) -> None:
        try:
            await self._call("views.push", trigger_id=self._act.trigger, view=self._view(message, ()))
        except (Gone, Refused):  # too late, closed, or three lie upon each other already
            await self._in_chat(message, ())

    async def _in_chat(self, message: Message, files: Sequence[str]) -> None:
        """Say it in the app's own conversation with the person."""
        await self._call("chat.postMessage", channel=self._act.user, **render_content(message, files, self._commands))

    async def _publish(self, message: Message) -> None:
        view = render_home(message, (), self._commands)
        await self._call("views.publish", user_id=self._act.user, view=view)

    def _view(self, message: Message, files: Sequence[str]) -> dict[str, Any]:
        """Return a modal that shows a message."""
        words = {"type": "plain_text", "text": "Warmup"}
        close = {"type": "plain_text", "text": "Close"}
        blocks = render_blocks(message, files, self._commands)
        return {"type": "modal", "title": words, "close": close, "blocks": blocks}

    async def _call(self, method: str, **arguments: Any) -> None:
        await self._api.call(self._act.team, method, enterprise=self._act.enterprise, **arguments)
