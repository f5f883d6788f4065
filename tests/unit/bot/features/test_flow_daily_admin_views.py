"""What moderators are shown of schedules fits, however much there is to say; and what completes as they type."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.daily.looks import Look, Preview
from bot.daily.schedules import MOST_QUEUED, PAGE, PAST
from bot.features.daily_admin import daily_admin_router
from bot.features.daily_admin_view import (
    card_message,
    confirm_message,
    history_message,
    list_message,
    place_of,
    preview_message,
    proposal_message,
    queue_message,
    zone_of,
)
from bot.message import TEXT, Action
from bot.practice.quality import Dossier
from bot.refs import ChannelRef, UserRef
from bot.scheduling import Daily, DailyState, Plan, Schedule, ScheduleState
from bot.zones import KNOWN, PLACES
from questions.bank import load_bank
from questions.model import FreeText
from questions.statistics import analyse
from tests.support.world import HOME, MONDAY, STUDY

BANK = load_bank()
NUMBER = 10**18 - 1
LONGEST_NAMES = sorted((topic.code for topic in BANK.taxonomy.topics), key=lambda code: -len(
    BANK.taxonomy.by_code[code].name))  # fmt: skip
SPANS = " ".join(f"{date(2027, 1, 1) + timedelta(days=7 * n)}..{date(2027, 1, 3) + timedelta(days=7 * n)}"
                 for n in range(60))  # fmt: skip
PLAN = Plan(
    at=time(9),
    zone=max(PLACES, key=len),
    weekdays="024",
    topics=tuple(LONGEST_NAMES[:-1]),
    levels=("easy", "medium"),
    closes=168,
    thread=True,
    notify="S" * 40,
    holidays=SPANS,
    start=date(2100, 12, 31),
    catch_up=1379,
)
OPTIONS = {option.name: option for option in daily_admin_router(BANK).commands["daily setup"].options}


def look(*, state: ScheduleState = ScheduleState.PAUSED, plan: Plan = PLAN) -> Look:
    channel = ChannelRef(HOME, "C" * 40)
    day = date(2100, 12, 31) if state is ScheduleState.ACTIVE else None
    schedule = Schedule(NUMBER, channel, state, plan, day, "**x** " * 50, UserRef("test", "home", "grace"))
    due_at = datetime(2100, 12, 31, 9, tzinfo=UTC) if day else None
    return Look(schedule, due_at, 0, 1000, tuple("ml-" + f"{n:02}".rjust(37, "x") for n in range(MOST_QUEUED)))


@pytest.mark.parametrize("state", [ScheduleState.PAUSED, ScheduleState.ACTIVE])
def test_the_longest_schedule_fits_on_its_card_and_in_the_list(state: ScheduleState) -> None:
    shown = look(state=state)
    card = card_message(shown, BANK.taxonomy, STUDY, "**Saved.**")
    assert "55 more" in next(field.value for field in card.fields if field.name == "Holidays")
    listed = list_message([shown] * 1, 50, 3, BANK.taxonomy, STUDY)
    assert len(listed.text) * PAGE + 2 * PAGE < TEXT
    assert confirm_message(shown.schedule, BANK.taxonomy).rows
    assert proposal_message(PLAN, BANK.taxonomy).rows


def test_the_longest_queue_and_history_fit() -> None:
    assert len(queue_message(look(), "**Queued.**").rows) == 5
    daily = Daily(
        1, NUMBER, date(2026, 11, 23), STUDY, DailyState.SKIPPED, "", "", 0, (), MONDAY, MONDAY,
        changeable=True, late=True, answered=10**6, message=None, thread="", note="n" * 200,
    )  # fmt: skip
    assert history_message(look().schedule, [daily] * PAST).text.count("n" * 200) == PAST


def test_a_preview_has_room_for_every_question() -> None:
    shown = look(state=ScheduleState.ACTIVE)
    for question in BANK.questions:
        if not isinstance(question, FreeText):
            dossier = Dossier(question, question.revision, {}, analyse(question, {}), (), None)
            preview = Preview(shown, date(2100, 12, 31), shown.due_at, question, queued=True)
            assert "**The pool runs low.**" in preview_message(preview, dossier).text


def test_every_zone_travels_in_an_action() -> None:
    for zone in KNOWN:
        decoded = Action.decode(Action("schedule-begin-form", (place_of(zone),)).encode())
        assert decoded is not None
        assert zone_of(*decoded.args) == zone


def completions(name: str, typed: str) -> list[str]:
    suggest = OPTIONS[name].suggest
    assert suggest is not None
    return [choice.value for choice in suggest(typed)]


@pytest.mark.parametrize(
    ("name", "typed", "found"),
    [
        ("zone", "berlin", ["Europe/Berlin"]),
        ("topics", "convolutional", ["CN"]),
        ("topics", "mlp, convolutional", ["mlp, CN"]),
        ("topics", "x" * 100 + ", cnn", []),
        ("levels", "easy", ["easy", "easy, medium"]),
        ("closes", "", ["24", "next", "6", "12", "48"]),
        ("days", "W", ["weekdays", "mon, wed, fri"]),
        ("catch_up", "3", ["3h", "30m"]),
    ],
)
def test_what_is_typed_is_completed(name: str, typed: str, found: list[str]) -> None:
    assert completions(name, typed) == found
    for value in found:
        assert OPTIONS[name].takes(value)


def test_channels_and_groups_are_asked_for_as_mentions() -> None:
    assert {name for name, option in OPTIONS.items() if option.mention} == {"channel", "notify"}
