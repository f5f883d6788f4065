"""The use case: a channel gets a summary of each week, on the Monday after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.errors import BadInput, NotAllowed
from bot.ledger import Board, TeamBoard
from bot.ports import Clock, Storage
from bot.posting import Posting
from bot.practice.calendar import Calendar, week_of
from bot.practice.streaks import enter
from bot.refs import Actor, ChannelRef
from bot.summaries import Summary
from bot.zones import resolve

USUAL = time(9)
TOP = 10
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Digest:
    """A week as it ended: ``monday`` is its first day."""

    monday: date
    people: Board
    teams: TeamBoard


@dataclass(frozen=True, slots=True)
class Wish:
    """What a channel gets: None for nothing; ``due`` is when the next one is posted, in UTC."""

    summary: Summary | None
    due: datetime


class Weekly:
    """Keeps which channels want summaries, and reads what one says."""

    def __init__(self, storage: Storage, clock: Clock, calendar: Calendar, posting: Posting) -> None:
        self._storage = storage
        self._clock = clock
        self._calendar = calendar
        self._posting = posting

    async def wish(self, channel: ChannelRef) -> Wish:
        """Return what a channel gets."""
        async with self._storage.snapshot() as work:
            summary = await work.summaries.of(channel)
        return Wish(summary, self.next_due(USUAL if summary is None else summary.at, self._clock.now()))

    async def begin(self, actor: Actor, channel: ChannelRef, at: time | None) -> Wish:
        """Post a summary every Monday from the next one on; without a time at the one it has, or the usual.

        Raises NotAllowed outside a channel, and BadInput for whatever keeps Warmup from posting in it.
        """
        if channel.direct or channel.workspace.personal:
            raise NotAllowed("A summary needs a channel of your team.", "Type `/weekly post:yes` in one.")
        obstacle = await self._posting.obstacle(channel)
        if obstacle:
            raise BadInput(obstacle, "Then type `/weekly post:yes` again.")
        now = self._clock.now()
        async with self._storage.transaction() as work:
            person = await enter(work, actor, now, self._calendar)
            before = await work.summaries.of(channel)
            wanted = at or (USUAL if before is None else before.at)
            summary = await work.summaries.put(channel, wanted, person.id, now)
            due = self.next_due(summary.at, now)
            key = key_of(summary)
            if not await work.errands.add(key, "weekly", channel.workspace.platform, summary.id, due):
                await work.errands.move(key, due)
        return Wish(summary, due)

    async def end(self, channel: ChannelRef) -> Wish:
        """Post no more; one that gets none already is no fault."""
        async with self._storage.transaction() as work:
            summary = await work.summaries.of(channel)
            if summary is not None:
                await work.errands.drop(key_of(summary))
                await work.summaries.remove(summary.id)
        return Wish(None, self.next_due(USUAL, self._clock.now()))

    def next_due(self, at: time, now: datetime) -> datetime:
        """Return the first Monday at a wall-clock time after an instant, in UTC."""
        day = self._calendar.day(now)
        monday = day - timedelta(days=day.weekday())
        due = resolve(monday, at, self._calendar.zone)
        return due if due > now else resolve(monday + WEEK, at, self._calendar.zone)

    async def digest(self, channel: ChannelRef, due: datetime) -> Digest:
        """Return the week that was over when a summary was due."""
        monday = self._calendar.day(due) - WEEK
        monday -= timedelta(days=monday.weekday())
        async with self._storage.snapshot() as work:
            people = await work.standings.board(channel.workspace, week_of(monday), None, TOP)
            teams = await work.standings.teams(channel.workspace, week_of(monday), None, TOP)
        return Digest(monday, people, teams)


def key_of(summary: Summary) -> str:
    """Return the key of the errand that posts a summary."""
    return f"weekly:{summary.id}"
