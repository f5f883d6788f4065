"""How long the first answer to an act takes, with a short and with a long history."""

from __future__ import annotations

import random
import statistics
import time
from collections import defaultdict
from pathlib import Path

import pytest

from adapters.browser.app import BrowserApp
from bot.config import Settings
from bot.wiring import build
from tests.support.history import fill
from tests.support.page import Tab, open_tab, tokens
from tests.support.world import StillClock

ROUNDS = 60
LIMIT_MS = 100


async def rounds(folder: Path, *, answers: int, persons: int, count: int) -> dict[str, list[float]]:
    """Use the page for some rounds on a database with a past; return milliseconds by act."""
    folder.mkdir()
    settings = Settings.model_validate({"DATABASE_URL": f"sqlite:///{folder}/warmup.db", "WARMUP_DAILY_CAP": "100000"})
    taken: dict[str, list[float]] = defaultdict(list)
    async with build(settings, clock=StillClock(), chance=random.Random(1)) as warmup:
        if answers:
            await fill(warmup.storage, warmup.bank, answers=answers, persons=persons, workspace="browser:local")
        app = BrowserApp(warmup.transcript, warmup.dispatcher, warmup.clock)
        port = await app.start("127.0.0.1", 0)
        async with open_tab(f"http://127.0.0.1:{port}", "ada") as tab:
            for _ in range(count):
                await _round(tab, taken)
        await app.stop(1)
        async with warmup.storage.snapshot() as work:
            assert await work.standings.differences() == []
    return taken


async def _round(tab: Tab, taken: dict[str, list[float]]) -> None:
    async def timed(name: str, **act: object) -> None:
        began = time.perf_counter()
        await tab.act(**act)
        taken[name].append((time.perf_counter() - began) * 1000)

    await timed("/practice", type="say", channel="study", text="/practice kind:one")
    question = tab.messages()[-1]
    await timed("answer", type="press", message=question["id"], token=tokens(question)["A"], values=[])
    await timed("/leaderboard", type="say", channel="study", text="/leaderboard all")
    await timed("/progress", type="say", channel="study", text="/progress")
    await timed("/progress points", type="say", channel="study", text="/progress points")


async def test_the_page_works_on_a_long_history(tmp_path: Path) -> None:
    """The short version, in every test run: what is measured works and keeps its sums."""
    taken = await rounds(tmp_path / "some", answers=300, persons=20, count=3)
    assert set(map(len, taken.values())) == {3}


@pytest.mark.bench
async def test_first_answers_with_a_hundred_thousand_answers(tmp_path: Path) -> None:
    few = await rounds(tmp_path / "none", answers=0, persons=0, count=ROUNDS)
    many = await rounds(tmp_path / "many", answers=100_000, persons=2_000, count=ROUNDS)
    print(f"\n{'act':<18}{'median ms':>10}{'p95 ms':>9}{'empty ms':>10}{'ratio':>7}")
    for name, taken in many.items():
        middle, before = statistics.median(taken), statistics.median(few[name])
        slow = statistics.quantiles(taken, n=20)[-1]
        print(f"{name:<18}{middle:>10.1f}{slow:>9.1f}{before:>10.1f}{middle / before:>7.2f}")
        assert middle < LIMIT_MS
