"""The use case: who leads in a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.ledger import Board
from bot.ports import Clock, Storage
from bot.practice.calendar import ALL, Calendar, month_of, week_of
from bot.refs import Actor, WorkspaceRef

TOP = 10


class Period(StrEnum):
    """How far back a board looks."""

    WEEK = "week"
    MONTH = "month"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """A board as one person reads it; ``resets`` is when it starts anew, in UTC, or None."""

    board: Board
    period: Period
    resets: datetime | None
    hidden: bool


class Boards:
    """Read the boards of a workspace."""

    def __init__(self, storage: Storage, clock: Clock, calendar: Calendar) -> None:
        self._storage = storage
        self._clock = clock
        self._calendar = calendar

    async def read(self, actor: Actor, workspace: WorkspaceRef, period: Period) -> Leaderboard:
        """Return the head of a board and the reader's own row."""
        now = self._clock.now()
        key, resets = self._window(period, now)
        async with self._storage.snapshot() as work:
            person = await work.people.find(actor)
            board = await work.standings.board(workspace, key, person.id if person else None, TOP)
        return Leaderboard(board, period, resets, hidden=bool(person and person.hidden))

    def _window(self, period: Period, now: datetime) -> tuple[str, datetime | None]:
        day = self._calendar.day(now)
        match period:
            case Period.WEEK:
                return week_of(day), self._calendar.next_week(now)
            case Period.MONTH:
                return month_of(day), self._calendar.next_month(now)
            case Period.ALL:
                return ALL, None
