"""Real client libraries against the loopback Slack: a Web API client and a bare Bolt app, by socket or by HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from tests.support.slack.server import FakeSlack
from tests.support.slack.state import Json, User


class Room:
    """A workspace with a channel and two people, a Web API client, and a Bolt app that listens to nothing yet."""

    def __init__(self, slack: FakeSlack, session: aiohttp.ClientSession) -> None:
        self.slack = slack
        self.workspace = slack.add_workspace()
        self.channel = slack.add_channel(self.workspace, "study")
        self.ada = slack.add_user(self.workspace, "Ada", admin=True, tz="Europe/Paris")
        self.bob = slack.add_user(self.workspace, "Bob")
        self._session = session
        self.client = self.client_of(self.workspace.bot_token)
        self.app = AsyncApp(client=self.client, signing_secret=slack.signing_secret)
        self._handlers: list[AsyncSocketModeHandler] = []
        self._runners: list[web.AppRunner] = []

    def client_of(self, token: str | None) -> AsyncWebClient:
        """Return a client with a token of its own; it tries everything once."""
        return AsyncWebClient(token=token, base_url=self.slack.api_url, session=self._session, retry_handlers=[])

    async def socket_mode(self, connections: int = 1, ping_interval: float = 10) -> list[AsyncSocketModeHandler]:
        """Connect the app by sockets."""
        handlers = [
            AsyncSocketModeHandler(self.app, self.slack.app_token, ping_interval=ping_interval)
            for _ in range(connections)
        ]
        self._handlers += handlers
        for handler in handlers:
            await handler.client.connect()  # type: ignore[no-untyped-call]
        await self.slack.socket.connected(connections)
        return handlers

    async def http_mode(self, app: AsyncApp | None = None) -> str:
        """Serve the app by HTTP and return its origin; everything happens at /slack/events and the OAuth paths."""
        served = app or self.app

        async def events(request: web.Request) -> web.Response:
            return await to_aiohttp_response(await served.async_dispatch(await to_bolt_request(request)))

        async def install(request: web.Request) -> web.Response:
            assert served.oauth_flow is not None
            return await to_aiohttp_response(
                await served.oauth_flow.handle_installation(await to_bolt_request(request))
            )

        async def back(request: web.Request) -> web.Response:
            assert served.oauth_flow is not None
            return await to_aiohttp_response(await served.oauth_flow.handle_callback(await to_bolt_request(request)))

        server = web.Application()
        server.router.add_post("/slack/events", events)
        server.router.add_get("/slack/install", install)
        server.router.add_get("/slack/oauth_redirect", back)
        runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.2)
        self._runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
        self.slack.deliver_to(f"{origin}/slack/events")
        return origin

    def multi_workspace_app(self, folder: Path, public: str = "https://warmup.test") -> AsyncApp:
        """Return an app that people install by OAuth; its tokens are files in a folder."""
        slack = self.slack
        settings = AsyncOAuthSettings(
            client_id=slack.client_id,
            client_secret=slack.client_secret,
            scopes=["commands", "chat:write"],
            redirect_uri=f"{public}/slack/oauth_redirect",
            installation_store=FileInstallationStore(base_dir=str(folder / "installs"), client_id=slack.client_id),
            state_store=FileOAuthStateStore(expiration_seconds=60, base_dir=str(folder / "states")),
        )
        return AsyncApp(client=self.client_of(None), signing_secret=slack.signing_secret, oauth_settings=settings)

    async def close(self) -> None:
        """End the app."""
        for handler in self._handlers:
            await handler.client.close()  # type: ignore[no-untyped-call]
        for runner in self._runners:
            await runner.cleanup()


@asynccontextmanager
async def opened_room(slack: FakeSlack | None = None) -> AsyncIterator[Room]:
    """Serve a Slack with a room, and close everything at the end."""
    async with slack or FakeSlack() as server, aiohttp.ClientSession() as session:
        room = Room(server, session)
        try:
            yield room
        finally:
            await room.close()
        assert server.crashes == []


def card(text: str = "What is dropout?", *, action_id: str = "say.1") -> list[Json]:
    """Return a question with a button."""
    button = {"type": "button", "action_id": action_id, "value": "1", "text": {"type": "plain_text", "text": "Answer"}}
    section = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    return [section, {"type": "actions", "block_id": "acts", "elements": [button]}]


def form(*, callback_id: str = "report.1", title: str = "Report") -> Json:
    """Return a form with a text and a choice."""
    options = [{"text": plain(name), "value": name} for name in ("easy", "hard")]
    why = {"type": "plain_text_input", "action_id": "value", "max_length": 50}
    level = {"type": "radio_buttons", "action_id": "value", "options": options, "initial_option": options[0]}
    inputs = [("why", "Why", why), ("level", "Level", level)]
    blocks = [{"type": "input", "block_id": i, "label": plain(label), "element": e} for i, label, e in inputs]
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title),
        "submit": plain("Send"),
        "private_metadata": "kept",
        "blocks": blocks,
    }


def plain(text: str) -> Json:
    """Return a plain text object."""
    return {"type": "plain_text", "text": text}


def seen(room: Room, user: User) -> list[list[str]]:
    """Return the words of everything that a person sees in the channel."""
    return [message.texts for message in room.slack.seen_by(user, room.channel)]
