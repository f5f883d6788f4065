"""Answer one act of a person at the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from adapters.browser.hub import Connection, Hub
from adapters.browser.render import Json, message_body, modal_body
from bot.commands import Answer
from bot.message import Message, Modal

WARMUP: Json = {"name": "Warmup", "bot": True}


@dataclass(frozen=True, slots=True)
class BrowserResponder:
    """The Responder port; ``origin`` is the message whose control was used, if the person may see it."""

    hub: Hub
    connection: Connection
    act: str
    channel: str
    origin: int | None

    async def defer(self, answer: Answer) -> None:
        """Tell the page that the answer will take a moment."""
        self.connection.tell({"type": "working", "id": self.act, "private": answer is not Answer.PUBLIC})

    async def respond(self, message: Message, answer: Answer) -> None:
        """Give the answer as declared; it is kept even if the page is gone, and shown when it is back."""
        match answer:
            case Answer.PUBLIC:
                await self.hub.post(self.channel, "", WARMUP, message_body(message))
            case Answer.UPDATE if self.origin is not None:
                await self.hub.replace(self.origin, message_body(message), edited=False)
            case Answer.PRIVATE | Answer.UPDATE | Answer.MODAL:
                await self.hub.post(self.channel, self.connection.member, WARMUP, message_body(message))
            case _:
                assert_never(answer)

    async def open(self, modal: Modal) -> None:
        """Open a form on the page that asked for it."""
        frame = {"type": "modal", "id": self.act, "channel": self.channel, "message": self.origin}
        self.connection.tell({**frame, "modal": modal_body(modal)})

    async def fail(self, message: Message) -> None:
        """Tell the person alone."""
        await self.hub.post(self.channel, self.connection.member, WARMUP, message_body(message))
