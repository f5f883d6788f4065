"""Staying connected, giving up where that is all there is, and stopping in time."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from adapters.discord.app import DiscordApp
from adapters.discord.living import refusal
from bot.errors import ConfigError
from tests.support.discord.interactions import InteractionRecord
from tests.support.discord.rest import application
from tests.support.waiting import until
from tests.unit.adapters.discord.conftest import Loopback


async def end(app: DiscordApp) -> BaseException | None:
    """Return what the task of start() ends with."""
    return (await asyncio.wait_for(asyncio.gather(app.start(), return_exceptions=True), 5))[0]


def public(loopback: Loopback) -> InteractionRecord:
    return loopback.discord.slash(loopback.ada, loopback.channel, "stage-public")


async def is_answered(loopback: Loopback) -> bool:
    before = len(loopback.texts())
    await public(loopback).answered()
    return len(loopback.texts()) == before + 1


async def test_a_token_that_discord_does_not_know_is_for_who_runs_it_to_mend(loopback: Loopback) -> None:
    error = await end(loopback.app(token="wrong"))  # noqa: S106 - it opens nothing
    assert isinstance(error, ConfigError)
    [fault] = error.faults
    assert fault.startswith("DISCORD_TOKEN: Discord does not accept it")
    assert "wrong" not in fault


@pytest.mark.parametrize(
    ("code", "start"),
    [
        (4004, "DISCORD_TOKEN: "),
        (4010, "DISCORD_GATEWAY_URL: "),
        (4011, "DISCORD_GATEWAY_URL: "),
        (4012, "DISCORD_GATEWAY_URL: "),
        (4013, "Discord does not know the intents"),
        (4014, "Discord refuses the bot's intents; in the developer portal"),
    ],
)
async def test_a_final_refusal_of_the_gateway_is_for_who_runs_it_to_mend(
    loopback: Loopback, code: int, start: str
) -> None:
    loopback.discord.gateway.refuse(code)
    error = await end(loopback.app())
    assert isinstance(error, ConfigError)
    [fault] = error.faults
    assert fault.startswith(start)
    assert "\n" not in fault
    assert loopback.discord.gateway.identifies == 1


async def test_an_address_for_interactions_is_for_who_runs_it_to_mend(loopback: Loopback) -> None:
    body = application() | {"interactions_endpoint_url": "https://example.org/discord"}
    loopback.discord.faults.add("GET", "/oauth2/applications/@me$", status=200, body=body)
    error = await end(loopback.app())
    assert isinstance(error, ConfigError)
    assert "empty the field Interactions Endpoint URL" in error.faults[0]
    assert loopback.discord.gateway.identifies == 0


def test_other_errors_are_no_final_refusal() -> None:
    assert refusal(OSError("away")) is None
    fault = ConfigError(["mend it"])
    assert refusal(fault) is fault


@pytest.fixture
async def away(loopback: Loopback) -> int:
    """Take Discord away and yield the port at which it will be."""
    port = int(loopback.discord.api_url.split(":")[2].split("/")[0])
    await loopback.discord.stop()
    return port


async def test_a_discord_that_is_away_at_the_start_is_waited_for(loopback: Loopback, away: int) -> None:
    connected = asyncio.Event()
    app = loopback.app(connected=lambda _: connected.set())
    with capture_logs() as logs:
        task = app.start()
        await until(lambda: len([line for line in logs if line["event"] == "Discord cannot be reached"]) >= 2)
    pauses = [line["again_in"] for line in logs if line["event"] == "Discord cannot be reached"]
    assert pauses[1] == 2 * pauses[0]
    assert not task.done()
    await loopback.discord.start(away)
    await asyncio.wait_for(connected.wait(), 5)
    assert await is_answered(loopback)


async def test_a_login_that_discord_fails_is_tried_again(loopback: Loopback) -> None:
    loopback.discord.faults.add("GET", "/users/@me$", status=503, times=2)
    await loopback.start()
    assert await is_answered(loopback)


async def test_a_final_refusal_after_the_connection_was_made_ends_it_too(loopback: Loopback) -> None:
    app = loopback.app()
    task = app.start()
    await until(lambda: app.client.was_ready)
    loopback.discord.gateway.close(4014)
    with pytest.raises(ConfigError):
        await asyncio.wait_for(task, 5)
    assert app.client.is_closed()


@pytest.mark.usefixtures("impatient")
async def test_a_discord_that_goes_away_and_comes_back_is_found_again(loopback: Loopback) -> None:
    await loopback.start()
    port = int(loopback.discord.api_url.split(":")[2].split("/")[0])
    await loopback.discord.stop()
    await asyncio.sleep(0.05)
    await loopback.discord.start(port)
    await loopback.discord.gateway.connected()
    assert await is_answered(loopback)


async def test_stopping_while_it_waits_for_discord_is_quick(loopback: Loopback, away: int) -> None:
    assert away
    app = loopback.app(first_pause=30.0)
    with capture_logs() as logs:
        task = app.start()
        await until(lambda: len(logs) > 0)
    async with asyncio.timeout(10):
        await app.stop(30)
    assert task.done()


@pytest.mark.parametrize("mishap", ["reconnect", "resumable", "drop", 1000, 4000, 4009])
async def test_after_a_mishap_the_next_press_is_answered(loopback: Loopback, mishap: str | int) -> None:
    await loopback.start()
    gateway = loopback.discord.gateway
    match mishap:
        case "reconnect":
            gateway.reconnect()
        case "resumable":
            gateway.invalidate(resumable=True)
        case "drop":
            gateway.drop()
        case int(code):
            gateway.close(code)
    assert await is_answered(loopback)
    await until(lambda: gateway.resumes == 1)
    assert gateway.identifies == 1
    assert await is_answered(loopback)


async def test_what_people_did_meanwhile_is_answered_once_after_the_connection_is_back(loopback: Loopback) -> None:
    await loopback.start()
    loopback.discord.gateway.drop()
    records = [public(loopback) for _ in range(3)]
    for record in records:
        await record.answered()
    await loopback.idle()
    assert (len(loopback.texts()), loopback.discord.gateway.resumes) == (3, 1)


@pytest.mark.usefixtures("impatient")
async def test_a_session_that_is_gone_is_begun_anew_and_said_once(loopback: Loopback) -> None:
    said: list[str] = []
    app = loopback.app(connected=said.append)
    app.start()
    await until(lambda: len(said) == 1)
    loopback.discord.gateway.invalidate(resumable=False)
    await until(lambda: loopback.discord.gateway.identifies == 2)
    await loopback.discord.gateway.connected()
    assert await is_answered(loopback)
    assert said[0].startswith("Warmup is on Discord as Warmup, in 1 server")
    assert len(said) == 1


async def test_it_says_where_it_is(loopback: Loopback) -> None:
    loopback.discord.remove_guild(loopback.guild)
    said: list[str] = []
    loopback.app(connected=said.append).start()
    await until(lambda: len(said) == 1)
    assert "in no server yet" in said[0]


async def test_stopping_lets_a_handler_finish_and_answer(loopback: Loopback) -> None:
    app = await loopback.start()
    record = loopback.discord.slash(loopback.ada, loopback.channel, "stage-slow")
    await until(lambda: len(app._dispatcher._running) == 1)
    stopping = asyncio.create_task(app.stop(5))
    loopback.stage.gate.set()
    await stopping
    assert record.original is not None
    assert (record.original.texts, loopback.stage.finished) == (["### Slow\nslow is done"], ["slow"])


async def test_stopping_cuts_off_a_handler_that_does_not_end(loopback: Loopback) -> None:
    app = await loopback.start()
    loopback.discord.slash(loopback.ada, loopback.channel, "stage-slow")
    await until(lambda: len(app._dispatcher._running) == 1)
    await app.stop(0.02)
    assert loopback.stage.finished == []


async def test_stopping_is_quick_when_nothing_runs(loopback: Loopback) -> None:
    app = await loopback.start()
    async with asyncio.timeout(10):
        await app.stop(30)
    assert app.client.is_closed()
    await app.stop(5)


async def test_stopping_an_app_that_never_started_does_nothing(loopback: Loopback) -> None:
    await loopback.app().stop(5)
    assert loopback.discord.requests == []
