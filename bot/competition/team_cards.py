"""The use case: show a team to somebody, and the teams that there are."""

from __future__ import annotations

from dataclasses import dataclass

from bot.competition.boards import Period
from bot.competition.team_access import Visit, reading
from bot.ledger import Contribution, TeamStanding
from bot.ports import Clock, Storage
from bot.practice.calendar import ALL, Calendar, month_of, week_of
from bot.refs import Actor, WorkspaceRef
from bot.teams import Member, Team

PAGE = 10
"""Teams that are shown at once."""


@dataclass(frozen=True, slots=True)
class Span:
    """How a team stands in a period, None without points, among ``size`` teams."""

    period: Period
    standing: TeamStanding | None
    size: int


@dataclass(frozen=True, slots=True)
class Card:
    """A team as one person sees it: ``mine`` is the team that they are in where it is, ``leads`` if they may change it.

    ``earned`` is what each earned for it this month, also of those who left. ``here`` if they look where the team is.
    """

    team: Team
    members: tuple[Member, ...]
    reader: int | None
    mine: Team | None
    invited: bool
    leads: bool
    here: bool
    limit: int
    spans: tuple[Span, ...]
    earned: tuple[Contribution, ...]

    @property
    def inside(self) -> bool:
        """Tell whether the reader is in the team."""
        return self.mine is not None and self.mine.id == self.team.id

    @property
    def joinable(self) -> bool:
        """Tell whether the reader can join it now."""
        return self.mine is None and (self.team.open or self.invited) and self.team.size < self.limit


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the teams of a workspace, from 0, of ``total`` teams; ``mine`` is the reader's own."""

    teams: tuple[Team, ...]
    page: int
    total: int
    mine: Team | None
    limit: int

    @property
    def more(self) -> bool:
        """Tell whether there is another page."""
        return (self.page + 1) * PAGE < self.total


class TeamCards:
    """Reads teams; those of another workspace are shown only to who is in them or was invited."""

    def __init__(self, storage: Storage, clock: Clock, calendar: Calendar) -> None:
        self._storage = storage
        self._clock = clock
        self._calendar = calendar

    async def show(self, actor: Actor, workspace: WorkspaceRef, which: str | int = "") -> Card:
        """Return a team by its id or name, or the reader's own.

        Raises NothingFound or Expired.
        """
        async with reading(self._storage, actor, workspace) as visit:
            return await self.card(visit, (await visit.meant(which)).id)

    async def listed(self, actor: Actor, workspace: WorkspaceRef, page: int) -> Listed:
        """Return a page of the teams by name; beyond the last that one."""
        async with reading(self._storage, actor, workspace) as visit:
            there = await visit.work.teams.all(workspace)
            page = max(min(page, (len(there) - 1) // PAGE), 0)
            shown = tuple(there[page * PAGE : (page + 1) * PAGE])
            return Listed(shown, page, len(there), await visit.mine(), await visit.limit(workspace))

    async def card(self, visit: Visit, number: int) -> Card:
        """Return a team that is there as it stands in somebody's transaction."""
        work, person = visit.work, visit.person
        team = await work.teams.get(number)
        assert team is not None
        day = self._calendar.day(self._clock.now())
        keys = {Period.WEEK: week_of(day), Period.MONTH: month_of(day), Period.ALL: ALL}
        boards = {period: await work.standings.teams(team.workspace, key, number, 0) for period, key in keys.items()}
        return Card(
            team=team,
            members=tuple(await work.teams.members(number)),
            reader=None if person is None else person.id,
            mine=None if person is None else await work.teams.of(team.workspace, person.id),
            invited=await work.teams.invited(number, visit.actor.user),
            leads=visit.leads(team),
            here=visit.workspace == team.workspace,
            limit=await visit.limit(team.workspace),
            spans=tuple(Span(period, board.own, board.size) for period, board in boards.items()),
            earned=tuple(await work.standings.in_team(team.workspace, month_of(day), number)),
        )
