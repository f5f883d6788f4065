"""Questions of the day with everybody at once: an answer is in time or late, never both and never lost."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from adapters.storage.errand_queue import SqlErrandQueue
from adapters.storage.ledger_tables import ledger
from adapters.storage.tables import servings
from adapters.storage.work import SqlStorage, open_storage
from bot.daily.answering import Answering, Sealed, Told
from bot.daily.closing import AT_ONCE, Closing
from bot.daily.planner import Planner
from bot.daily.seasons import Seasons
from bot.practice.calendar import Calendar
from bot.practice.quality import NOTHING_KNOWN, Quality
from bot.practice.service import Rules
from bot.refs import Actor
from bot.scheduling import Daily, DailyState, Put
from questions.statistics import WHOLE
from tests.support import items, rows
from tests.support.rows import DAY
from tests.support.world import HOME, MONDAY, UTC_ZONE, StillClock, someone

ROUNDS = 12
CROWD = 8
ONE = timedelta(days=1)
CALENDAR = Calendar(UTC_ZONE)
RULES = Rules(CALENDAR, 200)
BANK = items.bank_of(*(items.truth(id=f"cn-truth-{number}") for number in range(4)))
WORTH = 15
REVISIONS = {question.id: question.revision for question in BANK.questions}


@pytest.fixture
async def processes(storage: SqlStorage) -> AsyncIterator[Sequence[SqlStorage]]:
    """Yield three processes' connections to one database."""
    others = [open_storage(storage.engine.url) for _ in range(2)]
    for other in others:  # whoever has to connect first comes too late for any race
        await rows.differences(other)
    yield storage, *others
    for other in others:
        await other.close()


def _answering(storage: SqlStorage, clock: StillClock | None = None) -> Answering:
    clock = clock or StillClock()
    return Answering(storage, BANK, clock, RULES, Quality(storage, BANK, clock, RULES.calendar))


def _closing(storage: SqlStorage) -> Closing:
    return Closing(storage, BANK, StillClock(), RULES)


async def _asked(storage: SqlStorage, day: date = DAY, question: str = "cn-truth-0") -> int:
    schedule = await rows.schedule(storage)
    number = await rows.ask(storage, schedule, day=day, question=question, revision=REVISIONS[question])
    assert number is not None
    return number


async def _sealed(storage: SqlStorage, number: int) -> Daily:
    daily = await _closing(storage).seal(number)
    assert daily is not None
    return daily


async def _reveal(storage: SqlStorage, number: int) -> None:
    await _closing(storage).settle(await _sealed(storage, number))


async def _kept(storage: SqlStorage, number: int) -> tuple[list[str], list[str]]:
    """Return who is kept as having answered in time, and who late."""
    async with storage.snapshot() as work:
        in_time = await work.daily_answers.all(number)
        late = await work.daily_answers.all(number, late=True)
    return sorted(one.name for one in in_time), sorted(one.name for one in late)


async def test_an_answer_at_the_time_of_the_seal_is_in_time_and_counted_or_late(
    processes: Sequence[SqlStorage],
) -> None:
    storage, chance = processes[0], random.Random(5)
    crowd = [someone(f"P{number}") for number in range(CROWD)]
    seen: Counter[bool] = Counter()
    for each in range(ROUNDS):
        number = await _asked(storage, DAY + each * ONE)
        in_time, late = await _answers_and_reveal(processes, number, crowd, chance)
        assert await _kept(storage, number) == (in_time, late)
        assert sorted(in_time + late) == sorted(actor.name for actor in crowd)
        assert (await rows.daily(storage, number)).answered == len(in_time)
        await _expect_settled(storage, number)
        seen.update([bool(in_time), bool(late)])
    assert seen[True] > ROUNDS  # in some of the rounds there were both
    assert await rows.differences(storage) == []


async def _answers_and_reveal(
    processes: Sequence[SqlStorage], number: int, crowd: Sequence[Actor], chance: random.Random
) -> tuple[list[str], list[str]]:
    """Let everybody answer while a question closes; return who was told that they were in time, and who late."""
    told: dict[bool, list[str]] = {False: [], True: []}

    async def answer(at: int, actor: Actor) -> None:
        await asyncio.sleep(chance.random() * 0.03)
        outcome = await _answering(processes[at % 2]).answer(actor, HOME, number, "F", MONDAY)
        told[isinstance(outcome, Told)].append(actor.name)

    async def reveal() -> None:
        await asyncio.sleep(chance.random() * 0.03)
        await _reveal(processes[2], number)

    await asyncio.gather(*(answer(at, actor) for at, actor in enumerate(crowd)), reveal())
    return sorted(told[False]), sorted(told[True])


