"""Saying whether tokens and their app are fit to run Warmup."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.slack.credentials import Credentials
from adapters.slack.diagnosis import check_forms, diagnose, way_of
from adapters.slack.installations import new_key
from adapters.slack.permissions import OPTIONAL_SCOPES, SCOPES, scope_lines
from bot.errors import ConfigError
from tests.unit.adapters.slack.conftest import Loopback

HIDDEN = "swordfish"
BOT, APP = "xoxb-1-2-abcdefgh", "xapp-1-A0-2-abcdefgh"
WAYS = ["over_socket", "over_http"]


async def faults(loopback: Loopback, credentials: Credentials) -> list[str]:
    """Return the lines of a diagnosis that ends with them."""
    with pytest.raises(ConfigError) as caught:
        await diagnose(credentials, loopback.slack.api_url)
    return list(caught.value.faults)


def test_tokens_and_keys_of_the_right_form_have_no_faults() -> None:
    key = f"{new_key()},{new_key()}"
    assert check_forms(Credentials(bot_token=BOT, app_token=APP, encryption_key=key)) == []
    assert check_forms(Credentials()) == []


@pytest.mark.parametrize("token", [HIDDEN, APP, f"xoxp-{HIDDEN}", f" {BOT}", f"{BOT}\n", "xoxb-", f"{BOT}{HIDDEN}é"])
def test_what_cannot_be_a_bots_token_is_a_fault_that_does_not_repeat_it(token: str) -> None:
    [fault] = check_forms(Credentials(bot_token=token))
    mend = "it begins with xoxb-; copy it again from the app's page, OAuth & Permissions"
    assert fault == f"SLACK_BOT_TOKEN: {mend}"


@pytest.mark.parametrize("token", [HIDDEN, BOT, f"xapp-{HIDDEN} ", f"xapp-{HIDDEN}\nX: 1"])
def test_what_cannot_be_an_apps_token_is_a_fault_that_does_not_repeat_it(token: str) -> None:
    [fault] = check_forms(Credentials(bot_token=BOT, app_token=token))
    mend = "it begins with xapp-; copy it again from the app's page, Basic Information, App-Level Tokens"
    assert fault == f"SLACK_APP_TOKEN: {mend}"


def test_every_fault_is_told_at_once() -> None:
    told = check_forms(Credentials(bot_token=HIDDEN, app_token=HIDDEN, encryption_key=f"{HIDDEN},{new_key()},"))
    assert [fault.partition(":")[0] for fault in told] == [
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "SLACK_ENCRYPTION_KEY",
        "SLACK_ENCRYPTION_KEY",
    ]
    assert HIDDEN not in str(told)


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ("over_socket", "one workspace, over a socket"),
        ("over_http", "one workspace, over HTTP"),
        ("for_many", "many workspaces, over HTTP"),
    ],
)
async def test_the_way_of_listening_has_a_name(loopback: Loopback, way: str, said: str) -> None:
    assert way_of(getattr(loopback, way)) == said


def test_every_scope_has_a_line_with_its_reason() -> None:
    lines = scope_lines()
    assert len(lines) == len(SCOPES) + len(OPTIONAL_SCOPES)
    for scope, reason in {**SCOPES, **OPTIONAL_SCOPES}.items():
        assert sum(f"scope {scope}" in line and line.endswith(f": {reason}") for line in lines) == 1


@pytest.mark.parametrize("way", WAYS)
async def test_a_fit_app_has_no_faults(loopback: Loopback, way: str) -> None:
    credentials = getattr(loopback, way)
    said = f"slack      {way_of(credentials)}: Study ({loopback.team.id})"
    assert await diagnose(credentials, loopback.slack.api_url) == (said, [])
    assert loopback.slack.socket.opened == 0


async def test_each_scope_that_was_not_granted_is_a_fault_and_optional_ones_are_none(loopback: Loopback) -> None:
    loopback.team.scopes = frozenset(SCOPES) - {"chat:write", "files:read"}
    _, told = await diagnose(loopback.over_socket, loopback.slack.api_url)
    mend = "was not granted; put the manifest into the app and install it again"
    assert told == [f"SLACK_BOT_TOKEN: the scope {scope} {mend}" for scope in ("chat:write", "files:read")]


async def test_a_bots_token_that_slack_does_not_know_is_a_fault(loopback: Loopback) -> None:
    [fault] = await faults(loopback, replace(loopback.over_socket, bot_token=f"xoxb-{HIDDEN}"))
    assert fault == (
        "SLACK_BOT_TOKEN: Slack no longer accepts the token (invalid_auth); "
        "install the app again and copy the token from OAuth & Permissions"
    )


@pytest.mark.parametrize("code", ["token_revoked", "account_inactive"])
async def test_a_bots_token_that_was_taken_back_is_a_fault(loopback: Loopback, code: str) -> None:
    loopback.slack.oauth.revoke(loopback.team, code)
    [fault] = await faults(loopback, loopback.over_http)
    assert fault.startswith(f"SLACK_BOT_TOKEN: Slack no longer accepts the token ({code}); ")


@pytest.mark.parametrize("code", ["invalid_auth", "missing_scope", "not_allowed_token_type", "something_new"])
async def test_an_apps_token_that_slack_refuses_is_a_fault(loopback: Loopback, code: str) -> None:
    loopback.slack.faults.add("apps.connections.open", error=code)
    [fault] = await faults(loopback, loopback.over_socket)
    assert fault.startswith("SLACK_APP_TOKEN: Slack ")
    mend = "see that Socket Mode is on, and make a token with connections:write under Basic Information"
    assert (code in fault, fault.endswith(f"; {mend}")) == (True, True)


async def test_a_slack_that_is_away_is_a_fault(loopback: Loopback) -> None:
    await loopback.slack.stop()
    [fault] = await faults(loopback, loopback.over_socket)
    assert fault.startswith("Slack cannot be reached (Slack did not answer (Client")
    assert fault.endswith("; look at the network and SLACK_API_URL")


@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"status": 503}, "Slack failed (status 503)"),
        ({"status": 429, "headers": {"Retry-After": "9"}}, "rate limited for 9 s"),
        ({"status": 200, "body": f"<html>{HIDDEN}</html>"}, "Slack "),
        ({"reset": True}, "Slack did not answer ("),
    ],
    ids=str,
)
async def test_a_slack_that_fails_is_a_fault_with_its_reason(
    loopback: Loopback, method: str, fault: dict[str, object], words: str
) -> None:
    loopback.slack.faults.add(method, **fault)  # type: ignore[arg-type]
    [told] = await faults(loopback, loopback.over_socket)
    assert told.startswith(f"Slack cannot be reached ({words}")
    assert HIDDEN not in told
