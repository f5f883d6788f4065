"""Open the database that a URL names, with what each of the two needs to be trusted with scores."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import aiosqlite
from sqlalchemy import URL, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import StorageError

BUSY_SECONDS = 10.0
"""How long SQLite waits for another process's write before it gives up."""
RETRY_SECONDS = 0.01
"""How long to wait between attempts where SQLite itself does not wait."""


def read_url(text: str) -> URL:
    """Return the URL with our driver: ``sqlite:///path``, ``postgres://…`` or ``postgresql://…``, as hosts give it.

    Raises StorageError for any other.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # the error itself repeats parts of the URL, which may be a secret
        raise StorageError("it is not a URL; write sqlite:///data/warmup.db or postgresql://user@host/name") from None
    match url.get_backend_name():
        case "sqlite":
            if not url.database or url.database.startswith((":memory:", "file:")):
                raise StorageError("an SQLite URL must name a file; write sqlite:///data/warmup.db")
            return url.set(drivername="sqlite+aiosqlite")
        case "postgres" | "postgresql":
            # Of what libpq reads from a URL asyncpg takes this alone, by another name; the rest it decides itself.
            mode = url.query.get("sslmode", url.query.get("ssl"))
            return url.set(drivername="postgresql+asyncpg", query={"ssl": mode} if mode else {})
        case other:
            raise StorageError(
                f"{other} is not supported; write sqlite:///data/warmup.db or postgresql://user@host/name"
            )


def open_engine(url: URL) -> AsyncEngine:
    """Return an engine for a URL of ``read_url``; makes an SQLite file's folder.

    Raises StorageError when the driver is not installed or the folder cannot be made.
    """
    if url.get_backend_name() == "sqlite":
        assert url.database
        try:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(
                f"the folder of {url.database} cannot be made ({error.strerror}); choose another"
            ) from error
        engine = create_async_engine(url, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return engine
    try:
        return create_async_engine(url, pool_pre_ping=True, hide_parameters=True)
    except ModuleNotFoundError as error:
        raise StorageError("PostgreSQL needs the package asyncpg; install warmup-bot[postgres]") from error


def _prepare_sqlite(connection: Any, _: object) -> None:
    """Take BEGIN away from the driver, and make what was acknowledged survive a power cut."""
    connection.isolation_level = None
    connection.run_async(_use_wal)
    cursor = connection.cursor()
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


async def _use_wal(connection: aiosqlite.Connection) -> None:
    """Switch a new file to WAL; where two connections do so at once SQLite refuses one without any wait."""
    loop = asyncio.get_running_loop()
    until = loop.time() + BUSY_SECONDS
    while True:
        try:
            async with connection.execute("PRAGMA journal_mode=WAL"):
                return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or loop.time() > until:
                raise
        await asyncio.sleep(RETRY_SECONDS)


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once: a transaction that writes after it read would fail on a stale snapshot."""
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
