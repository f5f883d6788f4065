"""The use case: people make teams, come and go, and whoever leads one changes it."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.competition.emoji import DEFAULTS, read_emoji
from bot.competition.inviting import ask_to_tell
from bot.competition.names import fold, read_team_name
from bot.competition.team_access import Visit, changing, expect_free, expect_no_team, label, reading
from bot.competition.team_cards import Card, TeamCards
from bot.errors import AlreadyDone, BadInput, NotAllowed
from bot.persons import Person
from bot.ports import Clock, Storage
from bot.practice.calendar import Calendar
from bot.refs import Actor, Role, UserRef, WorkspaceRef
from bot.teams import Team

MOST = 200
"""Teams of a workspace."""
MOST_INVITED = 100
"""People who were invited to a team and have not joined."""
LEAST_LIMIT, MOST_LIMIT = 2, 50
"""What moderators may set as the size of a team."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A team after a change; ``competing`` if a running competition goes on with whoever came or went as before."""

    card: Card
    competing: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """A team that somebody left, or with ``asked`` did not leave yet, since they are the last one and it would end.

    ``captain`` is the name of who leads it now if that is somebody else, empty where they are hidden.
    """

    team: Team
    asked: bool = False
    disbanded: bool = False
    captain: str | None = None
    competing: bool = False


