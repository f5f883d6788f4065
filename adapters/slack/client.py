"""The Bolt app: whatever Slack sends is acknowledged at once and handed to the dispatcher, one way for all of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.events import Act, read_act, read_event
from adapters.slack.failures import Lost
from adapters.slack.members import Members
from adapters.slack.turn import SlackResponder
from adapters.slack.voice import Voice
from bot.dispatch import Dispatcher, Once
from bot.errors import where
from bot.ports import Clock

ENDS = ("app_uninstalled", "tokens_revoked")
"""Events after which a workspace's token is worth nothing."""
UNNAMED = "warmup"

log = structlog.get_logger(__name__)
Body = Mapping[str, Any]
Work = Coroutine[Any, Any, None]


class _Unasked(AsyncAuthorize):
    """Lets Bolt go on without a token: Slack's signature says who speaks, and tokens are looked up after the ack."""

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,  # noqa: ARG002
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,  # noqa: ARG002
        actor_enterprise_id: str | None = None,  # noqa: ARG002
        actor_team_id: str | None = None,  # noqa: ARG002
        actor_user_id: str | None = None,  # noqa: ARG002
    ) -> AuthorizeResult | None:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)


class _Taking(AsyncMiddleware):
    """Acknowledges, and only then lets work begin: nothing that fails later can lose the acknowledgement.

    What comes before Warmup knows whose it is, is refused, so that Slack says so or sends it again.
    """

    def __init__(self, ready: Callable[[], bool], begin: Callable[[Work], None], work: Callable[[Body], Work]) -> None:
        self._ready = ready
        self._begin = begin
        self._work = work

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002, ARG002
    ) -> BoltResponse:
        if not self._ready():
            return BoltResponse(status=503, body="")
        self._begin(self._work(req.body))
        return BoltResponse(status=200, body="")


class SlackClient:
    """Receives what people do; holds nothing about people or messages but what is under way."""

    def __init__(
        self,
        dispatcher: Dispatcher[Any],
        voice: Voice,
        *,
        once: Once,
        clock: Clock,
        signing_secret: str = "",
        prefix: str = "",
        oauth: AsyncOAuthFlow | None = None,
    ) -> None:
        self._dispatcher = dispatcher
        self._api = api = voice.api
        self._authority = authority = voice.authority
        self._voice = voice
        self._once = once
        self._clock = clock
        self._prefix = prefix
        self.members = Members(api)
        self._running: set[asyncio.Task[None]] = set()
        self.bolt = AsyncApp(
            name=UNNAMED,
            logger=logging.getLogger("slack_bolt"),
            signing_secret=signing_secret,
            client=api.client(),
            authorize=_Unasked(),  # type: ignore[no-untyped-call, arg-type]
            oauth_flow=oauth,
            # What this app did itself is never sent to it: it listens to no messages.
            ignoring_self_events_enabled=False,
            request_verification_enabled=bool(signing_secret),
        )
        self.bolt.middleware(_Taking(lambda: authority.ready, self._spawn, self._work))

    async def drain(self, seconds: float) -> None:
        """Let what is under way be answered, at most that long."""
        if self._running:
            await asyncio.wait(set(self._running), timeout=seconds)
        await self.members.settle()

    def _spawn(self, work: Work) -> None:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _work(self, body: Body) -> None:
        try:
            event = body.get("event")
            if isinstance(event, dict) and event.get("type") in ENDS:
                await self._end(body, event)
                return
            act = read_act(body)
            if act is not None:
                await self._answer(act)
        except Lost as error:
            log.warning("an act of a workspace without Warmup", error=str(error))
        except Exception as error:  # whatever Slack sent, what it sends next must be answered
            log.error("act not answered", kind=type(error).__name__, where=where(error))

    async def _answer(self, act: Act) -> None:
        await self._authority.token(act.team, act.enterprise)  # raises Lost: nothing is done for other workspaces
        actor = await self.members.actor(act)
        event = read_event(act, actor, self._clock.now(), self._dispatcher.router, self._prefix)
        responder = SlackResponder(act, self._api, self._voice.pictures, self._voice.commands)
        await self._dispatcher.run(event, responder, once=self._once)

    async def _end(self, body: Body, event: Body) -> None:
        """Forget a workspace that removed Warmup, or took back the bot's token rather than a person's."""
        tokens = event.get("tokens") or {}
        if event.get("type") == "tokens_revoked" and not tokens.get("bot"):
            return
        team = str(body.get("team_id", ""))
        self._authority.forget(team)
        if await self._api.is_good(team):  # Slack repeats events for minutes: it was installed again meanwhile
            return
        await self._authority.drop(team)
        await self._voice.lose(team)
