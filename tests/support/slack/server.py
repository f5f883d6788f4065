"""A small Slack on a loopback port: the Web API, Socket Mode, HTTP delivery, response_urls, uploads and OAuth."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Iterable, Mapping
from typing import Self

from aiohttp import web

from tests.support.slack.browser import Browser, Page
from tests.support.slack.chat import Chat
from tests.support.slack.content import Content
from tests.support.slack.delivery import Deliveries
from tests.support.slack.endpoints import ApiCall, Endpoints
from tests.support.slack.faults import ApiError, Faults
from tests.support.slack.files import Files
from tests.support.slack.http import FORM, JSON, Http, Sent
from tests.support.slack.interactions import COMMAND, EVENT, Answer, Interaction, Interactions
from tests.support.slack.methods import Methods
from tests.support.slack.oauth import OAuth
from tests.support.slack.pace import Pace
from tests.support.slack.people import People
from tests.support.slack.socket import Socket
from tests.support.slack.state import APP, SCOPES, Channel, State, Token, User, Workspace
from tests.support.slack.views import Views


class FakeSlack(People):
    """The loopback Slack. ``violations`` collects what the real one would not have taken, or would have ignored.

    ``deadline`` is how long the app may take to acknowledge, ``retry_scale`` shortens the pauses before events are
    sent again, ``pace`` keeps the real rate limits.
    """

    def __init__(
        self, *, deadline: float = 3.0, file_ready_after: int = 1, pace: bool = False, retry_scale: float = 0.0
    ) -> None:
        self.app_id = APP
        self.client_id = "1000000000.2000000000"
        self.client_secret, self.signing_secret = secrets.token_hex(16), secrets.token_hex(16)
        self.verification_token = secrets.token_hex(12)
        self.app_token = f"xapp-1-{APP}-1-{secrets.token_hex(16)}"
        self.url = self.api_url = ""
        self.violations: list[str] = []
        self.state = State()
        self.state.tokens[self.app_token] = Token(None)
        self.interactions = Interactions()
        self.pace = Pace(real=pace)
        self.socket = Socket(self.violations.append)
        self.http = Http(self.state, self.signing_secret)
        self.oauth = OAuth(self.state, self.client_id, self.client_secret, _now)
        self._build(file_ready_after)
        self.deliveries = Deliveries(
            lambda: self.http if self.http.target else self.socket,
            self._taken,
            self.crashes,
            deadline=deadline,
            retry_scale=retry_scale,
        )
        self._runner: web.AppRunner | None = None

    def _build(self, file_ready_after: int) -> None:
        note = self.violations.append
        content = Content(self.state, note)
        self._chat = Chat(self.state, content)
        self._views = Views(self.state, content, self.interactions, _now)
        self.files = Files(self.state, content, self._chat, ready_after=file_ready_after)
        parts = (self._chat, self._views, self.files)
        self.methods = Methods(self.state, note, parts, self.socket, self.oauth, self._gone)
        answering = (self._chat, self.files, self.oauth)
        self._endpoints = Endpoints(self.state, self.methods, answering, self.interactions, note)

    @property
    def records(self) -> list[Interaction]:
        """Return every interaction so far."""
        return self.interactions.records

    @property
    def calls(self) -> list[ApiCall]:
        """Return every call so far."""
        return self._endpoints.calls

    @property
    def crashes(self) -> list[BaseException]:
        """Return what the loopback itself failed at."""
        return self._endpoints.crashes

    @property
    def faults(self) -> Faults:
        """Return the faults that a test orders."""
        return self._endpoints.faults

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    async def start(self, port: int = 0) -> None:
        """Listen; port 0 takes a free one."""
        app = web.Application(client_max_size=26 * 2**20)
        self._endpoints.add_to(app, self.pace)
        app.router.add_get("/link/", self.socket.handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        chosen = self._runner.addresses[0][1]
        self.url = self.files.url = f"http://127.0.0.1:{chosen}"
        self.api_url = f"{self.url}/api/"
        self.socket.url = f"ws://127.0.0.1:{chosen}/link/"

    async def stop(self) -> None:
        """Cut every connection and stop listening."""
        await self.deliveries.stop()
        self.socket.drop()
        await self.http.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def deliver_to(self, url: str) -> None:
        """Send what happens to an address by HTTP from now on; an empty one returns to Socket Mode."""
        self.http.target = url

    def limit(self, method: str, retry_after: int, times: int = 1) -> None:
        """Answer the next calls of a method with 429 and a number of seconds."""
        self.pace.order(method, retry_after, times)

    def calls_of(self, method: str) -> list[ApiCall]:
        """Return the calls of a method; "response_url" and "upload" are methods here."""
        return [call for call in self.calls if call.method == method]

    def add_workspace(
        self,
        name: str = "Study",
        *,
        installed: bool = True,
        scopes: Iterable[str] = SCOPES,
        enterprise: str | None = None,
    ) -> Workspace:
        """Add a workspace, with the app in it or without."""
        new = self.state.new_id
        workspace = Workspace(new("T"), name, new("U"), new("B"), enterprise)
        self.state.workspaces[workspace.id] = workspace
        if installed:
            workspace.scopes = frozenset(scopes)
            self.state.new_bot_token(workspace)
        return workspace

    def add_user(
        self,
        workspace: Workspace,
        name: str,
        *,
        admin: bool = False,
        owner: bool = False,
        tz: str = "UTC",
        locale: str = "en-GB",
    ) -> User:
        """Add a person who is in all channels that do not say who is in them."""
        user = User(self.state.new_id("U"), workspace, name, admin, owner, tz, locale)
        self.state.users[user.id] = user
        return user

    def add_channel(
        self,
        workspace: Workspace,
        name: str,
        *,
        private: bool = False,
        archived: bool = False,
        bot_is_member: bool = True,
        members: Iterable[User] | None = None,
        restricted: bool = False,
    ) -> Channel:
        """Add a channel; to a ``restricted`` one only some may post."""
        ids = None if members is None else {user.id for user in members}
        channel = Channel(self.state.new_id("C"), workspace, name, private, archived, bot_is_member, ids, restricted)
        self.state.channels[channel.id] = channel
        return channel

    def dm(self, user: User) -> Channel:
        """Return the direct messages between a person and the bot."""
        return self.state.dm(user)

    def revoke(self, workspace: Workspace) -> None:
        """Let the bot's token be refused as revoked."""
        self.oauth.revoke(workspace)

    def deactivate(self, workspace: Workspace) -> None:
        """Let the bot's token be refused because its account is not active."""
        self.oauth.revoke(workspace, "account_inactive")

    def remove_bot(self, channel: Channel) -> None:
        """Take the bot out of a channel; the app is not told."""
        channel.bot_is_member = False

    def archive(self, channel: Channel) -> None:
        """Archive a channel; the app is not told."""
        channel.archived = True

    async def install(self, user: User, url: str, *, deny: bool = False, same_browser: bool = True) -> Page:
        """Let a person install the app, beginning at the app's own page; return the page that they end on."""
        browser = Browser(self.http.session(), self.url, url, keeps_cookies=same_browser)
        return await browser.install(user, url, deny=deny)

    async def uninstall(self, workspace: Workspace) -> None:
        """Take the app out of a workspace: its token is dead, and app_uninstalled and tokens_revoked are sent."""
        self.deactivate(workspace)
        self._gone(workspace, True)
        await asyncio.sleep(0)

    async def post_raw(
        self,
        body: str,
        *,
        content_type: str = FORM,
        headers: Mapping[str, str] | None = None,
        secret: str | None = None,
        timestamp: int | None = None,
        signed: bool = True,
    ) -> Answer | None:
        """Post any body to the app: signed with another secret, as of another time, or not at all; None is too late."""
        sent = self.http.signed(
            body, {"Content-Type": content_type, **(headers or {})}, secret=secret, timestamp=timestamp
        )
        bare = {name: value for name, value in sent.headers.items() if not name.startswith("X-Slack-")}
        return await self.http.post(sent if signed else Sent(sent.body, bare), self.deliveries.deadline)

    async def replay(self, sent: Sent | None = None) -> Answer | None:
        """Post an earlier request once more, byte for byte: the last one unless told."""
        return await self.http.post(sent or self.http.sent[-1], self.deliveries.deadline)

    async def verify_url(self) -> bool:
        """Tell whether the app gives back the challenge by which Slack checks its address."""
        challenge = secrets.token_urlsafe(24)
        body = {"token": self.verification_token, "challenge": challenge, "type": "url_verification"}
        answer = await self.post_raw(json.dumps(body), content_type=JSON)
        return answer is not None and answer.status == 200 and answer.body in (challenge, {"challenge": challenge})

    def _gone(self, workspace: Workspace, uninstalled: bool) -> None:
        tokens = {"oauth": [], "bot": [workspace.bot_user]}
        self.tell(workspace, {"type": "tokens_revoked", "tokens": tokens})
        if uninstalled:
            for channel in self.state.channels.values():
                channel.bot_is_member = channel.bot_is_member and channel.workspace is not workspace
            self.tell(workspace, {"type": "app_uninstalled"})

    def _taken(self, record: Interaction) -> None:
        """Do what the body of an acknowledgement says."""
        body = record.ack_body
        try:
            if record.kind == COMMAND and body:
                told = body if isinstance(body, dict) else {"text": str(body)}
                self._chat.respond(record, told, "acknowledgement")
            elif record.payload.get("type") == "view_submission":
                self._views.acknowledge(record)
            elif record.kind not in (COMMAND, EVENT) and body:
                self.violations.append("acknowledgement: Slack ignores what else it says")
        except ApiError as error:
            self.violations.append(f"acknowledgement: {error}")
            record.told.append(error.error)


def _now() -> float:
    return asyncio.get_running_loop().time()
