"""The use case: who leads in a workspace, people or teams, in a period, perhaps on one topic alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.ledger import Board, Cursor, TeamBoard
from bot.ports import Clock, Storage, UnitOfWork
from bot.practice.calendar import ALL, Calendar, month_of, on_topic, week_of
from bot.refs import Actor, WorkspaceRef
from bot.teams import Team

PAGE = 10


class Period(StrEnum):
    """How far back a board looks."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    SEASON = "season"
    ALL = "all"


class Who(StrEnum):
    """Whose board it is."""

    PEOPLE = "people"
    TEAMS = "teams"


@dataclass(frozen=True, slots=True)
class View:
    """Which board somebody looks at, and at which page of it; without a cursor the first."""

    who: Who = Who.PEOPLE
    period: Period = Period.WEEK
    topic: str = ""
    cursor: Cursor | None = None


@dataclass(frozen=True, slots=True)
class InTeam:
    """The reader's team, and where they stand in it: ``rank`` of ``size`` who earned something for it, or 0."""

    team: Team
    rank: int
    size: int


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """A board as one person reads it; ``resets`` is when it starts anew, in UTC, or None.

    ``people`` or ``teams`` is the page, whichever the view is of; ``own_team`` is the board's row of their team.
    """

    view: View
    people: Board | None
    teams: TeamBoard | None
    in_team: InTeam | None
    resets: datetime | None
    hidden: bool


class Boards:
    """Read the boards of a workspace."""

    def __init__(self, storage: Storage, clock: Clock, calendar: Calendar) -> None:
        self._storage = storage
        self._clock = clock
        self._calendar = calendar

    @property
    def periods(self) -> tuple[Period, ...]:
        """Return the periods that differ from one another: a season may be the month."""
        day = self._calendar.day(self._clock.now())
        return tuple(
            one for one in Period if one is not Period.SEASON or self._calendar.season_of(day) != month_of(day)
        )

    async def read(self, actor: Actor, workspace: WorkspaceRef, view: View) -> Leaderboard:
        """Return a page of a board, the reader's own row and that of their team."""
        now = self._clock.now()
        period, resets = self._window(view.period, now)
        key = on_topic(period, view.topic)
        async with self._storage.snapshot() as work:
            person = await work.people.find(actor)
            team = None if person is None else await work.teams.of(workspace, person.id)
            reader = None if person is None else person.id
            own_team = None if team is None else team.id
            people = teams = None
            if view.who is Who.PEOPLE:
                people = await work.standings.board(workspace, key, reader, PAGE, view.cursor)
                teams = await work.standings.teams(workspace, key, own_team, 0) if team else None
            else:
                teams = await work.standings.teams(workspace, key, own_team, PAGE, view.cursor)
            in_team = None if team is None or reader is None else await _in_team(work, key, team, reader)
        return Leaderboard(view, people, teams, in_team, resets, hidden=bool(person and person.hidden))

    def _window(self, period: Period, now: datetime) -> tuple[str, datetime | None]:
        day = self._calendar.day(now)
        match period:
            case Period.TODAY:
                return str(day), self._calendar.next_day(now)
            case Period.WEEK:
                return week_of(day), self._calendar.next_week(now)
            case Period.MONTH:
                return month_of(day), self._calendar.next_month(now)
            case Period.SEASON:
                return self._calendar.season_of(day), self._calendar.season_end(now)
            case Period.ALL:
                return ALL, None


async def _in_team(work: UnitOfWork, key: str, team: Team, reader: int) -> InTeam:
    """Return where somebody stands among those who earned something for their team; the same points share a rank."""
    earned = await work.standings.in_team(team.workspace, key, team.id)
    mine = next((one.points for one in earned if one.person == reader), 0)
    return InTeam(team, 1 + sum(one.points > mine for one in earned) if mine else 0, len(earned))
