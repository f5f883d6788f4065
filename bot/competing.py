"""The port of competitions: who competes from when to when, and which points count.

A competition counts on boards of its own: the standings of ``c12`` are those of competition 12, and ``c12.07`` holds
what was earned in the eighth of its steps, of which its picture over time is made.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
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


LIVING = (CompetitionState.OPEN, CompetitionState.RUNNING)
"""The states of a competition that is not over."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a new competition is to be; each part as in ``Competition``."""

    name: str
    between: Between
    rule: Rule
    topics: tuple[str, ...]
    levels: tuple[str, ...]
    reasons: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Competition:
    """A competition. ``topics``, ``levels`` and ``reasons`` are what counts, the first two empty for all.

    ``owner`` is the id of the person who made it. It counts what was earned from ``starts_at`` on and before
    ``ends_at``, both in UTC. ``planned_end`` is when it was to end at first: a moderator may have ended it before.
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
    planned_end: datetime
    state: CompetitionState
    owner: int

    @property
    def halfway(self) -> datetime:
        """Return the instant in the middle."""
        return self.starts_at + (self.ends_at - self.starts_at) / 2

    @property
    def over(self) -> bool:
        """Tell whether nothing more comes of it."""
        return self.state in (CompetitionState.ENDED, CompetitionState.CANCELLED)

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
        """Return in which of its steps an instant is, from 0; they stay where they are when it ends before its time."""
        return min(max(int(STEPS * ((at - self.starts_at) / (self.planned_end - self.starts_at))), 0), STEPS - 1)

    def keys(self, at: datetime) -> tuple[str, str]:
        """Return the keys of the boards on which points of an instant count."""
        return self.key, f"{self.key}.{self.step(at):02}"


@dataclass(frozen=True, slots=True)
class Entrant:
    """A team, or a person, who competes: ``id`` is the team's or the person's, ``name`` plain text, ``size`` how many.

    ``hidden`` is of a person who is not named.
    """

    id: int
    name: str
    size: int
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """What somebody on a roster has earned; ``entrant`` is the id of their team, or their own where people compete."""

    person: int
    name: str
    hidden: bool
    entrant: int
    points: int


@dataclass(frozen=True, slots=True)
class Gain:
    """What somebody earned in a step of a competition."""

    step: int
    person: int
    points: int


@dataclass(frozen=True, slots=True)
class Correction:
    """Points that a moderator, ``by``, gave somebody or took from them after the end, and why."""

    person: int
    name: str
    hidden: bool
    points: int
    note: str
    by: str
    at: datetime


class Competitions(Protocol):
    """Competitions of all workspaces."""

    async def begin_due(self, workspace: WorkspaceRef, now: datetime) -> Sequence[int]:
        """Start each competition whose instant has come, and lock its roster: whoever is in its teams at this moment.

        Whoever changes a team or pays points calls it first, so that rosters are those of the start. Returns which. One
        with fewer than two that compete is cancelled instead.
        """
        ...

    async def counting(self, workspace: WorkspaceRef, person: int) -> Sequence[Competition]:
        """Return the running competitions on whose roster somebody is."""
        ...

    async def add(self, channel: ChannelRef, terms: Terms, owner: int, now: datetime) -> int:
        """Keep a new competition, open and without entrants, and return its id."""
        ...

    async def get(self, competition: int) -> Competition | None:
        """Return a competition."""
        ...

    async def of(
        self, workspace: WorkspaceRef, states: Collection[CompetitionState], limit: int
    ) -> Sequence[Competition]:
        """Return competitions of a workspace in some states, those that end last first."""
        ...

    async def enter(self, competition: int, now: datetime, *, team: int = 0, person: int = 0) -> bool:
        """Keep that a team or a person competes; false if they do already."""
        ...

    async def withdraw(self, competition: int, *, team: int = 0, person: int = 0) -> bool:
        """Keep that a team or a person does not compete after all; false if they did not."""
        ...

    async def entrants(self, competition: Competition) -> Sequence[Entrant]:
        """Return who competes, by id: until the start who would at this moment, from then on who is on the roster."""
        ...

    async def begin_now(self, competition: int, now: datetime) -> bool:
        """Let an open competition start at this instant; false if it is not open."""
        ...

    async def end_now(self, competition: int, now: datetime) -> bool:
        """Let a running competition end at this instant; false if it does not run, or its end has come."""
        ...

    async def move(self, competition: int, expected: CompetitionState, state: CompetitionState) -> bool:
        """Move on to another state; false if it is not in the expected one."""
        ...

    async def scores(self, competition: Competition) -> Sequence[Score]:
        """Return what everybody on the roster has earned, by person; nobody before the start."""
        ...

    async def gains(self, competition: Competition) -> Sequence[Gain]:
        """Return what everybody on the roster earned in each step in which they earned something."""
        ...

    async def corrections(self, competition: Competition) -> Sequence[Correction]:
        """Return what moderators changed after the end, first first."""
        ...
