"""Where rows say that something stands: the channel of a row, and the message that it keeps."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from bot.refs import ChannelRef, MessageRef, WorkspaceRef


def channel_of(row: Row[Any]) -> ChannelRef:
    """Return the channel of a row's ``workspace``, ``channel`` and ``channel_thread``."""
    return ChannelRef(WorkspaceRef.of(row.workspace), row.channel, thread=row.channel_thread)


def message_of(row: Row[Any]) -> MessageRef | None:
    """Return the message that a row keeps, None before there is one; in a forum it stands in a channel of its own."""
    if not row.message:
        return None
    channel = channel_of(row)
    place = channel if row.message_channel == row.channel else ChannelRef(channel.workspace, row.message_channel)
    return MessageRef(place, row.message)
