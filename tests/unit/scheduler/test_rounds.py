"""Live rounds where platforms fail, processes are away, or the bank changes: gone on with, or closed and said so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.storage.work import SqlStorage
from bot.errors import Forbidden, Gone, RateLimited, Unreachable
from bot.features.services import make_services
from bot.refs import Actor
from bot.rounds import AskState, Ending, RoundState
from tests.support.items import bank_of, truth
from tests.support.quiz_room import QuizRoom
from tests.support.room import ADA, BOB, refusal_of, token_of
from tests.support.world import someone

EVE = someone("Eve")

NO_ANSWER = Unreachable("no answer")


def room_with(storage: SqlStorage) -> QuizRoom:
    return QuizRoom(storage, *(truth(id=f"ml-t{place}") for place in range(8)))


@pytest.mark.parametrize("error", [Gone("the channel is gone"), Forbidden("no right")])
async def test_a_channel_that_cannot_be_posted_to_ends_the_round_and_is_free_again(
    storage: SqlStorage, error: Exception
) -> None:
    room = room_with(storage)
    room.board.broken["send"] = error
    await room.command(ADA, "quiz start")
    await room.work()
    of = await room.round()
    assert (of.state, of.ending, room.board.notices) == (RoundState.ENDED, Ending.GONE, [])
    room.board.broken.clear()
    await room.start()
    assert len(room.board.notices) == 1


async def test_a_channel_that_goes_away_in_the_middle_still_counts_what_was_closed(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.begin()
    for who in (ADA, BOB):
        await room.say(who, "False")
    room.board.broken.update(send=Gone("gone"), edit=Gone("gone"))
    await room.pass_seconds(3)
    assert (await room.round()).state is RoundState.ENDED
    assert [one.paid for one in await room.players()] == [15, 15]
    assert "`/quiz start`" in refusal_of(await room.pressed(EVE, token_of(room.question.first, "True")))


@pytest.mark.parametrize("error", [NO_ANSWER, RateLimited(12)])
async def test_a_question_that_was_not_taken_is_tried_again_and_has_its_full_time(
    storage: SqlStorage, error: Exception
) -> None:
    room = room_with(storage)
    await room.begin()
    for who in (ADA, BOB):
        await room.say(who, "False")
    await room.pass_seconds(5)
    room.board.broken["send"] = error
    await room.pass_seconds(6)
    room.board.broken.clear()
    await room.until_question(2)
    ask = await room.ask(2)
    assert (ask.state, ask.closes_at - ask.opened_at) == (AskState.OPEN, timedelta(seconds=30))
    assert len([notice for notice in room.board.notices if notice.key == "round:1:q2"]) == 1


async def test_a_question_whose_answer_was_lost_is_there_once_and_answers_meanwhile_count(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.start("speed:yes")
    for who in (ADA, BOB):
        await room.press(who, token_of(room.lobby.message, "Join"))
    room.board.lost["send"] = NO_ANSWER
    await room.press(ADA, token_of(room.lobby.message, "Start now"))
    await room.work()
    assert (await room.ask(1)).state is AskState.POSTING
    await room.say(ADA, "False")
    room.board.lost.clear()
    await room.pass_seconds(6)
    assert "held up on my side" in room.question.message.text
    assert room.question.message.fields[1].value == "1: Ada"
    await room.say(BOB, "False")
    await room.pass_seconds(2)
    assert [(one.name, one.points) for one in await room.given(1)] == [("Ada", 15), ("Bob", 15)]
    assert len([notice for notice in room.board.notices if notice.key == "round:1:q1"]) == 1


async def test_whoever_was_away_for_a_moment_opens_the_question_again_once(storage: SqlStorage) -> None:
    room = room_with(storage)
    post = await room.begin("speed:yes")
    await room.say(ADA, "False")
    room.clock.pass_time(seconds=60)
    await room.work()
    await room.pass_seconds(2)
    assert room.told == []
    again = room.question.message
    assert again.text.startswith("*This question was held up on my side, so it has its full time again.")
    assert token_of(again, "True") == token_of(post, "True")
    assert (await room.say(ADA, "True")).text.startswith("**Your answer is in already.** You chose **False**.")
    room.clock.pass_time(seconds=60)
    await room.work()
    assert len(room.told) == 1
    assert [(one.name, one.points) for one in await room.given(1)] == [("Ada", 15)]


async def test_a_question_that_everybody_had_answered_is_not_opened_again(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.begin()
    for who in (ADA, BOB):
        await room.say(who, "False")
    room.clock.pass_time(seconds=60)
    await room.work()
    assert len(room.told) == 1


async def slowly(room: QuizRoom, who: Actor, seconds: float) -> None:
    """Let an answer arrive that was given some seconds ago."""
    services = make_services(room.storage, room.bank, room.clock, room.chance, room.rules, room.posting)
    given = room.clock.at - timedelta(seconds=seconds)
    await services.round_answering.answer(who, room.channel.workspace, 1, 1, "F", given)


async def test_answers_in_time_that_queue_up_for_long_still_count(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.begin("", (ADA, BOB, EVE))
    room.clock.pass_time(seconds=31.5)
    await slowly(room, BOB, 3)
    await room.pass_seconds(1.5)
    assert room.told == []
    await slowly(room, EVE, 4)
    await room.pass_seconds(3)
    assert [(one.name, one.points) for one in await room.given(1)] == [("Bob", 15), ("Eve", 15)]
    assert len(room.told) == 1


async def test_a_question_does_not_wait_for_ever_for_answers_that_queue_up(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.begin("", [ADA, *(someone(f"P{place}") for place in range(40))])
    room.clock.pass_time(seconds=31.5)
    for place in range(40):
        if room.told:
            break
        await slowly(room, someone(f"P{place}"), 31.5)
        await room.pass_seconds(0.5)
    ask = await room.ask(1)
    assert timedelta(seconds=8) <= room.clock.at - ask.closes_at <= timedelta(seconds=12)


async def test_a_few_seconds_late_is_nothing_that_anybody_missed(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.begin()
    room.clock.pass_time(seconds=36)
    await room.work()
    assert len(room.told) == 1


async def test_a_round_that_was_left_for_long_closes_and_says_so_and_counts_what_was_closed(
    storage: SqlStorage,
) -> None:
    room = room_with(storage)
    await room.begin()
    for who in (ADA, BOB):
        await room.say(who, "False")
    await room.until_question(2)
    await room.say(ADA, "False")
    room.clock.pass_time(minutes=11)
    await room.work()
    await room.pass_seconds(1)
    assert "I was away for more than ten minutes" in room.ends[-1].message.text
    assert "Not counted" in room.question.message.fields[0].value
    assert [(one.score, one.paid) for one in await room.players()] == [(15, 15), (15, 15)]
    await room.start()


async def test_a_lobby_that_was_left_for_long_closes_and_says_so(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.start()
    room.clock.pass_time(minutes=11)
    await room.work()
    assert "I was away when it should have begun." in str(room.lobby.message.fields)
    assert (await room.round()).state is RoundState.ENDED


async def test_a_platform_that_takes_nothing_for_long_ends_the_round_in_the_end(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.begin()
    for who in (ADA, BOB):
        await room.say(who, "False")
    room.board.broken.update(send=NO_ANSWER, edit=NO_ANSWER)
    for _ in range(60):
        room.clock.pass_time(seconds=30)
        await room.work()
    assert (await room.round()).state is RoundState.ENDED
    assert [one.paid for one in await room.players()] == [15, 15]


@pytest.mark.parametrize("error", [NO_ANSWER, Gone("deleted"), Forbidden("no right")])
async def test_edits_that_fail_do_not_hold_up_a_round(storage: SqlStorage, error: Exception) -> None:
    room = room_with(storage)
    await room.begin("questions:3 seconds:10")
    room.board.broken["edit"] = error
    for place in range(1, 4):
        await room.until_question(place)
        await room.say(ADA, "False")
        await room.say(BOB, "True")
    await room.until_over()
    assert [(one.name, one.paid) for one in await room.players()] == [("Ada", 45), ("Bob", 0)]


async def test_a_result_whose_answer_was_lost_is_there_once_and_pays_once(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.begin()
    for who in (ADA, BOB):
        await room.say(who, "False")
    room.board.lost["send"] = NO_ANSWER
    await room.pass_seconds(12)
    room.board.lost.clear()
    await room.until_question(2)
    assert [notice.key for notice in room.told] == ["round:1:a1"]
    assert [one.paid for one in await room.players()] == [15, 15]


@pytest.mark.parametrize("when", ["open", "closed"])
async def test_a_question_that_the_bank_changes_meanwhile_counts_for_nobody_and_the_round_goes_on(
    storage: SqlStorage, when: str
) -> None:
    room = room_with(storage)
    await room.begin("questions:3")
    name = (await room.ask(1)).question
    await room.say(ADA, "False")
    if when == "closed":
        await room.pass_seconds(40)
    others = [one for one in room.bank.questions if one.id != name]
    room.bank = bank_of(*others, truth(id=name, stem="Without activation functions, ten layers are one."))
    if when == "open":
        assert "not there any more" in refusal_of(await room.pressed(BOB, token_of(room.question.message, "True")))
        await room.pass_seconds(40)
        assert "was withdrawn" in room.told[-1].message.title
        assert "was withdrawn" in room._of("q1")[0].message.title
    for place in (2, 3):
        await room.until_question(place)
        for who in (ADA, BOB):
            await room.say(who, "False")
    await room.until_over()
    assert [(one.paid, one.settled) for one in await room.given(1)] == [(0, when == "closed")]
    assert [one.paid for one in await room.players()] == [30, 30]


async def test_many_channels_play_at_once_and_each_has_its_own(storage: SqlStorage) -> None:
    room = room_with(storage)
    home = room.channel
    for place in range(3):
        room.at(replace(home, id=f"{home.id}-{place}"))
        await room.begin("seconds:10 questions:3", (ADA, BOB))
    questions = [one for one in room.board.notices if one.key.endswith(":q1")]
    assert len({one.channel for one in questions}) == 3
    for place, one in enumerate(questions):
        await room.say(ADA, "False", one.message)
        assert [len(await room.given(1, number)) for number in (1, 2, 3)] == [1] * (place + 1) + [0] * (2 - place)


async def test_a_stop_while_a_question_is_being_posted_ends_the_round_after_that(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.start()
    await room.press(ADA, token_of(room.lobby.message, "Join"))
    room.board.lost["send"] = NO_ANSWER
    await room.press(ADA, token_of(room.lobby.message, "Start now"))
    await room.work()
    room.board.lost.clear()
    await room.command(ADA, "quiz stop")
    await room.pass_seconds(1)
    assert (await room.round()).state is RoundState.ENDED
    assert "This question has closed" in refusal_of(await room.pressed(ADA, token_of(room.question.first, "True")))
