"""Competitions, in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, literal, select, union_all, update
from sqlalchemy import insert as plain_insert

from adapters.storage.competition_tables import competitions, entrants, rosters, team_members
from adapters.storage.statements import Statements
from bot.competing import Between, Competition, CompetitionState, Rule
from bot.refs import ChannelRef, WorkspaceRef


class SqlCompetitions:
    """The Competitions port."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def begin_due(self, workspace: WorkspaceRef, now: datetime) -> Sequence[int]:
        """Start each competition whose instant has come, and lock its roster: who is in its teams at this moment."""
        begun = (
            update(competitions)
            .where(
                competitions.c.workspace == workspace.key,
                competitions.c.state == CompetitionState.OPEN,
                competitions.c.starts_at <= now,
            )
            .values(state=CompetitionState.RUNNING)
            .returning(competitions.c.id)
        )
        found = sorted((await self._statements.execute(begun)).scalars())
        for competition in found:
            of_teams = (
                select(literal(competition), team_members.c.person_id, team_members.c.team_id)
                .join(entrants, entrants.c.team_id == team_members.c.team_id)
                .where(entrants.c.competition_id == competition)
            )
            alone = select(entrants.c.competition_id, entrants.c.person_id, literal(None)).where(
                entrants.c.competition_id == competition, entrants.c.person_id != 0
            )
            names = ["competition_id", "person_id", "team_id"]
            await self._statements.execute(plain_insert(rosters).from_select(names, union_all(of_teams, alone)))
        return found

    async def counting(self, workspace: WorkspaceRef, person: int) -> Sequence[Competition]:
        """Return the running competitions on whose roster somebody is."""
        theirs = (
            select(competitions)
            .join(rosters, rosters.c.competition_id == competitions.c.id)
            .where(
                competitions.c.workspace == workspace.key,
                competitions.c.state == CompetitionState.RUNNING,
                rosters.c.person_id == person,
            )
            .order_by(competitions.c.id)
        )
        return [_competition(row) for row in await self._statements.execute(theirs)]


def _competition(row: Row[Any]) -> Competition:
    platform, _, workspace = row.workspace.partition(":")
    return Competition(
        id=row.id,
        channel=ChannelRef(WorkspaceRef(platform, workspace), row.channel, thread=row.channel_thread),
        name=row.name,
        between=Between(row.between),
        rule=Rule(row.rule),
        topics=tuple(row.topics.split()),
        levels=tuple(row.levels.split()),
        reasons=tuple(row.reasons.split()),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        state=CompetitionState(row.state),
        owner=row.owner_id,
    )
