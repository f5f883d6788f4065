"""The core's declarations as Slack's slash commands: one for each first word, with a prefix against collisions."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.commands import Command

PREFIX = re.compile(r"[a-z0-9_-]{0,12}")
"""What may stand before a command's name."""
DESCRIPTION = 2000
HINT = 1000


def slash_commands(commands: Iterable[Command], prefix: str) -> list[dict[str, str | bool]]:
    """Return the manifest's slash commands, without addresses."""
    groups: dict[str, list[Command]] = {}
    for command in commands:
        groups.setdefault(command.name.partition(" ")[0], []).append(command)
    return [_slash(f"/{prefix}{name}", inside) for name, inside in groups.items()]


def _slash(name: str, inside: list[Command]) -> dict[str, str | bool]:
    hints = [command.usage.removeprefix("/").partition(" ")[2] for command in inside]
    described = (
        ", ".join(command.description.lower() for command in inside) if len(inside) > 1 else inside[0].description
    )
    # Without it a channel or a group arrives as its name, which is not enough to find it by.
    mentions = any(option.mention for command in inside for option in command.options)
    slash: dict[str, str | bool] = {"command": name, "description": described[:DESCRIPTION], "should_escape": mentions}
    hint = " | ".join(hint for hint in hints if hint)[:HINT]
    return {**slash, "usage_hint": hint} if hint else slash
