"""Streaks kept on the way, against one fold over all days at the end."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.practice.streak import Streak, advance
from bot.scheduling import DailyState
from tests.support.databases import open_database
from tests.support.stay import DAY, ONE, Stay

WEEKS = 45
"""Days that go by: the base moves meanwhile."""
POSTED_AT, LATE_AT = 9, 13
DAYS = st.integers(0, WEEKS - 1)
POSTED = st.one_of(st.just(frozenset[int]()), st.frozensets(DAYS, min_size=5))
PRACTISED = st.frozensets(st.tuples(DAYS, st.sampled_from([1, 8, 12, 20])), min_size=10, max_size=60)
LATE = st.dictionaries(DAYS, st.integers(1, 8), max_size=8)


@settings(max_examples=10)
@given(POSTED, PRACTISED)
def test_what_is_kept_on_the_way_is_what_all_days_say_at_the_end(
    posted: frozenset[int], practised: frozenset[tuple[int, int]]
) -> None:
    kept, told = asyncio.run(_lived(posted, practised, {}))
    assert kept == told


@settings(max_examples=10)
@given(POSTED, PRACTISED, LATE)
def test_late_answers_leave_no_less_than_all_days_say(
    posted: frozenset[int], practised: frozenset[tuple[int, int]], late: dict[int, int]
) -> None:
    kept, told = asyncio.run(_lived(posted, practised, late))
    assert kept[0] >= told[0]


async def _lived(
    posted: frozenset[int], practised: frozenset[tuple[int, int]], late: dict[int, int]
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return days and freezes as they are shown at the end, and as one fold over all days says.

    A question is posted at nine and closed a day later; ``late`` says how many days after its date it is answered.
    """
    counted = {day for day, _ in practised} | {day for day in late if day in posted and day + late[day] < WEEKS}
    with tempfile.TemporaryDirectory() as folder:
        async with open_database("sqlite", Path(folder)) as storage, storage.transaction() as work:
            ada = Stay(storage)
            ada.work = work
            if posted:
                await ada.post(-30)
            for hour in range(WEEKS * 24):
                day, at = divmod(hour, 24)
                ada.clock.at = datetime.combine(DAY, time(), UTC) + timedelta(hours=hour)
                if at == POSTED_AT:
                    await ada.post(*({day} & posted), state=DailyState.OPEN)
                    await ada.post(*({day - 1} & posted))
                if (day, at) in practised:
                    await ada.answer()
                if at == LATE_AT:
                    for which in [which for which, after in late.items() if which + after == day and which in posted]:
                        await ada.answer(which)
            shown = await ada.shown()
    last = DAY + (WEEKS - 1) * ONE
    owed = {_day(day) for day in posted or range(WEEKS)} - {last}
    told = advance(Streak(0, 0, 0, DAY - ONE), {_day(day) for day in counted}, frozenset(), owed, last)
    return (shown[0], shown[2]), (told.days, told.freezes)


def _day(number: int) -> date:
    return DAY + number * ONE
