"""Boards of teams: the mean of active members, at least three, and what stays whoever comes or goes."""

from __future__ import annotations

from bot.ledger import Contribution, Cursor, TeamBoard, TeamStanding
from bot.persons import Person
from bot.ports import Storage
from bot.refs import WorkspaceRef
from tests.support import rows
from tests.support.world import HOME, MONDAY, someone


async def _people(storage: Storage, *names: str) -> list[Person]:
    async with storage.transaction() as work:
        return [await work.people.enter(someone(name), MONDAY) for name in names]


def _row(rank: int, team: int, name: str, points: int, active: int, mean: int) -> TeamStanding:
    return TeamStanding(rank, team, name, "🦉", points, active, mean)


async def test_a_mean_is_over_active_members_at_least_three(storage: Storage) -> None:
    people = await _people(storage, "Ada", "Bob", "Cyd", "Dan", "Eve")
    owls = await rows.team(storage, *people)
    seen = []
    for person, points in zip(people, (10, 11, 12, 13), strict=False):
        await rows.award(storage, person, points, team=owls)
        seen.append((await rows.team_board(storage, owls)).own)
    assert seen == [
        _row(1, owls, "Owls", 10, 1, 3333),
        _row(1, owls, "Owls", 21, 2, 7000),
        _row(1, owls, "Owls", 33, 3, 11000),
        _row(1, owls, "Owls", 46, 4, 11500),
    ]
    assert await rows.differences(storage) == []


async def test_points_without_a_team_count_for_none(storage: Storage) -> None:
    (ada,) = await _people(storage, "Ada")
    owls = await rows.team(storage, ada)
    await rows.award(storage, ada, 10)
    assert await rows.team_board(storage, owls) == TeamBoard((), None, 0)


async def test_a_team_counts_on_the_boards_of_its_periods_and_workspace_but_not_in_contests(storage: Storage) -> None:
    (ada,) = await _people(storage, "Ada")
    owls = await rows.team(storage, ada)
    await rows.award(storage, ada, 10, team=owls, periods=("all", "2026-11"), contests=("c1", "c1.00"))
    assert (await rows.team_board(storage, period="2026-11")).size == 1
    for period, workspace in (("2026-12", HOME), ("c1", HOME), ("all", WorkspaceRef("test", "elsewhere"))):
        assert await rows.team_board(storage, owls, period=period, workspace=workspace) == TeamBoard((), None, 0)
    assert await rows.differences(storage) == []


async def test_pages_of_teams_share_ranks_as_those_of_people_do(storage: Storage) -> None:
    points = (30, 20, 20, 20, 20, 10, 10)
    ranks = (1, 2, 2, 2, 2, 6, 6)
    people = await _people(storage, *(f"P{number}" for number in range(7)))
    teams = [await rows.team(storage, person, name=f"T{number}") for number, person in enumerate(people)]
    for person, amount, team in zip(people, points, teams, strict=True):
        await rows.award(storage, person, amount, team=team)
    whole = tuple(
        _row(rank, team, f"T{place}", amount, 1, amount * 1000 // 3)
        for place, (rank, team, amount) in enumerate(zip(ranks, teams, points, strict=True))
    )
    for limit in (1, 2, 3, 7):
        page = await rows.team_board(storage, teams[6], limit=limit)
        down = [page]
        while page.more:
            last = page.top[-1]
            page = await rows.team_board(storage, teams[6], limit=limit, cursor=Cursor(last.mean, last.team))
            down.append(page)
        assert down == [
            TeamBoard(whole[at : at + limit], whole[6], 7, more=at + limit < 7, less=at > 0)
            for at in range(0, 7, limit)
        ]
        up = [page]
        while page.less:
            first = page.top[0]
            page = await rows.team_board(storage, teams[6], limit=limit, cursor=Cursor(first.mean, first.team, True))
            up.append(page)
        assert up == down[::-1]


async def test_a_team_keeps_what_those_who_left_earned_and_they_take_nothing_with_them(storage: Storage) -> None:
    ada, bob = await _people(storage, "Ada", "Bob")
    owls = await rows.team(storage, ada, bob)
    await rows.award(storage, ada, 12, team=owls)
    await rows.award(storage, bob, 9, team=owls)
    before = await rows.team_board(storage, owls)
    async with storage.transaction() as work:
        for person in (ada, bob):
            assert await work.teams.leave(owls, person.id)
    crows = await rows.team(storage, ada, name="Crows")
    assert await rows.team_board(storage, owls) == before
    assert (await rows.team_board(storage, crows)).own is None
    await rows.award(storage, ada, 3, team=crows)
    after = await rows.team_board(storage, crows)
    assert (after.own, after.top[0]) == (_row(2, crows, "Crows", 3, 1, 1000), _row(1, owls, "Owls", 21, 2, 7000))
    assert await rows.differences(storage) == []


async def test_a_disbanded_team_stays_on_boards_of_the_past(storage: Storage) -> None:
    (ada,) = await _people(storage, "Ada")
    owls = await rows.team(storage, ada)
    await rows.award(storage, ada, 12, team=owls)
    before = await rows.team_board(storage, owls)
    async with storage.transaction() as work:
        await work.teams.disband(owls)
    others = await rows.team(storage, ada)  # the name is free again
    await rows.award(storage, ada, 15, team=others)
    board = await rows.team_board(storage, owls)
    assert before.own == _row(1, owls, "Owls", 12, 1, 4000)
    assert board == TeamBoard(
        (_row(1, others, "Owls", 15, 1, 5000), _row(2, owls, "Owls", 12, 1, 4000)),
        _row(2, owls, "Owls", 12, 1, 4000),
        2,
    )


async def test_what_each_earned_for_a_team_is_told_of_all_who_did(storage: Storage) -> None:
    ada, bob, cyd, dan = await _people(storage, "Ada", "Bob", "Cyd", "Dan")
    owls = await rows.team(storage, ada, bob, cyd, dan)
    for person, points in ((ada, 5), (bob, 9), (cyd, 5), (ada, 1), (dan, 4), (dan, -4)):
        await rows.award(storage, person, points, team=owls)
    await rows.award(storage, ada, 100)
    await rows.hide(storage, bob)
    async with storage.transaction() as work:
        await work.teams.leave(owls, ada.id)
    async with storage.snapshot() as work:
        earned = await work.standings.in_team(HOME, "all", owls)
        assert await work.standings.in_team(HOME, "2026-11", owls) == []
    assert list(earned) == [
        Contribution(bob.id, "Bob", True, 9),
        Contribution(ada.id, "Ada", False, 6),
        Contribution(cyd.id, "Cyd", False, 5),
    ]
    assert (await rows.team_board(storage, owls)).own == _row(1, owls, "Owls", 20, 3, 6666)


async def test_a_team_may_have_more_points_than_thousandths_fit_into_an_integer(storage: Storage) -> None:
    (ada,) = await _people(storage, "Ada")
    owls = await rows.team(storage, ada)
    for _ in range(2):
        await rows.award(storage, ada, 30_000_000, team=owls)
    assert (await rows.team_board(storage, owls)).own == _row(1, owls, "Owls", 60_000_000, 1, 20_000_000_000)
    assert await rows.differences(storage) == []
