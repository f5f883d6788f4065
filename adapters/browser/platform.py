"""The Platform port: say something on the page without being asked."""

from __future__ import annotations

import hashlib
from datetime import datetime

from adapters.browser.hub import Hub
from adapters.browser.render import message_body
from adapters.browser.turn import WARMUP
from bot.errors import Gone
from bot.markup import escape
from bot.message import Message
from bot.refs import ChannelRef, MessageRef, UserRef, WorkspaceRef

WORKSPACE = WorkspaceRef("browser", "local")
CHANNELS = {"study": "Practise together", "lounge": "Everything else"}
"""The page's channels and what they are for."""


class BrowserPlatform:
    """Posts to the page's channels."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def send(
        self,
        channel: ChannelRef,
        message: Message,
        key: str = "",
        since: datetime | None = None,  # noqa: ARG002 - keys are never forgotten here
    ) -> MessageRef:
        """Post a message for everybody in the channel, once for each key; it notifies nobody."""
        if not _is_there(channel):
            raise Gone(f"there is no channel {channel.id}")
        note = await self._hub.post(channel.id, "", WARMUP, message_body(message), key)
        return MessageRef(channel, str(note.id))

    async def edit(self, ref: MessageRef, message: Message) -> None:
        """Replace a message that was sent."""
        there = ref.id.isascii() and ref.id.isdigit()
        if not there or not await self._hub.replace(int(ref.id), message_body(message), edited=True):
            raise Gone(f"there is no message {ref.id}")

    async def thread(self, ref: MessageRef, name: str) -> ChannelRef:  # noqa: ARG002
        """Return the message's channel: the page has no threads."""
        return ref.channel

    async def tell(self, user: UserRef, workspace: WorkspaceRef, message: Message, key: str = "") -> None:
        """Tell a member alone, once for each key of theirs."""
        members = {member.id for member in await self._hub.transcript.members()}
        if workspace != WORKSPACE or user.platform != WORKSPACE.platform or user.id not in members:
            raise Gone(f"there is no member {user.id}")
        own = hashlib.sha256(f"{user.id}:{key}".encode()).hexdigest() if key else ""
        await self._hub.post(next(iter(CHANNELS)), user.id, WARMUP, message_body(message), own)

    async def obstacle(self, channel: ChannelRef, *, threads: bool = False, notify: str = "") -> str:  # noqa: ARG002
        """Return what keeps Warmup from posting there; nothing does in a channel that there is."""
        if _is_there(channel):
            return ""
        return f"There is no channel {escape(channel.id)} on this page. Choose one on the left."


def _is_there(channel: ChannelRef) -> bool:
    return channel.workspace == WORKSPACE and channel.id in CHANNELS
