"""What a database's failures become: words, and a next step."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from adapters.storage.engine import read_url
from adapters.storage.work import SqlStorage, open_storage
from bot.errors import StorageError
from bot.persons import Person
from tests.support import rows
from tests.support.databases import bare_database, open_database, threads_end
from tests.support.world import MONDAY, someone

TOO_LONG = 5.0
"""Seconds after which something that must not wait is given up; nothing here takes as long."""


async def _read_and_write(storage: SqlStorage) -> list[str]:
    """Return the names of what a reader and a writer are told."""
    outcomes = await asyncio.gather(rows.find(storage), rows.enter(storage), return_exceptions=True)
    await storage.close()
    await threads_end()
    return [type(outcome).__name__ for outcome in outcomes]


async def test_a_server_that_is_not_there_is_a_storage_error() -> None:
    storage = open_storage(read_url("postgresql://postgres@127.0.0.1:1/warmup"))
    assert await _read_and_write(storage) == ["StorageError", "StorageError"]


@pytest.mark.postgres
@pytest.mark.parametrize("wrong", [{"database": "warmup_test_missing"}, {"username": "warmup_test_nobody"}])
async def test_a_server_that_refuses_is_a_storage_error(tmp_path: Path, wrong: dict[str, str]) -> None:
    async with bare_database("postgresql", tmp_path) as url:
        storage = open_storage(url.set(**wrong))  # type: ignore[arg-type]
        assert await _read_and_write(storage) == ["StorageError", "StorageError"]


async def test_a_file_that_is_no_database_is_a_storage_error(tmp_path: Path) -> None:
    async with bare_database("sqlite", tmp_path) as url:
        await asyncio.to_thread(Path(str(url.database)).write_bytes, b"a holiday photo " * 500)
        assert await _read_and_write(open_storage(url)) == ["StorageError", "StorageError"]


async def test_a_folder_in_the_files_place_is_a_storage_error(tmp_path: Path) -> None:
    storage = open_storage(read_url(f"sqlite:///{tmp_path}"))
    assert await _read_and_write(storage) == ["StorageError", "StorageError"]


async def test_a_full_disk_is_a_storage_error_and_loses_nothing(tmp_path: Path) -> None:
    async with open_database("sqlite", tmp_path) as storage:

        @event.listens_for(storage.engine.sync_engine, "connect")
        def fill(connection: Any, _: object) -> None:
            connection.execute("PRAGMA max_page_count = 1")  # which SQLite reads as: not a page more than now

        ada = await rows.enter(storage)
        shown = await rows.serve(storage, ada)
        with pytest.raises(StorageError, match="its disk has room"):
            await _answer(storage, ada, shown, "x" * 100_000)
        await _answer(storage, ada, shown, "short")
        kept = await rows.serving(storage, shown)
    assert kept is not None
    assert kept.response == "short"


async def _answer(storage: SqlStorage, person: Person, shown: int, response: str) -> None:
    async with storage.transaction() as work:
        assert await work.servings.close(
            shown, person.id, expected="open", state="revealed", response=response, score=0, now=MONDAY
        )


async def test_a_file_that_another_process_keeps_locked_is_a_storage_error(tmp_path: Path) -> None:
    async with open_database("sqlite", tmp_path) as storage:
        other = open_storage(storage.engine.url)

        @event.listens_for(other.engine.sync_engine, "connect")
        def hurry(connection: Any, _: object) -> None:
            connection.execute("PRAGMA busy_timeout = 1")

        async with storage.transaction() as work:
            await work.people.enter(someone("Ada"), MONDAY)
            with pytest.raises(StorageError, match="did not answer"):
                await rows.enter(other, "Bob")
        assert (await rows.enter(other, "Bob")).name == "Bob"
        await other.close()


@pytest.mark.postgres
async def test_a_connection_that_breaks_is_a_storage_error_and_the_next_one_works(tmp_path: Path) -> None:
    async with open_database("postgresql", tmp_path) as storage:
        with pytest.raises(StorageError, match="did not answer"):
            await _break_off(storage)
        assert await rows.find(storage, "Ada") is None
        assert (await rows.enter(storage, "Ada")).name == "Ada"


async def _break_off(storage: SqlStorage) -> None:
    async with storage.transaction() as work:
        await work.people.enter(someone("Ada"), MONDAY)
        await _end_others(storage)
        await work.people.enter(someone("Bob"), MONDAY)


@pytest.mark.postgres
async def test_connections_that_broke_while_nobody_used_them_are_replaced(tmp_path: Path) -> None:
    async with open_database("postgresql", tmp_path) as storage:
        ada = await rows.enter(storage, "Ada")
        await asyncio.gather(*(rows.find(storage) for _ in range(5)))
        await _end_others(storage)
        assert await asyncio.gather(*(rows.find(storage) for _ in range(5))) == [ada] * 5


async def _end_others(storage: SqlStorage) -> None:
    """End the database's every session, as its restart does."""
    server = open_storage(storage.engine.url)
    async with server.reading() as connection:
        await connection.execute(
            text(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    await server.close()


@pytest.mark.parametrize("milliseconds", [0, 1, 3, 9])
async def test_a_task_cancelled_as_it_opens_a_file_holds_nobody_up(tmp_path: Path, milliseconds: int) -> None:
    async with open_database("sqlite", tmp_path) as storage:
        other = open_storage(storage.engine.url)
        task = asyncio.create_task(rows.enter(other))
        await asyncio.sleep(milliseconds / 1000)
        task.cancel()
        await asyncio.wait({task})
        async with asyncio.timeout(TOO_LONG):
            assert await rows.enter(storage) == await rows.enter(other)
        await other.close()
    await threads_end()
