"""Slack under test: the whole of Bolt against a Slack on the loopback interface, over a socket and over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from adapters.slack.app import SlackApp, Stores
from adapters.slack.credentials import Credentials
from adapters.slack.render import CHOOSE
from adapters.storage.claims import SqlClaims
from adapters.storage.installations import SqlInstallations
from adapters.storage.oauth_states import SqlOAuthStates
from adapters.storage.posts import SqlPostLog
from adapters.storage.presence import SqlPresence
from adapters.storage.work import SqlStorage
from bot.dispatch import Dispatcher
from bot.refs import ChannelRef, UserRef, WorkspaceRef
from tests.contract.harness import Form, Seen
from tests.contract.slack_seen import form, seen
from tests.support.slack.interactions import Interaction
from tests.support.slack.server import FakeSlack
from tests.support.slack.state import StoredMessage, StoredView, User
from tests.support.world import StillClock

ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))
"""What Slack does to what people type."""


async def well() -> dict[str, bool]:
    return {}


class SlackHarness:
    """The Harness of the Slack adapter, over a socket."""

    over_http = False
    group = "S0LEARNERS"

    def __init__(self, storage: SqlStorage, clock: StillClock) -> None:
        self._storage = storage
        self._clock = clock
        self.slack = FakeSlack()
        self.slack.state.now = clock.now
        self._forged: set[str] = set()
        self._latest: dict[str, Interaction] = {}
        self._forms: dict[str, tuple[Form, StoredView]] = {}

    async def start(self, dispatcher: Dispatcher[Any]) -> None:
        await self.slack.start()
        self._team = self.slack.add_workspace("Study")
        self._place = self.slack.add_channel(self._team, "study")
        self._people = {
            name.lower(): self.slack.add_user(self._team, name, admin=name == "Grace")
            for name in ("Ada", "Alan", "Grace")
        }
        self.channel = ChannelRef(WorkspaceRef("slack", self._team.id), self._place.id)
        await self._connect(dispatcher)

    async def _connect(self, dispatcher: Dispatcher[Any]) -> None:
        self._dispatcher = dispatcher
        connected = asyncio.Event()
        told: list[str] = []

        def started(said: str) -> None:
            told.append(said)
            connected.set()

        self.app = SlackApp(
            dispatcher,
            self._credentials(),
            Stores(
                SqlPresence(self._storage, self._clock),
                SqlPostLog(self._storage, self._clock),
                SqlInstallations(self._storage, self._clock),
                SqlOAuthStates(self._storage, self._clock),
            ),
            once=SqlClaims(self._storage, self._clock).take,
            clock=self._clock,
            url=self.slack.api_url,
        )
        living = self.app.start(started, port=0, ready=well)
        self.platform = self.app.platform
        await asyncio.wait([living, asyncio.create_task(connected.wait())], return_when=asyncio.FIRST_COMPLETED)
        if living.done():
            await living
        if self.over_http:
            port = told[0].partition("port ")[2].partition(",")[0]
            self.slack.deliver_to(f"http://127.0.0.1:{port}/slack/events")

    def _credentials(self) -> Credentials:
        token = self._team.bot_token
        if self.over_http:
            return Credentials(bot_token=token, signing_secret=self.slack.signing_secret)
        return Credentials(bot_token=token, app_token=self.slack.app_token)

    async def restart(self, dispatcher: Dispatcher[Any]) -> None:
        await self.app.stop(0)
        await self._connect(dispatcher)

    def user_id(self, who: str) -> str:
        return self._people[who].id

    def user(self, who: str) -> UserRef:
        return UserRef("slack", self._team.id, self.user_id(who))

    async def type(self, who: str, text: str) -> None:
        command, _, rest = text.partition(" ")
        for sign, entity in ESCAPES:
            rest = rest.replace(sign, entity)
        await self._answered(who, await self.slack.command(self._people[who], self._place, command, rest))

    async def press(self, who: str, message: Seen | None, token: str, values: Sequence[str] = ()) -> None:
        person = self._people[who]
        shown = None if message is None else self._message(message.id, person)
        if shown is not None and shown.viewer not in (None, person):
            shown = None
        several = values and shown is not None and token not in _pickers(shown)
        if several:
            await self.slack.press(person, shown, CHOOSE, values=values)
        record = await self.slack.press(
            person, shown, token, values=() if several else values, channel=self._place, forged=True
        )
        if shown is None and record.source is not None:
            self._forged.add(record.source.ts)
        await self._answered(who, record)

    async def submit(self, who: str, form: Form, inputs: Mapping[str, str]) -> None:  # noqa: ARG002 - the open one
        _, view = self._forms[who]
        await self._answered(who, await self.slack.submit(self._people[who], view, inputs))

    async def garbage(self, who: str) -> None:
        """Send what Slack itself would not: events nobody asked for, and payloads without their parts."""
        ada = self._people[who]
        await self.slack.event(self._team, {"type": "something_new", "user": ada.id})
        await self.slack.event(self._team, {"type": "app_home_opened"})

    async def see(self, who: str, place: ChannelRef | None = None) -> list[Seen]:
        messages = self.slack.seen_by(self._people[who], self._place, place.thread if place else "")
        return [_seen(one) for one in messages if one.edits or one.ts not in self._forged]

    async def told(self, who: str) -> list[Seen]:
        person = self._people[who]
        return [_seen(one) for one in self.slack.seen_by(person, self.slack.dm(person))]

    def notified(self) -> list[str]:
        channels = self.slack.state.channels.values()
        return [who for channel in channels for message in channel.messages.values() for who in message.pinged]

    async def forget_keys(self) -> datetime:
        before = self._clock.now()
        self._clock.pass_time(minutes=20)
        return before

    def form(self, who: str) -> Form | None:
        return self._forms[who][0] if who in self._forms else None

    async def until_told_to_wait(self, who: str) -> None:
        await asyncio.sleep(0.01)  # the act has begun then
        await self._latest[who].acknowledged()

    async def close(self) -> None:
        await self.app.stop(1)
        await self.slack.stop()
        assert (self.slack.violations, self.slack.crashes) == ([], [])

    def _message(self, message: str, person: User | None = None) -> StoredMessage:
        """Return a message of the channel, or of a person's own conversation."""
        if person is not None and message not in self._place.messages:
            return self.slack.dm(person).messages[message]
        return self._place.messages[message]

    async def _answered(self, who: str, record: Interaction) -> None:
        self._latest[who] = record
        await record.acknowledged()
        await self.app.client.drain(5)
        if record.opened is not None:
            origin = None if record.source is None else record.source.ts
            self._forms[who] = form(record.opened.view, origin), record.opened


class SlackHttpHarness(SlackHarness):
    """The same over HTTP, with Slack's signatures."""

    over_http = True


def _seen(message: StoredMessage) -> Seen:
    return seen({"ts": message.ts, "blocks": message.blocks, "is_ephemeral": message.ephemeral})


def _pickers(message: StoredMessage) -> set[str]:
    """Return the actions of lists of which one thing is chosen."""
    elements = [element for block in message.blocks for element in block.get("elements", ())]
    return {element["action_id"] for element in elements if element["type"] == "static_select"}
