"""The port of competitions: who competes from when to when, and which points count.

A competition counts on boards of its own: the standings of ``c12`` are those of competition 12, and ``c12.07`` holds
what was earned in the eighth of its steps, of which its picture over time is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.refs import ChannelRef, WorkspaceRef
from questions.model import Level

STEPS = 40
"""Into how many equal parts a competition is cut for its picture over time."""


class Between(StrEnum):
    """Who competes."""

    TEAMS = "teams"
    PEOPLE = "people"


class Rule(StrEnum):
    """How a team's score is made of its members' points."""

    MEAN = "mean"
    TOP = "top"
    SUM = "sum"


class CompetitionState(StrEnum):
    """How far a competition has come; ``OPEN`` until it starts, while teams or people can still enter."""

    OPEN = "open"
    RUNNING = "running"
    ENDED = "ended"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Competition:
    """A competition. ``topics``, ``levels`` and ``reasons`` are what counts, the first two empty for all.

    ``owner`` is the id of the person who made it. It counts what was earned from ``starts_at`` on and before
    ``ends_at``, both in UTC.
    """

    id: int
    channel: ChannelRef
    name: str
    between: Between
    rule: Rule
    topics: tuple[str, ...]
    levels: tuple[str, ...]
    reasons: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    state: CompetitionState
    owner: int

    @property
    def key(self) -> str:
        """Return the key of its board."""
        return f"c{self.id}"

    def counts(self, reason: str, topic: str, level: Level, at: datetime) -> bool:
        """Tell whether points that were earned at an instant count."""
        return (
            self.starts_at <= at < self.ends_at
            and reason in self.reasons
            and (not self.topics or topic in self.topics)
            and (not self.levels or level in self.levels)
        )

    def step(self, at: datetime) -> int:
        """Return in which of its steps an instant is, from 0."""
        return min(max(int(STEPS * ((at - self.starts_at) / (self.ends_at - self.starts_at))), 0), STEPS - 1)

    def keys(self, at: datetime) -> tuple[str, str]:
        """Return the keys of the boards on which points of an instant count."""
        return self.key, f"{self.key}.{self.step(at):02}"


class Competitions(Protocol):
    """Competitions of all workspaces."""

    async def begin_due(self, workspace: WorkspaceRef, now: datetime) -> Sequence[int]:
        """Start each competition whose instant has come, and lock its roster: whoever is in its teams at this moment.

        Whoever changes a team or pays points calls it first, so that rosters are those of the start. Returns which.
        """
        ...

    async def counting(self, workspace: WorkspaceRef, person: int) -> Sequence[Competition]:
        """Return the running competitions on whose roster somebody is."""
        ...
