"""What the verbs do, where no process is needed to see it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import update

from adapters.storage.engine import read_url
from adapters.storage.ledger_tables import standings
from adapters.storage.migrate import migrate
from adapters.storage.work import open_storage
from bot import operations
from bot.config import Settings
from bot.errors import ConfigError
from questions.model import OneBest
from tests.support import rows
from tests.support.judged import Given, keep
from tests.support.views import BANK


async def test_check_tells_every_fault_at_once(tmp_path: Path) -> None:
    (tmp_path / "warmup.db").write_bytes(b"not a database, but long enough to be looked at as one" * 100)
    given = {"DATABASE_URL": f"sqlite:///{tmp_path}/warmup.db", "DISCORD_TOKEN": "no token"}
    with pytest.raises(ConfigError) as caught:
        await operations.check(Settings.model_validate(given), offline=True)
    assert [fault.partition(":")[0] for fault in caught.value.faults] == ["DATABASE_URL", "DISCORD_TOKEN"]


async def test_statistics_are_printed_for_questions_with_enough_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings.model_validate({"DATABASE_URL": f"sqlite:///{tmp_path}/warmup.db", "WARMUP_LOG_LEVEL": "error"})
    best = [question for question in BANK.questions if isinstance(question, OneBest) and question.options[0].right]
    bad, few = min(best, key=lambda question: len(question.id)), max(best, key=lambda question: len(question.id))
    storage = open_storage(read_url(settings.database_url.get_secret_value()))
    await migrate(storage.engine)
    given: list[Given] = [*[((1,), 0, 800)] * 20, *[((0,), 1000, 300)] * 10]
    await keep(storage, BANK, {bad.id: given, few.id: given[1:]})
    await storage.close()
    await operations.print_item_stats(settings, rebuild=False)
    printed = capsys.readouterr().out
    [row] = [line for line in printed.splitlines() if bad.id in line]
    assert [cell.strip() for cell in row.split("│")][1:7] == [bad.id, bad.level, "hard", "30", "0.33", "-1.00"]
    assert "rather than B" in " ".join(printed.split())
    assert few.id not in printed
    await operations.print_item_stats(settings, rebuild=True)
    assert capsys.readouterr().out.startswith("Counted 0 first answers anew.\n")


async def _some_points(tmp_path: Path, count: int) -> Settings:
    """Make a database in which people have points; return the settings that name it."""
    settings = Settings.model_validate({"DATABASE_URL": f"sqlite:///{tmp_path}/warmup.db", "WARMUP_LOG_LEVEL": "error"})
    storage = open_storage(read_url(settings.database_url.get_secret_value()))
    await migrate(storage.engine)
    for number in range(count):
        await rows.award(storage, await rows.enter(storage, f"P{number}"), 10)
    await storage.close()
    return settings


async def _tamper(settings: Settings) -> None:
    storage = open_storage(read_url(settings.database_url.get_secret_value()))
    async with storage.writing() as statements:
        await statements.execute(update(standings).values(points=standings.c.points + 1))
    await storage.close()


async def test_standings_that_agree_are_said_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = await _some_points(tmp_path, 2)
    await operations.verify_standings(settings)
    await operations.rebuild_standings(settings)
    assert capsys.readouterr().out.splitlines() == [
        "Standings agree with 2 ledger rows.",
        "Standings agree with 2 ledger rows; nothing was changed.",
    ]


async def test_standings_that_differ_are_printed_and_mended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = await _some_points(tmp_path, 1)
    await _tamper(settings)
    with pytest.raises(SystemExit) as ended:
        await operations.verify_standings(settings)
    assert ended.value.code == 1
    wrong = "test:home all person 1: standings say 11, the ledger 10"
    assert capsys.readouterr().out.splitlines() == [
        wrong,
        "Standings do not agree with the ledger. Type python -m bot standings rebuild to mend them.",
    ]
    await operations.rebuild_standings(settings)
    await operations.verify_standings(settings)
    assert capsys.readouterr().out.splitlines() == [
        wrong,
        "Rebuilt from 1 ledger row.",
        "Standings agree with 1 ledger row.",
    ]


async def test_of_many_differences_some_are_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = await _some_points(tmp_path, operations.SHOWN + 2)
    await _tamper(settings)
    await operations.rebuild_standings(settings)
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == operations.SHOWN + 2
    assert printed[-2:] == ["… and 2 other differences", "Rebuilt from 22 ledger rows."]


@pytest.mark.parametrize("verb", [operations.verify_standings, operations.rebuild_standings])
async def test_a_database_that_is_not_there_is_said_and_not_made(
    tmp_path: Path, verb: Callable[[Settings], Awaitable[None]]
) -> None:
    for url, mend in (
        (f"sqlite:///{tmp_path}/warmup.db", "type python -m bot migrate"),
        ("postgresql://postgres@127.0.0.1:1/warmup", "check DATABASE_URL and that it runs"),
    ):
        with pytest.raises(ConfigError) as caught:
            await verb(Settings.model_validate({"DATABASE_URL": url}))
        assert str(caught.value).startswith("DATABASE_URL: ")
        assert str(caught.value).endswith(mend)
    assert list(tmp_path.iterdir()) == []
