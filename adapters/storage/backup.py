"""Copy a database that is in use into one file, consistently."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import aiosqlite
from sqlalchemy import URL

from bot.errors import StorageError

Progress = Callable[[int, int], None]
"""Called with the pages copied and the pages in all."""


async def backup(url: URL, target: Path, progress: Progress) -> None:
    """Write the database of a URL of ``read_url`` to ``target``, which must not exist; all of it or nothing.

    SQLite is copied page by page with its own backup API while others write; PostgreSQL by ``pg_dump`` in its custom
    format. Raises StorageError when it cannot be done.
    """
    if target.exists():
        raise StorageError(f"{target} exists; name a file that does not")
    if not target.parent.is_dir():
        raise StorageError(f"there is no folder {target.parent}; make it first")
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    try:
        if url.get_backend_name() == "sqlite":
            await _copy_sqlite(Path(url.database or ""), part, progress)
        else:
            await _dump_postgres(url, part)
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)


async def _copy_sqlite(source: Path, part: Path, progress: Progress) -> None:
    if not source.exists():
        raise StorageError(f"there is no database at {source}; nothing to back up")

    def copied(_: int, remaining: int, total: int) -> None:
        progress(total - remaining, total)

    try:
        async with aiosqlite.connect(source, isolation_level=None) as live, aiosqlite.connect(part) as copy:
            # A read transaction pins one state: without it every write of somebody else starts the copy anew.
            await live.execute("BEGIN")
            await (await live.execute("SELECT count(*) FROM sqlite_master")).fetchone()
            await live.backup(copy, pages=1000, progress=copied)
            await live.execute("COMMIT")
            await copy.execute("PRAGMA journal_mode=DELETE")
    except aiosqlite.DatabaseError as error:
        raise StorageError(f"{source} cannot be copied ({error}); check DATABASE_URL and the disk's room") from error


async def _dump_postgres(url: URL, part: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise StorageError("pg_dump is not installed; install PostgreSQL's client programs of the server's version")
    secure = {"sslmode": url.query["ssl"]} if "ssl" in url.query else {}
    bare = URL.create("postgresql", url.username, None, url.host, url.port, url.database, secure)
    plain = bare.render_as_string(hide_password=False)
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}
    process = await asyncio.create_subprocess_exec(
        program,
        "--format=custom",
        f"--file={part}",
        plain,
        env={**os.environ, **secret},
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()
    if process.returncode != 0:
        last = said.decode(errors="replace").strip().splitlines()[-1:] or ["it said nothing"]
        raise StorageError(f"pg_dump failed ({last[0]}); see that the server runs and is of pg_dump's version")
