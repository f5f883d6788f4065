"""What moderators decided on questions, in the database."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, func, select, union, update

from adapters.storage.reports import CLOSED, OPEN, is_open
from adapters.storage.statements import Statements, insert
from adapters.storage.tables import people, reports, rulings
from bot.judging import Edition, Ruling
from bot.refs import WorkspaceRef


class SqlRulings:
    """The Rulings port."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def rule(
        self, *, person: int, workspace: WorkspaceRef, question: str, revision: str, out: bool, now: datetime
    ) -> None:
        """Keep a ruling in the place of an older one, and close the question's open reports there."""
        ruling = insert(self._statements, rulings).values(
            workspace=workspace.key, question=question, revision=revision, out=out, person_id=person, at=now
        )
        latest = {"out": ruling.excluded.out, "person_id": ruling.excluded.person_id, "at": ruling.excluded.at}
        await self._statements.execute(
            ruling.on_conflict_do_update(index_elements=rulings.primary_key.columns, set_=latest)
        )
        mine = update(reports).where(is_open(workspace), reports.c.question == question, reports.c.revision == revision)
        await self._statements.execute(mine.values(state=CLOSED))

    async def get(self, workspace: WorkspaceRef, question: str, revision: str) -> Ruling | None:
        """Return the ruling on a question."""
        found = (
            select(rulings.c.out, people.c.name, rulings.c.at)
            .join(people)
            .where(rulings.c.workspace == workspace.key, rulings.c.question == question, rulings.c.revision == revision)
        )
        row = (await self._statements.execute(found)).one_or_none()
        return None if row is None else Ruling(row.out, row.name, row.at)

    async def withdrawn(self, least: int) -> Collection[tuple[str, Edition]]:
        """Return what is not drawn, by the workspace's key: ruled out, or with at least so many open reports."""
        found = await self._statements.execute(union(_ruled_out(), _reported(least)))
        return {(row.workspace, (row.question, row.revision)) for row in found}


def _ruled_out() -> Select[tuple[str, str, str]]:
    return select(rulings.c.workspace, rulings.c.question, rulings.c.revision).where(rulings.c.out)


def _reported(least: int) -> Select[tuple[str, str, str]]:
    edition = (reports.c.workspace, reports.c.question, reports.c.revision)
    return select(*edition).where(reports.c.state == OPEN).group_by(*edition).having(func.count() >= least)
