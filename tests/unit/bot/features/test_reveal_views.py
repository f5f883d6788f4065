"""Every question of the real bank once it has closed: the result fits with any number of answers, and explains."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.daily.closing import GradedAnswer, Outcome
from bot.daily.seasons import Final
from bot.drawing import Drawing
from bot.features.reveal_view import bars_of, reveal_message
from bot.features.season_view import final_message, season_name
from bot.ledger import Board, Standing, TeamBoard, TeamStanding
from bot.message import FIELD_VALUE, Message, Tone
from bot.pictures import MOST, spread_alt, spread_picture
from bot.practice.responses import grade
from bot.scheduling import DailyState
from questions.model import Numeric, OneBest, Ordered, Question, SelectAll, TrueFalse
from tests.support.items import many, number, order, truth
from tests.support.picture import PNG
from tests.support.views import (
    BANK,
    LONGEST_NAMES,
    asked,
    closed_daily_messages,
    each,
    given,
    tokens,
)
from tests.support.world import MONDAY

POSTED = (OneBest, TrueFalse, SelectAll, Numeric, Ordered)


def outcome(question: Question, count: int) -> Outcome:
    return Outcome(asked(question, DailyState.CLOSED), given(question, count))


def revealed(question: Question, count: int) -> Message:
    return reveal_message(outcome(question, count), BANK.taxonomy, PNG if count else None)


@each(*POSTED, long=True)
def test_everything_fits_that_is_said_after_the_close(question: Question) -> None:
    assert len(list(closed_daily_messages(question))) > 7


@each(*POSTED)
def test_the_result_has_the_key_and_why_and_the_source_however_many_answered(question: Question) -> None:
    for count in (0, 7):
        message = revealed(question, count)
        assert message.tone is Tone.GOOD
        assert f"**Why:** {question.explanation}" in message.text
        assert question.source.url in message.text
        match question:
            case OneBest() | SelectAll():
                key = [f".** {option.text}" for option in question.options if option.right]
            case Ordered():
                key = [f" — {step}" for step in question.steps]
            case TrueFalse():
                key = [f"**The right answer is {question.answer}.**"]
            case _:
                key = ["**The right answer is "]
        assert [part for part in key if part not in message.text] == []


@each(*POSTED)
def test_the_spread_can_be_drawn_and_said(question: Question) -> None:
    for count in (1, 7):
        bars = bars_of(outcome(question, count))
        assert 2 <= len(bars) <= MOST
        assert 0 < len(spread_alt(bars)) <= 1000
        assert any(bar.right for bar in bars)
        if not isinstance(question, SelectAll):
            assert sum(bar.count for bar in bars) == count


@each(SelectAll, Numeric)
def test_the_widest_spreads_are_drawn(question: Question) -> None:
    if question.id.endswith("a"):  # drawing takes a while, and a few letters tell as much as all
        assert spread_picture(bars_of(outcome(question, 7))).startswith(b"\x89PNG")


def test_each_answer_is_in_the_spread_of_numbers_and_strange_ones_are_harmless() -> None:
    typed = ["1960", "1", "2", "3", "4", "5", "6", "`7`", "\u202e8"]
    question = number()
    right, wrong = (grade(question, (), said) for said in ("1960", "1"))
    answers = tuple(
        GradedAnswer(replace(one.answer, response=said), replace(right if said == "1960" else wrong, response=said))
        for one, said in zip(given(question, len(typed)), typed, strict=True)
    )
    bars = bars_of(Outcome(asked(question), answers))
    assert [(bar.label, bar.count) for bar in bars] == [
        *(("right", 1), ("1", 1), ("2", 1), ("3", 1), ("4", 1)),
        ("others", 4),
    ]


def fields_of(message: Message) -> dict[str, str]:
    return {field.name: field.value for field in message.fields}


@pytest.mark.parametrize("name", LONGEST_NAMES)
def test_the_longest_names_never_fill_a_field(name: str) -> None:
    right = [one for one in given(truth(), 300) if one.right]
    answers = tuple(replace(one, answer=replace(one.answer, name=name)) for one in right)
    message = reveal_message(Outcome(asked(truth()), answers), BANK.taxonomy, PNG)
    assert max(len(field.value) for field in message.fields) <= FIELD_VALUE
    assert fields_of(message)["Right: 150 of 150 (100 %)"].endswith(" more")


def test_who_was_right_partly_right_and_has_a_streak() -> None:
    told = fields_of(revealed(many(), 7))
    assert list(told) == ["How it was answered", "Right: 3 of 7 (43 %)", "Partly right", "Streaks"]
    assert " (first)" in told["Right: 3 of 7 (43 %)"]
    assert " (first)" not in told["Partly right"]


def test_steps_are_told_in_their_order_and_the_spread_by_what_was_right() -> None:
    message = revealed(order(), 7)
    assert [line.split(" — ")[1] for line in message.text.split("\n\n")[0].splitlines()[1:]] == list(order().steps)
    assert [bar.label for bar in bars_of(outcome(order(), 7))] == ["Right", "Partly", "Wrong"]


def test_the_result_leads_on() -> None:
    assert [token.split(".")[0] for token in tokens(revealed(truth(), 1))] == ["daily-mine", "daily-report", "next"]


def test_shares_of_several_options_are_of_people() -> None:
    everybody = outcome(many(), 2)
    answers = tuple(one for one in everybody.answers if one.right) * 2
    told = fields_of(reveal_message(Outcome(asked(many()), answers), BANK.taxonomy, PNG))
    assert told["How it was answered"].count("2 (100 %)") == 2


@pytest.mark.parametrize(
    ("season", "name"),
    [("2026-11", "November 2026"), ("2026-Q1", "the first quarter of 2026"), ("2026", "2026")],
)
def test_seasons_have_names(season: str, name: str) -> None:
    assert season_name(season) == name


@pytest.mark.parametrize("final", [False, True])
async def test_standings_with_the_longest_names_fit(*, final: bool) -> None:
    names = [LONGEST_NAMES[place % 8] for place in range(10)]
    rows = tuple(Standing(at + 1, at, name, 10**9) for at, name in enumerate(names))
    teams = tuple(TeamStanding(at + 1, at, name, "🦊", 10**9, 9, 10**9) for at, name in enumerate(names))
    standing = Final("2026-11", Board(rows, None, 300), TeamBoard(teams, None, 10), MONDAY, final)
    message = await final_message(standing, Drawing())
    assert message.title == f"{'Final standings' if final else 'Standings'} of November 2026"
    assert "and 290 more" in message.text
