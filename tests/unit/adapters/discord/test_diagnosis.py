"""Saying whether a token and its app are fit to run Warmup, and telling Discord of the commands over HTTP alone."""

from __future__ import annotations

from base64 import b64encode

import pytest

from adapters.discord.diagnosis import application_of, diagnose, invite_lines, sync_once
from adapters.discord.permissions import NEEDS, OPTIONAL, SCOPES
from bot.commands import Command, Router
from bot.errors import ConfigError
from bot.message import Message
from tests.support.discord.rest import application
from tests.unit.adapters.discord.conftest import Loopback

HIDDEN = "swordfish"


def commands(*names: str) -> list[Command]:
    router = Router()
    for name in names:

        @router.command(name, "A command")
        async def answer(*_: object) -> Message:
            return Message(text="answered")

    return list(router.commands.values())


def known(loopback: Loopback, scope: str = "") -> list[str]:
    return [command["name"] for command in loopback.discord.state.commands.get(scope, [])]


async def sync(
    loopback: Loopback, *names: str, server: int | None = None, remove: bool = False, force: bool = False
) -> int | None:
    told = commands(*names)
    return await sync_once(
        loopback.discord.token, loopback.discord.api_url, told, loopback.syncs, server, remove=remove, force=force
    )


async def test_a_token_says_whose_it_is(loopback: Loopback) -> None:
    assert application_of(loopback.discord.token) == int(loopback.discord.application)


def encoded(text: str) -> str:
    return b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "token",
    [
        "",
        HIDDEN,
        f"{HIDDEN}.{HIDDEN}.{HIDDEN}",
        f"{encoded('123')}.{HIDDEN}",
        f"{encoded('123')}..{HIDDEN}",
        f"{encoded('123')}.{HIDDEN}.",
        f"{encoded('123')}.{HIDDEN}.x.y",
        f"{encoded('-5')}.{HIDDEN}.x",
        f"{encoded('0')}.{HIDDEN}.x",
        f"{encoded('é')}.{HIDDEN}.x",
        f"Bot {encoded('123')}.{HIDDEN}.x",
        "é.é.é",
        "aB3dE5gH7jK9mN1pQ3rS5tU7vW9xY1zA",
        f"{encoded('123')}.{HIDDEN}\nX-Other: 1.x",
    ],
)
def test_what_cannot_be_a_token_is_refused_without_repeating_it(token: str) -> None:
    with pytest.raises(ConfigError) as caught:
        application_of(token)
    [fault] = caught.value.faults
    assert fault.startswith("DISCORD_TOKEN: that is no bot's token")
    assert HIDDEN not in fault


def test_the_invite_link_is_given_with_the_reason_of_everything_it_asks_for() -> None:
    first, *reasons = invite_lines(123)
    assert first.startswith("invite     https://discord.com/")
    assert "client_id=123" in first
    assert "scope=bot+applications.commands" in first
    assert len(reasons) == len(SCOPES) + len(NEEDS) + len(OPTIONAL)
    for word, reason in [*SCOPES.items(), *NEEDS.values(), *OPTIONAL.values()]:
        assert any(word in line and reason in line for line in reasons)
    assert reasons[-1] == ("  not asked for, Manage Roles: to give whoever leads the role that /reward names")


async def test_a_fit_app_has_no_faults(loopback: Loopback) -> None:
    line, faults = await diagnose(loopback.discord.token, loopback.discord.api_url)
    assert faults == []
    assert line == f"discord    connected as Warmup (application {loopback.discord.application}), servers: 1"
    assert loopback.discord.gateway.identifies == 0


async def test_a_token_that_discord_does_not_know_is_a_fault(loopback: Loopback) -> None:
    with pytest.raises(ConfigError, match=r"^DISCORD_TOKEN: Discord does not accept it"):
        await diagnose("wrong", loopback.discord.api_url)


async def test_a_discord_that_is_away_is_a_fault(loopback: Loopback) -> None:
    await loopback.discord.stop()
    with pytest.raises(ConfigError, match=r"^Discord cannot be reached \(Client.*look at the network"):
        await diagnose(loopback.discord.token, loopback.discord.api_url)


async def test_a_discord_that_fails_is_a_fault_with_its_status(loopback: Loopback) -> None:
    loopback.discord.faults.add("GET", "/users/@me$", status=503)
    with pytest.raises(ConfigError, match=r"status 503"):
        await diagnose(loopback.discord.token, loopback.discord.api_url)


