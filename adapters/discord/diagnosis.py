"""Say whether a token and its app are fit to run Warmup, without a connection and with one."""

from __future__ import annotations

import base64
import binascii
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import discord
from discord import app_commands

from adapters.discord.client import ENDPOINT_SET
from adapters.discord.commands import CommandSyncs, declare, sync, sync_server
from adapters.discord.failures import FAILURES, MISSING_ACCESS
from adapters.discord.living import refusal, use_addresses
from adapters.discord.permissions import NEEDS, OPTIONAL, SCOPES, invitation
from bot.commands import Command
from bot.errors import ConfigError

SERVERS_LOOKED_AT = 25
SCOPE_MISSING = (
    "the server with the id {server} added Warmup without the scope applications.commands; "
    "open the invite link again and choose that server"
)


def application_of(token: str) -> int:
    """Return the application that a token belongs to: its first part is the id, in base64.

    Raises ConfigError for what cannot be a bot's token.
    """
    head, *rest = token.split(".")
    try:
        number = int(base64.b64decode(head + "=" * (-len(head) % 4), validate=True).decode("ascii"))
    except (binascii.Error, UnicodeDecodeError, ValueError):
        number = 0
    if number <= 0 or len(rest) != 2 or not all(rest) or any(map(str.isspace, token.strip())):
        raise ConfigError(
            ["DISCORD_TOKEN: that is no bot's token; copy it from the developer portal, Bot, Reset Token"]
        )
    return number


def invite_lines(application: int) -> list[str]:
    """Return the invite link, with the reason of everything that it asks for, and what can be allowed besides."""
    scopes = [f"  scope {scope}: {reason}" for scope, reason in SCOPES.items()]
    permissions = [f"  permission {words}: {reason}" for words, reason in NEEDS.values()]
    optional = [f"  not asked for, {words}: {reason}" for words, reason in OPTIONAL.values()]
    return [f"invite     {invitation(application)}", *scopes, *permissions, *optional]


@asynccontextmanager
async def logged_in(token: str, api: str) -> AsyncIterator[discord.Client]:
    """Log in over HTTP alone, without a gateway connection.

    Raises ConfigError when Discord refuses the token or cannot be reached.
    """
    use_addresses(api)
    client = discord.Client(intents=discord.Intents(guilds=True), max_ratelimit_timeout=30)
    async with client:
        try:
            await client.login(token)
            yield client
        except FAILURES as error:
            raise refusal(error) or ConfigError(
                [f"Discord cannot be reached ({_kind(error)}); look at the network and DISCORD_API_URL"]
            ) from None
        except (LookupError, TypeError, ValueError):
            raise ConfigError(
                ["DISCORD_API_URL: what answers there is not Discord's HTTP API; see the address"]
            ) from None


async def diagnose(token: str, api: str) -> tuple[str, list[str]]:
    """Return a line on the connection, and a line for each fault that Discord can tell of."""
    async with logged_in(token, api) as client:
        application = await client.application_info()
        faults = [ENDPOINT_SET] if application.interactions_endpoint_url else []
        servers = [guild async for guild in client.fetch_guilds(limit=SERVERS_LOOKED_AT, with_counts=False)]
        without = [server.id for server in servers if not await _offers_commands(client, server)]
        faults += [SCOPE_MISSING.format(server=server) for server in without]
        name = client.user.name if client.user else "unknown"
        many = f"{len(servers)}{' or more' if len(servers) == SERVERS_LOOKED_AT else ''}"
        return f"discord    connected as {name} (application {application.id}), servers: {many}", faults


async def sync_once(
    token: str,
    api: str,
    commands: Iterable[Command],
    syncs: CommandSyncs,
    server: int | None = None,
    *,
    remove: bool = False,
    force: bool = False,
) -> int | None:
    """Tell Discord of the commands, over HTTP alone: where they changed, or for one server at once.

    Returns how many, or None where nothing was to be done. Raises ConfigError when Discord refuses.
    """
    async with logged_in(token, api) as client:
        tree: app_commands.CommandTree[discord.Client] = app_commands.CommandTree(client)
        declare(tree, commands, _unanswered)
        try:
            if server is None:
                told = await sync(tree, syncs, force=force)
                return None if told is None else len(told)
            return await sync_server(tree, server, remove=remove)
        except discord.HTTPException as error:
            if error.status >= 500:
                raise
            if server is not None and error.status in (403, 404):
                raise ConfigError([SCOPE_MISSING.format(server=server)]) from None
            refused = f"Discord refused the commands (status {error.status}, code {error.code}); try again later"
            raise ConfigError([refused]) from None


async def _unanswered(_: discord.Interaction[discord.Client]) -> None:
    """Answer nothing: this client is not connected to the gateway, so nothing comes."""


async def _offers_commands(client: discord.Client, server: discord.Guild) -> bool:
    assert client.application_id is not None
    try:
        await client.http.get_guild_commands(client.application_id, server.id)
    except discord.Forbidden as error:
        if error.code == MISSING_ACCESS:
            return False
        raise
    return True


def _kind(error: Exception) -> str:
    return f"status {error.status}" if isinstance(error, discord.HTTPException) else type(error).__name__
