"""Sum up the ledger again: to see that the boards are right, and to mend them where they are not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, delete, insert, select

from adapters.storage import board_sums
from adapters.storage.ledger_tables import contributions, ledger, rank_tallies, standings, team_standings
from adapters.storage.statements import Statements
from adapters.storage.tables import people

_TOGETHER = 1000
Counts = Mapping[tuple[Any, ...], Any]


@dataclass(slots=True)
class Sums:
    """What every board should hold, by the primary keys of its table."""

    people: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    teams: Counter[tuple[str, str, int, int]] = field(default_factory=Counter)
    hidden: frozenset[int] = frozenset()

    def team_rows(self) -> dict[tuple[str, str, int], tuple[int, int, int]]:
        """Return points, active members and mean of each team in each period."""
        points: Counter[tuple[str, str, int]] = Counter()
        active: Counter[tuple[str, str, int]] = Counter()
        for (workspace, period, team, _), earned in self.teams.items():
            points[workspace, period, team] += earned
            active[workspace, period, team] += int(earned > 0)
        return {key: (earned, active[key], board_sums.mean_of(earned, active[key])) for key, earned in points.items()}

    def tallies(self) -> dict[tuple[str, str, int, int], int]:
        """Return how many people are in each bucket."""
        shown: dict[str, list[tuple[str, int]]] = {}
        for (workspace, period, person), points in self.people.items():
            if person not in self.hidden and not board_sums.is_contest(period):
                shown.setdefault(workspace, []).append((period, points))
        return {
            (workspace, *bucket): count
            for workspace, rows in shown.items()
            for bucket, count in board_sums.tallies_of(rows).items()
        }


async def sum_up(statements: Statements) -> Sums:
    """Return what the boards should hold."""
    hidden = (await statements.execute(select(people.c.id).where(people.c.hidden))).scalars()
    sums = Sums(hidden=frozenset(hidden))
    columns = (ledger.c.workspace, ledger.c.periods, ledger.c.contests, ledger.c.person_id, ledger.c.team_id)
    for row in await statements.execute(select(*columns, ledger.c.points)):
        periods = row.periods.split()
        for period in (*periods, *row.contests.split()):
            sums.people[row.workspace, period, row.person_id] += row.points
        for period in periods if row.team_id is not None else ():
            sums.teams[row.workspace, period, row.team_id, row.person_id] += row.points
    return sums


async def differences(statements: Statements) -> Sequence[str]:
    """Return a line for each row of a board that is not what the ledger sums to."""
    sums = await sum_up(statements)
    return [
        *_compared("person", sums.people, await _kept(statements, standings, 3)),
        *_compared("team and person", sums.teams, await _kept(statements, contributions, 4)),
        *_compared("team", sums.team_rows(), await _kept(statements, team_standings, 3)),
        *_compared("tally", sums.tallies(), await _kept(statements, rank_tallies, 4)),
        *await _wrongly_hidden(statements),
    ]


async def rebuild(statements: Statements) -> None:
    """Forget all boards and keep what the ledger sums to."""
    sums = await sum_up(statements)
    for table in (standings, contributions, team_standings, rank_tallies):
        await statements.execute(delete(table))
    hidden = sums.hidden
    await _keep(statements, standings, [(*key, points, key[2] in hidden) for key, points in sums.people.items()])
    await _keep(statements, contributions, [(*key, points) for key, points in sums.teams.items()])
    await _keep(statements, team_standings, [(*key, *row) for key, row in sums.team_rows().items()])
    await _keep(statements, rank_tallies, [(*key, count) for key, count in sums.tallies().items()])


async def _kept(statements: Statements, table: Table, keys: int) -> dict[tuple[Any, ...], Any]:
    """Return the rows of a board by their keys; a single number as itself."""
    found = {}
    for row in await statements.execute(select(table)):
        values = tuple(row)[keys:] if table is not standings else (row.points,)
        found[tuple(row)[:keys]] = values[0] if len(values) == 1 else values
    return found


def _compared(what: str, expected: Counts, kept: Counts) -> list[str]:
    return [
        f"{' '.join(map(str, key[:2]))} {what} {' '.join(map(str, key[2:]))}: standings say {kept.get(key, 0)}, "
        f"the ledger {expected.get(key, 0)}"
        for key in sorted(expected.keys() | kept.keys())
        if kept.get(key, 0) != expected.get(key, 0) and (kept.get(key, 0) or expected.get(key, 0))
    ]


async def _wrongly_hidden(statements: Statements) -> list[str]:
    wrong = select(standings.c.workspace, standings.c.period, standings.c.person_id, people.c.hidden).join(people)
    rows = await statements.execute(wrong.where(standings.c.hidden != people.c.hidden))
    return [
        f"{row.workspace} {row.period} person {row.person_id}: "
        f"{'shown though they hide' if row.hidden else 'hidden though they do not hide'}"
        for row in rows
    ]


async def _keep(statements: Statements, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    names = [column.name for column in table.c]
    for start in range(0, len(rows), _TOGETHER):
        values = [dict(zip(names, row, strict=True)) for row in rows[start : start + _TOGETHER]]
        await statements.execute(insert(table), values)
