"""Practising from the first question to the next, as people do it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from adapters.storage.work import SqlStorage
from bot.commands import Answer
from bot.features.result_view import AGAIN
from bot.message import Message, TextInput, Tone
from questions.model import Question
from tests.support.items import many, number, one, order, right, text, truth, wrong
from tests.support.responder import Responded
from tests.support.room import ADA, Room, answer_of, letter_of, question_of, refusal_of, token_of

ALREADY = "You have answered or skipped this one already. Press Next for another question."
STEPS = order().steps
Act = Callable[[Room, Message], Awaitable[Message]]


def pick(option: str) -> Act:
    async def act(room: Room, message: Message) -> Message:
        return await room.press(ADA, token_of(message, letter_of(message, option)))

    return act


def tick(*options: str) -> Act:
    async def act(room: Room, message: Message) -> Message:
        letters = [letter_of(message, option) for option in options]
        return await room.press(ADA, token_of(message, "Choose all that apply"), *letters)

    return act


def say(label: str) -> Act:
    async def act(room: Room, message: Message) -> Message:
        return await room.press(ADA, token_of(message, label))

    return act


def write(typed: str) -> Act:
    async def act(room: Room, message: Message) -> Message:
        return await room.type_answer(ADA, message, typed)

    return act


def arrange(*places: int) -> Act:
    async def act(room: Room, message: Message) -> Message:
        for letter in [letter_of(message, STEPS[place]) for place in places]:
            message = await room.press(ADA, token_of(message, letter))
        return await room.press(ADA, token_of(message, "Submit"))

    return act


ANSWERS: list[tuple[str, Question, Act, str, Tone]] = [
    ("one, right", one(), pick("Max pooling, 2×2 with stride 2"), "Right · +15 points", Tone.GOOD),
    ("one, wrong", one(), pick("Batch norm with momentum 0.5"), "Not right", Tone.BAD),
    ("many, right", many(), tick("Dropout", "Weight decay"), "Right · +15 points", Tone.GOOD),
    ("many, half", many(), tick("Dropout"), "Partly right (50 %) · +7 points", Tone.PARTIAL),
    ("many, all", many(), tick(*(option.text for option in many().options)), "Not right", Tone.BAD),
    ("truth, right", truth(), say("False"), "Right · +15 points", Tone.GOOD),
    ("truth, wrong", truth(), say("True"), "Not right", Tone.BAD),
    ("number, right", number(), write("1.96k"), "Right · +15 points", Tone.GOOD),
    ("number, wrong", number(), write("1920"), "Not right", Tone.BAD),
    ("order, right", order(), arrange(0, 1, 2, 3, 4), "Right · +15 points", Tone.GOOD),
    ("order, one swap", order(), arrange(1, 0, 2, 3, 4), "Partly right (80 %) · +12 points", Tone.PARTIAL),
    ("order, backwards", order(), arrange(4, 3, 2, 1, 0), "Not right", Tone.BAD),
]


@pytest.mark.parametrize(
    ("question", "act", "title", "tone"), [row[1:] for row in ANSWERS], ids=[row[0] for row in ANSWERS]
)
async def test_each_kind_is_answered(storage: SqlStorage, question: Question, act: Act, title: str, tone: Tone) -> None:
    room = Room(storage, question)
    result = await act(room, await room.command(ADA, "practice"))
    assert (result.title, result.tone) == (title, tone)
    assert question.explanation in result.text


@pytest.mark.parametrize(
    ("question", "act", "told"),
    [
        (number(), write("1920"), "The 40 biases were forgotten."),
        (number(), write("7/8"), r"You answered 7\/8."),
        (order(), arrange(1, 0, 2, 3, 4), "**A common mistake:** Moving the weights"),
        (truth(), say("True"), "It takes depth for power"),
        (one(), pick("Batch norm with momentum 0.5"), "Batch norm with momentum 0.5 — **your choice**"),
    ],
)
async def test_a_wrong_answer_is_told_which_mistake_it_is(
    storage: SqlStorage, question: Question, act: Act, told: str
) -> None:
    room = Room(storage, question)
    assert told in (await act(room, await room.command(ADA, "practice"))).text


async def test_the_first_question_is_private_and_its_answer_replaces_it(storage: SqlStorage) -> None:
    room = Room(storage, truth())
    asked = await room.typed(ADA, "practice")
    assert isinstance(asked, Responded)
    assert asked.answer is Answer.PRIVATE
    told = await room.pressed(ADA, token_of(asked.message, "False"))
    assert isinstance(told, Responded)
    assert told.answer is Answer.UPDATE


async def test_a_hint_is_shown_and_costs_points(storage: SqlStorage) -> None:
    room = Room(storage, truth())
    asked = await room.command(ADA, "practice")
    assert "15 points" in asked.footer
    hinted = await room.press(ADA, token_of(asked, "Hint (−5 points)"))
    assert "**Hint:** Count what goes in and what comes out." in hinted.text
    assert "10 points" in hinted.footer
    result = await room.press(ADA, token_of(hinted, "False"))
    assert result.title == "Right · +10 points"
    assert result.footer.startswith("+10 points: right, with a hint · ")


async def test_a_hint_keeps_the_steps_placed_so_far(storage: SqlStorage) -> None:
    room = Room(storage, order())
    placed = await room.press(ADA, token_of(await room.command(ADA, "practice"), "B"))
    hinted = await room.press(ADA, token_of(placed, "Hint (−5 points)"))
    assert "Your order so far: **B**" in hinted.text
    assert "**Hint:**" in hinted.text


async def test_a_placed_step_is_taken_back(storage: SqlStorage) -> None:
    room = Room(storage, order())
    asked = await room.command(ADA, "practice")
    placed = await room.press(ADA, token_of(asked, "B"))
    assert await room.press(ADA, token_of(placed, "Undo")) == asked


async def test_skipping_shows_another_and_closes_this_one(storage: SqlStorage) -> None:
    room = Room(storage, truth(), one())
    asked = await room.command(ADA, "practice", "kind:truth")
    room.bank = Room(storage, truth(), truth(id="ml-other", stem="Another one.")).bank
    other = await room.press(ADA, token_of(asked, "Skip"))
    assert question_of(other) == "ml-other"
    assert refusal_of(await room.pressed(ADA, token_of(asked, "False"))) == ALREADY
    assert refusal_of(await room.pressed(ADA, token_of(asked, "Skip"))) == ALREADY


@pytest.mark.parametrize("way_on", ["Next", "Skip"])
async def test_the_way_on_keeps_the_wish(storage: SqlStorage, way_on: str) -> None:
    wanted: list[Question] = [number(id=f"cn-n{at}", level="easy") for at in range(4)]
    others: list[Question] = [
        one(id="cn-one", level="easy"),
        number(id="cn-hard", level="hard"),
        number(id="op-n", level="easy"),
    ]
    room = Room(storage, *wanted, *others)
    message = await room.command(ADA, "practice", "cnn easy number")
    seen = {question_of(message)}
    for _ in wanted[1:]:
        if way_on == "Next":
            message = await room.type_answer(ADA, message, "1960")
        message = await room.press(ADA, token_of(message, way_on))
        seen.add(question_of(message))
    assert seen == {question.id for question in wanted}


async def test_what_was_never_seen_comes_first_and_then_what_was_seen_longest_ago(storage: SqlStorage) -> None:
    room = Room(storage, *(truth(id=f"ml-t{at}") for at in range(4)))
    seen = []
    for _ in range(8):
        seen.append(question_of(await room.command(ADA, "practice")))
        room.clock.pass_time(minutes=1)
    assert sorted(seen[:4]) == ["ml-t0", "ml-t1", "ml-t2", "ml-t3"]
    assert seen[4:] == seen[:4]


async def test_an_act_that_comes_after_the_answer_counts_nothing_and_shows_the_outcome_again(
    storage: SqlStorage,
) -> None:
    room = Room(storage, truth())
    asked = await room.command(ADA, "practice")
    first = await room.press(ADA, token_of(asked, "False"))
    for label in ("True", "Hint (−5 points)", "Skip"):
        again = await room.press(ADA, token_of(asked, label))
        assert again.text == f"{AGAIN}\n\n{first.text}"
        assert (again.title, again.rows, again.tone) == (first.title, first.rows, first.tone)
        assert again.footer.startswith("+15 points: right · `")


@pytest.mark.parametrize(
    ("question", "response"),
    [(one(), "A"), (many(), "AB"), (truth(), "T"), (order(), "BACDE")],
    ids=["one", "many", "truth", "order"],
)
async def test_an_outcome_is_the_same_when_it_is_shown_again(
    storage: SqlStorage, question: Question, response: str
) -> None:
    room = Room(storage, question)
    await room.command(ADA, "practice")
    first = await room.press(ADA, f"answer.1:1:{response}")
    assert (await room.press(ADA, "answer.1:1:F")).text == f"{AGAIN}\n\n{first.text}"


async def test_an_outcome_that_earned_nothing_says_so_again(storage: SqlStorage) -> None:
    room = Room(storage, number())
    asked = await room.command(ADA, "practice")
    first = await room.type_answer(ADA, asked, "7")
    again = await room.send(ADA, "typed.1:1", answer="1960")
    assert again.text == f"{AGAIN}\n\n{first.text}"
    assert again.footer.startswith("No points: this answer earned none")


async def test_what_was_skipped_is_not_shown_again(storage: SqlStorage) -> None:
    room = Room(storage, truth())
    asked = await room.command(ADA, "practice")
    await room.press(ADA, token_of(asked, "Skip"))
    for label in ("True", "Skip"):
        assert refusal_of(await room.pressed(ADA, token_of(asked, label))) == ALREADY


async def test_of_answers_at_once_one_counts(storage: SqlStorage) -> None:
    room = Room(storage, truth())
    asked = await room.command(ADA, "practice")
    replies = await asyncio.gather(*(room.pressed(ADA, token_of(asked, "False")) for _ in range(5)))
    told = [reply.message.text.startswith(AGAIN) for reply in replies if isinstance(reply, Responded)]
    assert sorted(told) == [False, True, True, True, True]
    assert "+15" in (await room.command(ADA, "progress", "points")).text
    assert (await room.command(ADA, "progress")).fields[0].value.startswith("1, of which 1")


async def test_options_stay_where_they_were_shown(storage: SqlStorage) -> None:
    options = [right("Right"), *(wrong(f"Wrong {at}") for at in range(4))]
    room = Room(storage, one(options=options))
    asked = [await room.command(ADA, "practice") for _ in range(6)]
    assert len({message.text for message in asked}) > 1
    for message in asked:
        result = await room.press(ADA, token_of(message, letter_of(message, "Right")))
        assert result.title.startswith("Right")


async def test_the_form_names_the_unit(storage: SqlStorage) -> None:
    room = Room(storage, number(unit="GB", slips=[]))
    form = await room.form(ADA, token_of(await room.command(ADA, "practice"), "Answer"))
    assert [(field.name, field.label) for field in form.inputs] == [("answer", "One number in GB")]


async def test_free_text_has_room_for_sentences(storage: SqlStorage) -> None:
    room = Room(storage, text())
    form = await room.form(ADA, token_of(await room.command(ADA, "practice"), "Answer"))
    [field] = form.inputs
    assert isinstance(field, TextInput)
    assert (field.multiline, field.most) == (True, 3000)


async def test_free_text_is_marked_by_its_person_and_earns_nothing(storage: SqlStorage) -> None:
    room = Room(storage, text())
    asked = await room.command(ADA, "practice")
    assert "earns no points" in asked.footer
    revealed = await room.type_answer(ADA, asked, "Gradients *vanish*.")
    assert r"**Your answer:** Gradients \*vanish\*\." in revealed.text
    assert await room.press(ADA, token_of(asked, "Skip")) == revealed
    result = await room.press(ADA, token_of(revealed, "Which points did your answer make?"), "A", "C")
    assert (result.title, result.tone) == ("You gave yourself 70 %", Tone.GOOD)
    assert "✓ **A.** Gradients shrink" in result.text
    assert "✗ **B.** A residual connection" in result.text
    assert result.footer.startswith("No points: answers that you mark yourself earn no points · streak: 1 day · ")
    assert refusal_of(await room.pressed(ADA, token_of(revealed, "None of them"))) == ALREADY


async def test_free_text_may_have_met_no_point(storage: SqlStorage) -> None:
    room = Room(storage, text())
    revealed = await room.type_answer(ADA, await room.command(ADA, "practice"), "Overfitting.")
    result = await room.press(ADA, token_of(revealed, "None of them"))
    assert (result.title, result.tone) == ("You gave yourself 0 %", Tone.BAD)


async def test_a_topic_is_found_by_alias_and_an_unknown_one_is_told_some(storage: SqlStorage) -> None:
    room = Room(storage, truth(id="cn-t"), truth(id="ml-t"))
    assert question_of(await room.command(ADA, "practice", 'topic:"Convolutional networks"')) == "cn-t"
    told = refusal_of(await room.typed(ADA, "practice", "topic:" + "*" * 2000))
    assert told.startswith(r"I do not know the topic \*\*")
    assert "Try one like `" in told


async def test_a_wish_that_nothing_fits_is_told_so(storage: SqlStorage) -> None:
    room = Room(storage, truth())
    told = refusal_of(await room.typed(ADA, "practice", "kind:order"))
    assert told == "The bank has no question like that yet. Try `/practice` with fewer conditions."
    assert refusal_of(await room.pressed(ADA, "next.1:XX_easy_one")) == told
    assert answer_of(await room.pressed(ADA, "next.1:what-is-this")).tone is Tone.QUESTION


async def test_a_level_is_not_taken_for_the_start_of_a_topics_name(storage: SqlStorage) -> None:
    room = Room(storage, truth(id="ml-hard", level="hard"), truth(id="hw-easy", subtopic="HW1", level="easy"))
    assert "ml-hard" in (await room.command(ADA, "practice", "hard")).footer
