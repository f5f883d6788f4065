"""Questions with numbers of their own: other for each person and day, the same again after a restart."""

from __future__ import annotations

from dataclasses import replace

from bot.features.question_view import stem
from bot.message import Message, Tone
from bot.ports import Storage
from questions.generate import FAMILIES
from questions.model import Numeric
from tests.support.items import truth
from tests.support.room import Room, token_of
from tests.support.world import MONDAY, StillClock, someone

ADA, ALAN = someone("Ada"), someone("Alan")
FAMILY = FAMILIES["cn-conv-output-size"]


async def drawn(room: Room, serving: int) -> Numeric:
    """Return the question that was drawn."""
    async with room.storage.snapshot() as work:
        kept = await work.servings.get(serving)
    assert kept is not None
    question = room.bank.find(kept.question, kept.seed)
    assert isinstance(question, Numeric)
    assert question.revision == kept.revision
    return question


def serving_of(message: Message) -> int:
    return int(token_of(message, "Answer").split(":")[1])


async def test_a_family_is_asked_and_answered_like_any_question(storage: Storage) -> None:
    room = Room(storage, families=[FAMILY])
    asked = await room.command(ADA, "practice", "cnn kind:number")
    question = await drawn(room, serving_of(asked))
    assert stem(question) in asked.text
    told = await room.type_answer(ADA, asked, question.value)
    assert (told.tone, question.explanation in told.text) == (Tone.GOOD, True)


async def test_a_known_slip_is_told(storage: Storage) -> None:
    room = Room(storage, families=[FAMILY])
    asked = await room.command(ADA, "practice")
    question = await drawn(room, serving_of(asked))
    told = await room.type_answer(ADA, asked, question.slips[0].value)
    assert (told.tone, question.slips[0].why in told.text) == (Tone.BAD, True)


async def test_everybody_has_their_own_numbers_and_keeps_them_for_the_day(storage: Storage) -> None:
    room = Room(storage, families=[FAMILY])
    first, again = [await room.command(ADA, "practice") for _ in range(2)]
    other = await room.command(ALAN, "practice")
    assert first.text == again.text
    assert first.text != other.text


async def test_the_next_day_brings_other_numbers_before_anything_seen(storage: Storage) -> None:
    clock = StillClock()
    room = Room(storage, truth(), clock=clock, families=[FAMILY])
    seen = {(await room.command(ADA, "practice")).text for _ in range(2)}
    clock.pass_time(days=1)
    fresh = await room.command(ADA, "practice")
    assert fresh.text not in seen
    assert FAMILY.id in fresh.footer


async def test_a_day_is_the_persons_own(storage: Storage) -> None:
    clock = StillClock(MONDAY.replace(hour=22))
    room = Room(storage, families=[FAMILY], clock=clock)
    tokyo = replace(ADA, zone="Asia/Tokyo")
    before = await room.command(tokyo, "practice")
    clock.pass_time(hours=4)
    assert (await room.command(tokyo, "practice")).text == before.text
    clock.pass_time(hours=14)
    assert (await room.command(tokyo, "practice")).text != before.text


async def test_a_family_pays_once_in_a_season_whatever_its_numbers(storage: Storage) -> None:
    clock = StillClock()
    room = Room(storage, families=[FAMILY], clock=clock)
    titles = []
    for _ in range(2):
        asked = await room.command(ADA, "practice")
        question = await drawn(room, serving_of(asked))
        titles.append((await room.type_answer(ADA, asked, question.value)).title)
        clock.pass_time(days=1)
    assert titles[0].startswith("Right · +")
    assert titles[1] == "Right"
