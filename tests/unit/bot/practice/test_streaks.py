"""Streaks on a database: which days are owed where, late answers, days that are open, moves, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import event

from adapters.storage.work import SqlStorage
from bot.practice.streak import Streak
from bot.practice.streaks import Outlook, enter
from bot.refs import WorkspaceRef
from bot.scheduling import DailyState
from tests.support.room import ADA
from tests.support.stay import DAY, ONE, Stay
from tests.support.world import HOME, MONDAY

ELSEWHERE = WorkspaceRef("test", "elsewhere")
ALONE = WorkspaceRef("test", "dm-1")


@contextmanager
def statements(storage: SqlStorage) -> Iterator[list[str]]:
    """Collect what the database is asked."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(storage.engine.sync_engine, "before_cursor_execute", note)
    yield said
    event.remove(storage.engine.sync_engine, "before_cursor_execute", note)


@pytest.fixture
def ada(storage: SqlStorage) -> Stay:
    return Stay(storage)


async def test_where_no_question_was_ever_posted_every_day_is_owed(ada: Stay) -> None:
    assert await ada.answer() == (1, True)
    assert await ada.answer() == (1, False)
    ada.clock.pass_time(days=1)
    assert await ada.shown() == (1, 1, 0)
    assert await ada.answer() == (2, True)
    ada.clock.pass_time(days=2)
    assert await ada.shown() == (0, 2, 0)
    assert await ada.answer() == (1, True)


async def test_freezes_are_used_by_themselves(ada: Stay) -> None:
    await ada.answer_daily(14)
    assert await ada.shown() == (14, 14, 2)
    ada.clock.pass_time(days=1)
    assert await ada.shown() == (14, 14, 1)
    assert await ada.answer() == (15, True)
    assert await ada.shown() == (15, 15, 1)
    ada.clock.pass_time(days=2)
    assert await ada.shown() == (15, 15, 0)
    ada.clock.pass_time(days=1)
    assert await ada.shown() == (0, 15, 0)


async def test_where_questions_are_posted_only_their_days_are_owed(ada: Stay) -> None:
    await ada.post(0, 1, 4)
    await ada.answer()
    ada.clock.pass_time(days=1)
    await ada.answer()
    ada.clock.pass_time(days=3)
    assert await ada.shown() == (2, 2, 0)
    assert await ada.answer() == (3, True)
    ada.clock.pass_time(days=30)
    assert await ada.shown() == (3, 3, 0)
    await ada.post(20)
    assert await ada.shown() == (0, 3, 0)


async def test_a_day_is_not_missed_before_all_its_questions_are_closed_and_it_is_over(ada: Stay) -> None:
    await ada.answer()
    await ada.post(1, state=DailyState.OPEN)
    ada.clock.pass_time(days=2)
    for state, days in ((DailyState.OPEN, 1), (DailyState.CLOSING, 1), (DailyState.CLOSED, 0)):
        await ada.post(1, state=state)
        assert (await ada.shown())[0] == days
    await ada.post(2)
    ada.clock.pass_time(days=-1)
    assert (await ada.shown())[0] == 1


async def test_practising_early_does_not_get_around_a_day_that_is_still_open(ada: Stay) -> None:
    await ada.answer_daily(2)
    await ada.post(2, 3, state=DailyState.OPEN)
    ada.clock.pass_time(days=1)
    assert await ada.answer() == (3, True)
    assert await ada.answer() == (3, False)
    assert await ada.shown() == (3, 3, 0)
    assert await ada.outlook() == Outlook(Streak(3, 3, 0, DAY + 3 * ONE), done=True, open=(DAY + 2 * ONE,))
    await ada.post(2)
    assert await ada.shown() == (1, 2, 0)
    ada.clock.pass_time(days=1)
    assert await ada.answer() == (2, True)
    assert (await ada.person()).last_day == DAY + 4 * ONE


