"""Who starts, begins and stops a live round, and what they are told that cannot be."""

from __future__ import annotations

from adapters.storage.work import SqlStorage
from bot.errors import Unreachable
from bot.refs import ChannelRef
from tests.support.daily_room import GRACE
from tests.support.items import one, order, text, truth
from tests.support.quiz_room import QuizRoom
from tests.support.room import ADA, BOB, refusal_of, token_of
from tests.support.world import HOME, someone

EVE = someone("Eve")


def room_with(storage: SqlStorage, count: int = 6) -> QuizRoom:
    return QuizRoom(storage, *(truth(id=f"ml-t{place}") for place in range(count)))


async def test_a_second_start_says_that_one_is_under_way_and_how_to_join(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.start()
    assert "Press Join under its post." in refusal_of(await room.typed(BOB, "quiz start"))
    await room.press(ADA, token_of(room.lobby.message, "Join"))
    await room.press(ADA, token_of(room.lobby.message, "Start now"))
    await room.work()
    said = refusal_of(await room.typed(BOB, "quiz start"))
    assert "A round is under way here, at question 1 of 5." in said
    room.at(ChannelRef(HOME, "elsewhere"))
    assert (await room.start()).title == "Live round"


async def test_a_lobby_that_nobody_joins_closes_kindly(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.start()
    await room.pass_seconds(31)
    lobby = room.lobby.message
    assert ("Nobody joined" in str(lobby.fields), lobby.rows) == (True, ())
    assert len(room.board.notices) == 1
    assert (await room.start()).fields[-1].value == "Nobody yet"


async def test_only_the_host_and_moderators_begin_and_stop(storage: SqlStorage) -> None:
    room = room_with(storage)
    lobby = await room.start()
    assert "Nobody has joined yet." in refusal_of(await room.pressed(ADA, token_of(lobby, "Start now")))
    await room.press(BOB, token_of(lobby, "Join"))
    for label in ("Start now", "Stop"):
        assert "Only who started the round" in refusal_of(await room.pressed(BOB, token_of(lobby, label)))
    assert "Only who started the round" in refusal_of(await room.typed(BOB, "quiz stop"))
    assert "It begins." in (await room.press(GRACE, token_of(lobby, "Start now"))).text
    await room.work()
    assert "has begun already" in refusal_of(await room.pressed(GRACE, token_of(lobby, "Start now")))
    assert "The round stops." in (await room.command(GRACE, "quiz stop")).text
    await room.pass_seconds(1)
    assert "It was stopped." in room.ends[-1].message.text
    assert "There is no round here." in refusal_of(await room.typed(GRACE, "quiz stop"))
    assert "This round is over." in refusal_of(await room.pressed(BOB, token_of(lobby, "Join")))


async def test_a_stop_discards_the_open_question_and_counts_those_before(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.begin()
    for who in (ADA, BOB):
        await room.say(who, "False")
    await room.until_question(2)
    await room.say(BOB, "False")
    post = room.question
    await room.command(ADA, "quiz stop")
    await room.pass_seconds(1)
    assert "Not counted" in post.message.fields[0].value
    assert post.message.rows == ()
    assert [(one.score, one.paid) for one in await room.players()] == [(15, 15), (15, 15)]
    assert "This question has closed" in refusal_of(await room.pressed(EVE, token_of(post.first, "False")))
    assert room.ends[-1].message.footer.startswith("1 of 5 questions were played")


async def test_a_stop_between_the_close_and_the_result_still_counts_the_question(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.begin()
    for who in (ADA, BOB):
        await room.say(who, "False")
    room.clock.pass_time(seconds=1)
    room.board.broken["edit"] = Unreachable("no answer")
    await room.work()
    room.board.broken.clear()
    await room.command(ADA, "quiz stop")
    await room.pass_seconds(1)
    assert room.question.message.fields[0].value == "It takes no more answers."
    assert "**1.** Ada, Bob · 15 points" in room.ends[-1].message.text
    assert room.told == []


async def test_a_lobby_that_is_stopped_says_so(storage: SqlStorage) -> None:
    room = room_with(storage)
    lobby = await room.start()
    await room.press(ADA, token_of(lobby, "Stop"))
    await room.pass_seconds(1)
    assert "It was stopped before it began." in str(room.lobby.message.fields)
    assert (room.ends, room.lobby.message.rows) == ([], ())


async def test_nobody_answers_three_in_a_row_and_it_stops_kindly(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.begin("questions:6 seconds:10")
    end = await room.until_over()
    assert "Nobody answered three questions in a row" in end.text
    assert len(room.told) == 3
    assert "Nobody answered." in str(room.told[0].message.fields)


async def test_options_out_of_range_and_unknown_words_are_refused_clearly(storage: SqlStorage) -> None:
    room = room_with(storage)
    for typed, said in (
        ("questions:2", "from 3 to 20"), ("questions:21", "from 3 to 20"), ("seconds:9", "from 10 to 120"),
        ("seconds:121", "from 10 to 120"), ("questions:many", "from 3 to 20"), ("mode:duel", "Choose one of"),
        ("topic:cooking", "do not know the topic"),
    ):  # fmt: skip
        assert said in refusal_of(await room.typed(ADA, "quiz start", typed)), typed
    assert "No question fits that." in refusal_of(await room.typed(ADA, "quiz start", "topic:cnn"))
    room.at(ChannelRef(HOME, "dm", direct=True))
    assert "in a channel of your team only" in refusal_of(await room.typed(ADA, "quiz start"))


async def test_fewer_questions_than_wanted_are_played_and_that_is_said(storage: SqlStorage) -> None:
    room = QuizRoom(storage, truth(id="ml-a"), one(id="ml-b"), order(), text())
    told = await room.command(ADA, "quiz start", "questions:10")
    assert "Only 2 questions that fit can be asked now" in told.text
    await room.work()
    assert "2 questions" in room.lobby.message.fields[0].value


async def test_a_channel_that_cannot_be_posted_to_is_refused_at_once(storage: SqlStorage) -> None:
    room = room_with(storage)
    room.board.obstacles = "I may not post in that channel."
    assert "I may not post in that channel." in refusal_of(await room.typed(ADA, "quiz start"))
    room.board.obstacles = ""
    await room.start()
