"""People: who practises."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from bot.ports import Person, Storage
from bot.refs import Actor, UserRef
from tests.support import rows
from tests.support.world import MONDAY, someone

DAY = date(2026, 11, 23)


async def test_somebody_new_starts_with_nothing(storage: Storage) -> None:
    async with storage.transaction() as work:
        ada = await work.people.enter(someone("Ada", zone="Europe/Berlin"), MONDAY)
    assert ada == Person(
        id=ada.id,
        name="Ada",
        shown_name="",
        hidden=False,
        zone="",
        platform_zone="Europe/Berlin",
        streak=0,
        best_streak=0,
        last_day=None,
    )


async def test_whoever_entered_is_found(storage: Storage) -> None:
    ada = await rows.enter(storage, "Ada")
    assert await rows.find(storage, "Ada") == ada


async def test_looking_for_somebody_does_not_make_them(storage: Storage) -> None:
    assert await rows.find(storage, "Ada") is None
    assert await rows.find(storage, "Ada") is None


async def test_the_same_actor_is_the_same_person(storage: Storage) -> None:
    assert await rows.enter(storage, "Ada") == await rows.enter(storage, "Ada")


async def test_people_are_told_apart(storage: Storage) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    assert ada.id != bob.id


@pytest.mark.parametrize(
    "user",
    [UserRef("other", "home", "ada"), UserRef("test", "elsewhere", "ada"), UserRef("test", "home", "ADA")],
    ids=["platform", "space", "id"],
)
async def test_the_same_name_elsewhere_is_somebody_else(storage: Storage, user: UserRef) -> None:
    ada = await rows.enter(storage, "Ada")
    async with storage.transaction() as work:
        other = await work.people.enter(Actor(user, "Ada"), MONDAY)
    assert other == replace(ada, id=other.id)
    assert other.id != ada.id


async def test_what_the_platform_says_now_replaces_what_it_said(storage: Storage) -> None:
    ada = await rows.enter(storage, "Ada")
    renamed = Actor(someone("Ada").user, "Ada Lovelace", zone="Asia/Tokyo")
    async with storage.transaction() as work:
        again = await work.people.enter(renamed, MONDAY)
    assert again == replace(ada, name="Ada Lovelace", platform_zone="Asia/Tokyo")
    assert await rows.find(storage, "Ada") == again


async def test_a_zone_that_the_platform_does_not_say_now_stays(storage: Storage) -> None:
    ada = await rows.enter(storage, "Ada")
    async with storage.transaction() as work:
        moved = await work.people.enter(Actor(someone("Ada").user, "Ada", zone="Asia/Tokyo"), MONDAY)
        again = await work.people.enter(Actor(someone("Ada").user, "Ada", zone=""), MONDAY)
    assert (moved, again) == (replace(ada, platform_zone="Asia/Tokyo"),) * 2


async def test_a_name_may_be_longer_than_is_kept(storage: Storage) -> None:
    endless = Actor(someone("Ada").user, "a" * 300)
    async with storage.transaction() as work:
        first = await work.people.enter(endless, MONDAY)
        again = await work.people.enter(endless, MONDAY)
    assert first.name == "a" * 100
    assert again == first


@pytest.mark.parametrize("name", ["Zoë 🦉", 'O\'Brien "x" \\ %s :name', "日本語"])
async def test_a_name_comes_back_as_it_was(storage: Storage, name: str) -> None:
    async with storage.transaction() as work:
        await work.people.enter(Actor(someone("Ada").user, name), MONDAY)
    found = await rows.find(storage, "Ada")
    assert found is not None
    assert found.name == name


async def test_what_a_person_chose_is_kept(storage: Storage) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    async with storage.transaction() as work:
        await work.people.set_profile(ada.id, shown_name="Countess", zone="Europe/London", hidden=True)
    assert await rows.find(storage, "Ada") == replace(ada, shown_name="Countess", zone="Europe/London", hidden=True)
    assert await rows.find(storage, "Bob") == bob


async def test_what_a_person_chose_outlives_a_new_name(storage: Storage) -> None:
    ada = await rows.enter(storage, "Ada")
    async with storage.transaction() as work:
        await work.people.set_profile(ada.id, shown_name="Countess", zone="Europe/London", hidden=True)
        again = await work.people.enter(Actor(someone("Ada").user, "A. L."), MONDAY)
    assert again == replace(ada, name="A. L.", shown_name="Countess", zone="Europe/London", hidden=True)


async def test_what_a_person_chose_can_be_taken_back(storage: Storage) -> None:
    ada = await rows.enter(storage, "Ada")
    async with storage.transaction() as work:
        await work.people.set_profile(ada.id, shown_name="Countess", zone="Europe/London", hidden=True)
        await work.people.set_profile(ada.id, shown_name="", zone="", hidden=False)
    assert await rows.find(storage, "Ada") == ada


async def test_a_streak_is_kept(storage: Storage) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    async with storage.transaction() as work:
        await work.people.set_streak(ada.id, streak=3, best=9, day=DAY)
    assert await rows.find(storage, "Ada") == replace(ada, streak=3, best_streak=9, last_day=DAY)
    assert await rows.find(storage, "Bob") == bob


async def test_many_first_entries_at_once_make_one_person(storage: Storage) -> None:
    entered = await asyncio.gather(*(rows.enter(storage, "Ada") for _ in range(20)))
    assert set(entered) == {await rows.find(storage, "Ada")}


async def test_a_person_who_entered_is_locked_until_the_transaction_ends(storage: Storage) -> None:
    await rows.enter(storage, "Ada")

    async def one_more() -> None:
        async with storage.transaction() as work:
            ada = await work.people.enter(someone("Ada"), MONDAY)
            await work.people.set_streak(ada.id, streak=ada.streak + 1, best=0, day=DAY)

    await asyncio.gather(*(one_more() for _ in range(20)))
    found = await rows.find(storage, "Ada")
    assert found is not None
    assert found.streak == 20
