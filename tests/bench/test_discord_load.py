"""How long two hundred members of one server wait for the first response when all answer within two seconds.

The bot is a process of its own: here the loopback Discord would take turns with it, and be measured too.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import statistics
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.storage.engine import read_url
from adapters.storage.work import open_storage
from bot.config import Settings
from bot.wiring import build
from tests.bench import bare_discord
from tests.bench.counting import each_counted_once
from tests.support.discord.interactions import InteractionRecord
from tests.support.discord.openapi import VARIABLE
from tests.support.discord.running import on_discord
from tests.support.discord.server import FakeDiscord
from tests.support.discord.state import EPHEMERAL, User
from tests.support.process import ROOT, TrueProcess
from tests.support.world import StillClock

MEMBERS, SECONDS, ALONE = 200, 2.0, 50
DEADLINE = 3.0
"""Seconds that Discord waits for the first response."""
PAUSE = 0.02
"""Seconds between an answer and the next act of somebody who is alone: what follows an answer is over then."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Milliseconds from press to first response, of all together and of some in turn; ``size`` of an answer as JSON."""

    crowd: Sequence[float]
    alone: Sequence[float]
    size: float

    @property
    def p50(self) -> float:
        """Return the median of the crowd's."""
        return statistics.median(self.crowd)

    @property
    def p99(self) -> float:
        """Return what one in a hundred of the crowd's exceeds."""
        return statistics.quantiles(self.crowd, n=100)[98]


class Class:
    """Members of one server in one channel."""

    def __init__(self, discord: FakeDiscord, size: int) -> None:
        self._discord = discord
        self._channel = discord.add_channel(discord.add_guild(), "study")
        self.members = [discord.add_user(f"Member {number}") for number in range(size)]

    async def ask(self, member: User) -> InteractionRecord:
        """Let a member have a question to choose one answer of."""
        return await self._discord.slash(member, self._channel, "practice", {"kind": "one"}).answered()

    def press(self, asked: InteractionRecord) -> InteractionRecord:
        """Let a member choose the first answer."""
        assert asked.original is not None
        tokens = [part["custom_id"] for part in asked.original.parts if "custom_id" in part]
        return self._discord.press(asked.user, asked.original, next(t for t in tokens if t.startswith("answer.")))

    async def answer_together(self, seconds: float) -> list[InteractionRecord]:
        """Ask everybody, then let all answer, evenly over a time."""
        asked = [await self.ask(member) for member in self.members]
        await asyncio.sleep(PAUSE)
        loop, pressed = asyncio.get_running_loop(), []
        began = loop.time()
        for number, one in enumerate(asked):
            await asyncio.sleep(began + number * seconds / len(asked) - loop.time())
            pressed.append(self.press(one))
        return [await record.answered() for record in pressed]

    async def answer_in_turn(self, count: int) -> list[InteractionRecord]:
        """Let some answer while nobody else does anything."""
        done = []
        for member in self.members[:count]:
            asked = await self.ask(member)
            await asyncio.sleep(PAUSE)
            done.append(await self.press(asked).answered())
            await asyncio.sleep(PAUSE)
        return done


def _each_acknowledged_once(discord: FakeDiscord, records: Sequence[InteractionRecord]) -> None:
    for record in records:
        assert record.callback is not None
        assert (record.late, record.errors, record.followups) == (False, [], [])
        assert record.original is record.source
        assert record.source is not None
        assert (record.source.edits, record.source.flags & EPHEMERAL) == (1, EPHEMERAL)
        assert [r.status for r in discord.requests if f"{record.token}/callback" in r.path] == [200]
    assert (discord.violations, discord.crashes) == ([], [])


async def test_twenty_members_answer_together_and_each_is_counted_once(tmp_path: Path) -> None:
    """The short version, in every test run: in one process, and nothing is measured."""
    settings = Settings.model_validate({"DATABASE_URL": f"sqlite:///{tmp_path}/warmup.db"})
    async with build(settings, clock=StillClock(), chance=random.Random(1)) as warmup, on_discord(warmup) as discord:
        _each_acknowledged_once(discord, await Class(discord, 20).answer_together(0.2))
        await warmup.dispatcher.drain(5)
        await each_counted_once(warmup.storage, 20)


@pytest.mark.bench
async def test_two_hundred_members_answer_within_two_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)  # the loopback would check every body against Discord's description
    warmup = await _measured(lambda discord: _warmup(tmp_path, discord))
    storage = open_storage(read_url(f"sqlite:///{tmp_path}/data/warmup.db"))
    await each_counted_once(storage, MEMBERS + ALONE)
    await storage.close()
    bare = await _measured(lambda discord: _bare("x" * round(warmup.size), discord))
    print(f"\n{'ms to the first response':<36}{'Warmup':>9}{'bare':>9}{'ratio':>8}")
    for name, ours, theirs in (
        (f"{MEMBERS} presses in {SECONDS:g} s, p50", warmup.p50, bare.p50),
        (f"{MEMBERS} presses in {SECONDS:g} s, p99", warmup.p99, bare.p99),
        (f"{MEMBERS} presses in {SECONDS:g} s, longest", max(warmup.crowd), max(bare.crowd)),
        (f"{ALONE} presses in turn, median", statistics.median(warmup.alone), statistics.median(bare.alone)),
        ("characters of an answer, mean", warmup.size, bare.size),
    ):
        print(f"{name:<36}{ours:>9.1f}{theirs:>9.1f}{ours / theirs:>8.2f}")
    assert max(warmup.crowd) < DEADLINE * 1000


async def _measured(bot: Callable[[FakeDiscord], AbstractAsyncContextManager[None]]) -> Taken:
    """Run a bot, let members answer together and then in turn."""
    async with FakeDiscord(deadline=DEADLINE) as discord:
        room = Class(discord, MEMBERS)
        async with bot(discord):
            crowd = await room.answer_together(SECONDS)
            alone = await room.answer_in_turn(ALONE)
        _each_acknowledged_once(discord, crowd + alone)
    answers = [json.dumps(record.callback.data) for record in crowd if record.callback]
    return Taken(_milliseconds(crowd), _milliseconds(alone), statistics.mean(map(len, answers)))


def _milliseconds(records: Sequence[InteractionRecord]) -> list[float]:
    return [record.seconds * 1000 for record in records if record.seconds is not None]


@asynccontextmanager
async def _warmup(folder: Path, discord: FakeDiscord) -> AsyncIterator[None]:
    process = TrueProcess(folder, "run", "discord", **_environment(discord))
    try:
        await asyncio.to_thread(process.until, "Warmup is on Discord")
        yield
    finally:
        status = await asyncio.to_thread(process.stop)
    assert status == 0, process.errors


@asynccontextmanager
async def _bare(text: str, discord: FakeDiscord) -> AsyncIterator[None]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **_environment(discord)}
    program = (sys.executable, "-m", bare_discord.__name__)
    process = await asyncio.create_subprocess_exec(*program, env=environment, stdin=PIPE, stdout=PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(text.encode())
        process.stdin.write_eof()
        assert (await process.stdout.readline()).decode().strip() == bare_discord.READY
        yield
    finally:
        process.terminate()
        await process.communicate()


def _environment(discord: FakeDiscord) -> dict[str, str]:
    addresses = {"DISCORD_API_URL": discord.api_url, "DISCORD_GATEWAY_URL": discord.gateway_url}
    return {"DISCORD_TOKEN": discord.token, **addresses}
