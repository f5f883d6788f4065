"""Bring a database to the schema of this version, once, whoever of several starting processes comes first."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import StorageError

_SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 0x5741524D
"""Key of PostgreSQL's advisory lock; SQLite's BEGIN IMMEDIATE is a lock by itself."""


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    return config


async def migrate(engine: AsyncEngine) -> tuple[str | None, str]:
    """Apply what is missing, in one transaction; return the schema's revision before and after.

    Raises StorageError when the database cannot be reached or is newer than this version.
    """
    try:
        async with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            return await connection.run_sync(_upgrade)
    except (DBAPIError, OSError) as error:
        reason = getattr(error, "orig", None) or error
        raise StorageError(f"the database cannot be opened ({reason}); check DATABASE_URL and that it runs") from error


async def pending(engine: AsyncEngine) -> bool:
    """Tell whether the database lacks migrations; writes nothing.

    Raises StorageError when the database cannot be reached or is newer than this version.
    """
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists():
        return True
    try:
        async with engine.execution_options(read_only=True).begin() as connection:
            return await connection.run_sync(lambda sync: _revision(sync) != _head())
    except (DBAPIError, OSError) as error:
        reason = getattr(error, "orig", None) or error
        raise StorageError(f"the database cannot be opened ({reason}); check DATABASE_URL and that it runs") from error


def _upgrade(connection: Connection) -> tuple[str | None, str]:
    before = _revision(connection)
    if before != _head():
        command.upgrade(_config(connection), "head")
    return before, _head()


def _head() -> str:
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def _revision(connection: Connection) -> str | None:
    revision = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if revision is not None and revision not in known:
        raise StorageError(
            f"the database is of a newer Warmup (schema {revision}); start that version, or restore a backup"
        )
    return revision
