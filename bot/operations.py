"""What the verbs of the command line do: start, migrate, check, back up, hold standings against the ledger."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from adapters.storage import backup, migrate
from adapters.storage.engine import open_engine, read_url
from adapters.storage.work import SqlStorage, open_storage
from bot import bootstrap, connections, wiring
from bot.config import Settings, load_settings
from bot.errors import ConfigError, StorageError
from bot.features.routes import all_routes
from bot.ledger import MANY
from bot.logs import set_up_logging
from questions.bank import BankError, load_bank
from questions.statistics import LEAST, Analysis

SHOWN = 20
"""Differences between standings and ledger that are printed: who needs to see more than that they are many?"""
STOP_SECONDS = 4.5
"""After a signal, when a process ends whatever it waits for: a locked database, say. What was committed is kept."""


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
    if part == "discord":
        _token(settings)
    if part == "slack" and not settings.slack:
        raise ConfigError(["SLACK_BOT_TOKEN: not set; docs/slack.md says in ten steps how to get one"])
    parts = bootstrap.parts_of(settings) if part == "all" else (part,)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def end(*_: object) -> None:
        loop.call_soon_threadsafe(stop.set)
        last = threading.Timer(STOP_SECONDS, os._exit, [1])
        last.daemon = True
        last.start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    await bootstrap.run(settings, parts, stop, started=lambda said: print(said, flush=True))


async def migrate_database(settings: Settings) -> None:
    """Apply what is missing and say what was done."""
    engine = open_engine(_url(settings))
    try:
        before, after = await migrate.migrate(engine)
    finally:
        await engine.dispose()
    print(f"The database is at schema {after}." if before == after else f"Migrated to schema {after}.")


async def check(settings: Settings, *, offline: bool) -> None:
    """Check settings, database, bank and, unless ``offline``, each platform's connection; print a line for each.

    Raises ConfigError with every fault.
    """
    print("settings   good")
    faults = [*await _check_database(settings), *await _check_bank()]
    if settings.discord_token is None:
        print("discord    not configured; DISCORD_TOKEN is not set")
    else:
        faults += await _check_discord(settings, settings.discord_token.get_secret_value(), offline=offline)
    if settings.slack:
        faults += await _check_slack(settings, offline=offline)
    else:
        print("slack      not configured; SLACK_BOT_TOKEN is not set")
    if faults:
        raise ConfigError(faults)


async def _check_database(settings: Settings) -> list[str]:
    """Return the faults of the database; print a line on one that has none."""
    engine = open_engine(_url(settings))
    try:
        behind = await migrate.pending(engine)
        print("database   reachable" + (", migrates at the next start" if behind else ", up to date"))
    except StorageError as error:
        return [f"DATABASE_URL: {error}"]
    finally:
        await engine.dispose()
    return []


async def _check_bank() -> list[str]:
    """Return the faults of the bank; print a line on one that has none."""
    try:
        bank = await asyncio.to_thread(load_bank)
    except BankError as error:
        return [f"questions: {len(error.faults)} faults; type python -m bot questions lint"]
    print(f"questions  {len(bank.questions)}, and {len(bank.families)} families; none that cannot be read")
    return []


async def _check_discord(settings: Settings, token: str, *, offline: bool) -> list[str]:
    """Return the faults of the token and its app; print a line on what is there, and the invite link."""
    from adapters.discord import diagnosis  # noqa: PLC0415

    try:
        application = diagnosis.application_of(token)
        if offline:
            said, faults = "discord    a token of the right form; Discord was not asked", list[str]()
        else:
            said, faults = await diagnosis.diagnose(token, settings.discord_api_url)
    except ConfigError as error:
        return list(error.faults)
    print(said, *diagnosis.invite_lines(application), sep="\n")
    return faults


async def _check_slack(settings: Settings, *, offline: bool) -> list[str]:
    """Return the faults of tokens, scopes and keys; print a line on what is there, and each scope with its reason."""
    from adapters.slack import diagnosis, permissions  # noqa: PLC0415

    credentials = connections.slack_credentials(settings)
    try:
        faults = diagnosis.check_forms(credentials)
        if faults or offline or not credentials.bot_token:
            said = f"slack      {diagnosis.way_of(credentials)}; Slack was not asked"
        else:
            said, faults = await diagnosis.diagnose(credentials, settings.slack_api_url + "/")
    except ConfigError as error:
        return list(error.faults)
    print(said, *permissions.scope_lines(), sep="\n")
    return faults


async def print_manifest(settings: Settings, *, url: str, prefix: str | None, socket: bool) -> None:
    """Print the manifest of the Slack app: for HTTP under an address, for Socket Mode without one."""
    from adapters.slack.commands import PREFIX  # noqa: PLC0415
    from adapters.slack.manifest import written  # noqa: PLC0415

    before = settings.slack_command_prefix if prefix is None else prefix
    if not PREFIX.fullmatch(before):
        raise ConfigError(["--prefix: at most 12 small letters, digits, - and _, such as dl-"])
    if socket and url:
        raise ConfigError(["--socket: Socket Mode needs no address; leave --url or --socket away"])
    if url and not url.startswith("https://"):
        raise ConfigError(["--url: Slack calls no address but one that begins with https://"])
    print(written(all_routes(load_bank()).commands.values(), url=url, prefix=before), end="")


def print_slack_key() -> None:
    """Print a new key for SLACK_ENCRYPTION_KEY."""
    from adapters.slack.installations import new_key  # noqa: PLC0415

    print(new_key())


async def rotate_slack_keys(settings: Settings) -> None:
    """Encrypt every installation anew with the first key, so that older keys can be taken away."""
    from adapters.slack.installations import Cipher, SlackInstallations, read_keys  # noqa: PLC0415

    if settings.slack_encryption_key is None:
        raise ConfigError(["SLACK_ENCRYPTION_KEY: not set; write the new key, a comma and the old one"])
    cipher = Cipher(read_keys(settings.slack_encryption_key.get_secret_value()))
    async with wiring.build(settings) as warmup:
        count = await SlackInstallations(warmup.installations, cipher).rotate()
    print(f"Encrypted with the first key: {count} installation{'' if count == 1 else 's'}. Older keys can be removed.")


async def sync_discord(settings: Settings, server: int | None, *, remove: bool, force: bool) -> None:
    """Tell Discord of the commands: everywhere where they changed, or in one server at once."""
    from adapters.discord import diagnosis  # noqa: PLC0415

    if remove and server is None:
        raise ConfigError(["--remove: name the server too, as in --guild 123"])
    async with wiring.build(settings) as warmup:
        told = await diagnosis.sync_once(
            _token(settings),
            settings.discord_api_url,
            warmup.dispatcher.router.commands.values(),
            warmup.command_syncs,
            server,
            remove=remove,
            force=force,
        )
    where = "everywhere" if server is None else f"in the server {server}"
    print(f"Discord knows these commands {where} already." if told is None else f"{told} commands synced {where}.")


def _token(settings: Settings) -> str:
    from adapters.discord import diagnosis  # noqa: PLC0415

    if settings.discord_token is None:
        raise ConfigError(["DISCORD_TOKEN: not set; docs/discord.md says in ten steps how to get one"])
    token = settings.discord_token.get_secret_value()
    diagnosis.application_of(token)
    return token


async def print_item_stats(settings: Settings, *, rebuild: bool) -> None:
    """Print a line for each question with enough answers; with ``rebuild`` count all answers anew before."""
    async with wiring.build(settings) as warmup:
        if rebuild:
            print(f"Counted {await warmup.services.quality.rebuild()} first answers anew.")
        measured = await warmup.services.quality.measured()
    table = Table("question", "author", "answers say", "answers", "difficulty", "discrimination", "look at")
    for one in measured:
        known = one.analysis
        shown = ["" if value is None else f"{value:.2f}" for value in (known.difficulty, known.discrimination)]
        table.add_row(one.question.id, one.question.level, known.level, str(known.answers), *shown, _look_at(known))
    Console(width=None if sys.stdout.isatty() else 140).print(table)
    print(f"{len(measured)} questions with {LEAST} first answers or more; python -m bot questions show ID prints one")


def _look_at(known: Analysis) -> str:
    """Return what is to be looked at, with options by the letters of their written order."""
    flags = {"is the key right, rather than": known.preferred, "nobody chooses": known.dead}
    named = [f"{words} {', '.join('ABCDEF'[at] for at in places)}" for words, places in flags.items() if places]
    return "; ".join([*named, *(["low discrimination"] if known.weak else [])])


async def verify_standings(settings: Settings) -> None:
    """Print each standing that is not what the ledger sums to, and what to do; exit with 1 if there are any."""
    async with _migrated(settings) as storage, storage.snapshot() as work:
        lines, count = await work.standings.differences(), await work.ledger.count()
    if lines:
        _print_differences(lines)
        print("Standings do not agree with the ledger. Type python -m bot standings rebuild to mend them.")
        sys.exit(1)
    print(f"Standings agree with {_rows(count)}.")


async def rebuild_standings(settings: Settings) -> None:
    """Sum all standings up from the ledger again, and print what was mended; others wait while it writes."""
    async with _migrated(settings) as storage, storage.transaction() as work:
        lines, count = await work.standings.rebuild(), await work.ledger.count()
    _print_differences(lines)
    print(f"Rebuilt from {_rows(count)}." if lines else f"Standings agree with {_rows(count)}; nothing was changed.")


@asynccontextmanager
async def _migrated(settings: Settings) -> AsyncIterator[SqlStorage]:
    """Open a database that is there and at this version's schema; raises ConfigError for another."""
    storage = open_storage(_url(settings))
    try:
        if await migrate.pending(storage.engine):
            raise ConfigError(["DATABASE_URL: there is no database of this version; type python -m bot migrate"])
        yield storage
    except StorageError as error:
        raise ConfigError([f"DATABASE_URL: {error}"]) from error
    finally:
        await storage.close()


def _print_differences(lines: Sequence[str]) -> None:
    print(*lines[:SHOWN], sep="\n", end="\n" if lines else "")
    if len(lines) > SHOWN:
        print(f"… and {len(lines) - SHOWN}{' or more' if len(lines) == MANY else ''} other differences")


def _rows(count: int) -> str:
    return "1 ledger row" if count == 1 else f"{count} ledger rows"


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
