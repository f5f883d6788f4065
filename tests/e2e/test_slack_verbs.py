"""What the command line says when Slack refuses, and what its verbs for Slack do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yaml
from cryptography.fernet import Fernet

from adapters.slack.permissions import OPTIONAL_SCOPES, SCOPES
from tests.e2e.discord_process import fault_of
from tests.e2e.slack_process import HTTP, Study, opened_study
from tests.support.process import Process, verb
from tests.support.slack.state import Workspace

NOWHERE = "http://127.0.0.1:1/api/"
SECRET = "opens-nothing-at-all"  # noqa: S105
WRONG = f"xoxb-{SECRET}"


@pytest.fixture
async def study(tmp_path: Path) -> AsyncIterator[Study]:
    async with opened_study(tmp_path) as opened:
        yield opened


def many(study: Study, key: str) -> dict[str, str]:
    """Return the settings by which many workspaces install Warmup."""
    return {
        "SLACK_API_URL": study.slack.api_url,
        "DATABASE_URL": f"sqlite:///{study.database}",
        "SLACK_CLIENT_ID": study.slack.client_id,
        "SLACK_CLIENT_SECRET": study.slack.client_secret,
        "SLACK_SIGNING_SECRET": study.slack.signing_secret,
        "SLACK_ENCRYPTION_KEY": key,
    }


async def test_no_token_ends_the_start_with_the_mend(tmp_path: Path) -> None:
    assert fault_of(verb(tmp_path, "run", "slack")).startswith("SLACK_BOT_TOKEN: not set; docs/slack.md says")


@pytest.mark.parametrize(
    ("settings", "start"),
    [
        ({"SLACK_APP_TOKEN": f"xapp-{SECRET}"}, "SLACK_BOT_TOKEN: Slack is configured in part"),
        ({"SLACK_BOT_TOKEN": WRONG}, "SLACK_APP_TOKEN: set it for Socket Mode, or SLACK_SIGNING_SECRET for HTTP"),
        ({"SLACK_CLIENT_ID": "1.2"}, "SLACK_CLIENT_SECRET: SLACK_CLIENT_ID needs it too"),
        ({"SLACK_COMMAND_PREFIX": "Dl "}, "SLACK_COMMAND_PREFIX: write at most 12 small letters"),
    ],
    ids=str,
)
async def test_settings_in_part_end_the_start_with_the_mend(
    tmp_path: Path, settings: dict[str, str], start: str
) -> None:
    assert fault_of(verb(tmp_path, "run", "slack", **settings), SECRET).startswith(start)


async def test_a_wrong_bots_token_ends_the_start_with_the_mend(study: Study) -> None:
    fault = fault_of(await study.verb("run", "slack", SLACK_BOT_TOKEN=WRONG), SECRET)
    assert fault.startswith("SLACK_BOT_TOKEN: Slack no longer accepts the token (invalid_auth); ")


async def test_a_wrong_apps_token_ends_the_start_with_the_mend(study: Study) -> None:
    fault = fault_of(await study.verb("run", "slack", SLACK_APP_TOKEN=f"xapp-{SECRET}"), SECRET)
    assert fault.startswith("SLACK_APP_TOKEN: ")
    assert "connections:write under Basic Information" in fault


async def test_a_key_that_is_none_ends_the_start_with_the_mend(study: Study) -> None:
    done = await asyncio.to_thread(verb, study.folder, "run", "slack", **many(study, SECRET))
    assert fault_of(done, SECRET).startswith("SLACK_ENCRYPTION_KEY: key 1 of 1 is not one; print a new one with")


async def test_a_port_that_is_taken_ends_the_start_with_the_mend(tmp_path: Path) -> None:
    async with opened_study(tmp_path, HTTP) as study:
        await study.start()
        done = await study.verb("run", "slack", PORT=str(study.ports[0]))
        assert fault_of(done, study.team.bot_token).startswith(f"PORT: {study.ports[0]} cannot be listened on (")


async def test_check_says_where_it_is_with_every_reason(study: Study) -> None:
    done = await study.verb("check")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"slack      one workspace, over a socket: Study ({study.team.id})" in done.stdout.splitlines()
    reasons = [f"scope {scope}: {reason}" for scope, reason in SCOPES.items()]
    reasons += [f"scope {scope} (optional): {reason}" for scope, reason in OPTIONAL_SCOPES.items()]
    assert [reason for reason in reasons if reason not in done.stdout] == []
    assert [secret for secret in (study.team.bot_token, study.slack.app_token) if secret in done.stdout] == []


async def test_check_offline_asks_nobody(study: Study) -> None:
    done = await study.verb("check", "--offline")
    assert (done.returncode, done.stderr, study.slack.calls) == (0, "", [])
    assert "slack      one workspace, over a socket; Slack was not asked" in done.stdout.splitlines()


async def test_check_says_what_is_wrong_with_tokens_and_a_network(study: Study) -> None:
    fault = fault_of(await study.verb("check", SLACK_BOT_TOKEN=WRONG), SECRET)
    assert fault.startswith("SLACK_BOT_TOKEN: Slack no longer accepts the token")
    fault = fault_of(await study.verb("check", "--offline", SLACK_BOT_TOKEN=SECRET), SECRET)
    assert fault.startswith("SLACK_BOT_TOKEN: it begins with xoxb-")
    fault = fault_of(await study.verb("check", SLACK_API_URL=NOWHERE), study.team.bot_token)
    assert fault.startswith("Slack cannot be reached (")
    assert "SLACK_API_URL" in fault


async def test_check_names_a_scope_that_was_not_granted(study: Study) -> None:
    study.team.scopes -= {"chat:write"}
    fault = fault_of(await study.verb("check"), study.team.bot_token)
    assert fault.startswith("SLACK_BOT_TOKEN: the scope chat:write was not granted; ")


@pytest.mark.parametrize(
    ("said", "socket", "command"),
    [
        ((), True, "/practice"),
        (("--prefix", "dl-"), True, "/dl-practice"),
        (("--url", "https://warmup.example.org/"), False, "/practice"),
    ],
    ids=str,
)
async def test_the_manifest_is_printed_for_each_way(
    tmp_path: Path, said: tuple[str, ...], socket: bool, command: str
) -> None:
    done = verb(tmp_path, "slack", "manifest", *said)
    assert (done.returncode, done.stderr) == (0, "")
    manifest = yaml.safe_load(done.stdout)
    assert manifest["settings"]["socket_mode_enabled"] is socket
    assert command in [slash["command"] for slash in manifest["features"]["slash_commands"]]
    address = manifest["settings"]["event_subscriptions"].get("request_url")
    assert address == (None if socket else "https://warmup.example.org/slack/events")


@pytest.mark.parametrize(
    ("said", "start"),
    [
        (("--prefix", "DL "), "--prefix: "),
        (("--url", "http://warmup.example.org"), "--url: "),
        (("--socket", "--url", "https://warmup.example.org"), "--socket: "),
    ],
    ids=str,
)
async def test_a_manifest_that_slack_would_not_take_is_not_printed(
    tmp_path: Path, said: tuple[str, ...], start: str
) -> None:
    done = verb(tmp_path, "slack", "manifest", *said)
    assert (fault_of(done).startswith(start), done.stdout) == (True, "")


async def test_a_key_is_printed_alone_and_is_another_each_time(tmp_path: Path) -> None:
    keys = [verb(tmp_path, "slack", "key").stdout.strip() for _ in range(2)]
    assert keys[0] != keys[1]
    assert all(Fernet(key) for key in keys)


async def installed(study: Study, key: str) -> Workspace:
    """Let somebody install Warmup by its page, and end the process that served it."""
    team = study.slack.add_workspace("Other", installed=False)
    process = Process(study.folder, "run", "slack", **many(study, key))
    try:
        said = await asyncio.to_thread(process.until, r"on port \d+")
        origin = f"http://127.0.0.1:{said.split()[-1]}"
        study.slack.deliver_to(f"{origin}/slack/events")
        study.slack.oauth.redirect_urls = [f"{origin}/slack/oauth_redirect"]
        eve = study.slack.add_user(team, "Eve", admin=True)
        assert (await study.slack.install(eve, f"{origin}/slack/install")).status == 200
    finally:
        process.kill()
    return team


async def test_keys_are_rotated_without_anybody_installing_again(study: Study) -> None:
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    team = await installed(study, old)

    async def rotate(key: str) -> tuple[int, str, str]:
        done = await asyncio.to_thread(verb, study.folder, "slack", "rotate", **many(study, key))
        told = done.stdout + done.stderr
        assert [secret for secret in (old, new, team.bot_token, "Traceback") if secret in told] == []
        return done.returncode, done.stdout, done.stderr.splitlines()[-1].strip() if done.stderr else ""

    fault = f"SLACK_ENCRYPTION_KEY: no key in it opens the installation in {team.id}; "
    assert await rotate(new) == (1, "", f"{fault}restore the old key there, after the new one and a comma")
    said = "Encrypted with the first key: 1 installation. Older keys can be removed.\n"
    assert await rotate(f"{new},{old}") == (0, said, "")
    assert await rotate(new) == (0, said, "")


async def test_without_a_key_nothing_is_rotated(study: Study) -> None:
    fault = fault_of(await study.verb("slack", "rotate"), study.team.bot_token)
    assert fault.startswith("SLACK_ENCRYPTION_KEY: not set; ")
