"""Warmup's Discord adapter on the loopback Discord, without the pauses that tests need not sit through."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import discord
import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord.app import DiscordApp
from adapters.discord.speaker import DiscordSpeaker
from adapters.discord.turn import DiscordResponder
from adapters.storage.claims import SqlClaims
from adapters.storage.command_syncs import SqlCommandSyncs
from adapters.storage.presence import SqlPresence
from adapters.storage.work import SqlStorage
from bot.commands import Router
from bot.dispatch import Dispatcher, Once
from bot.refs import ChannelRef, WorkspaceRef
from tests.contract.stage import Stage, stage_router
from tests.support.databases import open_database
from tests.support.discord.client import Client
from tests.support.discord.interactions import InteractionRecord
from tests.support.discord.server import FakeDiscord
from tests.support.discord.state import Channel, Guild
from tests.support.waiting import until
from tests.support.world import StillClock

QUICK = 0.02
"""Seconds of a wait that a test needs but should hardly feel."""
ERROR_ID = "0badf00d"

Speaking = DiscordApp | DiscordSpeaker


class Loopback:
    """A Discord with a server, a channel and two people, a database, and the apps that were started on them."""

    def __init__(self, server: FakeDiscord, storage: SqlStorage) -> None:
        self.discord = server
        self.clock = StillClock()
        server.state.now = self.clock.now
        self.guild = server.add_guild()
        self.channel = server.add_channel(self.guild, "study")
        self.ada = server.add_user("Ada")
        self.grace = server.add_user("Grace", moderator=True)
        self.presence = SqlPresence(storage, self.clock)
        self.syncs = SqlCommandSyncs(storage, self.clock)
        self.once = SqlClaims(storage, self.clock).take
        self.stage = Stage()
        self.interactions: asyncio.Queue[discord.Interaction[Any]] = asyncio.Queue()
        self._apps: list[Speaking] = []
        self._dispatchers: list[Dispatcher[object]] = []
        self._library: Client | None = None
        self._listening: asyncio.Task[None] | None = None

    def app(self, router: Router | None = None, *, once: Once | None = None, **parts: Any) -> DiscordApp:
        """Return an app that is not started; it is stopped at the end."""
        dispatcher = Dispatcher[object](router or stage_router(self.stage), object(), lambda: ERROR_ID)
        defaults: dict[str, Any] = {
            "token": self.discord.token,
            "presence": self.presence,
            "syncs": self.syncs,
            "clock": self.clock,
            "api": self.discord.api_url,
            "gateway": self.discord.gateway_url,
            "guilds_within": QUICK,
            "first_pause": QUICK,
        }
        made = DiscordApp(dispatcher, once=once or self.once, **defaults | parts)
        self._apps.append(made)
        self._dispatchers.append(dispatcher)
        return made

    async def start(self, router: Router | None = None, *, once: Once | None = None, **parts: Any) -> DiscordApp:
        """Return an app that is connected."""
        connected = asyncio.Event()
        made = self.app(router, once=once, connected=lambda _: connected.set(), **parts)
        made.start()
        await asyncio.wait_for(connected.wait(), 5)
        return made

    def speaker(self, **parts: Any) -> DiscordSpeaker:
        """Return a speaker that is not started; it is stopped at the end."""
        defaults: dict[str, Any] = {"token": self.discord.token, "api": self.discord.api_url, "first_pause": QUICK}
        made = DiscordSpeaker(presence=self.presence, clock=self.clock, **defaults | parts)
        self._apps.append(made)
        return made

    async def speak(self) -> DiscordSpeaker:
        """Return a speaker that is logged in."""
        made = self.speaker()
        made.start()
        await until(lambda: self.sent("GET", "/commands") != [])
        return made

    async def idle(self) -> None:
        """Wait until no handler runs."""
        await asyncio.sleep(0)
        for dispatcher in self._dispatchers:
            await dispatcher.drain(5)

    def place(self, channel: Channel | None = None) -> ChannelRef:
        """Return the core's address of a channel, or of the usual one."""
        there = channel or self.channel
        assert there.guild is not None
        return ChannelRef(self.workspace(there.guild), there.id)

    def workspace(self, guild: Guild | None = None) -> WorkspaceRef:
        """Return the core's address of a server, or of the usual one."""
        return WorkspaceRef("discord", (guild or self.guild).id)

    def texts(self, channel: Channel | None = None) -> list[list[str]]:
        """Return what Ada sees in a channel."""
        return [message.texts for message in self.discord.seen_by(self.ada, channel or self.channel)]

    def sent(self, method: str, part: str) -> list[int]:
        """Return the status of each request of a method whose path has that part."""
        return [one.status for one in self.discord.requests if one.method == method and part in one.path]

    async def turn(self, act: Callable[[], InteractionRecord]) -> tuple[InteractionRecord, DiscordResponder]:
        """Let somebody do something, and return it with a responder to it, with no dispatcher between."""
        if self._library is None:
            self._library = await self._listen()
        record = act()
        interaction = await asyncio.wait_for(self.interactions.get(), 5)
        return record, DiscordResponder(interaction)

    async def _listen(self) -> Client:
        async def keep(interaction: discord.Interaction[Any]) -> None:
            self.interactions.put_nowait(interaction)

        client = Client()
        client.answer = keep
        await client.login(self.discord.token)
        self._listening = asyncio.create_task(client.connect())
        await asyncio.wait_for(client.wait_until_ready(), 5)
        return client

    async def close(self) -> None:
        """Stop whatever was started."""
        self.stage.gate.set()
        for app in self._apps:
            await app.stop(1)
        if self._library is not None and self._listening is not None:
            await self._library.close()
            await asyncio.gather(self._listening, return_exceptions=True)


@pytest.fixture
async def loopback(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Loopback]:
    async with FakeDiscord() as server, open_database("sqlite", tmp_path) as storage:
        monkeypatch.setattr(Route, "BASE", server.api_url)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway_url))
        opened = Loopback(server, storage)
        yield opened
        await opened.close()
        assert (server.violations, server.crashes) == ([], [])


@pytest.fixture(params=["connected", "over HTTP"])
async def speaking(request: pytest.FixtureRequest, loopback: Loopback) -> Speaking:
    return await loopback.start() if request.param == "connected" else await loopback.speak()


class _Impatient:
    """asyncio as a module of discord.py sees it, but for its pauses: none is longer than a moment."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    @staticmethod
    async def sleep(seconds: float) -> None:
        await asyncio.sleep(min(seconds, QUICK))


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten what discord.py waits before it tries again, and before it identifies again."""

    async def at_once(*_: object, **__: object) -> None: ...

    monkeypatch.setattr(discord.http, "asyncio", _Impatient())
    monkeypatch.setattr(discord.webhook.async_, "asyncio", _Impatient())
    monkeypatch.setattr(discord.shard, "asyncio", _Impatient())
    monkeypatch.setattr(discord.AutoShardedClient, "before_identify_hook", at_once)
    monkeypatch.setattr("adapters.discord.turn.PAUSE", QUICK)
