"""A schedule's dates become questions, each once; what was missed is skipped with its reason."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from adapters.storage.work import SqlStorage
from bot.daily.planner import MOST_DATES, ON_TIME, too_late
from bot.practice.quality import Known
from bot.scheduling import Daily, DailyState, ScheduleState
from tests.support import items, rows
from tests.support.rows import DAY
from tests.support.world import HOME
from tests.unit.bot.daily.planning import NINE, ONE, TRUTHS, World

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
POSTING, SKIPPED = DailyState.POSTING, DailyState.SKIPPED


@pytest.fixture
def world(storage: SqlStorage) -> World:
    return World(storage)


async def test_before_its_time_nothing_is_posted(world: World) -> None:
    schedule = await world.schedule()
    assert await world.turn(schedule, NINE - SECOND) == NINE
    assert await world.dates(schedule) == []
    assert (await world.read(schedule)).next_day == DAY
    assert await world.errands() == {}


async def test_on_time_the_question_of_the_date_is_kept_and_its_post_is_to_be_done(world: World) -> None:
    schedule = await world.schedule(changeable=False)
    assert await world.turn(schedule, NINE) == NINE + ONE
    (made,) = await world.dates(schedule)
    question = world.bank.by_id[made.question]
    assert made == Daily(
        id=made.id, schedule=schedule.id, day=DAY, channel=schedule.channel, state=POSTING, question=question.id,
        revision=question.revision, seed=0, order=made.order, due_at=NINE, closes_at=NINE + ONE, changeable=False,
        late=False, answered=0, message=None, thread="", note="",
    )  # fmt: skip
    assert (await world.read(schedule)).next_day == DAY + ONE
    (post,) = (await world.errands()).values()
    assert (post.key, post.kind, post.subject, post.due_at) == (f"post:{made.id}", "post", made.id, NINE)


AFTER = [  # seconds after it was due, how long catching up is allowed in minutes, what becomes of it
    (120, 180, (POSTING, False, "")),
    (121, 180, (POSTING, True, "")),
    (180 * 60, 180, (POSTING, True, "")),
    (180 * 60 + 1, 180, (SKIPPED, False, too_late(180))),
    (120, 0, (POSTING, False, "")),
    (121, 0, (SKIPPED, False, too_late(0))),
    (121, 1, (SKIPPED, False, too_late(1))),
    (90 * 60, 90, (POSTING, True, "")),
    (23 * 60 * 60 + 3599, 24 * 60, (POSTING, True, "")),
]


@pytest.mark.parametrize(("seconds", "catch_up", "became"), AFTER)
async def test_what_comes_late_says_so_and_too_late_it_is_skipped(
    world: World, seconds: int, catch_up: int, became: tuple[DailyState, bool, str]
) -> None:
    schedule = await world.schedule(catch_up=catch_up)
    assert await world.turn(schedule, NINE + seconds * SECOND) == NINE + ONE
    (made,) = await world.dates(schedule)
    assert (made.state, made.late, made.note) == became
    assert made.due_at == NINE
    assert len(await world.errands()) == (1 if made.state is POSTING else 0)


def test_the_reason_names_what_is_allowed() -> None:
    words = "Warmup was not running when it was due, nor within {} after that."
    assert [too_late(minutes) for minutes in (0, 45, 60, 90)] == [
        words.format(allowed) for allowed in ("0 min", "45 min", "1 h", "1 h 30 min")
    ]
    assert timedelta(minutes=2) == ON_TIME


MISSED = [  # hours after the first of the dates was due, how many minutes of catching up, what becomes of the dates
    (24, 180, [SKIPPED, POSTING]),
    (24 + 2, 180, [SKIPPED, POSTING]),
    (24 + 4, 180, [SKIPPED, SKIPPED]),
    (48 + 1, 180, [SKIPPED, SKIPPED, POSTING]),
    (23, 24 * 60, [POSTING]),
    (47, 24 * 60, [SKIPPED, POSTING]),
    (48, 72 * 60, [SKIPPED, SKIPPED, POSTING]),
]


@pytest.mark.parametrize(("hours", "catch_up", "states"), MISSED)
async def test_of_several_dates_that_were_missed_only_the_newest_is_posted(
    world: World, hours: int, catch_up: int, states: list[DailyState]
) -> None:
    schedule = await world.schedule(catch_up=catch_up)
    assert await world.turn(schedule, NINE + hours * HOUR) == NINE + len(states) * ONE
    made = await world.dates(schedule)
    assert [(one.day, one.state) for one in made] == [(DAY + at * ONE, state) for at, state in enumerate(states)]
    assert {one.note for one in made if one.state is SKIPPED} <= {too_late(catch_up)}


async def test_weekends_are_not_missed(world: World) -> None:
    schedule = await world.schedule(date(2026, 11, 27), weekdays="01234", catch_up=23 * 60)
    monday = datetime(2026, 11, 30, 9, 1, tzinfo=UTC)
    assert await world.turn(schedule, monday) == datetime(2026, 12, 1, 9, tzinfo=UTC)
    made = await world.dates(schedule)
    assert [(str(one.day), one.state) for one in made] == [("2026-11-27", SKIPPED), ("2026-11-30", POSTING)]


@pytest.mark.parametrize("missed", [MOST_DATES - 1, MOST_DATES, MOST_DATES + 1, 2 * MOST_DATES + 50])
async def test_after_a_very_long_time_every_date_is_dealt_with_and_the_newest_posted(world: World, missed: int) -> None:
    schedule, now = await world.schedule(DAY - missed * ONE), NINE + timedelta(minutes=30)
    turns, due = 0, NINE - missed * ONE
    while due <= now:
        again = await world.turn(schedule, now)
        assert again is not None
        turns, due = turns + 1, again
    made = await world.dates(schedule)
    assert [one.state for one in made] == [SKIPPED] * missed + [POSTING]
    assert (due, turns) == (NINE + ONE, missed // MOST_DATES + 1)


@pytest.mark.parametrize("state", [ScheduleState.PAUSED, ScheduleState.REMOVED])
async def test_a_schedule_that_is_paused_or_removed_posts_nothing(world: World, state: ScheduleState) -> None:
    schedule = await world.schedule()
    async with world.storage.transaction() as work:
        await work.schedules.set_state(schedule.id, state)
    assert await world.turn(schedule, NINE) is None
    assert (await world.read(schedule)).next_day == DAY
    assert (await world.dates(schedule), await world.errands()) == ([], {})


async def test_a_schedule_without_a_next_date_posts_nothing(world: World) -> None:
    schedule = await world.schedule(None)
    assert await world.turn(schedule, NINE) is None
    assert await world.dates(schedule) == []


async def test_after_the_last_date_there_is_no_next(world: World) -> None:
    schedule = await world.schedule(holidays=f"{DAY + ONE}..{date.max}")
    assert await world.turn(schedule, NINE) is None
    assert (await world.read(schedule)).next_day is None
    assert [one.state for one in await world.dates(schedule)] == [POSTING]


@pytest.mark.parametrize("plan", [{"topics": ("OP",)}, {"levels": ("hard",)}])
async def test_a_date_without_a_question_that_fits_is_skipped_with_the_reason(
    world: World, plan: dict[str, Any]
) -> None:
    schedule = await world.schedule(**plan)
    assert await world.turn(schedule, NINE) == NINE + ONE
    assert [(one.state, one.note) for one in await world.dates(schedule)] == [
        (SKIPPED, "No question fits this schedule.")
    ]
    assert await world.errands() == {}


async def test_what_is_open_elsewhere_out_or_marked_by_hand_is_no_question_of_the_day(world: World) -> None:
    world.bank = items.bank_of(*TRUTHS[:3], items.text(id="cn-text"))
    await rows.ask(world.storage, await rows.schedule(world.storage), question=TRUTHS[0].id)
    known = Known({}, {HOME.key: {TRUTHS[1].id}, "test:away": {TRUTHS[2].id}})
    schedule = await world.schedule()
    for now in (NINE, NINE + ONE):
        await world.turn(schedule, now, known)
    made = await world.dates(schedule)
    assert [(one.state, one.question) for one in made] == [(POSTING, TRUTHS[2].id), (SKIPPED, "")]


async def test_a_date_that_has_its_question_is_left_as_it_is(world: World) -> None:
    schedule = await world.schedule()
    number = await rows.ask(world.storage, schedule, question="cn-by-hand")
    assert await world.turn(schedule, NINE) == NINE + ONE
    assert [(one.id, one.question) for one in await world.dates(schedule)] == [(number, "cn-by-hand")]
    assert await world.errands() == {}
