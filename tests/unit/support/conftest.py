"""A bare client library on the loopback Discord."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.support.discord.client import Room, opened_room


@pytest.fixture
async def room(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    async with opened_room(monkeypatch) as opened:
        yield opened
