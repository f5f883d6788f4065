"""Warmup as real processes on the loopback Slack: a workspace, its people, and what came of what they did."""

from __future__ import annotations

import asyncio
import re
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from tests.e2e import tables
from tests.support import waiting
from tests.support.process import Process, verb
from tests.support.slack.interactions import Interaction
from tests.support.slack.server import FakeSlack
from tests.support.slack.state import StoredMessage, User

until = partial(waiting.until, seconds=10)
"""Waits longer than within a process."""
SOCKET, HTTP = "socket", "http"
_ANSWER = re.compile(r"\*([A-Z])\.\*")


class Study:
    """A workspace and the processes that serve it, one SQLite file for all of them."""

    def __init__(self, folder: Path, slack: FakeSlack, way: str) -> None:
        self.folder = folder
        self.slack = slack
        self.way = way
        self.team = slack.add_workspace("Study")
        self.channel = slack.add_channel(self.team, "study")
        self.database = folder / "warmup.db"
        self.ports: list[int] = []
        self._processes: list[Process] = []

    @property
    def settings(self) -> dict[str, str]:
        """Return the environment that leads a process here."""
        way = {"SLACK_APP_TOKEN": self.slack.app_token}
        if self.way == HTTP:
            way = {"SLACK_SIGNING_SECRET": self.slack.signing_secret}
        return {
            "SLACK_API_URL": self.slack.api_url,
            "SLACK_BOT_TOKEN": self.team.bot_token,
            "DATABASE_URL": f"sqlite:///{self.database}",
            **way,
        }

    async def start(self, *args: str, **settings: str) -> Process:
        """Start a process and wait until it says that it is on Slack."""
        process = Process(self.folder, *(args or ("run", "slack")), **self.settings | settings)
        self._processes.append(process)
        said = await asyncio.to_thread(process.until, r"Warmup is on Slack|listens to Slack on port \d+")
        if self.way == HTTP:
            self.ports.append(int(said.rpartition(" ")[2]))
            self.listen(-1)
        return process

    def listen(self, place: int) -> None:
        """Let Slack send what happens to one of the processes that listen."""
        self.slack.deliver_to(f"http://127.0.0.1:{self.ports[place]}/slack/events")

    async def verb(self, *args: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run ``python -m bot …`` to its end."""
        return await asyncio.to_thread(verb, self.folder, *args, **self.settings | settings)

    def person(self, name: str) -> User:
        """Add a person."""
        return self.slack.add_user(self.team, name)

    async def question(self, who: User, text: str = "kind:one") -> StoredMessage:
        """Ask for a question."""
        record = await (await self.slack.command(who, self.channel, "/practice", text)).answered()
        assert record.original is not None
        return record.original

    async def press(self, who: User, message: StoredMessage, name: str) -> Interaction:
        """Press the first button of a name."""
        return await self.slack.press(who, message, control(message, name))

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

    def secrets(self) -> Iterator[str]:
        """Yield everything that no log, error and database may hold."""
        yield from (self.slack.app_token, self.slack.signing_secret, self.slack.client_secret)
        yield from (workspace.bot_token for workspace in self.slack.state.workspaces.values())
        yield from (record.response_url for record in self.slack.records if record.response_url)

    def check(self) -> None:
        """See that no log and no database has a secret or a traceback, and that Slack took everything."""
        held = self.logs + "".join(
            path.read_bytes().decode("latin-1") for path in self.folder.glob("warmup.db*") if path.is_file()
        )
        assert [secret for secret in self.secrets() if secret and secret in held] == []
        assert "Traceback" not in self.logs, self.logs
        assert (self.slack.violations, self.slack.crashes) == ([], [])


@asynccontextmanager
async def opened_study(folder: Path, way: str = SOCKET) -> AsyncIterator[Study]:
    """Serve a Slack with a workspace; at the end every process is ended and its log is checked."""
    async with FakeSlack() as slack:
        study = Study(folder, slack, way)
        try:
            yield study
        finally:
            await asyncio.to_thread(study.kill_all)
        study.check()


async def stop(process: Process, number: signal.Signals = signal.SIGTERM) -> int:
    """Stop a process within five seconds and return its exit status; Slack answers meanwhile."""
    return await asyncio.to_thread(process.stop, number)


def control(message: StoredMessage, name: str) -> str:
    """Return what the first button or list of a name sends."""
    return next(
        str(element["action_id"])
        for block in message.blocks
        for element in block.get("elements", ())
        if str(element.get("action_id", "")).startswith(f"{name}.")
    )


def told(message: StoredMessage | None) -> str:
    """Return the words of a message."""
    if message is None:
        return ""
    texts = [block["text"]["text"] for block in message.blocks if "text" in block]
    return "\n".join(texts)


def options(message: StoredMessage) -> list[str]:
    """Return the letters of a question's options, in the order shown."""
    return _ANSWER.findall(told(message))
