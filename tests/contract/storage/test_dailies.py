"""Questions of the day: one for each date of a schedule, and how far it has come."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta

import pytest

from adapters.storage.work import SqlStorage, open_storage
from bot.ports import Storage
from bot.refs import ChannelRef, MessageRef, UserRef, WorkspaceRef
from bot.scheduling import Daily, DailyState, Owed
from tests.support import rows
from tests.support.rows import DAILY, DAY
from tests.support.world import HOME, MONDAY, STUDY

POSTING, OPEN, CLOSING, CLOSED, SKIPPED = DailyState
ONE = timedelta(days=1)
AWAY = ChannelRef(WorkspaceRef("test", "away"), STUDY.id)
HALL = ChannelRef(HOME, "hall")
SOON = 0.05
"""Seconds after which something that is held up has shown that it waits."""
TOO_LONG = 5.0


async def _asked(storage: Storage, **parts: object) -> int:
    """Ask a question of a schedule of its own, and return its id."""
    number = await rows.ask(storage, await rows.schedule(storage), **parts)  # type: ignore[arg-type]
    assert number is not None
    return number


async def test_the_question_of_a_day_comes_back(storage: Storage) -> None:
    schedule = await rows.schedule(storage, plan=replace(DAILY, changeable=False))
    number = await rows.ask(
        storage, schedule, state=POSTING, seed=2**63 - 1, order=(5, 0, 3), late=True, note="as it is"
    )
    assert number is not None
    assert await rows.daily(storage, number) == Daily(
        id=number,
        schedule=schedule.id,
        day=DAY,
        channel=STUDY,
        state=POSTING,
        question="cn-stride",
        revision="0badf00d",
        seed=2**63 - 1,
        order=(5, 0, 3),
        due_at=MONDAY,
        closes_at=MONDAY + ONE,
        changeable=False,
        late=True,
        answered=0,
        message=None,
        thread="",
        note="as it is",
    )


async def test_what_is_not_there_is_none(storage: Storage) -> None:
    schedule = await rows.schedule(storage)
    async with storage.transaction() as work:
        found = [await work.dailies.get(1), await work.dailies.latch(1), await work.dailies.of_day(schedule.id, DAY)]
        assert await work.dailies.history(schedule.id, 10) == []
        assert not await work.dailies.move(1, list(DailyState), CLOSED)
    assert found == [None, None, None]


@pytest.mark.parametrize("state", list(DailyState))
async def test_a_date_of_a_schedule_has_one_question_whatever_became_of_it(storage: Storage, state: DailyState) -> None:
    schedule, other = await rows.schedule(storage), await rows.schedule(storage)
    first = await rows.ask(storage, schedule, state=state)
    assert first is not None
    assert await rows.ask(storage, schedule, question="op-adam") is None
    later = await rows.ask(storage, schedule, day=DAY + ONE)
    elsewhere = await rows.ask(storage, other)
    assert len({first, later, elsewhere, None}) == 4
    assert (await rows.daily(storage, first)).question == "cn-stride"
    async with storage.snapshot() as work:
        found = [await work.dailies.of_day(one.id, DAY) for one in (schedule, other)]
    assert [one and one.id for one in found] == [first, elsewhere]


async def test_the_latest_of_a_schedule_come_newest_first(storage: Storage) -> None:
    schedule, other = await rows.schedule(storage), await rows.schedule(storage)
    for days in (2, 0, 3, 1):
        await rows.ask(storage, schedule, day=DAY + days * ONE)
    await rows.ask(storage, other, day=DAY + 9 * ONE)
    async with storage.snapshot() as work:
        found = [await work.dailies.history(schedule.id, limit) for limit in (3, 10)]
    assert [[(one.day - DAY).days for one in history] for history in found] == [[3, 2, 1], [3, 2, 1, 0]]


async def test_what_was_posted_in_a_channel_is_counted(storage: Storage) -> None:
    here, too = await rows.schedule(storage), await rows.schedule(storage)
    hall, away = await rows.schedule(storage, channel=HALL), await rows.schedule(storage, channel=AWAY)
    for schedule, days, question, state in [
        (here, 0, "cn-stride", CLOSED),
        (here, 1, "op-adam", CLOSED),
        (here, 2, "cn-stride", CLOSING),
        (here, 3, "ml-bias", SKIPPED),
        (here, 4, "", SKIPPED),
        (here, 5, "in-he", POSTING),
        (too, 1, "cn-stride", OPEN),
        (hall, 9, "cn-stride", CLOSED),
        (away, 9, "cn-stride", CLOSED),
    ]:
        await rows.ask(storage, schedule, day=DAY + days * ONE, question=question, state=state)
    async with storage.snapshot() as work:
        found = [dict(await work.dailies.counts(channel)) for channel in (STUDY, HALL, ChannelRef(HOME, "none"))]
    posted = {"cn-stride": (3, DAY + 2 * ONE), "op-adam": (1, DAY + ONE), "in-he": (1, DAY + 5 * ONE)}
    assert found == [posted, {"cn-stride": (1, DAY + 9 * ONE)}, {}]


async def test_questions_are_held_and_days_open_from_the_post_until_the_close(storage: Storage) -> None:
    for days, (channel, state) in enumerate(
        [*((STUDY, state) for state in DailyState), (HALL, OPEN), (HALL, CLOSED), (AWAY, OPEN)]
    ):
        schedule = await rows.schedule(storage, channel=channel)
        await rows.ask(storage, schedule, day=DAY + days * ONE, question=f"{channel.id}-{state}", state=state)
    async with storage.snapshot() as work:
        held, days_open = await work.dailies.held(HOME), await work.dailies.open_days(HOME)
        nothing = await work.dailies.held(WorkspaceRef("test", "no"))
    assert held == {"study-posting", "study-open", "study-closing", "hall-open"}
    assert days_open == {DAY, DAY + ONE, DAY + 2 * ONE, DAY + 5 * ONE}
    assert nothing == frozenset()


@pytest.mark.parametrize("state", list(DailyState))
@pytest.mark.parametrize("expected", [[OPEN], [POSTING, CLOSING], []])
async def test_a_question_moves_on_from_the_expected_states_alone(
    storage: Storage, state: DailyState, expected: Collection[DailyState]
) -> None:
    number, other = await _asked(storage, state=state), await _asked(storage, state=state)
    before = await rows.daily(storage, number)
    async with storage.transaction() as work:
        assert await work.dailies.move(number, expected, CLOSED) is (state in expected)
    after = replace(before, state=CLOSED) if state in expected else before
    assert await rows.daily(storage, number) == after
    assert (await rows.daily(storage, other)).state is state


async def test_a_note_replaces_the_one_there_and_none_leaves_it(storage: Storage) -> None:
    number = await _asked(storage, note="first")
    notes = []
    for expected, state, note in [(OPEN, CLOSING, ""), (OPEN, CLOSED, "lost"), (CLOSING, CLOSED, "second")]:
        async with storage.transaction() as work:
            await work.dailies.move(number, [expected], state, note)
        notes.append((await rows.daily(storage, number)).note)
    assert notes == ["first", "first", "second"]


@pytest.mark.parametrize("channel", [STUDY, ChannelRef(HOME, "study", thread="1700.1")])
@pytest.mark.parametrize("elsewhere", [False, True])
async def test_a_post_that_was_made_is_open_and_known(storage: Storage, channel: ChannelRef, elsewhere: bool) -> None:
    schedule = await rows.schedule(storage, channel=channel)
    number = await rows.ask(storage, schedule, state=POSTING)
    assert number is not None
    before, message = await rows.daily(storage, number), MessageRef(HALL if elsewhere else channel, "m1")
    async with storage.transaction() as work:
        await work.dailies.posted(number, message, "study 1700.2", late=False)
    posted = replace(before, state=OPEN, message=message, thread="study 1700.2")
    assert await rows.daily(storage, number) == posted
    async with storage.transaction() as work:
        await work.dailies.posted(number, MessageRef(channel, "m2"), "", late=False)
        await work.dailies.set_thread(number, "other")
    assert await rows.daily(storage, number) == replace(posted, thread="other")


@pytest.mark.parametrize("state", [OPEN, CLOSING, CLOSED, SKIPPED])
async def test_what_was_given_up_or_closed_is_not_opened_by_a_late_post(storage: Storage, state: DailyState) -> None:
    number = await _asked(storage, state=state)
    before = await rows.daily(storage, number)
    async with storage.transaction() as work:
        await work.dailies.posted(number, MessageRef(STUDY, "m1"), "", late=False)
    assert await rows.daily(storage, number) == before


async def test_while_a_question_is_latched_another_process_cannot_close_it(storage: SqlStorage) -> None:
    number, other = await _asked(storage), open_storage(storage.engine.url)
    ada = await rows.enter(storage)

    async def close() -> int:
        async with other.transaction() as work:
            assert await work.dailies.move(number, [OPEN], CLOSING)
            return len(await work.daily_answers.all(number))

    async with storage.transaction() as work:
        latched = await work.dailies.latch(number)
        assert latched is not None
        assert latched.state is OPEN
        waiting = asyncio.create_task(close())
        await asyncio.wait({waiting}, timeout=SOON)
        assert not waiting.done()
        await work.daily_answers.put(number, ada.id, response="T", score=0, late=False, change=True, now=MONDAY)
    async with asyncio.timeout(TOO_LONG):
        assert await waiting == 1
    await other.close()
    closed = await rows.daily(storage, number)
    assert (closed.state, closed.answered) == (CLOSING, 1)


async def test_days_are_owed_that_are_closed_and_only_while_none_of_them_is_open(storage: Storage) -> None:
    one, two = await rows.schedule(storage), await rows.schedule(storage, channel=HALL)
    away = await rows.schedule(storage, channel=AWAY)
    for schedule, states in [
        (one, (CLOSED, CLOSED, OPEN, SKIPPED, POSTING, CLOSED, CLOSING, CLOSED)),
        (two, (SKIPPED, CLOSED, CLOSED, SKIPPED, CLOSED, OPEN)),
        (away, (CLOSED,) * 9),
    ]:
        for days, state in enumerate(states):
            await rows.ask(storage, schedule, day=DAY + days * ONE, state=state)
    async with storage.snapshot() as work:
        found = [await work.dailies.owed(HOME, DAY + days * ONE) for days in (-1, 0, 1, 4, 7)]
        never = await work.dailies.owed(WorkspaceRef("test", "never"), date.min)
    assert [(each.ever, sorted((day - DAY).days for day in each.days)) for each in found] == [
        (True, [0, 1, 4, 7]),
        (True, [1, 4, 7]),
        (True, [4, 7]),
        (True, [7]),
        (True, []),
    ]
    assert never == Owed(ever=False, days=frozenset())


@pytest.mark.parametrize(("state", "ever"), [(POSTING, False), (OPEN, True), (CLOSED, True), (SKIPPED, False)])
async def test_a_workspace_was_asked_once_a_question_was_open(storage: Storage, state: DailyState, ever: bool) -> None:
    await _asked(storage, state=state)
    async with storage.snapshot() as work:
        owed = [await work.dailies.owed(HOME, DAY - days * ONE) for days in (0, 1)]
    assert owed == [Owed(ever, frozenset()), Owed(ever, frozenset({DAY} if state is CLOSED else ()))]


async def test_who_wishes_it_and_did_nothing_yet_has_a_streak_at_stake(storage: Storage) -> None:
    number, other = await _asked(storage), await _asked(storage)
    people = {name: await rows.enter(storage, name) for name in ("Bob", "Ada", "Mute", "New", "Far", "Done", "Early")}
    for name, person in people.items():
        streak, study = (0 if name == "New" else person.id), "test:away" if name == "Far" else HOME.key
        async with storage.transaction() as work:
            await work.people.set_reminders(person.id, wanted=name != "Mute")
            await work.people.keep_streak(replace(person, streak=streak, study=study))
            await work.people.add_day(person.id, DAY - ONE)
            await work.people.add_day(person.id, DAY + ONE)
    await rows.reply(storage, other, people["Bob"])
    await rows.reply(storage, number, people["Early"])
    async with storage.transaction() as work:
        await work.people.add_day(people["Done"].id, DAY)
    async with storage.snapshot() as work:
        at_stake, nobody = await work.dailies.at_stake(number), await work.dailies.at_stake(number + 99)
    assert at_stake == [
        (UserRef("test", "home", "bob"), people["Bob"].id),
        (UserRef("test", "home", "ada"), people["Ada"].id),
    ]
    assert nobody == []


async def test_what_is_open_for_somebody_comes_next_to_close_first_with_whether_they_answered(
    storage: Storage,
) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    hall, away = await rows.schedule(storage, channel=HALL), await rows.schedule(storage, channel=AWAY)
    late, soon = [await _asked(storage, closes_at=MONDAY + days * ONE) for days in (3, 1)]
    between = await rows.ask(storage, hall, closes_at=MONDAY + 2 * ONE)
    assert between is not None
    await rows.ask(storage, away)
    for days, state in enumerate(set(DailyState) - {OPEN}, 1):
        await rows.ask(storage, hall, day=DAY + days * ONE, state=state)
    await rows.reply(storage, between, ada)
    await rows.reply(storage, soon, bob)
    async with storage.snapshot() as work:
        found = [
            await work.dailies.open_in(HOME, person, limit) for person, limit in ((ada.id, 9), (bob.id, 2), (None, 9))
        ]
    assert [[(daily.id, answered) for daily, answered in each] for each in found] == [
        [(soon, False), (between, True), (late, False)],
        [(soon, True), (between, False)],
        [(soon, False), (between, False), (late, False)],
    ]
    assert found[0][1][0] == await rows.daily(storage, between)
