"""Slack as a part of a running Warmup: listen over a socket or over HTTP, stay connected, stop in time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

from adapters.slack.client import SlackClient
from adapters.slack.credentials import Credentials
from adapters.slack.events import PLATFORM
from adapters.slack.installations import SlackStates
from adapters.slack.oauth import oauth_flow
from adapters.slack.voice import FIRST_PAUSE, Stores, Voice
from adapters.slack.web import Ready, Web
from bot.dispatch import Dispatcher, Once
from bot.errors import PlatformError
from bot.message import Message
from bot.ports import Clock
from bot.refs import ChannelRef, WorkspaceRef

__all__ = ["SlackApp", "Stores"]

AUTHORIZE_PATH = "/oauth/v2/authorize"
CLOSE_SECONDS = 1.5
PING_SECONDS = 3.0
"""Seconds between pings of a socket: one that dropped is noticed as late as that."""

log = structlog.get_logger(__name__)


class SlackApp:
    """Listens to Slack, and speaks there."""

    def __init__(
        self,
        dispatcher: Dispatcher[Any],
        credentials: Credentials,
        stores: Stores,
        *,
        once: Once,
        clock: Clock,
        url: str,
        prefix: str = "",
        welcome: Message | None = None,
        first_pause: float = FIRST_PAUSE,
    ) -> None:
        self._welcome = welcome
        self._credentials = credentials
        self._dispatcher = dispatcher
        self._first_pause = first_pause
        names = dispatcher.router.commands
        self._voice = Voice(credentials, stores, clock=clock, url=url, names=names, prefix=prefix)
        self.api = self._voice.api
        self.platform = self._voice.platform
        self._oauth = None
        if self._voice.store is not None:
            self._oauth = oauth_flow(
                self.api,
                client_id=credentials.client_id,
                client_secret=credentials.client_secret,
                installations=self._voice.store,
                states=SlackStates(stores.states),
                authorize_url=urljoin(url, AUTHORIZE_PATH),
                installed=self._installed,
                prefix=prefix,
            )
        self.client = SlackClient(
            dispatcher,
            self._voice,
            once=once,
            clock=clock,
            signing_secret="" if credentials.socket else credentials.signing_secret,
            prefix=prefix,
            oauth=self._oauth,
        )
        self._socket: AsyncSocketModeHandler | None = None
        self._web: Web | None = None
        self._living: asyncio.Task[None] | None = None
        self.port = 0
        """Where it listens, once it does."""

    def start(self, started: Callable[[str], None], *, port: int | None, ready: Ready) -> asyncio.Task[None]:
        """Listen in the background; the task ends with ConfigError when Slack refuses for good.

        In Socket Mode a port serves nothing but what hosts ask, and may be None.
        """
        self._living = asyncio.create_task(self._live(started, port, ready))
        return self._living

    async def connected(self) -> bool:
        """Tell whether what people do can arrive."""
        if self._credentials.socket:
            return self._socket is not None and bool(await self._socket.client.is_connected())
        return self._voice.authority.ready

    async def stop(self, seconds: float) -> None:
        """Take nothing new, let what is under way be answered, at most that long, and close."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        if self._living is not None:
            self._living.cancel()
            await asyncio.gather(self._living, return_exceptions=True)
        if self._web is not None:
            self._web.refuse()
            await self._in_time(self._web.stop())
        if self._socket is not None:
            self._socket.client.auto_reconnect_enabled = False  # else it comes back by itself
            await self._in_time(self._socket.client.disconnect())  # type: ignore[no-untyped-call]
        await self.client.drain(max(0.0, until - loop.time()))
        await self._dispatcher.drain(max(0.0, until - loop.time()))
        if self._socket is not None:
            await self._in_time(self._socket.close_async())  # type: ignore[no-untyped-call]
        await self.api.close()

    async def _live(self, started: Callable[[str], None], port: int | None, ready: Ready) -> None:
        over_http = not self._credentials.socket
        if port is not None:  # a host that sees nobody listen soon ends the process, whether Slack answers or not
            self._web = Web(self.client.bolt if over_http else None, ready, self._oauth)
            self.port = await self._web.start(port)
        await self._voice.find_out(self._first_pause, listening=True)
        if over_http:
            started(f"Warmup listens to Slack on port {self.port}, at /slack/events. Ctrl+C stops it.")
        else:
            await self._connect()
            started("Warmup is on Slack over a socket. Ctrl+C stops it.")
        await asyncio.Event().wait()

    async def _connect(self) -> None:
        self._socket = AsyncSocketModeHandler(
            self.client.bolt, self._credentials.app_token, web_client=self.api.client(), ping_interval=PING_SECONDS
        )
        await self._socket.connect_async()  # type: ignore[no-untyped-call]

    async def _installed(self, team: str, user: str) -> None:
        """Keep that a workspace installed Warmup, and say hello to whoever did so, the first time."""
        if not await self._voice.joined(team) or self._welcome is None:
            return
        place = ChannelRef(WorkspaceRef(PLATFORM, team), user, direct=True)
        try:
            await self.platform.send(place, self._welcome)
        except PlatformError as error:
            log.warning("no welcome said", workspace=team, error=str(error))

    async def _in_time(self, goodbye: Any) -> None:
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await goodbye
        except (TimeoutError, PlatformError, OSError) as error:
            log.warning("Slack did not say goodbye", kind=type(error).__name__)
