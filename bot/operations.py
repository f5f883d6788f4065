"""What the verbs of the command line do: start, migrate, check, back up."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from adapters.storage import backup, migrate
from adapters.storage.engine import open_engine, read_url
from bot import bootstrap
from bot.config import Settings, load_settings
from bot.errors import ConfigError, StorageError
from bot.logs import set_up_logging
from questions.bank import BankError, load_bank
from questions.lint import lint

NOT_YET = ("discord", "slack")
"""Platforms that later versions bring."""


def main(verb: Callable[[Settings], Coroutine[Any, Any, None]]) -> None:
    """Read the settings and do what a verb says; faults become readable lines and exit status 1."""
    try:
        settings = load_settings()
        set_up_logging(settings.log_level, settings.log_format)
        asyncio.run(verb(settings))
    except (ConfigError, StorageError, BankError) as error:
        lines = str(error).splitlines()
        print("Warmup cannot do that yet:", *(f"  {line}" for line in lines), sep="\n", file=sys.stderr)
        sys.exit(1)


async def serve(settings: Settings, part: str) -> None:
    """Run a part until SIGTERM or SIGINT, and stop cleanly."""
    if part in NOT_YET:
        raise ConfigError([f"run {part}: this version has the browser page only; type python -m bot run browser"])
    parts = bootstrap.PARTS if part == "all" else (part,)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    await bootstrap.run(settings, parts, stop, started=lambda said: print(said, flush=True))


async def migrate_database(settings: Settings) -> None:
    """Apply what is missing and say what was done."""
    engine = open_engine(_url(settings))
    try:
        before, after = await migrate.migrate(engine)
    finally:
        await engine.dispose()
    print(f"The database is at schema {after}." if before == after else f"Migrated to schema {after}.")


async def check(settings: Settings) -> None:
    """Check settings, database and bank; print a line for each.

    Raises ConfigError with every fault.
    """
    print("settings   good")
    faults: list[str] = []
    engine = open_engine(_url(settings))
    try:
        behind = await migrate.pending(engine)
        print("database   reachable" + (", migrates at the next start" if behind else ", up to date"))
    except StorageError as error:
        faults.append(f"DATABASE_URL: {error}")
    finally:
        await engine.dispose()
    found = await asyncio.to_thread(lint)
    if found:
        faults.append(f"questions: {len(found)} faults; type python -m bot questions lint")
    else:
        print(f"questions  {len(load_bank().questions)}, no faults")
    if faults:
        raise ConfigError(faults)


async def back_up(settings: Settings, target: Path) -> None:
    """Copy the database into one file, with progress."""
    with _progress(f"Backing up to {target}") as step:
        await backup.backup(_url(settings), target, step)
    print(f"Backed up to {target}. docs/operate.md says how to restore it.")


def _url(settings: Settings) -> Any:
    try:
        return read_url(settings.database_url.get_secret_value())
    except StorageError as error:
        raise ConfigError([f"DATABASE_URL: {error}"]) from error


@contextmanager
def _progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on a terminal, plain lines elsewhere."""
    if not Console().is_terminal:
        print(f"{title} …", flush=True)
        yield lambda *_: None
        return
    with Progress(transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
