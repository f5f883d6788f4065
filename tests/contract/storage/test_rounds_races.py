"""Live rounds with everybody at once: one in a channel, one answer of each, in time or too late, never lost."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from adapters.storage.ledger_tables import ledger
from adapters.storage.tables import servings
from adapters.storage.work import SqlStorage, open_storage
from bot.errors import AlreadyDone, Expired
from bot.posting import Posting
from bot.practice.calendar import Calendar
from bot.practice.quality import Quality
from bot.practice.service import Rules
from bot.quiz.answering import RoundAnswering
from bot.quiz.hosting import Hosting
from bot.quiz.running import Running
from bot.quiz.settling import AT_ONCE, RoundSettling
from bot.refs import Actor, ChannelRef, MessageRef
from bot.rounds import AskState, Ending, RoundState, Terms
from tests.support import items, rows
from tests.support.noticeboard import Noticeboard
from tests.support.round_rows import ask, begin, get
from tests.support.world import HOME, MONDAY, STUDY, UTC_ZONE, StillClock, someone

TIMES, CROWD, WORTH = 12, 8, 15
OVER = MONDAY + timedelta(seconds=32)
"""When a question that opened on Monday is sealed."""
CALENDAR = Calendar(UTC_ZONE)
RULES = Rules(CALENDAR, 200)
QUESTION = items.truth(id="cn-truth")
BANK = items.bank_of(QUESTION)


@pytest.fixture
async def processes(storage: SqlStorage) -> AsyncIterator[Sequence[SqlStorage]]:
    """Yield three processes' connections to one database."""
    others = [open_storage(storage.engine.url) for _ in range(2)]
    for other in others:  # whoever has to connect first comes too late for any race
        await rows.differences(other)
    yield storage, *others
    for other in others:
        await other.close()


def _running() -> Running:
    return Running(BANK, random.Random(1))


def _answering(storage: SqlStorage) -> RoundAnswering:
    return RoundAnswering(storage, BANK, StillClock(), RULES)


def _hosting(storage: SqlStorage) -> Hosting:
    posting, clock = Posting(), StillClock()
    posting.connect("test", Noticeboard())
    return Hosting(storage, clock, posting, _running(), Quality(storage, BANK, clock, CALENDAR), RULES)


async def _asked(storage: SqlStorage, number: int, at: int = 1) -> None:
    """Let a round ask a question, open since Monday."""
    await ask(storage, number, at, question=QUESTION.id, revision=QUESTION.revision)
    async with storage.transaction() as work:
        await work.rounds.move(number, [RoundState.LOBBY, RoundState.SHOWING], RoundState.ASKING, MONDAY, at)
        kept = await work.rounds.question(number, at)
        assert kept is not None
        await _running().opened(work, kept, MessageRef(STUDY, f"q{at}"), MONDAY, reopened=False)


async def _seal(storage: SqlStorage, number: int) -> datetime:
    async with storage.transaction() as work:
        return await _running().seal(work, number, OVER)


async def test_of_many_who_start_a_round_in_one_channel_one_does(processes: Sequence[SqlStorage]) -> None:
    for each in range(6):
        channel = replace(STUDY, id=f"study-{each}")
        told = await asyncio.gather(
            *(_hosting(processes[at % 3]).start(someone(f"P{at}"), channel, Terms()) for at in range(9)),
            return_exceptions=True,
        )
        assert Counter(type(one) for one in told)[AlreadyDone] == 8, told
    async with processes[0].snapshot() as work:
        assert await work.rounds.living(ChannelRef(HOME, "study-6")) is None


async def test_many_answers_of_one_person_at_once_are_one(processes: Sequence[SqlStorage]) -> None:
    number = await begin(processes[0])
    await _asked(processes[0], number)
    ada = someone("Ada")
    told = await asyncio.gather(
        *(_answering(processes[at % 3]).answer(ada, HOME, number, 1, "TF"[at % 2], MONDAY) for at in range(12))
    )
    assert Counter(one.again for one in told) == {False: 1, True: 11}
    assert len({one.graded.response for one in told}) == 1
    async with processes[0].snapshot() as work:
        assert len(await work.round_answers.all(number, 1)) == 1


async def test_an_answer_at_the_time_of_the_seal_counts_or_is_told_that_it_is_late(
    processes: Sequence[SqlStorage],
) -> None:
    storage, chance = processes[0], random.Random(5)
    crowd = [someone(f"P{number}") for number in range(CROWD)]
    seen: Counter[bool] = Counter()
    for each in range(TIMES):
        number = await begin(storage, channel=replace(STUDY, id=f"study-{each}"))
        await _asked(storage, number)
        in_time = await _answers_and_seal(processes, number, crowd, chance)
        async with storage.snapshot() as work:
            kept = await work.round_answers.all(number, 1)
        assert sorted(one.name for one in kept) == in_time
        assert all(one.points == WORTH for one in kept)
        assert (await get(storage, number)).paying == (len(kept) >= 2)
        seen.update([bool(in_time), len(in_time) < CROWD])
    assert seen[True] > TIMES  # in some there were both


