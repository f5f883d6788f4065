"""Servings: questions shown, and what became of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.ports import Serving, Storage, TopicRecord
from bot.refs import WorkspaceRef
from tests.support import rows
from tests.support.world import HOME, MONDAY


async def test_a_question_comes_back_as_it_was_shown(storage: Storage) -> None:
    ada = await rows.enter(storage)
    shown = await rows.serve(storage, ada, question="cn-stride", order=(2, 0, 1))
    assert await rows.serving(storage, shown) == Serving(
        id=shown,
        person=ada.id,
        workspace=HOME,
        question="cn-stride",
        revision="0badf00d",
        wanted="CN_easy_",
        order=(2, 0, 1),
        state="open",
        hinted=False,
        response="",
        score=0,
    )


async def test_a_seed_comes_back(storage: Storage) -> None:
    ada = await rows.enter(storage)
    for seed in (0, 1, 2**63 - 1):
        kept = await rows.serving(storage, await rows.serve(storage, ada, seed=seed))
        assert kept is not None
        assert kept.seed == seed


@pytest.mark.parametrize("order", [(), (0,), (5, 4, 3, 2, 1, 0)])
async def test_an_order_of_any_length_comes_back(storage: Storage, order: tuple[int, ...]) -> None:
    shown = await rows.serve(storage, await rows.enter(storage), order=order)
    kept = await rows.serving(storage, shown)
    assert kept is not None
    assert kept.order == order


@pytest.mark.parametrize("workspace", [WorkspaceRef("slack", "T024BE7LD"), WorkspaceRef("other", "a:b:c")])
async def test_the_workspace_comes_back(storage: Storage, workspace: WorkspaceRef) -> None:
    shown = await rows.serve(storage, await rows.enter(storage), workspace=workspace)
    kept = await rows.serving(storage, shown)
    assert kept is not None
    assert kept.workspace == workspace


async def test_a_serving_that_never_was_is_none(storage: Storage) -> None:
    assert await rows.serving(storage, 1) is None


async def test_the_same_question_shown_again_is_another_serving(storage: Storage) -> None:
    ada = await rows.enter(storage)
    assert await rows.serve(storage, ada) != await rows.serve(storage, ada)


async def test_a_question_is_seen_when_it_was_last_shown(storage: Storage) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    hour = timedelta(hours=1)
    await rows.serve(storage, ada, question="cn-stride", now=MONDAY)
    await rows.serve(storage, ada, question="op-adam", now=MONDAY + hour)
    await rows.serve(storage, ada, question="cn-stride", now=MONDAY + 2 * hour)
    await rows.serve(storage, bob, question="cn-stride", now=MONDAY + 3 * hour)
    async with storage.snapshot() as work:
        assert await work.servings.last_seen(ada.id) == {
            "cn-stride": MONDAY + 2 * hour,
            "op-adam": MONDAY + hour,
        }


async def test_somebody_new_has_seen_nothing(storage: Storage) -> None:
    ada = await rows.enter(storage)
    async with storage.snapshot() as work:
        assert await work.servings.last_seen(ada.id) == {}


async def test_an_open_question_takes_a_hint(storage: Storage) -> None:
    ada = await rows.enter(storage)
    shown = await rows.serve(storage, ada)
    before = await rows.serving(storage, shown)
    async with storage.transaction() as work:
        assert await work.servings.hint(shown, ada.id)
    assert before is not None
    assert await rows.serving(storage, shown) == replace(before, hinted=True)


async def test_another_persons_question_takes_no_hint(storage: Storage) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    shown = await rows.serve(storage, ada)
    before = await rows.serving(storage, shown)
    async with storage.transaction() as work:
        assert not await work.servings.hint(shown, bob.id)
    assert await rows.serving(storage, shown) == before


@pytest.mark.parametrize("state", ["revealed", "answered", "skipped"])
async def test_a_question_that_is_not_open_takes_no_hint(storage: Storage, state: str) -> None:
    ada = await rows.enter(storage)
    shown = await rows.serve(storage, ada)
    async with storage.transaction() as work:
        await work.servings.close(shown, ada.id, expected="open", state=state, response="", score=0, now=MONDAY)
        assert not await work.servings.hint(shown, ada.id)


async def test_a_serving_that_never_was_takes_no_hint(storage: Storage) -> None:
    ada = await rows.enter(storage)
    async with storage.transaction() as work:
        assert not await work.servings.hint(1, ada.id)


async def test_an_answer_is_kept(storage: Storage) -> None:
    ada = await rows.enter(storage)
    shown, other = await rows.serve(storage, ada), await rows.serve(storage, ada)
    before, untouched = await rows.serving(storage, shown), await rows.serving(storage, other)
    async with storage.transaction() as work:
        assert await work.servings.close(
            shown, ada.id, expected="open", state="answered", response="02", score=667, now=MONDAY
        )
    assert before is not None
    assert await rows.serving(storage, shown) == replace(before, state="answered", response="02", score=667)
    assert await rows.serving(storage, other) == untouched


@pytest.mark.parametrize("typed", ["", "Because\n  gradients 'vanish'; -- \\ %s :x", "Ω≈ç 🦉 \u200fשלום", "x" * 3000])
async def test_what_was_typed_comes_back_as_it_was(storage: Storage, typed: str) -> None:
    ada = await rows.enter(storage)
    shown = await rows.serve(storage, ada)
    async with storage.transaction() as work:
        await work.servings.close(shown, ada.id, expected="open", state="revealed", response=typed, score=0, now=MONDAY)
    kept = await rows.serving(storage, shown)
    assert kept is not None
    assert kept.response == typed


async def test_a_serving_closes_only_from_the_expected_state(storage: Storage) -> None:
    ada = await rows.enter(storage)
    shown = await rows.serve(storage, ada)
    async with storage.transaction() as work:
        moves = [
            await work.servings.close(shown, ada.id, expected=expected, state=state, response="", score=0, now=MONDAY)
            for expected, state in [
                ("revealed", "answered"),
                ("open", "revealed"),
                ("open", "answered"),
                ("revealed", "answered"),
                ("open", "skipped"),
            ]
        ]
    assert moves == [False, True, False, True, False]


async def test_another_persons_question_cannot_be_closed(storage: Storage) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    shown = await rows.serve(storage, ada)
    before = await rows.serving(storage, shown)
    async with storage.transaction() as work:
        assert not await work.servings.close(
            shown, bob.id, expected="open", state="answered", response="0", score=1000, now=MONDAY
        )
    assert await rows.serving(storage, shown) == before


async def test_a_serving_that_never_was_cannot_be_closed(storage: Storage) -> None:
    ada = await rows.enter(storage)
    async with storage.transaction() as work:
        assert not await work.servings.close(
            1, ada.id, expected="open", state="answered", response="0", score=1000, now=MONDAY
        )


async def test_graded_answers_add_up_by_topic(storage: Storage) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    async with storage.transaction() as work:
        for topic, score in [("OP", 0), ("CN", 1000), ("CN", 667), ("CN", 999), ("CN", 1000)]:
            await work.servings.count(ada.id, topic, score)
        await work.servings.count(bob.id, "CN", 1000)
    async with storage.snapshot() as work:
        assert list(await work.servings.record(ada.id)) == [
            TopicRecord("CN", answered=4, right=2, score=3666),
            TopicRecord("OP", answered=1, right=0, score=0),
        ]


async def test_somebody_new_has_no_record(storage: Storage) -> None:
    ada = await rows.enter(storage)
    async with storage.snapshot() as work:
        assert list(await work.servings.record(ada.id)) == []
