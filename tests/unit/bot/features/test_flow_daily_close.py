"""The question of the day once it has closed: what all are told, what late answers are worth, and when it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.storage.work import SqlStorage
from bot.message import Field, Message, Tone
from tests.support.daily_room import CLOSED, GRACE, POSTED, DailyRoom
from tests.support.items import many, number, one, truth
from tests.support.room import ADA, BOB, refusal_of, token_of
from tests.support.rows import differences, enter, hide
from tests.support.world import someone

EVE = someone("Eve")
WEEK = timedelta(days=7)
RETIRED = CLOSED + WEEK
ONCE = "time:09:00 zone:UTC days:tue"
"""One question in the week, which closes on Wednesday."""


def fields_of(message: Message) -> dict[str, str]:
    return {field.name: field.value for field in message.fields}


async def press_all(room: DailyRoom, post: Message, **said: str) -> None:
    """Let people answer, a minute apart."""
    for name, label in said.items():
        await room.press(someone(name.capitalize()), token_of(post, label))
        room.clock.pass_time(minutes=1)


async def test_the_result_tells_the_answer_why_the_spread_and_who_was_right(storage: SqlStorage) -> None:
    question = truth(follow_up="And with two layers?")
    room = DailyRoom(storage, question)
    await press_all(room, await room.begin(), ada="True", bob="False", eve="False")
    result = await room.close()
    assert (result.title, result.tone) == (
        "The answer · Neurons, MLPs and backpropagation · 24 November 2026",
        Tone.GOOD,
    )
    for part in ("**The right answer is False.**", question.why, question.explanation, question.source.url):
        assert part in result.text
    assert "And with two layers?" in result.text
    told = fields_of(result)
    assert told["Right: 2 of 3 (67 %)"] == "Bob +15 (first), Eve +15"
    assert "1 (33 %)" in told["How it was answered"]
    assert "Streaks" not in told
    assert result.images[0].alt == "3 answers: True 1 (33 %), False 2 (67 %, right)."
    assert "Late answers keep a streak for a week" in result.footer
    closed = room.post.message
    assert [field.name for field in closed.fields] == ["Closed", "Answered"]
    assert closed.fields[0].value.endswith("late answers keep a streak for a week, without points")
    assert await differences(storage) == []


async def test_partly_right_and_wrong_numbers_are_told_apart(storage: SqlStorage) -> None:
    room = DailyRoom(storage, many())
    post = await room.begin()
    await room.choose(ADA, post, "Dropout")
    await room.choose(BOB, post, "Dropout", "Weight decay")
    assert fields_of(await room.close())["Partly right"] == "Ada +7"
    other = DailyRoom(storage, number(id="ml-n"), clock=room.clock)
    other.at(replace(other.channel, id="number"))
    await other.set_up("time:09:00 zone:UTC days:thu")
    await other.live_until(POSTED + timedelta(days=2), timedelta(hours=6))
    for who, typed in ((ADA, "1920"), (BOB, "1920"), (EVE, "1960")):
        await other.type_answer(who, other.post.message, typed)
    await other.live_until(CLOSED + timedelta(days=2), timedelta(hours=6))
    assert fields_of(other.board.results[-1].message)["How it was answered"].splitlines()[1].endswith("2 (67 %)")


async def test_hidden_people_are_counted_and_earn_but_are_not_named(storage: SqlStorage) -> None:
    room = DailyRoom(storage, truth())
    post = await room.begin()
    await hide(storage, await enter(storage, "Bob"))
    await press_all(room, post, bob="False", ada="False")
    told = fields_of(await room.close())
    assert told["Right: 2 of 2 (100 %)"] == "Ada +15 and 1 more"
    assert [(one.name, one.points) for one in await room.answers()] == [("Bob", 15), ("Ada", 15)]


async def test_a_result_on_which_all_hide_names_nobody(storage: SqlStorage) -> None:
    room = DailyRoom(storage, truth())
    post = await room.begin()
    await hide(storage, await enter(storage, "Bob"))
    await press_all(room, post, bob="False")
    assert fields_of(await room.close())["Right: 1 of 1 (100 %)"] == "1 person who is not named."


async def test_nobody_answered(storage: SqlStorage) -> None:
    room = DailyRoom(storage, truth())
    await room.begin()
    result = await room.close()
    assert result.fields == (Field("Answers", "Nobody answered in time."),)
    assert result.images == ()
    assert truth().explanation in result.text


async def test_streaks_worth_naming_are_named(storage: SqlStorage) -> None:
    room = DailyRoom(storage, *(truth(id=f"ml-t{place}") for place in range(4)))
    await room.begin()
    for day in range(3):
        await room.live_until(POSTED + timedelta(days=day), timedelta(hours=12))
        await press_all(room, room.post.message, ada="True")
    await room.live_until(POSTED + timedelta(days=3), timedelta(hours=12))
    assert fields_of(room.board.results[-1].message)["Streaks"] == "Ada 3 days"


async def test_the_result_is_told_in_the_thread_where_there_is_one(storage: SqlStorage) -> None:
    room = DailyRoom(storage, truth())
    await room.begin("time:09:00 zone:UTC days:daily thread:yes")
    await room.close()
    [result] = room.board.results
    assert (result.channel.id, result.channel.thread) == (room.channel.id, "0")


async def test_a_late_answer_is_explained_keeps_the_streak_and_earns_nothing(storage: SqlStorage) -> None:
    room = DailyRoom(storage, truth(), number())
    await room.earn(ADA)
    await room.command(GRACE, "practice")
    await room.set_up(ONCE)
    await room.command(GRACE, "daily queue", "id:ml-truth")
    room.clock.at = POSTED
    await room.work()
    post, result = room.post.message, await room.close()
    room.clock.at = RETIRED - timedelta(minutes=1)
    assert "No streak at the moment" in (await room.command(ADA, "progress")).text
    told = await room.press(ADA, token_of(post, "False"))
    assert told.text.startswith("*It closed [2026-11-25 09:00 UTC](time:1795597200): no points, but the day counts")
    assert truth().explanation in told.text
    assert told.footer.startswith("No points: it came after the close · streak: 2 days")
    again = await room.press(ADA, token_of(post, "True"))
    assert again.text == told.text
    assert (await room.press(ADA, token_of(result, "My answer"))).text == told.text
    assert [notice.edits for notice in room.board.posts] == [1]
    assert await room.answers() == []
    assert "ml-truth" not in (await room.command(ADA, "progress", "points")).text


async def test_a_streak_that_is_over_all_the_same_is_not_said_to_be_kept(storage: SqlStorage) -> None:
    room = DailyRoom(storage, *(truth(id=f"ml-t{place}") for place in range(5)))
    post = await room.begin()
    await room.live_until(RETIRED - timedelta(minutes=1), timedelta(hours=12))
    told = await room.press(ADA, token_of(post, "False"))
    assert told.text.startswith("*It closed [2026-11-25 09:00 UTC](time:1795597200): no points.*")
    assert "streak" not in told.footer


async def test_a_newcomers_late_answer_begins_a_streak_where_no_other_day_was_asked(storage: SqlStorage) -> None:
    room = DailyRoom(storage, truth())
    post = await room.begin(ONCE)
    await room.close()
    room.clock.at = CLOSED + timedelta(days=3)
    assert "streak: 1 day" in (await room.press(ADA, token_of(post, "False"))).footer
    assert (await room.command(ADA, "progress")).text.startswith("Streak: **1 day**")


async def test_whoever_answered_in_time_is_shown_that_when_they_press_again_after_the_close(
    storage: SqlStorage,
) -> None:
    room = DailyRoom(storage, truth())
    post = await room.begin()
    await room.press(ADA, token_of(post, "False"))
    await room.press(BOB, token_of(post, "True"))
    await room.close()
    told = await room.press(ADA, token_of(post, "True"))
    assert (told.title, told.footer) == ("Right · +15 points", "+15 points: right · `ml-truth`")
    told = await room.press(BOB, token_of(post, "False"))
    assert (told.title, told.footer) == (
        "Not right",
        "No points: a wrong answer costs nothing and earns nothing · `ml-truth`",
    )


async def test_after_a_week_nothing_is_taken_and_the_controls_are_gone(storage: SqlStorage) -> None:
    room = DailyRoom(storage, truth())
    post = await room.begin(ONCE)
    await room.press(ADA, token_of(post, "False"))
    result = await room.close()
    await room.live_until(RETIRED, timedelta(hours=12))
    first = room.board.posts[0].message
    assert (first.rows, first.fields[0]) == ((), Field("Closed", "[2026-11-25 09:00 UTC](time:1795597200)"))
    said = refusal_of(await room.pressed(BOB, token_of(post, "False")))
    assert said == (
        "This question closed [2026-11-25 09:00 UTC](time:1795597200); late answers are taken for a week. "
        "Wait for the next, or type `/practice`."
    )
    assert refusal_of(await room.pressed(BOB, token_of(post, "My answer"))) == said
    assert (await room.press(ADA, token_of(result, "My answer"))).title == "Right · +15 points"


@pytest.mark.parametrize(
    ("seconds", "title"),
    [(-1, "Sealed until it closes"), (0, "Right"), (1, "Right")],
)
async def test_at_the_very_instant_of_the_close_an_answer_is_late(
    storage: SqlStorage, seconds: int, title: str
) -> None:
    room = DailyRoom(storage, truth())
    post = await room.begin(ONCE)
    room.clock.at = CLOSED + timedelta(seconds=seconds)
    assert (await room.press(ADA, token_of(post, "False"))).title == title
    room.clock.at = CLOSED + timedelta(minutes=1)
    await room.work()
    assert len(await room.answers()) == (seconds < 0)


async def test_between_the_close_and_the_count_an_answer_is_said_to_be_counted(storage: SqlStorage) -> None:
    room = DailyRoom(storage, truth())
    post = await room.begin(ONCE)
    await room.press(ADA, token_of(post, "False"))
    room.clock.at = CLOSED + timedelta(seconds=1)
    for label in ("My answer", "True"):
        said = await room.press(ADA, token_of(post, label))
        assert said.text.endswith("and the answers are being counted. Look again in a minute.")
        assert said.rows == ()
    await room.work()
    assert (await room.press(ADA, token_of(post, "My answer"))).title == "Right · +15 points"


async def test_a_problem_is_reported_from_the_result_and_kept_once_for_each_person(storage: SqlStorage) -> None:
    room = DailyRoom(storage, truth())
    post = await room.begin()
    await room.press(ADA, token_of(post, "True"))
    result = await room.close()
    form = await room.form(ADA, token_of(result, "Report a problem"))
    said = await room.send(ADA, form.action.encode(), reason="key", note="It is true.")
    assert said.text.startswith("Thank you.")
    mine = await room.press(ADA, token_of(result, "My answer"))
    private = await room.form(ADA, token_of(mine, "Report a problem"))
    assert "already" in (await room.send(ADA, private.action.encode(), reason="other", note="")).text
    assert "already" in (await room.send(ADA, form.action.encode(), reason="wording", note="")).text
    assert (await room.send(BOB, form.action.encode(), reason="wording", note="")).text.startswith("Thank you.")
    assert "needs a reason" in refusal_of(await room.sent(BOB, form.action.encode(), {"reason": "x", "note": ""}))


async def test_the_posts_buttons_work_for_one_and_the_private_ones_for_a_late_reader(storage: SqlStorage) -> None:
    room = DailyRoom(storage, one())
    post = await room.begin(ONCE)
    await room.close()
    asked = await room.press(ADA, token_of(post, "My answer"))
    assert asked.fields[0].name == "Closed"
    told = await room.choose(ADA, asked, "Max pooling, 2×2 with stride 2")
    assert "no points, but the day counts" in told.text
