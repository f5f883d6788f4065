"""The database that features are tested on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.storage.work import SqlStorage
from tests.support.databases import open_database


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[SqlStorage]:
    """Return a database that is migrated and empty."""
    async with open_database("sqlite", tmp_path) as opened:
        yield opened
