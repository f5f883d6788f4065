"""Whatever people do with teams, in whatever order and at the same time: nobody and no point is gained or lost.

SQLite only: these are laws of the use cases over a database, and what a database owes them is tested on both.
"""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.storage.work import SqlStorage
from bot.competition.balance import Pool, Shape
from bot.competition.balancing import Balancing
from bot.competition.team_cards import TeamCards
from bot.competition.teams import TeamService
from bot.errors import UserError
from bot.people.profile import Profiles
from bot.practice.calendar import ALL, Calendar
from bot.practice.service import Practice, Rules
from bot.refs import Actor, Role
from questions.bank import Filter
from tests.support import items, rows
from tests.support.databases import open_database
from tests.support.team_room import expect_balanced
from tests.support.world import HOME, UTC_ZONE, StillClock, someone

PEOPLE = tuple(someone(name) for name in ("Ada", "Bob", "Cyd", "Dan", "Eve"))
GRACE = someone("Grace", role=Role.MODERATOR)
NAMES = ("Gradients", "Tensors", "Kernels", "Grаdients")
BANK = items.bank_of(*(items.truth(id=f"cn-truth-{number}") for number in range(8)))
LIMIT = 3


@dataclass(frozen=True)
class Act:
    """Something that one of the people does to another, or with a name."""

    who: int
    verb: str
    whom: int
    name: int


class Club:
    """A few people on one database."""

    def __init__(self, storage: SqlStorage) -> None:
        self.storage, self.clock = storage, StillClock()
        rules, chance = Rules(Calendar(UTC_ZONE), 10_000), random.Random(7)
        self.teams = TeamService(
            storage, self.clock, chance, rules.calendar, TeamCards(storage, self.clock, rules.calendar)
        )
        self.balancing = Balancing(storage, self.clock, chance, rules.calendar)
        self.practice = Practice(storage, BANK, self.clock, chance, rules)
        self.profiles = Profiles(storage, self.clock, rules)

    async def do(self, act: Act) -> None:
        """Do something; a refusal that the person would be told of is fine."""
        who, whom, name = PEOPLE[act.who], PEOPLE[act.whom], NAMES[act.name]
        with suppress(UserError):
            await self._change_teams(act, who, whom, name)
            await self._do_more(act, who)

    async def _change_teams(self, act: Act, who: Actor, whom: Actor, name: str) -> None:
        match act.verb:
            case "create":
                await self.teams.create(who, HOME, name=name, is_open=bool(act.whom % 2))
            case "join":
                await self.teams.join(who, HOME, name)
            case "leave":
                await self.teams.leave(who, HOME, sure=bool(act.whom % 2))
            case "kick":
                await self.teams.kick(GRACE if act.name % 2 else who, HOME, whom.user)
            case "transfer":
                await self.teams.transfer(GRACE if act.name % 2 else who, HOME, whom.user)
            case "invite":
                await self.teams.invite(GRACE, HOME, whom.user, name)
            case "disband":
                team = await self.teams.leading(GRACE, HOME, name)
                await self.teams.disband(GRACE, HOME, team.id)
            case "rename":
                await self.teams.rename(who, HOME, name=name)

    async def _do_more(self, act: Act, who: Actor) -> None:
        match act.verb:
            case "balance":
                proposal = await self.balancing.propose(GRACE, HOME, Shape(), Pool(("free", "everyone")[act.whom % 2]))
                await self.balancing.accept(GRACE, HOME, proposal.wish, proposal.digest)
            case "hide":
                await self.profiles.change(who, hidden=bool(act.whom % 2))
            case "answer":
                shown = await self.practice.serve(who, HOME, Filter())
                await self.practice.answer(who, shown.serving, "F" if act.whom % 2 else "T")
            case "wait":
                self.clock.pass_time(days=11 * act.whom)


VERBS = (
    "create",
    "join",
    "join",
    "leave",
    "kick",
    "transfer",
    "invite",
    "disband",
    "rename",
    "balance",
    "hide",
    "wait",
)
ACTS = st.builds(
    Act,
    st.integers(0, len(PEOPLE) - 1),
    st.sampled_from(VERBS),
    st.integers(0, len(PEOPLE) - 1),
    st.integers(0, len(NAMES) - 1),
)


@given(moments=st.lists(st.lists(ACTS, min_size=1, max_size=4), min_size=8, max_size=30))
@settings(max_examples=12, deadline=None)
async def test_nobody_and_no_point_of_a_team_is_gained_or_lost(
    tmp_path_factory: pytest.TempPathFactory, moments: list[list[Act]]
) -> None:
    async with open_database("sqlite", tmp_path_factory.mktemp("teams")) as storage:
        club = Club(storage)
        await club.teams.limit(GRACE, HOME, LIMIT)
        for acts in moments:
            before = await _ever(storage)
            await asyncio.gather(*map(club.do, acts))
            await expect_balanced(storage)
            after = await _ever(storage)
            earned = sum(act.verb == "answer" for act in acts)
            assert all(after[who] >= points for who, points in before.items())
            assert sum(after.values()) <= sum(before.values()) + 20 * earned
            async with storage.snapshot() as work:
                assert all(team.size <= LIMIT for team in await work.teams.all(HOME))


async def _ever(storage: SqlStorage) -> dict[str, int]:
    """Return the points that everybody has."""
    people = {who.name: await rows.find(storage, who.name) for who in PEOPLE}
    return {name: await rows.total(storage, one, period=ALL) if one else 0 for name, one in people.items()}
