"""Competitions, in the database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, literal, select, union_all, update
from sqlalchemy import insert as plain_insert

from adapters.storage import competition_scores
from adapters.storage.competition_tables import competitions, entrants, rosters, team_members
from adapters.storage.places import channel_of
from adapters.storage.statements import Statements, insert
from bot.competing import (
    Between,
    Competition,
    CompetitionState,
    Correction,
    Entrant,
    Gain,
    Rule,
    Score,
    Terms,
)
from bot.refs import ChannelRef, WorkspaceRef

LEAST = 2
"""How many must compete."""


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
        return [competition for competition in found if await self._lock_roster(competition)]

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

    async def add(self, channel: ChannelRef, terms: Terms, owner: int, now: datetime) -> int:
        """Keep a new competition, open and without entrants, and return its id."""
        new = insert(self._statements, competitions).values(
            platform=channel.workspace.platform,
            workspace=channel.workspace.key,
            channel=channel.id,
            channel_thread=channel.thread,
            name=terms.name,
            between=terms.between,
            rule=terms.rule,
            topics=" ".join(terms.topics),
            levels=" ".join(terms.levels),
            reasons=" ".join(terms.reasons),
            starts_at=terms.starts_at,
            ends_at=terms.ends_at,
            planned_end=terms.ends_at,
            state=CompetitionState.OPEN,
            owner_id=owner,
            made_at=now,
        )
        number: int = (await self._statements.execute(new.returning(competitions.c.id))).scalar_one()
        return number

    async def get(self, competition: int) -> Competition | None:
        """Return a competition."""
        row = (await self._statements.execute(select(competitions).where(competitions.c.id == competition))).first()
        return None if row is None else _competition(row)

    async def of(
        self, workspace: WorkspaceRef, states: Collection[CompetitionState], limit: int
    ) -> Sequence[Competition]:
        """Return competitions of a workspace in some states, those that end last first."""
        there = select(competitions).where(competitions.c.workspace == workspace.key, competitions.c.state.in_(states))
        latest = there.order_by(competitions.c.ends_at.desc(), competitions.c.id.desc()).limit(limit)
        return [_competition(row) for row in await self._statements.execute(latest)]

    async def enter(self, competition: int, now: datetime, *, team: int = 0, person: int = 0) -> bool:
        """Keep that a team or a person competes; false if they do already."""
        new = insert(self._statements, entrants).values(
            competition_id=competition, team_id=team, person_id=person, at=now
        )
        return (await self._statements.execute(new.on_conflict_do_nothing())).rowcount == 1

    async def withdraw(self, competition: int, *, team: int = 0, person: int = 0) -> bool:
        """Keep that a team or a person does not compete after all; false if they did not."""
        gone = delete(entrants).where(
            entrants.c.competition_id == competition, entrants.c.team_id == team, entrants.c.person_id == person
        )
        return (await self._statements.execute(gone)).rowcount == 1

    async def entrants(self, competition: Competition) -> Sequence[Entrant]:
        """Return who competes, by id: until the start who would at this moment, from then on who is on the roster."""
        return await competition_scores.entrants_of(self._statements, competition)

    async def begin_now(self, competition: int, now: datetime) -> bool:
        """Let an open competition start at this instant; false if it is not open."""
        is_open = (competitions.c.id == competition, competitions.c.state == CompetitionState.OPEN)
        moved = update(competitions).where(*is_open, competitions.c.ends_at > now).values(starts_at=now)
        return (await self._statements.execute(moved)).rowcount == 1

    async def end_now(self, competition: int, now: datetime) -> bool:
        """Let a running competition end at this instant; false if it does not run, or its end has come."""
        runs = (competitions.c.id == competition, competitions.c.state == CompetitionState.RUNNING)
        moved = update(competitions).where(*runs, competitions.c.ends_at > now).values(ends_at=now)
        return (await self._statements.execute(moved)).rowcount == 1

    async def move(self, competition: int, expected: CompetitionState, state: CompetitionState) -> bool:
        """Move on to another state; false if it is not in the expected one."""
        moved = update(competitions).where(competitions.c.id == competition, competitions.c.state == expected)
        return (await self._statements.execute(moved.values(state=state))).rowcount == 1

    async def scores(self, competition: Competition) -> Sequence[Score]:
        """Return what everybody on the roster has earned, by person; nobody before the start."""
        return await competition_scores.scores_of(self._statements, competition)

    async def gains(self, competition: Competition) -> Sequence[Gain]:
        """Return what everybody on the roster earned in each step in which they earned something."""
        return await competition_scores.gains_of(self._statements, competition)

    async def corrections(self, competition: Competition) -> Sequence[Correction]:
        """Return what moderators changed after the end, first first."""
        return await competition_scores.corrections_of(self._statements, competition)

    async def _lock_roster(self, competition: int) -> bool:
        """Keep who competes from now on; with fewer than two it is cancelled, and false."""
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
        entrant = func.coalesce(rosters.c.team_id, -rosters.c.person_id)
        count = select(func.count(entrant.distinct())).where(rosters.c.competition_id == competition)
        if (await self._statements.execute(count)).scalar_one() >= LEAST:
            return True
        await self._statements.execute(delete(rosters).where(rosters.c.competition_id == competition))
        await self.move(competition, CompetitionState.RUNNING, CompetitionState.CANCELLED)
        return False


def _competition(row: Row[Any]) -> Competition:
    return Competition(
        id=row.id,
        channel=channel_of(row),
        name=row.name,
        between=Between(row.between),
        rule=Rule(row.rule),
        topics=tuple(row.topics.split()),
        levels=tuple(row.levels.split()),
        reasons=tuple(row.reasons.split()),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        planned_end=row.planned_end,
        state=CompetitionState(row.state),
        owner=row.owner_id,
    )
