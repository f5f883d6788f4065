"""Reports: problems that people found with questions."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from adapters.storage.tables import reports
from adapters.storage.work import SqlStorage
from bot.judging import Report
from bot.persons import Person
from bot.ports import Storage
from bot.refs import WorkspaceRef
from tests.support import rows
from tests.support.world import HOME, MONDAY

AWAY = WorkspaceRef("test", "away")


async def _report(
    storage: Storage,
    person: Person,
    question: str = "cn-stride",
    revision: str = "0badf00d",
    note: str = "Look again.",
    workspace: WorkspaceRef = HOME,
) -> bool:
    async with storage.transaction() as work:
        return await work.reports.add(
            person=person.id,
            workspace=workspace,
            question=question,
            revision=revision,
            reason="wrong",
            note=note,
            now=MONDAY,
        )


async def test_a_report_is_kept_as_it_was_written(storage: SqlStorage) -> None:
    ada = await rows.enter(storage)
    assert await _report(storage, ada, note="The key's 'b' is\nwrong 🦉")
    async with storage.reading() as connection:
        (kept,) = await connection.execute(select(reports))
    assert kept._mapping == {
        "id": kept.id,
        "person_id": ada.id,
        "workspace": "test:home",
        "question": "cn-stride",
        "revision": "0badf00d",
        "reason": "wrong",
        "note": "The key's 'b' is\nwrong 🦉",
        "state": "open",
        "at": MONDAY,
    }


async def test_a_second_report_of_the_same_revision_is_told_so(storage: SqlStorage) -> None:
    ada = await rows.enter(storage)
    assert await _report(storage, ada, note="first")
    assert not await _report(storage, ada, note="second")
    async with storage.reading() as connection:
        assert (await connection.execute(select(reports.c.note))).scalars().all() == ["first"]


@pytest.mark.parametrize(("question", "revision"), [("cn-stride", "0badf11d"), ("op-adam", "0badf00d")])
async def test_another_question_or_revision_is_another_report(storage: Storage, question: str, revision: str) -> None:
    ada = await rows.enter(storage)
    assert await _report(storage, ada)
    assert await _report(storage, ada, question, revision)


async def test_another_persons_report_is_another_report(storage: Storage) -> None:
    assert await _report(storage, await rows.enter(storage, "Ada"))
    assert await _report(storage, await rows.enter(storage, "Bob"))


async def test_of_reports_at_once_one_is_kept(storage: SqlStorage) -> None:
    ada = await rows.enter(storage)
    kept = await asyncio.gather(*(_report(storage, ada) for _ in range(20)))
    assert sorted(kept) == [False] * 19 + [True]


async def test_a_report_in_another_workspace_is_another_report(storage: Storage) -> None:
    ada = await rows.enter(storage)
    assert await _report(storage, ada)
    assert await _report(storage, ada, workspace=AWAY)


async def test_open_reports_are_those_of_the_workspace_and_revision_newest_first(storage: Storage) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    await _report(storage, ada, note="first")
    await _report(storage, bob, note="second")
    await _report(storage, ada, revision="0badf11d", note="of another revision")
    await _report(storage, ada, question="op-adam", note="of another question")
    await _report(storage, bob, note="elsewhere", workspace=AWAY)
    async with storage.snapshot() as work:
        assert await work.reports.open(HOME, "cn-stride", "0badf00d") == [
            Report("wrong", "second", MONDAY),
            Report("wrong", "first", MONDAY),
        ]


async def test_what_waits_is_counted_most_first(storage: Storage) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    await _report(storage, ada, question="ac-relu")
    await _report(storage, ada)
    await _report(storage, bob)
    await _report(storage, ada, question="op-adam", revision="")
    await _report(storage, ada, question="op-adam", workspace=AWAY)
    async with storage.snapshot() as work:
        assert list((await work.reports.waiting(HOME)).items()) == [
            (("cn-stride", "0badf00d"), 2),
            (("ac-relu", "0badf00d"), 1),
            (("op-adam", ""), 1),
        ]
