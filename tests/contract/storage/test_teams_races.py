"""Teams with everybody at once: limits hold, names stay apart, a captain is always inside, nobody waits for ever."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Sequence

import pytest

from adapters.storage.work import SqlStorage, open_storage
from bot.competition.balance import Pool, Shape
from bot.competition.balancing import Accepted, Balancing
from bot.competition.team_cards import TeamCards
from bot.competition.teams import TeamService
from bot.errors import UserError
from bot.markup import escape
from bot.practice.calendar import Calendar
from bot.refs import Actor, Role
from tests.support import rows
from tests.support.team_room import expect_balanced
from tests.support.world import HOME, UTC_ZONE, StillClock, someone

ROUNDS = 6
CALENDAR = Calendar(UTC_ZONE)
ADA, BOB, CYD = someone("Ada"), someone("Bob"), someone("Cyd")
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


def teams(storage: SqlStorage) -> TeamService:
    clock = StillClock()
    return TeamService(storage, clock, random.Random(1), CALENDAR, TeamCards(storage, clock, CALENDAR))


async def outcome(act: Awaitable[object]) -> str:
    """Return what became of an act: its words if it was refused."""
    try:
        await act
    except UserError as error:
        return error.problem
    return ""


async def names(storage: SqlStorage) -> dict[str, list[str]]:
    async with storage.snapshot() as work:
        found = await work.teams.all(HOME)
        return {team.name: [one.name for one in await work.teams.members(team.id)] for team in found}


async def test_of_many_who_join_at_once_as_many_are_in_as_there_is_room_for(processes: Sequence[SqlStorage]) -> None:
    storage = processes[0]
    await teams(storage).limit(GRACE, HOME, 3)
    for each in range(ROUNDS):
        name = f"Team {each}"
        made = await teams(storage).create(someone(f"Captain{each}"), HOME, name=name)
        crowd = [someone(f"P{each}x{number}") for number in range(8)]
        told = await asyncio.gather(
            *(outcome(teams(processes[at % 3]).join(who, HOME, made.card.team.id)) for at, who in enumerate(crowd))
        )
        assert Counter(one.partition(" is ")[2] for one in told) == {"": 2, "full: 3 people.": 6}
        assert len((await names(storage))[name]) == 3
    await expect_balanced(storage)


async def test_of_two_who_choose_names_that_look_alike_one_gets_hers(processes: Sequence[SqlStorage]) -> None:
    storage = processes[0]
    for each in range(ROUNDS):
        chosen = [f"Tensors {each}", f"Tеnsors {each}", f"ΤENSORS {each}", f"tensors-{each}"]
        told = await asyncio.gather(
            *(
                outcome(teams(processes[at % 3]).create(someone(f"P{each}x{at}"), HOME, name=name))
                for at, name in enumerate(chosen)
            )
        )
        [winner] = [name for name, refused in zip(chosen, told, strict=True) if not refused]
        assert all(escape(winner) in refused for refused in told if refused)
        assert len(await names(storage)) == each + 1


async def test_somebody_who_joins_several_at_once_is_in_one(processes: Sequence[SqlStorage]) -> None:
    storage = processes[0]
    made = [await teams(storage).create(someone(f"Captain{at}"), HOME, name=f"Team {at}") for at in range(3)]
    for each in range(ROUNDS):
        who = someone(f"P{each}")
        told = await asyncio.gather(
            *(outcome(teams(processes[at]).join(who, HOME, made[at].card.team.id)) for at in range(3)),
            outcome(teams(processes[0]).create(who, HOME, name=f"Own {each}")),
        )
        assert Counter(bool(one) for one in told) == {False: 1, True: 3}
    await expect_balanced(storage)


async def test_the_captain_is_inside_when_they_leave_while_the_team_is_handed_over(
    processes: Sequence[SqlStorage],
) -> None:
    storage = processes[0]
    for each in range(ROUNDS):
        people = [someone(f"{name}{each}") for name in ("Ada", "Bob", "Cyd")]
        made = await teams(storage).create(people[0], HOME, name=f"Team {each}")
        for who in people[1:]:
            await teams(storage).join(who, HOME, made.card.team.id)
        await asyncio.gather(
            outcome(teams(processes[0]).transfer(people[0], HOME, people[1].user)),
            outcome(teams(processes[1]).leave(people[1], HOME)),
            outcome(teams(processes[2]).leave(people[0], HOME)),
            outcome(teams(processes[1]).kick(GRACE, HOME, people[2].user)),
        )
        await expect_balanced(storage)


async def test_two_who_hand_teams_to_each_other_do_not_wait_for_ever(processes: Sequence[SqlStorage]) -> None:
    storage = processes[0]
    made = await teams(storage).create(ADA, HOME, name="Gradients")
    await teams(storage).join(BOB, HOME, made.card.team.id)
    for _ in range(ROUNDS):
        await asyncio.gather(
            *(
                outcome(teams(processes[at % 3]).transfer(who, HOME, other.user))
                for at, (who, other) in enumerate([(ADA, BOB), (BOB, ADA), (GRACE, ADA), (GRACE, BOB)])
            )
        )
        await expect_balanced(storage)


async def test_people_who_act_while_they_are_put_into_teams_do_not_wait_for_ever(
    processes: Sequence[SqlStorage],
) -> None:
    storage, clock = processes[0], StillClock()
    crowd = [someone(f"P{number}") for number in range(9)]
    for at, who in enumerate(crowd):
        await rows.award(storage, await rows.enter(storage, who.name), at + 1, periods=("all", "2026-10"))
    balancing = Balancing(processes[1], clock, random.Random(2), CALENDAR)
    for _ in range(ROUNDS):
        proposal = await balancing.propose(GRACE, HOME, Shape(teams=3), Pool.EVERYONE)
        told = await asyncio.gather(
            balancing.accept(GRACE, HOME, proposal.wish, proposal.digest),
            *(_act(processes[at % 3], who, at) for at, who in enumerate(crowd)),
        )
        assert told[0] is not None
        await expect_balanced(storage)
    again = await balancing.propose(GRACE, HOME, Shape(teams=3), Pool.EVERYONE)
    assert isinstance(await balancing.accept(GRACE, HOME, again.wish, again.digest), Accepted)
    assert sorted(map(len, (await names(storage)).values())) == [3, 3, 3]


async def _act(storage: SqlStorage, who: Actor, at: int) -> str:
    """Leave, or earn something: both lock the person first, and then the workspace."""
    if at % 2:
        return await outcome(teams(storage).leave(who, HOME, sure=True))
    async with storage.transaction() as work:
        person = await work.people.enter(who, StillClock().now())
        await work.standings.lock(HOME)
        team = await work.teams.of(HOME, person.id)
        assert team is None or team.size
    return ""
