"""The log: a line for each event, and of what a library fails at its kind, unless all of it was asked for."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from bot.logs import set_up_logging

HIDDEN = "swordfish"
QUIET = ("apscheduler", "alembic", "aiosqlite", "asyncio", "discord", "slack_sdk")
SET = ("discord.app_commands.tree", "slack_bolt", *QUIET)
"""The loggers that get a level of their own."""
Lines = Callable[[], list[str]]


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Leave logging as it was found."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in SET}
    yield
    for handler in root.handlers[:]:
        if handler not in before:
            root.removeHandler(handler)
    for handler in before:
        if handler not in root.handlers:
            root.addHandler(handler)
    root.setLevel(level)
    for name, had in levels.items():
        logging.getLogger(name).setLevel(had)
    structlog.reset_defaults()


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Lines:
    """Return what was logged since the last look."""

    def look() -> list[str]:
        return capsys.readouterr().err.splitlines()

    return look


def fail(log: Any, words: str = "cannot open %s", *args: object) -> None:
    try:
        int(HIDDEN)
    except ValueError:
        log.exception(words, *args)


@pytest.mark.parametrize("level", ["info", "warning", "error"])
@pytest.mark.parametrize("form", ["json", "text"])
def test_what_a_library_fails_at_is_one_line_with_its_kind_alone(lines: Lines, level: str, form: str) -> None:
    set_up_logging(level, form)
    fail(logging.getLogger("a.library"), "cannot open %s", "the door")
    [line] = lines()
    assert "cannot open the door (ValueError)" in line
    assert HIDDEN not in line
    assert "Traceback" not in line


@pytest.mark.parametrize("form", ["json", "text"])
def test_at_the_level_debug_the_words_and_the_traceback_are_there(lines: Lines, form: str) -> None:
    set_up_logging("debug", form)
    fail(logging.getLogger("a.library"), "cannot open %s", "the door")
    told = "\n".join(lines())
    for words in (
        "cannot open the door",
        "ValueError: invalid literal",
        HIDDEN,
        "Traceback (most recent call last)",
        "test_logs.py",
    ):
        assert words in told


@pytest.mark.parametrize("parts", [{}, {"args": ("a %s",)}], ids=str)
def test_what_is_no_error_is_logged_as_it_is(lines: Lines, parts: dict[str, tuple[str, ...]]) -> None:
    set_up_logging("info", "json")
    logging.getLogger("a.library").info("100 %% of %s" if parts else "100 %", *parts.get("args", ()))
    [line] = lines()
    assert json.loads(line)["event"] == ("100 % of a %s" if parts else "100 %")


def test_events_of_ours_keep_all_they_say(lines: Lines) -> None:
    set_up_logging("info", "json")
    structlog.get_logger("ours").warning("it happened", number=7, places=["a.py:1"])
    [line] = lines()
    told = json.loads(line)
    assert (told["event"], told["number"], told["places"], told["level"]) == ("it happened", 7, ["a.py:1"], "warning")
    fail(structlog.get_logger("ours"), "it failed")
    [line] = lines()
    told = json.loads(line)
    assert told["event"] == "it failed"
    assert "ValueError" in told["exception"]


def test_a_library_that_speaks_too_much_is_heard_from_warnings_up(lines: Lines) -> None:
    set_up_logging("info", "json")
    for level in (logging.INFO, logging.WARNING):
        logging.getLogger("discord.gateway").log(level, "level %s", level)
    assert [json.loads(line)["event"] for line in lines()] == ["level 30"]
    fail(logging.getLogger("discord.app_commands.tree"))
    assert lines() == []
