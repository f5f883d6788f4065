"""Sum up the ledger again: to see that the boards are right, and to mend them where they are not.

History is read person by person and then team by team, so that any amount of it fits into memory.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, Select, Table, delete, insert, select

from adapters.storage import board_sums, ranks
from adapters.storage.ledger_tables import contributions, ledger, rank_tallies, standings, team_standings
from adapters.storage.statements import STREAMED, Statements
from adapters.storage.tables import people

Board = tuple[str, str]
"""A workspace and a period."""
Group = tuple[Any, Sequence[Row[Any]]]
"""Rows of one person, of one team or of one board, by its key."""

_PAID = (ledger.c.workspace, ledger.c.periods, ledger.c.contests, ledger.c.points)
_PAID_TO_PEOPLE = (
    select(ledger.c.person_id, *_PAID, people.c.hidden)
    .join(people, people.c.id == ledger.c.person_id)
    .order_by(ledger.c.person_id)
)
_STANDINGS = (
    select(
        standings.c.person_id, *standings.c["workspace", "period", "points", "hidden"], people.c.hidden.label("hide")
    )
    .join(people, people.c.id == standings.c.person_id)
    .order_by(standings.c.person_id)
)
_PAID_FOR_TEAMS = (
    select(ledger.c.team_id, *_PAID, ledger.c.person_id).where(ledger.c.team_id.is_not(None)).order_by(ledger.c.team_id)
)
_CONTRIBUTIONS = select(
    contributions.c.team_id, *contributions.c["workspace", "period", "person_id", "points"]
).order_by(contributions.c.team_id)
_TEAM_STANDINGS = select(
    team_standings.c.team_id, *team_standings.c["workspace", "period", "points", "active", "mean"]
).order_by(team_standings.c.team_id)
_TALLIES = select(rank_tallies).order_by(rank_tallies.c.workspace, rank_tallies.c.period)


@dataclass(slots=True)
class Tallies:
    """How many have each score on each board."""

    people: dict[Board, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    teams: dict[Board, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    @property
    def boards(self) -> set[Board]:
        """Return the boards on which anybody is."""
        return self.people.keys() | self.teams.keys()

    def of(self, board: Board) -> Counter[tuple[int, int]]:
        """Return how many are in each bucket of each level."""
        counts: Counter[tuple[int, int]] = Counter()
        for ladder, scores in ((ranks.PEOPLE, self.people), (ranks.TEAMS, self.teams)):
            for score, count in scores.get(board, {}).items():
                for _, level, bucket in ranks.tallies_of(ladder, board[1], score):
                    counts[level, bucket] += count
        return counts


@dataclass(slots=True)
class Differences:
    """Lines that say where boards and ledger differ, at most so many."""

    most: int
    lines: list[str] = field(default_factory=list)

    def add(self, line: str) -> None:
        """Keep a line, if there is room."""
        if len(self.lines) < self.most:
            self.lines.append(line)

    def compare(self, what: str, due: Mapping[Any, Any], kept: Mapping[Any, Any]) -> None:
        """Note where two differ; what is not there is as good as nothing but zeros."""
        for workspace, period, *which in sorted(due.keys() | kept.keys()):
            key = (workspace, period, *which)
            there, right = kept.get(key, 0), due.get(key, 0)
            if there != right and (any(_numbers(there)) or any(_numbers(right))):
                named = " ".join(map(str, (workspace, period, what, *which)))
                self.add(f"{named}: standings say {_said(there)}, the ledger {_said(right)}")


async def differences(statements: Statements, most: int) -> Sequence[str]:
    """Return a line for each row of a board that is not what the ledger sums to, at most so many."""
    found, tallies = Differences(most), Tallies()
    for compare in (_compare_people, _compare_teams, _compare_tallies):
        if len(found.lines) < most:
            await compare(statements, found, tallies)
    return found.lines


async def rebuild(statements: Statements, most: int) -> Sequence[str]:
    """Keep what the ledger sums to, unless all boards hold that; return the differences that there were."""
    await board_sums.lock_all(statements)
    lines = await differences(statements, most)
    if lines:
        for table in (standings, contributions, team_standings, rank_tallies):
            await statements.execute(delete(table))
        tallies = Tallies()
        await _keep_people(statements, tallies)
        await _keep_teams(statements, tallies)
        counted = _Rows(statements, rank_tallies)
        for board in tallies.boards:
            await counted.add((*board, *bucket, count) for bucket, count in tallies.of(board).items())
        await counted.flush()
    return lines


async def _compare_people(statements: Statements, found: Differences, tallies: Tallies) -> None:
    async with aclosing(_abreast(statements, _PAID_TO_PEOPLE, _STANDINGS)) as people_:
        async for person, (paid, kept) in people_:
            due = _of_person(person, paid, tallies)
            found.compare("person", due, {(row.workspace, row.period, person): row.points for row in kept})
            for row in kept:
                if row.hidden != row.hide:
                    wrong = "shown though they hide" if row.hide else "hidden though they do not hide"
                    found.add(f"{row.workspace} {row.period} person {person}: {wrong}")
            if len(found.lines) == found.most:
                return


async def _compare_teams(statements: Statements, found: Differences, tallies: Tallies) -> None:
    async with aclosing(_abreast(statements, _PAID_FOR_TEAMS, _CONTRIBUTIONS, _TEAM_STANDINGS)) as teams:
        async for team, (paid, earned, kept) in teams:
            due, summed = _of_team(team, paid, tallies)
            there = {(row.workspace, row.period, team, row.person_id): row.points for row in earned}
            found.compare("team and person", due, there)
            sums = {(row.workspace, row.period, team): (row.points, row.active, row.mean) for row in kept}
            found.compare("team", summed, sums)
            if len(found.lines) == found.most:
                return


async def _compare_tallies(statements: Statements, found: Differences, tallies: Tallies) -> None:
    missing = tallies.boards
    async with aclosing(_groups(statements, _TALLIES, 2)) as boards:
        async for board, rows in boards:
            missing.discard(board)
            kept = {(*board, row.level, row.bucket): row.people for row in rows}
            found.compare("tally", {(*board, *key): count for key, count in tallies.of(board).items()}, kept)
    for board in sorted(missing):
        found.compare("tally", {(*board, *key): count for key, count in tallies.of(board).items()}, {})


async def _keep_people(statements: Statements, tallies: Tallies) -> None:
    rows = _Rows(statements, standings)
    async with aclosing(_groups(statements, _PAID_TO_PEOPLE)) as people_:
        async for (person,), paid in people_:
            hidden = paid[0].hidden
            await rows.add((*key, points, hidden) for key, points in _of_person(person, paid, tallies).items())
    await rows.flush()


async def _keep_teams(statements: Statements, tallies: Tallies) -> None:
    earned, summed = _Rows(statements, contributions), _Rows(statements, team_standings)
    async with aclosing(_groups(statements, _PAID_FOR_TEAMS)) as teams:
        async for (team,), paid in teams:
            each, sums = _of_team(team, paid, tallies)
            await earned.add((*key, points) for key, points in each.items())
            await summed.add((*key, *values) for key, values in sums.items())
    await earned.flush()
    await summed.flush()


def _of_person(person: int, paid: Iterable[Row[Any]], tallies: Tallies) -> dict[tuple[str, str, int], int]:
    """Return what a person has on each board, and add it to the tallies unless they hide."""
    sums: Counter[tuple[str, str, int]] = Counter()
    hidden = False
    for row in paid:
        hidden = row.hidden
        for period in (*row.periods.split(), *row.contests.split()):
            sums[row.workspace, period, person] += row.points
    if not hidden:
        for (workspace, period, _), points in sums.items():
            if points > 0 and ranks.has_ranks(period):
                tallies.people[workspace, period][points] += 1
    return sums


def _of_team(
    team: int, paid: Iterable[Row[Any]], tallies: Tallies
) -> tuple[dict[tuple[str, str, int, int], int], dict[tuple[str, str, int], tuple[int, int, int]]]:
    """Return what each earned for a team, and its points, active members and mean, on each board; tally its means."""
    each: Counter[tuple[str, str, int, int]] = Counter()
    for row in paid:
        for period in row.periods.split():
            each[row.workspace, period, team, row.person_id] += row.points
    points: Counter[tuple[str, str, int]] = Counter()
    active: Counter[tuple[str, str, int]] = Counter()
    for (workspace, period, _, _), earned in each.items():
        points[workspace, period, team] += earned
        active[workspace, period, team] += earned > 0
    sums = {key: (total, active[key], board_sums.mean_of(total, active[key])) for key, total in points.items()}
    for (workspace, period, _), (_, _, mean) in sums.items():
        if mean > 0:
            tallies.teams[workspace, period][mean] += 1
    return each, sums


class _Rows:
    """Rows on their way into a table, some thousands at a time."""

    def __init__(self, statements: Statements, table: Table) -> None:
        self._statements, self._table = statements, table
        self._names = [column.name for column in table.c]
        self._rows: list[dict[str, Any]] = []

    async def add(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Take rows, each with a value for every column."""
        self._rows += (dict(zip(self._names, row, strict=True)) for row in rows)
        if len(self._rows) >= STREAMED:
            await self.flush()

    async def flush(self) -> None:
        """Write what was taken."""
        if self._rows:
            await self._statements.execute(insert(self._table), self._rows)
            self._rows = []


