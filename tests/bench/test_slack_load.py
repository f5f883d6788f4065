"""How long two hundred people of one workspace wait when all answer within two seconds.

The bot is a process of its own: here the loopback Slack would take turns with it, and be measured too.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from adapters.slack.app import SlackApp, Stores
from adapters.slack.credentials import Credentials
from adapters.storage.engine import read_url
from adapters.storage.work import open_storage
from bot.config import Settings
from bot.wiring import Warmup, build
from tests.bench import bare_slack
from tests.bench.counting import each_counted_once
from tests.support.process import ROOT, TrueProcess
from tests.support.slack.interactions import Interaction
from tests.support.slack.server import FakeSlack
from tests.support.slack.state import User
from tests.support.world import StillClock

PEOPLE, SECONDS, ALONE = 200, 2.0, 50
DEADLINE = 3.0
"""Seconds that Slack waits for the acknowledgement."""
PAUSE = 0.02
"""Seconds between an answer and the next act of somebody who is alone: what follows an answer is over then."""
SPEC = "SLACK_METHODS"


@dataclass(frozen=True, slots=True)
class Taken:
    """Milliseconds from press to acknowledgement and to answer, of all together; to answer, of some in turn."""

    acks: Sequence[float]
    answers: Sequence[float]
    alone: Sequence[float]
    size: float


class Class:
    """People of one workspace in one channel."""

    def __init__(self, slack: FakeSlack, size: int) -> None:
        self._slack = slack
        self.team = slack.add_workspace("Study")
        self._channel = slack.add_channel(self.team, "study")
        self.people = [slack.add_user(self.team, f"Person {number}") for number in range(size)]

    async def ask(self, person: User) -> Interaction:
        """Let a person have a question to choose one answer of."""
        return await (await self._slack.command(person, self._channel, "/practice", "kind:one")).answered()

    async def press(self, asked: Interaction) -> Interaction:
        """Let a person choose the first answer."""
        assert asked.original is not None
        assert asked.user is not None
        elements = [element for block in asked.original.blocks for element in block.get("elements", ())]
        token = next(e["action_id"] for e in elements if str(e.get("action_id", "")).startswith("answer."))
        return await self._slack.press(asked.user, asked.original, token)

    async def answer_together(self, seconds: float) -> list[Interaction]:
        """Ask everybody, then let all answer, evenly over a time."""
        asked = [await self.ask(person) for person in self.people]
        await asyncio.sleep(PAUSE)
        loop, pressed = asyncio.get_running_loop(), []
        began = loop.time()
        for number, one in enumerate(asked):
            await asyncio.sleep(began + number * seconds / len(asked) - loop.time())
            pressed.append(await self.press(one))
        return [await record.answered() for record in pressed]

    async def answer_in_turn(self, count: int) -> list[Interaction]:
        """Let some answer while nobody else does anything."""
        done = []
        for person in self.people[:count]:
            asked = await self.ask(person)
            await asyncio.sleep(PAUSE)
            done.append(await (await self.press(asked)).answered())
            await asyncio.sleep(PAUSE)
        return done


def _each_acknowledged_and_answered_once(slack: FakeSlack, records: Sequence[Interaction]) -> None:
    for record in records:
        assert (record.late, record.status, record.told, record.used) == (False, 200, [], 1)
        assert record.source is not None
        assert (record.source.edits, record.source.ephemeral) == (1, True)
    assert (slack.violations, slack.crashes) == ([], [])


async def test_twenty_people_answer_together_and_each_is_counted_once(tmp_path: Path) -> None:
    """The short version, in every test run: in one process, and nothing is measured."""
    settings = Settings.model_validate({"DATABASE_URL": f"sqlite:///{tmp_path}/warmup.db"})
    async with build(settings, clock=StillClock(), chance=random.Random(1)) as warmup, FakeSlack() as slack:
        room = Class(slack, 20)
        async with _in_process(warmup, slack, room):
            _each_acknowledged_and_answered_once(slack, await room.answer_together(0.2))
        await each_counted_once(warmup.storage, 20)


@pytest.mark.bench
async def test_two_hundred_people_answer_within_two_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SPEC, raising=False)  # the loopback would check every call against Slack's description
    warmup = await _measured(lambda slack, room: _warmup(tmp_path, slack, room))
    storage = open_storage(read_url(f"sqlite:///{tmp_path}/data/warmup.db"))
    await each_counted_once(storage, PEOPLE + ALONE)
    await storage.close()
    bare = await _measured(lambda slack, room: _bare("x" * round(warmup.size), slack, room))
    print(f"\n{'ms':<44}{'Warmup':>9}{'bare':>9}{'ratio':>8}")
    crowd = f"{PEOPLE} presses in {SECONDS:g} s, to the"
    for name, ours, theirs in (
        (f"{crowd} acknowledgement, p50", statistics.median(warmup.acks), statistics.median(bare.acks)),
        (f"{crowd} acknowledgement, p99", _p99(warmup.acks), _p99(bare.acks)),
        (f"{crowd} acknowledgement, longest", max(warmup.acks), max(bare.acks)),
        (f"{crowd} answer, p50", statistics.median(warmup.answers), statistics.median(bare.answers)),
        (f"{crowd} answer, p99", _p99(warmup.answers), _p99(bare.answers)),
        (f"{ALONE} in turn, to the answer, median", statistics.median(warmup.alone), statistics.median(bare.alone)),
        ("characters of an answer, mean", warmup.size, bare.size),
    ):
        print(f"{name:<44}{ours:>9.1f}{theirs:>9.1f}{ours / theirs:>8.2f}")
    assert max(warmup.acks) < DEADLINE * 1000


async def _measured(bot: Callable[[FakeSlack, Class], AbstractAsyncContextManager[None]]) -> Taken:
    """Run a bot, let people answer together and then in turn."""
    async with FakeSlack(deadline=DEADLINE) as slack:
        room = Class(slack, PEOPLE)
        async with bot(slack, room):
            crowd = await room.answer_together(SECONDS)
            alone = await room.answer_in_turn(ALONE)
        _each_acknowledged_and_answered_once(slack, crowd + alone)
        answers = _answered(slack, crowd), _answered(slack, alone)
        sizes = [sum(map(len, record.source.texts)) for record in crowd if record.source is not None]
    acks = [record.ack_seconds * 1000 for record in crowd if record.ack_seconds is not None]
    return Taken(acks, *answers, statistics.mean(sizes))


def _answered(slack: FakeSlack, records: Sequence[Interaction]) -> list[float]:
    """Return the milliseconds until the answer of each arrived at its response URL."""
    arrived = {call.path: call.at for call in slack.calls_of("response_url")}
    return [(arrived[urlsplit(record.response_url).path] - record.at) * 1000 for record in records]


def _p99(milliseconds: Sequence[float]) -> float:
    return statistics.quantiles(milliseconds, n=100)[98]


@asynccontextmanager
async def _in_process(warmup: Warmup, slack: FakeSlack, room: Class) -> AsyncIterator[None]:
    async def well() -> dict[str, bool]:
        return {}

    begun = asyncio.Event()
    app = SlackApp(
        warmup.dispatcher,
        Credentials(bot_token=room.team.bot_token, app_token=slack.app_token),
        Stores(warmup.presence, warmup.posts, warmup.installations, warmup.oauth_states),
        once=warmup.claims.take,
        clock=warmup.clock,
        url=slack.api_url,
    )
    app.start(lambda _: begun.set(), port=None, ready=well)
    await begun.wait()
    yield
    await app.client.drain(5)
    await app.stop(1)


@asynccontextmanager
async def _warmup(folder: Path, slack: FakeSlack, room: Class) -> AsyncIterator[None]:
    process = TrueProcess(folder, "run", "slack", **_environment(slack, room))
    try:
        await asyncio.to_thread(process.until, "Warmup is on Slack")
        yield
    finally:
        status = await asyncio.to_thread(process.stop)
    assert status == 0, process.errors


@asynccontextmanager
async def _bare(text: str, slack: FakeSlack, room: Class) -> AsyncIterator[None]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **_environment(slack, room)}
    program = (sys.executable, "-m", bare_slack.__name__)
    process = await asyncio.create_subprocess_exec(*program, env=environment, stdin=PIPE, stdout=PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(text.encode())
        process.stdin.write_eof()
        assert (await process.stdout.readline()).decode().strip() == bare_slack.READY
        yield
    finally:
        process.terminate()
        await process.communicate()


def _environment(slack: FakeSlack, room: Class) -> dict[str, str]:
    tokens = {"SLACK_BOT_TOKEN": room.team.bot_token, "SLACK_APP_TOKEN": slack.app_token}
    return {"SLACK_API_URL": slack.api_url, **tokens}
