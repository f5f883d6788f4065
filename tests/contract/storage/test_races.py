"""Everybody at once, through the real use case: an answer counts once, and nothing is lost."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Iterable, Sequence

import pytest

from adapters.storage.work import SqlStorage, open_storage
from bot.errors import AlreadyDone
from bot.ports import TopicRecord
from bot.practice.calendar import Calendar
from bot.practice.service import REASON, Practice, Result, Revealed, Rules, Shown
from bot.refs import Actor
from questions.bank import Filter
from questions.model import Level
from tests.support import items, rows
from tests.support.world import HOME, MONDAY, UTC_ZONE, StillClock, someone

CROWD = 50
BANK = items.bank_of(
    *(items.truth(id=f"cn-{level}-{number}", level=level) for number in range(4) for level in Level),
    items.text(id="ml-why"),
)
TRUTHS, TEXTS = Filter(kind="truth"), Filter(kind="text")
RIGHT = "F"


def _practice(storage: SqlStorage, cap: int = 1000) -> Practice:
    return Practice(storage, BANK, StillClock(), random.Random(7), Rules(Calendar(UTC_ZONE), cap))


@pytest.fixture
async def processes(storage: SqlStorage) -> AsyncIterator[Sequence[SqlStorage]]:
    """Yield two processes' connections to one database."""
    other = open_storage(storage.engine.url)
    yield storage, other
    await other.close()


async def _at_once(acts: Iterable[Awaitable[object]]) -> Counter[type]:
    """Do everything at once, and count what came of it by type."""
    return Counter(type(outcome) for outcome in await asyncio.gather(*acts, return_exceptions=True))


async def _record(storage: SqlStorage, name: str = "Ada") -> Sequence[TopicRecord]:
    person = await rows.enter(storage, name)
    async with storage.snapshot() as work:
        return await work.servings.record(person.id)


async def test_of_many_closes_at_once_exactly_one_is_told_yes(processes: Sequence[SqlStorage]) -> None:
    ada = await rows.enter(processes[0])
    shown = await rows.serve(processes[0], ada)

    async def close(number: int) -> bool:
        async with processes[number % 2].transaction() as work:
            return await work.servings.close(
                shown, ada.id, expected="open", state="answered", response=str(number), score=0, now=MONDAY
            )

    closed = await asyncio.gather(*map(close, range(CROWD)))
    assert closed.count(True) == 1
    kept = await rows.serving(processes[0], shown)
    assert kept is not None
    assert kept.response == str(closed.index(True))


async def test_many_answers_to_one_question_count_once(processes: Sequence[SqlStorage]) -> None:
    storage, ada = processes[0], someone("Ada")
    shown = await _practice(storage).serve(ada, HOME, TRUTHS)
    both = [_practice(process) for process in processes]
    outcomes = await _at_once(both[number % 2].answer(ada, shown.serving, RIGHT) for number in range(CROWD))
    assert outcomes == {Result: 1, AlreadyDone: CROWD - 1}
    person = await rows.enter(storage)
    (entry,) = await rows.entries(storage, person)
    assert await rows.total(storage, person) == entry.points
    assert await rows.differences(storage) == []
    assert list(await _record(storage)) == [TopicRecord("CN", 1, 1, 1000)]


async def test_one_question_shown_twice_pays_once(storage: SqlStorage) -> None:
    ada, practice = someone("Ada"), _practice(storage)
    easy = Filter(level="easy", kind="truth")
    shown = [await practice.serve(ada, HOME, easy) for _ in range(8)]
    await _at_once(practice.answer(ada, each.serving, RIGHT) for each in shown)
    person = await rows.enter(storage)
    paid = sorted((entry.question, entry.points) for entry in await rows.entries(storage, person))
    assert paid == [("cn-easy-0", 10), ("cn-easy-1", 10), ("cn-easy-2", 10), ("cn-easy-3", 10)]


