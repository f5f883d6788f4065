"""What the verbs do, where no process is needed to see it."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.storage.engine import read_url
from adapters.storage.migrate import migrate
from adapters.storage.work import open_storage
from bot import operations
from bot.config import Settings
from bot.errors import ConfigError
from questions.model import OneBest
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
