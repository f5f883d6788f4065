"""Settings are read whole: every fault is a line that names the variable and the mend, and no secret is printed."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr, ValidationError

from bot.config import Settings, load_settings, variables
from bot.errors import ConfigError
from bot.wiring import build

NOWHERE = Path("no-such-folder/.env")
DEFAULTS = {
    "database_url": "sqlite:///data/warmup.db",
    "discord_token": None,
    "discord_api_url": "https://discord.com/api/v10",
    "discord_gateway_url": "",
    "slack_bot_token": None,
    "slack_app_token": None,
    "slack_signing_secret": None,
    "slack_client_id": "",
    "slack_client_secret": None,
    "slack_encryption_key": None,
    "slack_command_prefix": "",
    "slack_api_url": "https://slack.com/api/",
    "port": 8080,
    "host": "127.0.0.1",
    "timezone": "UTC",
    "season": "month",
    "daily_cap": 200,
    "log_level": "info",
    "log_format": "auto",
}
GIVEN = [
    ("DATABASE_URL", "postgres://h/db", "database_url", "postgres://h/db"),
    ("DISCORD_TOKEN", "a.b.c", "discord_token", "a.b.c"),
    ("DISCORD_API_URL", "http://127.0.0.1:8100/api/v10/", "discord_api_url", "http://127.0.0.1:8100/api/v10"),
    ("DISCORD_GATEWAY_URL", "wss://gateway.example", "discord_gateway_url", "wss://gateway.example"),
    ("SLACK_COMMAND_PREFIX", "dl-", "slack_command_prefix", "dl-"),
    ("SLACK_API_URL", "https://slack-gov.com/api/", "slack_api_url", "https://slack-gov.com/api"),
    ("PORT", "0", "port", 0),
    ("PORT", "65535", "port", 65535),
    ("WARMUP_HOST", "localhost", "host", "localhost"),
    ("WARMUP_HOST", "::1", "host", "::1"),
    ("WARMUP_TIMEZONE", "America/Santiago", "timezone", "America/Santiago"),
    ("WARMUP_SEASON", "quarter", "season", "quarter"),
    ("WARMUP_SEASON", "year", "season", "year"),
    ("WARMUP_DAILY_CAP", "1", "daily_cap", 1),
    ("WARMUP_DAILY_CAP", "100000", "daily_cap", 100_000),
    ("WARMUP_LOG_LEVEL", "debug", "log_level", "debug"),
    ("WARMUP_LOG_FORMAT", "json", "log_format", "json"),
]
BOT, APP, SIGNING = "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"
CLIENT, CLIENT_SECRET, KEY = "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_ENCRYPTION_KEY"
WAYS = [
    (BOT, APP),
    (BOT, SIGNING),
    (BOT, APP, SIGNING),
    (CLIENT, CLIENT_SECRET, SIGNING, KEY),
    (BOT, APP, CLIENT),
]
"""What must be given together of Slack."""
PARTS = [
    ((BOT,), f"{APP}: set it for Socket Mode, or {SIGNING} for HTTP"),
    ((APP,), f"{BOT}: Slack is configured in part, and this is missing"),
    ((SIGNING,), f"{BOT}: Slack is configured in part, and this is missing"),
    ((CLIENT,), f"{CLIENT_SECRET}: {CLIENT} needs it too"),
    ((CLIENT, CLIENT_SECRET, KEY), f"{SIGNING}: {CLIENT} needs it too"),
    ((CLIENT, CLIENT_SECRET, SIGNING), f"{KEY}: {CLIENT} needs it too"),
    ((BOT, SIGNING, CLIENT), f"{CLIENT_SECRET}: {CLIENT} needs it too"),
]
FAULTS = [
    (
        "SLACK_COMMAND_PREFIX",
        "DL ",
        "SLACK_COMMAND_PREFIX: write at most 12 small letters, digits, - and _, such as dl-",
    ),
    ("SLACK_API_URL", "slack.com", "SLACK_API_URL: write an address that begins with http:// or https://"),
    ("DISCORD_API_URL", "discord.com", "DISCORD_API_URL: write an address that begins with http:// or https://"),
    ("DISCORD_API_URL", "ws://host", "DISCORD_API_URL: write an address that begins with http:// or https://"),
    ("DISCORD_GATEWAY_URL", "http://host", "DISCORD_GATEWAY_URL: write an address that begins with ws:// or wss://"),
    ("DISCORD_TOKN", "x", "DISCORD_TOKN: unknown in the environment; did you mean DISCORD_TOKEN?"),
    ("PORT", "-1", "PORT: greater than or equal to 0"),
    ("PORT", "65536", "PORT: less than or equal to 65535"),
    ("PORT", "http", "PORT: a valid integer, unable to parse string as an integer"),
    (
        "WARMUP_HOST",
        "0.0.0.0",
        "WARMUP_HOST: 0.0.0.0 is not this machine alone, and the page has no sign-in; leave it at 127.0.0.1",
    ),
    (
        "WARMUP_TIMEZONE",
        "Europe/Berln",
        "WARMUP_TIMEZONE: there is no IANA time zone 'Europe/Berln'; write one such as Europe/Berlin",
    ),
    (
        "WARMUP_TIMEZONE",
        "../etc",
        "WARMUP_TIMEZONE: there is no IANA time zone '../etc'; write one such as Europe/Berlin",
    ),
    ("WARMUP_SEASON", "week", "WARMUP_SEASON: write 'month', 'quarter' or 'year'"),
    ("WARMUP_DAILY_CAP", "0", "WARMUP_DAILY_CAP: greater than or equal to 1"),
    ("WARMUP_DAILY_CAP", "100001", "WARMUP_DAILY_CAP: less than or equal to 100000"),
    ("WARMUP_LOG_LEVEL", "INFO!", "WARMUP_LOG_LEVEL: write 'debug', 'info', 'warning' or 'error'"),
    ("WARMUP_LOG_FORMAT", "xml", "WARMUP_LOG_FORMAT: write 'auto', 'json' or 'text'"),
    ("WARMUP_SAESON", "month", "WARMUP_SAESON: unknown in the environment; did you mean WARMUP_SEASON?"),
    (
        "WARMUP_ZZZZZZZZZZZZZZZ",
        "1",
        "WARMUP_ZZZZZZZZZZZZZZZ: unknown in the environment; remove it, or see README.md for the names",
    ),
]
BAD_URLS = [
    "mysql://me:hush-hush@host/warmup",
    "hush-hush",
    "postgresql://me:hush-hush/warmup",
    "postgresql://me:hush@hush-hush:not-a-port/warmup",
    "postgresql://host:hush-hush",
    "sqlite://me:hush-hush@/",
]


def plainly(settings: Settings) -> dict[str, object]:
    dumped = settings.model_dump()
    return {name: value.get_secret_value() if isinstance(value, SecretStr) else value for name, value in dumped.items()}


def faults(environment: dict[str, str], env_file: Path = NOWHERE) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        load_settings(environment, env_file)
    return caught.value.faults


def env_file(folder: Path, *lines: str) -> Path:
    path = folder / ".env"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_defaults() -> None:
    assert plainly(load_settings({}, NOWHERE)) == DEFAULTS


def test_the_zone_is_ready_to_use() -> None:
    assert load_settings({"WARMUP_TIMEZONE": "Europe/Berlin"}, NOWHERE).zone == ZoneInfo("Europe/Berlin")


def test_nothing_is_read_but_what_is_handed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "9000")
    monkeypatch.setenv("WARMUP_SEASON", "century")
    assert plainly(load_settings({}, NOWHERE)) == DEFAULTS


def test_names_are_written_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("port", "9000")
    assert load_settings(env_file=NOWHERE).port == 8080


@pytest.mark.parametrize(("name", "value", "field", "read"), GIVEN)
def test_each_variable_is_read(name: str, value: str, field: str, read: object) -> None:
    assert plainly(load_settings({name: value}, NOWHERE)) == {**DEFAULTS, field: read}


def test_every_variable_is_tried_here_and_described() -> None:
    assert set(variables()) == {row[0] for row in GIVEN} | {name for way in WAYS for name in way}
    assert all(variables().values())


@pytest.mark.parametrize("names", WAYS)
def test_slack_is_configured_in_each_of_its_ways(names: tuple[str, ...]) -> None:
    settings = load_settings({name: f"the {name}" for name in names}, NOWHERE)
    given = {name.lower(): f"the {name}" for name in names}
    assert plainly(settings) == {**DEFAULTS, **given}
    assert settings.slack


def test_without_its_variables_slack_is_not_configured() -> None:
    assert not load_settings({"SLACK_COMMAND_PREFIX": "dl-"}, NOWHERE).slack


@pytest.mark.parametrize(("names", "fault"), PARTS)
def test_a_part_of_slack_is_told_what_is_missing(names: tuple[str, ...], fault: str) -> None:
    assert faults(dict.fromkeys(names, "hush")) == (f"{fault}; docs/slack.md says where it stands",)


def test_an_empty_variable_is_not_set() -> None:
    assert plainly(load_settings(dict.fromkeys(variables(), ""), NOWHERE)) == DEFAULTS


def test_settings_cannot_be_changed() -> None:
    settings = load_settings({}, NOWHERE)
    with pytest.raises(ValidationError, match="frozen"):
        settings.port = 1


def test_the_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    path = env_file(tmp_path, "# local", "PORT=9000", 'WARMUP_SEASON="year"', "export WARMUP_DAILY_CAP=50", "")
    settings = load_settings({"PORT": "9001"}, path)
    assert (settings.port, settings.season, settings.daily_cap) == (9001, "year", 50)


def test_a_password_in_the_file_is_taken_as_it_stands(tmp_path: Path) -> None:
    url = "postgres://me:a${HOME}b$c%24@h/db"
    assert load_settings({}, env_file(tmp_path, f"DATABASE_URL={url}")).database_url.get_secret_value() == url


def test_a_fault_in_the_file_that_the_environment_mends_is_none(tmp_path: Path) -> None:
    assert load_settings({"PORT": "9001"}, env_file(tmp_path, "PORT=http")).port == 9001


def test_an_unknown_name_in_the_file_is_a_fault(tmp_path: Path) -> None:
    path = env_file(tmp_path, "DATABASE_ULR=x", "PROT=1", "TELEGRAM_KEY=x")
    assert faults({}, path) == (
        f"DATABASE_ULR: unknown in {path}; did you mean DATABASE_URL?",
        f"PROT: unknown in {path}; did you mean PORT?",
        f"TELEGRAM_KEY: unknown in {path}; remove it, or see README.md for the names",
    )


def test_a_name_that_stands_in_both_is_one_fault(tmp_path: Path) -> None:
    path = env_file(tmp_path, "WARMUP_SAESON=year")
    assert faults({"WARMUP_SAESON": "year"}, path) == (
        f"WARMUP_SAESON: unknown in {path}; did you mean WARMUP_SEASON?",
    )


@pytest.mark.parametrize(("name", "value", "fault"), FAULTS)
def test_each_fault_is_one_line_that_says_what_to_write(name: str, value: str, fault: str) -> None:
    assert faults({name: value}) == (fault,)


@pytest.mark.parametrize("name", ["DISCORD_WEBHOOK", "SLACK_WEBHOOK_URL", "DATABASE", "PATH", "PORTS", "WARMUP"])
def test_variables_of_other_programs_are_no_fault(name: str) -> None:
    assert plainly(load_settings({name: "theirs"}, NOWHERE)) == DEFAULTS


def test_several_faults_are_told_at_once() -> None:
    found = faults({"PORT": "http", "WARMUP_SEASON": "week", "WARMUP_TIMEZNE": "UTC", "WARMUP_DAILY_CAP": "0"})
    assert [fault.partition(":")[0] for fault in found] == [
        "PORT",
        "WARMUP_DAILY_CAP",
        "WARMUP_SEASON",
        "WARMUP_TIMEZNE",
    ]
    assert str(ConfigError(found)) == "\n".join(found)


def test_a_secret_is_not_shown() -> None:
    settings = load_settings({"DATABASE_URL": "postgres://me:hush@h/db"}, NOWHERE)
    for shown in (repr(settings), str(settings), repr(settings.model_dump()), settings.model_dump_json()):
        assert "hush" not in shown


def test_a_secret_is_not_shown_among_faults() -> None:
    found = faults({"DATABASE_URL": "postgres://me:hush@h/db", "PORT": "http", "WARMUP_X": "hush"})
    assert "hush" not in "\n".join(found)


@pytest.mark.parametrize("url", BAD_URLS)
async def test_a_database_that_cannot_be_used_is_a_fault_without_its_secret(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        async with build(load_settings({"DATABASE_URL": url}, NOWHERE)):
            pass
    assert str(caught.value).startswith("DATABASE_URL: ")
    assert "hush" not in str(caught.value)
    assert "hush" not in repr(caught.value.__cause__)
