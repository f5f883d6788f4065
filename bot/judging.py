"""The ports of how questions fare: statistics of their answers, reports of problems, and moderators' rulings.

A question is meant by its id and the revision under which it is counted, which is empty for a family: its draws count
together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.refs import WorkspaceRef
from questions.statistics import Sums, Tally

Edition = tuple[str, str]
"""A question's id and revision."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A graded answer as history keeps it; ``score`` is in thousandths."""

    person: int
    question: str
    revision: str
    response: str
    score: int


class ItemStats(Protocol):
    """Sums over people's first answers to each question, over all workspaces and without names."""

    async def add(self, *, person: int, question: str, revision: str, chosen: Sequence[int], score: int) -> bool:
        """Count a person's answer if it is their first to the question, whatever its revision; true if it is.

        ``chosen`` are authored positions. Their ability is the one of before, so this comes before Servings.count.
        """
        ...

    async def get(self, question: str, revision: str) -> Tally:
        """Return the sums of a question, empty before its first answer."""
        ...

    async def wholes(self, least: int) -> Mapping[Edition, Sums]:
        """Return the sums over all answers of each question that has at least so many."""
        ...

    async def tallies(self) -> Mapping[Edition, Tally]:
        """Return all sums."""
        ...

    async def history(self) -> Sequence[Answered]:
        """Return every graded answer, oldest first; nobody counts another before the transaction ends."""
        ...

    async def replace(self, tallies: Mapping[Edition, Tally]) -> None:
        """Forget all sums and keep these."""
        ...


@dataclass(frozen=True, slots=True)
class Report:
    """A problem that somebody reported: ``reason`` is a code, ``note`` what they typed."""

    reason: str
    note: str
    at: datetime


class Reports(Protocol):
    """Problems that people reported with questions; open until a moderator rules."""

    async def add(self, *, person: int, workspace: WorkspaceRef, question: str, revision: str, reason: str,
                  note: str, now: datetime) -> bool:  # fmt: skip
        """Keep a report; false if this person's report of this revision is there already."""
        ...

    async def open(self, workspace: WorkspaceRef, question: str, revision: str) -> Sequence[Report]:
        """Return the open reports of a question, newest first."""
        ...

    async def waiting(self, workspace: WorkspaceRef) -> Mapping[Edition, int]:
        """Return how many open reports each question has, most first."""
        ...


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a moderator decided last: ``out`` takes a question out; ``by`` is the moderator's name."""

    out: bool
    by: str
    at: datetime


class Rulings(Protocol):
    """What moderators decided, each for their own workspace."""

    async def rule(self, *, person: int, workspace: WorkspaceRef, question: str, revision: str, out: bool,
                   now: datetime) -> None:  # fmt: skip
        """Keep a ruling in the place of an older one, and close the question's open reports there."""
        ...

    async def get(self, workspace: WorkspaceRef, question: str, revision: str) -> Ruling | None:
        """Return the ruling on a question."""
        ...

    async def withdrawn(self, least: int) -> Collection[tuple[str, Edition]]:
        """Return what is not drawn, by the workspace's key: ruled out, or with at least so many open reports."""
        ...
