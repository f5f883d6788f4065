"""The connection to Discord: what arrives goes to the dispatcher, one way for all of it."""

from __future__ import annotations

import asyncio
import itertools
import sys
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

import discord
import structlog
import yarl
from discord import app_commands

from adapters.discord.commands import CommandSyncs, declare, sync_or_fetch
from adapters.discord.events import PLATFORM, Interaction, read_event
from adapters.discord.failures import FAILURES
from adapters.discord.markdown import NO_COMMANDS, Commands
from adapters.discord.platform import DiscordPlatform
from adapters.discord.turn import DiscordResponder
from bot.dispatch import Dispatcher, Once
from bot.errors import ConfigError, PlatformError, StorageError, where
from bot.message import Message
from bot.ports import Presence
from bot.refs import ChannelRef, WorkspaceRef

LONGEST_PAUSE = 60.0
"""Seconds that a rate limit may hold a request back; beyond that it fails, and whoever asked decides."""

GUILDS_WITHIN = 2.0
"""Seconds after the last server's data until the connection counts as ready; interactions are answered before."""
MOST_LAUNCHES = 100
PAUSES = (1.0, 5.0, 30.0)
"""Seconds before another attempt to write down where Warmup is."""
ENDPOINT_SET = (
    "Discord sends what people do to an address instead of to Warmup; in the developer portal, General Information, "
    "empty the field Interactions Endpoint URL"
)

log = structlog.get_logger(__name__)
T = TypeVar("T")


class _Tree(app_commands.CommandTree[Any]):
    """Hands commands that Discord still shows, but this version does not know, to the core like all others."""

    def __init__(self, client: discord.Client, answer: Callable[[Interaction], Awaitable[None]]) -> None:
        super().__init__(client)
        self._answer = answer

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        completing = interaction.type is discord.InteractionType.autocomplete
        if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch) and not completing:
            await self._answer(interaction)
            return
        cause = error.__cause__ or error
        log.error("command failed", kind=type(cause).__name__, where=where(cause))


# Warmup speaks in no voice channel, so what voice would need is not missing.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


class Keeper:
    """Writes down where Warmup is, one event after the other, and again until it is written: it is told but once."""

    def __init__(self) -> None:
        self._writing = asyncio.Lock()
        self._ending = False

    async def keep(self, write: Callable[[], Awaitable[T]]) -> T:
        """Write, however long it takes."""
        async with self._writing:
            for pause in itertools.chain(PAUSES, itertools.repeat(PAUSES[-1])):
                try:
                    return await write()
                except (StorageError, *FAILURES) as error:
                    log.warning("presence not kept", kind=type(error).__name__, again_in=pause)
                    if self._ending:
                        raise
                    await asyncio.sleep(pause)
            raise AssertionError("the pauses never end")

    async def settle(self) -> None:
        """Wait until everything is written, or cannot be at the first attempt."""
        self._ending = True
        async with self._writing:
            pass


