"""Teams, as the port promises them."""

from __future__ import annotations

from datetime import timedelta

from adapters.storage.work import SqlStorage
from bot.persons import Person
from bot.ports import Storage
from bot.refs import UserRef, WorkspaceRef
from bot.teams import Candidate, Member, Team
from tests.support import rows
from tests.support.world import HOME, MONDAY, someone

ELSEWHERE = WorkspaceRef("test", "elsewhere")


async def add(
    storage: Storage, captain: Person, name: str = "Gradients", folded: str = "", workspace: WorkspaceRef = HOME
) -> int | None:
    async with storage.transaction() as work:
        return await work.teams.add(
            workspace=workspace,
            name=name,
            folded=folded or name.casefold(),
            emoji="🚀",
            captain=captain.id,
            open=True,
            now=MONDAY,
        )


async def made(storage: Storage, captain: Person, name: str = "Gradients", workspace: WorkspaceRef = HOME) -> Team:
    """Make a team with its captain in it."""
    number = await add(storage, captain, name, workspace=workspace)
    assert number is not None
    async with storage.transaction() as work:
        team = await work.teams.get(number)
        assert team is not None
        assert await work.teams.join(team, captain.id, MONDAY)
    return await get(storage, number)


async def get(storage: Storage, number: int) -> Team:
    async with storage.snapshot() as work:
        team = await work.teams.get(number)
    assert team is not None
    return team


async def test_a_name_is_taken_once_in_a_workspace(storage: SqlStorage) -> None:
    ada = await rows.enter(storage)
    number = await add(storage, ada)
    assert number is not None
    assert await add(storage, ada, "GRADIENTS") is None
    assert await add(storage, ada, workspace=ELSEWHERE) not in (None, number)
    async with storage.snapshot() as work:
        assert await work.teams.find(HOME, "gradients") == await work.teams.get(number)
        assert await work.teams.find(HOME, "tensors") is None


async def test_a_person_is_in_one_team_of_a_workspace_at_a_time(storage: SqlStorage) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    one, other = await made(storage, ada), await made(storage, bob, "Tensors")
    away = await made(storage, ada, workspace=ELSEWHERE)
    async with storage.transaction() as work:
        assert not await work.teams.join(other, ada.id, MONDAY)
        assert not await work.teams.join(one, ada.id, MONDAY)
        assert await work.teams.of(HOME, ada.id) == one
        assert await work.teams.of(ELSEWHERE, ada.id) == away
        assert not await work.teams.leave(other.id, ada.id)
        assert await work.teams.leave(one.id, ada.id)
        assert await work.teams.join(other, ada.id, MONDAY + timedelta(hours=1))
        members = await work.teams.members(other.id)
    assert members == [
        Member(bob.id, "Bob", False, someone("Bob").user, MONDAY),
        Member(ada.id, "Ada", False, someone("Ada").user, MONDAY + timedelta(hours=1)),
    ]
    assert (await get(storage, other.id)).size == 2


async def test_a_team_that_ended_is_empty_and_gives_its_name_free(storage: SqlStorage) -> None:
    ada = await rows.enter(storage)
    team = await made(storage, ada)
    async with storage.transaction() as work:
        await work.teams.invite(team.id, someone("Bob").user, MONDAY)
        await work.teams.disband(team.id)
        await work.teams.disband(team.id)
        assert await work.teams.all(HOME) == []
        assert await work.teams.of(HOME, ada.id) is None
        assert await work.teams.members(team.id) == []
        assert not await work.teams.invited(team.id, someone("Bob").user)
        assert await work.teams.find(HOME, team.folded) is None
    ended = await get(storage, team.id)
    assert (ended.disbanded, ended.size, ended.name) == (True, 0, "Gradients")
    assert await add(storage, ada) is not None


async def test_a_team_is_renamed_unless_another_has_the_name(storage: SqlStorage) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    one = await made(storage, ada)
    await made(storage, bob, "Tensors")
    async with storage.transaction() as work:
        assert not await work.teams.rename(one.id, name="TENSORS", folded="tensors", emoji="🦉", open=False)
        assert await work.teams.get(one.id) == one
        assert await work.teams.rename(one.id, name="GRADIENTS", folded="gradients", emoji="🦉", open=False)
        assert await work.teams.rename(one.id, name="Kernels", folded="kernels", emoji="🦉", open=False)
        await work.teams.set_captain(one.id, bob.id)
        assert [team.name for team in await work.teams.all(HOME)] == ["Kernels", "Tensors"]
    kept = await get(storage, one.id)
    assert (kept.name, kept.emoji, kept.open, kept.captain) == ("Kernels", "🦉", False, bob.id)


async def test_invitations_are_kept_for_people_who_never_did_anything(storage: SqlStorage) -> None:
    team = await made(storage, await rows.enter(storage))
    bob, same_id = UserRef("test", "home", "bob"), UserRef("test", "away", "bob")
    async with storage.transaction() as work:
        assert await work.teams.invite(team.id, bob, MONDAY)
        assert not await work.teams.invite(team.id, bob, MONDAY + timedelta(days=1))
        assert await work.teams.invited(team.id, bob)
        assert not await work.teams.invited(team.id, same_id)
        assert await work.teams.invite(team.id, same_id, MONDAY)
        assert await work.teams.invitations(team.id) == 2
        await work.teams.uninvite(team.id, bob)
        assert not await work.teams.invited(team.id, bob)
        assert await work.teams.invitations(team.id) == 1


async def test_a_workspace_has_a_limit_once_somebody_decided(storage: SqlStorage) -> None:
    async with storage.transaction() as work:
        assert await work.teams.size_limit(HOME) is None
        await work.teams.set_size_limit(HOME, 5)
        await work.teams.set_size_limit(HOME, 6)
        assert (await work.teams.size_limit(HOME), await work.teams.size_limit(ELSEWHERE)) == (6, None)


async def test_candidates_have_points_in_the_period_or_are_in_a_team(storage: SqlStorage) -> None:
    people = {name: await rows.enter(storage, name) for name in ("Ada", "Bob", "Cyd", "Dan", "Eve")}
    team = await made(storage, people["Ada"])
    await made(storage, people["Dan"], workspace=ELSEWHERE)
    await rows.award(storage, people["Bob"], 10, periods=("all", "2026-10"))
    await rows.award(storage, people["Cyd"], 30, periods=("all", "2026-10"))
    await rows.award(storage, people["Dan"], 50, periods=("all", "2026-11"))
    await rows.award(storage, people["Eve"], 70, periods=("all", "2026-10"), workspace=ELSEWHERE)
    await rows.hide(storage, people["Cyd"])
    async with storage.snapshot() as work:
        found = await work.teams.candidates(HOME, "2026-10")
    assert found == [
        Candidate(people["Cyd"].id, "Cyd", True, 30, None),
        Candidate(people["Bob"].id, "Bob", False, 10, None),
        Candidate(people["Ada"].id, "Ada", False, 0, team.id),
    ]
