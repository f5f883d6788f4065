"""The Procfile's process types, all brought up together by honcho, and stopped together."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest

from tests.support.databases import KINDS, bare_database
from tests.support.discord.server import FakeDiscord
from tests.support.process import ROOT
from tests.support.slack.server import FakeSlack

PATIENCE = 60.0
STOP_SECONDS = 10.0
TYPES = {"sqlite": ["all"], "postgresql": ["web", "discord", "scheduler"]}
"""What runs on each database: one process on SQLite, all of them apart on PostgreSQL."""
SAID = {
    "all": ["Warmup is on Discord as", "listens to Slack on port"],
    "web": ["listens to Slack on port"],
    "discord": ["Warmup is on Discord as"],
    "scheduler": ["scheduler is running"],
}


@pytest.mark.parametrize("kind", KINDS)
async def test_every_process_type_comes_up_answers_and_stops(tmp_path: Path, kind: str) -> None:
    async with bare_database(kind, tmp_path) as url, FakeSlack() as slack, FakeDiscord() as discord:
        team = slack.add_workspace()
        channel, ada = slack.add_channel(team, "study"), slack.add_user(team, "Ada")
        settings = {
            "DATABASE_URL": url.render_as_string(hide_password=False).replace("+aiosqlite", "").replace("+asyncpg", ""),
            "DISCORD_TOKEN": discord.token,
            "DISCORD_API_URL": discord.api_url,
            "DISCORD_GATEWAY_URL": discord.gateway_url,
            "SLACK_API_URL": slack.api_url,
            "SLACK_BOT_TOKEN": team.bot_token,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
        }
        process, lines = await _start(TYPES[kind], settings)
        try:
            port = await _until_all_run(TYPES[kind], lines)
            slack.deliver_to(f"http://127.0.0.1:{port}/slack/events")
            record = await (await slack.command(ada, channel, "/practice")).answered()
            assert record.original is not None
            assert await _ready(port) == {"database": True, "scheduler": True, "slack": True} | (
                {"discord": True} if kind == "sqlite" else {}
            )
        finally:
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
                await lines.rest()
        told = "".join(lines.seen)
        assert "Traceback" not in told
        assert [secret for secret in (discord.token, team.bot_token, slack.signing_secret) if secret in told] == []
        # honcho waits for a shell, which the signal ends: that Warmup itself stopped well shows in its own words.
        assert (told.count('"event": "stopping"'), "rc=1" in told) == (len(TYPES[kind]), False), told
        assert (slack.violations, slack.crashes, discord.violations, discord.crashes) == ([], [], [], [])


class _Lines:
    """What honcho prints."""

    def __init__(self, stream: asyncio.StreamReader) -> None:
        self._stream = stream
        self.seen: list[str] = []

    async def until(self, words: str) -> str:
        for line in self.seen:
            if words in line:
                return line
        while line := (await self._stream.readline()).decode():
            self.seen.append(line)
            if words in line:
                return line
        raise AssertionError(f"it ended before it said {words}: {''.join(self.seen)}")

    async def rest(self) -> None:
        self.seen += (await self._stream.read()).decode().splitlines(keepends=True)


async def _start(types: Sequence[str], settings: dict[str, str]) -> tuple[asyncio.subprocess.Process, _Lines]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WARMUP_", "SLACK_", "DISCORD_"))}
    environment = {**kept, **settings, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PORT": "0"}
    # honcho gives each process type a port of its own, from the base on; 0 lets each find a free one.
    program = (sys.executable, "-m", "honcho", "--env", os.devnull, "start", "--no-colour", *types)
    process = await asyncio.create_subprocess_exec(*program, cwd=ROOT, env=environment, stdout=PIPE, stderr=STDOUT)
    assert process.stdout is not None
    return process, _Lines(process.stdout)


async def _until_all_run(types: Sequence[str], lines: _Lines) -> int:
    port = ""
    async with asyncio.timeout(PATIENCE):
        for words in (words for name in types for words in SAID[name]):
            line = await lines.until(words)
            port = line.partition("on port ")[2].partition(",")[0] or port
    return int(port)


async def _ready(port: int) -> dict[str, bool]:
    """Return what is well, once all of it is."""
    async with aiohttp.ClientSession() as session, asyncio.timeout(PATIENCE):
        while True:
            with suppress(aiohttp.ClientError):
                async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
                    if answer.status == 200:
                        return dict(await answer.json())
            await asyncio.sleep(0.2)
