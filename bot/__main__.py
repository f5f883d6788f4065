"""The command line, ``python -m bot``: verbs only; what they do is in ``operations`` and ``bank_report``.

Each verb imports what it needs when it runs, so that help and the bank's verbs do not wait for servers and databases.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot import __version__

cli = typer.Typer(
    help="Warmup: deep-learning interview practice where a study team already talks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
bank = typer.Typer(help="Look at the question bank and check it.", no_args_is_help=True)
cli.add_typer(bank, name="questions")
discord = typer.Typer(help="Set up the Discord app.", no_args_is_help=True)
cli.add_typer(discord, name="discord")

standings = typer.Typer(help="Hold the standings against the ledger.", no_args_is_help=True)
cli.add_typer(standings, name="standings")
slack = typer.Typer(help="Set up the Slack app.", no_args_is_help=True)
cli.add_typer(slack, name="slack")


class Part(StrEnum):
    """What ``run`` can run."""

    ALL = "all"
    BROWSER = "browser"
    DISCORD = "discord"
    SLACK = "slack"
    SCHEDULER = "scheduler"


class ExportFormat(StrEnum):
    """What ``questions export`` can write."""

    JSON = "json"
    CSV = "csv"
    ANKI = "anki"


def _version(wanted: bool) -> None:
    if wanted:
        print(f"warmup-bot {__version__}")
        raise typer.Exit


@cli.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_version, help="Print the version and stop.")] = False,
) -> None:
    """Warmup: deep-learning interview practice where a study team already talks."""


@cli.command()
def run(
    part: Annotated[
        Part, typer.Argument(help="all is every platform that is configured, and the scheduler")
    ] = Part.ALL,
) -> None:
    """Run Warmup until it is stopped; without any platform configured, as a page in the browser."""
    from bot import operations

    operations.main(lambda settings: operations.serve(settings, part))


@cli.command()
def migrate() -> None:
    """Bring the database to the schema of this version."""
    from bot import operations

    operations.main(operations.migrate_database)


@cli.command()
def check(
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask no platform; check what can be checked here.")
    ] = False,
) -> None:
    """Check settings, database, question bank and platforms, and say what to mend; print the invite link."""
    from bot import operations

    operations.main(lambda settings: operations.check(settings, offline=offline))


@cli.command()
def backup(file: Annotated[Path, typer.Argument(help="The file to write; it must not exist")]) -> None:
    """Copy the database into one file, consistently, while Warmup runs."""
    from bot import operations

    operations.main(lambda settings: operations.back_up(settings, file))


@standings.command()
def verify() -> None:
    """See that the standings are what the ledger sums to; changes nothing, fails if they are not."""
    from bot import operations

    operations.main(operations.verify_standings)


@standings.command()
def rebuild() -> None:
    """Sum the standings up from the ledger again, and say what was wrong."""
    from bot import operations

    operations.main(operations.rebuild_standings)


@discord.command()
def sync(
    guild: Annotated[
        int | None, typer.Option(help="A server's id: the commands show there at once, for development")
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take that server's own commands away again.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Tell Discord even of commands that did not change.")] = False,
) -> None:
    """Tell Discord of the commands, if they changed; a start does so by itself."""
    from bot import operations

    operations.main(lambda settings: operations.sync_discord(settings, guild, remove=remove, force=force))


@slack.command()
def manifest(
    socket: Annotated[bool, typer.Option("--socket", help="For Socket Mode, which is the default.")] = False,
    url: Annotated[str, typer.Option(help="For HTTP: the address under which Slack reaches Warmup, https://…")] = "",
    prefix: Annotated[
        str | None, typer.Option(help="Stands before each command; SLACK_COMMAND_PREFIX if not given.")
    ] = None,
) -> None:
    """Print the manifest from which Slack makes the app."""
    from bot import operations

    operations.main(lambda settings: operations.print_manifest(settings, url=url, prefix=prefix, socket=socket))


@slack.command()
def key() -> None:
    """Print a new key for SLACK_ENCRYPTION_KEY."""
    from bot import operations

    operations.print_slack_key()


@slack.command()
def rotate() -> None:
    """Encrypt the stored tokens anew with the first key of SLACK_ENCRYPTION_KEY."""
    from bot import operations

    operations.main(operations.rotate_slack_keys)


@bank.command()
def lint() -> None:
    """Report every fault of the bank with its file, line and question."""
    from bot import bank_report

    raise typer.Exit(bank_report.lint())


@bank.command()
def count() -> None:
    """Count the questions by topic, kind and level, and the seeds they cover."""
    from bot import bank_report

    bank_report.count()


@bank.command()
def stats(
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="First count all answers anew, as after a bank of another version.")
    ] = False,
) -> None:
    """Print what answers say of the questions: level, difficulty, discrimination, options that nobody chooses."""
    from bot import operations

    operations.main(lambda settings: operations.print_item_stats(settings, rebuild=rebuild))


@bank.command()
def show(question: Annotated[str, typer.Argument(help="A question's id, such as cn-output-12-valid")]) -> None:
    """Print one question with everything it holds."""
    from bot import bank_report

    raise typer.Exit(bank_report.show(question))


@bank.command("list")
def list_questions(
    topic: Annotated[str, typer.Option(help="A topic's code, such as CN")] = "",
    level: Annotated[str, typer.Option(help="easy, medium or hard")] = "",
    kind: Annotated[str, typer.Option(help="one, many, truth, number, order or text")] = "",
    seed: Annotated[str, typer.Option(help="A seed, such as S12")] = "",
) -> None:
    """List the questions of a topic, level, kind or seed, or all of them."""
    from bot import bank_report
    from questions.bank import Filter

    raise typer.Exit(bank_report.listed(Filter(topic.upper(), level.lower(), kind.lower()), seed))


@bank.command()
def export(
    file: Annotated[Path, typer.Argument(help="The file to write, over an older one")],
    form: Annotated[ExportFormat, typer.Option("--format", help="anki needs the package genanki")] = ExportFormat.JSON,
) -> None:
    """Write the whole bank for another program: as JSON, as a CSV table, or as a deck for Anki."""
    from bot import bank_report

    raise typer.Exit(bank_report.export(form, file))


@bank.command()
def render() -> None:
    """Draw the formulas that need a picture, and remove pictures that no question shows; needs typst and pillow."""
    from bot import bank_report

    raise typer.Exit(bank_report.render())


@bank.command()
def coverage() -> None:
    """Hold the bank against its plan: subtopics, seeds, kinds and levels; fail if a number is not met."""
    from bot import bank_report

    raise typer.Exit(bank_report.coverage())


@bank.command()
def schema() -> None:
    """Print the JSON Schema of a topic file, as editors read it."""
    from bot import bank_report

    print(bank_report.schema(), end="")


def main() -> None:
    """Run the command line."""
    cli()


if __name__ == "__main__":
    main()
