from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.support.slack.client import Room, card, opened_room, seen
from tests.support.slack.state import Json
from tests.support.waiting import until


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    async with opened_room() as opened:
        yield opened


async def test_presses_replace_delete_and_add_through_the_response_url(room: Room) -> None:
    @room.app.action("say.1")
    async def say(ack: AsyncAck, respond: AsyncRespond, body: dict[str, Any]) -> None:
        await ack()
        assert body["container"]["is_ephemeral"] is False
        assert body["message"]["blocks"][1]["elements"][0]["action_id"] == "say.1"
        await respond(text="Answered", blocks=card("Answered", action_id="say.2"), replace_original=True)

    @room.app.action("say.2")
    async def more(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack()
        await respond("psst", response_type="ephemeral", replace_original=False)
        await respond(delete_original=True)

    await room.socket_mode()
    await room.client.chat_postMessage(channel=room.channel.id, text="What is dropout?", blocks=card())
    (message,) = room.slack.seen_by(room.bob, room.channel)
    await (await room.slack.press(room.bob, message, "say.1")).answered()
    assert message.texts == ["Answered", "Answer"]
    record = await room.slack.press(room.ada, message, "say.2")
    await until(lambda: message.deleted)

    assert [found.texts for found in record.messages] == [["psst"]]
    assert seen(room, room.ada) == [["psst"]]
    assert seen(room, room.bob) == []
    assert room.slack.violations == []


async def test_an_ephemeral_message_is_replaced_only_through_its_own_press(room: Room) -> None:
    bodies: list[dict[str, Any]] = []

    @room.app.action("say.1")
    async def say(ack: AsyncAck, respond: AsyncRespond, body: dict[str, Any]) -> None:
        await ack()
        bodies.append(body)
        await respond(text="Answered", replace_original=True)

    await room.socket_mode()
    sent = await room.client.chat_postEphemeral(
        channel=room.channel.id, user=room.bob.id, text="What is dropout?", blocks=card()
    )
    (message,) = room.slack.seen_by(room.bob, room.channel)
    await (await room.slack.press(room.bob, message, "say.1")).answered()

    assert sent["message_ts"] == message.ts
    assert message.texts == ["Answered"]
    assert bodies[0]["container"]["is_ephemeral"] is True
    assert "message" not in bodies[0]


async def test_a_response_url_lives_for_five_uses_and_thirty_minutes(room: Room) -> None:
    statuses: list[int] = []

    async def use(respond: AsyncRespond, times: int) -> None:
        statuses.extend([(await respond("again")).status_code for _ in range(times)])

    @room.app.command("/practice")
    async def practice(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack()
        await use(respond, 6)

    @room.app.command("/daily")
    async def daily(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack()
        room.slack.records[-1].age = 1801
        await use(respond, 1)

    await room.socket_mode()
    await room.slack.command(room.bob, room.channel, "/practice")
    await until(lambda: len(statuses) == 6)
    await room.slack.command(room.bob, room.channel, "/daily")
    await until(lambda: len(statuses) == 7)

    assert statuses == [200, 200, 200, 200, 200, 404, 404]
    assert [call.error for call in room.slack.calls_of("response_url")[-2:]] == ["used_url", "expired_url"]
    assert len(seen(room, room.bob)) == 5


async def test_a_command_has_no_original_to_replace(room: Room) -> None:
    statuses: list[int] = []

    @room.app.command("/practice")
    async def practice(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack()
        assert respond.response_url is not None
        sender = AsyncWebhookClient(respond.response_url)
        bodies: list[Json] = [{"text": "x", "replace_original": True}, {"text": "x", "colour": "red"}]
        statuses.extend([(await sender.send_dict(body)).status_code for body in bodies])

    await room.socket_mode()
    await room.slack.command(room.bob, room.channel, "/practice")
    await until(lambda: len(statuses) == 2)

    assert statuses == [404, 200]
    assert room.slack.violations == [
        "response_url: this command has no original message",
        "response_url: has no 'colour'",
    ]


async def test_places_have_the_names_that_slack_gives_them(room: Room) -> None:
    org = room.slack.add_workspace("Org", enterprise="E0ORG")
    eve = room.slack.add_user(org, "Eve")
    shared = room.slack.add_channel(room.workspace, "shared", members=[room.bob, eve])
    hidden = room.slack.add_channel(org, "hidden", private=True)
    places = [(room.bob, room.slack.dm(room.bob)), (eve, hidden), (eve, shared)]
    payloads = [(await room.slack.command(user, place, "/practice")).payload for user, place in places]
    message = room.slack.say(eve, shared, "hello")
    pressed = (await room.slack.press(eve, message, "x", forged=True)).payload

    assert [payload["channel_name"] for payload in payloads] == ["directmessage", "privategroup", "shared"]
    assert [payload.get("enterprise_id") for payload in payloads] == [None, "E0ORG", None]
    assert (pressed["team"]["id"], pressed["user"]["team_id"]) == (room.workspace.id, org.id)
    assert (await room.client.users_info(user=eve.id))["user"]["team_id"] == org.id
    assert (room.slack.seen_by(room.bob, shared), room.slack.seen_by(room.ada, shared)) == ([message], [message])
    assert room.slack.seen_by(eve, room.channel) == []


async def test_lists_say_what_was_chosen_and_a_button_beside_them_too(room: Room) -> None:
    bodies: list[dict[str, Any]] = []

    async def keep(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        bodies.append(body)

    room.app.action("pick")(keep)
    room.app.action("choose")(keep)
    room.app.action("send.1")(keep)
    options = [{"text": {"type": "plain_text", "text": name.upper()}, "value": name} for name in ("a", "b", "c")]
    many: Json = {"type": "multi_static_select", "action_id": "choose", "options": options}
    one = {"type": "static_select", "action_id": "pick", "options": options}
    send = {"type": "button", "action_id": "send.1", "text": {"type": "plain_text", "text": "Send"}}
    section = {
        "type": "section",
        "block_id": "several",
        "text": {"type": "mrkdwn", "text": "Which?"},
        "accessory": many,
    }
    blocks: list[Json] = [section, {"type": "actions", "block_id": "acts", "elements": [one, send]}]
    await room.socket_mode()
    await room.client.chat_postMessage(channel=room.channel.id, text="Which?", blocks=blocks)
    (message,) = room.slack.seen_by(room.bob, room.channel)
    for pressed in (
        await room.slack.press(room.bob, message, "choose", values=["a", "c"]),
        await room.slack.press(room.bob, message, "pick", value="b"),
        await room.slack.press(room.bob, message, "send.1"),
        await room.slack.press(room.ada, message, "send.1"),
    ):
        await pressed.acknowledged()

    assert [option["value"] for option in bodies[0]["actions"][0]["selected_options"]] == ["a", "c"]
    assert bodies[1]["actions"][0]["selected_option"]["value"] == "b"
    values = bodies[2]["state"]["values"]
    assert [option["value"] for option in values["several"]["choose"]["selected_options"]] == ["a", "c"]
    assert values["acts"]["pick"]["selected_option"]["value"] == "b"
    assert bodies[3]["state"]["values"]["several"]["choose"]["selected_options"] == []
    with pytest.raises(AssertionError, match="is not among"):
        await room.slack.press(room.bob, message, "pick", value="z")


async def test_what_is_forged_is_sent_all_the_same(room: Room) -> None:
    bodies: list[dict[str, Any]] = []

    @room.app.action("evil.9")
    async def keep(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        bodies.append(body)

    await room.socket_mode()
    message = room.slack.say(room.ada, room.channel, "hello")
    await (await room.slack.press(room.bob, message, "evil.9", value="x", forged=True)).acknowledged()
    await (await room.slack.press(room.bob, None, "evil.9", values=["y"], channel=room.channel)).acknowledged()

    assert bodies[0]["actions"][0]["value"] == "x"
    assert bodies[1]["actions"][0]["selected_option"]["value"] == "y"
    assert bodies[1]["container"]["is_ephemeral"] is True
