"""What others, other versions and hostile clients send: refused politely, and nothing is counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from adapters.storage.tables import reports
from adapters.storage.work import SqlStorage
from bot.features.result_view import AGAIN
from bot.message import ChoiceInput, TextInput, Tone
from bot.refs import Actor
from questions.model import Question
from tests.support.databases import KINDS, open_database
from tests.support.items import many, number, one, order, text, truth
from tests.support.responder import Failed, Responded
from tests.support.room import ADA, BOB, Room, answer_of, question_of, refusal_of, token_of
from tests.support.world import someone

NOT_YOURS = "This question was asked of somebody else. Type `/practice` for one of your own."
NOT_THERE = "This question is not there any more. Type `/practice` for another."
CHANGED = "This question was changed or taken out since you got it. Type `/practice` for another."
NO_ANSWER = "That is not an answer to this question. Nothing was counted. Use the question's own controls."
NAMES = ["hint", "skip", "choose", "form", "mark", "mark-none"]


@pytest.mark.parametrize("label", ["True", "False", "Hint (−5 points)", "Skip"])
async def test_a_stranger_is_refused(storage: SqlStorage, label: str) -> None:
    room = Room(storage, truth())
    asked = await room.command(ADA, "practice")
    assert refusal_of(await room.pressed(BOB, token_of(asked, label))) == NOT_YOURS
    await room.command(BOB, "practice")
    assert refusal_of(await room.pressed(BOB, token_of(asked, label))) == NOT_YOURS
    assert (await room.press(ADA, token_of(asked, "False"))).title == "Right · +15 points"


async def test_a_stranger_can_neither_type_nor_mark_nor_report(storage: SqlStorage) -> None:
    room = Room(storage, text())
    asked = await room.command(ADA, "practice")
    assert refusal_of(await room.pressed(BOB, token_of(asked, "Answer"))) == NOT_YOURS
    assert refusal_of(await room.sent(BOB, "typed.1:1", {"answer": "mine"})) == NOT_YOURS
    assert refusal_of(await room.sent(BOB, "reported.1:1", {"reason": "key"})) == NOT_YOURS
    revealed = await room.type_answer(ADA, asked, "Gradients vanish.")
    assert refusal_of(await room.pressed(BOB, token_of(revealed, "None of them"))) == NOT_YOURS


@pytest.mark.parametrize("serving", ["", "0", "2", "-1", "+1", "1.0", "1e0", "x", "01x", "9" * 18, "9" * 19, "9" * 60])
@pytest.mark.parametrize("name", NAMES)
async def test_a_serving_that_is_none_is_not_there(storage: SqlStorage, name: str, serving: str) -> None:
    room = Room(storage, truth())
    await room.command(ADA, "practice")
    assert refusal_of(await room.pressed(ADA, f"{name}.1:{serving}")) == NOT_THERE


@pytest.mark.parametrize("serving", ["", "0", "x", "9" * 19])
async def test_a_serving_that_is_none_takes_no_words(storage: SqlStorage, serving: str) -> None:
    room = Room(storage, truth())
    await room.command(ADA, "practice")
    assert refusal_of(await room.pressed(ADA, f"answer.1:{serving}:T")) == NOT_THERE
    assert refusal_of(await room.pressed(ADA, f"place.1:{serving}:A")) == NOT_THERE
    assert refusal_of(await room.sent(ADA, f"typed.1:{serving}", {"answer": "T"})) == NOT_THERE
    assert refusal_of(await room.sent(ADA, f"reported.1:{serving}", {"reason": "key"})) == NOT_THERE


@pytest.mark.parametrize(
    ("question", "responses"),
    [
        (one(), ["", "E", "AB", "0", "a"]),
        (many(), ["", "E", "AA", "ABCDE"]),
        (order(), ["", "ABCD", "AABCD", "ABCDEF"]),
        (truth(), ["", "true", "A", "TF"]),
        (number(), ["", "A", "1e999", "5GB"]),
    ],
    ids=["one", "many", "order", "truth", "number"],
)
async def test_a_malformed_answer_counts_nothing(storage: SqlStorage, question: Question, responses: list[str]) -> None:
    room = Room(storage, question)
    asked = await room.command(ADA, "practice")
    for response in responses:
        assert "Nothing was counted." in refusal_of(await room.pressed(ADA, f"answer.1:1:{response}"))
        assert "Nothing was counted." in refusal_of(await room.pressed(ADA, "choose.1:1", response))
        assert "Nothing was counted." in refusal_of(await room.sent(ADA, "typed.1:1", {"answer": response}))
    assert question_of(await room.press(ADA, token_of(asked, "Hint (−5 points)"))) == question.id
    assert (await room.command(ADA, "progress")).text.startswith("Nothing answered yet.")


async def test_a_number_that_cannot_be_read_may_be_written_again(storage: SqlStorage) -> None:
    room = Room(storage, number())
    asked = await room.command(ADA, "practice")
    told = refusal_of(await room.sent(ADA, "typed.1:1", {"answer": "<@1> many"}))
    assert told.startswith(r"I could not read that as a number: \'\<\@1\> many\'")
    assert (await room.type_answer(ADA, asked, "1960")).title == "Right · +15 points"


@pytest.mark.parametrize("placed", ["F", "AA", "ABCDEF", "a", "-", "1"])
async def test_a_malformed_order_is_refused_and_costs_no_hint(storage: SqlStorage, placed: str) -> None:
    room = Room(storage, order())
    asked = await room.command(ADA, "practice")
    assert refusal_of(await room.pressed(ADA, f"place.1:1:{placed}")) == NO_ANSWER
    assert refusal_of(await room.pressed(ADA, f"hint.1:1:{placed}")) == NO_ANSWER
    assert "15 points" in (await room.press(ADA, token_of(asked, "A"))).footer


@pytest.mark.parametrize("typed", ["", "   ", "\n"])
async def test_an_empty_text_is_no_answer(storage: SqlStorage, typed: str) -> None:
    room = Room(storage, text())
    asked = await room.command(ADA, "practice")
    told = refusal_of(await room.sent(ADA, "typed.1:1", {"answer": typed}))
    assert told == "The answer is empty. Nothing was counted. Press Answer and write a sentence or two."
    assert (await room.type_answer(ADA, asked, "Gradients.")).title == "Mark your own answer"


@pytest.mark.parametrize("kind", KINDS)
async def test_signs_that_a_database_refuses_do_not_lose_the_words(tmp_path: Path, kind: str) -> None:
    """JSON can carry a NUL, which PostgreSQL refuses, and half a surrogate pair, which neither database takes."""
    async with open_database(kind, tmp_path) as storage:
        room = Room(storage, text())
        revealed = await room.type_answer(ADA, await room.command(ADA, "practice"), "Gradients\0\ud800 vanish.")
        assert r"**Your answer:** Gradients vanish\." in revealed.text
        reply = await room.sent(ADA, "reported.1:1", {"reason": "other", "note": "It\0\ud800 is."})
        assert answer_of(reply).tone is Tone.GOOD


@pytest.mark.parametrize("kind", KINDS)
async def test_signs_that_a_database_refuses_may_come_with_a_press_too(tmp_path: Path, kind: str) -> None:
    async with open_database(kind, tmp_path) as storage:
        room = Room(storage, text())
        await room.command(ADA, "practice")
        reply = await room.pressed(ADA, "choose.1:1", "Gradients\0\ud800 vanish.")
        assert isinstance(reply, Responded | Failed)
        assert "broke" not in reply.message.text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "who",
    [someone("Eve\0\ud800"), someone("Eve", zone="\0\ud800"), someone("Eve", zone="x" * 300)],
    ids=["name", "zone", "long zone"],
)
async def test_whatever_a_platform_calls_somebody_they_can_practise(tmp_path: Path, kind: str, who: Actor) -> None:
    async with open_database(kind, tmp_path) as storage:
        room = Room(storage, number())
        assert (await room.earn(who)).title == "Right · +15 points"
        assert (await room.command(ADA, "leaderboard")).text == "**1.** Eve · 15 points"


async def test_a_form_without_its_field_is_no_answer(storage: SqlStorage) -> None:
    room = Room(storage, text())
    await room.command(ADA, "practice")
    assert "The answer is empty." in refusal_of(await room.sent(ADA, "typed.1:1", {}))


@pytest.mark.parametrize("met", [("D",), ("a",), ("",), ("AB",), ("A", "x"), ("0",)])
async def test_malformed_marks_are_refused(storage: SqlStorage, met: tuple[str, ...]) -> None:
    room = Room(storage, text())
    revealed = await room.type_answer(ADA, await room.command(ADA, "practice"), "Gradients.")
    token = token_of(revealed, "Which points did your answer make?")
    told = refusal_of(await room.pressed(ADA, token, *met))
    assert told == "Those are not this question's points. Choose among the points listed."
    assert (await room.press(ADA, token, "A", "B", "C")).title == "You gave yourself 100 %"


async def test_marks_come_after_the_answer(storage: SqlStorage) -> None:
    room = Room(storage, text(), number())
    await room.command(ADA, "practice", "kind:text")
    refusal_of(await room.pressed(ADA, "mark-none.1:1"))
    await room.earn(ADA)
    refusal_of(await room.pressed(ADA, "mark-none.1:2"))
    assert [field.value[:2] for field in (await room.command(ADA, "progress")).fields][:1] == ["1,"]


async def test_an_answered_question_opens_no_form_and_moves_no_step(storage: SqlStorage) -> None:
    room = Room(storage, number(), order())
    asked = await room.command(ADA, "practice", "kind:number")
    await room.type_answer(ADA, asked, "7")
    assert AGAIN in (await room.press(ADA, token_of(asked, "Answer"))).text
    asked = await room.command(ADA, "practice", "kind:order")
    await room.press(ADA, "answer.1:2:ABCDE")
    assert AGAIN in (await room.press(ADA, token_of(asked, "A"))).text


@pytest.mark.parametrize("later", [truth(answer=True), truth(id="ml-other")], ids=["changed", "taken out"])
async def test_a_question_that_changed_meanwhile_is_not_graded(storage: SqlStorage, later: Question) -> None:
    asked = await Room(storage, truth()).command(ADA, "practice")
    room = Room(storage, later)
    assert refusal_of(await room.pressed(ADA, token_of(asked, "False"))) == CHANGED
    assert refusal_of(await room.pressed(ADA, token_of(asked, "Hint (−5 points)"))) == CHANGED
    assert question_of(await room.press(ADA, token_of(asked, "Skip"))) == later.id


async def test_other_words_around_the_same_question_do_not_matter(storage: SqlStorage) -> None:
    asked = await Room(storage, truth()).command(ADA, "practice")
    room = Room(storage, truth(explanation="A better explanation.", hint="A better hint."))
    assert (await room.press(ADA, token_of(asked, "False"))).title == "Right · +15 points"


async def test_a_report_opens_a_form_and_is_kept_once(storage: SqlStorage) -> None:
    room = Room(storage, truth())
    asked = await room.command(ADA, "practice")
    form = await room.form(ADA, token_of(asked, "Report a problem"))
    assert [type(field) for field in form.inputs] == [ChoiceInput, TextInput]
    first = await room.send(ADA, form.action.encode(), reason="key", note="  It *is* true. " + "x" * 2000)
    again = await room.send(ADA, form.action.encode(), reason="wording", note="")
    assert first.tone is Tone.GOOD
    assert again.text == "You have reported this question already; your first report is kept."
    async with storage.reading() as connection:
        [kept] = await connection.execute(select(reports))
    assert (kept.question, kept.reason, kept.state, kept.note[:14]) == ("ml-truth", "key", "open", "It *is* true. ")
    assert len(kept.note) <= 1000


async def test_each_person_may_report_and_after_the_answer_too(storage: SqlStorage) -> None:
    room = Room(storage, truth())
    for who in (ADA, BOB):
        result = await room.press(who, token_of(await room.command(who, "practice"), "True"))
        form = await room.form(who, token_of(result, "Report a problem"))
        assert answer_of(await room.sent(who, form.action.encode(), {"reason": "other"})).tone is Tone.GOOD


@pytest.mark.parametrize("inputs", [{}, {"reason": ""}, {"reason": "spite"}, {"note": "x"}])
async def test_a_report_needs_a_reason(storage: SqlStorage, inputs: dict[str, str]) -> None:
    room = Room(storage, truth())
    await room.command(ADA, "practice")
    assert refusal_of(await room.sent(ADA, "reported.1:1", inputs)).startswith("A report needs a reason.")
