"""Reported problems, in the database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.storage.statements import insert
from adapters.storage.tables import reports


class SqlReports:
    """The Reports port."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, *, person: int, question: str, revision: str, reason: str, note: str, now: datetime) -> bool:
        """Keep a report; false if this person's report of this revision is there already."""
        report = insert(self._connection, reports).values(
            person_id=person, question=question, revision=revision, reason=reason, note=note, state="open", at=now
        )
        return (await self._connection.execute(report.on_conflict_do_nothing())).rowcount == 1
