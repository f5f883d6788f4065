"""The Discord adapter under test: the real client on SimCord, which keeps a Discord in memory and enforces its rules.

SimCord acts for people by their clients' rules. What no client would send (a forged control, fifteen presses at once,
a command that is gone) is put on its gateway; that, and nothing else, uses what SimCord does not promise to keep.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import takewhile
from typing import Any

import discord
import simcord
from discord.app_commands import CommandNotFound
from simcord.backend.serializers import message_payload
from simcord.interactions import base_payload

from adapters.discord.client import WarmupClient
from adapters.discord.events import PLATFORM
from adapters.discord.platform import DiscordPlatform
from adapters.storage.claims import SqlClaims
from adapters.storage.command_syncs import SqlCommandSyncs
from adapters.storage.presence import SqlPresence
from adapters.storage.work import SqlStorage
from bot.commands import split_words
from bot.dispatch import PATIENCE, Dispatcher
from bot.ports import Clock
from bot.refs import ChannelRef, UserRef, WorkspaceRef
from tests.contract import discord_seen
from tests.contract.harness import Form, Seen

COMMAND, COMPONENT, COMPLETION = 2, 3, 4
PING, NOT_YET_INVENTED = 1, 99
BUTTON, SELECT = 2, 3
STRING = 3
HELD = ("stage-slow", "stage-slow-public", "stage-late-error")
"""Commands that wait for the test: SimCord, which waits until the bot is idle, has to be told of these."""
NO_NONCES = "SimCord 3.2.1 ignores a message's nonce"
CANNOT = {
    "test_a_post_with_a_key_is_made_once_however_often_it_is_sent": NO_NONCES,
    "test_a_post_with_a_key_is_made_once_in_a_thread_too": NO_NONCES,
    "test_a_person_is_told_once_for_each_key": NO_NONCES,
}
"""Tests of the suite that cannot pass here, and why."""


class SimcordHarness:
    """The Harness of the Discord adapter, in one process and without sockets."""

    def __init__(self, storage: SqlStorage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock
        self._presence = SqlPresence(storage, clock)
        self._acting = asyncio.Lock()
        self._holding = asyncio.Event()
        self._released = asyncio.Event()
        self._forms: dict[str, tuple[simcord.InteractionResult, Form]] = {}
        self._members: dict[str, simcord.MemberActor] = {}
        self._users: dict[str, simcord.UserHandle] = {}

    def now(self) -> datetime:
        """Return the present instant: this is the adapter's clock, since SimCord has one of its own."""
        return self._env.now()

    async def start(self, dispatcher: Dispatcher[Any]) -> None:
        """Connect to a Discord with one server, where everybody is shown every command."""
        self.client = self._new_client(dispatcher)
        self.platform = DiscordPlatform(lambda: self.client, self._presence, clock=self)
        # simcord.run() would do this and keep a context variable; pytest ends a fixture in another context.
        self._env = simcord.Env(self.client, shard_count=1)
        await self._env.start()
        server = self._env.create_guild("Study")
        self._channel = server.create_text_channel("study")
        moderators = server.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
        for who, roles in (("ada", ()), ("alan", ()), ("grace", (moderators,))):
            person = self._users[who] = self._env.create_user(who, global_name=who.capitalize())
            self._members[who] = server.add_member(person, roles=roles)
        self.channel = ChannelRef(WorkspaceRef(PLATFORM, str(server.id)), str(self._channel.id))
        self.group = str(server.create_role("learners", mentionable=True).id)
        # A server's owner may show moderators' commands to anybody, so hiding them is not what keeps people out.
        for command in await self.client.tree.fetch_commands():
            if command.default_member_permissions is not None:
                server.set_command_permissions(command, {server.default_role: True})
        await self._env.settle()

    async def restart(self, dispatcher: Dispatcher[Any]) -> None:
        self.client = self._new_client(dispatcher)
        await self._env.restart_bot(self.client)

    async def close(self) -> None:
        """Disconnect; raises what the client swallowed."""
        await self._env.shutdown()
        errors = [error for error in self._env.errors if not isinstance(error, CommandNotFound)]
        if errors:
            raise BaseExceptionGroup("the client swallowed errors", errors)

    def user_id(self, who: str) -> str:
        return str(self._members[who].id)

    def user(self, who: str) -> UserRef:
        return UserRef(PLATFORM, "", self.user_id(who))

    async def type(self, who: str, text: str) -> None:
        name, options = _read(text)
        member = self._members[who]
        if name in HELD or name not in member.available_commands(self._channel):
            typed = [{"name": key, "type": STRING, "value": value} for key, value in options.items()]
            self._emit(who, COMMAND, {"id": "1", "name": name, "type": 1, "options": typed})
            if name in HELD:
                await self._released.wait()
                self._released.clear()
            await self._settle()
            return
        async with self._acting:
            await member.slash(self._channel, name, **options)

    async def press(self, who: str, message: Seen | None, token: str, values: Sequence[str] = ()) -> None:
        data: dict[str, Any] = {"custom_id": token, "component_type": SELECT if values else BUTTON}
        if values:
            data["values"] = list(values)
        result = self._emit(who, COMPONENT, data, message)
        await self._settle()
        if result.modal is not None:
            origin = None if message is None else message.id
            self._forms[who] = (result, discord_seen.form(result.modal, origin))

    async def submit(self, who: str, form: Form, inputs: Mapping[str, str]) -> None:
        shown, opened = self._forms[who]
        modal = shown.modal
        assert modal is not None
        assert opened == form
        kinds = {label["component"]["custom_id"]: label["component"]["type"] for label in modal["components"]}
        values = {name: [value] if kinds[name] == SELECT else value for name, value in inputs.items()}
        async with self._acting:
            await self._members[who].submit_modal(shown, values)

    async def garbage(self, who: str) -> None:
        for kind in (PING, NOT_YET_INVENTED):
            self._emit(who, kind, {})
        self._emit(who, COMPLETION, {"id": "1", "name": "frobnicate", "type": 1, "options": []})
        await self._settle()

    async def see(self, who: str, place: ChannelRef | None = None) -> list[Seen]:
        threads = [thread for thread in self._channel.threads if place is not None and str(thread.id) == place.id]
        visible = [message for message in self._visible(who, *threads) if not message.flags.loading]
        return [_seen(message) for message in visible if message.components]  # SimCord notes threads, which are none

    async def told(self, who: str) -> list[Seen]:
        user = self._users[who]
        return [_seen(message) for message in user.dm_channel.history(viewer=user)]

    def notified(self) -> list[str]:
        messages = [one for channel in self._env.backend.messages.values() for one in channel.values()]
        everybody = ["everyone" for one in messages if one.mention_everyone]
        return [*everybody, *(str(who) for one in messages for who in (*one.ping_role_ids, *one.ping_user_ids))]

    async def forget_keys(self) -> datetime:
        before = self.now()
        async with self._acting:
            await self._env.advance_time(1200)
        return before

    def form(self, who: str) -> Form | None:
        return self._forms[who][1] if who in self._forms else None

    async def until_told_to_wait(self, who: str) -> None:
        await self._holding.wait()
        self._holding.clear()
        async with self._acting:
            await self._env.advance_time(PATIENCE)
        assert any(message.flags.loading for message in self._visible(who))

    def _new_client(self, dispatcher: Dispatcher[Any]) -> WarmupClient:
        commands = dispatcher.router.commands
        for name in HELD:
            commands[name] = replace(commands[name], handler=self._held(commands[name].handler))
        return WarmupClient(
            dispatcher,
            once=SqlClaims(self._storage, self._clock).take,
            presence=self._presence,
            syncs=SqlCommandSyncs(self._storage, self._clock),
        )

    def _held(self, handler: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def wait(*args: Any, **options: Any) -> Any:
            self._holding.set()
            try:
                return await self._env.external_wait(handler(*args, **options), reason="the test opens the gate")
            finally:
                self._released.set()

        return wait

    def _visible(self, who: str, *threads: simcord.ChannelHandle) -> list[discord.Message]:
        return (threads or (self._channel,))[0].history(viewer=self._members[who])

    def _emit(
        self, who: str, kind: int, data: dict[str, Any], message: Seen | None = None
    ) -> simcord.InteractionResult:
        """Send an interaction as it is; it names its message only where the person sees that, as Discord has it."""
        backend, user = self._env.backend, self._users[who]
        own = message is not None and any(str(one.id) == message.id for one in user.dm_channel.history(viewer=user))
        place = user.dm_channel.id if own else self._channel.id
        record, payload = base_payload(
            backend,
            type=kind,
            channel_id=place,
            guild_id=None if own else int(self.channel.workspace.id),
            user_id=user.id,
            data=data,
        )
        if message is not None and (own or any(str(seen.id) == message.id for seen in self._visible(who))):
            record.source_message_id = int(message.id)
            payload["message"] = message_payload(backend, backend.get_message(place, int(message.id)))
        backend.emit("INTERACTION_CREATE", payload)
        return simcord.InteractionResult(self._env, record)

    async def _settle(self) -> None:
        """Wait until the client is idle, which is when everything is answered; SimCord waits for one at a time."""
        async with self._acting:
            await self._env.settle()


def _seen(message: discord.Message) -> Seen:
    components = [component.to_dict() for component in message.components]
    return discord_seen.seen({"id": message.id, "flags": message.flags.value, "components": components})


def _read(text: str) -> tuple[str, dict[str, str]]:
    """Return the command that was typed, with those of its groups, and its options."""
    pairs = [word.partition(":") for word in split_words(text.removeprefix("/"))]
    name = " ".join(word for word, _, _ in takewhile(lambda pair: not pair[1], pairs))
    return name, {key: value for key, colon, value in pairs if colon}
