"""Question after question under kill -9: schedulers that die at any instant, on either platform and either database."""

from __future__ import annotations

import asyncio
import json
import os
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from adapters.clock import SystemClock
from adapters.storage.daily_tables import dailies, daily_answers, errands
from adapters.storage.ledger_tables import ledger
from bot.config import Settings
from bot.practice.points import award
from bot.practice.responses import LETTERS, grade
from bot.refs import Actor, ChannelRef, Role, UserRef, WorkspaceRef
from bot.scheduling import Daily, DailyState, Plan
from bot.wiring import Warmup, build
from questions.model import Numeric, OneBest, Question, TrueFalse
from tests.e2e.scheduling import HASTE, HastyClock
from tests.support.databases import bare_database
from tests.support.discord.server import FakeDiscord
from tests.support.process import ROOT, START_SECONDS
from tests.support.slack.server import FakeSlack
from tests.support.zygote import SETTINGS, Started, start_module

HURRY = 30.0
"""A minute, which is a lease, takes two seconds."""
CHANNELS = 2
"""Questions that are due at once in each run."""
PEOPLE = ("Ada", "Bob", "Cy")
LATEST = {"post": 0.35, "reveal": 0.9}
"""Seconds after which at the latest a process dies that has claimed something: a reveal has more to do."""
PATIENCE = 40.0
"""Real seconds in which whatever was broken off must have been taken up again."""


@dataclass
class Tally:
    """What the runs came to."""

    runs: int = 0
    posts: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    """Kills by what the process was at."""


@dataclass
class World:
    """A platform's loopback server with channels, the settings that lead there, and a clock for all of it."""

    clock: HastyClock
    platform: str
    workspace: WorkspaceRef
    settings: dict[str, str]
    new_channel: Callable[[], str]
    words: Callable[[str], list[str]]
    """All messages that stand in a channel, as words."""
    dawdle: Callable[[bool], Callable[[], None]]
    """Let the platform think over the next post, before it makes it or after, until what this returns is called."""
    check: Callable[[], None]


