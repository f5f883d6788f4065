"""Discord under test: the whole of discord.py against a Discord on the loopback interface."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any

from discord.http import Route

from adapters.discord.app import DiscordApp
from adapters.storage.claims import SqlClaims
from adapters.storage.command_syncs import SqlCommandSyncs
from adapters.storage.presence import SqlPresence
from adapters.storage.work import SqlStorage
from bot.commands import split_words
from bot.dispatch import Dispatcher
from bot.refs import ChannelRef, UserRef, WorkspaceRef
from tests.contract.discord_seen import form, seen
from tests.contract.harness import Form, Seen
from tests.support.discord.interactions import InteractionRecord
from tests.support.discord.payloads import message_payload
from tests.support.discord.server import FakeDiscord
from tests.support.discord.state import StoredMessage, User
from tests.support.world import StillClock


class DiscordHarness:
    """The Harness of the Discord adapter."""

    def __init__(self, storage: SqlStorage, clock: StillClock) -> None:
        self._storage = storage
        self._clock = clock
        self._api = Route.BASE
        self.discord = FakeDiscord()
        self.discord.state.now = clock.now
        self._forged: set[str] = set()
        self._latest: dict[str, InteractionRecord] = {}
        self._forms: dict[str, tuple[Form, dict[str, Any]]] = {}

    async def start(self, dispatcher: Dispatcher[Any]) -> None:
        await self.discord.start()
        self._settle()
        await self._connect(dispatcher)

    def _settle(self) -> None:
        guild = self.discord.add_guild("Study")
        self._place = self.discord.add_channel(guild, "study")
        self._people = {
            name.lower(): self.discord.add_user(name, moderator=name == "Grace") for name in ("Ada", "Alan", "Grace")
        }
        self.channel = ChannelRef(WorkspaceRef("discord", str(guild.id)), str(self._place.id))
        self.group = self.discord.add_role(guild, "learners", mentionable=True).id

    async def _connect(self, dispatcher: Dispatcher[Any]) -> None:
        self._dispatcher = dispatcher
        connected = asyncio.Event()
        self.app = DiscordApp(
            dispatcher,
            token=self.discord.token,
            once=SqlClaims(self._storage, self._clock).take,
            presence=SqlPresence(self._storage, self._clock),
            syncs=SqlCommandSyncs(self._storage, self._clock),
            clock=self._clock,
            api=self.discord.api_url,
            gateway=self.discord.gateway_url,
            guilds_within=0.02,
            connected=lambda _: connected.set(),
        )
        self.app.start()
        self.platform = self.app.platform
        await asyncio.wait_for(connected.wait(), 10)

    async def restart(self, dispatcher: Dispatcher[Any]) -> None:
        await self.app.stop(0)
        await self._connect(dispatcher)

    def user_id(self, who: str) -> str:
        return str(self._people[who].id)

    def user(self, who: str) -> UserRef:
        return UserRef("discord", "", self.user_id(who))

    async def type(self, who: str, text: str) -> None:
        pairs = [word.partition(":") for word in split_words(text.removeprefix("/"))]
        command = " ".join(word for word, _, _ in takewhile(lambda pair: not pair[1], pairs))
        options = {name: value for name, colon, value in pairs if colon}
        await self._answered(who, self.discord.slash(self._people[who], self._place, command, options))

    async def press(self, who: str, message: Seen | None, token: str, values: Sequence[str] = ()) -> None:
        person = self._people[who]
        shown = None if message is None else self._message(message.id, person)
        if shown is not None and shown.viewer not in (None, person):
            shown = None
        record = self.discord.press(person, shown, token, list(values) or None, channel=self._place, stale=True)
        if shown is None and record.source is not None:
            self._forged.add(record.source.id)
        await self._answered(who, record)

    async def submit(self, who: str, form: Form, inputs: Mapping[str, str]) -> None:
        _, data = self._forms[who]
        shown = None if form.origin is None else self._message(form.origin)
        record = self.discord.submit(self._people[who], self._place, form.token, inputs, message=shown, modal=data)
        await self._answered(who, record)

    async def garbage(self, who: str) -> None:  # noqa: ARG002 - Discord has no way for people to send rubbish
        """Send what Discord itself would not: events that this client does not know, and interactions of new kinds."""
        self.discord.dispatch_raw("SOMETHING_NEW", {"x": 1})
        self.discord.dispatch_raw("GUILD_MEMBER_UPDATE", {"guild_id": "1", "user": {"id": "5"}})

    async def see(self, who: str, place: ChannelRef | None = None) -> list[Seen]:
        shown = self._place if place is None else self.discord.state.channels[place.id]
        messages = self.discord.seen_by(self._people[who], shown)
        return [seen(message_payload(one)) for one in messages if one.edits or one.id not in self._forged]

    async def told(self, who: str) -> list[Seen]:
        person = self._people[who]
        messages = self.discord.seen_by(person, self.discord.dm_channel(person))
        return [seen(message_payload(one)) for one in messages]

    def notified(self) -> list[str]:
        channels = self.discord.state.channels.values()
        return [who for channel in channels for message in channel.messages.values() for who in message.pinged]

    async def forget_keys(self) -> datetime:
        before = self._clock.now()
        self._clock.pass_time(minutes=20)
        self._place.nonces.clear()
        return before

    def form(self, who: str) -> Form | None:
        return self._forms[who][0] if who in self._forms else None

    async def until_told_to_wait(self, who: str) -> None:
        await asyncio.sleep(0)  # the act has begun then
        await self._latest[who].acknowledged()

    async def close(self) -> None:
        await self.app.stop(1)
        await self.discord.stop()
        Route.BASE = self._api
        assert (self.discord.violations, self.discord.crashes) == ([], [])

    def _message(self, message: str, person: User | None = None) -> StoredMessage:
        """Return a message of the channel, or of a person's own conversation."""
        if person is not None and message not in self._place.messages:
            return self.discord.dm_channel(person).messages[message]
        return self._place.messages[message]

    async def _answered(self, who: str, record: InteractionRecord) -> None:
        self._latest[who] = record
        await record.answered()
        await self._dispatcher.drain(5)
        if record.modal is not None:
            origin = None if record.source is None else record.source.id
            self._forms[who] = form(record.modal, origin), record.modal
