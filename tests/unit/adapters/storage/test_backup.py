"""Backups: of a database in use, consistent, all of it or nothing."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from sqlalchemy import URL, text

from adapters.storage.backup import backup
from adapters.storage.engine import read_url
from adapters.storage.migrate import pending
from adapters.storage.work import SqlStorage, open_storage
from bot.errors import StorageError
from bot.persons import Person
from tests.support import rows
from tests.support.databases import bare_database, open_database
from tests.support.world import MONDAY

BIG = 6 * 2**20
"""Bytes that SQLite does not copy in one step."""


def _silent(_done: int, _total: int) -> None:
    """Report progress to nobody."""


needs_programs = pytest.mark.skipif(
    not (shutil.which("pg_dump") and shutil.which("pg_restore")),
    reason="pg_dump and pg_restore are not installed; install PostgreSQL's client programs to run this",
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=[pytest.mark.postgres, needs_programs])])
async def storage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SqlStorage]:
    async with open_database(request.param, tmp_path) as opened:
        yield opened


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[SqlStorage]:
    async with open_database("sqlite", tmp_path) as opened:
        yield opened


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Return a file to be made in a folder of its own."""
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups" / "warmup.backup"


@asynccontextmanager
async def _restored(kind: str, target: Path, tmp_path: Path) -> AsyncIterator[SqlStorage]:
    """Open what a backup holds, as an operator restores it."""
    async with bare_database(kind, tmp_path) as url:
        if kind == "sqlite":
            await asyncio.to_thread(target.rename, str(url.database))
        else:
            plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
            process = await asyncio.create_subprocess_exec(
                "pg_restore", "--exit-on-error", "--no-owner", f"--dbname={plain}", target
            )
            assert await process.wait() == 0
        storage = open_storage(url)
        yield storage
        await storage.close()


async def _write_until(stop: asyncio.Event, storage: SqlStorage, person: Person) -> None:
    while not stop.is_set():
        await rows.award(storage, person, 1)


async def test_a_backup_taken_while_others_write_is_consistent(
    storage: SqlStorage, target: Path, tmp_path: Path
) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    await rows.award(storage, ada, 7)
    await _grow(storage, bob)
    stop = asyncio.Event()
    writers = [asyncio.create_task(_write_until(stop, storage, person)) for person in (ada, bob)]
    await asyncio.sleep(0)
    await backup(storage.engine.url, target, _silent)
    stop.set()
    await asyncio.gather(*writers)
    async with _restored(storage.engine.dialect.name, target, tmp_path) as restored:
        assert not await pending(restored.engine)
        assert await rows.differences(restored) == []
        assert [entry.points for entry in await rows.entries(restored, ada, limit=1000)][-1] == 7
        assert await rows.total(restored, ada) >= 7
        assert await rows.total(restored, ada) <= await rows.total(storage, ada)
        if restored.engine.dialect.name == "sqlite":
            async with restored.reading() as connection:
                assert (await connection.execute(text("PRAGMA integrity_check"))).scalar_one() == "ok"


async def test_a_restored_database_goes_on(storage: SqlStorage, target: Path, tmp_path: Path) -> None:
    ada = await rows.enter(storage, "Ada")
    await rows.award(storage, ada, 7)
    await backup(storage.engine.url, target, _silent)
    async with _restored(storage.engine.dialect.name, target, tmp_path) as restored:
        assert await rows.find(restored, "Ada") == ada
        await rows.award(restored, ada, 3)
        assert (await rows.enter(restored, "Bob")).id > ada.id
        assert await rows.total(restored, ada) == 10
    assert await rows.total(storage, ada) == 7


async def _grow(storage: SqlStorage, person: Person) -> None:
    """Make the database too large for one step of copying."""
    shown = await rows.serve(storage, person)
    async with storage.transaction() as work:
        await work.servings.close(
            shown, person.id, expected="open", state="revealed", response="x" * BIG, score=0, now=MONDAY
        )


async def test_a_backup_ends_although_somebody_writes_between_all_its_steps(sqlite: SqlStorage, target: Path) -> None:
    await _grow(sqlite, await rows.enter(sqlite))
    steps: list[tuple[int, int]] = []
    with closing(
        sqlite3.connect(str(sqlite.engine.url.database), isolation_level=None, check_same_thread=False)
    ) as other:

        def write(done: int, total: int) -> None:
            steps.append((done, total))
            if len(steps) < 20:
                other.execute("UPDATE people SET streak = streak + 1")

        await backup(sqlite.engine.url, target, write)
    done = [copied for copied, _ in steps]
    assert len(done) > 1
    assert done == sorted(set(done))
    assert done[-1] == steps[-1][1]


