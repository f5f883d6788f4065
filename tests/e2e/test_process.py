"""Warmup as somebody starts, stops, kills and misconfigures it."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from adapters.storage.engine import read_url
from adapters.storage.tables import servings, topic_records
from adapters.storage.work import open_storage
from tests.e2e.discord_process import opened_study, stop
from tests.support.databases import KINDS, bare_database
from tests.support.page import open_tab, tokens
from tests.support.process import Process, TrueProcess, true_verb, verb


async def test_each_signal_stops_it_cleanly_and_only_the_first_start_greets(tmp_path: Path) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        process = TrueProcess(tmp_path, "run")
        async with open_tab(process.address(), "ada") as tab:
            assert [message["title"] for message in tab.messages()] == ["Hello, I am Warmup"]
            assert process.stop(number) == 0
    assert (tmp_path / "data" / "warmup.db").exists()


@pytest.mark.parametrize("kind", KINDS)
async def test_a_kill_between_question_and_click_loses_nothing(tmp_path: Path, kind: str) -> None:
    async with bare_database(kind, tmp_path) as url:
        await _kill_between(tmp_path, url.set(drivername=kind).render_as_string(hide_password=False))


async def _kill_between(folder: Path, url: str) -> None:
    process = Process(folder, "run", "browser", DATABASE_URL=url)
    async with open_tab(process.address(), "ada") as tab:
        await tab.say("/practice kind:one")
        question = tab.messages()[-1]
        process.kill()
    process = Process(folder, "run", "browser", DATABASE_URL=url)
    async with open_tab(process.address(), "ada") as tab:
        assert tab.messages()[-1] == question
        token = tokens(question)["A"]
        await tab.act(type="press", message=question["id"], token=token, values=[])
        answered = tab.messages()[-1]
        assert (answered["id"], answered["tone"] in ("good", "bad")) == (question["id"], True)
        shown = [line for line in _lines(answered) if line.startswith(("✓", "✗"))]
        assert [line[2:] for line in shown] == [line for line in _lines(question) if line[1:3] == ". "]
        await tab.act(type="press", message=question["id"], token=token, values=[])
        assert "already" in str(tab.messages()[-1]["blocks"])
    process.stop()
    storage = open_storage(read_url(url))
    async with storage.reading() as connection:
        assert (await connection.execute(select(servings.c.state))).scalars().all() == ["answered"]
        assert (await connection.execute(select(topic_records.c.answered))).scalars().all() == [1]
    await storage.close()


def _lines(message: dict[str, list[dict[str, object]]]) -> list[str]:
    """Return the lines of a message's paragraphs, without a person's own mark."""
    lines = [""]

    def walk(node: dict[str, object]) -> None:
        if node["t"] == "br":
            lines.append("")
        lines[-1] += str(node.get("v", ""))
        for child in node.get("c", []):  # type: ignore[attr-defined]
            walk(child)

    for block in message["blocks"]:
        walk(block)
        lines.append("")
    return [line.removesuffix(" — your choice") for line in lines]


def test_bad_settings_stop_the_start_with_a_line_each(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DATABSE_URL=sqlite:///x.db\nWARMUP_SEASON=fortnight\n")
    done = true_verb(tmp_path, "run", PORT="eighty", WARMUP_TIMEZONE="Europe/Berln", WARMUP_HOST="0.0.0.0")
    assert (done.returncode, done.stdout) == (1, "")
    for name in ("DATABSE_URL", "WARMUP_SEASON", "PORT", "WARMUP_TIMEZONE", "WARMUP_HOST"):
        assert sum(line.strip().startswith(f"{name}:") for line in done.stderr.splitlines()) == 1
    assert "did you mean DATABASE_URL?" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_said_with_the_mend(tmp_path: Path) -> None:
    first = Process(tmp_path, "run", "browser")
    port = first.address().rsplit(":", 1)[1]
    second = true_verb(tmp_path, "run", "browser", PORT=port)
    first.stop()
    assert second.returncode == 1
    assert f"PORT: {port} cannot be used" in second.stderr


def test_a_database_that_is_not_there_is_said_without_its_password(tmp_path: Path) -> None:
    done = verb(tmp_path, "run", DATABASE_URL="postgresql://u:hunter2@127.0.0.1:1/x")
    assert done.returncode == 1
    assert "DATABASE_URL" in done.stderr
    assert "hunter2" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("part", "variable"), [("slack", "SLACK_BOT_TOKEN"), ("discord", "DISCORD_TOKEN")])
def test_a_platform_that_is_not_configured_is_said_to_be_so(tmp_path: Path, part: str, variable: str) -> None:
    done = verb(tmp_path, "run", part)
    assert (done.returncode, f"{variable}: not set; docs/{part}.md says" in done.stderr) == (1, True)


def test_migrate_and_check_say_what_they_found(tmp_path: Path) -> None:
    assert "up to date" not in verb(tmp_path, "check").stdout
    assert not (tmp_path / "data" / "warmup.db").exists()
    assert "Migrated to schema" in true_verb(tmp_path, "migrate").stdout
    checked = verb(tmp_path, "check")
    assert (checked.returncode, "up to date" in checked.stdout) == (0, True)
    with sqlite3.connect(tmp_path / "data" / "warmup.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    newer = verb(tmp_path, "run")
    assert (newer.returncode, "newer Warmup" in newer.stderr) == (1, True)


async def test_a_stop_ends_in_time_although_another_program_holds_the_database(tmp_path: Path) -> None:
    async with opened_study(tmp_path) as study:
        ada = study.discord.add_user("Ada")
        process = await study.start_one()
        question = await study.question(ada)
        with closing(sqlite3.connect(study.database, isolation_level=None)) as database:
            database.execute("BEGIN IMMEDIATE")
            record = await study.press(ada, question, "answer").acknowledged()
            assert await stop(process) in (0, 1)
            database.execute("ROLLBACK")
        assert (record.done.is_set(), study.counted(ada)) == (False, 0)


async def test_a_backup_of_a_running_warmup_is_whole(tmp_path: Path) -> None:
    process = Process(tmp_path, "run", "browser")
    async with open_tab(process.address(), "ada") as tab:
        await tab.say("/practice kind:truth")
        done = verb(tmp_path, "backup", "copy.db")
        assert (done.returncode, "Backed up" in done.stdout) == (0, True)
        assert verb(tmp_path, "backup", "copy.db").returncode == 1
    process.stop()
    with sqlite3.connect(tmp_path / "copy.db") as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copy.execute("SELECT count(*) FROM servings").fetchone() == (1,)
    copy.close()


def test_the_help_names_every_verb(tmp_path: Path) -> None:
    shown = true_verb(tmp_path, "--help").stdout
    for name in ("run", "migrate", "check", "questions", "backup"):
        assert name in shown
    assert "lint" in verb(tmp_path, "questions", "--help").stdout


def test_the_questions_verbs_print(tmp_path: Path) -> None:
    assert true_verb(tmp_path, "questions", "lint").returncode == 0
    assert "Seeds S1 to S46 without a question: none" in verb(tmp_path, "questions", "count").stdout
    missing = verb(tmp_path, "questions", "show", "cn-nothing")
    assert (missing.returncode, "cn-" in missing.stderr) == (1, True)


def test_standings_are_verified_and_rebuilt(tmp_path: Path) -> None:
    missing = verb(tmp_path, "standings", "verify")
    assert (missing.returncode, "python -m bot migrate" in missing.stderr) == (1, True)
    verb(tmp_path, "migrate")
    verified = verb(tmp_path, "standings", "verify")
    assert (verified.returncode, verified.stdout) == (0, "Standings agree with 0 ledger rows.\n")
    with sqlite3.connect(tmp_path / "data" / "warmup.db") as database:
        database.execute("INSERT INTO rank_tallies VALUES ('discord:1', 'all', 0, 10, 1)")
    database.close()
    wrong = "discord:1 all tally 0 10: standings say 1, the ledger 0\n"
    for args, status in ((("verify",), 1), (("rebuild",), 0), (("verify",), 0)):
        done = verb(tmp_path, "standings", *args)
        assert (done.returncode, done.stdout.startswith(wrong)) == (status, status == 1 or "rebuild" in args)
        assert "Traceback" not in done.stderr
