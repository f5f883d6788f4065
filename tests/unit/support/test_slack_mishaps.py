from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from tests.support.slack.client import Room, opened_room, seen
from tests.support.slack.pace import Pace
from tests.support.slack.server import FakeSlack
from tests.support.waiting import until


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    async with opened_room() as opened:
        yield opened


async def post(room: Room, text: str = "x") -> str:
    return str((await room.client.chat_postMessage(channel=room.channel.id, text=text))["ts"])


async def test_ordered_limits_say_how_long_to_wait(room: Room) -> None:
    room.slack.limit("chat.postMessage", 7, times=2)
    for _ in range(2):
        with pytest.raises(SlackApiError) as caught:
            await post(room)
        assert caught.value.response.status_code == 429
        assert caught.value.response.headers["Retry-After"] == "7"
        assert caught.value.response["error"] == "ratelimited"
    await post(room)

    assert [call.status for call in room.slack.calls] == [429, 429, 200]
    assert seen(room, room.bob) == [["x"]]


async def test_the_real_pace_is_kept_per_channel() -> None:
    async with opened_room(FakeSlack(pace=True)) as room:
        other = room.slack.add_channel(room.workspace, "other")
        for _ in range(3):
            await post(room)
        with pytest.raises(SlackApiError, match="ratelimited"):
            await post(room)
        await room.client.chat_postMessage(channel=other.id, text="x")

        assert [call.status for call in room.slack.calls] == [200, 200, 200, 429, 200]


def test_a_channel_gets_a_post_a_second_and_a_workspace_fifty_updates_a_minute() -> None:
    pace = Pace(real=True)
    assert [pace.wait("chat.postMessage", "T", "C", at) for at in (0, 0, 0, 0, 0.5, 1.0, 1.1, 2.0)] == [
        *(0, 0, 0, 1, 1, 0, 1, 0)
    ]
    assert {pace.wait("chat.update", "T", "C", second) for second in range(50)} == {0}
    assert pace.wait("chat.update", "T", "C", 50) == 10
    assert pace.wait("chat.update", "U", "C", 50) == 0
    assert pace.wait("chat.update", "T", "C", 60) == 0
    assert Pace().wait("chat.postMessage", "T", "C", 0) == 0


@pytest.mark.parametrize(("after", "texts"), [(False, []), (True, [["x"]])])
async def test_a_reset_comes_before_the_work_or_after_it(room: Room, after: bool, texts: list[list[str]]) -> None:
    room.slack.faults.add("chat.postMessage", reset=True, after=after)
    with pytest.raises(aiohttp.ClientError):
        await post(room)

    assert seen(room, room.bob) == texts
    assert [call.status for call in room.slack.calls] == [0]


async def test_servers_fail_in_html_and_in_slacks_words(room: Room) -> None:
    room.slack.faults.add("*", status=503)
    with pytest.raises(SlackApiError) as caught:
        await post(room)
    assert caught.value.response.status_code == 503
    room.slack.faults.add("chat.postMessage", error="fatal_error", after=True)
    with pytest.raises(SlackApiError, match="fatal_error"):
        await post(room, "made all the same")

    assert seen(room, room.bob) == [["made all the same"]]
    assert [fault.status for fault in room.slack.faults.struck] == [503, 200]
    assert room.slack.faults.waiting == []


async def test_a_call_hangs_until_it_is_let_go(room: Room) -> None:
    release = asyncio.Event()
    room.slack.faults.add("chat.postMessage", hold=release)
    call = asyncio.create_task(post(room))
    await until(lambda: len(room.slack.faults.struck) == 1)
    assert seen(room, room.bob) == []
    release.set()
    await call

    assert seen(room, room.bob) == [["x"]]


async def test_a_client_that_gives_up_may_have_posted_all_the_same(room: Room) -> None:
    release = asyncio.Event()
    room.slack.faults.add("chat.postMessage", hold=release, after=True)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(post(room), 0.05)
    release.set()

    assert seen(room, room.bob) == [["x"]]


async def test_what_is_no_json_is_refused(room: Room) -> None:
    headers = {"Authorization": f"Bearer {room.workspace.bot_token}"}
    words = []
    for kind, body in (("application/json", "{"), ("application/json", "[]"), ("text/plain", "x")):
        sent = headers | {"Content-Type": kind}
        async with room.slack.http.session().post(f"{room.slack.api_url}auth.test", data=body, headers=sent) as answer:
            words.append((await answer.json())["error"])

    assert words == ["invalid_json", "json_not_object", "invalid_post_type"]
    assert len(room.slack.violations) == 3


async def test_it_starts_again_on_the_port_that_it_had() -> None:
    slack = FakeSlack()
    await slack.start()
    url, workspace = slack.url, slack.add_workspace()
    await slack.stop()
    await slack.start(int(url.rpartition(":")[2]))

    assert slack.url == url
    assert workspace.bot_token in slack.state.tokens
    await slack.stop()


async def test_what_the_loopback_cannot_make_sense_of_is_its_crash(room: Room) -> None:
    with pytest.raises(SlackApiError, match="internal_error"):
        await room.client.api_call("files.completeUploadExternal", json={"files": [7]})

    assert [type(crash) for crash in room.slack.crashes] == [AttributeError]
    assert room.slack.violations[0].startswith("files.completeUploadExternal: the loopback cannot make sense of it")
    room.slack.crashes.clear()


async def test_a_response_url_takes_json_objects_only(room: Room) -> None:
    record = await room.slack.command(room.bob, room.channel, "/practice")
    session = room.slack.http.session()
    async with session.post(record.response_url, data="text=x") as form:
        assert form.status == 400
    async with session.post(f"{room.slack.url}/respond/commands/T/x", json={"text": "x"}) as nowhere:
        assert nowhere.status == 404

    assert room.slack.violations == ["response_url: a body that is no JSON object"]
    assert seen(room, room.bob) == []