@pytest.mark.parametrize("path", ["/users/@me$", "/oauth2/applications/@me$", "/users/@me/guilds$"])
@pytest.mark.parametrize("body", [f"<html>{HIDDEN}</html>", [HIDDEN]], ids=["html", "list"])
async def test_an_address_at_which_something_else_answers_is_a_fault(
    loopback: Loopback, path: str, body: object
) -> None:
    loopback.discord.faults.add("GET", path, status=200, body=body, times=3)
    with pytest.raises(ConfigError) as caught:
        await diagnose(loopback.discord.token, loopback.discord.api_url)
    [fault] = caught.value.faults
    assert fault == "DISCORD_API_URL: what answers there is not Discord's HTTP API; see the address"


async def test_a_token_that_no_request_can_carry_is_a_fault_that_does_not_repeat_it(loopback: Loopback) -> None:
    with pytest.raises(ConfigError) as caught:
        await diagnose(f"{encoded('123')}.{HIDDEN}\nX-Other: 1.x", loopback.discord.api_url)
    assert HIDDEN not in str(caught.value)
    assert loopback.discord.requests == []


async def test_an_address_for_interactions_is_a_fault(loopback: Loopback) -> None:
    body = application() | {"interactions_endpoint_url": "https://example.org/discord"}
    loopback.discord.faults.add("GET", "applications/@me$", status=200, body=body, times=2)
    _, faults = await diagnose(loopback.discord.token, loopback.discord.api_url)
    assert len(faults) == 1
    assert "Interactions Endpoint URL" in faults[0]


async def test_each_server_without_the_scope_for_commands_is_a_fault(loopback: Loopback) -> None:
    other = loopback.discord.add_guild("Other")
    path = f"/applications/.*/guilds/{other.id}/commands$"
    loopback.discord.faults.add("GET", path, status=403, code=50001)
    line, faults = await diagnose(loopback.discord.token, loopback.discord.api_url)
    assert line.endswith("servers: 2")
    assert len(faults) == 1
    assert other.id in faults[0]
    assert "applications.commands" in faults[0]


async def test_commands_are_told_where_they_changed(loopback: Loopback) -> None:
    assert await sync(loopback, "ask") == 1
    assert await sync(loopback, "ask") is None
    assert await sync(loopback, "ask", "say") == 2
    assert (known(loopback), loopback.discord.state.command_puts) == (["ask", "say"], ["", ""])


async def test_commands_can_be_told_although_they_did_not_change_but_not_while_another_process_tells_them(
    loopback: Loopback,
) -> None:
    assert await sync(loopback, "ask") == 1
    loopback.discord.state.commands[""] = []
    assert await sync(loopback, "ask") is None
    assert await sync(loopback, "ask", force=True) == 1
    assert known(loopback) == ["ask"]
    assert await loopback.syncs.begin(f"discord:{loopback.discord.application}", "another's")
    assert await sync(loopback, "ask", force=True) is None
    assert loopback.discord.state.command_puts == ["", ""]


async def test_commands_are_told_for_one_server_and_taken_away_again(loopback: Loopback) -> None:
    server = loopback.guild.id
    assert await sync(loopback, "ask", "say", server=int(server)) == 2
    assert known(loopback, server) == ["ask", "say"]
    assert await sync(loopback, "ask", "say", server=int(server), remove=True) == 0
    assert (known(loopback, server), known(loopback)) == ([], [])


@pytest.mark.parametrize("status", [403, 404])
async def test_a_server_that_does_not_take_commands_is_named(loopback: Loopback, status: int) -> None:
    loopback.discord.faults.add("PUT", "/commands$", status=status, code=50001)
    with pytest.raises(ConfigError, match=rf"id {loopback.guild.id} .*applications\.commands"):
        await sync(loopback, "ask", server=int(loopback.guild.id))


async def test_where_discord_refuses_the_commands_for_everybody_no_server_is_named(loopback: Loopback) -> None:
    loopback.discord.faults.add("PUT", "/commands$", status=403, code=20012)
    with pytest.raises(ConfigError) as caught:
        await sync(loopback, "ask")
    assert "None" not in str(caught.value)


async def test_commands_that_discord_refuses_are_a_fault_with_its_status_and_code(loopback: Loopback) -> None:
    loopback.discord.faults.add("PUT", "/commands$", status=400, code=30034)
    with pytest.raises(
        ConfigError, match=r"^Discord refused the commands \(status 400, code 30034\); try again later$"
    ):
        await sync(loopback, "ask")


async def test_after_a_failure_commands_are_told_at_the_next_try(loopback: Loopback) -> None:
    loopback.discord.faults.add("PUT", "/commands$", status=400, code=50035)
    with pytest.raises(ConfigError):
        await sync(loopback, "ask")
    assert await sync(loopback, "ask") == 1
