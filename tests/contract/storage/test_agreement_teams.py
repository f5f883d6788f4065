"""Whatever people, teams and moderators do, at the same time and across seasons: every board is what the ledger says.

SQLite only: these are laws of the use cases over a database, and what a database owes them is tested on both.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.storage.work import SqlStorage, open_storage
from bot.errors import UserError
from bot.people.profile import Profiles
from bot.ports import UnitOfWork
from bot.practice.calendar import Calendar, Season
from bot.practice.service import Practice, Rules
from bot.refs import WorkspaceRef
from questions.bank import Filter
from tests.support import items, rows
from tests.support.databases import open_database
from tests.support.recomputed import check_boards, recompute
from tests.support.world import HOME, UTC_ZONE, StillClock, someone

NAMES = ("Ada", "Bob", "Cyd", "Dan")
TEAMS = ("owls", "crows")
PLACES = (HOME, WorkspaceRef("test", "elsewhere"))
RIGHT = "F"
BANK = items.bank_of(*(items.truth(id=f"{topic}-{n}", level="easy") for topic in ("cn", "op") for n in range(3)))


@dataclass(frozen=True)
class Act:
    """Something that one of the people does; ``choice`` is its only detail."""

    name: str
    verb: str
    choice: int


@dataclass
class World:
    """People who practise in teams in two workspaces, on one database, and the process that serves them."""

    storage: SqlStorage
    clock: StillClock = field(default_factory=StillClock)
    teams: dict[tuple[WorkspaceRef, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Start the process anew: all that it knew is what it reads from the database."""
        rules = Rules(Calendar(UTC_ZONE, Season.MONTH), 1000)
        self.practice = Practice(self.storage, BANK, self.clock, random.Random(7), rules)
        self.profiles = Profiles(self.storage, self.clock, rules)

    async def do(self, act: Act) -> None:
        """Do something; a refusal that the person would be told of is fine."""
        place = PLACES[act.choice % 2]
        try:
            match act.verb:
                case "answer":
                    shown = await self.practice.serve(someone(act.name), place, Filter())
                    await self.practice.answer(someone(act.name), shown.serving, RIGHT)
                case "hide":
                    await self.profiles.change(someone(act.name), hidden=act.choice % 3 == 0)
                case "restart":
                    self.start()
                case "wait":
                    self.clock.pass_time(hours=(1, 24, 24 * 7, 24 * 31)[act.choice % 4])
                case _:
                    async with self.storage.transaction() as work:
                        await self._change(work, act, place)
        except UserError:
            pass

    async def _change(self, work: UnitOfWork, act: Act, place: WorkspaceRef) -> None:
        """Do what needs a transaction of its own: change a team, give points or take them back."""
        now = self.clock.now()
        person = await work.people.enter(someone(act.name), now)
        name = TEAMS[act.choice // 2 % 2]
        team = await work.teams.find(place, name)
        match act.verb:
            case "join" if team is None:
                made = await work.teams.add(
                    workspace=place, name=name, folded=name, emoji="", captain=person.id, open=True, now=now
                )
                assert made is not None
            case "join" if team is not None:
                await work.teams.join(team, person.id, now)
            case "leave":
                if (theirs := await work.teams.of(place, person.id)) is not None:
                    await work.teams.leave(theirs.id, person.id)
            case "disband" if team is not None:
                await work.teams.disband(team.id)
            case "void":
                entries = await work.ledger.entries(person.id, before=None, limit=5)
                for entry in entries[act.choice % 3 : act.choice % 3 + 1]:
                    await work.ledger.void(entry.id, place, person.id, "a mistake", now)
            case "grant":
                calendar = Calendar(UTC_ZONE)
                theirs = await work.teams.of(place, person.id)
                await work.ledger.award(
                    person=person.id, workspace=place, points=(-7, -1, 3, 64)[act.choice % 4], reason="grant",
                    question="", note="", season=calendar.season_of(calendar.day(now)), day=calendar.day(now),
                    periods=calendar.periods(calendar.day(now)), serving=None, now=now,
                    team=None if theirs is None else theirs.id, contests=("c1", "c1.05"), by=person.id,
                )  # fmt: skip


VERBS = ("answer", "answer", "answer", "join", "join", "leave", "disband", "void", "grant", "hide", "wait", "restart")
ACTS = st.builds(Act, st.sampled_from(NAMES), st.sampled_from(VERBS), st.integers(0, 11))


@given(moments=st.lists(st.lists(ACTS, min_size=1, max_size=4), min_size=5, max_size=12), limit=st.integers(1, 3))
@settings(max_examples=5, deadline=None)
async def test_every_board_is_what_the_ledger_says(
    tmp_path_factory: pytest.TempPathFactory, moments: list[list[Act]], limit: int
) -> None:
    async with open_database("sqlite", tmp_path_factory.mktemp("teams")) as storage:
        world = World(storage)
        for name in NAMES:
            await world.do(Act(name, "join", 0))
            await world.do(Act(name, "answer", 0))
        for acts in moments:
            await asyncio.gather(*map(world.do, acts))
        assert await check_boards(storage, limit) > 0
        assert await rows.differences(storage) == []


async def test_every_board_is_what_the_ledger_says_of_a_long_story(tmp_path: Path) -> None:
    chance = random.Random(11)
    async with open_database("sqlite", tmp_path) as storage:
        world = World(storage)
        for _ in range(200):
            await world.do(Act(chance.choice(NAMES), chance.choice(VERBS), chance.randrange(12)))
        again = open_storage(storage.engine.url)  # as another process sees it
        truth = await recompute(again)
        assert len([place for place in truth.teams if truth.ranked_teams(place)]) > 10
        assert await check_boards(again, 2) > 20
        assert await rows.differences(again) == []
        await again.close()


MOVES = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(("join", "leave", "disband")), st.integers(0, 3)), max_size=20
)


@given(moves=MOVES)
@settings(max_examples=6, deadline=None)
async def test_no_sequence_of_joins_and_leaves_gains_points(
    tmp_path_factory: pytest.TempPathFactory, moves: list[tuple[str, str, int]]
) -> None:
    async with open_database("sqlite", tmp_path_factory.mktemp("moves")) as storage:
        world = World(storage)
        for name in NAMES:
            await world.do(Act(name, "join", 0))
            await world.do(Act(name, "answer", 0))
            await world.do(Act(name, "answer", 2))
        before = (await rows.board(storage), await rows.team_board(storage))
        assert before[1].top
        for name, verb, choice in moves:
            await world.do(Act(name, verb, choice * 2))
        assert (await rows.board(storage), await rows.team_board(storage)) == before
        assert await rows.differences(storage) == []