async def _answers_and_seal(
    processes: Sequence[SqlStorage], number: int, crowd: Sequence[Actor], chance: random.Random
) -> list[str]:
    """Let everybody answer while a question is sealed; return who was told that their answer is in."""
    told: list[str] = []

    async def answer(at: int, actor: Actor) -> None:
        await asyncio.sleep(chance.random() * 0.04)
        try:
            await _answering(processes[at % 2]).answer(actor, HOME, number, 1, "F", MONDAY)
        except Expired:
            return
        told.append(actor.name)

    async def seal() -> None:
        await asyncio.sleep(chance.random() * 0.04)
        await _seal(processes[2], number)

    await asyncio.gather(*(answer(at, actor) for at, actor in enumerate(crowd)), seal())
    return sorted(told)


async def test_of_many_who_seal_at_once_the_scores_are_kept_once(processes: Sequence[SqlStorage]) -> None:
    storage = processes[0]
    number = await begin(storage)
    await _asked(storage, number)
    for name in ("Ada", "Bob"):
        await _answering(storage).answer(someone(name), HOME, number, 1, "F", MONDAY)
    await asyncio.gather(*(_seal(process, number) for process in processes for _ in range(3)))
    of = await get(storage, number)
    assert (of.state, of.paying) == (RoundState.SHOWING, True)
    async with storage.snapshot() as work:
        assert [one.score for one in await work.round_answers.players(number)] == [WORTH, WORTH]


async def test_a_stop_at_the_time_of_the_seal_closes_the_question_or_discards_it(
    processes: Sequence[SqlStorage],
) -> None:
    storage = processes[0]
    seen: Counter[AskState] = Counter()
    for each in range(TIMES):
        number = await begin(storage, channel=replace(STUDY, id=f"study-{each}"))
        await _asked(storage, number)
        await _answering(storage).answer(someone("Ada"), HOME, number, 1, "F", MONDAY)

        async def stop(process: SqlStorage, number: int = number) -> None:
            async with process.transaction() as work:
                await work.rounds.end(number, Ending.STOPPED, MONDAY)
            async with process.transaction() as work:
                await _running().discard(work, number)

        order = [_seal(processes[1], number), stop(processes[2])]
        await asyncio.gather(*(order if each % 2 else reversed(order)))
        async with storage.snapshot() as work:
            [kept] = await work.rounds.questions(number)
            [given] = await work.round_answers.all(number, 1)
        assert (await get(storage, number)).state is RoundState.ENDING
        assert given.points == (WORTH if kept.state is AskState.CLOSED else 0)
        seen[kept.state] += 1
    assert set(seen) <= {AskState.CLOSED, AskState.DISCARDED}


@pytest.mark.parametrize("size", [2, AT_ONCE, 2 * AT_ONCE + 5])
async def test_when_several_processes_settle_each_answer_is_paid_once(
    processes: Sequence[SqlStorage], size: int
) -> None:
    storage = processes[0]
    number = await begin(storage)
    await _asked(storage, number)
    for each in range(size):
        await _answering(storage).answer(someone(f"P{each}"), HOME, number, 1, "F", MONDAY)
    await _seal(storage, number)
    of = await get(storage, number)
    await asyncio.gather(*(RoundSettling(process, BANK, StillClock(), RULES).settle(of) for process in processes))
    await RoundSettling(storage, BANK, StillClock(), RULES).settle(of)
    async with storage.snapshot() as work:
        answers = await work.round_answers.all(number, 1)
    assert [(one.settled, one.paid) for one in answers] == [(True, WORTH)] * size
    assert len({one.serving for one in answers}) == size
    async with storage.reading() as statements:
        paid = (await statements.execute(select(func.count(), func.sum(ledger.c.points)).select_from(ledger))).one()
        assert tuple(paid) == (size, size * WORTH)
        assert (await statements.execute(select(func.count()).select_from(servings))).scalar_one() == size
    assert await rows.differences(storage) == []


async def test_answers_to_the_next_question_do_not_wait_for_those_that_are_settled(
    processes: Sequence[SqlStorage],
) -> None:
    storage = processes[0]
    number = await begin(storage)
    await _asked(storage, number)
    crowd = [someone(f"P{each}") for each in range(2 * AT_ONCE)]
    for actor in crowd:
        await _answering(storage).answer(actor, HOME, number, 1, "F", MONDAY)
    await _seal(storage, number)
    await _asked(storage, number, 2)
    of = await get(storage, number)
    await asyncio.gather(
        RoundSettling(processes[1], BANK, StillClock(), RULES).settle(of),
        *(_answering(processes[at % 3]).answer(actor, HOME, number, 2, "T", MONDAY) for at, actor in enumerate(crowd)),
    )
    async with storage.snapshot() as work:
        assert len(await work.round_answers.all(number, 2)) == len(crowd)
        assert all(one.settled for one in await work.round_answers.all(number, 1))
    assert await rows.differences(storage) == []
