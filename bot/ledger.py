"""The ports of points: the ledger, which says why somebody has them, and the standings, which say who leads.

A board is named by its key: ``all``, ``2026-11``, ``2026-W48`` or ``2026-11-28``; followed by ``/cn`` it is about one
topic alone; ``c12`` is that of competition 12, and ``c12.07`` that of one of its steps, which has points but no ranks.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.refs import WorkspaceRef

LEAST_ACTIVE = 3
"""A team's points are divided by its active members, but by no fewer than this."""
THOUSANDTHS = 1000
MANY = 1000
"""Lines that say where standings and ledger differ: whoever reads them needs no more."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the ledger: why a person has points. Never changed, never deleted.

    ``by`` is the name of the moderator who gave or took the points, ``voided`` tells that another row took them back.
    """

    id: int
    points: int
    reason: str
    question: str
    note: str
    at: datetime
    by: str = ""
    voided: bool = False


class Ledger(Protocol):
    """Points, append-only; the standings are kept beside it by the same call."""

    async def paid(self, person: int, question: str, season: str, reason: str = "") -> int:
        """Return what a question has paid a person in a season, for a reason or for any; voided points count too."""
        ...

    async def earned(self, person: int, day: date, reason: str) -> int:
        """Return what a person was paid for a reason on one of their local days."""
        ...

    async def award(self, *, person: int, workspace: WorkspaceRef, points: int, reason: str, question: str,
                    note: str, season: str, day: date, periods: Sequence[str], serving: int | None, now: datetime,
                    team: int | None = None, contests: Sequence[str] = (), by: int | None = None) -> int:  # fmt: skip
        """Write a row and return its id; add its points to the boards of its periods and of its contests.

        With a team they count for it too, on the boards of the periods. ``by`` is the moderator who gave them. The
        person need not be locked, unless the workspace is.
        """
        ...

    async def void(self, entry: int, workspace: WorkspaceRef, by: int, note: str, now: datetime) -> bool:
        """Take the points of a row of the workspace back by another, on every board.

        False if that was done before, if the row itself takes points back, and if the workspace has no such row.
        """
        ...

    async def get(self, entry: int, workspace: WorkspaceRef) -> tuple[int, Entry] | None:
        """Return a row of the workspace with the id of its person."""
        ...

    async def paid_for(self, serving: int) -> Entry | None:
        """Return the row that an answer was paid with, if it was."""
        ...

    async def entries(self, person: int, *, before: int | None, limit: int,
                      workspace: WorkspaceRef | None = None) -> Sequence[Entry]:  # fmt: skip
        """Return a person's newest rows, or those before the row with that id; of one workspace, or of all."""
        ...

    async def count(self) -> int:
        """Return how many rows there are, of all workspaces."""
        ...

    async def total(self, person: int, workspace: WorkspaceRef, period: str) -> int:
        """Return a person's points in a workspace and period."""
        ...


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page of a board begins: after the row with that score and id, or, going ``back``, before it."""

    score: int
    id: int
    back: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """A row of a board of people; those with the same points share a rank."""

    rank: int
    person: int
    name: str
    points: int


@dataclass(frozen=True, slots=True)
class Board:
    """A page of a board, and the reader's own row (also when they are hidden; None without points).

    ``size`` is how many are on the board; ``more`` and ``less`` tell whether it goes on below and above.
    """

    top: tuple[Standing, ...]
    own: Standing | None
    size: int
    more: bool = False
    less: bool = False


@dataclass(frozen=True, slots=True)
class TeamStanding:
    """A row of a board of teams: ``mean`` is the points over the ``active`` members, at least three, in thousandths."""

    rank: int
    team: int
    name: str
    emoji: str
    points: int
    active: int
    mean: int


@dataclass(frozen=True, slots=True)
class TeamBoard:
    """A page of a board of teams, the row of the reader's team, and how many teams are on it."""

    top: tuple[TeamStanding, ...]
    own: TeamStanding | None
    size: int
    more: bool = False
    less: bool = False


@dataclass(frozen=True, slots=True)
class Contribution:
    """What somebody earned for a team in a period."""

    person: int
    name: str
    hidden: bool
    points: int


class Standings(Protocol):
    """Boards of a workspace; whoever has no points is on none, hidden people neither show nor hold a rank."""

    async def lock(self, workspace: WorkspaceRef) -> None:
        """Let nobody else change boards, teams and competitions of a workspace until the transaction ends.

        Whoever locks a person too locks them first.
        """
        ...

    async def board(self, workspace: WorkspaceRef, period: str, person: int | None, limit: int,
                    cursor: Cursor | None = None) -> Board:  # fmt: skip
        """Return a page of at most ``limit`` people, the first without a cursor, and the person's own row."""
        ...

    async def teams(self, workspace: WorkspaceRef, period: str, team: int | None, limit: int,
                    cursor: Cursor | None = None) -> TeamBoard:  # fmt: skip
        """Return a page of at most ``limit`` teams, the best mean first, and the row of one team."""
        ...

    async def in_team(self, workspace: WorkspaceRef, period: str, team: int) -> Sequence[Contribution]:
        """Return what each earned for a team in a period, most first; of those who left too."""
        ...

    async def points(self, workspace: WorkspaceRef, period: str, people: Collection[int]) -> dict[int, int]:
        """Return the points of some people in a period, of those who have any."""
        ...

    async def differences(self, most: int = MANY) -> Sequence[str]:
        """Return a line for each standing that is not what the ledger sums to, at most so many."""
        ...

    async def rebuild(self, most: int = MANY) -> Sequence[str]:
        """Sum all standings up from the ledger again if any differs; return what ``differences`` would have.

        Nobody else changes any until the transaction ends.
        """
        ...
