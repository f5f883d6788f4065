"""Ledger: points, append-only, with the standings beside it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.ledger import Entry
from bot.persons import Person
from bot.ports import Storage
from bot.refs import WorkspaceRef
from tests.support import rows
from tests.support.rows import DAY, SEASON
from tests.support.world import HOME, MONDAY

ELSEWHERE = WorkspaceRef("test", "elsewhere")


async def _paid(storage: Storage, person: Person, question: str = "cn-stride", season: str = SEASON) -> int:
    async with storage.snapshot() as work:
        return await work.ledger.paid(person.id, question, season)


async def _earned(storage: Storage, person: Person, day: date = DAY, reason: str = "practice") -> int:
    async with storage.snapshot() as work:
        return await work.ledger.earned(person.id, day, reason)


async def test_an_award_is_a_row_that_says_why(storage: Storage) -> None:
    ada = await rows.enter(storage)
    shown = await rows.serve(storage, ada)
    async with storage.transaction() as work:
        await work.ledger.award(
            person=ada.id,
            workspace=HOME,
            points=7,
            reason="practice",
            question="cn-stride",
            note="67 % right, with a hint",
            season=SEASON,
            day=DAY,
            periods=("all", "2026-11"),
            serving=shown,
            now=MONDAY,
        )
    (entry,) = await rows.entries(storage, ada)
    assert entry == Entry(entry.id, 7, "practice", "cn-stride", "67 % right, with a hint", MONDAY)


async def test_an_award_counts_in_each_of_its_periods(storage: Storage) -> None:
    ada = await rows.enter(storage)
    await rows.award(storage, ada, 10, periods=("all", "2026-11", "2026-W48"))
    await rows.award(storage, ada, 5, periods=("all", "2026-12"))
    totals = {
        period: await rows.total(storage, ada, period=period)
        for period in ("all", "2026-11", "2026-12", "2026-W48", "2026-W49")
    }
    assert totals == {"all": 15, "2026-11": 10, "2026-12": 5, "2026-W48": 10, "2026-W49": 0}


async def test_an_award_counts_for_its_person_and_workspace_alone(storage: Storage) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    await rows.award(storage, ada, 10)
    assert await rows.total(storage, bob) == 0
    assert await rows.total(storage, ada, workspace=ELSEWHERE) == 0


async def test_a_serving_pays_once(storage: Storage) -> None:
    ada = await rows.enter(storage)
    shown = await rows.serve(storage, ada)
    await rows.award(storage, ada, 10, serving=shown)
    with pytest.raises(IntegrityError):
        await rows.award(storage, ada, 10, serving=shown)
    assert len(await rows.entries(storage, ada)) == 1
    assert await rows.total(storage, ada) == 10


async def test_nobody_else_can_be_awarded(storage: Storage) -> None:
    ada = await rows.enter(storage)
    shown = await rows.serve(storage, ada)
    stranger = Person(ada.id + 1, "Eve", "", hidden=False, zone="", platform_zone="", streak=0, best_streak=0,
                      last_day=None)  # fmt: skip
    with pytest.raises(IntegrityError):
        await rows.award(storage, stranger, 10, serving=shown)
    assert await rows.differences(storage) == []


async def test_a_question_pays_by_season(storage: Storage) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    await rows.award(storage, ada, 5)
    await rows.award(storage, ada, 10, workspace=ELSEWHERE)
    await rows.award(storage, ada, 20, question="op-adam")
    await rows.award(storage, ada, 40, season="2026-12")
    await rows.award(storage, bob, 80)
    assert await _paid(storage, ada) == 15
    assert await _paid(storage, ada, "op-adam") == 20
    assert await _paid(storage, ada, season="2026-12") == 40
    assert await _paid(storage, bob, "op-adam") == 0


async def test_what_was_earned_on_a_day_is_counted_by_reason(storage: Storage) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    await rows.award(storage, ada, 5)
    await rows.award(storage, ada, 10, workspace=ELSEWHERE, question="op-adam")
    await rows.award(storage, ada, 20, reason="daily")
    await rows.award(storage, ada, 40, day=DAY + timedelta(days=1))
    await rows.award(storage, bob, 80)
    assert await _earned(storage, ada) == 15
    assert await _earned(storage, ada, reason="daily") == 20
    assert await _earned(storage, ada, DAY + timedelta(days=1)) == 40
    assert await _earned(storage, bob, DAY - timedelta(days=1)) == 0


async def test_the_newest_rows_come_first(storage: Storage) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    for points in (1, 2, 3):
        await rows.award(storage, ada, points)
        await rows.award(storage, bob, points + 10)
    assert [entry.points for entry in await rows.entries(storage, ada)] == [3, 2, 1]


async def test_rows_are_read_page_by_page(storage: Storage) -> None:
    ada = await rows.enter(storage)
    for points in (1, 2, 3, 4, 5):
        await rows.award(storage, ada, points)
    first = await rows.entries(storage, ada, limit=2)
    second = await rows.entries(storage, ada, before=first[-1].id, limit=2)
    third = await rows.entries(storage, ada, before=second[-1].id, limit=2)
    fourth = await rows.entries(storage, ada, before=third[-1].id, limit=2)
    assert [[entry.points for entry in page] for page in (first, second, third, fourth)] == [[5, 4], [3, 2], [1], []]


async def test_somebody_new_has_no_rows_and_no_points(storage: Storage) -> None:
    ada = await rows.enter(storage)
    assert list(await rows.entries(storage, ada)) == []
    assert (await _paid(storage, ada), await _earned(storage, ada), await rows.total(storage, ada)) == (0, 0, 0)
