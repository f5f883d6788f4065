"""Teams, in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, func, select, union, update

from adapters.storage.competition_tables import team_invitations, team_members, team_rules, teams
from adapters.storage.ledger_tables import standings
from adapters.storage.shown_names import shown_name
from adapters.storage.statements import Statements, insert
from adapters.storage.tables import people
from bot.refs import UserRef, WorkspaceRef
from bot.teams import Candidate, Member, Team

_SHOWN = shown_name().label("shown")


class SqlTeams:
    """The Teams port."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def add(
        self,
        *,
        workspace: WorkspaceRef,
        name: str,
        folded: str,
        emoji: str,
        captain: int,
        open: bool,  # noqa: A002 - the field's name
        now: datetime,
    ) -> int | None:
        """Keep a new team without members and return its id; None where a team of the workspace has that name."""
        new = insert(self._statements, teams).values(
            workspace=workspace.key,
            name=name,
            folded=folded,
            emoji=emoji,
            captain_id=captain,
            open=open,
            disbanded=False,
            made_at=now,
        )
        once = new.on_conflict_do_nothing(index_elements=["workspace", "folded"]).returning(teams.c.id)
        return (await self._statements.execute(once)).scalar_one_or_none()

    async def get(self, team: int) -> Team | None:
        """Return a team, also one that was disbanded."""
        return await self._one(_teams().where(teams.c.id == team))

    async def find(self, workspace: WorkspaceRef, folded: str) -> Team | None:
        """Return the workspace's team of a name as it is compared."""
        return await self._one(
            _teams().where(teams.c.workspace == workspace.key, teams.c.folded == folded, teams.c.disbanded.is_(False))
        )

    async def of(self, workspace: WorkspaceRef, person: int) -> Team | None:
        """Return the team that somebody is in."""
        theirs = select(team_members.c.team_id).where(
            team_members.c.workspace == workspace.key, team_members.c.person_id == person
        )
        return await self._one(_teams().where(teams.c.id == theirs.scalar_subquery()))

    async def all(self, workspace: WorkspaceRef) -> Sequence[Team]:
        """Return the teams of a workspace that were not disbanded, by name."""
        there = _teams().where(teams.c.workspace == workspace.key, teams.c.disbanded.is_(False))
        return [_team(row) for row in await self._statements.execute(there.order_by(teams.c.folded))]

    async def members(self, team: int) -> Sequence[Member]:
        """Return who is in a team, whoever joined first first."""
        rows = (
            select(people, _SHOWN, team_members.c.joined_at)
            .join(team_members, team_members.c.person_id == people.c.id)
            .where(team_members.c.team_id == team)
            .order_by(team_members.c.joined_at, people.c.id)
        )
        return [
            Member(row.id, row.shown, row.hidden, UserRef(row.platform, row.space, row.user_id), row.joined_at)
            for row in await self._statements.execute(rows)
        ]

    async def candidates(self, workspace: WorkspaceRef, period: str) -> Sequence[Candidate]:
        """Return everybody with points in a period or in a team now, most points first."""
        earned = select(standings.c.person_id, standings.c.points).where(
            standings.c.workspace == workspace.key, standings.c.period == period, standings.c.points > 0
        )
        within = select(team_members.c.person_id, team_members.c.team_id).where(
            team_members.c.workspace == workspace.key
        )
        results, teamed = earned.subquery(), within.subquery()
        either = union(select(results.c.person_id), select(teamed.c.person_id)).subquery()
        points = func.coalesce(results.c.points, 0).label("earned")
        rows = (
            select(people.c.id, _SHOWN, people.c.hidden, points, teamed.c.team_id)
            .join(either, either.c.person_id == people.c.id)
            .outerjoin(results, results.c.person_id == people.c.id)
            .outerjoin(teamed, teamed.c.person_id == people.c.id)
            .order_by(points.desc(), people.c.id)
        )
        return [
            Candidate(row.id, row.shown, row.hidden, row.earned, row.team_id)
            for row in await self._statements.execute(rows)
        ]

    async def join(self, team: Team, person: int, now: datetime) -> bool:
        """Put somebody into a team; false if they are in a team of the workspace already."""
        new = insert(self._statements, team_members).values(
            workspace=team.workspace.key, person_id=person, team_id=team.id, joined_at=now
        )
        return (await self._statements.execute(new.on_conflict_do_nothing())).rowcount == 1

    async def leave(self, team: int, person: int) -> bool:
        """Take somebody out of a team; false if they are not in it."""
        gone = delete(team_members).where(team_members.c.team_id == team, team_members.c.person_id == person)
        return (await self._statements.execute(gone)).rowcount == 1

    async def rename(self, team: int, *, name: str, folded: str, emoji: str, open: bool) -> bool:  # noqa: A002 - the field's name
        """Keep another name and who may join; false where another team of the workspace has that name."""
        workspace = select(teams.c.workspace).where(teams.c.id == team).scalar_subquery()
        same = select(teams.c.id).where(teams.c.workspace == workspace, teams.c.folded == folded, teams.c.id != team)
        if (await self._statements.execute(same)).first() is not None:
            return False
        await self._statements.execute(
            update(teams).where(teams.c.id == team).values(name=name, folded=folded, emoji=emoji, open=open)
        )
        return True

    async def set_captain(self, team: int, person: int) -> None:
        """Keep who leads a team."""
        await self._statements.execute(update(teams).where(teams.c.id == team).values(captain_id=person))

    async def disband(self, team: int) -> None:
        """End a team: nobody is in it, and its name is free; what it earned stays."""
        await self._statements.execute(delete(team_members).where(team_members.c.team_id == team))
        await self._statements.execute(delete(team_invitations).where(team_invitations.c.team_id == team))
        ended = update(teams).where(teams.c.id == team, teams.c.disbanded.is_(False))
        await self._statements.execute(ended.values(disbanded=True, folded=f"#{team}"))

    async def invite(self, team: int, user: UserRef, now: datetime) -> bool:
        """Keep that somebody may join; false if they may already."""
        new = insert(self._statements, team_invitations).values(team_id=team, space=user.space, user_id=user.id, at=now)
        return (await self._statements.execute(new.on_conflict_do_nothing())).rowcount == 1

    async def invited(self, team: int, user: UserRef) -> bool:
        """Tell whether somebody was invited."""
        found = select(team_invitations.c.at).where(*_of(team, user))
        return (await self._statements.execute(found)).first() is not None

    async def invitations(self, team: int) -> int:
        """Return how many were invited and have not joined."""
        waiting = select(func.count()).where(team_invitations.c.team_id == team)
        return int((await self._statements.execute(waiting)).scalar_one())

    async def uninvite(self, team: int, user: UserRef) -> None:
        """Forget an invitation."""
        await self._statements.execute(delete(team_invitations).where(*_of(team, user)))

    async def size_limit(self, workspace: WorkspaceRef) -> int | None:
        """Return how many a team of the workspace may have, None where nobody has decided."""
        found = select(team_rules.c.size_limit).where(team_rules.c.workspace == workspace.key)
        return (await self._statements.execute(found)).scalar_one_or_none()

    async def set_size_limit(self, workspace: WorkspaceRef, limit: int) -> None:
        """Keep how many a team of the workspace may have."""
        new = insert(self._statements, team_rules).values(workspace=workspace.key, size_limit=limit)
        await self._statements.execute(
            new.on_conflict_do_update(index_elements=["workspace"], set_={"size_limit": limit})
        )

    async def _one(self, found: Select[Any]) -> Team | None:
        row = (await self._statements.execute(found)).one_or_none()
        return None if row is None else _team(row)


def _teams() -> Select[Any]:
    size = select(func.count()).where(team_members.c.team_id == teams.c.id).scalar_subquery().label("size")
    return select(teams, size)


def _team(row: Row[Any]) -> Team:
    return Team(
        id=row.id,
        workspace=WorkspaceRef.of(row.workspace),
        name=row.name,
        folded=row.folded,
        emoji=row.emoji,
        captain=row.captain_id,
        open=row.open,
        size=row.size,
        disbanded=row.disbanded,
    )


def _of(team: int, user: UserRef) -> tuple[Any, ...]:
    return (
        team_invitations.c.team_id == team,
        team_invitations.c.space == user.space,
        team_invitations.c.user_id == user.id,
    )
