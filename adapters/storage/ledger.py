"""Points in the database: append-only rows, with the boards beside them in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, func, select

from adapters.storage import board_sums
from adapters.storage.ledger_tables import ledger, standings
from adapters.storage.shown_names import shown_name
from adapters.storage.statements import Statements, insert
from adapters.storage.tables import people
from bot.ledger import Entry
from bot.refs import WorkspaceRef

VOID = "void"
"""The reason of a row that takes another's points back."""


class SqlLedger:
    """The Ledger port."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def paid(self, person: int, question: str, season: str, reason: str = "") -> int:
        """Return what a question has paid a person in a season, for a reason or for any; voided points count too."""
        sums = select(func.coalesce(func.sum(ledger.c.points), 0)).where(
            ledger.c.person_id == person,
            ledger.c.question == question,
            ledger.c.season == season,
            ledger.c.voids_id.is_(None),
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
        serving: int | None,
        now: datetime,
        team: int | None = None,
        contests: Sequence[str] = (),
        by: int | None = None,
    ) -> int:
        """Write a row and return its id; add its points to the boards of its periods and of its contests."""
        row = {
            "person_id": person,
            "workspace": workspace.key,
            "points": points,
            "reason": reason,
            "question": question,
            "serving_id": serving,
            "season": season,
            "day": day,
            "periods": " ".join(periods),
            "contests": " ".join(contests),
            "team_id": team,
            "by_person_id": by,
            "voids_id": None,
            "note": note[:200],
            "at": now,
        }
        written = await self._write(row)
        assert written is not None
        return written

    async def void(self, entry: int, workspace: WorkspaceRef, by: int, note: str, now: datetime) -> bool:
        """Take the points of a row of the workspace back by another, on every board; false if that was done before."""
        of_it = select(ledger).where(ledger.c.id == entry, ledger.c.workspace == workspace.key)
        found = (await self._statements.execute(of_it)).one_or_none()
        if found is None or found.voids_id is not None:
            return False
        row = found._asdict()
        del row["id"]
        row |= {"points": -found.points, "reason": VOID, "serving_id": None, "by_person_id": by, "voids_id": entry}
        return await self._write(row | {"note": note[:200], "at": now}) is not None

    async def get(self, entry: int, workspace: WorkspaceRef) -> tuple[int, Entry] | None:
        """Return a row of the workspace with the id of its person."""
        found = _entries().where(ledger.c.id == entry, ledger.c.workspace == workspace.key)
        row = (await self._statements.execute(found)).one_or_none()
        return None if row is None else (row.person_id, _entry(row))

    async def paid_for(self, serving: int) -> Entry | None:
        """Return the row that an answer was paid with, if it was."""
        row = (await self._statements.execute(_entries().where(ledger.c.serving_id == serving))).one_or_none()
        return None if row is None else _entry(row)

    async def entries(
        self, person: int, *, before: int | None, limit: int, workspace: WorkspaceRef | None = None
    ) -> Sequence[Entry]:
        """Return a person's newest rows, or those before the row with that id; of one workspace, or of all."""
        found = _entries().where(ledger.c.person_id == person).order_by(ledger.c.id.desc()).limit(limit)
        if workspace is not None:
            found = found.where(ledger.c.workspace == workspace.key)
        if before is not None:
            found = found.where(ledger.c.id < before)
        return [_entry(row) for row in await self._statements.execute(found)]

    async def count(self) -> int:
        """Return how many rows there are, of all workspaces."""
        return await self._sum(select(func.count()).select_from(ledger))

    async def total(self, person: int, workspace: WorkspaceRef, period: str) -> int:
        """Return a person's points in a workspace and period."""
        found = select(standings.c.points).where(
            standings.c.workspace == workspace.key, standings.c.period == period, standings.c.person_id == person
        )
        return (await self._statements.execute(found)).scalar_one_or_none() or 0

    async def _write(self, row: dict[str, Any]) -> int | None:
        """Write a row with its boards; None, and nothing kept, where it takes back what was taken back before."""
        awarded = row["person_id"] if row["voids_id"] is None else None  # of what is taken back the boards have rows
        await board_sums.lock(self._statements, row["workspace"], awarded)
        new = insert(self._statements, ledger).values(row).on_conflict_do_nothing(index_elements=["voids_id"])
        written = (await self._statements.execute(new.returning(ledger.c.id))).scalar_one_or_none()
        if written is not None:
            await board_sums.add_points(
                self._statements,
                workspace=row["workspace"],
                person=row["person_id"],
                points=row["points"],
                periods=row["periods"].split(),
                contests=row["contests"].split(),
                team=row["team_id"],
            )
        return written

    async def _sum(self, statement: Select[Any]) -> int:
        found: int = (await self._statements.execute(statement)).scalar_one()
        return int(found)


def _entries() -> Select[Any]:
    """Select rows of the ledger, with who gave or took the points and whether they were taken back."""
    moderator, taking = people.alias(), ledger.alias()
    by = func.coalesce(shown_name(moderator), "").label("by")
    return (
        select(ledger, by, taking.c.id.is_not(None).label("voided"))
        .outerjoin(moderator, moderator.c.id == ledger.c.by_person_id)
        .outerjoin(taking, taking.c.voids_id == ledger.c.id)
    )


def _entry(row: Row[Any]) -> Entry:
    return Entry(row.id, row.points, row.reason, row.question, row.note, row.at, row.by, row.voided)
