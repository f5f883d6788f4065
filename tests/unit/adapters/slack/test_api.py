"""Calls of Slack's Web API: one session, nothing repeated blindly, each workspace with its own token and pauses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.slack.api import SlackApi
from adapters.slack.failures import Lost, Refused, TriggerSpent
from bot.errors import Forbidden, Gone, PlatformError, RateLimited, StorageError, Unreachable
from tests.unit.adapters.slack.conftest import Loopback

DEAD = "xoxb-dead"


class Tokens:
    """An Authority that hands out one token after another, each until it is forgotten."""

    def __init__(self) -> None:
        self.of: dict[str, list[str]] = {}
        self.forgotten: list[str] = []

    @property
    def ready(self) -> bool:
        return True

    async def token(self, team: str, enterprise: str = "") -> str:  # noqa: ARG002
        return self.of[team][0]

    def forget(self, team: str) -> None:
        self.forgotten.append(team)
        self.of[team] = self.of[team][1:] or self.of[team]

    async def drop(self, team: str) -> None:
        self.of[team] = [DEAD]


class Calls:
    """An API, the tokens that it uses, and the workspaces that it lost."""

    def __init__(self, loopback: Loopback) -> None:
        self.team = loopback.team.id
        self.tokens = Tokens()
        self.tokens.of[self.team] = [loopback.team.bot_token]
        self.lost: list[str] = []
        self.broken = False
        self.api = SlackApi(self.tokens, loopback.slack.api_url, self._lose)

    async def ask(self, team: str = "", **how: Any) -> str:
        said = await self.api.call(team or self.team, "auth.test", **how)
        return str(said["team_id"])

    async def _lose(self, team: str) -> None:
        self.lost.append(team)
        if self.broken:
            raise StorageError("the database is away")


@pytest.fixture
async def calls(loopback: Loopback) -> AsyncIterator[Calls]:
    made = Calls(loopback)
    yield made
    await made.api.close()


async def test_all_calls_go_over_one_session(calls: Calls) -> None:
    session = calls.api.session
    await asyncio.gather(*(calls.ask() for _ in range(5)))
    assert calls.api.session is session
    assert calls.api.client("xoxb-1").session is session
    await calls.api.close()
    assert session.closed


async def test_closing_what_was_never_opened_does_nothing(calls: Calls) -> None:
    await calls.api.close()
    assert await calls.ask() == calls.team


async def test_a_token_that_another_process_renewed_is_read_again_once(calls: Calls, loopback: Loopback) -> None:
    calls.tokens.of[calls.team] = [DEAD, loopback.team.bot_token]
    assert await calls.ask() == calls.team
    assert (calls.tokens.forgotten, calls.lost) == ([calls.team], [])
    assert [call.token == DEAD for call in loopback.slack.calls_of("auth.test")] == [True, False]


@pytest.mark.parametrize("broken", [False, True])
async def test_a_token_that_nobody_renewed_loses_the_workspace(calls: Calls, loopback: Loopback, broken: bool) -> None:
    calls.tokens.of[calls.team] = [DEAD]
    calls.broken = broken
    with pytest.raises(Lost):
        await calls.ask()
    assert (calls.lost, len(loopback.slack.calls_of("auth.test"))) == ([calls.team], 1)


async def test_whether_a_token_is_good_is_slacks_to_say_and_changes_nothing(calls: Calls, loopback: Loopback) -> None:
    assert await calls.api.is_good(calls.team)
    loopback.slack.faults.add("auth.test", status=503)
    assert not await calls.api.is_good(calls.team)
    loopback.slack.revoke(loopback.team)
    assert not await calls.api.is_good(calls.team)
    assert calls.lost == []


async def test_a_rate_limit_is_waited_for(calls: Calls, loopback: Loopback) -> None:
    loopback.slack.limit("auth.test", 1)
    assert await calls.ask() == calls.team
    first, second = [call.at for call in loopback.slack.calls_of("auth.test")]
    assert second - first >= 1


async def test_without_waiting_a_rate_limit_is_raised_and_slack_not_asked_until_it_is_over(
    calls: Calls, loopback: Loopback
) -> None:
    loopback.slack.limit("auth.test", 30)
    for _ in range(3):
        with pytest.raises(RateLimited) as caught:
            await calls.ask(wait=False)
        assert 29 < caught.value.retry_after <= 30
    assert [call.status for call in loopback.slack.calls_of("auth.test")] == [429]


async def test_two_workspaces_and_two_methods_do_not_hold_each_other_up(calls: Calls, loopback: Loopback) -> None:
    other = loopback.slack.add_workspace("Other")
    calls.tokens.of[other.id] = [other.bot_token]
    loopback.slack.limit("auth.test", 61)
    with pytest.raises(RateLimited):
        await calls.ask()
    assert await calls.ask(other.id) == other.id
    said = await calls.api.call(calls.team, "users.info", user=loopback.ada.id)
    assert said["user"]["id"] == loopback.ada.id


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        ({"error": "token_revoked"}, Lost, "token_revoked"),
        ({"error": "message_not_found"}, Gone, "message_not_found"),
        ({"error": "expired_trigger_id"}, TriggerSpent, "expired_trigger_id"),
        ({"error": "not_in_channel"}, Forbidden, "not_in_channel"),
        ({"error": "something_new"}, Refused, "something_new"),
        ({"error": "fatal_error"}, Unreachable, "fatal_error"),
        ({"status": 500}, Unreachable, "status 500"),
        ({"status": 200, "body": "<html>"}, Unreachable, "Slack "),
        ({"status": 200, "body": {"ok": False}}, Unreachable, "cannot be read"),
        ({"reset": True}, Unreachable, "did not answer"),
    ],
    ids=str,
)
async def test_what_slack_answers_has_one_meaning_and_is_not_asked_for_again(
    calls: Calls, loopback: Loopback, fault: dict[str, Any], error: type[PlatformError], words: str
) -> None:
    loopback.slack.faults.add("auth.test", **fault)
    with pytest.raises(error, match=words) as caught:
        await calls.ask()
    assert type(caught.value) is error
    assert len(loopback.slack.calls_of("auth.test")) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"status": 404, "body": {"ok": False, "error": "expired_url"}}, Gone),
        ({"status": 404, "body": "used_url"}, Gone),
        ({"status": 410}, Gone),
        ({"status": 400, "body": "invalid_blocks"}, Refused),
        ({"status": 500}, Unreachable),
        ({"status": 429, "headers": {"Retry-After": "7"}}, RateLimited),
        ({"reset": True}, Unreachable),
    ],
    ids=str,
)
async def test_what_a_response_url_answers_has_a_meaning_without_its_address(
    calls: Calls, loopback: Loopback, fault: dict[str, Any], error: type[PlatformError]
) -> None:
    loopback.slack.faults.add("response_url", **fault)
    address = f"{loopback.slack.url}/respond/actions/T1/hidden"
    with pytest.raises(error) as caught:
        await calls.api.respond(address, {"text": "swordfish"})
    assert type(caught.value) is error
    assert [word for word in ("hidden", "swordfish") if word in str(caught.value)] == []
    if isinstance(caught.value, RateLimited):
        assert caught.value.retry_after == 7
