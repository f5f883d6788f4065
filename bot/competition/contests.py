"""The use case: competitions are made, entered, started and ended by hand, and looked at."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.competing import LIVING, Between, Competition, CompetitionState, Terms
from bot.competition.names import fold
from bot.competition.reports import Card, Report, report_of
from bot.competition.wishes import Wish
from bot.errors import AlreadyDone, BadInput, Expired, NotAllowed, NothingFound
from bot.markup import escape, visible
from bot.persons import Person
from bot.ports import Clock, Storage, UnitOfWork
from bot.posting import Posting
from bot.practice.service import Rules
from bot.practice.streaks import enter
from bot.refs import Actor, ChannelRef, Role, WorkspaceRef
from bot.teams import Team

MOST = 10
"""Competitions of a workspace that are not over."""
PAST = 10
"""Those that are over which a list shows."""
LEAST = 2
"""How many must compete."""
KIND = "contest"
"""The errand that does what is due next in a competition."""
SHOWN = 40


def errand_of(competition: int) -> str:
    """Return the key of a competition's errand."""
    return f"contest:{competition}"


class Contests:
    """Changes and shows competitions; those of another workspace are not there."""

    def __init__(self, storage: Storage, clock: Clock, posting: Posting, rules: Rules) -> None:
        self._storage = storage
        self._clock = clock
        self._posting = posting
        self._calendar = rules.calendar

    async def create(self, actor: Actor, channel: ChannelRef, wish: Wish) -> Card:
        """Keep a new competition, which is announced in the channel; one that starts at once has all teams in it.

        Raises BadInput for what cannot be, and for whatever keeps Warmup from posting in the channel.
        """
        if channel.direct or channel.workspace.personal:
            raise NotAllowed("A competition needs a channel of your team.", "Type `/compete create` in one.")
        words = await self._posting.obstacle(channel)
        if words:
            raise BadInput(words, "Then try again; nothing was changed.")
        now = self._clock.now()
        async with self._storage.transaction() as work:
            person = await self._entered(work, actor, channel.workspace, now)
            terms = wish.terms(now, self._calendar.zone_of(person))
            if len(await work.competitions.of(channel.workspace, LIVING, MOST)) >= MOST:
                raise BadInput(f"{MOST} competitions are open or running here.", "End or cancel one of them first.")
            teams = [] if wish.start is not None else await self._at_once(work, channel.workspace, terms)
            number = await work.competitions.add(channel, terms, person.id, now)
            for team in teams:
                await work.competitions.enter(number, now, team=team.id)
            await work.competitions.begin_due(channel.workspace, now)
            await work.errands.add(errand_of(number), KIND, channel.workspace.platform, number, terms.starts_at)
            return await self._card(work, channel.workspace, number)

    async def join(self, actor: Actor, workspace: WorkspaceRef, number: int, name: str = "") -> tuple[Card, str]:
        """Let the actor's team compete, or the team of a name, or where people compete the actor; return who entered.

        Raises NotAllowed for whoever may not say so, and AlreadyDone for who competes already.
        """
        now = self._clock.now()
        async with self._storage.transaction() as work:
            person = await self._entered(work, actor, workspace, now)
            competition = _still_open(await self._get(work, workspace, number))
            team = await self._speaks_for(work, actor, person, competition, name)
            who = {"person": person.id} if team is None else {"team": team.id}
            if not await work.competitions.enter(number, now, **who):
                told = "You compete" if team is None else f"{escape(team.label)} competes"
                raise AlreadyDone(f"{told} in it already.", f"`/compete status competition:{number}` shows it.")
            label = person.board_name if team is None else team.label
            return await self._card(work, workspace, number), label

    async def withdraw(self, actor: Actor, workspace: WorkspaceRef, number: int) -> tuple[Card, str]:
        """Let the actor's team, or where people compete the actor, not compete after all; return who that is."""
        now = self._clock.now()
        async with self._storage.transaction() as work:
            person = await self._entered(work, actor, workspace, now)
            competition = _still_open(await self._get(work, workspace, number))
            team = await self._speaks_for(work, actor, person, competition, "")
            who = {"person": person.id} if team is None else {"team": team.id}
            if not await work.competitions.withdraw(number, **who):
                told = "You do not compete" if team is None else f"{escape(team.label)} does not compete"
                raise AlreadyDone(f"{told} in it.", "Press Join to enter it.")
            label = person.board_name if team is None else team.label
            return await self._card(work, workspace, number), label

    async def start(self, actor: Actor, workspace: WorkspaceRef, number: int) -> Card:
        """Start a competition at once.

        Raises BadInput where fewer than two compete.
        """
        now = self._clock.now()
        async with self._storage.transaction() as work:
            await self._entered(work, actor, workspace, now)
            competition = _still_open(await self._get(work, workspace, number))
            if len(await work.competitions.entrants(competition)) < LEAST:
                raise BadInput("Fewer than two compete so far.", "It needs two that have entered with `/compete join`.")
            await work.competitions.begin_now(number, now)
            await work.competitions.begin_due(workspace, now)
            await work.errands.move(errand_of(number), now)
            return await self._card(work, workspace, number)

    async def cancel(self, actor: Actor, workspace: WorkspaceRef, number: int) -> Card:
        """Cancel a competition that has not started; its channel is told."""
        now = self._clock.now()
        async with self._storage.transaction() as work:
            await self._entered(work, actor, workspace, now)
            _still_open(await self._get(work, workspace, number))
            await work.competitions.move(number, CompetitionState.OPEN, CompetitionState.CANCELLED)
            await work.errands.move(errand_of(number), now)
            return await self._card(work, workspace, number)

    async def end(self, actor: Actor, workspace: WorkspaceRef, number: int) -> Card:
        """End a running competition at once; whatever is settled from now on counts only if it was earned before."""
        now = self._clock.now()
        async with self._storage.transaction() as work:
            await self._entered(work, actor, workspace, now)
            _still_running(await self._get(work, workspace, number))
            if not await work.competitions.end_now(number, now):
                raise AlreadyDone("Its end has come.", f"`/compete results competition:{number}` shows how it ended.")
            await work.errands.move(errand_of(number), now)
            return await self._card(work, workspace, number)

    async def card(self, workspace: WorkspaceRef, number: int) -> Card:
        """Return a competition of the workspace.

        Raises Expired for one that is not there.
        """
        async with self._storage.snapshot() as work:
            return await self._card(work, workspace, number)

    async def listed(self, workspace: WorkspaceRef) -> Sequence[Card]:
        """Return the competitions that are not over, those that end last first, and the latest that are."""
        async with self._storage.snapshot() as work:
            living = await work.competitions.of(workspace, LIVING, MOST)
            past = await work.competitions.of(workspace, [CompetitionState.ENDED], PAST)
            return [Card(one, tuple(await work.competitions.entrants(one))) for one in (*living, *past)]

    async def report(self, workspace: WorkspaceRef, number: int, actor: Actor | None = None) -> Report:
        """Return how a competition of the workspace stands, as somebody reads it.

        Raises Expired for one that is not there.
        """
        now = self._clock.now()
        async with self._storage.snapshot() as work:
            competition = await self._get(work, workspace, number)
            person = None if actor is None else await work.people.find(actor)
            return await report_of(work, competition, now, None if person is None else person.id)

    async def pick(
        self, workspace: WorkspaceRef, number: int | None, states: Sequence[Collection[CompetitionState]]
    ) -> int:
        """Return the competition that is meant: if none is named, the only one in the first states that one is in.

        Of those that are over the latest is meant. Raises BadInput that lists them, NothingFound where there is none.
        """
        if number is not None:
            return number
        async with self._storage.snapshot() as work:
            for wanted in states:
                there = await work.competitions.of(workspace, wanted, MOST)
                if len(there) == 1 or (there and there[0].over):
                    return there[0].id
                if there:
                    numbers = ", ".join(f"`{one.id}` ({escape(one.name)})" for one in there)
                    step = f"Say which, such as `competition:{there[0].id}`."
                    raise BadInput(f"There are several competitions: {numbers}.", step)
        raise NothingFound("There is no such competition here.", "`/compete list` shows those that there are.")

    async def _entered(self, work: UnitOfWork, actor: Actor, workspace: WorkspaceRef, now: datetime) -> Person:
        """Return the actor's person, once nobody else changes competitions and those that are due have started."""
        person = await enter(work, actor, now, self._calendar)
        await work.standings.lock(workspace)
        await work.competitions.begin_due(workspace, now)
        return person

    async def _at_once(self, work: UnitOfWork, workspace: WorkspaceRef, terms: Terms) -> Sequence[Team]:
        """Return who competes where it starts at once: nobody has time to enter.

        Raises BadInput where fewer than two would.
        """
        if terms.between is Between.PEOPLE:
            raise BadInput(
                "People enter it themselves, which takes a moment.", "Let it start later, such as `start:2h`."
            )
        teams = [team for team in await work.teams.all(workspace) if team.size]
        if len(teams) < LEAST:
            step = "Make teams with `/team create`, or let it start later, such as `start:2h`."
            raise BadInput("There are fewer than two teams here.", step)
        return teams

    async def _speaks_for(
        self, work: UnitOfWork, actor: Actor, person: Person, competition: Competition, name: str
    ) -> Team | None:
        """Return the team that somebody wants to enter; None where people compete."""
        workspace, moderates = competition.channel.workspace, actor.role >= Role.MODERATOR
        if competition.between is Between.PEOPLE:
            if name:
                raise BadInput("People compete here, not teams.", "Leave the team out to enter it yourself.")
            return None
        if name:
            team = await work.teams.find(workspace, fold(name))
            if team is None:
                shown = escape(visible(name)[:SHOWN])
                raise BadInput(f"There is no team {shown} here.", "`/team list` shows the names of all.")
        else:
            team = await work.teams.of(workspace, person.id)
        if team is None:
            step = (
                "`/compete join team:` enters one by its name."
                if moderates
                else "`/team list` shows those that there are, `/team create` makes one."
            )
            raise BadInput("Teams compete here, and you are in none.", step)
        if team.captain != person.id and not moderates:
            raise NotAllowed(
                f"Only its captain, or a moderator, can say that {escape(team.label)} competes.", "Ask one of them."
            )
        if not team.size:
            raise BadInput(f"Nobody is in {escape(team.label)}.", "Take a team with members.")
        return team

    async def _get(self, work: UnitOfWork, workspace: WorkspaceRef, number: int) -> Competition:
        found = await work.competitions.get(number)
        if found is None or found.channel.workspace != workspace:
            raise Expired(f"There is no competition {number} here.", "`/compete list` shows those that there are.")
        return found

    async def _card(self, work: UnitOfWork, workspace: WorkspaceRef, number: int) -> Card:
        competition = await self._get(work, workspace, number)
        return Card(competition, tuple(await work.competitions.entrants(competition)))


def _still_open(competition: Competition) -> Competition:
    """Return a competition that can still be entered.

    Raises AlreadyDone.
    """
    if competition.state is not CompetitionState.OPEN:
        raise AlreadyDone(
            f"{escape(competition.name)} {_told(competition)}.", "`/compete list` shows what can be done."
        )
    return competition


def _still_running(competition: Competition) -> Competition:
    if competition.state is CompetitionState.OPEN:
        raise BadInput(f"{escape(competition.name)} has not started.", "Its card has a button to cancel it.")
    if competition.state is not CompetitionState.RUNNING:
        raise AlreadyDone(
            f"{escape(competition.name)} {_told(competition)}.", "`/compete list` shows what can be done."
        )
    return competition


def _told(competition: Competition) -> str:
    return {
        CompetitionState.OPEN: "has not started",
        CompetitionState.RUNNING: "has started: its rosters are locked",
        CompetitionState.ENDED: "is over",
        CompetitionState.CANCELLED: "was cancelled",
    }[competition.state]
