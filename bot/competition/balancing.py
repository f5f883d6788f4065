"""The use case: a moderator has even teams proposed, shuffles them, and accepts them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.competition.balance import FEWEST, Pool, Shape, Squad, digest_of, draft, squads_of
from bot.competition.balance import MOST as MOST_PROPOSED
from bot.competition.names import fold
from bot.competition.team_access import Visit, changing, reading
from bot.competition.teams import MOST
from bot.errors import BadInput, NothingFound
from bot.ports import Clock, Storage
from bot.practice.calendar import Calendar, month_of
from bot.refs import Actor, WorkspaceRef
from bot.teams import Candidate, Team

SEEDS = 2**32


@dataclass(frozen=True, slots=True)
class Wish:
    """What a proposal is made from, so that it can be made again: nothing of it is kept."""

    shape: Shape
    pool: Pool
    seed: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """Teams that are proposed. ``hidden`` people were left out; ``digest`` is another one for another proposal.

    ``stale`` if it was made in the place of one to which people or results do not fit any more.
    """

    wish: Wish
    squads: tuple[Squad, ...]
    hidden: int
    digest: str
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """Teams that were made, which old ones ended, and whether a running competition goes on as it was."""

    squads: tuple[Squad, ...]
    disbanded: tuple[Team, ...]
    competing: bool


class Balancing:
    """Proposes even teams from last month's results, and makes them."""

    def __init__(self, storage: Storage, clock: Clock, chance: random.Random, calendar: Calendar) -> None:
        self._storage = storage
        self._clock = clock
        self._chance = chance
        self._calendar = calendar

    async def propose(self, actor: Actor, workspace: WorkspaceRef, shape: Shape, pool: Pool) -> Proposal:
        """Return teams by another chance each time.

        Raises NothingFound where too few people fit, and BadInput for teams that would be too large or too many.
        """
        wish = Wish(shape, pool, self._chance.randrange(SEEDS))
        async with reading(self._storage, actor, workspace) as visit:
            return await self._proposal(visit, wish)

    async def accept(self, actor: Actor, workspace: WorkspaceRef, wish: Wish, digest: str) -> Accepted | Proposal:
        """Make the teams of a proposal; where it would be another one by now return that, and change nothing.

        Whoever has most points leads. What people earned for their old teams stays there, and one left empty ends.
        """
        now = self._clock.now()
        async with changing(self._storage, self._calendar, actor, workspace, now) as (visit, _):
            proposal = await self._proposal(visit, wish)
            if proposal.digest != digest:
                return Proposal(wish, proposal.squads, proposal.hidden, proposal.digest, stale=True)
            moving = [one for squad in proposal.squads for one in squad.people]
            disbanded = await _vacate(visit, moving)
            there = len(await visit.work.teams.all(workspace))
            if there + len(proposal.squads) > MOST:
                raise BadInput(
                    f"There would be more than {MOST} teams here.",
                    "Disband some with `/team disband`, or ask for fewer.",
                )
            for squad in proposal.squads:
                number = await visit.work.teams.add(
                    workspace=workspace, name=squad.name, folded=fold(squad.name), emoji=squad.emoji,
                    captain=squad.people[0].person, open=True, now=now,
                )  # fmt: skip
                team = None if number is None else await visit.work.teams.get(number)
                assert team is not None  # the workspace is locked, and the name was free
                for one in squad.people:
                    await visit.work.teams.join(team, one.person, now)
            competing = [await visit.work.competitions.counting(workspace, one.person) for one in moving]
            return Accepted(proposal.squads, tuple(disbanded), any(competing))

    async def _proposal(self, visit: Visit, wish: Wish) -> Proposal:
        workspace, teams = visit.workspace, visit.work.teams
        last = self._calendar.day(self._clock.now()).replace(day=1) - timedelta(days=1)
        found = [one for one in await teams.candidates(workspace, month_of(last)) if _fits(one, wish.pool)]
        shown = [one for one in found if not one.hidden]
        count = await _count(visit, wish.shape, len(shown))
        chance = random.Random(wish.seed)  # noqa: S311 - the same seed must give the same teams again
        taken = [team.name for team in await teams.all(workspace)]
        squads = squads_of(draft(shown, count, chance), taken, chance)
        return Proposal(wish, squads, len(found) - len(shown), digest_of(squads))


def _fits(one: Candidate, pool: Pool) -> bool:
    return pool is Pool.EVERYONE or one.team is None


async def _count(visit: Visit, shape: Shape, people: int) -> int:
    """Return into how many teams people go.

    Raises NothingFound for too few people, and BadInput for teams that would be too large or too many.
    """
    limit = await visit.limit(visit.workspace)
    count = shape.count(people, limit)
    if people < count:
        raise NothingFound(
            f"Last month's results name {people} {'person' if people == 1 else 'people'} for {count} teams.",
            "Ask for fewer teams, or for `who:everyone`.",
        )
    if count > MOST_PROPOSED:
        raise BadInput(f"That would be {count} teams.", f"Ask for {FEWEST} to {MOST_PROPOSED} with `teams:`.")
    if -(-people // count) > limit:
        raise BadInput(
            f"{people} people in {count} teams are more than {limit} in one, the most that a team may have here.",
            "Ask for more teams, or raise it with `/team limit`.",
        )
    return count


async def _vacate(visit: Visit, moving: Sequence[Candidate]) -> list[Team]:
    """Take people out of their teams; those left empty end and are returned, others are led by who is left."""
    teams = visit.work.teams
    gone = {one.person for one in moving}
    disbanded: list[Team] = []
    for number in sorted({one.team for one in moving if one.team is not None}):
        team = await teams.get(number)
        assert team is not None  # the workspace is locked
        for one in moving:
            if one.team == number:
                await teams.leave(number, one.person)
        members = await teams.members(number)
        if not members:
            await teams.disband(number)
            disbanded.append(team)
        elif team.captain in gone:
            await teams.set_captain(number, members[0].person)
    return disbanded
