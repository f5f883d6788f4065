"""A room in which moderators run the schedules of questions of the day; nothing that is due happens by itself."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from bot.message import Message
from bot.ports import Storage
from bot.refs import ChannelRef, MessageRef, Role, UserRef, WorkspaceRef
from bot.scheduling import Daily, Schedule
from questions.model import Question
from tests.support.room import Room
from tests.support.world import someone

GRACE = someone("Grace", role=Role.MODERATOR)


class Wall:
    """The Platform port: ``words`` say what is in the way; nothing is ever posted."""

    def __init__(self) -> None:
        self.words = ""
        self.asked: list[tuple[str, bool, str]] = []

    async def send(
        self, channel: ChannelRef, message: Message, key: str = "", since: datetime | None = None
    ) -> MessageRef:
        raise AssertionError(f"posted {message} in {channel} as {key} since {since}")

    async def edit(self, ref: MessageRef, message: Message) -> None:
        raise AssertionError(f"edited {ref}: {message}")

    async def thread(self, ref: MessageRef, name: str) -> ChannelRef:
        raise AssertionError(f"opened {name} under {ref}")

    async def tell(self, user: UserRef, workspace: WorkspaceRef, message: Message, key: str = "") -> None:
        raise AssertionError(f"told {user} in {workspace}: {message} as {key}")

    async def obstacle(self, channel: ChannelRef, *, threads: bool = False, notify: str = "") -> str:
        self.asked.append((channel.id, threads, notify))
        return self.words


class ScheduleRoom(Room):
    """People type, press and send; the wall stands in for the platform."""

    def __init__(self, storage: Storage, *questions: Question, **parts: Any) -> None:
        super().__init__(storage, *questions, **parts)
        self.wall = Wall()
        self.posting.connect("test", self.wall)

    async def schedule(self, number: int = 1) -> Schedule:
        """Return a schedule as it is kept."""
        async with self.storage.snapshot() as work:
            found = await work.schedules.get(number)
        assert found is not None
        return found

    async def daily(self, day: date, number: int = 1) -> Daily | None:
        """Return a schedule's question of a date."""
        async with self.storage.snapshot() as work:
            return await work.dailies.of_day(number, day)
