"""What moderators do with single dates: post now, skip, look ahead and back, and say which question is next."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from adapters.storage.work import SqlStorage
from bot.message import Message, Tone
from bot.scheduling import DailyState
from questions.generate import FAMILIES
from tests.support.items import many, number, one, order, text, truth
from tests.support.responder import Failed, Responded
from tests.support.room import refusal_of, token_of
from tests.support.schedule_room import GRACE, ScheduleRoom
from tests.support.world import StillClock

FAMILY = FAMILIES["cn-conv-output-size"]
TODAY, TUESDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)
LOW = "**The pool runs low.** When they are used up, questions come again, those posted longest ago first."


def room_of(storage: SqlStorage) -> ScheduleRoom:
    return ScheduleRoom(storage, one(), truth(), number(), many(), order(), text())


async def set_up(room: ScheduleRoom, text: str = "time:13 zone:UTC") -> Message:
    return await room.command(GRACE, "daily setup", text)


async def test_posting_now_takes_the_place_of_the_post_of_today(storage: SqlStorage) -> None:
    room = room_of(storage)
    card = await set_up(room)
    assert (await room.schedule()).next_day == TODAY
    card = await room.press(GRACE, token_of(card, "Post now"))
    assert card.text.startswith("**Today's question is on its way.**")
    posted = await room.daily(TODAY)
    assert posted is not None
    assert (posted.state, posted.due_at, posted.late) == (DailyState.POSTING, room.clock.now(), False)
    assert (await room.schedule()).next_day == TUESDAY
    room.clock.pass_time(minutes=90)
    told = refusal_of(await room.typed(GRACE, "daily now"))
    assert told.startswith("That date has its question already, due [2026-11-23 12:00 UTC](time:1795435200).")


async def test_posting_now_works_off_schedule_and_while_paused(storage: SqlStorage) -> None:
    room = room_of(storage)
    await set_up(room, "days:fri")
    await room.command(GRACE, "daily now")
    assert (await room.schedule()).next_day == date(2026, 11, 27)
    room.clock.pass_time(days=1)
    await room.command(GRACE, "daily pause")
    await room.command(GRACE, "daily now")
    assert await room.daily(TUESDAY) is not None
    assert (await room.schedule()).next_day is None


async def test_today_is_the_date_in_the_schedules_zone(storage: SqlStorage) -> None:
    room = room_of(storage)
    await set_up(room, "zone:Pacific/Auckland")
    await room.command(GRACE, "daily now")
    assert await room.daily(TODAY) is None
    assert await room.daily(TUESDAY) is not None


async def test_posting_now_names_what_is_in_the_way(storage: SqlStorage) -> None:
    room = room_of(storage)
    await set_up(room)
    room.wall.words = "I cannot see that channel. Invite me."
    assert refusal_of(await room.typed(GRACE, "daily now")).startswith(room.wall.words)
    assert await room.daily(TODAY) is None


async def test_a_post_that_is_due_is_left_to_its_errand(storage: SqlStorage) -> None:
    room = room_of(storage)
    await set_up(room)
    room.clock.pass_time(hours=1, seconds=1)
    await room.command(GRACE, "daily now")
    assert (await room.schedule()).next_day == TODAY
    assert await room.daily(TODAY) is not None
    told = refusal_of(await room.typed(GRACE, "daily skip"))
    assert told.startswith("That date has its question already, due [2026-11-23 13:00 UTC]")


async def test_skipping_leaves_out_the_next_date_and_says_who_did(storage: SqlStorage) -> None:
    room = room_of(storage)
    card = await set_up(room)
    skipped = await room.press(GRACE, token_of(card, "Skip next"))
    assert skipped.text.startswith("**Left out.**")
    assert (await room.schedule()).next_day == TUESDAY
    told = refusal_of(await room.pressed(GRACE, token_of(card, "Skip next")))
    assert told == "2026-11-23 is not the next date any more. `/daily preview` shows which one is."
    await room.command(GRACE, "daily skip")
    assert (await room.schedule()).next_day == WEDNESDAY
    history = await room.command(GRACE, "daily history")
    assert history.text.splitlines() == [
        "**Tue 2026-11-24** · left out: skipped by Grace",
        "**Mon 2026-11-23** · left out: skipped by Grace",
    ]
    told = refusal_of(await room.typed(GRACE, "daily now"))
    assert told.startswith("2026-11-23 was left out: skipped by Grace. ")


@pytest.mark.parametrize("label", ["Post now", "Skip next"])
async def test_of_several_presses_at_once_one_counts(storage: SqlStorage, label: str) -> None:
    room = room_of(storage)
    card = await set_up(room)
    token = token_of(card, label)
    replies = await asyncio.gather(*(room.pressed(GRACE, token) for _ in range(5)))
    assert sum(isinstance(reply, Responded) for reply in replies) == 1
    assert sum(isinstance(reply, Failed) for reply in replies) == 4
    assert (await room.schedule()).next_day == TUESDAY
    assert len((await room.command(GRACE, "daily history")).text.splitlines()) == 1


async def test_a_name_in_the_history_is_text(storage: SqlStorage) -> None:
    room = room_of(storage)
    await set_up(room)
    who = GRACE.__class__(GRACE.user, "**[x](https://example.com)** " * 20, GRACE.role)
    await room.command(who, "daily skip")
    line = (await room.command(GRACE, "daily history")).text
    assert line.startswith("**Mon 2026-11-23** · left out: skipped by \\*\\*\\[x\\]\\(https")
    assert len(line) < 200


async def test_a_skip_keeps_a_pause_and_needs_a_next_date(storage: SqlStorage) -> None:
    room = room_of(storage)
    await set_up(room)
    await room.command(GRACE, "daily pause", "2026-12-24")
    await room.command(GRACE, "daily skip")
    assert (await room.schedule()).next_day == date(2026, 12, 25)
    await room.command(GRACE, "daily pause")
    told = refusal_of(await room.typed(GRACE, "daily skip"))
    assert told == "That schedule has no next post. `/daily resume` lets it go on."


async def test_a_preview_shows_the_next_question_with_its_key(storage: SqlStorage) -> None:
    room = ScheduleRoom(storage, truth())
    await set_up(room)
    coming = await room.command(GRACE, "daily preview")
    assert coming.title == "Next in schedule 1: ml-truth"
    head, *rest = coming.text.split("\n\n")
    assert head == (
        f"**Mon 2026-11-23** · [2026-11-23 13:00 UTC](time:1795438800). 1 of 1 were never posted in the channel. {LOW}"
    )
    assert "**The right answer is False.**" in rest
    await room.command(GRACE, "daily now")
    posted = await room.daily(TODAY)
    assert posted is not None
    assert posted.question == "ml-truth"
    told = refusal_of(await room.typed(GRACE, "daily preview"))
    assert told == "No question fits that. Give it more topics or levels."
    card = await room.command(GRACE, "daily edit")
    assert next(field.value for field in card.fields if field.name == "Questions") == "**No question fits.**"


@pytest.mark.parametrize("count", [6, 7, 8])
async def test_a_pool_runs_low_with_fewer_than_seven_unused(storage: SqlStorage, count: int) -> None:
    room = ScheduleRoom(storage, *(one(id=f"ml-{place}") for place in range(count)))
    await set_up(room)
    coming = await room.command(GRACE, "daily preview")
    assert (LOW in coming.text) is (count < 7)
    assert f"{count} of {count} were never posted" in coming.text


async def test_the_preview_is_what_is_posted_also_of_a_family(storage: SqlStorage) -> None:
    room = ScheduleRoom(storage, families=[FAMILY], clock=StillClock())
    await set_up(room)
    coming = await room.command(GRACE, "daily preview")
    await room.command(GRACE, "daily now")
    posted = await room.daily(TODAY)
    assert posted is not None
    drawn = room.bank.find(posted.question, posted.seed)
    assert drawn is not None
    assert drawn.stem in coming.text


async def test_after_the_last_date_none_is_to_come(storage: SqlStorage) -> None:
    room = room_of(storage)
    await set_up(room, "time:13 zone:UTC holidays:2026-11-24..2031-01-01")
    card = await room.command(GRACE, "daily skip")
    assert next(field.value for field in card.fields if field.name == "Next post").startswith("**None is to come.**")
    with pytest.raises(AssertionError):
        token_of(card, "Skip next")
    for command in ("daily preview", "daily edit"):
        told = refusal_of(await room.typed(GRACE, command, "closes:6" if command == "daily edit" else ""))
        assert told == "No date is left for a post. Look at the days, the start and the holidays."
    card = await room.command(GRACE, "daily edit", "holidays:none")
    assert (await room.schedule()).next_day == TUESDAY


async def test_a_preview_of_a_paused_schedule_says_so(storage: SqlStorage) -> None:
    room = room_of(storage)
    await set_up(room)
    await room.command(GRACE, "daily pause")
    coming = await room.command(GRACE, "daily preview")
    assert coming.text.startswith("**Mon 2026-11-23** · paused. ")
    await room.command(GRACE, "daily now")
    coming = await room.command(GRACE, "daily preview")
    assert coming.text.startswith("**Tue 2026-11-24** · paused. ")
    told = refusal_of(await room.pressed(GRACE, token_of(coming, "Skip this date")))
    assert told.startswith("That schedule has no next post.")


async def test_a_question_can_be_put_first(storage: SqlStorage) -> None:
    room = room_of(storage)
    await set_up(room, "time:13 zone:UTC topics:mlp")
    queue = await room.command(GRACE, "daily queue", "ml-order")
    assert (queue.tone, queue.text) == (Tone.GOOD, "**Queued.**\n\n**1.** `ml-order`")
    form = await room.form(GRACE, token_of(queue, "Queue another"))
    queue = await room.send(GRACE, form.action.encode(), id=" `ml-truth` ")
    assert queue.text.splitlines()[-2:] == ["**1.** `ml-order`", "**2.** `ml-truth`"]
    coming = await room.press(GRACE, token_of(queue, "Preview"))
    assert coming.title == "Next in schedule 1: ml-order"
    assert "A moderator queued it." in coming.text
    queue = await room.press(GRACE, token_of(queue, "Take out ml-order"))
    assert queue.text == "**Taken out.**\n\n**1.** `ml-truth`"
    await room.command(GRACE, "daily now")
    posted = await room.daily(TODAY)
    assert posted is not None
    assert posted.question == "ml-truth"
    assert (await room.command(GRACE, "daily queue")).text == "No question waits; chance decides."
    card = await room.press(GRACE, token_of(queue, "The schedule"))
    assert card.title == "Question of the day, schedule 1"


async def test_a_question_outside_of_the_topics_may_be_put_first(storage: SqlStorage) -> None:
    room = ScheduleRoom(storage, one(), one(id="cn-one"))
    await set_up(room, "topics:mlp")
    await room.command(GRACE, "daily queue", "cn-one")
    await room.command(GRACE, "daily now")
    posted = await room.daily(TODAY)
    assert posted is not None
    assert posted.question == "cn-one"


async def test_what_cannot_be_put_first_is_refused(storage: SqlStorage) -> None:
    room = room_of(storage)
    await set_up(room)
    graded = refusal_of(await room.typed(GRACE, "daily queue", "ml-text"))
    assert graded == "People mark answers to that one themselves, so nobody can grade it for all. Take another."
    await room.command(GRACE, "daily queue", "ml-one")
    assert refusal_of(await room.typed(GRACE, "daily queue", "ml-one")) == (
        "That question waits already. `/daily queue` shows which ones do."
    )
    await room.command(GRACE, "daily now")
    assert refusal_of(await room.typed(GRACE, "daily queue", "ml-one")) == (
        "That question is open here at the moment. Take another, or wait until it closes."
    )
    shown = await room.command(GRACE, "question show", "ml-truth")
    await room.press(GRACE, token_of(shown, "Take it out"))
    assert refusal_of(await room.typed(GRACE, "daily queue", "ml-truth")) == (
        "That question is not drawn here. Type `/question show ml-truth` and decide on it first."
    )
    for name in ("", "ml-nothing", "🎉", "x" * 60, "**x**"):
        told = refusal_of(await room.sent(GRACE, "schedule-queued.1:1", {"id": name}))
        assert told.startswith("There is no question")
        assert "**x**" not in told


async def test_twenty_may_wait(storage: SqlStorage) -> None:
    room = ScheduleRoom(storage, *(one(id=f"ml-{place}") for place in range(21)))
    await set_up(room)
    for place in range(20):
        queue = await room.command(GRACE, "daily queue", f"ml-{place}")
    assert [len(row) for row in queue.rows if isinstance(row, tuple)] == [5, 5, 5, 5, 3]
    told = refusal_of(await room.typed(GRACE, "daily queue", "ml-20"))
    assert told == "20 questions wait already. Take one out with `/daily queue` first."


async def test_history_goes_back_ten_dates(storage: SqlStorage) -> None:
    room = room_of(storage)
    card = await set_up(room, "time:9 days:daily zone:UTC")
    assert (await room.press(GRACE, token_of(card, "History"))).text == "Nothing was posted yet."
    for _ in range(12):
        await room.command(GRACE, "daily skip")
    await room.command(GRACE, "daily now")
    lines = (await room.command(GRACE, "daily history")).text.splitlines()
    assert len(lines) == 10
    assert lines[0] == "**Sat 2026-12-05** · left out: skipped by Grace"
    assert not any("2026-11-23" in line for line in lines)


async def test_history_says_what_became_of_a_question(storage: SqlStorage) -> None:
    room = ScheduleRoom(storage, truth())
    await set_up(room)
    await room.command(GRACE, "daily now")
    assert (await room.command(GRACE, "daily history")).text == (
        "**Mon 2026-11-23** · about to be posted · `ml-truth` · 0 answered"
    )
    async with storage.transaction() as work:
        await work.dailies.move(1, [DailyState.POSTING], DailyState.CLOSED, "The channel was gone.")
    assert (await room.command(GRACE, "daily history")).text == (
        "**Mon 2026-11-23** · closed · `ml-truth` · 0 answered · The channel was gone."
    )
