"""Whatever people can type, every database takes it."""

from __future__ import annotations

import random

import pytest

from bot.ports import Storage
from bot.practice.calendar import Calendar
from bot.practice.service import Practice, Revealed, Rules
from questions.bank import Filter
from tests.support import items, rows
from tests.support.world import HOME, UTC_ZONE, StillClock, someone

TYPED = {
    "lines": "First\nsecond\n\tthird",
    "quotes": 'It\'s "so"; DROP TABLE people; -- \\ %s :x {y}',
    "every plane": "Ω 日本語 \U0001f989 \u200f\u05e9",
}


@pytest.fixture
def practice(storage: Storage) -> Practice:
    rules = Rules(Calendar(UTC_ZONE), 100)
    return Practice(storage, items.bank_of(items.text()), StillClock(), random.Random(7), rules)


@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED)
async def test_an_answer_of_any_signs_is_taken(storage: Storage, practice: Practice, typed: str) -> None:
    shown = await practice.serve(someone(), HOME, Filter())
    answered = await practice.answer(someone(), shown.serving, typed)
    kept = await rows.serving(storage, shown.serving)
    assert kept is not None
    assert answered == Revealed(shown, kept.response)
    assert kept.response == typed


@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED)
async def test_a_report_of_any_signs_is_taken(practice: Practice, typed: str) -> None:
    shown = await practice.serve(someone(), HOME, Filter())
    assert await practice.quality.report(someone(), shown.serving, "wrong", typed)
