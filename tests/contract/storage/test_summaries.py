"""Weekly summaries: one for a channel, whoever asks for it."""

from __future__ import annotations

from datetime import time

from bot.ports import Storage
from bot.refs import ChannelRef
from bot.summaries import Summary
from tests.support import rows
from tests.support.world import HOME, MONDAY, STUDY


async def _put(storage: Storage, channel: ChannelRef, at: time = time(9)) -> Summary:
    grace = await rows.enter(storage, "Grace")
    async with storage.transaction() as work:
        return await work.summaries.put(channel, at, grace.id, MONDAY)


async def test_a_channel_has_one_and_its_time_can_change(storage: Storage) -> None:
    first = await _put(storage, STUDY)
    second = await _put(storage, STUDY, time(17, 30))
    assert second == Summary(first.id, STUDY, time(17, 30))
    async with storage.snapshot() as work:
        assert await work.summaries.of(STUDY) == await work.summaries.get(first.id) == second


async def test_a_thread_is_a_channel_of_its_own(storage: Storage) -> None:
    thread = ChannelRef(HOME, STUDY.id, thread="1")
    first, second = await _put(storage, STUDY), await _put(storage, thread)
    assert first.id != second.id
    async with storage.snapshot() as work:
        assert await work.summaries.of(thread) == second


async def test_one_that_is_removed_is_gone(storage: Storage) -> None:
    kept = await _put(storage, STUDY)
    async with storage.transaction() as work:
        await work.summaries.remove(kept.id)
    async with storage.snapshot() as work:
        assert await work.summaries.of(STUDY) is None
        assert await work.summaries.get(kept.id) is None
