"""Beginning to listen, giving up where that is all there is, and stopping in time."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from adapters.slack.app import SlackApp
from adapters.slack.credentials import Credentials
from bot.errors import ConfigError
from tests.support.slack.interactions import Interaction
from tests.support.waiting import until
from tests.unit.adapters.slack.conftest import Loopback

WAYS = ["over_socket", "over_http"]
AWAY = "Slack cannot be reached"


async def end(loopback: Loopback, app: SlackApp) -> str:
    """Return the one fault with which the task of start() ends."""
    living = app.start(loopback.said.append, port=0, ready=loopback.well)
    with pytest.raises(ConfigError) as caught:
        await asyncio.wait_for(living, 5)
    [fault] = caught.value.faults
    assert "\n" not in fault
    assert loopback.said == []
    return fault


async def public(loopback: Loopback) -> Interaction:
    return await loopback.slack.command(loopback.ada, loopback.channel, "/stage-public")


async def is_answered(loopback: Loopback) -> bool:
    return (await loopback.done(await public(loopback))).original is not None


async def is_taken(loopback: Loopback) -> bool:
    """Tell whether an act arrives, and its answer; one that Slack sends over a socket on its way out does not."""
    loopback.slack.deliveries.deadline = 0.5
    record = await (await public(loopback)).over()
    for app in loopback._apps:
        await app.client.drain(5)
    return record.original is not None


async def slow(loopback: Loopback) -> Interaction:
    """Let somebody ask for what is not done yet, and return when its handler has begun."""
    record = await loopback.slack.command(loopback.ada, loopback.channel, "/stage-slow")
    await record.acknowledged()
    await until(lambda: any(app._dispatcher._running for app in loopback._apps))
    return record


@pytest.mark.parametrize("way", WAYS)
async def test_it_says_how_it_listens_and_what_people_do_is_answered(loopback: Loopback, way: str) -> None:
    app = await loopback.start(credentials=getattr(loopback, way))
    [said] = loopback.said
    over_http = f"Warmup listens to Slack on port {app.port}, at /slack/events. Ctrl+C stops it."
    assert said == (over_http if way == "over_http" else "Warmup is on Slack over a socket. Ctrl+C stops it.")
    assert (await is_answered(loopback), await app.connected()) == (True, True)
    assert not await loopback.presence.has_left(loopback.workspace())


@pytest.mark.parametrize("way", WAYS)
async def test_a_bots_token_that_slack_does_not_know_is_for_who_runs_it_to_mend(loopback: Loopback, way: str) -> None:
    credentials = replace(getattr(loopback, way), bot_token="xoxb-wrong")  # noqa: S106 - it opens nothing
    app = loopback.app(credentials=credentials)
    fault = await end(loopback, app)
    assert fault.startswith("SLACK_BOT_TOKEN: Slack no longer accepts the token (invalid_auth); ")
    assert ("wrong" in fault, await app.connected()) == (False, False)


async def test_an_apps_token_that_slack_does_not_know_is_for_who_runs_it_to_mend(loopback: Loopback) -> None:
    fault = await end(loopback, loopback.app(credentials=replace(loopback.over_socket, app_token="xapp-wrong")))  # noqa: S106
    assert fault.startswith("SLACK_APP_TOKEN: Slack no longer accepts the token (invalid_auth); see that Socket Mode")
    assert "wrong" not in fault


async def test_a_bots_token_in_place_of_the_apps_is_for_who_runs_it_to_mend(loopback: Loopback) -> None:
    credentials = replace(loopback.over_socket, app_token=loopback.team.bot_token)
    fault = await end(loopback, loopback.app(credentials=credentials))
    assert fault.startswith("SLACK_APP_TOKEN: Slack does not allow it (not_allowed_token_type); ")


async def test_an_apps_token_without_its_scope_is_for_who_runs_it_to_mend(loopback: Loopback) -> None:
    loopback.slack.faults.add("apps.connections.open", error="missing_scope")
    fault = await end(loopback, loopback.app())
    assert fault.startswith("SLACK_APP_TOKEN: Slack does not allow it (missing_scope); ")
    assert "connections:write under Basic Information" in fault


async def test_many_workspaces_need_a_key(loopback: Loopback) -> None:
    with pytest.raises(ConfigError, match=r"^SLACK_ENCRYPTION_KEY: not set; print one with python -m bot slack key$"):
        loopback.app(credentials=replace(loopback.for_many, encryption_key=""))
    with pytest.raises(ConfigError, match=r"^SLACK_ENCRYPTION_KEY: key 1 of 1 is not one") as caught:
        loopback.app(credentials=replace(loopback.for_many, encryption_key="swordfish"))
    assert "swordfish" not in str(caught.value)


def test_no_secret_is_in_what_credentials_look_like() -> None:
    secrets = ["xoxb-1", "xapp-1", "signing", "id", "secret", "key"]
    assert [secret for secret in secrets if f"'{secret}'" in repr(Credentials(*secrets))] == []


@pytest.fixture
async def away(loopback: Loopback) -> int:
    """Take Slack away and yield the port at which it will be."""
    port = int(loopback.slack.url.rpartition(":")[2])
    await loopback.slack.stop()
    return port


@pytest.mark.parametrize("way", WAYS)
async def test_a_slack_that_is_away_at_the_start_is_waited_for(loopback: Loopback, away: int, way: str) -> None:
    app = loopback.app(credentials=getattr(loopback, way))
    with capture_logs() as logs:
        listening = asyncio.create_task(loopback.listen(app))
        await until(lambda: len([line for line in logs if line["event"] == AWAY]) >= 2)
    pauses = [line["again_in"] for line in logs if line["event"] == AWAY]
    assert (pauses[1], await app.connected(), loopback.said) == (2 * pauses[0], False, [])
    await loopback.slack.start(away)
    await listening
    assert await is_answered(loopback)


@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
@pytest.mark.parametrize("trouble", ["503", "429"])
async def test_a_start_that_slack_puts_off_is_tried_again(loopback: Loopback, method: str, trouble: str) -> None:
    if trouble == "429":
        loopback.slack.limit(method, 1)
    else:
        loopback.slack.faults.add(method, status=503, times=2)
    await loopback.start()
    assert await is_answered(loopback)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a socket that dropped be noticed sooner."""
    monkeypatch.setattr("adapters.slack.app.PING_SECONDS", 0.05)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("how", ["drop", "refresh_requested", "closed", "link_disabled"])
