"""A post with a key is made once: by whatever process, and though the connection breaks or Slack asks to wait."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.slack.app import SlackApp
from adapters.slack.platform import SETTLED, TRIES
from bot.errors import Forbidden, Gone, RateLimited, Unreachable
from bot.message import Image, Message
from bot.refs import MessageRef
from tests.support.picture import PNG
from tests.support.waiting import until
from tests.unit.adapters.slack.conftest import Loopback

HELLO = Message(text="hello")
KEY = "daily:1:2026-11-23"
POST, HISTORY = "chat.postMessage", "conversations.history"
NOT_MADE: list[dict[str, Any]] = [{"reset": True}, {"status": 500}, {"status": 503}, {"error": "internal_error"}]
MADE: list[dict[str, Any]] = [{**fault, "after": True} for fault in NOT_MADE]


def posts(loopback: Loopback) -> list[str]:
    """Return the ids of what everybody sees in the channel."""
    return [message.ts for message in loopback.slack.seen_by(loopback.grace, loopback.channel)]


async def send(loopback: Loopback, app: SlackApp, message: Message = HELLO) -> MessageRef:
    return await app.platform.send(loopback.place(), message, KEY)


async def fail(loopback: Loopback, app: SlackApp, fault: dict[str, Any]) -> None:
    """Let a post fail so that nobody knows whether it was made."""
    loopback.slack.faults.add(POST, **fault)
    with pytest.raises(Unreachable):
        await send(loopback, app)


async def test_a_key_is_posted_once_however_often_and_by_whomever(loopback: Loopback) -> None:
    first, second = await loopback.start(), await loopback.start()
    sent = [await send(loopback, app) for app in (first, first, second)]
    assert [ref.id for ref in sent] == posts(loopback) * 3
    await second.platform.send(loopback.place(), HELLO, "daily:2")
    assert len(posts(loopback)) == 2


async def test_another_channel_has_a_post_of_its_own(loopback: Loopback) -> None:
    other = loopback.slack.add_channel(loopback.team, "other")
    app = await loopback.start()
    for place in (loopback.place(), loopback.place(other), loopback.place(other)):
        await app.platform.send(place, HELLO, KEY)
    assert (len(posts(loopback)), len(other.messages)) == (1, 1)


async def test_two_processes_at_once_make_one(loopback: Loopback) -> None:
    apps = [await loopback.start(), await loopback.start()]
    done = await asyncio.gather(*(send(loopback, app) for app in apps * 3), return_exceptions=True)
    assert len(posts(loopback)) == 1
    assert {type(one) for one in done} <= {MessageRef, Unreachable}
    assert {one.id for one in done if isinstance(one, MessageRef)} == set(posts(loopback))


async def test_a_process_that_ended_in_between_leaves_the_post_to_the_next(loopback: Loopback) -> None:
    first = await loopback.start()
    loopback.slack.faults.add(POST, after=True, hold=asyncio.Event())
    sending = asyncio.create_task(send(loopback, first))
    await until(lambda: bool(posts(loopback)))
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    await first.stop(0)
    loopback.clock.pass_time(seconds=SETTLED.total_seconds())
    sent = await send(loopback, await loopback.start())
    assert [sent.id] == posts(loopback)


@pytest.mark.parametrize("fault", MADE, ids=str)
async def test_a_post_that_was_made_though_the_answer_was_lost_is_found(
    loopback: Loopback, fault: dict[str, Any]
) -> None:
    app = await loopback.start()
    loopback.slack.faults.add(POST, **fault)
    sent = await send(loopback, app)
    assert [sent.id] == posts(loopback)
    assert await send(loopback, app) == sent
    assert len(loopback.slack.calls_of(POST)) == 1


@pytest.mark.parametrize("fault", NOT_MADE, ids=str)
async def test_a_post_that_was_not_made_is_made_when_that_is_sure(loopback: Loopback, fault: dict[str, Any]) -> None:
    app = await loopback.start()
    await fail(loopback, app, fault)
    loopback.clock.pass_time(seconds=SETTLED.total_seconds() - 1)
    with pytest.raises(Unreachable, match="under way"):
        await send(loopback, app)
    assert len(loopback.slack.calls_of(POST)) == 1
    loopback.clock.pass_time(seconds=1)
    sent = await send(loopback, app)
    assert [sent.id] == posts(loopback)
    assert await send(loopback, app) == sent


async def test_of_several_processes_that_find_out_that_it_was_not_made_one_makes_it(loopback: Loopback) -> None:
    apps = [await loopback.start(), await loopback.start()]
    await fail(loopback, apps[0], {"reset": True})
    loopback.clock.pass_time(seconds=SETTLED.total_seconds())
    await asyncio.gather(*(send(loopback, app) for app in apps * 2), return_exceptions=True)
    assert len(posts(loopback)) == 1


async def test_a_post_is_found_among_others(loopback: Loopback) -> None:
    app = await loopback.start()
    await app.platform.send(loopback.place(), HELLO, "daily:0")
    loopback.slack.say(loopback.ada, loopback.channel, "hello")
    loopback.slack.faults.add(HISTORY, status=503)
    await fail(loopback, app, {"reset": True, "after": True})
    await app.platform.send(loopback.place(), HELLO, "daily:2")
    loopback.clock.pass_time(seconds=SETTLED.total_seconds())
    sent = await send(loopback, app)
    assert (posts(loopback).index(sent.id), len(posts(loopback))) == (2, 4)


@pytest.mark.parametrize("private", [False, True])
async def test_without_the_scope_for_history_nothing_is_made_twice(loopback: Loopback, private: bool) -> None:
    loopback.channel.private = private
    loopback.team.scopes -= {"groups:history" if private else "channels:history"}
    app = await loopback.start()
    await fail(loopback, app, {"reset": True, "after": True})
    loopback.clock.pass_time(hours=1)
    with capture_logs() as logs, pytest.raises(Unreachable, match="unknown whether"):
        await send(loopback, app)
    assert [line["event"] for line in logs] == ["cannot see whether a post was made"]
    assert (len(posts(loopback)), len(loopback.slack.calls_of(POST))) == (1, 1)


async def test_a_rate_limit_is_waited_for(loopback: Loopback) -> None:
    app = await loopback.start()
    loopback.slack.limit(POST, 1)
    sent = await send(loopback, app)
    first, second = [call.at for call in loopback.slack.calls_of(POST)]
    assert (second - first >= 1, [sent.id]) == (True, posts(loopback))


async def test_a_rate_limit_that_is_too_long_says_when_to_come_back_and_leaves_the_key_free(
    loopback: Loopback,
) -> None:
    app, other = await loopback.start(), await loopback.start()
    loopback.slack.limit(POST, 61)
    with pytest.raises(RateLimited) as caught:
        await send(loopback, app)
    assert 60 < caught.value.retry_after <= 61
    assert [(await send(loopback, other)).id] == posts(loopback)


async def test_a_slack_that_asks_to_wait_again_and_again_is_given_up(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.failures.DEFAULT_PAUSE", 0.01)
    monkeypatch.setattr("adapters.slack.platform.POSTS", (2 * TRIES, 1.0))
    app = await loopback.start()
    loopback.slack.faults.add(POST, error="ratelimited", times=TRIES)
    with pytest.raises(RateLimited):
        await send(loopback, app)
    assert [(await send(loopback, app)).id] == posts(loopback)


async def test_a_channel_that_takes_nothing_leaves_the_key_free(loopback: Loopback) -> None:
    app = await loopback.start()
    loopback.slack.remove_bot(loopback.channel)
    with pytest.raises(Forbidden):
        await send(loopback, app)
    loopback.channel.bot_is_member = True
    assert [(await send(loopback, app)).id] == posts(loopback)


async def test_a_channel_that_is_gone_when_a_post_is_looked_for_is_gone(loopback: Loopback) -> None:
    app = await loopback.start()
    await fail(loopback, app, {"reset": True})
    loopback.clock.pass_time(seconds=SETTLED.total_seconds())
    del loopback.slack.state.channels[loopback.channel.id]
    with pytest.raises(Gone):
        await send(loopback, app)


async def test_a_post_with_a_picture_is_made_once_too(loopback: Loopback) -> None:
    app = await loopback.start()
    loopback.slack.files.ready_after = 2
    loopback.slack.faults.add(POST, reset=True, after=True)
    sent = await send(loopback, app, Message(text="look", images=(Image(PNG, "a grey dot"),)))
    assert [sent.id] == posts(loopback)
    assert [block["type"] for block in loopback.channel.messages[sent.id].blocks] == ["section", "image"]
