"""Ten live rounds at once on one server, one of them with three hundred people, against the loopback Discord.

The bot, its scheduler with it, is a process of its own: here the loopback Discord would take turns with it.
"""

from __future__ import annotations

import asyncio
import re
import statistics
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import func, select

from adapters.storage.engine import read_url
from adapters.storage.round_tables import round_answers
from adapters.storage.tables import servings
from adapters.storage.work import open_storage
from tests.support.discord.interactions import InteractionRecord
from tests.support.discord.openapi import VARIABLE
from tests.support.discord.server import FakeDiscord
from tests.support.discord.state import Channel, StoredMessage, User
from tests.support.process import TrueProcess

CROWD, ROUNDS, OTHERS = 300, 10, 12
"""People of the largest round, rounds at once, people of each other round."""
QUESTIONS, SECONDS, WITHIN = 3, 25, 10.0
"""Questions of each round, seconds of each, and seconds within which everybody answers."""
DEADLINE = 3.0
"""Seconds that Discord waits for the first response."""
EDITS, WINDOW = 5, 5.0
"""Edits of messages in a channel that Discord takes in so many seconds."""
A_SECOND = 50
"""Requests of a bot that Discord takes in a second, answers to interactions apart."""
PATIENCE = 120.0


@dataclass
class Table:
    """A channel in which a round is played, and what its people did."""

    discord: FakeDiscord
    channel: Channel
    people: Sequence[User]
    acts: list[InteractionRecord] = field(default_factory=list)
    taken: int = 0
    waits: list[float] = field(default_factory=list)
    """Seconds from the last answer to a question until its result."""

    async def play(self) -> None:
        """Start a round, let everybody join, and answer whatever comes."""
        options = {"questions": str(QUESTIONS), "seconds": str(SECONDS), "speed": "yes"}
        self.acts.append(await self.discord.slash(self.people[0], self.channel, "quiz start", options).answered())
        lobby = await self._see(r"Live round")
        await self._all(lobby, "quiz-join.")
        self.acts.append(await self._press(self.people[0], lobby, "quiz-begin.").answered())
        for number in range(1, QUESTIONS + 1):
            question = await self._see(rf"Question {number} of {QUESTIONS} ")
            await self._all(question, "quiz-")
            done = asyncio.get_running_loop().time()
            await self._see(rf"The answer to question {number} of")
            self.waits.append(asyncio.get_running_loop().time() - done)
        end = await self._see(r"The round is over")
        self.acts.append(await self._press(self.people[-1], end, "quiz-mine.").answered())

    async def _see(self, title: str) -> StoredMessage:
        async with asyncio.timeout(PATIENCE):
            while True:
                for message in [*self.channel.messages.values()]:
                    if not message.ephemeral and re.search(title, "".join(message.texts[:1])):
                        return message
                await asyncio.sleep(0.1)

    async def _all(self, message: StoredMessage, control: str, within: float = WITHIN) -> None:
        """Let everybody use a control, evenly over a time."""
        loop, pressed = asyncio.get_running_loop(), []
        began = loop.time()
        for place, who in enumerate(self.people):
            await asyncio.sleep(began + place * within / len(self.people) - loop.time())
            pressed.append(asyncio.create_task(self._answer(who, message, control, place)))
        await asyncio.gather(*pressed)

    async def _answer(self, who: User, message: StoredMessage, control: str, place: int) -> None:
        record = await self._press(who, message, control, place).answered(PATIENCE)
        self.acts.append(record)
        if record.modal is not None:
            token = record.modal["custom_id"]
            record = await self.discord.submit(who, self.channel, token, {"answer": str(place)}).answered(PATIENCE)
            self.acts.append(record)
        assert record.original is not None, record.errors
        self.taken += "Your answer is in." in "".join(record.original.texts)

    def _press(self, who: User, message: StoredMessage, control: str, place: int = 0) -> InteractionRecord:
        tokens = [part["custom_id"] for part in message.parts if part.get("custom_id", "").startswith(control)]
        token = tokens[place % len(tokens)]
        return self.discord.press(who, message, token, ["A"] if token.startswith("quiz-choose.") else None)


