"""People: who practises."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from adapters.storage.work import SqlStorage
from bot.persons import Days, Person
from bot.ports import Storage
from bot.refs import Actor, UserRef, WorkspaceRef
from bot.scheduling import DailyState
from tests.support import rows
from tests.support.stay import DAY, ONE, Stay
from tests.support.world import MONDAY, someone


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


async def test_the_name_that_the_platform_says_now_replaces_what_it_said(storage: Storage) -> None:
    ada = await rows.enter(storage, "Ada")
    renamed = Actor(someone("Ada").user, "Ada Lovelace")
    async with storage.transaction() as work:
        again = await work.people.enter(renamed, MONDAY)
    assert again == replace(ada, name="Ada Lovelace")
    assert await rows.find(storage, "Ada") == again


@pytest.mark.parametrize("zone", ["Asia/Tokyo", ""])
async def test_entering_moves_nobody(storage: Storage, zone: str) -> None:
    kei = someone("Kei", zone="Europe/Berlin")
    async with storage.transaction() as work:
        before = await work.people.enter(kei, MONDAY)
        assert await work.people.enter(replace(kei, zone=zone), MONDAY) == before


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
    kept = replace(
        ada, streak=3, best_streak=9, freezes=1, last_day=DAY, base_streak=2, base_freezes=2, base_day=DAY - 17 * ONE,
        study="test:home",
    )  # fmt: skip
    async with storage.transaction() as work:
        await work.people.keep_streak(kept)
    assert await rows.find(storage, "Ada") == kept
    assert await rows.find(storage, "Bob") == bob


async def test_reminders_are_wanted_by_who_says_so(storage: Storage) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    assert not ada.reminders
    async with storage.transaction() as work:
        await work.people.set_reminders(ada.id, wanted=True)
    assert await rows.find(storage, "Ada") == replace(ada, reminders=True)
    assert await rows.find(storage, "Bob") == bob
    async with storage.transaction() as work:
        await work.people.set_reminders(ada.id, wanted=False)
    assert await rows.find(storage, "Ada") == ada


async def test_a_day_is_counted_once(storage: Storage) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    async with storage.transaction() as work:
        assert await work.people.add_day(ada.id, DAY)
        assert not await work.people.add_day(ada.id, DAY)
        assert await work.people.add_day(bob.id, DAY)
        assert await work.people.days(ada, DAY - ONE) == Days(counted=frozenset({DAY}))
        assert await work.people.days(ada, DAY) == Days()


async def test_a_move_is_kept_with_the_days_that_it_excuses(storage: Storage) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    moved = replace(ada, zone="Asia/Tokyo", zone_before="Pacific/Niue", zone_changed_at=MONDAY, day_floor=DAY)
    async with storage.transaction() as work:
        await work.people.keep_zone(moved, {DAY + ONE})
        assert (await work.people.days(ada, DAY)).excused == {DAY + ONE}
        assert await work.people.days(bob, DAY) == Days()
    assert await rows.find(storage, "Ada") == moved
    assert await rows.find(storage, "Bob") == bob


async def test_another_target_excuses_other_days_and_none_that_are_past_or_counted(storage: Storage) -> None:
    ada = replace(await rows.enter(storage, "Ada"), day_floor=DAY)
    async with storage.transaction() as work:
        await work.people.keep_zone(replace(ada, day_floor=DAY - ONE), {DAY})
        await work.people.add_day(ada.id, DAY + ONE)
        await work.people.keep_zone(ada, {DAY + ONE, DAY + 2 * ONE})
        assert await work.people.days(ada, DAY - ONE) == Days(frozenset({DAY + ONE}), frozenset({DAY, DAY + 2 * ONE}))
        await work.people.keep_zone(ada, ())
        assert await work.people.days(ada, DAY - ONE) == Days(frozenset({DAY + ONE}), frozenset({DAY}))


async def test_an_answer_on_an_excused_day_counts(storage: Storage) -> None:
    ada = replace(await rows.enter(storage, "Ada"), day_floor=DAY)
    async with storage.transaction() as work:
        await work.people.keep_zone(ada, {DAY + ONE})
        assert await work.people.add_day(ada.id, DAY + ONE)
        assert not await work.people.add_day(ada.id, DAY + ONE)
        assert await work.people.days(ada, DAY) == Days(counted=frozenset({DAY + ONE}))


async def test_days_are_open_where_a_person_studies_and_did_nothing(storage: SqlStorage) -> None:
    stay = Stay(storage)
    await stay.post(0, 1, 2, state=DailyState.OPEN)
    await stay.post(3)
    await stay.post(4, state=DailyState.CLOSING)
    await stay.post(5, workspace=WorkspaceRef("test", "elsewhere"), state=DailyState.OPEN)
    await stay.answer()
    assert await stay.days() == Days(frozenset({DAY}), open=frozenset(DAY + number * ONE for number in (1, 2, 4)))
    stay.clock.pass_time(days=1)
    await stay.answer(workspace=WorkspaceRef("test", "elsewhere"))
    assert (await stay.days()).open == {DAY + 5 * ONE}


async def test_many_first_entries_at_once_make_one_person(storage: Storage) -> None:
    entered = await asyncio.gather(*(rows.enter(storage, "Ada") for _ in range(20)))
    assert set(entered) == {await rows.find(storage, "Ada")}


async def test_a_person_who_entered_is_locked_until_the_transaction_ends(storage: Storage) -> None:
    await rows.enter(storage, "Ada")

    async def one_more() -> None:
        async with storage.transaction() as work:
            ada = await work.people.enter(someone("Ada"), MONDAY)
            await work.people.keep_streak(replace(ada, streak=ada.streak + 1))

    await asyncio.gather(*(one_more() for _ in range(20)))
    found = await rows.find(storage, "Ada")
    assert found is not None
    assert found.streak == 20
