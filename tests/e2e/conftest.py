"""The page's server in this process, on the real bank."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.browser.app import BrowserApp
from bot.bootstrap import Warmup, build
from bot.config import Settings
from tests.support.world import StillClock


@pytest.fixture
async def warmup(tmp_path: Path) -> AsyncIterator[Warmup]:
    settings = Settings.model_validate({"DATABASE_URL": f"sqlite:///{tmp_path}/warmup.db"})
    async with build(settings, clock=StillClock(), chance=random.Random(11)) as built:
        yield built


@pytest.fixture
async def address(warmup: Warmup) -> AsyncIterator[str]:
    """Yield where the page is."""
    app = BrowserApp(warmup.transcript, warmup.dispatcher, warmup.clock)
    port = await app.start("127.0.0.1", 0)
    yield f"http://127.0.0.1:{port}"
    await app.stop(1)
