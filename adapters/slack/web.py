"""The HTTP server for Slack: what people do, installing, and two addresses that tell hosts whether Warmup is well."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.manifest import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH
from adapters.slack.oauth import unfinished
from bot.errors import ConfigError, where

LONGEST_BODY = 2 * 2**20
"""Bytes of a request: Slack's largest, a form in a view, is far smaller."""
ANYWHERE = "0.0.0.0"  # noqa: S104 - every request is signed by Slack, and hosts reach it from outside
CLOSE_SECONDS = 1.0

log = structlog.get_logger(__name__)
Ready = Callable[[], Awaitable[Mapping[str, bool]]]
"""Return what must be well, and whether it is."""


class Web:
    """Serves Slack's requests, and what hosts ask; without a Bolt app the latter alone, beside a socket."""

    def __init__(self, bolt: AsyncApp | None, ready: Ready, oauth: AsyncOAuthFlow | None = None) -> None:
        self._bolt = bolt
        self._ready = ready
        self._oauth = oauth
        self._stopping = False
        self._runner: web.AppRunner | None = None

    async def start(self, port: int, host: str = ANYWHERE) -> int:
        """Listen; return the port. Raises ConfigError when it is taken."""
        app = web.Application(client_max_size=LONGEST_BODY)
        app.router.add_get("/healthz", self._alive)
        app.router.add_get("/readyz", self._well)
        if self._bolt is not None:
            app.router.add_post(EVENTS_PATH, self._events)
        if self._oauth is not None:
            app.router.add_get(INSTALL_PATH, self._install)
            app.router.add_get(REDIRECT_PATH, self._redirect)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=CLOSE_SECONDS)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        try:
            await site.start()
        except OSError as error:
            await self._runner.cleanup()
            raise ConfigError([f"PORT: {port} cannot be listened on ({error.strerror}); choose another"]) from None
        return int(self._runner.addresses[0][1])

    def refuse(self) -> None:
        """Say from now on that Warmup is not ready, so that hosts send nothing new."""
        self._stopping = True

    async def stop(self) -> None:
        """Listen no more; requests under way are answered."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _events(self, request: web.Request) -> web.Response:
        assert self._bolt is not None
        return await to_aiohttp_response(await self._bolt.async_dispatch(await to_bolt_request(request)))

    async def _install(self, request: web.Request) -> web.Response:
        assert self._oauth is not None
        return await _page(self._oauth.handle_installation, request)

    async def _redirect(self, request: web.Request) -> web.Response:
        assert self._oauth is not None
        return await _page(self._oauth.handle_callback, request)

    async def _alive(self, _: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def _well(self, _: web.Request) -> web.Response:
        parts = {**await self._ready(), **({"running": False} if self._stopping else {})}
        return web.json_response(parts, status=200 if all(parts.values()) else 503)


async def _page(show: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]], request: web.Request) -> web.Response:
    asked = await to_bolt_request(request)
    try:
        page = await show(asked)
    except Exception as error:  # Slack or the database is away; Bolt catches what Slack answers, and no more
        log.error("not installed", kind=type(error).__name__, where=where(error))
        page = unfinished()
    return await to_aiohttp_response(page)
