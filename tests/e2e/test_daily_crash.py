"""Schedulers are killed at any instant: posts and reveals are there once, and no answer and no point is lost."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.e2e.daily_crash import Crash, opened_crash
from tests.support.databases import KINDS

PLATFORMS = ("discord", "slack")
RUNS, LONG_RUNS = 5, 100
databases = pytest.mark.parametrize("kind", KINDS)


async def crash(crash: Crash, runs: int) -> None:
    """Run with one, two and three schedulers in turn."""
    for run in range(runs):
        await crash.run(1 + run % 3)
    print(crash.tally)


@databases
async def test_schedulers_that_are_killed_post_and_reveal_once(tmp_path: Path, kind: str) -> None:
    """Run both platforms at once: most of the time is spent waiting for leases to run out."""
    async with AsyncExitStack() as worlds:
        opened = []
        for name in PLATFORMS:
            folder = tmp_path / name
            folder.mkdir()
            opened.append(await worlds.enter_async_context(opened_crash(folder, name, kind, seed=1)))
        await asyncio.gather(*(crash(world, RUNS) for world in opened))


@pytest.mark.soak
@databases
@pytest.mark.parametrize("platform", PLATFORMS)
async def test_schedulers_that_are_killed_a_hundred_times_post_and_reveal_once(
    tmp_path: Path, platform: str, kind: str
) -> None:
    async with opened_crash(tmp_path, platform, kind, seed=2) as opened:
        await crash(opened, LONG_RUNS)
