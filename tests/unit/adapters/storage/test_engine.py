"""Which URLs name a database, and what a connection is told before it is used."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, closing
from pathlib import Path

import pytest
from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.storage.engine import open_engine, read_url
from bot.errors import StorageError
from tests.support.databases import bare_database

POSTGRES = "postgresql+asyncpg://"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("sqlite:///warmup.db", "sqlite+aiosqlite:///warmup.db"),
        ("sqlite:///data/warmup.db", "sqlite+aiosqlite:///data/warmup.db"),
        ("sqlite:////var/lib/warmup.db", "sqlite+aiosqlite:////var/lib/warmup.db"),
        ("sqlite+aiosqlite:///warmup.db", "sqlite+aiosqlite:///warmup.db"),
        ("sqlite+pysqlite:///warmup.db", "sqlite+aiosqlite:///warmup.db"),
        ("postgres://ada@db/warmup", POSTGRES + "ada@db/warmup"),
        ("postgresql://ada@db/warmup", POSTGRES + "ada@db/warmup"),
        ("postgresql://ada@db:6543/warmup", POSTGRES + "ada@db:6543/warmup"),
        ("postgresql+psycopg2://ada@db/warmup", POSTGRES + "ada@db/warmup"),
        ("postgresql+asyncpg://ada@db/warmup", POSTGRES + "ada@db/warmup"),
        ("postgres://ada@[::1]:5432/warmup", POSTGRES + "ada@[::1]:5432/warmup"),
        ("postgres://ada@db/warmup?sslmode=require", POSTGRES + "ada@db/warmup?ssl=require"),
        ("postgres://ada@db/warmup?ssl=require", POSTGRES + "ada@db/warmup?ssl=require"),
    ],
)
def test_a_url_is_read_with_our_driver(written: str, read: str) -> None:
    assert read_url(written).render_as_string(hide_password=False) == read


@pytest.mark.parametrize(
    ("written", "password"),
    [
        ("secret", "secret"),
        ("p%40ss%2Fw%3Ard%3F%23", "p@ss/w:rd?#"),
        ("100%25", "100%"),
        ("a+b", "a+b"),
        ("p%C3%A4ss", "päss"),
        ("p:w", "p:w"),
    ],
)
@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_a_password_may_hold_any_sign(scheme: str, written: str, password: str) -> None:
    url = read_url(f"{scheme}://ada:{written}@db:5432/warmup?sslmode=require")
    assert (url.username, url.password, url.host, url.database) == ("ada", password, "db", "warmup")


@pytest.mark.parametrize(
    "written",
    [
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///file::memory:?uri=true",
        "sqlite:///file:warmup?mode=memory&uri=true",
    ],
)
def test_a_database_in_memory_is_refused(written: str) -> None:
    with pytest.raises(StorageError, match=r"must name a file; write sqlite:///data/warmup\.db"):
        read_url(written)


@pytest.mark.parametrize("scheme", ["mysql", "mysql+pymysql", "oracle", "mssql+pyodbc", "mongodb", "https"])
def test_another_database_is_refused(scheme: str) -> None:
    with pytest.raises(StorageError, match=r"is not supported; write sqlite:///\S+ or postgresql://") as raised:
        read_url(f"{scheme}://ada:hunter2@db/warmup")
    assert str(raised.value).startswith(scheme.partition("+")[0])
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(
    "written",
    ["", " ", "warmup.db", "sqlite", "sqlite:/warmup.db", "ada:hunter2@db", "postgresql://ada:hunter2@db:port/warmup"],
)
def test_what_is_no_url_is_refused(written: str) -> None:
    with pytest.raises(StorageError, match=r"write sqlite:///\S+ or postgresql://") as raised:
        read_url(written)
    assert "hunter2" not in str(raised.value)


@pytest.mark.postgres
@pytest.mark.parametrize(
    "query",
    ["sslmode=disable", "sslmode=prefer", "sslmode=prefer&channel_binding=prefer", "connect_timeout=5"],
)
async def test_postgres_opens_with_what_hosts_put_into_its_url(tmp_path: Path, query: str) -> None:
    async with bare_database("postgresql", tmp_path) as url:
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        engine = open_engine(read_url(f"{plain}?{query}"))
        try:
            async with engine.connect() as connection:
                assert await connection.scalar(text("SELECT current_database()")) == url.database
        finally:
            await engine.dispose()


@pytest.fixture
def url(tmp_path: Path) -> URL:
    return read_url(f"sqlite:///{tmp_path / 'warmup.db'}")


@pytest.fixture
async def engine(url: URL) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(url)
    yield engine
    await engine.dispose()


async def test_every_sqlite_connection_is_told_the_same(engine: AsyncEngine) -> None:
    async with AsyncExitStack() as opened:
        readers = engine.execution_options(read_only=True)
        connections = [await opened.enter_async_context(readers.connect()) for _ in range(4)]
        told = [
            [
                (await connection.exec_driver_sql(f"PRAGMA {pragma}")).scalar_one()
                for pragma in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            ]
            for connection in connections
        ]
    assert (
        told == [["wal", 2, 1, 10_000]] * 4
    )  # synchronous=2 is FULL: a commit is on the disk before it is acknowledged


def _could_write(url: URL) -> bool:
    """Tell whether somebody else could write now."""
    with closing(sqlite3.connect(str(url.database), timeout=0, isolation_level=None)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        return True


async def test_a_transaction_that_may_write_has_the_lock_from_its_beginning(engine: AsyncEngine, url: URL) -> None:
    async with engine.begin():
        assert not await asyncio.to_thread(_could_write, url)
    assert await asyncio.to_thread(_could_write, url)


async def test_a_transaction_that_only_reads_takes_no_lock(engine: AsyncEngine, url: URL) -> None:
    async with engine.execution_options(read_only=True).begin() as connection:
        await connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
        assert await asyncio.to_thread(_could_write, url)


async def test_the_folder_of_a_file_is_made(tmp_path: Path) -> None:
    engine = open_engine(read_url(f"sqlite:///{tmp_path / 'a' / 'b' / 'warmup.db'}"))
    async with engine.begin():
        pass
    await engine.dispose()
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"the folder of \S+ cannot be made \(.+\); choose another"):
        open_engine(read_url(f"sqlite:///{tmp_path / 'file' / 'a' / 'warmup.db'}"))
