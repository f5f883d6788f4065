"""Rulings: each for its own workspace, the last one counts, and reports are closed by it."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from bot.judging import Ruling
from bot.persons import Person
from bot.ports import Storage
from bot.refs import WorkspaceRef
from tests.support import rows
from tests.support.world import HOME, MONDAY

AWAY = WorkspaceRef("test", "away")
REVISION = "0badf00d"
STRIDE = ("cn-stride", REVISION)


async def _rule(
    storage: Storage, person: Person, *, out: bool, workspace: WorkspaceRef = HOME, now: datetime = MONDAY
) -> None:
    async with storage.transaction() as work:
        await work.rulings.rule(
            person=person.id, workspace=workspace, question="cn-stride", revision=REVISION, out=out, now=now
        )


async def _report(
    storage: Storage, *names: str, workspace: WorkspaceRef = HOME, question: str = "cn-stride", revision: str = REVISION
) -> None:
    for name in names:
        person = await rows.enter(storage, name)
        async with storage.transaction() as work:
            assert await work.reports.add(
                person=person.id,
                workspace=workspace,
                question=question,
                revision=revision,
                reason="key",
                note="",
                now=MONDAY,
            )


async def _withdrawn(storage: Storage, least: int = 3) -> set[tuple[str, tuple[str, str]]]:
    async with storage.snapshot() as work:
        return set(await work.rulings.withdrawn(least))


async def _ruling(storage: Storage, workspace: WorkspaceRef = HOME) -> Ruling | None:
    async with storage.snapshot() as work:
        return await work.rulings.get(workspace, *STRIDE)


async def test_without_rulings_and_reports_everything_is_drawn(storage: Storage) -> None:
    assert await _ruling(storage) is None
    assert await _withdrawn(storage) == set()


async def test_a_ruling_is_kept_with_who_and_when_in_its_workspace_alone(storage: Storage) -> None:
    await _rule(storage, await rows.enter(storage, "Grace"), out=True)
    assert await _ruling(storage) == Ruling(out=True, by="Grace", at=MONDAY)
    assert await _ruling(storage, AWAY) is None
    assert await _withdrawn(storage) == {("test:home", STRIDE)}


async def test_the_last_ruling_counts(storage: Storage) -> None:
    grace, alan = await rows.enter(storage, "Grace"), await rows.enter(storage, "Alan")
    await _rule(storage, grace, out=True)
    await _rule(storage, alan, out=False, now=MONDAY + timedelta(hours=1))
    assert await _ruling(storage) == Ruling(out=False, by="Alan", at=MONDAY + timedelta(hours=1))
    assert await _withdrawn(storage) == set()


async def test_of_rulings_at_once_one_is_the_last(storage: Storage) -> None:
    people = [await rows.enter(storage, f"M{number}") for number in range(10)]
    await asyncio.gather(*(_rule(storage, one, out=one.id % 2 == 0) for one in people))
    ruling = await _ruling(storage)
    assert ruling is not None
    assert await _withdrawn(storage) == ({("test:home", STRIDE)} if ruling.out else set())


async def test_enough_open_reports_of_one_workspace_and_revision_withdraw_a_question(storage: Storage) -> None:
    await _report(storage, "Ada", "Bob")
    await _report(storage, "Cyd", workspace=AWAY)
    await _report(storage, "Cyd", revision="0badf11d")
    await _report(storage, "Cyd", question="op-adam")
    assert await _withdrawn(storage) == set()
    await _report(storage, "Cyd")
    assert await _withdrawn(storage) == {("test:home", STRIDE)}
    assert await _withdrawn(storage, 4) == set()


async def test_a_ruling_closes_the_reports_of_its_workspace_and_revision(storage: Storage) -> None:
    for workspace in (HOME, AWAY):
        await _report(storage, "Ada", "Bob", "Cyd", workspace=workspace)
    await _report(storage, "Ada", revision="")
    await _rule(storage, await rows.enter(storage, "Grace"), out=False)
    async with storage.snapshot() as work:
        assert await work.reports.waiting(HOME) == {("cn-stride", ""): 1}
        assert await work.reports.waiting(AWAY) == {STRIDE: 3}
    assert await _withdrawn(storage) == {("test:away", STRIDE)}


async def test_after_a_ruling_new_reports_count_anew(storage: Storage) -> None:
    await _report(storage, "Ada", "Bob", "Cyd")
    await _rule(storage, await rows.enter(storage, "Grace"), out=False)
    await _report(storage, "Dan", "Eve")
    assert await _withdrawn(storage) == set()
    await _report(storage, "Fay")
    assert await _withdrawn(storage) == {("test:home", STRIDE)}


async def test_reports_and_a_ruling_withdraw_once(storage: Storage) -> None:
    await _rule(storage, await rows.enter(storage, "Grace"), out=True)
    await _report(storage, "Ada", "Bob", "Cyd")
    async with storage.snapshot() as work:
        assert list(await work.rulings.withdrawn(3)) == [("test:home", STRIDE)]
