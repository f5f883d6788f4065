"""Chores are done, and one that fails stops no other."""

from __future__ import annotations

from structlog.testing import capture_logs

from scheduler.sweep import Chore, Sweep


async def test_every_chore_is_done_though_one_fails() -> None:
    done: list[str] = []

    async def fails() -> int:
        raise RuntimeError("the words of an error")

    async def works() -> int:
        done.append("works")
        return 3

    with capture_logs() as logs:
        await Sweep((Chore("first", fails), Chore("second", works))).tick()
    assert done == ["works"]
    assert [(entry["event"], entry["chore"]) for entry in logs] == [("chore failed", "first"), ("cleared", "second")]
    assert "words of an error" not in str(logs)


async def test_nothing_to_clear_is_not_logged() -> None:
    async def idle() -> int:
        return 0

    with capture_logs() as logs:
        await Sweep((Chore("idle", idle),)).tick()
    assert logs == []
