"""Whatever people do, in whatever order and at the same time: the books balance.

SQLite only: these are laws of the use cases over a database, and what a database owes them is tested on both.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.storage.work import SqlStorage
from bot.errors import UserError
from bot.people.profile import Profiles
from bot.practice.calendar import ALL, Calendar, month_of, week_of
from bot.practice.service import REASON, Practice, Rules, Shown
from bot.refs import WorkspaceRef
from questions.bank import Filter
from questions.generate import FAMILIES
from tests.support import items, rows
from tests.support.databases import open_database
from tests.support.world import HOME, UTC_ZONE, StillClock, someone

CAP = 40
NAMES = ("Ada", "Bob", "Cyd")
PLACES = (HOME, WorkspaceRef("test", "elsewhere"))
FAMILY = FAMILIES["cn-conv-output-size"]
BANK = replace(
    items.bank_of(
        items.truth(id="cn-truth", level="easy"),
        items.many(id="op-many", level="hard", shuffle=False),
        items.number(id="ml-number"),
        items.text(id="lm-text"),
    ),
    families={FAMILY.id: FAMILY},
)
RESPONSES = ("T", "F", "AB", "ABC", "1960", "1", "gradients vanish", "")


@dataclass(frozen=True)
class Act:
    """Something that one of the people does; ``choice`` is its only detail."""

    name: str
    verb: str
    choice: int


@dataclass
class Team:
    """A few people who practise on one database, and the questions last shown to each."""

    storage: SqlStorage
    clock: StillClock = field(default_factory=StillClock)
    servings: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rules = Rules(Calendar(UTC_ZONE), CAP)
        self.practice = Practice(self.storage, BANK, self.clock, random.Random(7), rules)
        self.profiles = Profiles(self.storage, self.clock, rules)

    async def do(self, act: Act) -> None:
        """Do something; a refusal that the person would be told of is fine."""
        actor, serving = someone(act.name), self.servings.get(act.name, 0)
        try:
            match act.verb:
                case "serve":
                    self._note(act, await self.practice.serve(actor, PLACES[act.choice % 2], Filter()))
                case "answer":
                    await self.practice.answer(actor, serving, RESPONSES[act.choice])
                case "mark":
                    await self.practice.mark(actor, serving, "ABC"[: act.choice % 4])
                case "skip":
                    self._note(act, await self.practice.skip(actor, serving))
                case "hint":
                    await self.practice.hint(actor, serving)
                case "hide":
                    await self.profiles.change(actor, hidden=act.choice % 2 == 0)
                case _:
                    self.clock.pass_time(hours=6 * act.choice)
        except UserError:
            pass

    def _note(self, act: Act, shown: Shown) -> None:
        self.servings[act.name] = shown.serving


VERBS = ("serve", "serve", "answer", "answer", "answer", "mark", "skip", "hint", "hide", "wait")
ACTS = st.builds(Act, st.sampled_from(NAMES), st.sampled_from(VERBS), st.integers(0, len(RESPONSES) - 1))


@given(moments=st.lists(st.lists(ACTS, min_size=1, max_size=4), min_size=5, max_size=20))
@settings(max_examples=8, deadline=None)
async def test_the_books_balance_whatever_people_do(
    tmp_path_factory: pytest.TempPathFactory, moments: list[list[Act]]
) -> None:
    async with open_database("sqlite", tmp_path_factory.mktemp("agreement")) as storage:
        team = Team(storage)
        start = team.clock.now().date()
        for name in NAMES:
            await team.do(Act(name, "serve", 0))
        for acts in moments:
            await asyncio.gather(*map(team.do, acts))
        assert await rows.differences(storage) == []
        await _check_statistics(team)
        for name in NAMES:
            await _check(team, name, (team.clock.now().date() - start).days)


async def _check_statistics(team: Team) -> None:
    """Check that history, counted anew, comes to the sums that were kept."""
    async with team.storage.snapshot() as work:
        kept = await work.item_stats.tallies()
    await team.practice.quality.rebuild()
    async with team.storage.snapshot() as work:
        assert await work.item_stats.tallies() == kept


async def _check(team: Team, name: str, days: int) -> None:
    """Check a person's own books: rows, boards of all places, the daily limit, and who may see them."""
    person = await rows.enter(team.storage, name)
    paid = [entry.points for entry in await rows.entries(team.storage, person)]
    assert all(points > 0 for points in paid)
    totals = [await rows.total(team.storage, person, workspace=place) for place in PLACES]
    assert sum(totals) == sum(paid) <= CAP * (days + 1)
    async with team.storage.snapshot() as work:
        assert await work.ledger.earned(person.id, team.clock.now().date(), REASON) <= CAP
    for place, points in zip(PLACES, totals, strict=True):
        board = await rows.board(team.storage, person, workspace=place)
        assert (person.id in {row.person for row in board.top}) == (points > 0 and not person.hidden)
        assert (board.own is None) == (points == 0)
        for period in (month_of(team.clock.now().date()), week_of(team.clock.now().date())):
            assert await rows.total(team.storage, person, workspace=place, period=period) <= points
        assert await rows.total(team.storage, person, workspace=place, period=ALL) == points
