"""Transactions over the repositories."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, NotSupportedError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.storage.competitions import SqlCompetitions
from adapters.storage.dailies import SqlDailies
from adapters.storage.daily_answers import SqlDailyAnswers
from adapters.storage.engine import open_engine
from adapters.storage.errands import SqlErrands
from adapters.storage.item_stats import SqlItemStats
from adapters.storage.ledger import SqlLedger
from adapters.storage.people import SqlPeople
from adapters.storage.reports import SqlReports
from adapters.storage.rewards import SqlRewards
from adapters.storage.round_answers import SqlRoundAnswers
from adapters.storage.rounds import SqlRounds
from adapters.storage.rulings import SqlRulings
from adapters.storage.schedules import SqlSchedules
from adapters.storage.servings import SqlServings
from adapters.storage.standings import SqlStandings
from adapters.storage.statements import Statements
from adapters.storage.summaries import SqlSummaries
from adapters.storage.teams import SqlTeams
from bot.errors import StorageError

SQLITE_READS = {"read_only": True}
POSTGRES_READS = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
"""What makes a transaction read one state of the database throughout; SQLite's always do."""


class SqlUnitOfWork:
    """The UnitOfWork port: every repository on one connection."""

    def __init__(self, statements: Statements) -> None:
        self.people = SqlPeople(statements)
        self.servings = SqlServings(statements)
        self.ledger = SqlLedger(statements)
        self.standings = SqlStandings(statements)
        self.teams = SqlTeams(statements)
        self.competitions = SqlCompetitions(statements)
        self.summaries = SqlSummaries(statements)
        self.item_stats = SqlItemStats(statements)
        self.reports = SqlReports(statements)
        self.rulings = SqlRulings(statements)
        self.schedules = SqlSchedules(statements)
        self.dailies = SqlDailies(statements)
        self.daily_answers = SqlDailyAnswers(statements)
        self.rounds = SqlRounds(statements)
        self.round_answers = SqlRoundAnswers(statements)
        self.errands = SqlErrands(statements)
        self.rewards = SqlRewards(statements)


class SqlStorage:
    """The Storage port."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._sqlite = engine.dialect.name == "sqlite"
        self._writing = asyncio.Lock()
        self._readers = engine.execution_options(**(SQLITE_READS if self._sqlite else POSTGRES_READS))

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[SqlUnitOfWork]:
        """Begin a transaction that may write."""
        async with self.writing() as statements:
            yield SqlUnitOfWork(statements)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[SqlUnitOfWork]:
        """Begin a transaction that only reads and waits for no writer."""
        async with self.reading() as statements:
            yield SqlUnitOfWork(statements)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Statements]:
        """Begin a reading transaction without the repositories."""
        with _translated():
            async with self._readers.begin() as connection:
                yield Statements(connection)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Statements]:
        """Begin a writing transaction without the repositories.

        SQLite has one writer; within a process the writers queue fairly here instead of polling for its lock.
        """
        with _translated():
            if not self._sqlite:
                async with self.engine.begin() as connection:
                    yield Statements(connection)
                return
            async with self._writing, self.engine.begin() as connection:
                yield Statements(connection)

    async def close(self) -> None:
        """Close every connection, after the write that is under way: one that is in use now would stay open."""
        async with self._writing:
            await self.engine.dispose()


@contextmanager
def _translated() -> Iterator[None]:
    """Say what the database's failures mean; a defect of a statement stays what it is."""
    try:
        yield
    except (IntegrityError, ProgrammingError, DataError, NotSupportedError):
        raise
    except (DBAPIError, PoolTimeoutError, OSError) as error:
        kind = type(getattr(error, "orig", None) or error).__name__
        raise StorageError(
            f"the database did not answer ({kind}); see that it runs and that its disk has room"
        ) from error


def open_storage(url: URL) -> SqlStorage:
    """Return the storage of a URL of ``read_url``."""
    return SqlStorage(open_engine(url))
