"""A platform of which nothing is known but the port: a notice board that remembers keys, and fails when told to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.errors import Gone
from bot.message import Message
from bot.refs import ChannelRef, MessageRef, UserRef, WorkspaceRef


@dataclass
class Notice:
    """A message that was put up: as it is now, and as it was at first."""

    channel: ChannelRef
    message: Message
    first: Message
    key: str
    edits: int = 0


@dataclass
class Noticeboard:
    """The Platform port; ``broken`` maps names of methods to what they raise, ``lost`` to what they raise once done."""

    obstacles: str = ""
    notices: list[Notice] = field(default_factory=list)
    told: list[tuple[UserRef, Message]] = field(default_factory=list)
    broken: dict[str, Exception] = field(default_factory=dict)
    lost: dict[str, Exception] = field(default_factory=dict)
    sinces: list[datetime | None] = field(default_factory=list)
    closed_threads: set[str] = field(default_factory=set)
    _keys: set[str] = field(default_factory=set)

    async def send(
        self, channel: ChannelRef, message: Message, key: str = "", since: datetime | None = None
    ) -> MessageRef:
        self._fail("send")
        if channel.thread in self.closed_threads:
            raise Gone("there is no such thread")
        self.sinces.append(since)
        known = next((place for place, notice in enumerate(self.notices) if key and notice.key == key), None)
        if known is None:
            self.notices.append(Notice(channel, message, message, key))
            known = len(self.notices) - 1
        if "send" in self.lost:
            raise self.lost["send"]
        return MessageRef(channel, str(known))

    async def edit(self, ref: MessageRef, message: Message) -> None:
        self._fail("edit")
        if int(ref.id) >= len(self.notices):
            raise Gone("there is no such message")
        notice = self.notices[int(ref.id)]
        notice.message, notice.edits = message, notice.edits + 1

    async def thread(self, ref: MessageRef, name: str) -> ChannelRef:
        self._fail("thread")
        assert name
        return replace(ref.channel, thread=ref.id)

    async def tell(self, user: UserRef, workspace: WorkspaceRef, message: Message, key: str = "") -> None:
        self._fail("tell")
        assert workspace.platform == user.platform
        if key in self._keys:
            return
        self._keys.add(key)
        self.told.append((user, message))

    async def obstacle(self, channel: ChannelRef, *, threads: bool = False, notify: str = "") -> str:
        assert channel.id
        assert isinstance(threads, bool)
        assert isinstance(notify, str)
        return self.obstacles

    def _fail(self, method: str) -> None:
        if method in self.broken:
            raise self.broken[method]

    @property
    def posts(self) -> list[Notice]:
        """Return the questions of the day."""
        return [notice for notice in self.notices if notice.key.startswith("daily:")]

    @property
    def results(self) -> list[Notice]:
        """Return the results."""
        return [notice for notice in self.notices if notice.key.startswith("result:")]

    @property
    def finals(self) -> list[Notice]:
        """Return the standings of seasons."""
        return [notice for notice in self.notices if notice.key.startswith("final:")]