class Crash:
    """Runs of one world."""

    def __init__(self, folder: Path, world: World, warmup: Warmup, chance: random.Random) -> None:
        self._folder = folder
        self._world = world
        self._warmup = warmup
        self._chance = chance
        self._processes: list[Started] = []
        self.errors: list[str] = []
        self.tally = Tally()
        self._paid: Counter[tuple[str, str]] = Counter()

    async def run(self, processes: int) -> None:
        """Have questions posted, answered and revealed by so many processes, of which one dies in each part."""
        await self._keep(processes)
        channels = [self._world.new_channel() for _ in range(CHANNELS)]
        for channel in channels:
            await self._schedule(channel)
        await self._kill_during(processes, ("slot", "post"), channels)
        posted = [await self._until(channel, DailyState.OPEN) for channel in channels]
        expected = [await self._answer(daily) for daily in posted]
        await self._close(posted)
        await self._kill_during(processes, ("reveal",), channels)
        for channel in channels:
            await self._until(channel, DailyState.CLOSED)
        for channel, daily, points in zip(channels, posted, expected, strict=True):
            await self._check(channel, daily, points)
        self.tally.runs += 1
        self.tally.posts += CHANNELS

    async def end(self) -> None:
        """End every process, and see that nothing is left over and the sums agree."""
        for process in self._processes:
            process.kill()
            self.errors.append((await asyncio.to_thread(process.communicate))[1])
        async with self._warmup.storage.snapshot() as work:
            assert await work.standings.differences() == []
        assert "Traceback" not in "".join(self.errors), self.errors
        self._world.check()

    async def _keep(self, processes: int) -> None:
        """Let exactly so many processes run."""
        while len(self._processes) > processes:
            await self._end(self._processes.pop())
        while len(self._processes) < processes:
            self._processes.append(await asyncio.to_thread(self._start))

    def _start(self) -> Started:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
        settings = {**self._world.settings, HASTE: self._world.clock.write(), "PYTHONPATH": str(ROOT)}
        process = start_module("tests.e2e.scheduling", (), self._folder, {**kept, **settings})
        assert process.stdout is not None
        line = process.stdout.readline()
        assert "scheduler is running" in line, (line, process.communicate(timeout=START_SECONDS))
        return process

    async def _kill_during(self, processes: int, kinds: Sequence[str], channels: Sequence[str]) -> None:
        """Kill whoever does an errand, at any instant from its claim to a little after, and start another process."""
        loop, chance = asyncio.get_running_loop(), self._chance
        go_on = self._world.dawdle(chance.random() < 0.7)
        until = loop.time() + PATIENCE
        while (claimed := await self._claimed(kinds)) is None and loop.time() < until:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.002)
        assert claimed is not None, "nobody claims what is due"
        await asyncio.sleep(chance.uniform(0, LATEST[kinds[-1]]))
        pid = claimed[1].partition("-")[0]
        victim = next((one for one in self._processes if str(one.pid) == pid), self._processes[0])
        victim.kill()
        go_on()
        self.tally.kills[await self._going_on(kinds, channels)] += 1
        self._processes.remove(victim)
        await self._end(victim)
        await self._keep(processes)

    async def _end(self, victim: Started) -> None:
        victim.kill()
        self.errors.append((await asyncio.to_thread(victim.communicate))[1])

    async def _claimed(self, kinds: Sequence[str]) -> tuple[str, str] | None:
        """Return kind and owner of an errand that somebody is doing."""
        async with self._warmup.storage.reading() as statements:
            claimed = select(errands.c.kind, errands.c.owner).where(errands.c.owner != "", errands.c.kind.in_(kinds))
            row = (await statements.execute(claimed.limit(1))).one_or_none()
        return None if row is None else (row.kind, row.owner)

    async def _going_on(self, kinds: Sequence[str], channels: Sequence[str]) -> str:
        """Return what the process that died was at: claimed, sent though nobody knows yet, or confirmed."""
        claimed = await self._claimed(kinds)
        if claimed is None:
            return f"{kinds[-1]} confirmed"
        said = "The answer" if "reveal" in kinds else "Question of the day"
        sent = any(said in words for channel in channels for words in self._world.words(channel))
        return f"{claimed[0]} {'sent' if sent else 'claimed'}"

    async def _schedule(self, channel: str) -> None:
        """Have a question of the day due at the next minute."""
        now = self._world.clock.now()
        minute = now.replace(second=0, microsecond=0) + timedelta(minutes=1 if now.second < 50 else 2)
        plan = Plan(at=minute.time(), zone="UTC", weekdays="0123456")
        async with self._warmup.storage.transaction() as work:
            grace = await work.people.enter(self._person("Grace"), now)
            number = await work.schedules.add(ChannelRef(self._world.workspace, channel), plan, grace.id, now)
            schedule = await work.schedules.latch(number)
            assert schedule is not None
            await self._warmup.services.planner.arrange(work, schedule, now)

    async def _until(self, channel: str, state: DailyState) -> Daily:
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE
        while loop.time() < until:
            async with self._warmup.storage.reading() as statements:
                row = (await statements.execute(select(dailies).where(dailies.c.channel == channel))).one_or_none()
            if row is not None and row.state == state:
                async with self._warmup.storage.snapshot() as work:
                    found = await work.dailies.get(row.id)
                assert found is not None
                return found
            await asyncio.sleep(0.05)
        raise AssertionError(f"{channel} is not {state}: {row}, {self._world.words(channel)}")

    async def _answer(self, daily: Daily) -> dict[str, int]:
        """Let everybody answer, and return the points that each is to have."""
        question = self._warmup.bank.find(daily.question, daily.seed)
        assert question is not None
        expected: dict[str, int] = {}
        for name in PEOPLE:
            response = _response(question, daily.order, self._chance)
            await self._warmup.services.answering.answer(
                self._person(name), self._world.workspace, daily.id, response, self._world.clock.now()
            )
            credit, before = grade(question, daily.order, response).grade.credit, self._paid[name, question.id]
            earned = award(question.level, credit, hinted=False, paid=before, today=0, cap=1000)
            expected[name] = earned.points
            self._paid[name, question.id] += earned.points
        return expected

    async def _close(self, posted: list[Daily]) -> None:
        """Let the hours until the close go by for these questions."""
        soon = self._world.clock.now() + self._world.clock.real(0.3)
        keys = [f"reveal:{daily.id}" for daily in posted]
        async with self._warmup.storage.writing() as statements:
            ids = [daily.id for daily in posted]
            await statements.execute(update(dailies).where(dailies.c.id.in_(ids)).values(closes_at=soon))
            due = update(errands).where(errands.c.key.in_(keys)).values(due_at=soon, act_at=soon)
            assert (await statements.execute(due)).rowcount == len(posted)

    async def _check(self, channel: str, daily: Daily, points: dict[str, int]) -> None:
        words = self._world.words(channel)
        posts = [said for said in words if "Question of the day" in said]
        results = [said for said in words if "The answer" in said]
        assert (len(posts), len(results)) == (1, 1), words
        assert "Closed" in posts[0], posts
        async with self._warmup.storage.reading() as statements:
            rows = (await statements.execute(select(daily_answers).where(daily_answers.c.daily_id == daily.id))).all()
            paid = [row.serving_id for row in rows if row.points]
            kept = (await statements.execute(select(ledger).where(ledger.c.serving_id.in_(paid)))).all()
        assert len(rows) == len(PEOPLE)
        assert all(row.settled and not row.late for row in rows)
        assert sorted(row.points for row in rows) == sorted(points.values())
        assert sum(row.points for row in kept) == sum(points.values())

    def _person(self, name: str) -> Actor:
        role = Role.MODERATOR if name == "Grace" else Role.MEMBER
        space = "" if self._world.platform == "discord" else self._world.workspace.id
        return Actor(UserRef(self._world.platform, space, f"{len(name)}{name.upper()}"), name, role)