class TeamService:
    """Changes teams. Whatever one earned stays with it, whoever comes or goes."""

    def __init__(
        self, storage: Storage, clock: Clock, chance: random.Random, calendar: Calendar, cards: TeamCards
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._chance = chance
        self._calendar = calendar
        self._cards = cards

    async def create(
        self, actor: Actor, workspace: WorkspaceRef, *, name: str, emoji: str = "", is_open: bool = True
    ) -> Changed:
        """Make a team with the actor as its captain; without an emoji with one by chance.

        Raises AlreadyDone for somebody in a team, and BadInput for a name that cannot be or looks like a team's.
        """
        if workspace.personal:
            raise NotAllowed("A team belongs into a channel of your team.", "Type `/team create` in one.")
        wanted, chosen = read_team_name(name), read_emoji(emoji) if emoji.strip() else self._chance.choice(DEFAULTS)
        async with self._changing(actor, workspace) as (visit, person):
            expect_no_team(await visit.mine())
            there = await visit.work.teams.all(workspace)
            if len(there) >= MOST:
                raise BadInput(f"There are {MOST} teams here, the most that there can be.", "Join one: `/team list`.")
            expect_free(wanted, there)
            now = self._clock.now()
            number = await visit.work.teams.add(
                workspace=workspace, name=wanted, folded=fold(wanted), emoji=chosen, captain=person.id, open=is_open,
                now=now,
            )  # fmt: skip
            team = None if number is None else await visit.work.teams.get(number)
            assert team is not None  # the workspace is locked, and the name was free
            await visit.work.teams.join(team, person.id, now)
            return Changed(await self._cards.card(visit, team.id), await _competes(visit, team, person.id))

    async def join(self, actor: Actor, workspace: WorkspaceRef, which: str | int) -> Changed:
        """Put the actor into an open team, or into one that they were invited to.

        Raises AlreadyDone for somebody in a team and for a full one, and NotAllowed.
        """
        async with self._changing(actor, workspace, which) as (visit, person):
            team = await visit.meant(which)
            expect_no_team(await visit.work.teams.of(team.workspace, person.id))
            if not team.open and not await visit.work.teams.invited(team.id, actor.user):
                raise NotAllowed(
                    f"{label(team)} takes people by invitation.",
                    "Ask its captain to invite you, or choose an open one in `/team list`.",
                )
            limit = await visit.limit(team.workspace)
            if team.size >= limit:
                raise AlreadyDone(f"{label(team)} is full: {limit} people.", "Choose another in `/team list`.")
            await visit.work.teams.join(team, person.id, self._clock.now())
            await visit.work.teams.uninvite(team.id, actor.user)
            return Changed(await self._cards.card(visit, team.id), await _competes(visit, team, person.id))

    async def leave(self, actor: Actor, workspace: WorkspaceRef, which: str | int = "", *, sure: bool = False) -> Left:
        """Take the actor out of their team; the last one must be ``sure``, since it ends then.

        Raises NothingFound for somebody in no team, Expired for a team that they are not in.
        """
        async with self._changing(actor, workspace, which) as (visit, person):
            team = await visit.meant(which)
            mine = await visit.work.teams.of(team.workspace, person.id)
            if mine is None or mine.id != team.id:
                raise AlreadyDone(f"You are not in {label(team)}.", "`/team show` shows yours.")
            if team.size == 1 and not sure:
                return Left(team, asked=True)
            return await _take_out(visit, team, person.id)

    async def rename(
        self,
        actor: Actor,
        workspace: WorkspaceRef,
        which: str | int = "",
        *,
        name: str | None = None,
        emoji: str | None = None,
        is_open: bool | None = None,
    ) -> Changed:
        """Change what is given of a team: an empty emoji is another by chance.

        Raises NotAllowed for who does not lead it, and BadInput like ``create``.
        """
        wanted = None if name is None else read_team_name(name)
        chosen = None if emoji is None else read_emoji(emoji) if emoji.strip() else self._chance.choice(DEFAULTS)
        async with self._changing(actor, workspace, which) as (visit, _):
            team = await visit.led(which)
            there = await visit.work.teams.all(team.workspace)
            if wanted is not None:
                expect_free(wanted, [one for one in there if one.id != team.id])
            kept = wanted or team.name
            await visit.work.teams.rename(
                team.id,
                name=kept,
                folded=fold(kept),
                emoji=team.emoji if chosen is None else chosen,
                open=team.open if is_open is None else is_open,
            )
            return Changed(await self._cards.card(visit, team.id))

    async def invite(self, actor: Actor, workspace: WorkspaceRef, user: UserRef, which: str = "") -> tuple[Team, bool]:
        """Let somebody join a team and have them told; false where they were invited before.

        Raises NotAllowed for who does not lead it, and AlreadyDone for somebody who is in it.
        """
        async with self._changing(actor, workspace) as (visit, person):
            team = await visit.led(which)
            guest = await visit.work.people.find_user(user)
            theirs = None if guest is None else await visit.work.teams.of(workspace, guest.id)
            if theirs is not None and theirs.id == team.id:
                raise AlreadyDone(f"They are in {label(team)} already.", "`/team show` shows who is.")
            if await visit.work.teams.invitations(team.id) >= MOST_INVITED:
                raise BadInput(
                    f"{label(team)} has invited {MOST_INVITED} people who have not joined.",
                    "Let everybody join: `/team rename open:yes`.",
                )
            now = self._clock.now()
            news = await visit.work.teams.invite(team.id, user, now)
            if news:
                await ask_to_tell(visit.work, team, user, person, now)
            return team, news

    async def kick(self, actor: Actor, workspace: WorkspaceRef, user: UserRef) -> Left:
        """Take somebody else out of their team.

        Raises NotAllowed for who does not lead it, and BadInput for oneself.
        """
        async with self._changing(actor, workspace) as (visit, person):
            team, member = await _member(visit, user)
            if member.id == person.id:
                raise BadInput("You cannot remove yourself.", "`/team leave` takes you out.")
            return await _take_out(visit, team, member.id)

    async def transfer(self, actor: Actor, workspace: WorkspaceRef, user: UserRef) -> Changed:
        """Make another member the captain of their team.

        Raises NotAllowed for who does not lead it, and AlreadyDone for its captain.
        """
        async with self._changing(actor, workspace) as (visit, _):
            team, member = await _member(visit, user)
            if team.captain == member.id:
                raise AlreadyDone(f"They are the captain of {label(team)} already.", "Mention another member.")
            await visit.work.teams.set_captain(team.id, member.id)
            return Changed(await self._cards.card(visit, team.id))

    async def leading(self, actor: Actor, workspace: WorkspaceRef, which: str | int) -> Team:
        """Return a team that the actor may change.

        Raises NotAllowed.
        """
        async with reading(self._storage, actor, workspace) as visit:
            return await visit.led(which)

    async def disband(self, actor: Actor, workspace: WorkspaceRef, number: int) -> Team:
        """End a team; what it earned stays on the boards.

        Raises NotAllowed for who does not lead it.
        """
        async with self._changing(actor, workspace, number) as (visit, _):
            team = await visit.led(number)
            await visit.work.teams.disband(team.id)
            return team

    async def limit(self, actor: Actor, workspace: WorkspaceRef, size: int | None) -> int:
        """Keep how many a team may have if it is given, and return it; nobody has to leave a team that is larger.

        Raises BadInput.
        """
        if size is None:
            async with reading(self._storage, actor, workspace) as visit:
                return await visit.limit(workspace)
        if not LEAST_LIMIT <= size <= MOST_LIMIT:
            raise BadInput("A team cannot have that size.", f"Choose {LEAST_LIMIT} to {MOST_LIMIT}.")
        async with self._changing(actor, workspace) as (visit, _):
            await visit.work.teams.set_size_limit(workspace, size)
            return size

    @asynccontextmanager
    async def _changing(
        self, actor: Actor, workspace: WorkspaceRef, which: str | int = ""
    ) -> AsyncIterator[tuple[Visit, Person]]:
        now: datetime = self._clock.now()
        async with changing(self._storage, self._calendar, actor, workspace, now, which) as begun:
            yield begun


async def _member(visit: Visit, user: UserRef) -> tuple[Team, Person]:
    """Return somebody with their team, which the visitor leads.

    Raises BadInput for somebody in none or in another, and NotAllowed.
    """
    member = await visit.work.people.find_user(user)
    team = None if member is None else await visit.work.teams.of(visit.workspace, member.id)
    if member is not None and team is not None and visit.leads(team):
        return team, member
    if visit.actor.role < Role.MODERATOR and not visit.leads(own := await visit.own()):
        raise NotAllowed(f"Only the captain of {label(own)} or a moderator can do this.", "Ask one of them.")
    raise BadInput("They are in no team that you lead.", "`/team show` shows who is in yours.")


async def _take_out(visit: Visit, team: Team, person: int) -> Left:
    """Take somebody out of a team: if they led it the one who joined first does, and without others it ends."""
    await visit.work.teams.leave(team.id, person)
    competing = await _competes(visit, team, person)
    others = await visit.work.teams.members(team.id)
    if not others:
        await visit.work.teams.disband(team.id)
        return Left(team, disbanded=True, competing=competing)
    if team.captain != person:
        return Left(team, competing=competing)
    await visit.work.teams.set_captain(team.id, others[0].person)
    return Left(team, captain="" if others[0].hidden else others[0].name, competing=competing)


async def _competes(visit: Visit, team: Team, person: int) -> bool:
    """Tell whether somebody is on the roster of a running competition, which their team does not change."""
    return bool(await visit.work.competitions.counting(team.workspace, person))
