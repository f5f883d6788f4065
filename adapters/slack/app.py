"""Slack as a part of a running Warmup: listen over a socket or over HTTP, stay connected, stop in time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

from adapters.slack.api import SlackApi
from adapters.slack.authority import Authority, ManyWorkspaces, OneWorkspace
from adapters.slack.client import SlackClient
from adapters.slack.credentials import Credentials
from adapters.slack.diagnosis import OneTeam, ask_app, ask_bot
from adapters.slack.events import PLATFORM
from adapters.slack.installations import Cipher, SlackInstallations, SlackStates, read_keys
from adapters.slack.oauth import oauth_flow
from adapters.slack.platform import SlackPlatform
from adapters.slack.web import Ready, Web
from bot.dispatch import Dispatcher, Once
from bot.errors import ConfigError, PlatformError, RateLimited, Unreachable
from bot.installing import Installations, OAuthStates, PostLog
from bot.message import Message
from bot.ports import Clock, Presence
from bot.refs import ChannelRef, WorkspaceRef

AUTHORIZE_PATH = "/oauth/v2/authorize"
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
"""Seconds between attempts to reach Slack at the start, doubled each time."""
CLOSE_SECONDS = 1.5
PING_SECONDS = 3.0
"""Seconds between pings of a socket: one that dropped is noticed as late as that."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Stores:
    """What is kept."""

    presence: Presence
    posts: PostLog
    installations: Installations
    states: OAuthStates


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
        self._presence = stores.presence
        self._dispatcher = dispatcher
        self._first_pause = first_pause
        self._authority, store = _authority(credentials, stores, clock)
        self.api = SlackApi(self._authority, url, self._lose)
        self._oauth = None
        if store is not None:
            self._oauth = oauth_flow(
                self.api,
                client_id=credentials.client_id,
                client_secret=credentials.client_secret,
                installations=store,
                states=SlackStates(stores.states),
                authorize_url=urljoin(url, AUTHORIZE_PATH),
                installed=self._installed,
                prefix=prefix,
            )
        self.client = SlackClient(
            dispatcher,
            self.api,
            authority=self._authority,
            once=once,
            presence=stores.presence,
            clock=clock,
            signing_secret="" if credentials.socket else credentials.signing_secret,
            prefix=prefix,
            oauth=self._oauth,
        )
        self.platform = SlackPlatform(
            self.api, stores.presence, stores.posts, self.client.pictures, clock, self.client.commands
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
        return self._authority.ready

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
        if self._oauth is None:
            await self._join()
        if over_http:
            started(f"Warmup listens to Slack on port {self.port}, at /slack/events. Ctrl+C stops it.")
        else:
            await self._connect()
            started("Warmup is on Slack over a socket. Ctrl+C stops it.")
        await asyncio.Event().wait()

    async def _join(self) -> None:
        """Find out which workspace the token belongs to; tries for as long as Slack cannot be reached."""
        assert isinstance(self._authority, OneWorkspace)
        pause = self._first_pause
        while True:
            try:
                about: OneTeam = await ask_bot(self.api.client(self._credentials.bot_token))
                if self._credentials.socket:
                    await ask_app(self.api.client(), self._credentials.app_token)
            except (Unreachable, RateLimited) as error:
                log.warning("Slack cannot be reached", error=str(error), again_in=pause)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                self._authority.team = about.team
                await self._joined(about.team)
                return

    async def _connect(self) -> None:
        self._socket = AsyncSocketModeHandler(
            self.client.bolt, self._credentials.app_token, web_client=self.api.client(), ping_interval=PING_SECONDS
        )
        await self._socket.connect_async()  # type: ignore[no-untyped-call]

    async def _joined(self, team: str) -> bool:
        self._authority.forget(team)
        return await self._presence.joined(WorkspaceRef(PLATFORM, team))

    async def _installed(self, team: str, user: str) -> None:
        """Keep that a workspace installed Warmup, and say hello to whoever did so, the first time."""
        if not await self._joined(team) or self._welcome is None:
            return
        place = ChannelRef(WorkspaceRef(PLATFORM, team), user, direct=True)
        try:
            await self.platform.send(place, self._welcome)
        except PlatformError as error:
            log.warning("no welcome said", workspace=team, error=str(error))

    async def _lose(self, team: str) -> None:
        await self.client.lose(team)

    async def _in_time(self, goodbye: Any) -> None:
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await goodbye
        except (TimeoutError, PlatformError, OSError) as error:
            log.warning("Slack did not say goodbye", kind=type(error).__name__)


def _authority(credentials: Credentials, stores: Stores, clock: Clock) -> tuple[Authority, SlackInstallations | None]:
    if not credentials.many:
        return OneWorkspace(credentials.bot_token), None
    if not credentials.encryption_key:
        raise ConfigError(["SLACK_ENCRYPTION_KEY: not set; print one with python -m bot slack key"])
    store = SlackInstallations(stores.installations, Cipher(read_keys(credentials.encryption_key)))
    return ManyWorkspaces(store, clock), store
