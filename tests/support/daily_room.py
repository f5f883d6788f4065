"""A room with a question of the day: what is due is done by a worker of its own, which comes after a restart too."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.storage.errand_queue import SqlErrandQueue
from adapters.storage.work import SqlStorage
from bot.events import Opening
from bot.features.services import make_services
from bot.message import Button, Message
from bot.refs import Actor, ChannelRef, Role
from bot.scheduling import Daily, DailyAnswer
from questions.model import Question
from scheduler.errands import Errander
from scheduler.handlers import all_handlers
from tests.support.noticeboard import Notice, Noticeboard
from tests.support.roleboard import Roleboard
from tests.support.room import Room, answer_of, letter_of, token_of
from tests.support.world import someone

GRACE = someone("Grace", role=Role.MODERATOR)
POSTED = datetime(2026, 11, 24, 9, tzinfo=UTC)
"""When the first question of ``set_up`` as it stands is posted, and when it closes."""
CLOSED = datetime(2026, 11, 25, 9, tzinfo=UTC)
SEVERAL = "Choose all that apply"
_numbers = itertools.count(1)


class DailyRoom(Room):
    """People in a room whose notice board is the platform."""

    def __init__(self, storage: SqlStorage, *questions: Question, **parts: Any) -> None:
        super().__init__(storage, *questions, **parts)
        self.rows = storage
        self.board = Noticeboard()
        self.roles = Roleboard()
        self.posting.connect("test", self.board, self.roles)

    async def set_up(self, text: str = "time:09:00 zone:UTC days:daily") -> int:
        """Set up a schedule and return its number."""
        told = await self.command(GRACE, "daily setup", text)
        found = re.search(r"schedule (\d+)", f"{told.title} {told.text} {told.footer}", re.IGNORECASE)
        assert found, told
        return int(found[1])

    def errander(self) -> Errander:
        """Return a worker as after a restart."""
        services = make_services(self.storage, self.bank, self.clock, self.chance, self.rules, self.posting)
        handlers = all_handlers(self.storage, services, self.clock)
        names = lambda: self.posting.names  # noqa: E731 - the worker asks anew each time
        return Errander(SqlErrandQueue(self.rows), handlers, names, self.clock, f"worker-{next(_numbers)}")

    async def work(self) -> None:
        """Do whatever is due now, and what that makes due."""
        await self.errander().settle()

    async def live_until(self, until: datetime, step: timedelta = timedelta(minutes=10)) -> None:
        """Let time go by, with a worker that ticks all the while."""
        while self.clock.at < until:
            self.clock.at = min(self.clock.at + step, until)
            await self.work()

    async def begin(self, text: str = "time:09:00 zone:UTC days:daily") -> Message:
        """Set up a schedule, wait until its first question is posted, and return the post."""
        await self.set_up(text)
        self.clock.at = POSTED
        await self.work()
        return self.post.message

    async def choose(self, who: Actor, message: Message, *options: str) -> Message:
        """Choose options by their words: one by its button, several in the list."""
        letters = [letter_of(message, option) for option in options]
        several = any(not isinstance(row, tuple) for row in message.rows)
        token = token_of(message, SEVERAL if several else letters[0])
        return await self.press(who, token, *(letters if several else ()))

    async def close(self) -> Message:
        """Wait until the first question has closed, and return its result."""
        await self.live_until(CLOSED, timedelta(hours=6))
        return self.board.results[-1].message

    async def answers(self, number: int = 1) -> Sequence[DailyAnswer]:
        """Return the answers to a question of the day that came in time."""
        async with self.storage.snapshot() as work:
            return await work.daily_answers.all(number)

    async def opened(self, who: Actor) -> Message:
        """Open the page that a platform shows by itself."""
        event = Opening(id="1", actor=who, channel=self.channel, at=self.clock.now(), page="home")
        return answer_of(await self._happen(event))

    def at(self, channel: ChannelRef) -> None:
        """Go to another channel."""
        self.channel = channel

    @property
    def post(self) -> Notice:
        """Return the newest question of the day."""
        return self.board.posts[-1]

    async def daily(self, number: int) -> Daily:
        """Return a question of the day."""
        async with self.storage.snapshot() as work:
            found = await work.dailies.get(number)
        assert found is not None
        return found


def button(message: Message, label: str) -> str:
    """Return what a button sends."""
    for row in message.rows:
        for part in row if isinstance(row, tuple) else ():
            if isinstance(part, Button) and part.label == label:
                return part.action.encode()
    raise AssertionError(f"no {label} in {message.rows}")
