"""Databases for tests: SQLite in a folder, PostgreSQL on the server that is there; each is handed out empty."""

from __future__ import annotations

import asyncio
import atexit
import itertools
import os
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import URL

from adapters.storage.engine import read_url
from adapters.storage.migrate import migrate
from adapters.storage.schema import metadata
from adapters.storage.work import SqlStorage, open_storage

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
"""What to parametrise with; ``-m 'not postgres'`` leaves the server alone."""
NAMED = "TEST_POSTGRES"
"""The environment variable that names another server: a URL of any database of a user who may make some."""
USUAL = "postgresql://postgres@127.0.0.1:5432/postgres"
MISSING = "PostgreSQL is not on 127.0.0.1:5432 (user postgres, trust); start one to run this"
PREFIX = "warmup_tests_"
DAY = 24 * 60 * 60
PATIENCE = 5.0

_numbers = itertools.count(1)
_migrated_file: list[bytes] = []
"""A migrated SQLite file, once there is one: writing it again is quicker than migrating again."""
_idle: list[URL] = []
"""Migrated PostgreSQL databases of this process that wait for the next test."""


@asynccontextmanager
async def open_database(kind: str, tmp_path: Path) -> AsyncIterator[SqlStorage]:
    """Open a database that is migrated and empty, each time another; skips when PostgreSQL is not there.

    ``storage.engine.url`` opens the same one again, as a restart does.
    """
    url = await _sqlite(tmp_path) if kind == "sqlite" else await _postgres()
    storage = open_storage(url)
    try:
        yield storage
    finally:
        await storage.close()
        if kind != "sqlite":
            await _clear(url)
            _idle.append(url)


@asynccontextmanager
async def bare_database(kind: str, tmp_path: Path) -> AsyncIterator[URL]:
    """Make a database that was never migrated, and drop it afterwards; skips when PostgreSQL is not there."""
    if kind == "sqlite":
        yield _new_file(tmp_path)
        return
    url = await _create()
    try:
        yield url
    finally:
        await _drop(url)


async def threads_end() -> None:
    """Wait until no SQLite connection is left.

    The thread of one that could not be opened ends by itself, a moment later, and needs its event loop for that.
    """
    for thread in threading.enumerate():
        if "_connection_worker_thread" in thread.name:
            await asyncio.to_thread(thread.join, PATIENCE)


async def _sqlite(folder: Path) -> URL:
    url = _new_file(folder)
    if not _migrated_file:
        await _migrate(url)
        _migrated_file.append(_file(url).read_bytes())
    _file(url).write_bytes(_migrated_file[0])
    return url


def _file(url: URL) -> Path:
    return Path(str(url.database))


def _new_file(folder: Path) -> URL:
    return read_url(f"sqlite:///{folder / f'warmup-{next(_numbers)}.db'}")


async def _postgres() -> URL:
    if _idle:
        return _idle.pop()
    url = await _create()
    atexit.register(lambda: asyncio.run(_drop(url)))
    await _migrate(url)
    return url


async def _migrate(url: URL) -> None:
    storage = open_storage(url)
    try:
        await migrate(storage.engine)
    finally:
        await storage.close()


async def _create() -> URL:
    """Make a database whose name no other process, and no other call of this one, takes."""
    try:
        server = await _connect(_server())
    except (OSError, asyncpg.InvalidAuthorizationSpecificationError):
        if NAMED in os.environ:  # whoever names a server means to use it
            raise
        pytest.skip(MISSING)
    try:
        name = await _new_name(server)
        await server.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    finally:
        await server.close()
    return _server().set(database=name)


async def _new_name(server: Any) -> str:
    """Return a name with the server's time in it, and drop what killed processes left behind a day ago."""
    now = await server.fetchval("SELECT extract(epoch FROM now())::bigint")
    for (left,) in await server.fetch("SELECT datname FROM pg_database WHERE starts_with(datname, $1)", PREFIX):
        if int(left.removeprefix(PREFIX).split("_")[0]) < now - DAY:
            await server.execute(f"DROP DATABASE IF EXISTS {left} WITH (FORCE)")
    return f"{PREFIX}{now}_{os.getpid()}_{next(_numbers)}"


async def _clear(url: URL) -> None:
    """Empty every table; sessions that a test left behind would hold their locks, so they end first."""
    database = await _connect(url)
    try:
        await database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        # Deleting a few rows is much quicker than TRUNCATE, which makes and syncs new files for every table.
        empty = [str(table.delete()) for table in reversed(metadata.sorted_tables)]
        restart = "SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S'"
        await database.execute(";".join(["SET synchronous_commit = off", *empty, restart]))
    finally:
        await database.close()


async def _drop(url: URL) -> None:
    server = await _connect(_server())
    try:
        await server.execute(f"DROP DATABASE IF EXISTS {url.database} WITH (FORCE)")
    finally:
        await server.close()


@cache
def _server() -> URL:
    """Return the server's URL, by address: the last drops come when a process ends, and then no name is looked up."""
    url = read_url(os.environ.get(NAMED, USUAL))
    return url.set(host=socket.gethostbyname(url.host or "127.0.0.1"))


async def _connect(url: URL) -> Any:
    return await asyncpg.connect(
        host=url.host,
        port=url.port,
        user=url.username,
        password=url.password,
        database=url.database,
        ssl=url.query.get("ssl"),
        timeout=PATIENCE,
    )
