"""A process that only speaks on Slack: no socket, no port, and it knows when it is refused."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from adapters.slack.credentials import Credentials
from bot.errors import ConfigError, Forbidden, Gone, Unreachable
from bot.message import Message
from tests.support.waiting import until
from tests.unit.adapters.slack.conftest import Loopback

HELLO = Message(text="hello")
POST = "chat.postMessage"


def texts(loopback: Loopback) -> list[str]:
    return [message.text for message in loopback.slack.seen_by(loopback.ada, loopback.channel)]


@pytest.mark.parametrize("way", ["over_http", "over_socket"])
async def test_it_speaks_without_listening(loopback: Loopback, way: str) -> None:
    speaker = await loopback.speak(getattr(loopback, way))
    sent = [await speaker.platform.send(loopback.place(), HELLO, "daily:1") for _ in range(2)]
    await speaker.platform.edit(sent[0], Message(text="changed"))
    assert (sent[0], texts(loopback)) == (sent[1], ["changed"])
    assert [call.method for call in loopback.slack.calls] == ["auth.test", POST, "chat.update"]
    assert not await loopback.presence.has_left(loopback.workspace())


async def test_what_a_listener_posted_is_not_posted_again(loopback: Loopback) -> None:
    app, speaker = await loopback.start(), await loopback.speak()
    first = await app.platform.send(loopback.place(), HELLO, "daily:1")
    assert await speaker.platform.send(loopback.place(), HELLO, "daily:1") == first


async def test_commands_are_named_as_they_are_typed_there(loopback: Loopback) -> None:
    speaker = await loopback.speak(prefix="dl-")
    await speaker.platform.send(loopback.place(), Message(text="`/practice` or `/team create` or `/other`"))
    [message] = loopback.slack.seen_by(loopback.ada, loopback.channel)
    assert message.texts == ["`/dl-practice` or `/dl-team create` or `/other`"]


async def test_it_speaks_wherever_warmup_was_installed(loopback: Loopback) -> None:
    app = await loopback.start(credentials=loopback.for_many)
    loopback.slack.oauth.redirect_urls = [f"http://127.0.0.1:{app.port}/slack/oauth_redirect"]
    team = loopback.slack.add_workspace("Elsewhere", installed=False)
    eve = loopback.slack.add_user(team, "Eve", admin=True)
    await loopback.slack.install(eve, f"http://127.0.0.1:{app.port}/slack/install")
    channel = loopback.slack.add_channel(team, "study")
    speaker = await loopback.speak(loopback.for_many)
    await speaker.platform.send(loopback.place(channel), HELLO)
    assert [message.text for message in channel.messages.values()] == ["hello"]
    with pytest.raises(Gone):
        await speaker.platform.send(loopback.place(), HELLO)


async def test_failures_have_the_names_that_they_have_for_a_listener(loopback: Loopback) -> None:
    speaker = await loopback.speak()
    loopback.slack.remove_bot(loopback.channel)
    with pytest.raises(Forbidden):
        await speaker.platform.send(loopback.place(), HELLO)
    loopback.slack.revoke(loopback.team)
    with pytest.raises(Gone):
        await speaker.platform.send(loopback.place(), HELLO)
    assert await loopback.presence.has_left(loopback.workspace())


async def test_before_it_knows_whose_token_it_is_it_is_unreachable(loopback: Loopback) -> None:
    speaker = loopback.speaker()
    assert not await speaker.connected()
    with pytest.raises(Unreachable):
        await speaker.platform.send(loopback.place(), HELLO)


async def test_a_token_that_slack_does_not_take_ends_it(loopback: Loopback) -> None:
    task = loopback.speaker(Credentials(bot_token="xoxb-0-nonsense", signing_secret="x")).start()  # noqa: S106
    with pytest.raises(ConfigError, match="SLACK_BOT_TOKEN"):
        await asyncio.wait_for(task, 5)


async def test_without_a_key_for_many_tokens_it_is_not_made(loopback: Loopback) -> None:
    with pytest.raises(ConfigError, match="SLACK_ENCRYPTION_KEY"):
        loopback.speaker(Credentials(client_id="1.2", client_secret="x", signing_secret="x"))  # noqa: S106


async def test_a_slack_that_is_away_is_waited_for(loopback: Loopback) -> None:
    loopback.slack.faults.add("auth.test", status=503, times=2)
    with capture_logs() as logs:
        speaker = await loopback.speak()
    pauses = [line["again_in"] for line in logs if line["event"] == "Slack cannot be reached"]
    assert pauses == [pauses[0], 2 * pauses[0]]
    await speaker.platform.send(loopback.place(), HELLO)
    assert texts(loopback) == ["hello"]


async def test_stopping_lets_what_is_under_way_be_said(loopback: Loopback) -> None:
    speaker = loopback.speaker()
    task = speaker.start()
    await until(speaker.connected)
    gate = asyncio.Event()
    loopback.slack.faults.add(POST, hold=gate, after=True)
    sending = asyncio.create_task(speaker.platform.send(loopback.place(), HELLO))
    await until(lambda: loopback.slack.calls_of(POST) != [])
    asyncio.get_running_loop().call_later(0.1, gate.set)
    await speaker.stop(5)
    await sending
    assert (task.done(), texts(loopback)) == (True, ["hello"])


async def test_stopping_waits_no_longer_than_it_may(loopback: Loopback) -> None:
    speaker = await loopback.speak()
    loopback.slack.faults.add(POST, hold=asyncio.Event())
    sending = asyncio.create_task(speaker.platform.send(loopback.place(), HELLO))
    await until(lambda: loopback.slack.calls_of(POST) != [])
    async with asyncio.timeout(2):
        await speaker.stop(0.05)
    with pytest.raises(Unreachable):
        await sending
