"""The port of weekly summaries: which channels want one, and at what time on Mondays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Protocol

from bot.refs import ChannelRef


@dataclass(frozen=True, slots=True)
class Summary:
    """A channel that wants a summary of each week on the Monday after it; ``at`` is wall-clock time there."""

    id: int
    channel: ChannelRef
    at: time


class Summaries(Protocol):
    """Weekly summaries of all workspaces, one for a channel."""

    async def put(self, channel: ChannelRef, at: time, person: int, now: datetime) -> Summary:
        """Keep that a channel wants one, or another time of one that it has."""
        ...

    async def of(self, channel: ChannelRef) -> Summary | None:
        """Return the summary of a channel."""
        ...

    async def get(self, summary: int) -> Summary | None:
        """Return a summary."""
        ...

    async def remove(self, summary: int) -> None:
        """Forget a summary."""
        ...
