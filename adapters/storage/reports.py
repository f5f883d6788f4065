"""Reported problems, in the database."""

from __future__ import annotations

from datetime import datetime

from adapters.storage.statements import Statements, insert
from adapters.storage.tables import reports


class SqlReports:
    """The Reports port."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def add(self, *, person: int, question: str, revision: str, reason: str, note: str, now: datetime) -> bool:
        """Keep a report; false if this person's report of this revision is there already."""
        report = insert(self._statements, reports).values(
            person_id=person, question=question, revision=revision, reason=reason, note=note, state="open", at=now
        )
        return (await self._statements.execute(report.on_conflict_do_nothing())).rowcount == 1
