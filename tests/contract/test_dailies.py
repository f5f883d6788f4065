"""A question of the day on every platform: set up by typing, answered in private, closed and told to all once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.dispatch import Dispatcher
from bot.refs import ChannelRef
from tests.contract.harness import Harness, Seen
from tests.contract.living import Living
from tests.support import items

Fresh = Callable[[], Dispatcher[Any]]

SETUP = "/daily setup time:09:00 zone:UTC days:daily topics:cnn"
POSTED = datetime(2026, 11, 24, 9, tzinfo=UTC)
CLOSED = POSTED + timedelta(days=1)
TITLE = "Question of the day · Convolutional networks · medium"
ANSWER = "The answer · Convolutional networks · 24 November 2026"


async def shown(harness: Harness, who: str, title: str) -> list[Seen]:
    """Return the messages of a title that a person sees."""
    return [message for message in await harness.see(who) if message.title == title]


async def begin(harness: Harness, living: Living, setup: str = SETUP) -> Seen:
    """Let a moderator set it up, and return the post as Ada sees it."""
    await harness.type("grace", setup)
    await living.until(POSTED, harness)
    [post] = await shown(harness, "ada", TITLE)
    return post


async def test_only_moderators_set_it_up(harness: Harness, living: Living) -> None:
    await harness.type("ada", SETUP)
    await living.until(POSTED, harness)
    assert await harness.see("alan") == []


async def test_the_post_is_there_for_everybody_with_its_controls(harness: Harness, living: Living) -> None:
    post = await begin(harness, living)
    assert [control.label for control in post.controls] == ["A", "B", "C", "D", "My answer"]
    assert not post.private
    assert items.one().stem in post.text
    assert await shown(harness, "alan", TITLE) == [post]
    await living.until(POSTED + timedelta(minutes=1), harness)
    assert len(await shown(harness, "alan", TITLE)) == 1


async def test_the_question_of_the_day_from_its_post_to_a_late_answer(
    harness: Harness, living: Living, fresh: Fresh
) -> None:
    post = await begin(harness, living)
    before = await harness.see("alan")
    await harness.press("ada", post, post.control("A").token)
    [sealed] = await shown(harness, "ada", "Sealed until it closes")
    assert sealed.private
    assert items.one().explanation not in str(await harness.see("ada"))
    assert await harness.see("alan") == before
    await harness.restart(fresh())
    await harness.press("alan", post, post.control("B").token)
    await living.until(POSTED + timedelta(minutes=1), harness)
    [counted] = await shown(harness, "grace", TITLE)
    assert (counted.id, "2: Ada, Alan" in counted.text) == (post.id, True)
    await living.until(CLOSED, harness)
    await living.until(CLOSED + timedelta(minutes=1), harness)
    [result] = await shown(harness, "ada", ANSWER)
    assert await shown(harness, "alan", ANSWER) == [result]
    assert items.one().explanation in result.text
    assert len(result.alts) == 1
    [closed] = [message for message in await shown(harness, "ada", TITLE) if message.id == post.id]
    assert "late answers keep a streak" in closed.text
    await harness.press("grace", closed, closed.control("A").token)
    late = (await harness.see("grace"))[-1]
    assert (late.private, items.one().explanation in late.text, "no points" in late.text) == (True, True, True)
    assert await shown(harness, "ada", late.title) == []


async def test_my_answer_and_a_change_of_it_are_private(harness: Harness, living: Living) -> None:
    post = await begin(harness, living)
    await harness.press("ada", post, post.control("My answer").token)
    asked = (await harness.see("ada"))[-1]
    assert (asked.private, asked.title) == (True, "Question of the day · 24 November 2026")
    for label in ("A", "B"):
        await harness.press("ada", asked, asked.control(label).token)
    changed = (await harness.see("ada"))[-1]
    assert (changed.private, "Your answer was changed." in changed.text) == (True, True)
    assert [message.title for message in await harness.see("alan")] == [TITLE]


async def test_a_number_is_answered_in_a_form(harness: Harness, living: Living) -> None:
    await harness.type("grace", SETUP.replace("topics:cnn", "topics:mlp"))
    await living.until(POSTED, harness)
    [post] = await harness.see("alan")
    await harness.press("alan", post, post.control("Answer").token)
    form = harness.form("alan")
    assert form is not None
    await harness.submit("alan", form, {"answer": "1960"})
    [sealed] = await shown(harness, "alan", "Sealed until it closes")
    assert (sealed.private, "You answered 1960." in sealed.text) == (True, True)
    assert "Sealed" not in str(await harness.see("ada"))


async def test_steps_are_put_in_order_in_private(harness: Harness, living: Living) -> None:
    await harness.type("grace", SETUP.replace("topics:cnn", "topics:optimisation"))
    await living.until(POSTED, harness)
    [post] = await harness.see("ada")
    await harness.press("ada", post, post.control("Put in order").token)
    for label in "ABCDE":
        placing = (await harness.see("ada"))[-1]
        await harness.press("ada", placing, placing.control(label).token)
    placing = (await harness.see("ada"))[-1]
    await harness.press("ada", placing, placing.control("Submit").token)
    sealed = (await harness.see("ada"))[-1]
    assert (sealed.private, "A → B → C → D → E" in sealed.text) == (True, True)
    assert await harness.see("alan") == [post]


async def test_several_options_are_sent_at_once(harness: Harness, living: Living) -> None:
    await harness.type("grace", SETUP.replace("topics:cnn", "topics:regularisation"))
    await living.until(POSTED, harness)
    [post] = await harness.see("ada")
    await harness.press("ada", post, post.control("Choose all that apply").token, ["A", "C"])
    [sealed] = await shown(harness, "ada", "Sealed until it closes")
    assert "You chose:" in sealed.text
    assert "Sealed" not in str(await harness.see("alan"))


async def test_somebody_is_reminded_alone_and_answers_from_there(harness: Harness, living: Living) -> None:
    await harness.type("ada", "/settings reminders:yes")
    await harness.type("ada", "/practice topic:mlp")
    asked = (await harness.see("ada"))[-1]
    await harness.press("ada", asked, asked.control("Answer").token)
    form = harness.form("ada")
    assert form is not None
    await harness.submit("ada", form, {"answer": "1960"})
    await begin(harness, living)
    await living.until(CLOSED - timedelta(hours=2), harness)
    [reminder] = [message for message in await harness.told("ada") if message.title == "Your streak is at stake"]
    assert [control.label for control in reminder.controls] == ["Show the question"]
    assert [one for one in await harness.told("alan") if one.title == reminder.title] == []


async def test_the_result_is_told_in_the_thread_where_there_is_one(harness: Harness, living: Living) -> None:
    post = await begin(harness, living, f"{SETUP} thread:yes")
    await living.until(CLOSED, harness)
    place = [message.title for message in await harness.see("alan")]
    async with living.storage.snapshot() as work:
        daily = await work.dailies.get(1)
    assert daily is not None
    assert daily.message is not None
    assert daily.message.id == post.id
    where, _, thread = daily.thread.partition(" ")
    there = ChannelRef(harness.channel.workspace, where, thread=thread)
    assert (ANSWER in place) == (there == harness.channel)  # a platform without threads tells it in the channel
    if there != harness.channel:
        assert [message.title for message in await harness.see("alan", there)].count(ANSWER) == 1
