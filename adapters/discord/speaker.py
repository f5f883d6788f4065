"""Speak on Discord without listening: logged in over HTTP, with no gateway, for a process that only posts."""

from __future__ import annotations

import asyncio

import discord
import structlog

from adapters.discord.client import LONGEST_PAUSE
from adapters.discord.failures import FAILURES
from adapters.discord.living import FIRST_PAUSE, Living, use_addresses
from adapters.discord.markdown import NO_COMMANDS, Commands
from adapters.discord.platform import DiscordPlatform
from bot.ports import Clock, Presence

log = structlog.get_logger(__name__)


class DiscordSpeaker(Living[discord.Client]):
    """Keeps one client logged in; ``platform`` raises Unreachable until it is."""

    def __init__(
        self, *, token: str, presence: Presence, clock: Clock, api: str = "", first_pause: float = FIRST_PAUSE
    ) -> None:
        use_addresses(api)
        self._token = token
        self._commands: Commands = NO_COMMANDS
        self._refusing = asyncio.Event()
        super().__init__(first_pause)
        self.platform = DiscordPlatform(
            lambda: self.client,
            presence,
            lambda: self._commands,
            clock=clock,
            over_http=True,
            refused=self._refusing.set,
        )

    async def connected(self) -> bool:
        """Tell whether it can speak."""
        return self._was_well() and not self.client.is_closed()

    async def stop(self, seconds: float) -> None:
        """Let what is under way be said, at most that long, and log out."""
        self._stopping = True
        await self.platform.drain(seconds)
        await self._close()

    def _make(self) -> discord.Client:
        return discord.Client(
            intents=discord.Intents(guilds=True),
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=LONGEST_PAUSE,
        )

    async def _run(self) -> None:
        """Log in, and again once Discord refuses the token: then it is known whether that is for good."""
        self._refusing.clear()
        await self.client.login(self._token)
        await self._learn_commands()
        await self._refusing.wait()

    def _was_well(self) -> bool:
        return self.client.user is not None

    async def _learn_commands(self) -> None:
        """Ask for the ids by which commands can be clicked; without them their names stand in messages."""
        assert self.client.application_id is not None
        try:
            known = await self.client.http.get_global_commands(self.client.application_id)
        except FAILURES as error:
            log.warning("the commands' ids are not known", kind=type(error).__name__)
        else:
            self._commands = {command["name"]: int(command["id"]) for command in known}
