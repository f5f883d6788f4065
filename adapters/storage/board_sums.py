"""What boards show, kept up to date in the transaction that writes the ledger: sums, tallies for ranks, teams."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, and_, case, func, select, text, union_all

from adapters.storage.ledger_tables import contributions, rank_tallies, standings, team_standings
from adapters.storage.statements import Statements, insert
from adapters.storage.tables import people
from bot.ledger import LEAST_ACTIVE, THOUSANDTHS
from bot.refs import WorkspaceRef

SHIFTS = (0, 6, 12)
"""Tallies are kept of equal points, and of points that are equal but for their last 6 and 12 bits."""
_TOGETHER = 500
"""Rows of one statement: databases limit how many values it may have."""
Tally = tuple[str, int, int]
"""A period, a level of tallies, and a bucket of that level."""


async def lock(statements: Statements, workspace: str) -> None:
    """Wait until nobody else changes the boards of a workspace; on SQLite there is one writer anyway."""
    if statements.dialect == "postgresql":
        await statements.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 1))"), {"key": workspace})


async def add_points(
    statements: Statements,
    *,
    workspace: str,
    person: int,
    points: int,
    periods: Sequence[str],
    contests: Sequence[str],
    team: int | None,
) -> None:
    """Add the points of a row of the ledger to every board on which they count."""
    hidden = select(people.c.hidden).where(people.c.id == person).scalar_subquery()
    new = insert(statements, standings).values(
        [
            {"workspace": workspace, "period": period, "person_id": person, "points": points, "hidden": hidden}
            for period in (*periods, *contests)
        ]
    )
    summed = new.on_conflict_do_update(
        index_elements=["workspace", "period", "person_id"],
        set_={"points": standings.c.points + new.excluded.points},
    )
    rows = await statements.execute(summed.returning(standings.c.period, standings.c.points, standings.c.hidden))
    changes: Counter[Tally] = Counter()
    for row in rows:
        if not row.hidden and row.period not in contests:
            changes.update(dict.fromkeys(_buckets(row.period, row.points), 1))
            changes.subtract(dict.fromkeys(_buckets(row.period, row.points - points), 1))
    await add_tallies(statements, workspace, changes)
    if team is not None:
        await _add_to_team(statements, workspace, team, person, points, periods)


async def show_or_hide(statements: Statements, person: int, *, hidden: bool) -> None:
    """Take a person off all boards, or put them back."""
    theirs = (standings.c.person_id == person, standings.c.hidden != hidden)
    found = select(standings.c.workspace).where(*theirs).distinct().order_by(standings.c.workspace)
    for workspace in (await statements.execute(found)).scalars().all():
        await lock(statements, workspace)
        here = (*theirs, standings.c.workspace == workspace)
        rows = (await statements.execute(select(standings.c.period, standings.c.points).where(*here))).all()
        await statements.execute(standings.update().where(*here).values(hidden=hidden))
        changes: Counter[Tally] = Counter()
        for row in rows:
            if not is_contest(row.period):
                changes.update(dict.fromkeys(_buckets(row.period, row.points), -1 if hidden else 1))
        await add_tallies(statements, workspace, changes)


async def add_tallies(statements: Statements, workspace: str, changes: Mapping[Tally, int]) -> None:
    """Count people in and out of buckets, in one order for everybody, so that no two wait for one another."""
    values = [
        {"workspace": workspace, "period": period, "level": level, "bucket": bucket, "people": change}
        for (period, level, bucket), change in sorted(changes.items())
        if change
    ]
    for start in range(0, len(values), _TOGETHER):
        new = insert(statements, rank_tallies).values(values[start : start + _TOGETHER])
        await statements.execute(
            new.on_conflict_do_update(
                index_elements=["workspace", "period", "level", "bucket"],
                set_={"people": rank_tallies.c.people + new.excluded.people},
            )
        )


async def count_ahead(statements: Statements, workspace: WorkspaceRef, period: str, points: int) -> int:
    """Return how many people on a board have more points than that, with a few sums whatever their number."""
    here = and_(rank_tallies.c.workspace == workspace.key, rank_tallies.c.period == period)
    sums = []
    for level, shift in enumerate(SHIFTS):
        above = and_(here, rank_tallies.c.level == level, rank_tallies.c.bucket > points >> shift)
        if level + 1 < len(SHIFTS):  # those in a higher bucket of the next level are counted there
            step = SHIFTS[level + 1]
            above = and_(above, rank_tallies.c.bucket < ((points >> step) + 1) << (step - shift))
        sums.append(select(func.coalesce(func.sum(rank_tallies.c.people), 0)).where(above))
    return sum((await statements.execute(union_all(*sums))).scalars())


async def count_people(statements: Statements, workspace: WorkspaceRef, period: str) -> int:
    """Return how many people are on a board."""
    whole = select(func.coalesce(func.sum(rank_tallies.c.people), 0)).where(
        rank_tallies.c.workspace == workspace.key,
        rank_tallies.c.period == period,
        rank_tallies.c.level == len(SHIFTS) - 1,
    )
    return int((await statements.execute(whole)).scalar_one())


def tallies_of(rows: Iterable[tuple[str, int]]) -> Counter[Tally]:
    """Return the tallies of people who are shown with so many points in a period each."""
    return Counter(bucket for period, points in rows for bucket in _buckets(period, points))


def is_contest(period: str) -> bool:
    """Tell whether a board is a competition's: of those nobody asks for a page, so that they need no tallies."""
    return period.startswith("c")


def mean_of(points: int, active: int) -> int:
    """Return a team's mean in thousandths, towards zero as both databases divide."""
    return math.trunc(points * THOUSANDTHS / max(active, LEAST_ACTIVE))


def _buckets(period: str, points: int) -> Iterator[Tally]:
    """Yield where somebody with so many points is counted; whoever has none is on no board."""
    if points > 0:
        yield from ((period, level, points >> shift) for level, shift in enumerate(SHIFTS))


async def _add_to_team(
    statements: Statements, workspace: str, team: int, person: int, points: int, periods: Sequence[str]
) -> None:
    new = insert(statements, contributions).values(
        [
            {"workspace": workspace, "period": period, "team_id": team, "person_id": person, "points": points}
            for period in periods
        ]
    )
    summed = new.on_conflict_do_update(
        index_elements=["workspace", "period", "team_id", "person_id"],
        set_={"points": contributions.c.points + new.excluded.points},
    )
    rows = await statements.execute(summed.returning(contributions.c.period, contributions.c.points))
    values: list[dict[str, Any]] = []
    for row in sorted(rows, key=lambda row: str(row.period)):
        joined = int(row.points > 0) - int(row.points - points > 0)
        mean = mean_of(points, joined)
        values.append(
            {"workspace": workspace, "period": row.period, "team_id": team, "points": points, "active": joined}
            | {"mean": mean}
        )
    fresh = insert(statements, team_standings).values(values)
    await statements.execute(
        fresh.on_conflict_do_update(
            index_elements=["workspace", "period", "team_id"], set_=_summed(team_standings, fresh.excluded)
        )
    )


def _summed(table: Table, excluded: Any) -> dict[str, Any]:
    points = table.c.points + excluded.points
    active = table.c.active + excluded.active
    divisor = case((active > LEAST_ACTIVE, active), else_=LEAST_ACTIVE)
    return {"points": points, "active": active, "mean": (points * THOUSANDTHS) // divisor}