async def test_of_an_answer_and_a_skip_at_once_one_counts(storage: SqlStorage) -> None:
    ada, practice = someone("Ada"), _practice(storage)
    for _ in range(5):
        shown = await practice.serve(ada, HOME, TRUTHS)
        outcomes = await _at_once([practice.answer(ada, shown.serving, RIGHT), practice.skip(ada, shown.serving)])
        assert outcomes in (Counter([Result, AlreadyDone]), Counter([Shown, AlreadyDone]))


async def test_many_hints_and_an_answer_at_once_leave_one_story(storage: SqlStorage) -> None:
    ada, practice = someone("Ada"), _practice(storage)
    shown = await practice.serve(ada, HOME, Filter(level="hard", kind="truth"))
    result, *_ = await asyncio.gather(
        practice.answer(ada, shown.serving, RIGHT),
        *(practice.hint(ada, shown.serving) for _ in range(10)),
        return_exceptions=True,
    )
    kept = await rows.serving(storage, shown.serving)
    assert isinstance(result, Result)
    assert kept is not None
    assert (kept.hinted, result.award.points) in [(False, 20), (True, 14)]


async def test_many_marks_of_one_text_count_once(storage: SqlStorage) -> None:
    ada, practice = someone("Ada"), _practice(storage)
    shown = await practice.serve(ada, HOME, TEXTS)
    texts = await _at_once(practice.answer(ada, shown.serving, f"Because {number}.") for number in range(10))
    marks = await _at_once(practice.mark(ada, shown.serving, "AB") for _ in range(10))
    assert (texts, marks) == ({Revealed: 1, AlreadyDone: 9}, {Result: 1, AlreadyDone: 9})
    assert list(await _record(storage)) == [TopicRecord("ML", 1, 0, 800)]


async def test_a_crowd_at_once_loses_nothing(processes: Sequence[SqlStorage]) -> None:
    people = [someone(f"P{number}") for number in range(CROWD)]

    async def play(number: int, actor: Actor) -> int:
        practice = _practice(processes[number % 2])
        shown = await practice.serve(actor, HOME, TRUTHS)
        result = await practice.answer(actor, shown.serving, RIGHT)
        assert isinstance(result, Result)
        return result.award.points

    paid = await asyncio.gather(*(play(number, actor) for number, actor in enumerate(people)))
    board = await rows.board(processes[0], limit=CROWD)
    assert {row.name: row.points for row in board.top} == {
        actor.name: points for actor, points in zip(people, paid, strict=True)
    }
    assert await rows.differences(processes[0]) == []


@pytest.mark.parametrize("cap", [5, 25, 100])
async def test_answers_at_once_never_earn_more_than_a_day_may(processes: Sequence[SqlStorage], cap: int) -> None:
    storage, ada = processes[0], someone("Ada")
    both = [_practice(process, cap) for process in processes]
    shown = [await both[0].serve(ada, HOME, TRUTHS) for _ in range(12)]
    outcomes = await _at_once(both[number % 2].answer(ada, each.serving, RIGHT) for number, each in enumerate(shown))
    assert outcomes == {Result: 12}
    person = await rows.enter(storage)
    async with storage.snapshot() as work:
        assert await work.ledger.earned(person.id, rows.DAY, REASON) == cap
    assert await rows.total(storage, person) == cap
    assert await rows.differences(storage) == []


async def test_answers_at_once_make_one_day_of_a_streak(storage: SqlStorage) -> None:
    ada, practice = someone("Ada"), _practice(storage)
    shown = [await practice.serve(ada, HOME, TRUTHS) for _ in range(10)]
    results = await asyncio.gather(*(practice.answer(ada, each.serving, RIGHT) for each in shown))
    grew = [result.streak_grew for result in results if isinstance(result, Result)]
    assert sorted(grew) == [False] * 9 + [True]
    person = await rows.enter(storage)
    assert (person.streak, person.best_streak, person.last_day) == (1, 1, rows.DAY)
