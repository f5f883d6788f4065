"""Migrations: from nothing to the newest schema, once, and never backwards."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.storage.engine import open_engine, read_url
from adapters.storage.migrate import migrate, pending
from adapters.storage.schema import metadata
from bot.errors import StorageError
from tests.support.databases import KINDS, bare_database, threads_end

TOO_LONG = 30.0
"""Seconds after which migrations that wait for one another are given up; a second is usual."""
ROOT = Path(__file__).parents[4]
PROCESS = """
import asyncio, sys
from adapters.storage.engine import open_engine, read_url
from adapters.storage.migrate import migrate

async def main():
    engine = open_engine(read_url(sys.argv[1]))
    before, after = await migrate(engine)
    await engine.dispose()
    print(before, after)

asyncio.run(main())
"""
"""What a starting process does, and a line that says what it did."""


@pytest.fixture(params=KINDS)
async def engine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """Yield an engine on a database without a schema."""
    async with bare_database(request.param, tmp_path) as url:
        engine = open_engine(url)
        yield engine
        await engine.dispose()


async def _tables(engine: AsyncEngine) -> set[str]:
    async with engine.begin() as connection:
        return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))


async def _execute(engine: AsyncEngine, statement: str) -> Any:
    async with engine.begin() as connection:
        result = await connection.execute(text(statement))
        return result.scalars().all() if result.returns_rows else None


async def test_an_empty_database_comes_to_the_newest_schema(engine: AsyncEngine) -> None:
    before, after = await migrate(engine)
    assert before is None
    assert await _execute(engine, "SELECT version_num FROM alembic_version") == [after]
    assert await _tables(engine) == {*metadata.tables, "alembic_version"}


async def test_migrating_again_changes_nothing(engine: AsyncEngine) -> None:
    _, head = await migrate(engine)
    await _execute(engine, "INSERT INTO browser_people (id, name, moderator) VALUES ('ada', 'Ada', '1')")
    assert await migrate(engine) == (head, head)
    assert await _execute(engine, "SELECT id FROM browser_people") == ["ada"]


async def test_a_database_is_pending_until_it_is_migrated(engine: AsyncEngine) -> None:
    await _execute(engine, "CREATE TABLE other (id INTEGER)")
    assert await pending(engine)
    assert await _tables(engine) == {"other"}
    await migrate(engine)
    assert not await pending(engine)


async def test_asking_what_is_pending_makes_no_file(tmp_path: Path) -> None:
    engine = open_engine(read_url(f"sqlite:///{tmp_path / 'warmup.db'}"))
    assert await pending(engine)
    await engine.dispose()
    assert list(tmp_path.iterdir()) == []


async def test_of_several_engines_at_once_one_migrates(engine: AsyncEngine) -> None:
    engines = [open_engine(engine.url) for _ in range(4)]
    async with asyncio.timeout(TOO_LONG):
        outcomes = await asyncio.gather(*map(migrate, engines))
    for each in engines:
        await each.dispose()
    head = outcomes[0][1]
    assert sorted(outcomes, key=str) == sorted([(None, head), *[(head, head)] * 3], key=str)
    assert await _execute(engine, "SELECT version_num FROM alembic_version") == [head]


async def test_of_several_processes_at_once_one_migrates(engine: AsyncEngine) -> None:
    url = engine.url.render_as_string(hide_password=False)
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", PROCESS, url, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        for _ in range(3)
    ]
    said = [await process.communicate() for process in processes]
    head = (await migrate(engine))[1]
    assert sorted(said) == sorted([(f"None {head}\n".encode(), b""), *[(f"{head} {head}\n".encode(), b"")] * 2])


async def test_a_migration_that_fails_leaves_nothing_behind(engine: AsyncEngine) -> None:
    await _execute(engine, "CREATE TABLE ledger (id INTEGER)")
    with pytest.raises(StorageError, match=r"cannot be opened \(.*ledger.*already exists.*\); check DATABASE_URL"):
        await migrate(engine)
    assert await _tables(engine) == {"ledger"}
    await _execute(engine, "DROP TABLE ledger")
    assert (await migrate(engine))[0] is None


async def test_a_newer_schema_is_refused_and_left_alone(engine: AsyncEngine) -> None:
    await migrate(engine)
    await _execute(engine, "UPDATE alembic_version SET version_num = '9999'")
    newer = r"the database is of a newer Warmup \(schema 9999\); start that version, or restore a backup"
    with pytest.raises(StorageError, match=newer):
        await migrate(engine)
    with pytest.raises(StorageError, match=newer):
        await pending(engine)
    assert await _execute(engine, "SELECT version_num FROM alembic_version") == ["9999"]


@pytest.mark.parametrize("ask", [migrate, pending])
async def test_a_server_that_is_not_there_is_said(ask: Any) -> None:
    engine = open_engine(read_url("postgresql://postgres@127.0.0.1:1/warmup"))
    with pytest.raises(StorageError, match=r"cannot be opened \(.+\); check DATABASE_URL and that it runs"):
        await ask(engine)
    await engine.dispose()


@pytest.mark.parametrize("ask", [migrate, pending])
async def test_a_file_that_is_no_database_is_said_and_left_alone(tmp_path: Path, ask: Any) -> None:
    path = tmp_path / "warmup.db"
    path.write_bytes(b"a holiday photo " * 500)
    engine = open_engine(read_url(f"sqlite:///{path}"))
    with pytest.raises(StorageError, match=r"cannot be opened \(file is not a database\); check DATABASE_URL"):
        await ask(engine)
    await engine.dispose()
    await threads_end()
    assert path.read_bytes() == b"a holiday photo " * 500


async def test_the_tables_are_what_the_migrations_leave(engine: AsyncEngine) -> None:
    await migrate(engine)

    def compared(connection: Connection) -> Any:
        defaults = connection.dialect.name == "postgresql"  # Alembic takes SQLite's empty text for another default
        context = MigrationContext.configure(connection, opts={"compare_server_default": defaults})
        return compare_metadata(context, metadata)

    async with engine.begin() as connection:
        assert await connection.run_sync(compared) == []
