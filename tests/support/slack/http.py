"""HTTP mode of the loopback Slack: signed requests to the app's URL, as Slack sends them."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp

from adapters.clock import SystemClock
from tests.support.slack.delivery import Attempt
from tests.support.slack.interactions import COMMAND, EVENT, Answer, Interaction
from tests.support.slack.state import Json, State

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it went to the app, byte for byte, so that it can be played again."""

    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


class Http:
    """Requests to the app at ``target``; ``sent`` has them all."""

    def __init__(self, state: State, secret: str) -> None:
        self.target = ""
        self.sent: list[Sent] = []
        self._state = state
        self._secret = secret
        self._session: aiohttp.ClientSession | None = None

    async def stop(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def session(self) -> aiohttp.ClientSession:
        """Return the client, opened when it is first needed; the caller keeps its own cookies."""
        if self._session is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return self._session

    async def deliver(self, record: Interaction, attempt: Attempt, deadline: float) -> Answer | None:
        """Post a payload as Slack does and return the answer."""
        kind = JSON if record.kind == EVENT else FORM
        headers = {"Content-Type": kind}
        if attempt.number:
            headers |= {"X-Slack-Retry-Num": str(attempt.number), "X-Slack-Retry-Reason": attempt.reason}
        return await self.post(self.signed(_encoded(record), headers), deadline)

    def reason(self, answer: Answer | None) -> str:
        """Return Slack's word for why an attempt failed."""
        return "http_timeout" if answer is None else "http_error" if answer.status else "connection_failed"

    def signed(
        self, body: str, headers: dict[str, str], *, secret: str | None = None, timestamp: int | None = None
    ) -> Sent:
        """Return a request with Slack's signature, or one of another secret or time."""
        # Whoever checks a signature goes by the time that it is, whatever the people of a test are told.
        at = int(SystemClock().now().timestamp()) if timestamp is None else timestamp
        key = (self._secret if secret is None else secret).encode()
        digest = hmac.new(key, f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
        proof = {"X-Slack-Request-Timestamp": str(at), "X-Slack-Signature": f"v0={digest}"}
        agent = {"User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)", "Accept": "application/json,*/*"}
        return Sent(body.encode(), agent | headers | proof)

    async def post(self, sent: Sent, deadline: float = 3.0) -> Answer | None:
        """Send a request as it is; None when no answer came in time, status 0 when the app cannot be reached."""
        assert self.target, "deliver_to says where the app is"
        self.sent.append(sent)
        begun = asyncio.get_running_loop().time()
        try:
            async with (
                asyncio.timeout(deadline),
                self.session().post(self.target, data=sent.body, headers=sent.headers) as answer,
            ):
                text = await answer.text()
                seconds = asyncio.get_running_loop().time() - begun
                body = _decoded(answer.headers.get("Content-Type", ""), text)
                return Answer(answer.status, body, seconds, answer.headers)
        except TimeoutError:
            return None
        except aiohttp.ClientError:
            return Answer(0, None, asyncio.get_running_loop().time() - begun)


def _encoded(record: Interaction) -> str:
    if record.kind == EVENT:
        return json.dumps(record.payload)
    form: Json = record.payload if record.kind == COMMAND else {"payload": json.dumps(record.payload)}
    return urlencode(form)


def _decoded(kind: str, text: str) -> Any:
    if not text:
        return None
    return json.loads(text) if kind.startswith(JSON) else text
