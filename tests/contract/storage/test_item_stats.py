"""Statistics of questions: each person's first answer counts, once, and history says the same."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from bot.judging import Answered
from bot.persons import Person
from bot.ports import Storage
from questions.statistics import WHOLE, Sums, Tally
from tests.support import rows
from tests.support.world import MONDAY

REVISION = "0badf00d"
NEW = 500
"""The ability of somebody without a record."""


async def _answer(
    storage: Storage,
    person: Person,
    question: str = "cn-stride",
    *,
    revision: str = REVISION,
    chosen: Sequence[int] = (),
    score: int = 1000,
) -> bool:
    """Count an answer as the use case does; true if it was the first."""
    await rows.serve(storage, person, question=question)
    async with storage.transaction() as work:
        first = await work.item_stats.add(
            person=person.id, question=question, revision=revision, chosen=chosen, score=score
        )
        await work.servings.count(person.id, question[:2].upper(), score)
    return first


async def _tally(storage: Storage, question: str = "cn-stride", revision: str = REVISION) -> Tally:
    async with storage.snapshot() as work:
        return await work.item_stats.get(question, revision)


async def test_a_question_nobody_answered_has_no_sums(storage: Storage) -> None:
    await rows.serve(storage, await rows.enter(storage))
    assert await _tally(storage) == {}


async def test_answers_add_up_as_a_whole_and_by_option(storage: Storage) -> None:
    for name, chosen, score in (("Ada", (0, 2), 500), ("Bob", (2,), 0), ("Cyd", (0, 1), 1000)):
        assert await _answer(storage, await rows.enter(storage, name), chosen=chosen, score=score)
    ada, bob, cyd = (Sums.of(score, NEW) for score in (500, 0, 1000))
    assert await _tally(storage) == {WHOLE: ada + bob + cyd, 0: ada + cyd, 1: cyd, 2: ada + bob}


async def test_a_persons_later_answers_do_not_count_whatever_the_revision(storage: Storage) -> None:
    ada = await rows.enter(storage)
    firsts = [await _answer(storage, ada, revision=revision) for revision in (REVISION, REVISION, "0badf11d")]
    assert firsts == [True, False, False]
    assert await _tally(storage) == {WHOLE: Sums.of(1000, NEW)}
    assert await _tally(storage, revision="0badf11d") == {}


async def test_ability_is_what_the_person_had_before(storage: Storage) -> None:
    ada = await rows.enter(storage)
    await _answer(storage, ada, "op-adam", score=1000)
    await _answer(storage, ada, "cn-pool", score=0)
    await _answer(storage, ada, score=0)
    assert await _tally(storage) == {WHOLE: Sums.of(0, 2000 // 4)}
    assert await _tally(storage, "cn-pool") == {WHOLE: Sums.of(0, 2000 // 3)}


async def test_an_answer_that_is_rolled_back_was_none(storage: Storage) -> None:
    ada = await rows.enter(storage)
    await rows.serve(storage, ada)
    try:
        async with storage.transaction() as work:
            await work.item_stats.add(person=ada.id, question="cn-stride", revision=REVISION, chosen=(1,), score=0)
            raise RuntimeError  # noqa: TRY301 - what any failure does
    except RuntimeError:
        pass
    assert await _tally(storage) == {}
    assert await _answer(storage, ada)


async def test_of_answers_of_many_people_at_once_none_is_lost(storage: Storage) -> None:
    people = [await rows.enter(storage, f"P{number}") for number in range(20)]
    # Half of them choose the options the other way round, which must not make two wait for each other.
    acts = (_answer(storage, one, chosen=(0, 1) if one.id % 2 else (1, 0)) for one in people)
    assert await asyncio.gather(*acts) == [True] * 20
    assert {place: sums.answers for place, sums in (await _tally(storage)).items()} == {WHOLE: 20, 0: 20, 1: 20}


async def test_only_questions_with_enough_answers_are_read(storage: Storage) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    await _answer(storage, ada, chosen=(1,))
    await _answer(storage, bob)
    await _answer(storage, ada, "op-adam", revision="")
    async with storage.snapshot() as work:
        wholes, tallies = await work.item_stats.wholes(2), await work.item_stats.tallies()
    assert wholes == {("cn-stride", REVISION): (await _tally(storage))[WHOLE]}
    assert tallies == {
        ("cn-stride", REVISION): await _tally(storage),
        ("op-adam", ""): await _tally(storage, "op-adam", ""),
    }


async def test_history_holds_graded_answers_alone_oldest_first(storage: Storage) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    shown = [await rows.serve(storage, who) for who in (ada, bob, ada, ada, ada)]
    late, soon = MONDAY + timedelta(hours=1), MONDAY
    async with storage.transaction() as work:
        for serving, who, state, score, at in (
            (shown[0], ada, "answered", 0, late),
            (shown[1], bob, "answered", 1000, soon),
            (shown[2], ada, "answered", 500, soon),
            (shown[3], ada, "skipped", 0, soon),
        ):
            await work.servings.close(serving, who.id, expected="open", state=state, response="0", score=score, now=at)
    async with storage.transaction() as work:
        assert await work.item_stats.history() == [
            Answered(bob.id, "cn-stride", REVISION, "0", 1000),
            Answered(ada.id, "cn-stride", REVISION, "0", 500),
            Answered(ada.id, "cn-stride", REVISION, "0", 0),
        ]


async def test_sums_are_replaced_as_a_whole(storage: Storage) -> None:
    await _answer(storage, await rows.enter(storage), "op-adam")
    wanted: dict[tuple[str, str], Tally] = {
        (f"cn-{number}", REVISION): {WHOLE: Sums.of(number, NEW), 5: Sums.of(number, 0)} for number in range(300)
    }
    async with storage.transaction() as work:
        await work.item_stats.replace(wanted)
    async with storage.snapshot() as work:
        assert await work.item_stats.tallies() == wanted
    async with storage.transaction() as work:
        await work.item_stats.replace({})
    async with storage.snapshot() as work:
        assert await work.item_stats.tallies() == {}


async def test_nobody_counts_an_answer_while_history_is_counted_anew(storage: Storage) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    await _answer(storage, ada)
    async with storage.transaction() as work:
        await work.item_stats.history()
        answering = asyncio.create_task(_answer(storage, bob))
        done, _ = await asyncio.wait({answering}, timeout=0.05)
        assert not done
        await work.item_stats.replace({("cn-stride", REVISION): {WHOLE: Sums.of(1000, NEW)}})
    assert await answering
    assert (await _tally(storage))[WHOLE].answers == 2
