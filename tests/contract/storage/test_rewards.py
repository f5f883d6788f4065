"""Rewards: one of each kind in a workspace, and everybody who was given a role for it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.storage.work import SqlStorage
from bot.persons import Person
from bot.refs import UserRef, WorkspaceRef
from bot.rewarding import Holder, Holding, Reward, RewardKind
from tests.support import rows
from tests.support.world import HOME, MONDAY, someone

SEASON, COMPETITION = RewardKind.SEASON, RewardKind.COMPETITION
AWAY = WorkspaceRef("test", "away")
LATER = MONDAY + timedelta(hours=1)


async def put(
    storage: SqlStorage, role: str, *, kind: RewardKind = SEASON, workspace: WorkspaceRef = HOME, owner: str = "Grace"
) -> None:
    person = await rows.enter(storage, owner)
    async with storage.transaction() as work:
        await work.rewards.put(workspace, kind, role, person.id, MONDAY if owner == "Grace" else LATER)


async def get(storage: SqlStorage, kind: RewardKind = SEASON, workspace: WorkspaceRef = HOME) -> Reward | None:
    async with storage.snapshot() as work:
        return await work.rewards.get(workspace, kind)


async def holders(storage: SqlStorage, kind: RewardKind = SEASON, workspace: WorkspaceRef = HOME) -> list[Holder]:
    async with storage.snapshot() as work:
        return list(await work.rewards.holders(workspace, kind))


async def hold(storage: SqlStorage, *held: Holder, kind: RewardKind = SEASON, workspace: WorkspaceRef = HOME) -> None:
    async with storage.transaction() as work:
        for holder in held:
            await work.rewards.hold(workspace, kind, holder)


def holder(person: Person, role: str = "77", holding: Holding = Holding.HELD) -> Holder:
    return Holder(person.id, someone(person.name).user, role, holding, person.name)


def reward(role: str = "77", *, told: bool = False) -> Reward:
    return Reward(HOME, SEASON, role, someone("Grace").user, told, MONDAY)


async def test_a_reward_is_kept_and_replaced(storage: SqlStorage) -> None:
    assert await get(storage) is None
    await put(storage, "77")
    assert await get(storage) == reward()
    await put(storage, "78", owner="Ada")
    assert await get(storage) == replace(reward("78"), owner=someone("Ada").user, made_at=LATER)


async def test_each_kind_and_workspace_has_one_of_its_own(storage: SqlStorage) -> None:
    await put(storage, "77")
    await put(storage, "78", kind=COMPETITION)
    await put(storage, "79", workspace=AWAY)
    found = [await get(storage), await get(storage, COMPETITION), await get(storage, SEASON, AWAY)]
    assert [one.role if one else "" for one in found] == ["77", "78", "79"]


async def test_holders_are_kept_once_with_their_newest_state(storage: SqlStorage) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    await hold(storage, holder(bob), holder(ada, holding=Holding.GIVING), holder(ada, "76", Holding.ABSENT))
    await hold(storage, holder(ada))
    assert await holders(storage) == [holder(ada, "76", Holding.ABSENT), holder(ada), holder(bob)]
    assert (await holders(storage, COMPETITION), await holders(storage, workspace=AWAY)) == ([], [])


async def test_a_holder_has_the_name_that_boards_show(storage: SqlStorage) -> None:
    ada = await rows.enter(storage, "Ada")
    async with storage.transaction() as work:
        await work.people.set_profile(ada.id, shown_name="Countess", zone="", hidden=False)
    await hold(storage, holder(ada))
    assert [one.name for one in await holders(storage)] == ["Countess"]


async def test_one_is_released_and_no_other(storage: SqlStorage) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    held = (holder(ada), holder(ada, "78"), holder(bob))
    await hold(storage, *held)
    await hold(storage, *held, kind=COMPETITION)
    async with storage.transaction() as work:
        await work.rewards.release(HOME, SEASON, holder(ada))
        await work.rewards.release(HOME, SEASON, holder(ada))
    assert await holders(storage) == [holder(ada, "78"), holder(bob)]
    assert len(await holders(storage, COMPETITION)) == 3


async def test_setting_it_up_again_has_the_same_role_given_anew(storage: SqlStorage) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    await put(storage, "77")
    await hold(storage, holder(ada), holder(bob, holding=Holding.ABSENT), holder(bob, "76"))
    await put(storage, "77")
    giving = Holding.GIVING
    assert await holders(storage) == [holder(ada, holding=giving), holder(bob, "76"), holder(bob, holding=giving)]


async def test_a_role_that_is_gone_is_held_by_nobody_and_given_no_more(storage: SqlStorage) -> None:
    ada = await rows.enter(storage, "Ada")
    await put(storage, "77")
    await hold(storage, holder(ada), holder(ada, "76"))
    async with storage.transaction() as work:
        await work.rewards.revoke(HOME, SEASON, "76")
    assert (await get(storage), await holders(storage)) == (reward(), [holder(ada)])
    async with storage.transaction() as work:
        await work.rewards.revoke(HOME, SEASON, "77")
    assert (await get(storage), await holders(storage)) == (reward(""), [])


async def test_only_what_was_ended_and_is_held_by_nobody_is_forgotten(storage: SqlStorage) -> None:
    ada = await rows.enter(storage, "Ada")

    async def clear() -> Reward | None:
        async with storage.transaction() as work:
            await work.rewards.clear(HOME, SEASON)
        return await get(storage)

    await put(storage, "77")
    assert await clear() == reward()
    await hold(storage, holder(ada))
    await put(storage, "")
    assert await clear() == reward("")
    async with storage.transaction() as work:
        await work.rewards.release(HOME, SEASON, holder(ada))
    await hold(storage, holder(ada), kind=COMPETITION)
    assert await clear() is None


async def test_that_its_owner_was_told_holds_until_it_is_set_up_again(storage: SqlStorage) -> None:
    await put(storage, "77")
    async with storage.transaction() as work:
        await work.rewards.set_told(reward(), told=True)
    assert await get(storage) == reward(told=True)
    await put(storage, "77", owner="Ada")
    async with storage.transaction() as work:
        await work.rewards.set_told(reward(), told=True)
    found = await get(storage)
    assert found is not None
    assert not found.told


async def test_of_two_that_set_it_up_at_once_one_is_the_last(storage: SqlStorage) -> None:
    await asyncio.gather(*(put(storage, str(role)) for role in range(70, 78)))
    found = await get(storage)
    assert found is not None
    assert found.role in map(str, range(70, 78))


async def test_addresses_are_those_of_people_who_are_not_hidden(storage: SqlStorage) -> None:
    ada, bob, eve = [await rows.enter(storage, name) for name in ("Ada", "Bob", "Eve")]
    await rows.hide(storage, bob)
    async with storage.snapshot() as work:
        assert await work.people.addresses([]) == {}
        found = await work.people.addresses([ada.id, bob.id, 999])
    assert found == {ada.id: UserRef("test", "home", "ada")}
    assert eve.id not in found


@pytest.mark.parametrize("kind", RewardKind)
async def test_it_fits_whatever_a_platform_names_things(storage: SqlStorage, kind: RewardKind) -> None:
    long = WorkspaceRef("discord", "9" * 20)
    await put(storage, "9" * 20, kind=kind, workspace=long)
    ada = await rows.enter(storage, "Ada")
    user = UserRef("discord", "", "9" * 20)
    await hold(storage, Holder(ada.id, user, "9" * 20, Holding.GIVING), kind=kind, workspace=long)
    assert [one.user for one in await holders(storage, kind, long)] == [user]
