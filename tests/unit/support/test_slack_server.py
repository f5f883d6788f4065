from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from tests.support.slack.client import Room, card, opened_room, seen
from tests.support.slack.state import SCOPES


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    async with opened_room() as opened:
        yield opened


async def refused(call: Awaitable[AsyncSlackResponse]) -> str:
    """Return the word with which a call was refused."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_a_token_says_whose_it_is_and_what_it_may(room: Room) -> None:
    answer = await room.client.auth_test()

    own = {name: answer[name] for name in ("team_id", "team", "user_id", "bot_id", "is_enterprise_install")}
    assert own == {
        "team_id": room.workspace.id,
        "team": "Study",
        "user_id": room.workspace.bot_user,
        "bot_id": room.workspace.bot,
        "is_enterprise_install": False,
    }
    assert set(answer.headers["x-oauth-scopes"].split(",")) == SCOPES
    call = room.slack.calls[0]
    assert (call.method, call.token, call.arguments, call.status) == ("auth.test", room.workspace.bot_token, {}, 200)


async def test_bad_tokens_are_refused_each_with_its_word(room: Room) -> None:
    other = room.slack.add_workspace("Other")
    gone = room.slack.add_workspace("Gone")
    room.slack.revoke(other)
    room.slack.deactivate(gone)
    tokens = [None, "xoxb-nothing", other.bot_token, gone.bot_token, room.slack.app_token]

    words = [await refused(room.client_of(token).auth_test()) for token in tokens]

    assert words == ["not_authed", "invalid_auth", "token_revoked", "account_inactive", "not_allowed_token_type"]
    assert await refused(room.client.apps_connections_open(app_token=room.workspace.bot_token)) == (
        "not_allowed_token_type"
    )


async def test_a_missing_scope_says_which(room: Room) -> None:
    poor = room.slack.add_workspace("Poor", scopes=["commands"])
    bob = room.slack.add_user(poor, "Bob")
    place = room.slack.add_channel(poor, "study", private=True)
    client = room.client_of(poor.bot_token)
    calls = [
        client.chat_postMessage(channel=place.id, text="x"),
        client.users_info(user=bob.id),
        client.conversations_info(channel=place.id),
        client.conversations_open(users=bob.id),
        client.files_getUploadURLExternal(filename="a.png", length=1),
    ]
    needed = []
    for call in calls:
        with pytest.raises(SlackApiError) as caught:
            await call
        assert caught.value.response["provided"] == "commands"
        needed.append(caught.value.response["needed"])

    assert needed == ["chat:write", "users:read", "groups:read", "im:write", "files:write"]
    assert room.slack.violations == []


async def test_messages_are_posted_changed_and_deleted(room: Room) -> None:
    first = await room.client.chat_postMessage(channel=room.channel.id, text="What is dropout?", blocks=card())
    second = await room.client.chat_postMessage(channel=room.channel.id, text="plain")
    assert seen(room, room.bob) == [["What is dropout?", "Answer"], ["plain"]]
    assert float(second["ts"]) > float(first["ts"])
    await room.client.chat_update(channel=room.channel.id, ts=first["ts"], text="over")
    await room.client.chat_delete(channel=room.channel.id, ts=second["ts"])

    (message,) = room.slack.seen_by(room.bob, room.channel)
    assert (message.texts, message.blocks, message.edits) == (["over"], [], 1)
    assert await refused(room.client.chat_update(channel=room.channel.id, ts=second["ts"], text="x")) == (
        "message_not_found"
    )
    assert room.slack.violations == []


async def test_only_the_bots_own_public_messages_can_be_changed(room: Room) -> None:
    theirs = room.slack.say(room.ada, room.channel, "hello")
    private = await room.client.chat_postEphemeral(channel=room.channel.id, user=room.bob.id, text="psst")
    at: dict[str, Any] = {"channel": room.channel.id, "text": "x"}

    assert seen(room, room.bob) == [["hello"], ["psst"]]
    assert seen(room, room.ada) == [["hello"]]
    assert await refused(room.client.chat_update(ts=theirs.ts, **at)) == "cant_update_message"
    assert await refused(room.client.chat_delete(channel=room.channel.id, ts=theirs.ts)) == "cant_delete_message"
    assert await refused(room.client.chat_update(ts=private["message_ts"], **at)) == "message_not_found"


async def test_where_the_bot_may_post(room: Room) -> None:
    slack, workspace = room.slack, room.workspace
    foreign = slack.add_channel(slack.add_workspace("Other"), "study")
    places = [
        slack.add_channel(workspace, "hidden", private=True, bot_is_member=False),
        slack.add_channel(workspace, "old", archived=True),
        slack.add_channel(workspace, "news", restricted=True),
        foreign,
    ]
    words = [await refused(room.client.chat_postMessage(channel=place.id, text="x")) for place in places]
    public = slack.add_channel(workspace, "public", bot_is_member=False)
    await room.client.chat_postMessage(channel=public.id, text="x")
    nowhere = room.client.chat_postEphemeral(channel=public.id, user=room.bob.id, text="x")

    assert words == ["channel_not_found", "is_archived", "restricted_action", "channel_not_found"]
    assert await refused(nowhere) == "not_in_channel"
    workspace.scopes -= {"chat:write.public"}
    assert await refused(room.client.chat_postMessage(channel=public.id, text="x")) == "not_in_channel"
    slack.remove_bot(room.channel)
    slack.archive(public)
    assert await refused(room.client.chat_postMessage(channel=room.channel.id, text="x")) == "not_in_channel"
    assert slack.violations == []


async def test_a_persons_id_stands_for_their_direct_messages(room: Room) -> None:
    posted = await room.client.chat_postMessage(channel=room.bob.id, text="psst")
    opened = await room.client.conversations_open(users=room.bob.id)
    info = await room.client.conversations_info(channel=opened["channel"]["id"])

    channel = room.slack.dm(room.bob)
    assert channel.id.startswith("D")
    assert (posted["channel"], opened["channel"]["id"], info["channel"]["user"]) == (
        channel.id,
        channel.id,
        room.bob.id,
    )
    assert [message.texts for message in room.slack.seen_by(room.bob, channel)] == [["psst"]]
    assert room.slack.seen_by(room.ada, channel) == []
    assert await refused(room.client.conversations_open(users="U404")) == "user_not_found"


async def test_history_is_exact_about_time_and_keeps_ephemeral_messages_out(room: Room) -> None:
    at: dict[str, Any] = {"channel": room.channel.id}
    metadata = {"event_type": "daily", "event_payload": {"key": "7"}}
    first = await room.client.chat_postMessage(text="one", metadata=metadata, **at)
    second = await room.client.chat_postMessage(text="two", **at)
    await room.client.chat_postEphemeral(user=room.bob.id, text="psst", **at)
    await room.client.chat_postMessage(text="three", **at)

    async def told(**more: Any) -> list[str]:
        return [message["text"] for message in (await room.client.conversations_history(**at, **more))["messages"]]

    assert await told() == ["three", "two", "one"]
    assert await told(oldest=first["ts"]) == ["three", "two"]
    assert await told(oldest=first["ts"], inclusive=True, latest=second["ts"]) == ["two", "one"]
    page = await room.client.conversations_history(limit=2, include_all_metadata=True, **at)
    rest = await room.client.conversations_history(
        cursor=page["response_metadata"]["next_cursor"], include_all_metadata=True, **at
    )
    assert (page["has_more"], rest["has_more"]) == (True, False)
    assert [message["metadata"] for message in rest["messages"]] == [metadata]
    assert "metadata" not in (await room.client.conversations_history(**at))["messages"][-1]


async def test_metadata_outlives_an_update_that_leaves_it_out(room: Room) -> None:
    metadata = {"event_type": "daily", "event_payload": {"key": "7"}}
    sent = await room.client.chat_postMessage(channel=room.channel.id, text="one", metadata=metadata)
    (message,) = room.slack.seen_by(room.bob, room.channel)
    kept = []
    changes: list[dict[str, Any]] = [{"text": "two"}, {"text": "three", "metadata": {}}]
    for change in changes:
        await room.client.chat_update(channel=room.channel.id, ts=sent["ts"], **change)
        kept.append(message.metadata)
    assert (kept, message.texts) == ([metadata, None], ["three"])
    bad = room.client.chat_postMessage(channel=room.channel.id, text="x", metadata={"event_type": "daily"})
    assert await refused(bad) == "invalid_metadata_format"


async def test_what_slack_would_not_take_is_refused_and_noted(room: Room) -> None:
    at: dict[str, Any] = {"channel": room.channel.id, "text": "x"}
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "y" * 2900}}
    words = [
        await refused(room.client.api_call("chat.postMessage", json={"channel": room.channel.id})),
        await refused(room.client.chat_postMessage(channel=room.channel.id, text="y" * 40_001)),
        await refused(room.client.chat_postMessage(blocks=[{"type": "nonsense"}], **at)),
        await refused(room.client.chat_postMessage(blocks=[section] * 5, **at)),
        await refused(room.client.api_call("chat.postMessage", json={"text": "x"})),
        await refused(room.client.api_call("chat.postMessage", json=at | {"unfurl_links": "yes"})),
        await refused(room.client.api_call("users.info", json={"user": room.bob.id})),
        await refused(room.client.api_call("chat.meMessage", json=at)),
    ]
    noted = len(room.slack.violations)
    await room.client.api_call("chat.postMessage", json={"channel": room.channel.id, "blocks": card()})
    sent = await room.client.chat_postMessage(**at)
    too_long = room.client.chat_update(channel=room.channel.id, ts=sent["ts"], text="y" * 4001)

    assert words == [
        "no_text",
        "msg_too_long",
        "invalid_blocks",
        "msg_blocks_too_long",
        "invalid_arguments",
        "invalid_arguments",
        "invalid_arguments",
        "unknown_method",
    ]
    assert await refused(too_long) == "msg_too_long"
    assert "chat.meMessage: the loopback has no such method" in room.slack.violations
    assert room.slack.violations[noted] == (
        "chat.postMessage: blocks without a text for notifications and screen readers"
    )


async def test_people_places_and_the_bot_are_described(room: Room) -> None:
    ada = (await room.client.users_info(user=room.ada.id, include_locale=True))["user"]
    bot = (await room.client.users_info(user=room.workspace.bot_user))["user"]
    place = (await room.client.conversations_info(channel=room.channel.id))["channel"]
    team = (await room.client.team_info())["team"]
    own = (await room.client.bots_info(bot=room.workspace.bot))["bot"]

    assert (ada["is_admin"], ada["tz"], ada["locale"]) == (True, "Europe/Paris", "en-GB")
    assert ada["tz_offset"] in (3600, 7200)
    assert (bot["is_bot"], own["app_id"]) == (True, room.slack.app_id)
    assert (place["name"], place["is_private"], place["is_member"], place["is_archived"]) == (
        "study",
        False,
        True,
        False,
    )
    assert (team["name"], team["domain"]) == ("Study", "study")
    assert await refused(room.client.users_info(user=room.slack.add_user(room.slack.add_workspace(), "Eve").id)) == (
        "user_not_found"
    )


async def test_forms_are_read_as_well_as_json(room: Room) -> None:
    arguments = {"channel": room.channel.id, "text": "x", "blocks": "[{}]", "unfurl_links": "0"}
    assert await refused(room.client.api_call("chat.postMessage", data=arguments)) == "invalid_blocks"
    arguments["blocks"] = '[{"type": "divider"}]'
    await room.client.api_call("chat.postMessage", data=arguments)

    assert room.slack.calls[-1].arguments == {
        "channel": room.channel.id,
        "text": "x",
        "blocks": [{"type": "divider"}],
        "unfurl_links": False,
    }


async def test_a_revoked_token_opens_nothing_more(room: Room) -> None:
    assert (await room.client.auth_revoke(test=True))["revoked"] is False
    assert (await room.client.auth_revoke())["revoked"] is True
    assert await refused(room.client.auth_test()) == "token_revoked"

    assert [record.payload["event"]["type"] for record in room.slack.records] == ["tokens_revoked"]
