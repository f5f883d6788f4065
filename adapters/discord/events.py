"""Discord's interactions as the core's events: read whole from what arrived, so that nothing waits in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import discord

from bot.events import Event, Invocation, Press, Submission
from bot.refs import PERSONAL, Actor, ChannelRef, MessageRef, Role, UserRef, WorkspaceRef

PLATFORM = "discord"
_GROUPS = (discord.AppCommandOptionType.subcommand.value, discord.AppCommandOptionType.subcommand_group.value)

Interaction = discord.Interaction[Any]


def read_event(interaction: Interaction) -> Event | None:
    """Return what a person did, or None for what is no act of a person."""
    data: Mapping[str, Any] = interaction.data or {}
    event_id = f"{PLATFORM}:{interaction.id}"
    actor, channel, at = _actor(interaction), _channel(interaction), interaction.created_at
    match interaction.type:
        case discord.InteractionType.application_command:
            name, options = _command(data)
            typed = {option["name"]: str(option.get("value", "")) for option in options}
            return Invocation(id=event_id, actor=actor, channel=channel, at=at, command=name, options=typed)
        case discord.InteractionType.component:
            return Press(
                id=event_id,
                actor=actor,
                channel=channel,
                at=at,
                token=str(data.get("custom_id", "")),
                values=tuple(map(str, data.get("values", ()))),
                message=_message(interaction, channel),
            )
        case discord.InteractionType.modal_submit:
            return Submission(
                id=event_id,
                actor=actor,
                channel=channel,
                at=at,
                token=str(data.get("custom_id", "")),
                inputs=dict(_inputs(data.get("components", ()))),
                message=_message(interaction, channel),
            )
        case _:
            return None


def _command(data: Mapping[str, Any]) -> tuple[str, list[Mapping[str, Any]]]:
    """Return a command's name with those of its groups, and the options that were given to it."""
    names = [str(data.get("name", ""))]
    options: list[Mapping[str, Any]] = list(data.get("options", ()))
    while len(options) == 1 and options[0].get("type") in _GROUPS:
        names.append(str(options[0]["name"]))
        options = list(options[0].get("options", ()))
    return " ".join(names), options


def _channel(interaction: Interaction) -> ChannelRef:
    """Return where it happened; outside servers the conversation is a workspace of its own."""
    # discord.py has no id for a kind of channel that it does not know; two people must not share a workspace then.
    place = interaction.channel_id or interaction.user.id
    direct = interaction.guild_id is None
    workspace = WorkspaceRef(PLATFORM, f"{PERSONAL}{place}" if direct else str(interaction.guild_id))
    return ChannelRef(workspace, str(place), direct=direct)


def _actor(interaction: Interaction) -> Actor:
    """Return who did it; the rights are those that Discord sent with this very act."""
    person = interaction.user
    rights = interaction.permissions
    moderator = interaction.guild_id is not None and (rights.manage_guild or rights.administrator)
    return Actor(
        UserRef(PLATFORM, "", str(person.id)), person.display_name, Role.MODERATOR if moderator else Role.MEMBER
    )


def _message(interaction: Interaction, channel: ChannelRef) -> MessageRef | None:
    return None if interaction.message is None else MessageRef(channel, str(interaction.message.id))


def _inputs(components: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield name and value of each input; the component of a label, or those of a row in older forms."""
    for component in components:
        inside = [component["component"]] if "component" in component else component.get("components", [component])
        for field in inside:
            if "custom_id" in field:
                value = field.get("value")
                yield str(field["custom_id"]), str(value) if value is not None else ",".join(field.get("values") or ())
