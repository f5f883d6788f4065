"""A real client library against the loopback Discord, without the pauses that tests need not sit through."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import discord
import pytest
import yarl
from discord import app_commands, ui
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.support.discord.server import FakeDiscord
from tests.support.discord.state import StoredMessage, User

Answer = Callable[[discord.Interaction], Awaitable[object]]
NOBODY = discord.AllowedMentions.none()


class Client(discord.AutoShardedClient):
    """The library as it is, with the pauses taken out that tests need not sit through."""

    def __init__(self) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            guild_ready_timeout=0.02,
            max_messages=None,
            chunk_guilds_at_startup=False,
            allowed_mentions=NOBODY,
        )
        self.answer: Answer | None = None
        self.tree = app_commands.CommandTree(self)
        self.left: list[int] = []

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        pass

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        if self.answer is not None:
            await self.answer(interaction)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self.left.append(guild.id)


class Room:
    """A server with a channel and two people, and the clients that were started."""

    def __init__(self, server: FakeDiscord) -> None:
        self.server = server
        self.guild = server.add_guild()
        self.channel = server.add_channel(self.guild, "study")
        self.ada = server.add_user("Ada", moderator=True)
        self.bob = server.add_user("Bob")
        self._running: list[tuple[Client, asyncio.Task[None]]] = []

    async def client(self, answer: Answer | None = None) -> Client:
        client = Client()
        client.answer = answer
        await client.login(self.server.token)
        self._running.append((client, asyncio.create_task(client.connect())))
        await asyncio.wait_for(client.wait_until_ready(), 5)
        return client

    async def close(self) -> None:
        for client, task in self._running:
            await client.close()
            await asyncio.gather(task, return_exceptions=True)

    async def asked(self, answer: Answer) -> StoredMessage:
        """Return what a slash command's answer put up."""
        await self.client(answer)
        record = await self.server.slash(self.bob, self.channel, "practice").answered()
        assert record.original is not None
        return record.original


@asynccontextmanager
async def opened_room(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    """Serve a Discord, point the library at it, and close every client at the end."""
    async with FakeDiscord() as server:
        monkeypatch.setattr(Route, "BASE", server.api_url)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway_url))
        room = Room(server)
        yield room
        await room.close()
        assert server.crashes == []


def card(text: str = "What is dropout?", *, button: str = "say.1:1") -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow(ui.Button(label="Answer", custom_id=button))
    view.add_item(ui.Container(ui.TextDisplay(text), row))
    return view


async def show(interaction: discord.Interaction) -> None:
    await interaction.response.send_message(view=card())


def seen(room: Room, user: User) -> list[list[str]]:
    return [message.texts for message in room.server.seen_by(user, room.channel)]
