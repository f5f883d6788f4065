"""Points and the standings beside them, in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, and_, func, select

from adapters.storage.statements import Statements, insert
from adapters.storage.tables import ledger, people, standings
from bot.ports import Board, Entry, Standing
from bot.refs import WorkspaceRef


class SqlLedger:
    """The Ledger port."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def paid(self, person: int, question: str, season: str, reason: str = "") -> int:
        """Return what a question has paid a person in a season, for a reason or for any."""
        sums = select(func.coalesce(func.sum(ledger.c.points), 0)).where(
            ledger.c.person_id == person, ledger.c.question == question, ledger.c.season == season
        )
        return await self._sum(sums.where(ledger.c.reason == reason) if reason else sums)

    async def earned(self, person: int, day: date, reason: str) -> int:
        """Return what a person was paid for a reason on one of their local days."""
        return await self._sum(
            select(func.coalesce(func.sum(ledger.c.points), 0)).where(
                ledger.c.person_id == person, ledger.c.day == day, ledger.c.reason == reason
            )
        )

    async def award(
        self,
        *,
        person: int,
        workspace: WorkspaceRef,
        points: int,
        reason: str,
        question: str,
        note: str,
        season: str,
        day: date,
        periods: Sequence[str],
        serving: int,
        now: datetime,
    ) -> None:
        """Write a row, and add its points to the standings of each period of the workspace."""
        row = insert(self._statements, ledger).values(
            person_id=person,
            workspace=workspace.key,
            points=points,
            reason=reason,
            question=question,
            serving_id=serving,
            season=season,
            day=day,
            periods=" ".join(periods),
            note=note,
            at=now,
        )
        await self._statements.execute(row)
        hidden = select(people.c.hidden).where(people.c.id == person).scalar_subquery()
        sums = insert(self._statements, standings).values(
            [
                {"workspace": workspace.key, "period": period, "person_id": person, "points": points, "hidden": hidden}
                for period in periods
            ]
        )
        await self._statements.execute(
            sums.on_conflict_do_update(
                index_elements=["workspace", "period", "person_id"],
                set_={"points": standings.c.points + sums.excluded.points},
            )
        )

    async def paid_for(self, serving: int) -> Entry | None:
        """Return the row that an answer was paid with, if it was."""
        row = (await self._statements.execute(select(ledger).where(ledger.c.serving_id == serving))).one_or_none()
        return None if row is None else _entry(row)

    async def entries(self, person: int, *, before: int | None, limit: int) -> Sequence[Entry]:
        """Return a person's newest rows, or those before the row with that id."""
        found = select(ledger).where(ledger.c.person_id == person).order_by(ledger.c.id.desc()).limit(limit)
        if before is not None:
            found = found.where(ledger.c.id < before)
        return [_entry(row) for row in await self._statements.execute(found)]

    async def total(self, person: int, workspace: WorkspaceRef, period: str) -> int:
        """Return a person's points in a workspace and period."""
        found = select(standings.c.points).where(
            standings.c.workspace == workspace.key, standings.c.period == period, standings.c.person_id == person
        )
        return (await self._statements.execute(found)).scalar_one_or_none() or 0

    async def _sum(self, statement: Select[Any]) -> int:
        found: int = (await self._statements.execute(statement)).scalar_one()
        return int(found)


def _entry(row: Row[Any]) -> Entry:
    return Entry(row.id, row.points, row.reason, row.question, row.note, row.at)


class SqlStandings:
    """The Standings port."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def board(self, workspace: WorkspaceRef, period: str, person: int | None, limit: int) -> Board:
        """Return the first ``limit`` rows and the person's own."""
        here = and_(standings.c.workspace == workspace.key, standings.c.period == period)
        named = func.coalesce(func.nullif(people.c.shown_name, ""), people.c.name).label("shown")
        rows = select(standings.c.person_id, standings.c.points, named).join(people)
        first = await self._statements.execute(
            rows.where(here, standings.c.hidden.is_(False))
            .order_by(standings.c.points.desc(), standings.c.person_id)
            .limit(limit)
        )
        top: list[Standing] = []
        for place, row in enumerate(first, start=1):
            shared = bool(top) and top[-1].points == row.points
            top.append(Standing(top[-1].rank if shared else place, row.person_id, row.shown, row.points))
        ranked = select(func.count()).select_from(standings).where(here, standings.c.hidden.is_(False))
        size = (await self._statements.execute(ranked)).scalar_one()
        mine = (await self._statements.execute(rows.where(here, standings.c.person_id == person))).one_or_none()
        if mine is None:
            return Board(tuple(top), None, size)
        ahead = (await self._statements.execute(ranked.where(standings.c.points > mine.points))).scalar_one()
        return Board(tuple(top), Standing(ahead + 1, mine.person_id, mine.shown, mine.points), size)

    async def differences(self) -> Sequence[str]:
        """Return a line for each standing that is not what the ledger sums to."""
        expected: dict[tuple[str, str, int], int] = {}
        rows = select(ledger.c.workspace, ledger.c.periods, ledger.c.person_id, ledger.c.points)
        for row in await self._statements.execute(rows):
            for period in row.periods.split():
                key = (row.workspace, period, row.person_id)
                expected[key] = expected.get(key, 0) + row.points
        kept = {
            (row.workspace, row.period, row.person_id): row.points
            for row in await self._statements.execute(select(standings))
        }
        return [
            f"{workspace} {period} person {person}: standings say {kept.get(key, 0)}, the ledger {expected.get(key, 0)}"
            for key in sorted(expected.keys() | kept.keys())
            for workspace, period, person in [key]
            if kept.get(key, 0) != expected.get(key, 0)
        ]
