"""How statements are run, and what SQLite and PostgreSQL spell in two ways."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult, Executable, Row, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

STREAMED = 5_000
"""Rows that are held at once of a statement that may return any number."""
Insert = sqlite.Insert | postgresql.Insert


class Statements:
    """Runs statements on one connection; on SQLite a cancelled task is cancelled after the statement it is in.

    One that is cut off would leave its cursor open there, and the write lock with it, for as long as anything refers to
    the task. SQLite's statements do not wait; PostgreSQL's may, and are called off by the server.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    @property
    def dialect(self) -> str:
        """Return ``sqlite`` or ``postgresql``."""
        return self._connection.dialect.name

    async def execute(
        self, statement: Executable, rows: Sequence[Mapping[str, Any]] | Mapping[str, Any] | None = None
    ) -> CursorResult[Any]:
        """Run a statement, once for each of ``rows`` where they are given; an INSERT may return rows for each."""
        if self.dialect != "sqlite":
            return await self._connection.execute(statement, rows)
        running = asyncio.ensure_future(self._connection.execute(statement, rows))
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            await asyncio.wait({running})
            raise

    async def stream(self, statement: Executable) -> AsyncGenerator[Sequence[Row[Any]]]:
        """Yield the rows of a statement, some thousands at a time: for what is too much to be held at once."""
        result = await self._connection.stream(statement, execution_options={"yield_per": STREAMED})
        try:
            async for rows in result.partitions():
                yield rows
        finally:
            await result.close()


def insert(statements: Statements, table: Table) -> Insert:
    """Return an INSERT of the connection's dialect, the one that has ON CONFLICT."""
    return sqlite.insert(table) if statements.dialect == "sqlite" else postgresql.insert(table)
