"""Reported problems, in the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select

from adapters.storage.statements import Statements, insert
from adapters.storage.tables import reports
from bot.judging import Edition, Report
from bot.refs import WorkspaceRef

OPEN, CLOSED = "open", "closed"


class SqlReports:
    """The Reports port."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def add(
        self,
        *,
        person: int,
        workspace: WorkspaceRef,
        question: str,
        revision: str,
        reason: str,
        note: str,
        now: datetime,
    ) -> bool:
        """Keep a report; false if this person's report of this revision is there already."""
        report = insert(self._statements, reports).values(
            person_id=person,
            workspace=workspace.key,
            question=question,
            revision=revision,
            reason=reason,
            note=note,
            state=OPEN,
            at=now,
        )
        return (await self._statements.execute(report.on_conflict_do_nothing())).rowcount == 1

    async def open(self, workspace: WorkspaceRef, question: str, revision: str) -> Sequence[Report]:
        """Return the open reports of a question, newest first."""
        mine = select(reports).where(is_open(workspace), reports.c.question == question, reports.c.revision == revision)
        found = await self._statements.execute(mine.order_by(reports.c.id.desc()))
        return [Report(row.reason, row.note, row.at) for row in found]

    async def waiting(self, workspace: WorkspaceRef) -> Mapping[Edition, int]:
        """Return how many open reports each question has, most first."""
        edition = (reports.c.question, reports.c.revision)
        number = func.count().label("number")
        counted = select(*edition, number).where(is_open(workspace)).group_by(*edition)
        found = await self._statements.execute(counted.order_by(number.desc(), *edition))
        return {(row.question, row.revision): row.number for row in found}


def is_open(workspace: WorkspaceRef) -> ColumnElement[bool]:
    """Return what open reports of a workspace fulfil."""
    return and_(reports.c.state == OPEN, reports.c.workspace == workspace.key)
