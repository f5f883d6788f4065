"""Warmup's Slack adapter on the loopback Slack."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.app import SlackApp, Stores
from adapters.slack.credentials import Credentials
from adapters.slack.installations import new_key
from adapters.slack.permissions import OPTIONAL_SCOPES, SCOPES
from adapters.slack.speaker import SlackSpeaker
from adapters.storage.claims import SqlClaims
from adapters.storage.installations import SqlInstallations
from adapters.storage.oauth_states import SqlOAuthStates
from adapters.storage.posts import SqlPostLog
from adapters.storage.presence import SqlPresence
from adapters.storage.work import SqlStorage
from bot.commands import Router
from bot.dispatch import Dispatcher, Once
from bot.refs import ChannelRef, WorkspaceRef
from tests.contract.stage import Stage, stage_router
from tests.support.databases import open_database
from tests.support.slack.interactions import Interaction
from tests.support.slack.server import FakeSlack
from tests.support.slack.state import Channel, Workspace
from tests.support.waiting import until
from tests.support.world import StillClock

ERROR_ID = "0badf00d"


class Loopback:
    """A Slack with a workspace, a channel and two people, a database, and the apps that were started on them."""

    def __init__(self, server: FakeSlack, storage: SqlStorage) -> None:
        self.slack = server
        self.storage = storage
        # What the manifest asks for must be enough for everything.
        self.team = server.add_workspace("Study", scopes={*SCOPES, *OPTIONAL_SCOPES})
        self.channel = server.add_channel(self.team, "study")
        self.ada = server.add_user(self.team, "Ada", tz="Europe/Berlin")
        self.grace = server.add_user(self.team, "Grace", admin=True)
        self.clock = StillClock()
        self.presence = SqlPresence(storage, self.clock)
        self.posts = SqlPostLog(storage, self.clock)
        self.installations = SqlInstallations(storage, self.clock)
        self.states = SqlOAuthStates(storage, self.clock)
        self.once = SqlClaims(storage, self.clock).take
        self.stage = Stage()
        self.key = new_key()
        self.said: list[str] = []
        self.parts = {"database": True}
        self._apps: list[SlackApp] = []
        self._speakers: list[SlackSpeaker] = []

    @property
    def over_socket(self) -> Credentials:
        """Return what one workspace needs over a socket."""
        return Credentials(bot_token=self.team.bot_token, app_token=self.slack.app_token)

    @property
    def over_http(self) -> Credentials:
        """Return what one workspace needs over HTTP."""
        return Credentials(bot_token=self.team.bot_token, signing_secret=self.slack.signing_secret)

    @property
    def for_many(self) -> Credentials:
        """Return what many workspaces need."""
        return Credentials(
            signing_secret=self.slack.signing_secret,
            client_id=self.slack.client_id,
            client_secret=self.slack.client_secret,
            encryption_key=self.key,
        )

    def app(
        self,
        router: Router | None = None,
        credentials: Credentials | None = None,
        *,
        once: Once | None = None,
        dispatcher: Dispatcher[Any] | None = None,
        **parts: Any,
    ) -> SlackApp:
        """Return an app that is not started; it is stopped at the end."""
        stores = Stores(self.presence, self.posts, self.installations, self.states)
        made = SlackApp(
            dispatcher or Dispatcher[object](router or stage_router(self.stage), object(), lambda: ERROR_ID),
            credentials or self.over_socket,
            stores,
            once=once or self.once,
            clock=self.clock,
            url=self.slack.api_url,
            **{"first_pause": 0.02, **parts},
        )
        self._apps.append(made)
        return made

    def speaker(self, credentials: Credentials | None = None, **parts: Any) -> SlackSpeaker:
        """Return a speaker that is not started; it is stopped at the end."""
        defaults: dict[str, Any] = {
            "url": self.slack.api_url,
            "names": ("practice", "team create"),
            "first_pause": 0.02,
        }
        stores = Stores(self.presence, self.posts, self.installations, self.states)
        made = SlackSpeaker(credentials or self.over_http, stores, clock=self.clock, **defaults | parts)
        self._speakers.append(made)
        return made

    async def speak(self, credentials: Credentials | None = None, **parts: Any) -> SlackSpeaker:
        """Return a speaker that can speak."""
        made = self.speaker(credentials, **parts)
        made.start()
        await until(made.connected)
        return made

    async def start(
        self, router: Router | None = None, credentials: Credentials | None = None, **parts: Any
    ) -> SlackApp:
        """Return an app that listens; over HTTP, Slack sends everything to the one that was started last."""
        made = self.app(router, credentials, **parts)
        await self.listen(made)
        return made

    async def listen(self, app: SlackApp) -> None:
        """Let an app listen, and Slack send to it; raises what keeps it from that."""
        begun = asyncio.Event()

        def started(said: str) -> None:
            self.said.append(said)
            begun.set()

        living = app.start(started, port=0, ready=self.well)
        waiting = asyncio.create_task(begun.wait())
        await asyncio.wait([living, waiting], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if living.done():
            await living
        if app.port and "over a socket" not in self.said[-1]:
            self.slack.deliver_to(f"http://127.0.0.1:{app.port}/slack/events")

    async def well(self) -> dict[str, bool]:
        return self.parts

    async def done(self, record: Interaction) -> Interaction:
        """Return an act when everything that came of it is over."""
        await record.acknowledged()
        for app in self._apps:
            await app.client.drain(5)
        return record

    def place(self, channel: Channel | None = None) -> ChannelRef:
        """Return the core's address of a channel, or of the usual one."""
        there = channel or self.channel
        return ChannelRef(WorkspaceRef("slack", there.workspace.id), there.id)

    def workspace(self, team: Workspace | None = None) -> WorkspaceRef:
        """Return the core's address of a workspace, or of the usual one."""
        return WorkspaceRef("slack", (team or self.team).id)

    async def close(self) -> None:
        """Stop whatever was started."""
        self.stage.gate.set()
        for app in self._apps:
            await app.stop(1)
        for speaker in self._speakers:
            await speaker.stop(1)


@pytest.fixture
async def loopback(tmp_path: Path) -> AsyncIterator[Loopback]:
    async with FakeSlack() as server, open_database("sqlite", tmp_path) as storage:
        opened = Loopback(server, storage)
        yield opened
        await opened.close()
        assert (server.violations, server.crashes) == ([], [])
