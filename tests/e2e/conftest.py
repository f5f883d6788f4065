"""The page's server in this process, on the real bank."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.browser.app import BrowserApp
from adapters.browser.platform import BrowserPlatform
from bot.config import Settings
from bot.wiring import Warmup, build
from questions.bank import Bank, load_bank
from questions.model import Kind, OneBest
from tests.support.world import StillClock

OF_A_KIND = {Kind.ONE: 24}
"""How many of a kind are read where reading all takes minutes; of one kind enough for each place of a key to occur."""
FEW = 8
WRITTEN = replace(load_bank(), families={})
"""The bank without what is drawn with numbers of its own, so that a question is known by its id."""


@pytest.fixture
async def warmup(tmp_path: Path) -> AsyncIterator[Warmup]:
    async with _built(tmp_path, WRITTEN) as built:
        yield built


@pytest.fixture
async def small_warmup(tmp_path: Path) -> AsyncIterator[Warmup]:
    """Yield a Warmup with some questions of each kind, over all topics: to read all of them takes minutes."""
    async with _built(tmp_path, _some(WRITTEN)) as built:
        yield built


@pytest.fixture
async def address(warmup: Warmup) -> AsyncIterator[str]:
    """Yield where the page is."""
    async with _serving(warmup) as address:
        yield address


@pytest.fixture
async def small_address(small_warmup: Warmup) -> AsyncIterator[str]:
    """Yield where the page of the small one is."""
    async with _serving(small_warmup) as address:
        yield address


@pytest.fixture
async def choice_warmup(tmp_path: Path) -> AsyncIterator[Warmup]:
    """Yield a Warmup whose questions are all answered by one of a few buttons."""
    questions = tuple(question for question in WRITTEN.questions if isinstance(question, OneBest))
    async with _built(tmp_path, replace(WRITTEN, questions=questions)) as built:
        yield built


@pytest.fixture
async def choice_address(choice_warmup: Warmup) -> AsyncIterator[str]:
    """Yield where its page is."""
    async with _serving(choice_warmup) as address:
        yield address


@asynccontextmanager
async def _serving(warmup: Warmup) -> AsyncIterator[str]:
    app = BrowserApp(warmup.transcript, warmup.dispatcher, warmup.clock)
    port = await app.start("127.0.0.1", 0)
    warmup.services.posting.connect("browser", BrowserPlatform(app.hub))
    yield f"http://127.0.0.1:{port}"
    await app.stop(1)


def _built(folder: Path, bank: Bank) -> AbstractAsyncContextManager[Warmup]:
    settings = Settings.model_validate({"DATABASE_URL": f"sqlite:///{folder}/warmup.db"})
    return build(settings, clock=StillClock(), chance=random.Random(11), bank=bank)


def _some(bank: Bank) -> Bank:
    chance = random.Random(5)
    chosen = {
        question.id
        for kind in Kind
        for question in chance.sample(
            [question for question in bank.questions if question.kind == kind], OF_A_KIND.get(kind, FEW)
        )
    }
    return replace(bank, questions=tuple(question for question in bank.questions if question.id in chosen))