async def test_an_open_day_can_be_saved_after_later_ones_were_counted(ada: Stay) -> None:
    await ada.answer_daily(2)
    await ada.post(2, 3, state=DailyState.OPEN)
    ada.clock.pass_time(days=1)
    await ada.answer()
    assert await ada.answer(2) == (4, True)
    await ada.post(2, 3)
    assert await ada.shown() == (4, 4, 0)
    assert (await ada.outlook()).open == ()


async def test_a_late_answer_restores_a_day_and_what_it_had_cost(ada: Stay) -> None:
    await ada.answer_daily(7)
    await ada.post(7, 8, 9)
    ada.clock.pass_time(days=2)
    assert await ada.answer() == (1, True)
    assert await ada.answer(8) == (9, True)
    assert await ada.shown() == (9, 9, 0)
    assert await ada.answer(7) == (10, True)
    assert await ada.shown() == (10, 10, 1)
    assert await ada.answer(7) == (10, False)


async def test_late_answers_go_on_from_a_day_before_the_miss(ada: Stay) -> None:
    await ada.answer_daily(3)
    await ada.post(3, 4)
    ada.clock.pass_time(days=2)
    assert await ada.shown() == (0, 3, 0)
    assert await ada.answer(3) == (0, True)
    assert await ada.answer(4) == (5, True)


async def test_a_late_answer_before_a_break_that_stands_restores_nothing(ada: Stay) -> None:
    await ada.post(0, 1, 2, 3, 4)
    ada.clock.pass_time(days=4)
    await ada.answer()
    assert await ada.answer(2) == (1, False)
    assert await ada.answer(3) == (3, True)


async def test_a_question_of_a_date_that_is_ahead_counts_for_it(ada: Stay) -> None:
    await ada.post(1, state=DailyState.OPEN)
    await ada.answer()
    assert await ada.answer(1) == (2, True)
    assert await ada.answer() == (2, False)
    ada.clock.pass_time(days=1)
    assert (await ada.outlook()).done
    assert await ada.answer() == (2, False)


async def test_a_question_of_tomorrow_leaves_today_to_be_counted(ada: Stay) -> None:
    await ada.answer()
    ada.clock.pass_time(days=1)
    assert await ada.answer(2) == (2, True)
    assert not (await ada.outlook()).done
    ada.clock.pass_time(days=1)
    assert await ada.shown() == (1, 1, 0)
    ada.clock.pass_time(days=-1)
    assert (await ada.answer())[1]
    ada.clock.pass_time(days=1)
    assert await ada.shown() == (3, 3, 0)


async def test_an_answer_for_a_day_of_long_ago_counts_for_nothing(ada: Stay) -> None:
    assert await ada.answer() == (1, True)
    assert await ada.answer(-17) == (1, False)
    assert (await ada.days()).counted == {DAY}


async def test_the_base_follows_so_that_late_answers_look_back_over_weeks_alone(ada: Stay) -> None:
    await ada.answer()
    assert (await ada.person()).base_day == DAY - 17 * ONE
    ada.clock.pass_time(days=1)
    for number in range(1, 60):
        await ada.answer()
        person, today = await ada.person(), DAY + number * ONE
        assert person.base_day is not None
        assert 17 <= (today - person.base_day).days <= 28
        assert person.base_streak == max((person.base_day - DAY).days + 1, 0)
        ada.clock.pass_time(days=1)
    assert await ada.shown() == (60, 60, 2)


async def test_a_late_answer_after_the_base_moved_refolds_from_it(ada: Stay) -> None:
    await ada.answer_daily(50)
    await ada.post(50, 51, 52)
    ada.clock.pass_time(days=3)
    assert await ada.answer() == (1, True)
    assert await ada.answer(51) == (52, True)
    assert await ada.shown() == (52, 52, 0)


async def test_the_workspace_of_the_last_answer_says_what_is_owed(ada: Stay) -> None:
    await ada.post(0, 9)
    await ada.answer()
    ada.clock.pass_time(days=3)
    assert (await ada.person()).study == HOME.key
    assert await ada.answer(workspace=ELSEWHERE) == (2, True)
    assert (await ada.person()).study == ELSEWHERE.key
    ada.clock.pass_time(days=2)
    assert await ada.shown() == (0, 2, 0)


