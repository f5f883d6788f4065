"""What a new client mends: a gateway out of reach, a READY or an answer that nobody understands, a refused shard."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from bot.errors import ConfigError
from tests.support.waiting import until
from tests.unit.adapters.discord.conftest import Loopback

NOWHERE = "ws://127.0.0.1:1/gateway"
HIDDEN = "swordfish"


def unreached(logs: list[EventDict]) -> list[EventDict]:
    """Return what was logged of connections that ended."""
    return [line for line in logs if line["event"] == "Discord cannot be reached"]


async def is_answered(loopback: Loopback) -> bool:
    record = loopback.discord.slash(loopback.ada, loopback.channel, "stage-public")
    return (await record.answered(5)).original is not None


@pytest.mark.usefixtures("impatient")
async def test_a_gateway_that_stays_out_of_reach_is_asked_for_anew_by_a_new_client(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.discord.client.MOST_LAUNCHES", 2)
    reachable, loopback.discord.gateway.url = loopback.discord.gateway.url, NOWHERE
    app = loopback.app(gateway="")
    first = app.client
    with capture_logs() as logs:
        task = app.start()
        await until(lambda: len(unreached(logs)) > 0)
    assert unreached(logs)[0]["kind"] == "ConnectionError"
    loopback.discord.gateway.url = reachable
    await loopback.discord.gateway.connected()
    assert app.client is not first
    assert first.is_closed()
    assert await is_answered(loopback)
    assert not task.done()


@pytest.mark.usefixtures("impatient")
async def test_attempts_to_reach_the_gateway_are_counted_from_the_last_that_worked(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.discord.client.MOST_LAUNCHES", 1)
    loopback.discord.shards = 2
    await loopback.start(gateway="")
    assert loopback.discord.gateway.identifies == 2
    assert await is_answered(loopback)


async def test_a_ready_that_cannot_be_read_leads_to_a_new_client(loopback: Loopback) -> None:
    app = await loopback.start()
    first = app.client
    gateway = loopback.discord.gateway
    loopback.discord.dispatch_raw("READY", {"session_id": "1", "resume_gateway_url": gateway.url, "v": 10})
    await until(lambda: app.client is not first)
    await until(lambda: gateway.identifies == 2)
    assert await is_answered(loopback)


@pytest.mark.parametrize("code", [4010, 4011])
async def test_a_shard_that_is_refused_without_a_proxy_is_counted_anew_by_a_new_client(
    loopback: Loopback, code: int
) -> None:
    loopback.discord.gateway.refuse(code)
    app = loopback.app(gateway="")
    first = app.client
    task = app.start()
    await until(lambda: loopback.discord.gateway.identifies == 2)
    await loopback.discord.gateway.connected()
    assert await is_answered(loopback)
    assert app.client is not first
    assert not task.done()
    assert loopback.sent("GET", "/gateway/bot") == [200, 200]


@pytest.mark.parametrize("code", [4010, 4011])
async def test_a_shard_that_is_refused_behind_a_proxy_is_for_who_runs_it_to_mend(loopback: Loopback, code: int) -> None:
    app = loopback.app()
    task = app.start()
    await loopback.discord.gateway.connected()
    loopback.discord.gateway.close(code)
    with pytest.raises(ConfigError, match=r"^DISCORD_GATEWAY_URL: "):
        await asyncio.wait_for(task, 5)


async def test_an_answer_that_is_not_discords_is_tried_again_and_told_by_its_place(loopback: Loopback) -> None:
    loopback.discord.faults.add("GET", "/users/@me$", status=200, body=f"<html>{HIDDEN}</html>")
    with capture_logs() as logs:
        await loopback.start()
    [line] = unreached(logs)
    assert (line["kind"], len(line["where"]) > 0) == ("TypeError", True)
    assert HIDDEN not in str(logs)
    assert await is_answered(loopback)


async def test_an_error_that_nobody_expected_is_tried_again_and_told_by_its_place(loopback: Loopback) -> None:
    class Forgetful:
        """Remembers what was synced, but not at the first time of asking."""

        times = 0

        async def begin(self, scope: str, digest: str, *, force: bool = False) -> bool:
            self.times += 1
            if self.times == 1:
                raise KeyError(HIDDEN)
            return await loopback.syncs.begin(scope, digest, force=force)

        async def end(self, *args: str) -> None:
            await loopback.syncs.end(*args)

    with capture_logs() as logs:
        app = await loopback.start(syncs=Forgetful())
    [line] = unreached(logs)
    assert (line["kind"], len(line["where"]) > 0) == ("KeyError", True)
    assert HIDDEN not in str(logs)
    assert await is_answered(loopback)
    assert app._living is not None
    assert not app._living.done()


async def test_errors_that_nobody_expected_are_waited_out_longer_each_time(loopback: Loopback) -> None:
    class Unlucky:
        async def begin(self, *_: str, **__: bool) -> bool:
            raise KeyError(HIDDEN)

        async def end(self, *_: str) -> None: ...

    app = loopback.app(syncs=Unlucky())
    with capture_logs() as logs:
        app.start()
        await until(lambda: len(unreached(logs)) == 3)
    pauses: list[Any] = [line["again_in"] for line in unreached(logs)]
    assert pauses == [pauses[0], 2 * pauses[0], 4 * pauses[0]]