async def _groups(statements: Statements, ordered: Select[Any], width: int = 1) -> AsyncGenerator[Group]:
    """Yield the rows that have their first columns in common, together."""
    key: Any = None
    rows: list[Row[Any]] = []
    async with aclosing(statements.stream(ordered)) as parts:
        async for part in parts:
            for row in part:
                if row[:width] != key:
                    if rows:
                        yield key, rows
                    key, rows = row[:width], []
                rows.append(row)
    if rows:
        yield key, rows


async def _abreast(
    statements: Statements, *ordered: Select[Any]
) -> AsyncGenerator[tuple[int, Sequence[Sequence[Row[Any]]]]]:
    """Yield the rows of several statements that have an id in common, together; each is ordered by it."""
    groups = [_groups(statements, one) for one in ordered]
    try:
        heads = [await anext(group, None) for group in groups]
        while any(heads):
            key = min(head[0] for head in heads if head)
            yield key[0], [head[1] if head and head[0] == key else () for head in heads]
            heads = [
                await anext(group, None) if head and head[0] == key else head
                for group, head in zip(groups, heads, strict=True)
            ]
    finally:
        for group in groups:
            await group.aclose()


def _numbers(value: Any) -> tuple[int, ...]:
    return value if isinstance(value, tuple) else (value,)


def _said(value: Any) -> str:
    return " ".join(map(str, _numbers(value)))
