"""The core's declarations as Discord's application commands, and telling Discord of them when they changed."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Protocol

import discord
import structlog
from discord import app_commands

from bot.commands import Command, Option, Where
from bot.errors import where
from bot.refs import Role

MOST_CHOICES = 25
LONGEST_NAME = 100
MODERATE = discord.Permissions(manage_guild=True)
"""What Discord hides moderators' commands by; a server's owner can change it, so the core checks again."""

log = structlog.get_logger(__name__)
Answerer = Callable[[discord.Interaction[Any]], Awaitable[None]]
Tree = app_commands.CommandTree[Any]


class CommandSyncs(Protocol):
    """Remembers which commands Discord was told of, for all processes."""

    async def begin(self, scope: str, digest: str, *, force: bool = False) -> bool:
        """Lease the telling for a scope; false if another process tells it now.

        Without ``force`` also if Discord has these.
        """
        ...

    async def end(self, scope: str, digest: str) -> None:
        """Give the lease back; an empty digest means that Discord was not told."""
        ...


def declare(tree: Tree, commands: Iterable[Command], answer: Answerer) -> None:
    """Add the core's commands to a tree; ``team create`` becomes ``create`` in the group ``team``."""
    groups: dict[str, list[Command]] = {}
    for command in commands:
        parent, _, name = command.name.partition(" ")
        if name:
            groups.setdefault(parent, []).append(command)
        else:
            tree.add_command(_command(command, command.name, answer, top=True))
    for parent, members in groups.items():
        tree.add_command(_group(parent, members, answer))


def _group(parent: str, members: list[Command], answer: Answerer) -> app_commands.Group:
    """Return a group; only the whole of it can be hidden or kept to servers, so it is where all members are."""
    names = [command.name.partition(" ")[2] for command in members]
    group = app_commands.Group(
        name=parent,
        description=", ".join(names)[:LONGEST_NAME],
        default_permissions=MODERATE if all(command.requires >= Role.MODERATOR for command in members) else None,
        allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        allowed_contexts=_contexts({command.where for command in members}),
    )
    for name, command in zip(names, members, strict=True):
        group.add_command(_command(command, name, answer, top=False))
    return group


def _command(command: Command, name: str, answer: Answerer, *, top: bool) -> app_commands.Command[Any, ..., Any]:
    async def callback(interaction: discord.Interaction[Any], **_options: str) -> None:
        await answer(interaction)

    # discord.py reads a command's options from its function's signature.
    callback.__signature__ = _signature(command.options)  # type: ignore[attr-defined]
    app_commands.describe(**{option.name: option.description for option in command.options})(callback)
    for option in command.options:
        if option.choices:
            listed = [app_commands.Choice(name=choice.label, value=choice.value) for choice in option.choices]
            app_commands.choices(**{option.name: listed})(callback)
        elif option.suggest is not None:
            app_commands.autocomplete(**{option.name: _completion(option)})(callback)
    made: app_commands.Command[Any, ..., Any] = app_commands.Command(
        name=name, description=command.description, callback=callback
    )
    if top:
        made.default_permissions = MODERATE if command.requires >= Role.MODERATOR else None
        made.allowed_installs = app_commands.AppInstallationType(guild=True, user=True)
        made.allowed_contexts = _contexts({command.where})
    return made


def _contexts(wheres: set[Where]) -> app_commands.AppCommandContext:
    """Return where Discord offers commands: wherever one of them can be used."""
    direct = wheres != {Where.WORKSPACE}
    return app_commands.AppCommandContext(guild=wheres != {Where.DIRECT}, dm_channel=direct, private_channel=direct)


def _signature(options: Iterable[Option]) -> inspect.Signature:
    keyword = inspect.Parameter.KEYWORD_ONLY
    first = inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=discord.Interaction)
    typed = [
        inspect.Parameter(
            option.name, keyword, annotation=str, default=inspect.Parameter.empty if option.required else ""
        )
        for option in options
    ]
    return inspect.Signature([first, *typed])


def _completion(option: Option) -> Any:
    async def complete(_: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        suggest = option.suggest
        assert suggest is not None
        try:
            found = suggest(typed)[:MOST_CHOICES]
        except Exception as error:  # discord.py would log its words, which may hold what people typed
            log.error("completion failed", kind=type(error).__name__, where=where(error))
            return []
        return [
            app_commands.Choice(
                name=(f"{choice.label} · {choice.description}" if choice.description else choice.label)[:LONGEST_NAME],
                value=choice.value,
            )
            for choice in found
        ]

    return complete


def digest(tree: Tree) -> str:
    """Return what tells one set of commands from another."""
    payload = [command.to_dict(tree) for command in tree.get_commands()]
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()


async def sync(tree: Tree, syncs: CommandSyncs, *, force: bool = False) -> list[app_commands.AppCommand] | None:
    """Tell Discord of the commands if they changed since it was told last, or in any case with ``force``.

    Returns what it made of them, or None where nothing changed or another process tells it now. Raises what discord.py
    raises.
    """
    scope = f"discord:{tree.client.application_id}"
    wanted = digest(tree)
    if not await syncs.begin(scope, wanted, force=force):
        return None
    done = ""
    try:
        told = await tree.sync()
        done = wanted
    finally:
        await syncs.end(scope, done)
    return told


async def sync_or_fetch(tree: Tree, syncs: CommandSyncs) -> list[app_commands.AppCommand]:
    """Return the commands as Discord has them, told of changes, and of all where it lost some by another's doing."""
    told = await sync(tree, syncs)
    if told is None:
        known = await tree.fetch_commands()
        lost = {command.name for command in tree.get_commands()} != {command.name for command in known}
        told = await sync(tree, syncs, force=True) if lost else None
        if told is None:
            return known
    log.info("commands synced", count=len(told))
    return told


async def sync_server(tree: Tree, server: int, *, remove: bool) -> int:
    """Tell Discord of the commands for one server, where changes show at once, or take those away again.

    Raises what discord.py raises.
    """
    place = discord.Object(server)
    if not remove:
        tree.copy_global_to(guild=place)
    return len(await tree.sync(guild=place))