class WarmupClient(discord.AutoShardedClient):
    """One bot on Discord; holds nothing about people or messages."""

    def __init__(
        self,
        dispatcher: Dispatcher[Any],
        *,
        once: Once,
        presence: Presence,
        syncs: CommandSyncs,
        keeper: Keeper | None = None,
        welcome: Message | None = None,
        gateway: str = "",
        guilds_within: float = GUILDS_WITHIN,
        on_connected: Callable[[str], None] = lambda _: None,
    ) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            max_messages=None,
            chunk_guilds_at_startup=False,
            guild_ready_timeout=guilds_within,
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=LONGEST_PAUSE,
        )
        self.tree = _Tree(self, self._answer)
        declare(self.tree, dispatcher.router.commands.values(), self._answer)
        self.platform = DiscordPlatform(lambda: self, presence, lambda: self.commands)
        self.commands: Commands = NO_COMMANDS
        self._launches = 0
        _guard(self._connection.parsers)
        self.was_ready = False
        self._dispatcher = dispatcher
        self._once = once
        self._presence = presence
        self._keep = (keeper or Keeper()).keep
        self._syncs = syncs
        self._welcome = welcome
        self._gateway = yarl.URL(gateway) if gateway else None
        self._on_connected = on_connected

    async def setup_hook(self) -> None:
        """Tell Discord of the commands where they changed; a failure of that does not keep the bot from answering.

        Raises ConfigError where Discord would send what people do somewhere else.
        """
        if self.application is not None and self.application.interactions_endpoint_url:
            raise ConfigError([ENDPOINT_SET])
        try:
            known = await sync_or_fetch(self.tree, self._syncs)
        except (StorageError, *FAILURES) as error:
            log.error("commands not synced; python -m bot discord sync tries again", kind=type(error).__name__)
        else:
            self.commands = {command.name: command.id for command in known}

    async def launch_shard(self, gateway: yarl.URL, shard_id: int, *, initial: bool = False) -> None:
        """Connect a shard, by way of the configured gateway where there is one.

        Raises ConnectionError after many attempts: discord.py tries again by calling this from within itself, which
        Python does not let it do for ever.
        """
        self._launches += 1
        if self._launches > MOST_LAUNCHES:
            raise ConnectionError("the gateway cannot be reached")
        await super().launch_shard(self._gateway or gateway, shard_id, initial=initial)
        self._launches = 0

    async def disconnect(self) -> None:
        """Receive nothing any more; what is under way can still be answered."""
        await asyncio.gather(*(shard.disconnect() for shard in self.shards.values()))

    async def on_ready(self) -> None:
        """Keep which servers there are: what happened while not connected is news."""
        if self.was_ready or self.is_closed():  # discord.py tells of it even after it was closed
            return
        self.was_ready = True
        count = len(self.guilds)
        log.info("connected to Discord", servers=count, shards=self.shard_count)
        await self._keep(lambda: self._compare([guild.id for guild in self.guilds]))
        self._on_connected(f"Warmup is on Discord as {self.user.name if self.user else '?'}, {_where(count)}")

    async def on_shard_ready(self, _shard: int) -> None:
        """Ask which servers there are after a lost session: discord.py still has those that left meanwhile."""
        if self.was_ready and not self.is_closed():
            await self._keep(self._compare_anew)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Say hello once, where the server says hello to its members, if Warmup may speak there."""
        workspace = WorkspaceRef(PLATFORM, str(guild.id))
        new = await self._keep(lambda: self._presence.joined(workspace))
        log.info("joined a server", server=guild.id, new=new)
        if not new or self._welcome is None or guild.system_channel is None:
            return
        place = ChannelRef(workspace, str(guild.system_channel.id))
        try:
            if not await self.platform.obstacle(place):
                await self.platform.send(place, self._welcome, f"welcome:{guild.id}")
        except PlatformError as error:
            log.warning("no welcome said", server=guild.id, error=str(error))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Keep that a server removed Warmup, so that it is not posted to again."""
        await self._keep(lambda: self._presence.left(WorkspaceRef(PLATFORM, str(guild.id))))
        log.info("removed from a server", server=guild.id)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Answer presses and forms; commands come through the tree."""
        if interaction.type in (discord.InteractionType.component, discord.InteractionType.modal_submit):
            await self._answer(interaction)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002
        """Log what failed by its place: the words may hold what people typed."""
        error = sys.exception()
        if error is not None:
            log.error("event failed", event_name=event_method, kind=type(error).__name__, where=where(error))

    async def _answer(self, interaction: Interaction) -> None:
        event = read_event(interaction)
        if event is not None:
            await self._dispatcher.run(event, DiscordResponder(interaction, self.commands), once=self._once)

    async def _compare(self, servers: Iterable[int]) -> None:
        await self._presence.compare(PLATFORM, [WorkspaceRef(PLATFORM, str(server)) for server in servers])

    async def _compare_anew(self) -> None:
        await self._compare([guild.id async for guild in self.fetch_guilds(limit=None, with_counts=False)])


def _guard(parsers: dict[str, Callable[[Any], Any]]) -> None:
    """Let an event that discord.py cannot read pass: it would end the connection, and come again with the next one."""

    def guarded(name: str, parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def read(data: Any) -> None:
            try:
                parse(data)
            except Exception as error:
                log.error("event not understood", event_name=name, kind=type(error).__name__, where=where(error))

        return read

    parsers.update({name: guarded(name, parse) for name, parse in parsers.items() if name != "READY"})


def _where(servers: int) -> str:
    if not servers:
        return "in no server yet; python -m bot check prints the link that adds it to one."
    return f"in {servers} server{'' if servers == 1 else 's'}. Ctrl+C stops it."
