"""Competitions with everybody at once: a point counts and is in the final standings, or neither; a roster is one."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest

from adapters.storage.work import SqlStorage, open_storage
from bot.competing import Competition
from bot.competition.contests import Contests
from bot.competition.refereeing import Referee
from bot.errors import AlreadyDone
from bot.persons import Person
from bot.posting import Posting
from bot.practice.service import Rules
from bot.refs import Role
from tests.support import contest_rows as c
from tests.support import rows
from tests.support.contest_rows import CALENDAR, DAY
from tests.support.world import HOME, MONDAY, StillClock, someone

ROUNDS = 10
END = MONDAY + 10 * DAY
BEFORE = END - timedelta(seconds=1)
GRACE = someone("Grace", role=Role.MODERATOR)


@pytest.fixture
async def processes(storage: SqlStorage) -> AsyncIterator[Sequence[SqlStorage]]:
    """Yield three processes' connections to one database."""
    others = [open_storage(storage.engine.url) for _ in range(2)]
    for other in others:  # whoever has to connect first comes too late for any race
        await rows.differences(other)
    yield storage, *others
    for other in others:
        await other.close()


async def _running(storage: SqlStorage, at: int) -> Competition:
    """Begin a competition of its own teams."""
    foxes = await c.team(storage, f"Foxes {at}", f"Ada {at}", f"Bob {at}")
    owls = await c.team(storage, f"Owls {at}", f"Eve {at}")
    cup = await c.competition(storage, foxes, owls)
    await c.begin_due(storage)
    return await c.get(storage, cup.id)


async def test_points_at_the_time_of_the_end_count_and_are_final_or_do_neither(
    processes: Sequence[SqlStorage],
) -> None:
    storage, chance = processes[0], random.Random(3)
    seen: Counter[int] = Counter()
    for at in range(ROUNDS):
        cup = await _running(storage, at)
        final: list[dict[str, int]] = []

        async def pay(place: int, person: Person, serving: int) -> None:
            await asyncio.sleep(chance.random() * 0.03)
            async with processes[place].transaction() as work:
                await work.people.latch(person.id)
                await c.earn_within(work, person.id, serving, 15, BEFORE)

        async def finish(number: int, into: list[dict[str, int]]) -> None:
            await asyncio.sleep(chance.random() * 0.03)
            ended = await Referee(processes[2], StillClock(END)).finish(number)
            assert ended is not None
            into.append(await c.scores(processes[2], ended))

        people = [await rows.enter(storage, f"{name} {at}") for name in ("Ada", "Bob", "Eve")]
        asked = [(person, await rows.serve(storage, person)) for person in people]
        paid = (pay(place % 2, *one) for place, one in enumerate(asked))
        await asyncio.gather(*paid, finish(cup.id, final))
        assert (await c.get(storage, cup.id)).state == "ended"
        assert [await c.scores(storage, cup)] == final
        seen[sum(final[0].values())] += 1
    assert await rows.differences(storage) == []
    assert len(seen) > 1, seen  # some came in time and some did not


async def test_two_who_end_it_at_once_end_it_once(processes: Sequence[SqlStorage]) -> None:
    for at in range(ROUNDS):
        cup = await _running(processes[0], at)
        found = await asyncio.gather(
            *(Referee(storage, StillClock(END)).finish(cup.id) for storage in processes),
        )
        assert [one.state for one in found if one] == ["ended"] * 3


async def test_two_moderators_who_end_it_at_once_are_told_who_did(processes: Sequence[SqlStorage]) -> None:
    for at in range(ROUNDS):
        cup = await _running(processes[0], at)
        clock, told = StillClock(MONDAY + DAY), []
        uses = [Contests(storage, clock, Posting(), Rules(CALENDAR, 200)) for storage in processes]
        for result in await asyncio.gather(*(use.end(GRACE, HOME, cup.id) for use in uses), return_exceptions=True):
            told.append(isinstance(result, AlreadyDone))
            assert isinstance(result, AlreadyDone) or not isinstance(result, BaseException)
        assert sorted(told) == [False, True, True]
        assert (await c.get(processes[0], cup.id)).ends_at == MONDAY + DAY


async def test_a_start_from_several_sides_locks_one_roster(processes: Sequence[SqlStorage]) -> None:
    """One pays points, one changes a team and one does the errand, all at the instant of the start."""
    storage, chance = processes[0], random.Random(9)
    seen: Counter[bool] = Counter()
    for at in range(ROUNDS):
        foxes = await c.team(storage, f"Foxes {at}", f"Ada {at}", f"Bob {at}")
        owls = await c.team(storage, f"Owls {at}", f"Eve {at}")
        cup = await c.competition(storage, foxes, owls, starts_at=MONDAY + DAY)
        bob = await rows.enter(storage, f"Bob {at}")

        async def pay(name: str) -> None:
            await asyncio.sleep(chance.random() * 0.02)
            await c.earn(processes[1], name, at=MONDAY + DAY)

        async def leave(team: int, person: int) -> None:
            await asyncio.sleep(chance.random() * 0.02)
            async with processes[2].transaction() as work:
                await work.standings.lock(HOME)
                # Whoever left a moment before the start is not on the roster.
                await work.competitions.begin_due(HOME, MONDAY + chance.choice([0, 1]) * DAY)
                await work.teams.leave(team, person)

        async def begin(number: int) -> None:
            await asyncio.sleep(chance.random() * 0.02)
            await Referee(storage, StillClock(MONDAY + DAY)).begin(number)

        await asyncio.gather(pay(f"Ada {at}"), leave(foxes.id, bob.id), begin(cup.id))
        found = await c.scores(storage, await c.get(storage, cup.id))
        assert found | {f"Bob {at}": 0} == {f"Ada {at}": 15, f"Bob {at}": 0, f"Eve {at}": 0}
        seen[f"Bob {at}" in found] += 1
    assert seen[True]
    assert await rows.differences(storage) == []