async def test_a_second_answer_of_a_day_moves_the_study_too(ada: Stay) -> None:
    await ada.answer()
    assert await ada.answer(workspace=ELSEWHERE) == (1, False)
    assert (await ada.person()).study == ELSEWHERE.key


async def test_a_conversation_outside_any_team_is_no_place_of_study(ada: Stay) -> None:
    await ada.answer(workspace=ALONE)
    assert (await ada.person()).study == ""
    await ada.answer()
    await ada.answer(workspace=ALONE)
    assert (await ada.person()).study == HOME.key


async def test_studying_elsewhere_does_not_make_a_late_answer_cost_days(ada: Stay) -> None:
    await ada.post(0, 3, 6)
    await ada.answer()
    ada.clock.pass_time(days=6)
    assert await ada.answer() == (1, True)
    assert await ada.answer(workspace=ELSEWHERE) == (1, False)
    assert await ada.answer(3, workspace=ELSEWHERE) == (1, False)
    assert await ada.answer(4) == (4, True)


async def test_a_new_platform_zone_moves_the_day_at_the_old_midnight(storage: SqlStorage) -> None:
    ada = Stay(storage, replace(ADA, zone="Pacific/Honolulu"))
    await ada.answer()
    ada.who = replace(ADA, zone="Pacific/Kiritimati")
    assert await ada.answer() == (1, False)
    moved = await ada.person()
    assert (moved.platform_zone, moved.zone_before) == ("Pacific/Kiritimati", "Pacific/Honolulu")
    assert (moved.zone_changed_at, moved.day_floor) == (MONDAY, DAY)
    assert (await ada.days()).excused == {DAY + ONE}
    ada.clock.pass_time(days=1)
    ada.who = ADA
    assert await ada.answer() == (2, True)
    assert (await ada.person()).last_day == DAY + 2 * ONE
    assert await ada.shown() == (2, 2, 0)


async def test_a_zone_that_is_chosen_hides_what_the_platform_says(storage: SqlStorage) -> None:
    ada = Stay(storage, replace(ADA, zone="Pacific/Honolulu"))
    await ada.answer()
    async with storage.transaction() as work:
        person = await enter(work, ada.who, MONDAY, ada.calendar)
        await work.people.keep_zone(replace(person, zone="UTC"), ())
        again = await enter(work, replace(ADA, zone="Asia/Tokyo"), MONDAY, ada.calendar)
    assert again == replace(person, zone="UTC", platform_zone="Asia/Tokyo")


async def test_a_streak_of_before_the_upgrade_goes_on(ada: Stay) -> None:
    async with ada.storage.transaction() as work:
        person = await enter(work, ADA, MONDAY, ada.calendar)
        before = replace(
            person, streak=15, best_streak=15, last_day=DAY - ONE, freezes=2,
            base_streak=15, base_freezes=2, base_day=DAY - ONE,
        )  # fmt: skip
        await work.people.keep_streak(before)
    assert await ada.shown() == (15, 15, 2)
    assert await ada.answer(-1) == (15, False)
    assert await ada.answer() == (16, True)
    ada.clock.pass_time(days=3)
    assert await ada.answer() == (17, True)
    assert await ada.shown() == (17, 17, 0)


async def test_what_a_day_costs(ada: Stay) -> None:
    """Entering is one statement and beginning a transaction another; the rest is for the streak."""

    async def cost(number: int | None = None) -> int:
        with statements(ada.storage) as said:
            await ada.answer(number)
        return sum(not one.startswith(("BEGIN", "SELECT people")) for one in said)

    await ada.answer()
    assert await cost() == 0
    ada.clock.pass_time(days=1)
    assert await cost() == 2
    await ada.post(1, 4)
    ada.clock.pass_time(days=3)
    assert await cost() == 4
    assert await cost() == 0
    assert await cost(1) == 1
