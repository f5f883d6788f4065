"""Days in a row."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.practice.streak import Streak

TODAY = date(2027, 1, 1)
YESTERDAY = date(2026, 12, 31)
NONE = Streak(0, 0, None)


def test_the_first_answer_starts_one() -> None:
    assert NONE.after(TODAY) == Streak(1, 1, TODAY)


@pytest.mark.parametrize(
    ("before", "day", "after"),
    [
        ("the next day", Streak(3, 5, YESTERDAY), Streak(4, 5, TODAY)),
        ("a new best", Streak(5, 5, YESTERDAY), Streak(6, 6, TODAY)),
        ("the same day again", Streak(3, 5, TODAY), Streak(3, 5, TODAY)),
        ("a day left out", Streak(3, 5, date(2026, 12, 30)), Streak(1, 5, TODAY)),
        ("years left out", Streak(3, 3, date(2020, 2, 29)), Streak(1, 3, TODAY)),
        ("a flight westwards", Streak(3, 5, date(2027, 1, 2)), Streak(3, 5, date(2027, 1, 2))),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_answer_today_counts_its_day_once(before: str, day: Streak, after: Streak) -> None:
    assert day.after(TODAY) == after, before


@pytest.mark.parametrize(
    ("last_day", "days"),
    [
        (TODAY, 3),
        (YESTERDAY, 3),
        (date(2026, 12, 30), 0),
        (date(2027, 1, 2), 3),
    ],
)
def test_yesterdays_streak_still_stands_and_an_older_one_is_over(last_day: date, days: int) -> None:
    assert Streak(3, 5, last_day).now(TODAY) == days


def test_nobody_starts_with_a_streak() -> None:
    assert NONE.now(TODAY) == 0


@given(gaps=st.lists(st.integers(-1, 3), max_size=30))
@settings(deadline=None, max_examples=50)
def test_the_best_is_the_longest_run_of_days(gaps: list[int]) -> None:
    streak, day, answered = NONE, TODAY, set[date]()
    for gap in gaps:
        day += timedelta(days=gap)
        if streak.last_day is None or day > streak.last_day:
            answered.add(day)
        streak = streak.after(day)
    runs = [sum(1 for _ in _run(answered, start)) for start in answered]
    assert streak.best == max(runs, default=0)
    assert streak.days <= streak.best


def _run(days: set[date], start: date) -> list[date]:
    run = [start]
    while run[-1] + timedelta(days=1) in days:
        run.append(run[-1] + timedelta(days=1))
    return run
