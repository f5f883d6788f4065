"""The question of the day while it is open: each kind is answered from its post, in private, sealed and changeable."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.storage.work import SqlStorage
from bot.commands import Answer
from bot.message import Field, Message, Tone
from questions.model import Question
from tests.support.daily_room import CLOSED, GRACE, POSTED, DailyRoom
from tests.support.databases import KINDS, open_database
from tests.support.items import many, number, one, order, truth
from tests.support.responder import Responded
from tests.support.room import ADA, BOB, letter_of, refusal_of, token_of
from tests.support.rows import differences, enter, hide
from tests.support.secrets import told_after
from tests.support.world import someone

STEPS = order().steps
FIRST, LAST = "Max pooling, 2×2 with stride 2", "Batch norm with momentum 0.5"
Act = Callable[[DailyRoom, Message], Awaitable[Message]]


def pick(*options: str) -> Act:
    async def act(room: DailyRoom, post: Message) -> Message:
        return await room.choose(ADA, post, *options)

    return act


def say(label: str) -> Act:
    async def act(room: DailyRoom, post: Message) -> Message:
        return await room.press(ADA, token_of(post, label))

    return act


def write(typed: str) -> Act:
    async def act(room: DailyRoom, post: Message) -> Message:
        return await room.type_answer(ADA, post, typed)

    return act


def arrange(*places: int) -> Act:
    async def act(room: DailyRoom, post: Message) -> Message:
        message = await room.press(ADA, token_of(post, "Put in order"))
        for letter in [letter_of(message, STEPS[place]) for place in places]:
            message = await room.press(ADA, token_of(message, letter))
        return await room.press(ADA, token_of(message, "Submit"))

    return act


KINDS_ANSWERED: list[tuple[str, Question, Act, str, str]] = [
    ("one, right", one(), pick(FIRST), FIRST, "Right · +15 points"),
    ("one, wrong", one(), pick(LAST), LAST, "Not right"),
    ("truth, right", truth(), say("False"), "You chose **False**.", "Right · +15 points"),
    ("many, right", many(), pick("Dropout", "Weight decay"), "Weight decay", "Right · +15 points"),
    ("many, half", many(), pick("Dropout"), "Dropout", "Partly right (50 %) · +7 points"),
    ("number, right", number(), write("1.96k"), "You answered **1\\.96k**.", "Right · +15 points"),
    ("number, wrong", number(), write("1920"), "You answered **1920**.", "Not right"),
    ("order, right", order(), arrange(0, 1, 2, 3, 4), "Your order: **", "Right · +15 points"),
    ("order, one swap", order(), arrange(1, 0, 2, 3, 4), "Your order: **", "Partly right (80 %) · +12 points"),
]


@pytest.mark.parametrize(
    ("question", "act", "said", "title"), [row[1:] for row in KINDS_ANSWERED], ids=[row[0] for row in KINDS_ANSWERED]
)
async def test_each_kind_is_answered_from_the_post_and_explained_when_it_closes(
    storage: SqlStorage, question: Question, act: Act, said: str, title: str
) -> None:
    room = DailyRoom(storage, question)
    sealed = await act(room, await room.begin())
    assert (sealed.title, sealed.tone) == ("Sealed until it closes", Tone.PLAIN)
    assert sealed.text.startswith("**Your answer is in.**")
    assert said in sealed.text
    assert "streak: 1 day" in sealed.footer
    mine = await room.press(ADA, token_of(room.post.message, "My answer"))
    assert (mine.title, said in mine.text) == ("Sealed until it closes", True)
    result = await room.close()
    told = await room.press(ADA, token_of(result, "My answer"))
    assert (told.title, question.explanation in told.text) == (title, True)
    assert "This is what you answered in time." in told.text
    assert await differences(storage) == []


@pytest.mark.parametrize("act", [pick(FIRST), pick(LAST)], ids=["right", "wrong"])
async def test_nothing_gives_the_key_away_before_the_close(storage: SqlStorage, act: Act) -> None:
    room = DailyRoom(storage, one(), truth(id="op-t"))
    await room.press(ADA, token_of(await room.command(ADA, "practice", "op"), "False"))
    before, board = await standing(room), await room.command(ADA, "leaderboard")
    await room.set_up()
    await room.command(GRACE, "daily queue", "id:ml-one")
    room.clock.at = POSTED
    await room.work()
    post = room.post.message
    said = [post, await act(room, post), await room.press(ADA, token_of(post, "My answer"))]
    room.clock.at = CLOSED - timedelta(minutes=1)
    await room.work()
    said += [notice.message for notice in room.board.notices]
    assert {secret for secret in [*told_after(one()), "✓", "✗", "Right", "Not right"] if secret in str(said)} == set()
    assert await standing(room) == before
    assert (await room.command(ADA, "leaderboard")).text == board.text


async def standing(room: DailyRoom) -> list[Field]:
    """Return what Ada is told of her answers and points."""
    told = (await room.command(ADA, "progress")).fields
    return [field for field in told if field.name in ("Answers", "Accuracy by topic", "Points here")]


async def test_what_is_said_of_an_answer_is_the_same_whether_it_is_right_or_wrong(tmp_path: Path) -> None:
    said = []
    for place, option in enumerate((FIRST, LAST)):
        (tmp_path / str(place)).mkdir()
        async with open_database("sqlite", tmp_path / str(place)) as storage:
            room = DailyRoom(storage, one())
            post = await room.begin()
            answer = await room.choose(ADA, post, option)
            chosen = f"**{letter_of(post, option)}.** {option}"
            said.append(replace(answer, text=answer.text.replace(chosen, "it")))
    assert said[0] == said[1]


async def test_the_answer_is_private_and_leaves_the_post_alone(storage: SqlStorage) -> None:
    room = DailyRoom(storage, truth())
    post = await room.begin()
    reply = await room.pressed(ADA, token_of(post, "True"))
    assert isinstance(reply, Responded)
    assert reply.answer is Answer.PRIVATE
    assert "Ada" not in str(room.post.message)
    room.clock.pass_time(seconds=2)
    await room.work()
    assert [field.value for field in room.post.message.fields] == ["[2026-11-25 09:00 UTC](time:1795597200)", "1: Ada"]


@pytest.mark.parametrize("kind", KINDS)
async def test_an_answer_is_changed_until_the_close_and_counts_once(kind: str, tmp_path: Path) -> None:
    async with open_database(kind, tmp_path) as storage:
        room = DailyRoom(storage, truth())
        post = await room.begin()
        await room.press(ADA, token_of(post, "True"))
        room.clock.at = CLOSED - timedelta(seconds=1)
        changed = await room.press(ADA, token_of(post, "False"))
        assert changed.text.startswith("**Your answer was changed.** You chose **False**.")
        assert "streak" not in changed.footer
        assert [(one.response, one.settled) for one in await room.answers()] == [("F", False)]
        await room.close()
        assert [(one.response, one.points, one.settled) for one in await room.answers()] == [("F", 15, True)]
        assert (await room.daily(1)).answered == 1
        assert await differences(storage) == []


async def test_the_same_answer_again_is_not_called_a_change_and_keeps_its_time(storage: SqlStorage) -> None:
    room = DailyRoom(storage, truth())
    post = await room.begin()
    await room.press(ADA, token_of(post, "False"))
    room.clock.pass_time(minutes=5)
    await room.press(BOB, token_of(post, "False"))
    room.clock.pass_time(minutes=5)
    again = await room.press(ADA, token_of(post, "False"))
    assert again.text.startswith("**Your answer is in already.** You chose **False**.")
    result = await room.close()
    assert "Ada +15 (first), Bob +15" in str(result.fields)


async def test_an_answer_that_cannot_be_changed_stays_and_that_is_said(storage: SqlStorage) -> None:
    room = DailyRoom(storage, truth())
    post = await room.begin("time:09:00 zone:UTC days:daily changeable:no")
    first = await room.press(ADA, token_of(post, "True"))
    assert (first.text.endswith("It cannot be changed."), first.rows) == (True, ())
    second = await room.press(ADA, token_of(post, "False"))
    assert second.text.startswith("**Your answer is in already.** You chose **True**.")
    assert second.text.endswith("It cannot be changed.")
    assert [one.response for one in await room.answers()] == ["T"]


async def test_a_form_or_an_order_is_not_opened_for_an_answer_that_cannot_be_changed(storage: SqlStorage) -> None:
    room = DailyRoom(storage, number())
    post = await room.begin("time:09:00 zone:UTC days:daily changeable:no")
    await room.type_answer(ADA, post, "1960")
    again = await room.press(ADA, token_of(post, "Answer"))
    assert again.text.startswith("**Your answer is in already.** You answered **1960**.")


async def test_a_sealed_answer_leads_back_to_the_question(storage: SqlStorage) -> None:
    room = DailyRoom(storage, truth())
    post = await room.begin()
    sealed = await room.press(ADA, token_of(post, "True"))
    asked = await room.press(ADA, token_of(sealed, "Change my answer"))
    assert (truth().stem in asked.text, asked.fields[0].name) == (True, "Closes")
    changed = await room.press(ADA, token_of(asked, "False"))
    assert changed.text.startswith("**Your answer was changed.**")


async def test_my_answer_shows_the_question_to_whoever_has_not_answered(storage: SqlStorage) -> None:
    room = DailyRoom(storage, one())
    post = await room.begin()
    asked = await room.press(ADA, token_of(post, "My answer"))
    assert (asked.title, asked.tone) == ("Question of the day · 24 November 2026", Tone.QUESTION)
    assert (await room.choose(ADA, asked, FIRST)).text.startswith("**Your answer is in.**")


async def test_a_number_that_cannot_be_read_counts_nothing(storage: SqlStorage) -> None:
    room = DailyRoom(storage, number())
    post = await room.begin()
    form = await room.form(ADA, token_of(post, "Answer"))
    said = refusal_of(await room.sent(ADA, form.action.encode(), {"answer": "about *two* thousand"}))
    assert "Nothing was counted." in said
    assert "Press Answer again" in said
    assert await room.answers() == []
    await room.live_until(room.clock.at + timedelta(minutes=1))
    assert room.post.edits == 0


async def test_names_are_shown_but_not_of_those_who_hide_and_never_as_markup(storage: SqlStorage) -> None:
    room = DailyRoom(storage, truth())
    post = await room.begin()
    await hide(storage, await enter(storage, "Bob"))
    people = [
        ADA,
        BOB,
        someone("*Eve* <@1> @everyone\n[x](https://x.example)"),
        someone("\u202e\u200b"),
        someone("N" * 90),
    ]
    for who in people:
        await room.press(who, token_of(post, "True"))
        room.clock.pass_time(seconds=1)
    await room.live_until(room.clock.at + timedelta(minutes=1))
    assert room.post.edits < len(people)
    assert room.post.message.fields[1].value == (
        r"5: Ada, \*Eve\* \<\@1\> \@everyone \[x\]\(https\:…, Somebody, " + "N" * 31 + "… and 1 more"
    )


async def test_a_post_on_which_all_hide_shows_their_number(storage: SqlStorage) -> None:
    room = DailyRoom(storage, truth())
    post = await room.begin()
    await hide(storage, await enter(storage, "Bob"))
    await room.press(BOB, token_of(post, "True"))
    await room.live_until(room.clock.at + timedelta(minutes=1))
    assert room.post.message.fields[1].value == "1"
    result = await room.close()
    assert "Bob" not in str(result)
    assert result.fields[1].value == "Nobody this time."


async def test_many_answers_at_once_are_one_edit(storage: SqlStorage) -> None:
    room = DailyRoom(storage, truth())
    post = await room.begin()
    for place in range(30):
        await room.press(someone(f"Person {place}"), token_of(post, str(place % 2 == 0)))
    await room.live_until(room.clock.at + timedelta(minutes=1))
    assert room.post.edits == 1
    assert room.post.message.fields[1].value.startswith("30: Person 0, Person 1, ")
    assert room.post.message.fields[1].value.endswith(" and 18 more")


async def test_progress_shows_the_streak_of_somebody_whose_only_answer_is_sealed(storage: SqlStorage) -> None:
    room = DailyRoom(storage, truth())
    await room.press(ADA, token_of(await room.begin(), "True"))
    assert "**1 day**" in (await room.command(ADA, "progress")).text
