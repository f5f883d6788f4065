"""A process that dies: after a number of steps, each a transaction or something said to a platform, nothing goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from adapters.storage.work import SqlStorage
from bot.message import Message
from bot.ports import UnitOfWork
from bot.refs import ChannelRef, MessageRef, UserRef, WorkspaceRef
from tests.support.noticeboard import Noticeboard


class Died(BaseException):
    """The process is gone; nothing of ours can catch this."""


class Life:
    """How many steps a process still does; the one after which it dies is done whole."""

    def __init__(self, steps: int) -> None:
        self.left = steps
        self.taken: list[str] = []

    def step(self, what: str) -> None:
        self.taken.append(what)
        self.left -= 1
        if self.left == 0:
            raise Died(what)


class MortalStorage:
    """The Storage port over a database, as a process sees it that dies."""

    def __init__(self, storage: SqlStorage, life: Life) -> None:
        self._storage = storage
        self._life = life

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[UnitOfWork]:
        async with self._storage.transaction() as work:
            yield work
        self._life.step("transaction")

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[UnitOfWork]:
        async with self._storage.snapshot() as work:
            yield work


class MortalPlatform:
    """The Platform port over a notice board, as a process sees it that dies."""

    def __init__(self, board: Noticeboard, life: Life) -> None:
        self._board = board
        self._life = life

    async def send(
        self, channel: ChannelRef, message: Message, key: str = "", since: datetime | None = None
    ) -> MessageRef:
        sent = await self._board.send(channel, message, key, since)
        self._life.step(f"send {key}")
        return sent

    async def edit(self, ref: MessageRef, message: Message) -> None:
        await self._board.edit(ref, message)
        self._life.step("edit")

    async def thread(self, ref: MessageRef, name: str) -> ChannelRef:
        return await self._board.thread(ref, name)

    async def tell(self, user: UserRef, workspace: WorkspaceRef, message: Message, key: str = "") -> None:
        await self._board.tell(user, workspace, message, key)

    async def obstacle(self, channel: ChannelRef, *, threads: bool = False, notify: str = "") -> str:
        return await self._board.obstacle(channel, threads=threads, notify=notify)
