"""Competitions in the database: who enters, whose roster is locked, what counts, and what is read of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.storage.work import SqlStorage
from bot.competing import LIVING, STEPS, Between, CompetitionState, Entrant, Gain
from bot.refs import WorkspaceRef
from questions.model import Level
from tests.support import contest_rows as c
from tests.support import rows
from tests.support.contest_rows import DAY
from tests.support.world import HOME, MONDAY, STUDY

SECOND = timedelta(seconds=1)
END = MONDAY + 10 * DAY


async def test_a_competition_is_kept_as_it_was_wished_for(storage: SqlStorage) -> None:
    kept = await c.competition(storage, topics=("cn", "ml"), levels=("easy",), reasons=("daily",))
    owner = await rows.find(storage, "Grace")
    assert owner is not None
    assert (kept.channel, kept.name, kept.between, kept.state) == (STUDY, "Winter Cup", Between.TEAMS, "open")
    assert (kept.topics, kept.levels, kept.reasons) == (("cn", "ml"), ("easy",), ("daily",))
    assert (kept.starts_at, kept.ends_at, kept.planned_end, kept.owner) == (MONDAY, END, END, owner.id)
    async with storage.snapshot() as work:
        assert await work.competitions.get(kept.id + 1) is None


async def test_those_of_a_workspace_are_listed_by_state(storage: SqlStorage) -> None:
    first = await c.competition(storage)
    second = await c.competition(storage, ends_at=END + DAY)
    third = await c.competition(storage)
    async with storage.transaction() as work:
        assert await work.competitions.move(third.id, CompetitionState.OPEN, CompetitionState.ENDED)
        assert not await work.competitions.move(third.id, CompetitionState.OPEN, CompetitionState.CANCELLED)
    async with storage.snapshot() as work:
        assert await work.competitions.of(HOME, LIVING, 9) == [second, first]
        assert await work.competitions.of(HOME, LIVING, 1) == [second]
        assert [one.id for one in await work.competitions.of(HOME, [CompetitionState.ENDED], 9)] == [third.id]
        assert await work.competitions.of(WorkspaceRef("test", "other"), LIVING, 9) == []


async def test_a_team_enters_once_and_can_be_taken_out(storage: SqlStorage) -> None:
    foxes = await c.team(storage, "Foxes", "Ada", "Bob", emoji="🦊")
    cup = await c.competition(storage, foxes)
    async with storage.transaction() as work:
        assert not await work.competitions.enter(cup.id, MONDAY, team=foxes.id)
        assert await work.competitions.entrants(cup) == [Entrant(foxes.id, "🦊 Foxes", 2)]
        assert await work.competitions.withdraw(cup.id, team=foxes.id)
        assert not await work.competitions.withdraw(cup.id, team=foxes.id)
        assert await work.competitions.entrants(cup) == []


async def test_rosters_are_those_of_the_moment_of_the_start(storage: SqlStorage) -> None:
    foxes = await c.team(storage, "Foxes", "Ada", "Bob")
    owls = await c.team(storage, "Owls", "Eve")
    cup = await c.competition(storage, foxes, owls)
    ada, dan = await rows.enter(storage, "Ada"), await rows.enter(storage, "Dan")
    assert await c.begin_due(storage, MONDAY - SECOND) == []
    async with storage.transaction() as work:
        await work.teams.leave(foxes.id, ada.id)
        await work.teams.join(owls, dan.id, MONDAY)
    assert await c.begin_due(storage) == [cup.id]
    assert await c.begin_due(storage) == []
    async with storage.transaction() as work:
        await work.teams.leave(owls.id, dan.id)
        await work.teams.disband(foxes.id)
    cup = await c.get(storage, cup.id)
    assert (cup.state, await c.scores(storage, cup)) == ("running", {"Bob": 0, "Dan": 0, "Eve": 0})
    async with storage.snapshot() as work:
        assert await work.competitions.entrants(cup) == [Entrant(foxes.id, "Foxes", 1), Entrant(owls.id, "Owls", 2)]
        assert [one.id for one in await work.competitions.counting(HOME, dan.id)] == [cup.id]
        assert await work.competitions.counting(HOME, ada.id) == []


@pytest.mark.parametrize("gone", ["never entered", "disbanded", "empty"])
async def test_with_fewer_than_two_it_is_cancelled_when_its_instant_comes(storage: SqlStorage, gone: str) -> None:
    foxes, owls = await c.team(storage, "Foxes", "Ada"), await c.team(storage, "Owls", "Eve")
    cup = await c.competition(storage, foxes, *([] if gone == "never entered" else [owls]))
    async with storage.transaction() as work:
        if gone == "disbanded":
            await work.teams.disband(owls.id)
        elif gone == "empty":
            await work.teams.leave(owls.id, owls.captain)
    assert await c.begin_due(storage) == []
    cup = await c.get(storage, cup.id)
    assert (cup.state, await c.scores(storage, cup)) == ("cancelled", {})
    await c.earn(storage, "Ada")
    assert await c.scores(storage, cup) == {}


async def test_people_compete_for_themselves(storage: SqlStorage) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    cup = await c.competition(storage, ada, bob, between=Between.PEOPLE)
    await rows.hide(storage, bob)
    await c.begin_due(storage)
    cup = await c.get(storage, cup.id)
    await c.earn(storage, "Bob", 20)
    async with storage.snapshot() as work:
        found = await work.competitions.scores(cup)
        assert [(one.person, one.entrant, one.hidden, one.points) for one in found] == [
            (ada.id, ada.id, False, 0),
            (bob.id, bob.id, True, 20),
        ]
        named = await work.competitions.entrants(cup)
        assert named == [Entrant(ada.id, "Ada", 1), Entrant(bob.id, "Bob", 1, hidden=True)]


async def test_what_counts_is_decided_by_instant_topic_level_and_reason(storage: SqlStorage) -> None:
    foxes, owls = await c.team(storage, "Foxes", "Ada"), await c.team(storage, "Owls", "Eve")
    cup = await c.competition(
        storage, foxes, owls, starts_at=MONDAY + SECOND, topics=("ML",), levels=("medium",), reasons=("practice",)
    )
    await c.earn(storage, "Ada", at=MONDAY)  # before the start
    assert (await c.get(storage, cup.id)).state == "open"
    first = MONDAY + SECOND
    await c.earn(storage, "Ada", 10, at=first)
    await c.earn(storage, "Ada", 20, at=END - SECOND)
    await c.earn(storage, "Ada", at=END)  # the end itself is over
    await c.earn(storage, "Ada", at=first, topic="cn")
    await c.earn(storage, "Ada", at=first, level=Level.HARD)
    await c.earn(storage, "Ada", at=first, reason="daily")
    await c.earn(storage, "Dan", at=first)
    cup = await c.get(storage, cup.id)
    assert await c.scores(storage, cup) == {"Ada": 30, "Eve": 0}
    async with storage.snapshot() as work:
        ada = await work.competitions.scores(cup)
        assert await work.competitions.gains(cup) == [
            Gain(0, ada[0].person, 10),
            Gain(STEPS - 1, ada[0].person, 20),
        ]
    assert await rows.differences(storage) == []


async def test_one_that_ended_before_its_time_keeps_its_steps(storage: SqlStorage) -> None:
    foxes, owls = await c.team(storage, "Foxes", "Ada"), await c.team(storage, "Owls", "Eve")
    cup = await c.competition(storage, foxes, owls)
    async with storage.transaction() as work:
        assert not await work.competitions.end_now(cup.id, MONDAY + DAY)  # it has not begun
    await c.begin_due(storage)
    await c.earn(storage, "Ada", at=MONDAY + DAY - SECOND)
    async with storage.transaction() as work:
        assert not await work.competitions.begin_now(cup.id, MONDAY + DAY)
        assert await work.competitions.end_now(cup.id, MONDAY + DAY)
        assert not await work.competitions.end_now(cup.id, MONDAY + DAY)
    await c.earn(storage, "Ada", at=MONDAY + DAY)
    ended = await c.get(storage, cup.id)
    assert ended == replace(cup, state=CompetitionState.RUNNING, ends_at=MONDAY + DAY)
    assert ended.step(MONDAY + DAY - SECOND) == cup.step(MONDAY + DAY - SECOND) == 3
    async with storage.snapshot() as work:
        assert [(one.step, one.points) for one in await work.competitions.gains(ended)] == [(3, 15)]


async def test_one_can_start_before_its_time(storage: SqlStorage) -> None:
    foxes, owls = await c.team(storage, "Foxes", "Ada"), await c.team(storage, "Owls", "Eve")
    cup = await c.competition(storage, foxes, owls, starts_at=MONDAY + DAY)
    async with storage.transaction() as work:
        assert await work.competitions.begin_now(cup.id, MONDAY)
        assert await work.competitions.begin_due(HOME, MONDAY) == [cup.id]
    begun = await c.get(storage, cup.id)
    assert (begun.starts_at, begun.ends_at, begun.state) == (MONDAY, END, "running")


async def test_corrections_are_what_moderators_did_after_the_end(storage: SqlStorage) -> None:
    foxes, owls = await c.team(storage, "Foxes", "Ada"), await c.team(storage, "Owls", "Eve")
    cup, other = await c.competition(storage, foxes, owls), await c.competition(storage, foxes, owls, reasons=("quiz",))
    early, late, elsewhere = [
        await c.earn(storage, "Ada", points, at=at)
        for points, at in ((10, MONDAY), (20, MONDAY + DAY), (30, END + DAY))
    ]
    grace = await rows.enter(storage, "Grace")
    for entry, at in ((early, END - SECOND), (late, END + SECOND), (elsewhere, END + 2 * DAY)):
        async with storage.transaction() as work:
            assert await work.ledger.void(entry.id, HOME, grace.id, "shared", at)
    cup, other = await c.get(storage, cup.id), await c.get(storage, other.id)
    async with storage.snapshot() as work:
        [found] = await work.competitions.corrections(cup)
        assert await work.competitions.corrections(other) == []
    assert (found.name, found.points, found.note, found.by, found.at) == ("Ada", -20, "shared", "Grace", END + SECOND)
    assert await c.scores(storage, cup) == {"Ada": 0, "Eve": 0}
    assert await rows.differences(storage) == []


async def test_the_boards_can_be_rebuilt(storage: SqlStorage) -> None:
    foxes, owls = await c.team(storage, "Foxes", "Ada"), await c.team(storage, "Owls", "Eve")
    cup = await c.competition(storage, foxes, owls)
    for name, points in (("Ada", 10), ("Eve", 15), ("Ada", 5)):
        await c.earn(storage, name, points)
    async with storage.transaction() as work:
        await work.standings.rebuild()
    assert await c.scores(storage, await c.get(storage, cup.id)) == {"Ada": 15, "Eve": 15}