async def test_a_socket_that_ends_is_followed_by_another(loopback: Loopback, how: str) -> None:
    app = await loopback.start()
    if how == "drop":
        loopback.slack.socket.drop()
    else:
        await loopback.slack.socket.disconnect("refresh_requested" if how == "closed" else how, close=how == "closed")
    # Bolt may come back twice: for the disconnect, and for the close that follows.
    await until(lambda: loopback.slack.socket.opened >= 2)
    await until(lambda: is_taken(loopback))
    await until(app.connected)
    assert len(loopback.said) == 1


@pytest.mark.usefixtures("quick")
async def test_a_socket_is_tried_for_until_slack_gives_one(loopback: Loopback) -> None:
    app = await loopback.start()
    loopback.slack.faults.add("apps.connections.open", status=503, times=3)
    loopback.slack.socket.drop()
    await until(lambda: loopback.slack.socket.opened >= 2)
    await until(lambda: is_taken(loopback))
    await until(app.connected)


async def test_what_two_processes_are_told_of_one_answers(loopback: Loopback) -> None:
    apps = [await loopback.start(), await loopback.start()]
    for number in range(4):
        assert await is_answered(loopback)
        assert len(loopback.slack.seen_by(loopback.grace, loopback.channel)) == number + 1
    assert len(apps) == len(loopback.slack.socket.live) == 2


@pytest.mark.parametrize("way", WAYS)
async def test_stopping_lets_a_handler_finish_and_answer(loopback: Loopback, way: str) -> None:
    app = await loopback.start(credentials=getattr(loopback, way))
    record = await slow(loopback)
    stopping = asyncio.create_task(app.stop(5))
    await asyncio.sleep(0)
    loopback.stage.gate.set()
    await stopping
    assert record.original is not None
    assert (record.original.texts, loopback.stage.finished) == (["Slow", "slow is done"], ["slow"])


@pytest.mark.parametrize("way", WAYS)
async def test_stopping_cuts_off_in_time_a_handler_that_does_not_end(loopback: Loopback, way: str) -> None:
    app = await loopback.start(credentials=getattr(loopback, way))
    await slow(loopback)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await app.stop(0.4)
    assert (loop.time() - begun < 0.75, loopback.stage.finished) == (True, [])


@pytest.mark.usefixtures("quick")
async def test_while_it_stops_no_new_socket_is_opened(loopback: Loopback) -> None:
    app = await loopback.start()
    await slow(loopback)
    await app.stop(0.3)
    assert loopback.slack.socket.opened == 1


@pytest.mark.parametrize("way", WAYS)
async def test_after_the_stop_nothing_is_taken(loopback: Loopback, way: str) -> None:
    app = await loopback.start(credentials=getattr(loopback, way))
    await app.stop(5)
    record = await (await public(loopback)).over()
    assert (record.original, record.told) == (None, ["dispatch_failed"])
    await app.stop(5)


async def test_stopping_is_quick_when_nothing_runs(loopback: Loopback) -> None:
    app = await loopback.start()
    async with asyncio.timeout(5):
        await app.stop(30)


async def test_stopping_an_app_that_never_started_or_waits_for_slack(loopback: Loopback, away: int) -> None:
    assert away
    await loopback.app().stop(5)
    app = loopback.app()
    with capture_logs() as logs:
        living = app.start(loopback.said.append, port=None, ready=loopback.well)
        await until(lambda: bool(logs))
        await app.stop(5)
    assert living.cancelled()
