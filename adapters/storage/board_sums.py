"""What boards show, kept up to date in the transaction that writes the ledger: sums, tallies for ranks, teams."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, and_, select, text

from adapters.storage import ranks
from adapters.storage.ledger_tables import contributions, standings, team_standings
from adapters.storage.statements import Statements, insert
from adapters.storage.tables import people
from bot.ledger import LEAST_ACTIVE, THOUSANDTHS

# Locks are taken in this order: all boards, a person's, a workspace's. The numbers tell apart what hashes are of.
_ALL, _ALL_ALONE = (f"pg_advisory_xact_lock{shared}(hashtextextended('', 2))" for shared in ("_shared", ""))
_OF_PERSON, _PERSON_ALONE = (
    f"pg_advisory_xact_lock{shared}(hashtextextended(:person, 3))" for shared in ("_shared", "")
)
_WORKSPACE = "pg_advisory_xact_lock(hashtextextended(:key, 1))"


async def lock(statements: Statements, workspace: str, person: int | None = None) -> None:
    """Wait until nobody else changes the boards of a workspace; on SQLite there is one writer anyway.

    With a person, who need not be locked, until nobody hides or shows them: else those might not see a row that is new.
    """
    if statements.dialect == "postgresql" and person is None:
        await statements.execute(text(f"SELECT {_ALL}, {_WORKSPACE}"), {"key": workspace})
    elif statements.dialect == "postgresql":
        both = {"key": workspace, "person": str(person)}
        await statements.execute(text(f"SELECT {_ALL}, {_OF_PERSON}, {_WORKSPACE}"), both)


async def lock_all(statements: Statements) -> None:
    """Wait until nobody else changes any board."""
    if statements.dialect == "postgresql":
        await statements.execute(text(f"SELECT {_ALL_ALONE}"))


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
    """Add the points of a row of the ledger to every board on which they count; person and workspace are locked."""
    changes: Counter[ranks.Tally] = Counter()
    await _add_to_person(statements, workspace, person, points, (*periods, *contests), changes)
    if team is not None:
        await _add_to_team(statements, workspace, team, person, points, periods, changes)
    await ranks.keep(statements, workspace, changes)


async def show_or_hide(statements: Statements, person: int, *, hidden: bool) -> None:
    """Take a person off all boards, or put them back; what is kept of the person says so already."""
    if statements.dialect == "postgresql":
        await statements.execute(text(f"SELECT {_ALL}, {_PERSON_ALONE}"), {"person": str(person)})
    theirs = (standings.c.person_id == person, standings.c.hidden != hidden)
    found = select(standings.c.workspace).where(*theirs).distinct()
    for workspace in sorted((await statements.execute(found)).scalars()):  # in one order: nobody waits in a circle
        await lock(statements, workspace)
        here = standings.update().where(*theirs, standings.c.workspace == workspace).values(hidden=hidden)
        changes: Counter[ranks.Tally] = Counter()
        for row in await statements.execute(here.returning(standings.c.period, standings.c.points)):
            before, after = (row.points, 0) if hidden else (0, row.points)
            ranks.move(changes, ranks.PEOPLE, row.period, before, after)
        await ranks.keep(statements, workspace, changes)


def mean_of(points: int, active: int) -> int:
    """Return a team's mean in thousandths, without what is less than one."""
    return points * THOUSANDTHS // max(active, LEAST_ACTIVE)


async def _add_to_person(
    statements: Statements,
    workspace: str,
    person: int,
    points: int,
    periods: Sequence[str],
    changes: Counter[ranks.Tally],
) -> None:
    hidden = select(people.c.hidden).where(people.c.id == person).scalar_subquery()
    new = insert(statements, standings).values(hidden=hidden)
    summed = new.on_conflict_do_update(
        index_elements=standings.primary_key.columns, set_={"points": standings.c.points + new.excluded.points}
    )
    rows = [{"workspace": workspace, "period": period, "person_id": person, "points": points} for period in periods]
    returned = summed.returning(standings.c.period, standings.c.points, standings.c.hidden)
    for row in await statements.execute(returned, rows):
        if not row.hidden:
            ranks.move(changes, ranks.PEOPLE, row.period, row.points - points, row.points)


async def _add_to_team(
    statements: Statements,
    workspace: str,
    team: int,
    person: int,
    points: int,
    periods: Sequence[str],
    changes: Counter[ranks.Tally],
) -> None:
    theirs = and_(
        contributions.c.workspace == team_standings.c.workspace,
        contributions.c.period == team_standings.c.period,
        contributions.c.team_id == team_standings.c.team_id,
        contributions.c.person_id == person,
    )
    known = (
        select(team_standings, contributions.c.points.label("earned"))
        .outerjoin_from(team_standings, contributions, theirs)
        .where(
            team_standings.c.workspace == workspace,
            team_standings.c.period.in_(periods),
            team_standings.c.team_id == team,
        )
    )
    before = {row.period: row for row in await statements.execute(known)}
    earned: list[dict[str, Any]] = []
    summed: list[dict[str, Any]] = []
    for period in periods:
        row, key = before.get(period), {"workspace": workspace, "period": period, "team_id": team}
        had = 0 if row is None else row.earned or 0
        total, active, mean = (0, 0, 0) if row is None else (row.points, row.active, row.mean)
        total, active = total + points, active + (had + points > 0) - (had > 0)
        earned.append({**key, "person_id": person, "points": had + points})
        summed.append({**key, "points": total, "active": active, "mean": mean_of(total, active)})
        ranks.move(changes, ranks.TEAMS, period, mean, mean_of(total, active))
    await _put(statements, contributions, ("points",), earned)
    await _put(statements, team_standings, ("points", "active", "mean"), summed)


async def _put(statements: Statements, table: Table, names: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
    """Write rows over those with the same keys. Like this every such statement is compiled once and then cached."""
    new = insert(statements, table)
    put = new.on_conflict_do_update(
        index_elements=table.primary_key.columns, set_={name: new.excluded[name] for name in names}
    )
    await statements.execute(put, rows)
