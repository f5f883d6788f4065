"""A migrated, empty database of each kind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.storage.work import SqlStorage
from tests.support.databases import KINDS, open_database


@pytest.fixture(params=KINDS)
async def storage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SqlStorage]:
    async with open_database(request.param, tmp_path) as opened:
        yield opened
