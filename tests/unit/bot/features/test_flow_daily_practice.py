"""The question of the day beside practice: held back while it is open, paid once, families, a bank that changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.storage.work import SqlStorage
from bot.features.question_view import stem
from bot.message import Message
from bot.refs import ChannelRef, WorkspaceRef
from questions.generate import FAMILIES
from questions.model import Question
from tests.support.daily_room import CLOSED, GRACE, POSTED, DailyRoom
from tests.support.databases import KINDS, open_database
from tests.support.items import bank_of, one, text, truth
from tests.support.room import ADA, BOB, question_of, refusal_of, token_of
from tests.support.rows import differences

FAMILY = FAMILIES["cn-conv-output-size"]
ELSEWHERE = ChannelRef(WorkspaceRef("test", "elsewhere"), "study")
CHANGED = "This question was changed or taken out since it was posted. Type `/practice` for another."
DAY = timedelta(days=1)


@pytest.mark.parametrize("kind", KINDS)
async def test_an_open_question_is_not_drawn_here_but_elsewhere_and_again_when_it_has_closed(
    kind: str, tmp_path: Path
) -> None:
    async with open_database(kind, tmp_path) as storage:
        room = DailyRoom(storage, truth())
        await room.begin("time:09:00 zone:UTC days:tue")
        assert "That is the question of the day, " in refusal_of(await room.typed(ADA, "practice"))
        here = room.channel
        room.at(ELSEWHERE)
        assert question_of(await room.command(ADA, "practice")) == "ml-truth"
        room.at(here)
        await room.close()
        assert question_of(await room.command(ADA, "practice")) == "ml-truth"


async def test_a_question_that_practice_paid_pays_once_more_as_one_of_the_day(storage: SqlStorage) -> None:
    room = DailyRoom(storage, truth())
    practised = await room.press(ADA, token_of(await room.command(ADA, "practice"), "False"))
    assert practised.title == "Right · +15 points"
    await room.press(ADA, token_of(await room.begin(), "False"))
    assert "Ada +15" in str((await room.close()).fields)
    again = await room.press(ADA, token_of(await room.command(ADA, "practice"), "False"))
    assert "already paid you this season" in again.footer
    told = await room.command(ADA, "progress", "points")
    assert [line.split(" · ")[0] for line in told.text.splitlines()] == [
        "**+15** daily, right, on 2026-11-24",
        "**+15** practice, right",
    ]
    assert await differences(storage) == []


async def test_the_same_question_in_two_channels_pays_once_a_season(storage: SqlStorage) -> None:
    room = DailyRoom(storage, truth())
    await room.set_up("time:09:00 zone:UTC days:tue")
    first = room.channel
    room.at(replace(first, id="other"))
    await room.set_up("time:09:00 zone:UTC days:thu")
    earned = []
    for days in (0, 2):
        room.clock.at = POSTED + days * DAY
        await room.work()
        await room.press(ADA, token_of(room.post.message, "False"))
        room.clock.at = CLOSED + days * DAY
        await room.work()
        told = await room.press(ADA, token_of(room.board.results[-1].message, "My answer"))
        earned.append(told.footer.split(" · ")[0])
    assert [notice.channel.id for notice in room.board.results] == ["study", "other"]
    assert earned == ["+15 points: right", "No points: this question has already paid you this season"]
    assert await differences(storage) == []


async def test_the_same_question_is_not_open_in_two_channels_at_once(storage: SqlStorage) -> None:
    room = DailyRoom(storage, truth(), one())
    await room.set_up()
    room.at(replace(room.channel, id="other"))
    await room.set_up()
    room.clock.at = POSTED
    await room.work()
    assert len({question_of(notice.message) for notice in room.board.posts}) == 2


async def with_another_bank(room: DailyRoom, *questions: Question) -> None:
    """Let the bank change, as with a new version of Warmup."""
    room.bank = bank_of(*questions)


@pytest.mark.parametrize("others", [(), (truth(stem="Two dense layers in a row need no activation between them."),)])
async def test_a_question_that_changed_meanwhile_is_withdrawn_and_that_is_said(
    storage: SqlStorage, others: tuple[Question, ...]
) -> None:
    room = DailyRoom(storage, truth())
    post = await room.begin("time:09:00 zone:UTC days:tue")
    await room.press(ADA, token_of(post, "False"))
    await with_another_bank(room, *others)
    for who, label in ((BOB, "True"), (ADA, "My answer"), (ADA, "True")):
        assert refusal_of(await room.pressed(who, token_of(post, label))) == CHANGED
    result = await room.close()
    assert result.title == "The question of 24 November 2026 was withdrawn"
    assert len(room.board.results) == 1
    assert refusal_of(await room.pressed(ADA, token_of(post, "My answer"))) == CHANGED
    assert [one.settled for one in await room.answers()] == [False]
    assert "No points yet" in (await room.command(ADA, "progress", "points")).text
    await room.live_until(CLOSED + 8 * DAY, DAY)


async def test_a_withdrawn_question_costs_nobody_a_streak(storage: SqlStorage) -> None:
    room = DailyRoom(storage, truth(id="ml-a"), truth(id="ml-b"))
    post = await room.begin()
    await room.press(ADA, token_of(post, "False"))
    room.clock.at = POSTED + DAY
    await room.work()
    await with_another_bank(room)
    await room.live_until(CLOSED + DAY + timedelta(hours=1), timedelta(hours=6))
    assert "It cost nobody a streak." in room.board.results[-1].message.text
    async with storage.snapshot() as work:
        assert (POSTED + DAY).date() not in (await work.dailies.owed(room.channel.workspace, POSTED.date())).days


async def test_the_post_of_a_withdrawn_question_does_not_look_open(storage: SqlStorage) -> None:
    room = DailyRoom(storage, truth())
    await room.begin("time:09:00 zone:UTC days:tue")
    await with_another_bank(room)
    await room.close()
    assert (room.post.message.rows, [field.name for field in room.post.message.fields][:1]) != ((), ["Closes"])
    assert room.post.message.rows == ()


async def test_free_text_is_never_posted(storage: SqlStorage) -> None:
    room = DailyRoom(storage, text(), truth())
    assert "mark answers to that one themselves" in refusal_of(
        [await room.set_up(), await room.typed(GRACE, "daily queue", "id:ml-text")][1]
    )
    await room.live_until(POSTED + 3 * DAY, timedelta(hours=12))
    assert {question_of(notice.message) for notice in room.board.posts} == {"ml-truth"}
    alone = DailyRoom(storage, text())
    assert "No question fits that." in refusal_of(await alone.typed(GRACE, "daily setup", "time:10:00"))


async def family_post(room: DailyRoom, number: int) -> tuple[Message, str, int]:
    """Return a post of a family, its key, and the seed of its draw."""
    daily = await room.daily(number)
    question = room.bank.find(daily.question, daily.seed)
    assert question is not None
    assert question.revision == daily.revision
    post = next(notice.message for notice in room.board.posts if notice.key == f"daily:{number}")
    assert stem(question) in post.text
    return post, getattr(question, "value"), daily.seed  # noqa: B009 - families are of one kind


async def test_families_are_drawn_anew_for_each_schedule_and_date_and_the_same_for_everybody(
    storage: SqlStorage,
) -> None:
    room = DailyRoom(storage, families=[FAMILY])
    post = await room.begin("time:09:00 zone:UTC days:tue,thu")
    post, value, seed = await family_post(room, 1)
    for who in (ADA, BOB):
        await room.type_answer(who, post, value)
    result = await room.close()
    assert "Right: 2 of 2 (100 %)" in str(result.fields)
    told = await room.press(ADA, token_of(result, "My answer"))
    assert told.title.startswith("Right · +")
    await room.live_until(POSTED + 2 * DAY, timedelta(hours=12))
    _, _, other = await family_post(room, 2)
    assert other != seed
    assert await differences(storage) == []