def _response(question: Question, order: Sequence[int], chance: random.Random) -> str:
    """Return an answer to any kind that can be one of the day, often a right one."""
    letters = list(LETTERS[: len(order)])
    match question:
        case OneBest():
            return chance.choice(letters)
        case TrueFalse():
            return chance.choice("TF")
        case Numeric():
            return question.value if chance.random() < 0.6 else "1"
        case _:
            chance.shuffle(letters)
            return "".join(letters)


@asynccontextmanager
async def discord_world(database: str) -> AsyncIterator[World]:
    """Serve a Discord."""
    clock = HastyClock(SystemClock().now(), HURRY)
    async with FakeDiscord() as discord:
        discord.state.now = clock.now
        guild = discord.add_guild("Study")
        channels: dict[str, Any] = {}

        def new_channel() -> str:
            channel = discord.add_channel(guild, f"study-{len(channels)}")
            channels[str(channel.id)] = channel
            return str(channel.id)

        def dawdle(after: bool) -> Callable[[], None]:
            discord.faults.add("POST", "/messages$", delay=max(LATEST.values()), after=after)
            return lambda: None

        def check() -> None:
            assert (discord.violations, discord.crashes) == ([], [])

        yield World(
            clock=clock,
            platform="discord",
            workspace=WorkspaceRef("discord", str(guild.id)),
            settings={
                "DISCORD_TOKEN": discord.token,
                "DISCORD_API_URL": discord.api_url,
                "DATABASE_URL": database,
            },
            new_channel=new_channel,
            words=lambda name: ["\n".join(message.texts) for message in channels[name].messages.values()],
            dawdle=dawdle,
            check=check,
        )


@asynccontextmanager
async def slack_world(database: str) -> AsyncIterator[World]:
    """Serve a Slack."""
    clock = HastyClock(SystemClock().now(), HURRY)
    async with FakeSlack() as slack:
        slack.state.now = clock.now
        team = slack.add_workspace("Study")
        channels: dict[str, Any] = {}

        def new_channel() -> str:
            channel = slack.add_channel(team, f"study-{len(channels)}")
            channels[channel.id] = channel
            return str(channel.id)

        def words(name: str) -> list[str]:
            there = [message for message in channels[name].messages.values() if not message.deleted]
            return [json.dumps(message.blocks, ensure_ascii=False) for message in there]

        def dawdle(after: bool) -> Callable[[], None]:
            gate = asyncio.Event()
            slack.faults.add("chat.postMessage", after=after, hold=gate)
            return gate.set

        def check() -> None:
            assert (slack.violations, slack.crashes) == ([], [])

        yield World(
            clock=clock,
            platform="slack",
            workspace=WorkspaceRef("slack", team.id),
            settings={
                "SLACK_BOT_TOKEN": team.bot_token,
                "SLACK_APP_TOKEN": slack.app_token,
                "SLACK_API_URL": slack.api_url,
                "DATABASE_URL": database,
            },
            new_channel=new_channel,
            words=words,
            dawdle=dawdle,
            check=check,
        )


WORLDS = {"discord": discord_world, "slack": slack_world}


@asynccontextmanager
async def opened_crash(folder: Path, platform: str, kind: str, seed: int) -> AsyncIterator[Crash]:
    """Open a world with an empty database; at the end everything is checked."""
    async with bare_database(kind, folder) as url:
        database = url.render_as_string(hide_password=False)
        async with WORLDS[platform](database) as world:
            settings = Settings.model_validate({"DATABASE_URL": database})
            async with build(settings, clock=world.clock) as warmup:
                crash = Crash(folder, world, warmup, random.Random(seed))
                try:
                    yield crash
                finally:
                    await crash.end()