@pytest.mark.bench
async def test_ten_rounds_at_once_lose_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)  # the loopback would check every body against Discord's description
    async with FakeDiscord(deadline=DEADLINE) as discord:
        guild = discord.add_guild()
        tables = [
            Table(discord, discord.add_channel(guild, f"study-{place}"), [
                discord.add_user(f"Member {place}-{number}") for number in range(OTHERS if place else CROWD)
            ])
            for place in range(ROUNDS)
        ]  # fmt: skip
        async with _warmup(tmp_path, discord):
            await asyncio.gather(*(table.play() for table in tables))
            await asyncio.sleep(2)
        assert (discord.violations, discord.crashes) == ([], [])
        _report(discord, tables)
    answers = sum(len(table.people) for table in tables) * QUESTIONS
    assert sum(table.taken for table in tables) == answers
    storage = open_storage(read_url(f"sqlite:///{tmp_path}/data/warmup.db"))
    async with storage.reading() as statements:
        kept = select(func.count()).select_from(round_answers)
        settled = kept.where(round_answers.c.settled.is_(True), round_answers.c.serving_id.is_not(None))
        counted = select(func.count()).where(servings.c.state == "answered")
        for statement in (kept, settled, counted):
            assert (await statements.execute(statement)).scalar_one() == answers
    async with storage.snapshot() as work:
        assert await work.standings.differences() == []
    await storage.close()


def _report(discord: FakeDiscord, tables: Sequence[Table]) -> None:
    """Print the figures, and see that they are within the platform's limits."""
    acts = [record for table in tables for record in table.acts]
    waits = sorted(record.seconds * 1000 for record in acts if record.seconds is not None)
    edits: dict[str, list[float]] = defaultdict(list)
    asked: list[float] = []
    for request in discord.requests:
        found = re.fullmatch(r"/channels/(\d+)/messages(/\d+)?", request.path)
        if found:
            asked.append(request.at)
            if request.method == "PATCH":
                edits[found[1]].append(request.at)
    most = max(_most(times, WINDOW) for times in edits.values())
    results = [wait for table in tables for wait in table.waits]
    print(
        f"\n{ROUNDS} rounds at once, {sum(len(table.people) for table in tables)} people, {QUESTIONS} questions each: "
        f"{sum(table.taken for table in tables)} answers taken\n"
        f"{len(acts)} acts, ms to the first response: p50 {statistics.median(waits):.0f}, "
        f"p99 {waits[int(len(waits) * 0.99)]:.0f}, longest {waits[-1]:.0f}; late {sum(one.late for one in acts)}\n"
        f"{sum(map(len, edits.values()))} edits, at most {most} of a channel in {WINDOW:g} s; "
        f"at most {_most(asked, 1)} posts and edits in a second\n"
        f"seconds from the last answer to the result: median {statistics.median(results):.1f}, "
        f"longest {max(results):.1f}"
    )
    assert len(waits) == len(acts)
    assert waits[-1] < DEADLINE * 1000
    assert most <= EDITS
    assert _most(asked, 1) <= A_SECOND


def _most(times: Sequence[float], window: float) -> int:
    """Return how many instants there are at most within a time."""
    ordered, first, most = sorted(times), 0, 0
    for last, at in enumerate(ordered):
        while at - ordered[first] >= window:
            first += 1
        most = max(most, last - first + 1)
    return most


@asynccontextmanager
async def _warmup(folder: Path, discord: FakeDiscord) -> AsyncIterator[None]:
    addresses = {"DISCORD_API_URL": discord.api_url, "DISCORD_GATEWAY_URL": discord.gateway_url}
    process = TrueProcess(folder, "run", "all", DISCORD_TOKEN=discord.token, **addresses)
    try:
        await asyncio.to_thread(process.until, "Warmup is on Discord")
        yield
    finally:
        status = await asyncio.to_thread(process.stop)
    assert status == 0, process.errors
