"""How long it takes to post to ten thousand channels whose question of the day is due in the same minute.

The scheduler runs in this process and the loopback Discord, which refuses what exceeds 50 requests a second, in one of
its own. The ideal is what that limit allows.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from adapters.clock import SystemClock
from adapters.discord.speaker import DiscordSpeaker
from adapters.storage.daily_tables import dailies, errands, schedules
from bot.bootstrap import make_errander
from bot.config import Settings
from bot.refs import ChannelRef, Role, WorkspaceRef
from bot.scheduling import DailyState
from bot.wiring import Warmup, build
from scheduler.errands import STEADY
from scheduler.ticker import Ticker
from tests.bench.limited_discord import A_SECOND
from tests.support.process import ROOT
from tests.support.world import someone

CHANNELS = 10_000
A_SERVER = 20
"""Channels of each server."""
AT_ONCE = 1_000
TOKEN = "a.token.of-nobody"  # noqa: S105 - nobody checks it
MOST_MORE, FIRST_WITHIN, MOST_GROWTH = 1.1, 2.0, 60.0
"""Times the ideal, seconds after the minute, and megabytes between the first tenth and the end."""


@asynccontextmanager
async def limited_discord() -> AsyncIterator[Process]:
    """Run the loopback Discord."""
    program = (sys.executable, "-m", "tests.bench.limited_discord")
    process = await asyncio.create_subprocess_exec(*program, stdin=PIPE, stdout=PIPE, cwd=ROOT)
    try:
        yield process
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


async def seen(discord: Process) -> dict[str, Any]:
    """Ask what it saw."""
    assert discord.stdin is not None
    assert discord.stdout is not None
    discord.stdin.write(b"?\n")
    found: dict[str, Any] = json.loads(await discord.stdout.readline())
    return found


async def schedule_all(warmup: Warmup, due: datetime) -> None:
    """Have a question of the day due at an instant in every channel."""
    async with warmup.storage.transaction() as work:
        grace = await work.people.enter(someone("Grace", role=Role.MODERATOR), due)
        first = ChannelRef(WorkspaceRef("discord", "1"), "0")
        plan = await warmup.services.schedules.proposal(someone("Grace"))
        number = await work.schedules.add(first, plan, grace.id, due)
    async with warmup.storage.writing() as statements:
        (row,) = (await statements.execute(select(schedules).where(schedules.c.id == number))).mappings()
        usual = {**row, "at": f"{due:%H:%M}", "zone": "UTC", "weekdays": "0123456", "next_day": due.date()}
        for start in range(0, CHANNELS, AT_ONCE):
            places = range(start, start + AT_ONCE)
            rows = [
                {
                    **usual,
                    "id": number + 1 + at,
                    "workspace": f"discord:{1 + at // A_SERVER}",
                    "channel": str(1000 + at),
                }
                for at in places
            ]
            await statements.execute(insert(schedules), rows)
            waiting = [
                {
                    "key": f"slot:{number + 1 + at}", "kind": "slot", "platform": "discord", "subject": number + 1 + at,
                    "detail": "", "due_at": due, "act_at": due, "owner": "", "attempts": 0, "again": False,
                }
                for at in places
            ]  # fmt: skip
            await statements.execute(insert(errands), waiting)


@pytest.mark.bench
async def test_ten_thousand_channels_are_posted_to_as_fast_as_discord_allows(tmp_path: Path) -> None:
    clock = SystemClock()
    settings = Settings.model_validate({"DATABASE_URL": f"sqlite:///{tmp_path}/warmup.db"})
    async with limited_discord() as discord, build(settings, clock=clock) as warmup:
        assert discord.stdout is not None
        api = f"http://127.0.0.1:{int(await discord.stdout.readline())}/api/v10"
        due = (clock.now() + timedelta(seconds=75)).replace(second=0, microsecond=0)
        await schedule_all(warmup, due)
        speaker = DiscordSpeaker(token=TOKEN, presence=warmup.presence, clock=clock, api=api)
        warmup.services.posting.connect("discord", speaker.platform)
        speaker.start()
        async with asyncio.timeout(10):
            while not await speaker.connected():  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.05)
        errander = make_errander(warmup)
        ticker = Ticker(errander.tick, STEADY.tick, clock.now)
        ticker.start()
        taken, memory = await _until_posted(discord, warmup, due, clock)
        await ticker.stop(5)
        await errander.stop(5)
        await speaker.stop(5)
    ideal = CHANNELS / A_SECOND
    print(
        f"\n{CHANNELS} channels: first post {taken['first']:.2f} s after the minute, last {taken['last']:.1f} s after, "
        f"{taken['last'] / ideal:.3f} times the {ideal:.0f} s that the limit allows; {taken['refused']:.0f} requests "
        f"refused; memory {memory[0]:.0f} MB after a tenth, {memory[1]:.0f} MB at the end"
    )
    assert taken["last"] <= MOST_MORE * ideal
    assert taken["first"] <= FIRST_WITHIN
    assert memory[1] - memory[0] <= MOST_GROWTH


async def _until_posted(
    discord: Process, warmup: Warmup, due: datetime, clock: SystemClock
) -> tuple[dict[str, float], tuple[float, float]]:
    """Return when posts came, in seconds after the minute, and the memory after a tenth of them and after all."""
    early: float | None = None
    while True:
        await asyncio.sleep(1)
        now, found = clock.now(), await seen(discord)
        if early is None and found["posts"] >= CHANNELS // 10:
            early = _memory()
        if found["posts"] >= CHANNELS or now - due > timedelta(seconds=600):
            break
    offset = found["now"] - (now - due).total_seconds()
    assert (found["posts"], found["channels"]) == (CHANNELS, CHANNELS)
    async with asyncio.timeout(30):
        while await _open(warmup) < CHANNELS:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.2)
    taken = {name: found[name] - offset for name in ("first", "last")}
    return {**taken, "refused": found["refused"]}, (early or 0.0, _memory())


async def _open(warmup: Warmup) -> int:
    async with warmup.storage.reading() as statements:
        counted = select(func.count()).where(dailies.c.state == DailyState.OPEN)
        return int((await statements.execute(counted)).scalar_one())


def _memory() -> float:
    """Return the most memory that this process has taken so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
