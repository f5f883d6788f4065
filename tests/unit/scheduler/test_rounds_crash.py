"""Live rounds in processes that die after every single step: the next one goes on, and nothing is there twice."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from adapters.storage.daily_tables import errands
from adapters.storage.errand_queue import SqlErrandQueue
from adapters.storage.ledger_tables import ledger
from adapters.storage.tables import servings
from adapters.storage.work import SqlStorage
from bot.features.services import make_services
from bot.posting import Posting
from bot.rounds import RoundState
from scheduler.errands import LEASE
from scheduler.handlers import all_handlers
from tests.support.databases import open_database
from tests.support.items import truth
from tests.support.quiz_room import QuizRoom
from tests.support.responder import Responded
from tests.support.room import ADA, BOB, token_of
from tests.support.rows import differences
from tests.unit.scheduler.dying import Died, Life, MortalPlatform, MortalStorage

ENDLESS = 10_000
MOST_STEPS = 400
SAID = {"Ada": "False", "Bob": "True"}
QUESTIONS = 3
ALL_KEYS = {
    "round:1:lobby",
    "round:1:end",
    *(f"round:1:{what}{place}" for what in "qa" for place in range(1, QUESTIONS + 1)),
}


class Mortals(QuizRoom):
    """People who play a round while one process after another does what is due."""

    def __init__(self, storage: SqlStorage) -> None:
        super().__init__(storage, *(truth(id=f"ml-t{place}") for place in range(6)))
        self.deaths = 0
        self.pressed_at: Counter[str] = Counter()

    async def live(self, life: Life) -> None:
        """Do whatever is due now, as one process, until it dies."""
        posting = Posting()
        posting.connect("test", MortalPlatform(self.board, life))
        storage = MortalStorage(self.rows, life)
        services = make_services(storage, self.bank, self.clock, self.chance, self.rules, posting)
        handlers = all_handlers(storage, services, self.clock)
        queue, owner = SqlErrandQueue(self.rows), f"process-{self.deaths}"
        try:
            while claimed := await queue.claim(owner, ["test"], self.clock.at, self.clock.at + LEASE, 1):
                await handlers[claimed[0].kind](claimed[0], owner)
        except Died:
            self.deaths += 1

    async def skip_ahead(self) -> None:
        """Let time go by until something is due."""
        async with self.rows.reading() as statements:
            due = (await statements.execute(select(func.min(errands.c.act_at)))).scalar_one()
        if due is not None:
            self.clock.at = max(self.clock.at, due)

    async def act(self) -> None:
        """Let both people join, and answer whatever they see and have not answered."""
        for notice in [*self.board.notices]:
            for who in (ADA, BOB):
                label = SAID[who.name] if ":q" in notice.key else "Join"
                if (":q" in notice.key or "lobby" in notice.key) and not self.pressed_at[f"{notice.key} {who.name}"]:
                    self.pressed_at[f"{notice.key} {who.name}"] += 1
                    assert isinstance(await self.pressed(who, token_of(notice.first, label)), Responded)

    async def play(self, life: Life) -> None:
        """Start a round and play it to its end; the first process has one life, those after it live on."""
        await self.command(ADA, "quiz start", f"questions:{QUESTIONS} seconds:10")
        for _ in range(MOST_STEPS):
            await self.live(life if not self.deaths else Life(ENDLESS))
            await self.act()
            if (await self.round()).state is RoundState.ENDED:
                return
            await self.skip_ahead()
        raise AssertionError("it never ended")


async def expect_once(room: Mortals) -> None:
    keys = Counter(notice.key for notice in room.board.notices)
    assert keys == Counter(ALL_KEYS)
    assert [(one.name, one.score, one.paid) for one in await room.players()] == [("Ada", 45, 45), ("Bob", 0, 0)]
    for notice in room.board.notices:
        assert ":end" in notice.key or notice.message.rows == (), notice.key
    async with room.rows.reading() as statements:
        kept = select(func.count()).select_from(servings)
        assert (await statements.execute(kept)).scalar_one() == 2 * QUESTIONS
        paid = select(func.count(), func.sum(ledger.c.points)).select_from(ledger)
        assert tuple((await statements.execute(paid)).one()) == (QUESTIONS, 15 * QUESTIONS)
    assert await differences(room.rows) == []


async def steps_of_a_round(folder: Path) -> list[str]:
    """Return the steps that a process takes which plays a round from beginning to end."""
    folder.mkdir()
    async with open_database("sqlite", folder) as storage:
        room, life = Mortals(storage), Life(ENDLESS)
        await room.play(life)
        await expect_once(room)
        return life.taken


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.soak) for part in (1, 2, 3))])
async def test_a_process_that_dies_after_any_step_leaves_nothing_twice_or_undone(part: int, tmp_path: Path) -> None:
    taken = await steps_of_a_round(tmp_path / "whole")
    assert len([what for what in taken if what.startswith("send")]) == len(ALL_KEYS)
    for at in range(1 + part, len(taken) + 1, 4):
        (tmp_path / str(at)).mkdir()
        async with open_database("sqlite", tmp_path / str(at)) as storage:
            room = Mortals(storage)
            await room.play(Life(at))
            assert room.deaths == 1, f"step {at} of {len(taken)} was never taken"
            await expect_once(room)


@pytest.mark.postgres
async def test_a_process_that_dies_after_a_few_steps_on_postgresql(tmp_path: Path) -> None:
    for at in (2, 5, 9, 14, 20):
        async with open_database("postgresql", tmp_path) as storage:
            room = Mortals(storage)
            await room.play(Life(at))
            assert room.deaths == 1
            await expect_once(room)