async def test_an_answer_changed_at_the_time_of_the_seal_earns_what_it_says(processes: Sequence[SqlStorage]) -> None:
    storage, chance = processes[0], random.Random(6)
    crowd = [someone(f"P{number}") for number in range(CROWD)]
    for each in range(ROUNDS // 2):
        number = await _asked(storage, DAY + each * 31 * ONE)
        for actor in crowd:
            await _answering(storage).answer(actor, HOME, number, "T", MONDAY)
        in_time, late = await _answers_and_reveal(processes, number, crowd, chance)
        assert sorted(in_time + late) == sorted(actor.name for actor in crowd)
        async with storage.snapshot() as work:
            answers = await work.daily_answers.all(number)
        assert [one.points for one in answers] == [WORTH if one.response == "F" else 0 for one in answers]
        assert all(one.settled for one in answers)
        assert {one.name for one in answers if one.response == "T"} >= set(late)
        assert (await rows.daily(storage, number)).answered == CROWD
    assert await rows.differences(storage) == []


async def test_many_answers_of_one_person_at_once_are_one(processes: Sequence[SqlStorage]) -> None:
    storage, ada = processes[0], someone("Ada")
    number = await _asked(storage)
    told = await asyncio.gather(
        *(_answering(processes[at % 3]).answer(ada, HOME, number, "TF"[at % 2], MONDAY) for at in range(12))
    )
    puts = Counter(one.put for one in told if isinstance(one, Sealed))
    assert (puts[Put.NEW], puts.total()) == (1, 12)
    assert sum(one.streak_grew for one in told if isinstance(one, Sealed)) == 1
    assert (await rows.daily(storage, number)).answered == 1
    late = await _asked(storage, DAY + ONE)
    await _sealed(storage, late)
    told = await asyncio.gather(
        *(_answering(processes[at % 3]).answer(ada, HOME, late, "F", MONDAY) for at in range(12))
    )
    assert Counter(one.again for one in told if isinstance(one, Told)) == {False: 1, True: 11}
    assert await _kept(storage, late) == ([], ["Ada"])


async def test_of_many_who_seal_at_once_all_see_it_closing_and_the_last_answer_counts(
    processes: Sequence[SqlStorage],
) -> None:
    number = await _asked(processes[0])
    await _answering(processes[0]).answer(someone("Ada"), HOME, number, "F", MONDAY)
    sealed = await asyncio.gather(*(_closing(process).seal(number) for process in processes for _ in range(3)))
    assert [one and one.state for one in sealed] == [DailyState.CLOSING] * 9
    assert {one.answered for one in sealed if one} == {1}


@pytest.mark.parametrize("size", [1, AT_ONCE, 2 * AT_ONCE + 5])
async def test_when_several_processes_settle_each_answer_is_paid_once(
    processes: Sequence[SqlStorage], size: int
) -> None:
    storage, number = processes[0], await _asked(processes[0])
    right = [someone(f"P{each}") for each in range(size)]
    for actors, response in ((right, "F"), ([someone("Bob")], "T")):
        for actor in actors:
            await _answering(storage).answer(actor, HOME, number, response, MONDAY)
    daily = await _sealed(storage, number)
    latecomer = _answering(processes[1]).answer(someone("Eve"), HOME, number, "F", MONDAY)
    await asyncio.gather(*(_closing(process).settle(daily) for process in processes), latecomer)
    await _closing(storage).settle(daily)
    await _expect_settled(storage, number)
    board = await rows.board(storage, limit=99)
    assert {row.name: row.points for row in board.top} == {actor.name: WORTH for actor in right}
    assert await rows.differences(storage) == []
    async with storage.snapshot() as work:
        tally = await work.item_stats.get(daily.question, daily.revision)
    assert tally[WHOLE].answers == size + 2
    async with storage.reading() as statements:
        assert (await statements.execute(select(func.count()).select_from(servings))).scalar_one() == size + 2


async def _expect_settled(storage: SqlStorage, number: int) -> None:
    """See that each answer is a serving of its own, and that its points are what the ledger paid for that."""
    async with storage.snapshot() as work:
        answers = [*await work.daily_answers.all(number), *await work.daily_answers.all(number, late=True)]
    kept = [await rows.serving(storage, one.serving or 0) for one in answers]
    assert len({serving.id for serving in kept if serving}) == len(answers)
    assert all(one.settled for one in answers)
    async with storage.reading() as statements:
        listed = await statements.execute(select(ledger.c.serving_id, ledger.c.person_id, ledger.c.points))
        paid = [(row.serving_id, row.person_id, row.points) for row in listed]
    mine = [one for one in paid if one[0] in {answer.serving for answer in answers}]
    assert sorted(mine) == sorted((one.serving or 0, one.person, one.points) for one in answers if one.points)


async def test_a_slot_turned_by_three_workers_at_once_makes_one_question(processes: Sequence[SqlStorage]) -> None:
    storage = processes[0]
    for each in range(4):
        schedule = await rows.schedule(storage)
        async with storage.transaction() as work:
            await work.schedules.set_next(schedule.id, DAY)
        now = MONDAY.replace(hour=9, second=each)
        due = await asyncio.gather(*(_turn(process, schedule.id, now) for process in processes))
        assert due == [now.replace(second=0) + ONE] * 3
        async with storage.snapshot() as work:
            made = await work.dailies.history(schedule.id, 10)
        assert [(one.day, one.state) for one in made] == [(DAY, DailyState.POSTING)]
    claimed = await SqlErrandQueue(storage).claim("a", ["test"], MONDAY, MONDAY + ONE, 99)
    assert [errand.kind for errand in claimed].count("post") == 4


async def test_a_date_taken_by_many_at_once_without_a_latch_has_one_question(processes: Sequence[SqlStorage]) -> None:
    schedule = await rows.schedule(processes[0])
    made = await asyncio.gather(*(rows.ask(processes[at % 3], schedule, note=str(at)) for at in range(12)))
    (number,) = [one for one in made if one is not None]
    assert (await rows.daily(processes[0], number)).note == str(made.index(number))


async def _turn(storage: SqlStorage, schedule: int, now: datetime) -> datetime | None:
    planner = Planner(BANK, Seasons(storage, StillClock(), CALENDAR))
    async with storage.transaction() as work:
        latched = await work.schedules.latch(schedule)
        assert latched is not None
        return await planner.turn(work, latched, now, NOTHING_KNOWN)
