"""Warmup as real processes on the loopback Discord: a server, its people, and what came of what they did."""

from __future__ import annotations

import asyncio
import re
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from tests.e2e import tables
from tests.support import waiting
from tests.support.discord.interactions import InteractionRecord
from tests.support.discord.server import FakeDiscord, Request
from tests.support.discord.state import Channel, StoredMessage, User
from tests.support.process import START_SECONDS, Process, verb

_OPTION = re.compile(r"^(?:[✓✗] )?(\*\*[A-Z]\.\*\* .*?)(?: — \*\*your choice\*\*)?$", re.MULTILINE)
until = partial(waiting.until, seconds=10)
"""Waits longer than within a process."""
REFUSED = "Warmup cannot do that yet:"


class Study:
    """A study server and the processes that serve it, one SQLite file for all of them."""

    def __init__(self, folder: Path, discord: FakeDiscord) -> None:
        self.folder = folder
        self.discord = discord
        self.guild = discord.add_guild("Study")
        self.channel = discord.add_channel(self.guild, "study")
        self.database = folder / "warmup.db"
        self._processes: list[Process] = []

    @property
    def settings(self) -> dict[str, str]:
        """Return the environment that leads a process here."""
        return {
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API_URL": self.discord.api_url,
            "DISCORD_GATEWAY_URL": self.discord.gateway_url,
            "DATABASE_URL": f"sqlite:///{self.database}",
        }

    async def start(self, *args: str, processes: int = 1, **settings: str) -> list[Process]:
        """Start processes at once, and wait until each has a gateway session: from then on interactions are answered.

        ``ready`` waits for more: discord.py lets two seconds go by for servers to come.
        """
        before = self.discord.gateway.identifies
        begun = [
            Process(self.folder, *(args or ("run", "discord")), **self.settings | settings) for _ in range(processes)
        ]
        self._processes += begun
        connected = before + processes
        await until(
            lambda: self.discord.gateway.identifies >= connected or any(map(ended, begun)), seconds=START_SECONDS
        )
        for process in filter(ended, begun):
            raise AssertionError(f"it ended with {process.wait()}: {''.join(process.errors)}")
        return begun

    async def start_one(self, *args: str, **settings: str) -> Process:
        """Start one process; see ``start``."""
        (process,) = await self.start(*args, processes=1, **settings)
        return process

    async def verb(self, *args: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run ``python -m bot …`` to its end."""
        return await asyncio.to_thread(verb, self.folder, *args, **self.settings | settings)

    async def question(self, who: User, kind: str = "one") -> StoredMessage:
        """Ask for a question."""
        record = await self.discord.slash(who, self.channel, "practice", {"kind": kind}).answered()
        assert record.original is not None
        return record.original

    def press(self, who: User, message: StoredMessage, name: str) -> InteractionRecord:
        """Press the first button of a name."""
        return self.discord.press(who, message, control(message, name))

    def invite(self, name: str) -> Channel:
        """Add Warmup to another server, and return the channel in which that server says hello."""
        guild = self.discord.add_guild(name, joined=False)
        channel = guild.system_channel = self.discord.add_channel(guild, "hello")
        self.discord.join(guild)
        return channel

    def posts(self, channel: Channel) -> list[Request]:
        """Return what was posted to a channel, or tried to."""
        return self.requests("POST", f"/channels/{channel.id}/messages")

    def callbacks(self, record: InteractionRecord) -> list[Request]:
        """Return each attempt at the initial response to an interaction."""
        return self.requests("POST", f"/interactions/{record.id}/{record.token}/callback")

    def requests(self, method: str, path: str) -> list[Request]:
        """Return the requests of a path."""
        return [request for request in self.discord.requests if (request.method, request.path) == (method, path)]

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Look into the database."""
        return tables.rows(self.database, statement)

    def counted(self, who: User) -> int:
        """Return how many answers were counted for a person."""
        return tables.counted(self.database, str(who.id))

    def kill_all(self) -> None:
        """End every process that still runs."""
        for process in self._processes:
            process.kill()

    @property
    def logs(self) -> str:
        """Return what all processes that ended have logged."""
        return "".join(line for process in self._processes for line in process.errors)

    def check(self, *typed: str, tracebacks: bool = False) -> None:
        """See that no log has a token, what was typed or a traceback, and that Discord took everything."""
        logs = self.logs
        secrets = [self.discord.token, *(record.token for record in self.discord.records), *typed]
        assert [secret for secret in secrets if secret in logs] == []
        assert tracebacks or "Traceback" not in logs, logs
        assert (self.discord.violations, self.discord.crashes) == ([], [])


@asynccontextmanager
async def opened_study(folder: Path, *, tracebacks: bool = False) -> AsyncIterator[Study]:
    """Serve a Discord with a study server; at the end every process is ended and its log is checked.

    Only where a test says so may there be ``tracebacks``.
    """
    async with FakeDiscord() as discord:
        study = Study(folder, discord)
        try:
            yield study
        finally:
            await asyncio.to_thread(study.kill_all)
        study.check(tracebacks=tracebacks)


async def ready(process: Process) -> None:
    """Wait until a process says that it is on Discord, with all of its servers."""
    await asyncio.to_thread(process.until, "Warmup is on Discord as Warmup")


async def stop(process: Process, number: signal.Signals = signal.SIGTERM) -> int:
    """Stop a process within five seconds and return its exit status; Discord answers meanwhile."""
    return await asyncio.to_thread(process.stop, number)


def ended(process: Process) -> bool:
    """Tell whether a process has ended by itself."""
    return process._process.poll() is not None


def control(message: StoredMessage, name: str) -> str:
    """Return what the first button or list of a name sends."""
    return next(id_ for part in message.parts if (id_ := str(part.get("custom_id", ""))).startswith(f"{name}."))


def options(message: StoredMessage) -> list[str]:
    """Return a question's options as they are shown, without the marks that an answer gives them."""
    return _OPTION.findall(told(message))


def told(message: StoredMessage | None) -> str:
    """Return the words of a message."""
    return "\n".join(message.texts) if message is not None else ""


def fault_of(done: subprocess.CompletedProcess[str], *secrets: str) -> str:
    """Return the one line by which a verb refused, having checked that it refused readably and told no secret."""
    assert done.returncode == 1, done
    assert [secret for secret in (*secrets, "Traceback") if secret in done.stdout + done.stderr] == []
    lines = done.stderr.splitlines()
    (line,) = lines[lines.index(REFUSED) + 1 :]
    return line.strip()
