from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.context.ack.async_ack import AsyncAck

from tests.support.slack.client import Room, card, opened_room, seen
from tests.support.slack.server import FakeSlack
from tests.support.waiting import until

QUICK = 0.05


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    async with opened_room() as opened:
        yield opened


async def test_a_command_is_acknowledged_with_what_its_person_alone_sees(room: Room) -> None:
    got: list[dict[str, Any]] = []

    @room.app.command("/practice")
    async def practice(ack: AsyncAck, command: dict[str, Any]) -> None:
        got.append(command)
        await ack(text="What is dropout?", blocks=card())

    await room.socket_mode()
    record = await (await room.slack.command(room.bob, room.channel, "/practice", "topic:cn")).acknowledged()

    assert seen(room, room.bob) == [["What is dropout?", "Answer"]]
    assert seen(room, room.ada) == []
    assert (record.status, record.told, record.late) == (200, [], False)
    told = {name: got[0][name] for name in ("command", "text", "user_id", "channel_id", "channel_name", "team_id")}
    assert told == {
        "command": "/practice",
        "text": "topic:cn",
        "user_id": room.bob.id,
        "channel_id": room.channel.id,
        "channel_name": "study",
        "team_id": room.workspace.id,
    }
    assert got[0]["is_enterprise_install"] == "false"
    assert (room.slack.violations, room.slack.crashes) == ([], [])


async def test_a_plain_acknowledgement_is_told_too_and_may_be_public(room: Room) -> None:
    @room.app.command("/practice")
    async def practice(ack: AsyncAck) -> None:
        await ack("hm")

    @room.app.command("/daily")
    async def daily(ack: AsyncAck) -> None:
        await ack("for all", response_type="in_channel")

    await room.socket_mode()
    await (await room.slack.command(room.bob, room.channel, "/practice")).answered()
    await (await room.slack.command(room.bob, room.channel, "/daily")).answered()

    assert seen(room, room.bob) == [["hm"], ["for all"]]
    assert seen(room, room.ada) == [["for all"]]


async def test_each_envelope_goes_to_one_connection_in_turn(room: Room) -> None:
    @room.app.command("/practice")
    async def practice(ack: AsyncAck) -> None:
        await ack()

    await room.socket_mode(connections=2)
    records = [await room.slack.command(room.bob, room.channel, "/practice") for _ in range(4)]
    for record in records:
        await record.acknowledged()

    assert [len(connection.received) for connection in room.slack.socket.live] == [2, 2]
    assert room.slack.socket.acks == 4
    assert room.slack.violations == []


async def test_what_is_not_acknowledged_in_time_is_late_and_said_so() -> None:
    async with opened_room(FakeSlack(deadline=QUICK)) as room:
        held = asyncio.Event()

        @room.app.command("/practice")
        async def practice(ack: AsyncAck) -> None:
            await held.wait()
            await ack("too late")

        await room.socket_mode()
        record = await (await room.slack.command(room.bob, room.channel, "/practice")).over()
        held.set()
        await until(lambda: room.slack.socket.acks == 1)

        assert (record.late, record.told, record.acked.is_set()) == (True, ["operation_timeout"], False)
        assert seen(room, room.bob) == []
        assert room.slack.violations == []


async def test_without_a_connection_the_person_is_told(room: Room) -> None:
    record = await (await room.slack.command(room.bob, room.channel, "/practice")).over()

    assert (record.late, record.told) == (False, ["dispatch_failed"])


async def test_an_event_that_nobody_acknowledges_comes_three_times_more() -> None:
    async with opened_room(FakeSlack(deadline=QUICK)) as room:
        handlers = await room.socket_mode()
        handlers[0].client.socket_mode_request_listeners.clear()
        record = await (await room.slack.event(room.workspace, {"type": "app_mention"})).over()
        (connection,) = room.slack.socket.live

        sent = [(frame["retry_attempt"], frame["retry_reason"]) for frame in connection.received]
        assert sent == [(0, ""), (1, "timeout"), (2, "timeout"), (3, "timeout")]
        assert record.answers == [None] * 4
        assert len({frame["payload"]["event_id"] for frame in connection.received}) == 1


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_clients_come_back_when_they_are_asked_to(room: Room, reason: str) -> None:
    @room.app.command("/practice")
    async def practice(ack: AsyncAck) -> None:
        await ack()

    await room.socket_mode()
    (old,) = room.slack.socket.live
    await room.slack.socket.disconnect(reason)
    await until(lambda: room.slack.socket.connections != [old] and old not in room.slack.socket.connections)
    await room.slack.socket.connected()
    await (await room.slack.command(room.bob, room.channel, "/practice")).acknowledged()

    assert room.slack.socket.opened == 2
    assert old.received == []


async def test_clients_come_back_when_they_are_cut(room: Room) -> None:
    @room.app.command("/practice")
    async def practice(ack: AsyncAck) -> None:
        await ack()

    await room.socket_mode(ping_interval=0.3)
    room.slack.socket.drop()
    await room.slack.socket.empty()
    await room.slack.socket.connected()
    await (await room.slack.command(room.bob, room.channel, "/practice")).acknowledged()

    assert len(room.slack.calls_of("apps.connections.open")) == 2


async def test_pings_are_answered_both_ways(room: Room) -> None:
    handlers = await room.socket_mode(ping_interval=0.1)
    (connection,) = room.slack.socket.live
    await room.slack.socket.ping()

    await until(lambda: connection.pongs == 1)
    await until(lambda: handlers[0].client.last_ping_pong_time is not None)


async def test_the_eleventh_connection_is_refused(room: Room) -> None:
    await room.socket_mode(connections=10)
    (answer,) = [await room.client_of(room.slack.app_token).apps_connections_open(app_token=room.slack.app_token)]
    async with room.slack.http.session().ws_connect(answer["url"]) as socket:
        frame = await socket.receive_json()

    assert frame == {"type": "disconnect", "reason": "too_many_websockets"}
    assert len(room.slack.socket.live) == 10


async def test_a_ticket_opens_once(room: Room) -> None:
    answer = await room.client.apps_connections_open(app_token=room.slack.app_token)
    async with room.slack.http.session().ws_connect(answer["url"]) as socket:
        assert (await socket.receive_json())["type"] == "hello"
        await socket.send_str("no json")
        await socket.send_json({"envelope_id": "never sent"})
        async with room.slack.http.session().get(answer["url"].replace("ws:", "http:")) as second:
            assert second.status == 403

    assert room.slack.violations == [
        "socket: a frame that is no acknowledgement",
        "socket: an acknowledgement of nothing, or a second one",
    ]
