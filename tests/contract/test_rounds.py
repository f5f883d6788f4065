"""A live round on every platform: joined, answered in private, closed, told to all, and looked back on alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.dispatch import Dispatcher
from tests.contract.harness import Harness, Seen
from tests.contract.living import Living
from tests.support import items

Fresh = Callable[[], Dispatcher[Any]]
EXPLANATION = items.one().explanation


async def later(harness: Harness, living: Living, seconds: float) -> None:
    """Let seconds go by, and do what is due after each few."""
    until = living.clock.at + timedelta(seconds=seconds)
    while living.clock.at < until:
        await living.until(min(until, living.clock.at + timedelta(seconds=2)), harness)


async def shown(harness: Harness, who: str, title: str) -> list[Seen]:
    """Return the messages whose title begins so, as a person sees them."""
    return [message for message in await harness.see(who) if message.title.startswith(title)]


async def begin(harness: Harness, living: Living, text: str = "topic:cnn questions:3 seconds:30") -> Seen:
    """Let Ada start a round that Alan joins too, and return its first question as he sees it."""
    await harness.type("ada", f"/quiz start {text}")
    await living.until(living.clock.at, harness)
    [lobby] = await shown(harness, "alan", "Live round")
    for who in ("ada", "alan"):
        await harness.press(who, lobby, lobby.control("Join").token)
    await harness.press("ada", lobby, lobby.control("Start now").token)
    await living.until(living.clock.at, harness)
    [post] = await shown(harness, "alan", "Question 1 of")
    return post


async def test_the_lobby_is_there_for_everybody_and_says_who_has_joined(harness: Harness, living: Living) -> None:
    await harness.type("ada", "/quiz start")
    [told] = await shown(harness, "ada", "The lobby opens in a moment")
    assert told.private
    await living.until(living.clock.at, harness)
    [lobby] = await shown(harness, "alan", "Live round")
    assert [control.label for control in lobby.controls] == ["Join", "Start now", "Stop"]
    await harness.press("alan", lobby, lobby.control("Join").token)
    await later(harness, living, 4)
    [joined] = await shown(harness, "grace", "Live round")
    assert (joined.id, "1: Alan" in joined.text) == (lobby.id, True)
    await harness.press("alan", lobby, lobby.control("Stop").token)
    [refused] = [one for one in await harness.see("alan") if "Only who started the round" in one.text]
    assert refused.private
    await harness.press("grace", lobby, lobby.control("Stop").token)
    await later(harness, living, 2)
    [stopped] = await shown(harness, "ada", "Live round")
    assert ("It was stopped before it began." in stopped.text, stopped.controls) == (True, ())


async def test_a_round_from_its_first_question_to_the_misses_with_restarts_inside(
    harness: Harness, living: Living, fresh: Fresh
) -> None:
    post = await begin(harness, living)
    right = next(
        line[0] for line in post.text.splitlines() if line.endswith("Max pooling, 2×2 with stride 2") and line[1] == "."
    )
    wrong = "A" if right != "A" else "B"
    assert [control.label for control in post.controls] == ["A", "B", "C", "D"]
    before = await harness.see("alan")
    await harness.press("ada", post, post.control(right).token)
    taken = (await harness.see("ada"))[-1]
    assert (taken.private, "Your answer is in." in taken.text) == (True, True)
    assert await harness.see("alan") == before
    assert EXPLANATION not in str(await harness.see("ada"))
    await harness.restart(fresh())
    await later(harness, living, 4)
    [seen] = await shown(harness, "grace", "Question 1 of")
    assert (seen.id, "1: Ada" in seen.text) == (post.id, True)
    await harness.press("alan", post, post.control(wrong).token)
    await later(harness, living, 2)
    [result] = await shown(harness, "grace", "The answer to question 1")
    assert (EXPLANATION in result.text, len(result.alts), result.private) == (True, 1, False)
    assert "Ada +15 (first)" in result.text
    [closed] = await shown(harness, "alan", "Question 1 of")
    assert (closed.id, closed.controls) == (post.id, ())
    await harness.press("grace", post, post.control("A").token)
    late = (await harness.see("grace"))[-1]
    assert (late.private, "your answer came too late" in late.text) == (True, True)
    await harness.restart(fresh())
    await later(harness, living, 20)
    [end] = await shown(harness, "alan", "The round is over")
    assert "1. Ada · 15 points" in end.text
    await harness.press("alan", end, end.control("My answers").token)
    mine = (await harness.see("alan"))[-1]
    assert (mine.private, mine.title) == (True, "Your round: 0 of 1 right, 0 points")
    await harness.press("alan", mine, mine.control("Practise my misses").token)
    asked = (await harness.see("alan"))[-1]
    assert (asked.private, items.one().stem in asked.text) == (True, True)


@pytest.mark.parametrize("topic", ["mlp", "regularisation"])
async def test_numbers_and_several_options_are_answered_in_their_own_way(
    harness: Harness, living: Living, topic: str
) -> None:
    post = await begin(harness, living, f"topic:{topic}")
    if topic == "mlp":
        await harness.press("alan", post, post.control("Answer").token)
        form = harness.form("alan")
        assert form is not None
        await harness.submit("alan", form, {"answer": "1960"})
    else:
        await harness.press("alan", post, post.control("Choose all that apply").token, ["A", "C"])
    taken = [one for one in await harness.see("alan") if "Your answer is in." in one.text]
    assert [one.private for one in taken] == [True]
    assert "Your answer is in." not in str(await harness.see("ada"))
    await later(harness, living, 33)
    [result] = await shown(harness, "ada", "The answer to question 1")
    assert "1" in result.text


async def test_who_stops_a_round_has_its_open_question_closed(harness: Harness, living: Living) -> None:
    post = await begin(harness, living)
    await harness.type("ada", "/quiz stop")
    await later(harness, living, 2)
    [closed] = await shown(harness, "alan", "Question 1 of")
    assert (closed.id, closed.controls, "Not counted" in closed.text) == (post.id, (), True)
    [end] = await shown(harness, "alan", "The round is over")
    assert end.controls == ()
    await harness.type("alan", "/quiz status")
    assert (await harness.see("alan"))[-1].title == "No round here"
