"""Calls of Slack's Web API and of response URLs: one session for all, never repeated blindly, errors translated."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.authority import Authority, OnLost
from adapters.slack.failures import Lost, meaning_of, meaning_of_status, translated
from bot.errors import PlatformError, RateLimited, StorageError

TIMEOUT = 30.0
"""Seconds until a call that is not answered counts as unknown."""
LONGEST_PAUSE = 60.0
"""Seconds that a rate limit may hold a call back; beyond that it fails, and whoever asked decides."""

log = structlog.get_logger(__name__)


class SlackApi:
    """Makes calls, and repeats none but after a 429.

    Raises Lost, Gone, Forbidden, RateLimited, Unreachable or Refused.
    """

    def __init__(self, authority: Authority, url: str, on_lost: OnLost) -> None:
        self._authority = authority
        self._url = url
        self._on_lost = on_lost
        self._session: aiohttp.ClientSession | None = None
        self._resting: dict[tuple[str, str], float] = {}
        self._running: set[asyncio.Future[Any]] = set()

    @property
    def session(self) -> aiohttp.ClientSession:
        """Return the one session of all calls."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT))
        return self._session

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()

    async def drain(self, seconds: float) -> None:
        """Let calls that are under way be answered, at most that long."""
        if self._running:
            await asyncio.wait(set(self._running), timeout=seconds)

    def client(self, token: str = "") -> AsyncWebClient:
        """Return a client that repeats nothing by itself: Bolt's own would post twice after a broken connection."""
        return AsyncWebClient(
            token or None, base_url=self._url, session=self.session, retry_handlers=[], timeout=int(TIMEOUT)
        )

    async def call(
        self, team: str, method: str, *, enterprise: str = "", wait: bool = True, **arguments: Any
    ) -> Mapping[str, Any]:
        """Call a method, such as ``chat.postMessage``, for a workspace.

        A rate limit is waited for, within bounds; without ``wait`` it is raised.
        """
        over = asyncio.get_running_loop().create_future()
        self._running.add(over)
        try:
            return await self._call(team, method, enterprise, LONGEST_PAUSE if wait else 0.0, arguments)
        finally:
            self._running.discard(over)
            over.set_result(None)

    async def _call(
        self, team: str, method: str, enterprise: str, longest: float, arguments: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        token = await self._authority.token(team, enterprise)
        try:
            return await self._paced(team, method, token, arguments, longest)
        except Lost:
            self._authority.forget(team)
            renewed = await self._authority.token(team, enterprise)
            if renewed != token:
                return await self._paced(team, method, renewed, arguments, longest)
            await self._lose(team)
            raise

    async def is_good(self, team: str) -> bool:
        """Ask Slack whether a workspace's token is good; false where Slack does not say so."""
        try:
            await self._once("auth.test", await self._authority.token(team), {})
        except PlatformError:
            return False
        return True

    async def respond(self, response_url: str, body: Mapping[str, Any]) -> None:
        """Post to the address that came with an act; Slack takes five of them in thirty minutes."""
        await self._post(response_url, json=body)

    async def upload(self, url: str, data: bytes) -> None:
        """Send a file's bytes to the address that Slack gave for it."""
        await self._post(url, data=data)

    async def _post(self, url: str, **body: Any) -> None:
        with translated():
            async with self.session.post(url, **body) as response:
                said = await response.text()
                failed = meaning_of_status(response.status, response.headers.get("Retry-After", ""))
        if failed is None and response.status != 200:
            failed = meaning_of(_code(said))
        if failed is not None:
            raise failed

    async def _paced(
        self, team: str, method: str, token: str, arguments: Mapping[str, Any], longest: float
    ) -> Mapping[str, Any]:
        loop = asyncio.get_running_loop()
        until = loop.time() + longest
        while True:
            now = loop.time()
            rest = self._resting.get((team, method), now) - now
            if rest > 0 and now + rest > until:
                raise RateLimited(rest)
            if rest > 0:
                await asyncio.sleep(rest)
            try:
                return await self._once(method, token, arguments)
            except RateLimited as limit:
                log.info("Slack asks to wait", method=method, seconds=limit.retry_after)
                self._resting[team, method] = loop.time() + limit.retry_after

    async def _once(self, method: str, token: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        call = getattr(self.client(token), method.replace(".", "_"))
        with translated():
            answer = await call(**arguments)
        return dict(answer.data)

    async def _lose(self, team: str) -> None:
        log.warning("Slack no longer accepts a workspace's token", workspace=team)
        try:
            await self._on_lost(team)
        except StorageError as error:
            log.error("not kept that a workspace was lost", workspace=team, kind=type(error).__name__)


def _code(said: str) -> str:
    """Return the error code of a response URL's answer: plain text, or JSON with the field ``error``."""
    for code in ("expired_url", "used_url", "invalid_blocks", "no_text", "invalid_payload"):
        if code in said:
            return code
    return "not_found"