async def test_a_backup_is_one_file(storage: SqlStorage, target: Path) -> None:
    await rows.enter(storage)
    await backup(storage.engine.url, target, _silent)
    assert [path.name for path in target.parent.iterdir()] == [target.name]


async def test_a_target_that_exists_is_refused_and_left_alone(storage: SqlStorage, target: Path) -> None:
    target.write_bytes(b"precious")
    with pytest.raises(StorageError, match=r"warmup\.backup exists; name a file that does not"):
        await backup(storage.engine.url, target, _silent)
    assert target.read_bytes() == b"precious"


async def test_a_folder_that_is_missing_is_refused_and_not_made(storage: SqlStorage, target: Path) -> None:
    missing = target.parent / "yesterday"
    with pytest.raises(StorageError, match=r"there is no folder \S+yesterday; make it first"):
        await backup(storage.engine.url, missing / "warmup.backup", _silent)
    assert not missing.exists()


async def test_a_database_that_is_missing_is_refused_and_not_made(tmp_path: Path, target: Path) -> None:
    with pytest.raises(StorageError, match=r"there is no database at .*missing\.db; nothing to back up"):
        await backup(read_url(f"sqlite:///{tmp_path / 'missing.db'}"), target, _silent)
    assert not (tmp_path / "missing.db").exists()
    assert list(target.parent.iterdir()) == []


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path, target: Path) -> None:
    (tmp_path / "photo.db").write_bytes(b"a holiday photo " * 500)
    with pytest.raises(StorageError, match="not a database"):
        await backup(read_url(f"sqlite:///{tmp_path / 'photo.db'}"), target, _silent)
    assert list(target.parent.iterdir()) == []


@pytest.mark.postgres
@needs_programs
async def test_a_server_without_the_database_is_refused(tmp_path: Path, target: Path) -> None:
    async with bare_database("postgresql", tmp_path) as url:
        with pytest.raises(StorageError, match=r"pg_dump failed \(.*does not exist.*\); see that the server runs"):
            await backup(url.set(database="warmup_test_missing"), target, _silent)
    assert list(target.parent.iterdir()) == []


async def test_a_backup_that_breaks_off_leaves_no_half_of_it(sqlite: SqlStorage, target: Path) -> None:
    await _grow(sqlite, await rows.enter(sqlite))
    seen: list[list[str]] = []

    def stop(_done: int, _total: int) -> None:
        seen.append([path.name for path in target.parent.iterdir() if path.suffix == ".part"])
        raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        await backup(sqlite.engine.url, target, stop)
    assert seen == [["warmup.backup.part"]]
    assert list(target.parent.iterdir()) == []


async def test_what_an_earlier_crash_left_is_no_obstacle(storage: SqlStorage, target: Path, tmp_path: Path) -> None:
    ada = await rows.enter(storage)
    target.with_name("warmup.backup.part").write_bytes(b"half of something")
    await backup(storage.engine.url, target, _silent)
    assert [path.name for path in target.parent.iterdir()] == [target.name]
    async with _restored(storage.engine.dialect.name, target, tmp_path) as restored:
        assert await rows.find(restored) == ada


@pytest.mark.postgres
@needs_programs
async def test_a_url_that_says_how_to_encrypt_is_backed_up(tmp_path: Path, target: Path) -> None:
    async with open_database("postgresql", tmp_path) as storage:
        plain = storage.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        await backup(read_url(f"{plain}?sslmode=prefer"), target, _silent)
    assert target.exists()


@pytest.fixture
def pretended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a pg_dump on the path that writes down what it was told."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "pg_dump"
    program.write_text(
        '#!/bin/sh\necho "$PGPASSWORD" > "$0.secret"\nprintf "%s\\n" "$@" > "$0.told"\n: > "${2#--file=}"\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    return program


URL_WITH_PASSWORD = URL.create("postgresql+asyncpg", "ada", "p@ss/w:rd %", "db.example", 6543, "warmup")
URL_WITHOUT = URL.create("postgresql", "ada", None, "db.example", 6543, "warmup")


async def test_the_password_is_told_where_nobody_else_can_read_it(pretended: Path, target: Path) -> None:
    await backup(URL_WITH_PASSWORD, target, _silent)
    told = pretended.with_suffix(".told").read_text(encoding="utf-8").splitlines()
    assert pretended.with_suffix(".secret").read_text(encoding="utf-8") == "p@ss/w:rd %\n"
    assert told == ["--format=custom", f"--file={target}.part", URL_WITHOUT.render_as_string()]


async def test_a_missing_program_is_named(target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StorageError, match="pg_dump is not installed; install PostgreSQL's client programs"):
        await backup(URL_WITH_PASSWORD, target, _silent)
    assert list(target.parent.iterdir()) == []
