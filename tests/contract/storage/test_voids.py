"""Points that are taken back: on every board, once, and never to be earned again."""

from __future__ import annotations

from dataclasses import replace

from bot.ledger import Entry
from bot.ports import Storage
from bot.refs import WorkspaceRef
from tests.support import rows
from tests.support.rows import DAY, SEASON
from tests.support.world import HOME, MONDAY

ELSEWHERE = WorkspaceRef("test", "elsewhere")
PERIODS = ("all", "2026-11", "all/cn")


async def test_what_is_taken_back_leaves_every_board(storage: Storage) -> None:
    ada, bob, grace = [await rows.enter(storage, name) for name in ("Ada", "Bob", "Grace")]
    owls = await rows.team(storage, ada, bob)
    await rows.award(storage, ada, 3, periods=PERIODS, contests=("c1", "c1.00"), team=owls)
    await rows.award(storage, bob, 6, periods=PERIODS, team=owls)
    periods = (*PERIODS, "c1", "c1.00")
    before = [await rows.board(storage, ada, period=period) for period in periods]
    teams = [await rows.team_board(storage, owls, period=period) for period in periods]
    wrong = await rows.award(storage, ada, 10, periods=PERIODS, contests=("c1", "c1.00"), team=owls)
    assert [await rows.board(storage, ada, period=period) for period in periods] != before
    assert await rows.void(storage, wrong, grace)
    assert [await rows.board(storage, ada, period=period) for period in periods] == before
    assert [await rows.team_board(storage, owls, period=period) for period in periods] == teams
    assert await rows.differences(storage) == []


async def test_a_member_of_whom_all_is_taken_back_is_active_no_more(storage: Storage) -> None:
    people = [await rows.enter(storage, name) for name in ("Ada", "Bob", "Cyd", "Dan")]
    owls = await rows.team(storage, *people)
    written = [await rows.award(storage, person, 9, team=owls) for person in people]
    await rows.void(storage, written[0], people[1])
    own = (await rows.team_board(storage, owls)).own
    assert own is not None
    assert (own.points, own.active, own.mean) == (27, 3, 9000)
    assert (await rows.board(storage, people[0])).own is None
    assert await rows.differences(storage) == []


async def test_points_are_taken_back_once(storage: Storage) -> None:
    ada, grace = await rows.enter(storage, "Ada"), await rows.enter(storage, "Grace")
    written = await rows.award(storage, ada, 10)
    assert [await rows.void(storage, written, grace) for _ in range(3)] == [True, False, False]
    assert await rows.total(storage, ada) == 0
    assert len(await rows.entries(storage, ada)) == 2


async def test_what_is_not_the_workspaces_is_not_taken_back(storage: Storage) -> None:
    ada, grace = await rows.enter(storage, "Ada"), await rows.enter(storage, "Grace")
    written = await rows.award(storage, ada, 10)
    assert not await rows.void(storage, written, grace, workspace=ELSEWHERE)
    assert not await rows.void(storage, written + 1, grace)
    assert await rows.total(storage, ada) == 10
    async with storage.snapshot() as work:
        assert await work.ledger.get(written, ELSEWHERE) is None


async def test_taking_back_is_not_taken_back(storage: Storage) -> None:
    ada, grace = await rows.enter(storage, "Ada"), await rows.enter(storage, "Grace")
    written = await rows.award(storage, ada, 10)
    assert await rows.void(storage, written, grace)
    (taking, _) = await rows.entries(storage, ada)
    assert not await rows.void(storage, taking.id, grace)
    assert await rows.total(storage, ada) == 0


async def test_what_was_taken_back_cannot_be_earned_again(storage: Storage) -> None:
    ada, grace = await rows.enter(storage, "Ada"), await rows.enter(storage, "Grace")
    await rows.void(storage, await rows.award(storage, ada, 10), grace)
    async with storage.snapshot() as work:
        assert await work.ledger.paid(ada.id, "cn-stride", SEASON) == 10
        assert await work.ledger.paid(ada.id, "cn-stride", SEASON, "practice") == 10
        assert await work.ledger.paid(ada.id, "cn-stride", SEASON, "daily") == 0
        assert await work.ledger.earned(ada.id, DAY, "practice") == 10


async def test_the_rows_say_who_gave_and_who_took_and_what_was_taken(storage: Storage) -> None:
    ada, grace = await rows.enter(storage, "Ada"), await rows.enter(storage, "Grace")
    shown = await rows.serve(storage, ada)
    earned = await rows.award(storage, ada, 10, serving=shown)
    given = await rows.award(storage, ada, 5, reason="grant", question="", by=grace)
    await rows.void(storage, earned, grace)
    taken, gift, first = await rows.entries(storage, ada)
    assert first == Entry(earned, 10, "practice", "cn-stride", "right", MONDAY, "", voided=True)
    assert gift == Entry(given, 5, "grant", "", "right", MONDAY, "Grace")
    assert taken == Entry(taken.id, -10, "void", "cn-stride", "a mistake", MONDAY, "Grace")
    async with storage.transaction() as work:
        assert await work.ledger.paid_for(shown) == first
        assert await work.ledger.get(earned, HOME) == (ada.id, first)
        await work.people.set_profile(grace.id, shown_name="Admiral", zone="", hidden=False)
    assert (await rows.entries(storage, ada))[1] == replace(gift, by="Admiral")
