"""Which team somebody means, and what they may do with it; teams of other workspaces are not there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.competition.names import LONGEST, fold, look_alike
from bot.errors import AlreadyDone, BadInput, Expired, NotAllowed, NothingFound
from bot.markup import escape, visible
from bot.persons import Person
from bot.ports import Storage, UnitOfWork
from bot.practice.calendar import Calendar
from bot.practice.streaks import enter
from bot.refs import Actor, Role, WorkspaceRef
from bot.teams import Team

USUAL_LIMIT = 8
"""How many a team may have where no moderator has decided."""
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who reads or changes teams in a workspace; ``person`` is None if they never did anything."""

    work: UnitOfWork
    actor: Actor
    person: Person | None
    workspace: WorkspaceRef

    async def mine(self) -> Team | None:
        """Return the team that they are in."""
        return None if self.person is None else await self.work.teams.of(self.workspace, self.person.id)

    async def own(self) -> Team:
        """Return the team that they are in.

        Raises NothingFound.
        """
        team = await self.mine()
        if team is None:
            raise NothingFound("You are in no team.", "`/team list` shows those that there are; join one there.")
        return team

    async def named(self, typed: str) -> Team:
        """Return the team of a name, also of one that looks like it.

        Raises NothingFound.
        """
        team = await self.work.teams.find(self.workspace, fold(typed))
        if team is None:
            there = await self.work.teams.all(self.workspace)
            team = next((one for one in there if look_alike(one.name, typed)), None)
        if team is None:
            shown = escape(visible(typed[:_SHOWN])) or "that name"
            raise NothingFound(f"There is no team {shown} here.", "`/team list` shows those that there are.")
        return team

    async def numbered(self, number: int) -> Team:
        """Return a team by its id: one of the workspace, or elsewhere one that they are in or were invited to.

        Raises Expired.
        """
        team = await self.work.teams.get(number)
        if team is not None and not team.disbanded and await self._may_see(team):
            return team
        raise Expired("That team is not there any more.", "`/team list` shows those that there are.")

    async def meant(self, which: str | int) -> Team:
        """Return a team by its id or name, or their own for an empty text."""
        if isinstance(which, int):
            return await self.numbered(which)
        return await self.named(which) if which else await self.own()

    async def led(self, which: str | int) -> Team:
        """Return a team that they may change: as its captain, or as a moderator.

        Raises NotAllowed.
        """
        team = await self.meant(which)
        if not self.leads(team):
            raise NotAllowed(f"Only the captain of {label(team)} or a moderator can do this.", "Ask one of them.")
        return team

    def leads(self, team: Team) -> bool:
        """Tell whether they may change a team."""
        return self.moderates(team) or (self.person is not None and team.captain == self.person.id)

    def moderates(self, team: Team) -> bool:
        """Tell whether they are a moderator where the team is."""
        return self.actor.role >= Role.MODERATOR and self.workspace == team.workspace

    async def limit(self, workspace: WorkspaceRef) -> int:
        """Return how many a team of a workspace may have."""
        return await self.work.teams.size_limit(workspace) or USUAL_LIMIT

    async def _may_see(self, team: Team) -> bool:
        if team.workspace == self.workspace or await self.work.teams.invited(team.id, self.actor.user):
            return True
        mine = None if self.person is None else await self.work.teams.of(team.workspace, self.person.id)
        return mine is not None and mine.id == team.id


@asynccontextmanager
async def reading(storage: Storage, actor: Actor, workspace: WorkspaceRef) -> AsyncIterator[Visit]:
    """Begin to read."""
    async with storage.snapshot() as work:
        yield Visit(work, actor, await work.people.find(actor), workspace)


@asynccontextmanager
async def changing(
    storage: Storage, calendar: Calendar, actor: Actor, workspace: WorkspaceRef, now: datetime, which: str | int = ""
) -> AsyncIterator[tuple[Visit, Person]]:
    """Begin to change a team: nobody else changes any of its workspace meanwhile, and rosters that are due are locked.

    The team of an id may be in another workspace than the one where somebody presses a button, as in an invitation.
    """
    async with storage.transaction() as work:
        person = await enter(work, actor, now, calendar)
        team = await work.teams.get(which) if isinstance(which, int) else None
        changed = workspace if team is None else team.workspace
        await work.standings.lock(changed)
        await work.competitions.begin_due(changed, now)
        yield Visit(work, actor, person, workspace), person


def expect_no_team(mine: Team | None) -> None:
    """Raise AlreadyDone for somebody who is in a team."""
    if mine is not None:
        raise AlreadyDone(f"You are in {label(mine)} already.", "Leave it with `/team leave` first.")


def expect_free(name: str, there: Sequence[Team]) -> None:
    """Raise BadInput for a name that looks like that of a team."""
    like = next((one for one in there if look_alike(one.name, name)), None)
    if like is not None:
        same = "There is a team" if like.name == name else f"{escape(name)} is too like"
        raise BadInput(f"{same} {label(like)}{' already' if like.name == name else ''}.", "Choose another name.")


def label(team: Team) -> str:
    """Return a team's name behind its emoji, as markup."""
    return label_of(team.emoji, team.name)


def label_of(emoji: str, name: str) -> str:
    """Return a name behind its emoji, as markup; emoji are checked when they are chosen, and hold invisible parts."""
    shown = escape(emoji) if emoji[:1] in ("#", "*") else emoji
    return f"{shown} **{escape(name[:LONGEST])}**".strip()
