"""When a season ends, and what its standings are then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.ledger import Board, TeamBoard
from bot.ports import Clock, Storage
from bot.practice.calendar import Calendar
from bot.refs import ChannelRef, WorkspaceRef
from bot.scheduling import ScheduleState

TOP = 10
LEAD = timedelta(minutes=1)
"""How long before a season ends its standings are posted: nothing has been reset by then."""
AFTER = timedelta(minutes=1)
"""How long after the end they are made final, unless a question of the season is still open."""
AGAIN = timedelta(minutes=10)
"""How long to wait for questions of the season that are still open."""


@dataclass(frozen=True, slots=True)
class Final:
    """A season's standings; ``final`` once nothing of it is open any more. ``ends`` in UTC."""

    season: str
    board: Board
    teams: TeamBoard
    ends: datetime
    final: bool


class Seasons:
    """Reads how a season stands in a workspace."""

    def __init__(self, storage: Storage, clock: Clock, calendar: Calendar) -> None:
        self._storage = storage
        self._clock = clock
        self._calendar = calendar

    def next_post(self, at: datetime) -> datetime:
        """Return when the standings of a season are posted next."""
        due = self._calendar.season_end(at) - LEAD
        return due if due > at else self._calendar.season_end(at + LEAD) - LEAD

    async def standing(self, workspace: WorkspaceRef, at: datetime) -> Final:
        """Return the standings of the season of an instant."""
        ends, season = self._calendar.season_end(at), self._calendar.season_of(self._calendar.day(at))
        async with self._storage.snapshot() as work:
            board = await work.standings.board(workspace, season, None, TOP)
            teams = await work.standings.teams(workspace, season, None, TOP)
            still_open = await work.dailies.open_days(workspace)
        over = self._clock.now() >= ends
        waits = any(self._calendar.season_of(day) == season for day in still_open)
        return Final(season, board, teams, ends, final=over and not waits)

    async def is_wanted(self, channel: ChannelRef) -> bool:
        """Tell whether a channel still has questions of the day."""
        async with self._storage.snapshot() as work:
            schedules = await work.schedules.of(channel.workspace)
        return any(one.channel == channel and one.state is ScheduleState.ACTIVE for one in schedules)
