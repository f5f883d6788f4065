"""A live round from its lobby to its end: who may do what, what is told when, and what is never told too early."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.storage.work import SqlStorage
from bot.commands import Answer
from bot.message import Message, Tone
from bot.refs import ChannelRef
from questions.model import Question
from tests.support.daily_room import SEVERAL
from tests.support.databases import KINDS, open_database
from tests.support.items import many, number, one, truth
from tests.support.quiz_room import QuizRoom
from tests.support.responder import Responded
from tests.support.room import ADA, BOB, letter_of, question_of, refusal_of, token_of
from tests.support.rows import differences, enter, hide, total
from tests.support.secrets import told_after
from tests.support.world import HOME, someone

EVE = someone("Eve")
FIRST, LAST = "Max pooling, 2×2 with stride 2", "Batch norm with momentum 0.5"
Act = Callable[[QuizRoom, Message], Awaitable[Message]]


def room_with(storage: SqlStorage, count: int = 6) -> QuizRoom:
    return QuizRoom(storage, *(truth(id=f"ml-t{place}") for place in range(count)))


@pytest.mark.parametrize("kind", KINDS)
async def test_a_round_from_its_lobby_to_its_podium(kind: str, tmp_path: Path) -> None:
    async with open_database(kind, tmp_path) as storage:
        room = room_with(storage)
        told = await room.command(ADA, "quiz start", "questions:3 seconds:20")
        assert told.title == "The lobby opens in a moment"
        assert room.board.notices == []
        await room.work()
        lobby = room.lobby.message
        assert lobby.text.startswith("Ada starts a round.")
        assert [field.value for field in lobby.fields][-1] == "Nobody yet"
        for who in (ADA, BOB):
            assert "You are in." in (await room.press(who, token_of(lobby, "Join"))).text
        assert "You are in already." in (await room.press(BOB, token_of(lobby, "Join"))).text
        await room.pass_seconds(3)
        assert room.lobby.message.fields[-1].value == "2: Ada, Bob"
        await room.pass_seconds(27)
        assert room.lobby.message.rows == ()
        asked = [question_of(room.question.message)]
        assert room.question.message.title.startswith("Question 1 of 3 · ")
        for place in (2, 3, 4):
            await room.say(ADA, "False")
            await room.say(BOB, "True")
            await room.pass_seconds(1)
            result = room.told[-1].message
            assert result.fields[1].name == "Right: 1 of 2 (50 %)"
            assert (result.fields[1].value, len(result.images)) == ("Ada +15 (first)", 1)
            assert result.fields[2].value == f"**1.** Ada · {15 * (place - 1)} points"
            assert (room.question.message.rows, room.question.message.fields[0].name) == ((), "Closed")
            if place < 4:
                asked.append(question_of(await room.until_question(place)))
        assert len(set(asked)) == 3
        end = await room.until_over()
        assert end.text == "**1.** Ada · 45 points"
        assert "45 points in all" in str(end.fields)
        assert await total(storage, await enter(storage, "Ada"), workspace=HOME) == 45
        assert await differences(storage) == []
        assert (await room.command(ADA, "quiz status")).title == "No round here"


def pick(option: str) -> Act:
    async def act(room: QuizRoom, post: Message) -> Message:
        return await room.say(ADA, letter_of(post, option))

    return act


async def tick_both(room: QuizRoom, post: Message) -> Message:
    letters = [letter_of(post, option) for option in ("Dropout", "Weight decay")]
    return await room.press(ADA, token_of(post, SEVERAL), *letters)


async def write(room: QuizRoom, post: Message) -> Message:
    return await room.type_answer(ADA, post, "1.96k")


async def say_true(room: QuizRoom, _post: Message) -> Message:
    return await room.say(ADA, "True")


ANSWERED: list[tuple[Question, Act, str, int]] = [
    (one(), pick(FIRST), FIRST, 15),
    (one(), pick(LAST), LAST, 0),
    (truth(), say_true, "You chose **True**.", 0),
    (many(), tick_both, "Weight decay", 15),
    (number(), write, "You answered **1\\.96k**.", 15),
]


@pytest.mark.parametrize(("question", "act", "said", "points"), ANSWERED)
async def test_each_kind_is_answered_in_private_and_counts_at_the_close(
    storage: SqlStorage, question: Question, act: Act, said: str, points: int
) -> None:
    room = QuizRoom(storage, question)
    post = await room.begin()
    taken = await act(room, post)
    assert taken.text.startswith("**Your answer is in.**")
    assert said in taken.text
    assert (taken.tone, taken.title) == (Tone.PLAIN, "Your answer to question 1 of 1")
    assert [answer.points for answer in await room.given(1)] == [0]
    await room.pass_seconds(32)
    assert [answer.points for answer in await room.given(1)] == [points]
    assert question.explanation in room.told[-1].message.text


async def test_nothing_gives_the_key_away_before_the_close(storage: SqlStorage) -> None:
    room = QuizRoom(storage, one())
    post = await room.begin()
    said = [post, await pick(LAST)(room, post), await pick(FIRST)(room, post)]
    await room.pass_seconds(29)
    said += [notice.message for notice in room.board.notices]
    said += [await room.command(ADA, "quiz status")]
    assert room.told == []
    assert {secret for secret in [*told_after(one()), "✓", "✗", "Not right"] if secret in str(said)} == set()
    assert "Right" not in str(said)


async def test_what_is_said_of_an_answer_is_the_same_whether_it_is_right_or_wrong(tmp_path: Path) -> None:
    said = []
    for place, option in enumerate((FIRST, LAST)):
        (tmp_path / str(place)).mkdir()
        async with open_database("sqlite", tmp_path / str(place)) as storage:
            room = QuizRoom(storage, one())
            post = await room.begin()
            answer = await pick(option)(room, post)
            said.append(replace(answer, text=answer.text.replace(f"**{letter_of(post, option)}.** {option}", "it")))
    assert said[0] == said[1]


async def test_the_first_answer_counts_and_pressing_again_repeats_it(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.begin()
    reply = await room.pressed(ADA, token_of(room.question.message, "True"))
    assert isinstance(reply, Responded)
    assert reply.answer is Answer.PRIVATE
    again = await room.say(ADA, "False")
    assert again.text.startswith("**Your answer is in already.** You chose **True**.")
    assert [one.response for one in await room.given(1)] == ["T"]


async def test_a_form_is_not_opened_for_an_answer_that_is_in(storage: SqlStorage) -> None:
    room = QuizRoom(storage, number())
    post = await room.begin()
    said = refusal_of(await room.sent(ADA, (await room.form(ADA, token_of(post, "Answer"))).action.encode(),
                                      {"answer": "lots"}))  # fmt: skip
    assert "Nothing was counted." in said
    assert await room.given(1) == []
    await room.type_answer(ADA, post, "1920")
    again = await room.press(ADA, token_of(post, "Answer"))
    assert again.text.startswith("**Your answer is in already.** You answered **1920**.")


async def test_answering_joins_and_who_has_answered_is_shown_in_one_edit(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.begin()
    for place in range(20):
        await room.say(someone(f"Person {place}"), str(place % 2 == 0))
    before = room.question.edits
    await room.pass_seconds(4)
    assert room.question.edits == before + 1
    shown = room.question.message.fields[1].value
    assert shown.startswith("20: Person 0, Person 1, ")
    assert shown.endswith(" and 8 more")
    assert "True" not in shown
    assert len(await room.players()) == 22


async def test_a_question_closes_early_once_all_who_play_have_answered(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.begin()
    await room.say(ADA, "False")
    await room.pass_seconds(5)
    assert room.told == []
    await room.say(BOB, "False")
    await room.pass_seconds(1)
    assert len(room.told) == 1


async def test_hidden_people_are_counted_and_never_named(storage: SqlStorage) -> None:
    room = room_with(storage)
    await hide(storage, await enter(storage, "Bob"))
    await room.begin("questions:3")
    await room.say(BOB, "False")
    await room.say(ADA, "True")
    await room.pass_seconds(2)
    assert room.told[-1].message.fields[1].value == "1, not named"
    await room.press(ADA, token_of(room.lobby.first, "Stop"))
    await room.pass_seconds(2)
    assert "Bob" not in str(room.board.notices)
    assert "1, who hide from boards" in str(room.ends[-1].message.fields)


async def test_names_are_never_markup_and_never_fill_a_message(storage: SqlStorage) -> None:
    room = room_with(storage)
    names = [f"*{place}* @everyone <@1> {'N' * 60}" for place in range(60)]
    crowd = [someone(name) for name in names]
    await room.begin("questions:3", (ADA, *crowd))
    for place, who in enumerate(crowd):
        await room.say(who, "False" if place % 2 else "True")
    await room.until_over()
    for notice in room.board.notices:
        for said in (notice.message.text, *(field.value for field in notice.message.fields)):
            assert "@everyone" not in said.replace("\\@everyone", "")
    assert "N" * 33 not in str([replace(notice.message, images=()) for notice in room.board.notices])


async def test_the_first_who_is_right_takes_it_and_the_question_closes(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.begin("mode:first questions:3", (ADA, BOB, EVE))
    await room.say(ADA, "True")
    room.clock.at += timedelta(milliseconds=300)
    await room.say(BOB, "False")
    room.clock.at += timedelta(milliseconds=200)
    await room.say(EVE, "False")
    await room.pass_seconds(2)
    assert [(one.name, one.points) for one in await room.given(1)] == [("Ada", 0), ("Bob", 15), ("Eve", 0)]
    assert room.told[-1].message.fields[1].value == "Bob +15 (first), Eve"


async def test_status_shows_the_question_and_the_standings_so_far(storage: SqlStorage) -> None:
    room = room_with(storage)
    assert "`/quiz start`" in (await room.command(EVE, "quiz status")).text
    await room.begin()
    for who in (ADA, BOB):
        await room.say(who, "False")
    await room.until_question(2)
    status = await room.command(EVE, "quiz status")
    assert "Question 2 of 5." in status.text
    assert status.fields[0].value == "**1.** Ada, Bob · 15 points"


async def test_a_late_click_gets_a_polite_private_line_and_what_to_do(storage: SqlStorage) -> None:
    room = room_with(storage)
    first = await room.begin()
    await room.say(ADA, "False")
    await room.pass_seconds(33)
    said = refusal_of(await room.pressed(BOB, token_of(first, "False")))
    assert said == "This question has closed, your answer came too late. The next one comes in a moment."
    again = await room.say(ADA, "True", first)
    assert again.text.startswith("**Your answer is in already.** You chose **False**.")
    assert "stands in the channel" in again.text


async def test_forged_controls_are_refused(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.begin()
    for token in ("quiz-answer.1:1-2:T", "quiz-answer.1:9-1:T", "quiz-answer.1:x:T", "quiz-answer.1:1-1:Z",
                  "quiz-form.1:1-99", "quiz-join.1:77", "quiz-begin.1:", "quiz-mine.1:5"):  # fmt: skip
        refusal_of(await room.pressed(BOB, token))
    room.channel = ChannelRef(replace(HOME, id="other"), "study")
    refusal_of(await room.pressed(BOB, "quiz-answer.1:1-1:T"))
    assert await room.given(1) == []
