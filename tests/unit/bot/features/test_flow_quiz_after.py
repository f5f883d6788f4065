"""After a round: points on the boards, each person's own list, their misses practised, and what is sealed meanwhile."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from adapters.storage.work import SqlStorage
from bot.message import Message
from tests.support.daily_room import GRACE, POSTED
from tests.support.databases import KINDS, open_database
from tests.support.items import many, number, one, truth
from tests.support.quiz_room import QuizRoom
from tests.support.room import ADA, BOB, question_of, refusal_of, token_of
from tests.support.rows import differences, enter, entries
from tests.support.world import someone

EVE = someone("Eve")


def room_with(storage: SqlStorage, count: int = 6) -> QuizRoom:
    return QuizRoom(storage, *(truth(id=f"ml-t{place}") for place in range(count)))


async def play(room: QuizRoom, *said: dict[str, str], text: str = "questions:3") -> Message:
    """Play a round of true or false; each question is answered as said, by names."""
    people = {"Ada": ADA, "Bob": BOB, "Eve": EVE}
    await room.begin(text, [people[name] for name in said[0]])
    for place, answers in enumerate(said, 1):
        await room.until_question(place)
        for name, label in answers.items():
            await room.say(people[name], label)
    return await room.until_over()


@pytest.mark.parametrize("kind", KINDS)
async def test_points_are_paid_once_a_season_and_a_round_of_one_pays_nothing(kind: str, tmp_path: Path) -> None:
    async with open_database(kind, tmp_path) as storage:
        room = room_with(storage, 3)
        alone = [{"Ada": "False"}] * 3
        end = await play(room, *alone)
        assert "**1.** Ada · 45 points" in end.text
        assert "None: a round pays once two people have answered something." in str(end.fields)
        ada = await enter(storage, "Ada")
        assert await entries(storage, ada) == []
        both = [{"Ada": "False", "Bob": "True"}] * 3
        end = await play(room, *both)
        assert "45 points in all" in str(end.fields)
        assert [(one.points, one.reason, one.note) for one in await entries(storage, ada)] == [
            (15, "quiz", "right, in a round")
        ] * 3
        end = await play(room, *both)
        assert "**1.** Ada · 45 points" in end.text
        assert "0 points in all, to everybody who earned some. A question pays its points once a season." in str(
            end.fields
        )
        assert len(await entries(storage, ada)) == 3
        assert await differences(storage) == []


async def test_answers_before_the_second_person_are_paid_once_there_is_one(storage: SqlStorage) -> None:
    room = room_with(storage)
    await play(room, {"Ada": "False"}, {"Ada": "False"}, {"Ada": "False", "Bob": "False"})
    assert [(one.name, one.score, one.paid) for one in await room.players()] == [("Ada", 45, 45), ("Bob", 15, 15)]


async def test_speed_adds_up_to_a_fifth_and_falls_to_nothing(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.begin("speed:yes seconds:10", (ADA, BOB, EVE))
    await room.say(ADA, "False")
    await room.pass_seconds(5)
    await room.say(BOB, "False")
    room.clock.at += timedelta(seconds=5.9)
    await room.say(EVE, "False")
    await room.pass_seconds(3)
    assert [(one.name, one.points) for one in await room.given(1)] == [("Ada", 18), ("Bob", 16), ("Eve", 15)]


async def test_each_person_has_a_list_of_their_own_which_lasts(storage: SqlStorage) -> None:
    room = room_with(storage)
    end = await play(room, {"Ada": "False", "Bob": "True"}, {"Ada": "True", "Bob": "True"}, {"Ada": "False"})
    room.clock.pass_time(days=90)
    mine = await room.press(BOB, token_of(end, "My answers"))
    assert mine.title == "Your round: 0 of 3 right, 0 points"
    assert mine.text.count("✗") == 3
    assert "you: True · right: False" in mine.text
    assert "no answer · right: False" in mine.text
    ada = await room.press(ADA, token_of(end, "My answers"))
    assert ada.title == "Your round: 2 of 3 right, 30 points"
    assert "You did not play in this round." in refusal_of(await room.pressed(EVE, token_of(end, "My answers")))


async def test_misses_are_practised_one_after_the_other_and_end_kindly(storage: SqlStorage) -> None:
    room = room_with(storage)
    end = await play(room, {"Ada": "True", "Bob": "False"}, {"Ada": "False", "Bob": "False"}, {"Bob": "False"})
    missed = {(await room.ask(place)).question for place in (1, 3)}
    shown = await room.press(ADA, token_of(await room.press(ADA, token_of(end, "My answers")), "Practise my misses"))
    seen = {question_of(shown)}
    shown = await room.press(ADA, token_of(shown, "Skip"))
    assert question_of(shown) in missed - seen
    for _ in range(2):
        seen.add(question_of(shown))
        result = await room.press(ADA, token_of(shown, "False"))
        assert result.title.startswith("Right")
        reply = await room.pressed(ADA, token_of(result, "Next"))
        if seen == missed and len(seen) == 2 and "Failed" in type(reply).__name__:
            break
        shown = await room.press(ADA, token_of(result, "Next"))
    assert seen == missed
    assert "Nothing that you missed in that round is left." in refusal_of(
        await room.pressed(ADA, token_of(result, "Next"))
    )


async def test_nobody_practises_the_misses_of_a_round_in_which_they_were_not(storage: SqlStorage) -> None:
    room = room_with(storage)
    await play(room, *[{"Ada": "True", "Bob": "False"}] * 3)
    for token in ("next.1:misses-1", "next.1:misses-99"):
        assert "is left" in refusal_of(await room.pressed(EVE, token))


async def test_a_question_that_a_round_asks_is_not_practised_meanwhile(storage: SqlStorage) -> None:
    room = QuizRoom(storage, truth(id="ml-t"))
    before = await room.command(EVE, "practice")
    await room.begin()
    assert "a round is asking it now" in refusal_of(await room.typed(EVE, "practice"))
    said = refusal_of(await room.pressed(EVE, token_of(before, "False")))
    assert "A round is asking this question now" in said
    for who in (ADA, BOB):
        await room.say(who, "True")
    await room.pass_seconds(2)
    assert (await room.press(EVE, token_of(before, "False"))).title.startswith("Right")


async def test_a_question_of_the_day_is_not_asked_in_a_round(storage: SqlStorage) -> None:
    room = QuizRoom(storage, truth(id="ml-t"))
    await room.begin_daily()
    assert "No question fits that." in refusal_of(await room.typed(ADA, "quiz start"))
    assert room.clock.at == POSTED


async def test_the_streak_counts_at_the_answer(storage: SqlStorage) -> None:
    room = room_with(storage)
    await room.begin()
    await room.say(ADA, "True")
    assert "**1 day**" in (await room.command(ADA, "progress")).text


async def test_statistics_and_topics_know_the_answers_of_a_round(storage: SqlStorage) -> None:
    room = room_with(storage)
    await play(room, *[{"Ada": "False", "Bob": "True"}] * 3)
    name = (await room.ask(1)).question
    assert "2 first answers so far" in (await room.command(GRACE, "question stats", name)).text
    assert "3 answered" in str(await room.command(BOB, "progress")) or "3" in str(await room.command(BOB, "progress"))


async def test_rounds_ask_what_their_channel_was_never_asked_first(storage: SqlStorage) -> None:
    room = room_with(storage, 6)
    asked = []
    for number_ in (1, 2):
        await play(room, *[{"Ada": "False", "Bob": "True"}] * 3)
        asked += [(await room.ask(place, number_)).question for place in (1, 2, 3)]
    assert len(set(asked)) == 6
    await play(room, *[{"Ada": "False", "Bob": "True"}] * 3)
    assert [(await room.ask(place, 3)).question for place in (1, 2, 3)] == asked[:3]


async def test_a_mixed_round_shows_each_kind_in_a_list(storage: SqlStorage) -> None:
    room = QuizRoom(storage, one(), many(), number(), truth())
    await room.begin("seconds:10", (ADA, BOB))
    for place in range(1, 5):
        post = await room.until_question(place)
        if "Answer" in str(post.rows):
            await room.type_answer(ADA, post, "9" * 60)
        elif "True" in str(post.rows):
            await room.say(ADA, "True")
        elif "Select" in str(post.rows):
            await room.press(ADA, token_of(post, "Choose all that apply"), "A", "B")
        else:
            await room.say(ADA, "A")
    end = await room.until_over()
    mine = await room.press(ADA, token_of(end, "My answers"))
    assert mine.text.count("you: ") == 4
    assert "…" in mine.text
