"""Posting without being asked: where, what Slack may answer, and that edits keep to its rate."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from adapters.slack.failures import Refused
from bot.errors import Forbidden, Gone, PlatformError, RateLimited, Unreachable
from bot.message import Image, Message
from bot.refs import ChannelRef, MessageRef, WorkspaceRef
from tests.support.picture import PNG
from tests.support.slack.state import StoredMessage
from tests.support.waiting import until
from tests.unit.adapters.slack.conftest import Loopback

HELLO = Message(text="hello")
CHANGED = Message(text="changed")
PICTURE = Message(text="look", images=(Image(PNG, "a grey dot"),))
POST, UPDATE = "chat.postMessage", "chat.update"


def texts(loopback: Loopback) -> list[str]:
    """Return what everybody sees in the channel."""
    return [message.texts[0] for message in loopback.slack.seen_by(loopback.grace, loopback.channel)]


def posted(loopback: Loopback, ref: MessageRef) -> StoredMessage:
    return loopback.channel.messages[ref.id]


@pytest.mark.parametrize("private", [False, True])
async def test_a_message_is_posted_and_edited_in_each_kind_of_channel(loopback: Loopback, private: bool) -> None:
    channel = loopback.slack.add_channel(loopback.team, "there", private=private)
    app = await loopback.start()
    sent = await app.platform.send(loopback.place(channel), HELLO)
    assert [message.texts for message in channel.messages.values()] == [["hello"]]
    await app.platform.edit(sent, CHANGED)
    assert [(ts, message.texts) for ts, message in channel.messages.items()] == [(sent.id, ["changed"])]
    assert sent.channel == loopback.place(channel)


async def test_a_post_has_words_for_notifications_and_unfolds_no_links(loopback: Loopback) -> None:
    app = await loopback.start()
    await app.platform.send(loopback.place(), Message(text="hello", title="Question of the day"))
    said = loopback.slack.calls_of(POST)[0].arguments
    assert said["text"] == "Question of the day\nhello"
    assert (said["unfurl_links"], said["unfurl_media"], "metadata" in said) == (False, False, False)


async def test_a_person_is_written_to_in_the_apps_own_chat(loopback: Loopback) -> None:
    app = await loopback.start()
    await app.platform.send(ChannelRef(loopback.workspace(), loopback.ada.id, direct=True), HELLO)
    assert [message.texts for message in loopback.slack.dm(loopback.ada).messages.values()] == [["hello"]]


async def test_pictures_arrive_with_their_words_and_are_uploaded_once(loopback: Loopback) -> None:
    app = await loopback.start()
    sent = await app.platform.send(loopback.place(), PICTURE)
    await app.platform.edit(sent, PICTURE)
    [picture] = [block for block in posted(loopback, sent).blocks if block["type"] == "image"]
    file = loopback.slack.state.files[picture["slack_file"]["id"]]
    assert (picture["alt_text"], file.data) == ("a grey dot", PNG)
    assert len(loopback.slack.calls_of("upload")) == 1


def refused(loopback: Loopback, how: str) -> None:
    channel = loopback.channel
    acts: dict[str, Callable[[], object]] = {
        "not_in_channel": lambda: loopback.slack.remove_bot(channel),
        "is_archived": lambda: loopback.slack.archive(channel),
        "restricted_action": lambda: setattr(channel, "restricted", True),
        "channel_not_found": lambda: loopback.slack.state.channels.pop(channel.id),
        "token_revoked": lambda: loopback.slack.revoke(loopback.team),
        "account_inactive": lambda: loopback.slack.deactivate(loopback.team),
        "missing_scope": lambda: setattr(loopback.team, "scopes", loopback.team.scopes - {"chat:write"}),
    }
    acts[how]()


@pytest.mark.parametrize("key", ["", "daily:1"])
@pytest.mark.parametrize(
    ("how", "error"),
    [
        ("not_in_channel", Forbidden),
        ("is_archived", Gone),
        ("restricted_action", Forbidden),
        ("channel_not_found", Gone),
        ("missing_scope", Forbidden),
    ],
)
async def test_a_place_where_slack_lets_nothing_be_posted_says_why(
    loopback: Loopback, how: str, error: type[PlatformError], key: str
) -> None:
    app = await loopback.start()
    refused(loopback, how)
    with pytest.raises(error, match=how):
        await app.platform.send(loopback.place(), HELLO, key)
    assert (texts(loopback), await loopback.presence.has_left(loopback.workspace())) == ([], False)


@pytest.mark.parametrize("how", ["token_revoked", "account_inactive"])
async def test_a_workspace_whose_token_is_worth_nothing_is_gone_and_not_asked_again(
    loopback: Loopback, how: str
) -> None:
    app = await loopback.start()
    sent = await app.platform.send(loopback.place(), HELLO)
    refused(loopback, how)
    with pytest.raises(Gone, match=how):
        await app.platform.send(loopback.place(), HELLO)
    assert await loopback.presence.has_left(loopback.workspace())
    loopback.slack.calls.clear()
    for again in (app.platform.send(loopback.place(), HELLO, "daily:1"), app.platform.edit(sent, CHANGED)):
        with pytest.raises(Gone):
            await again
    assert loopback.slack.calls == []


@pytest.mark.parametrize("code", ["restricted_action_read_only_channel", "restricted_action_thread_only_channel"])
async def test_each_kind_of_restriction_is_forbidden(loopback: Loopback, code: str) -> None:
    app = await loopback.start()
    loopback.slack.faults.add(POST, error=code)
    with pytest.raises(Forbidden, match=code):
        await app.platform.send(loopback.place(), HELLO)


async def test_what_slack_does_not_take_is_an_error_with_its_code(loopback: Loopback) -> None:
    app = await loopback.start()
    loopback.slack.faults.add(POST, error="msg_blocks_too_long")
    with pytest.raises(Refused, match=r"^Slack refused it \(msg_blocks_too_long\)$"):
        await app.platform.send(loopback.place(), HELLO)


@pytest.mark.parametrize("fault", [{"status": 503}, {"reset": True}, {"error": "fatal_error"}], ids=str)
async def test_a_slack_that_fails_is_unreachable_and_not_asked_again(loopback: Loopback, fault: dict[str, Any]) -> None:
    app = await loopback.start()
    loopback.slack.faults.add(POST, **fault)
    with pytest.raises(Unreachable):
        await app.platform.send(loopback.place(), HELLO)
    assert len(loopback.slack.calls_of(POST)) == 1


async def test_a_slack_that_is_away_is_unreachable(loopback: Loopback) -> None:
    app = await loopback.start(credentials=loopback.over_http)
    await loopback.slack.stop()
    with pytest.raises(Unreachable):
        await app.platform.send(loopback.place(), HELLO)


async def test_before_slack_was_reached_it_is_unreachable_rather_than_gone(loopback: Loopback) -> None:
    app = loopback.app()
    with pytest.raises(Unreachable):
        await app.platform.send(loopback.place(), HELLO, "daily:1")
    with pytest.raises(Unreachable):
        await app.platform.edit(MessageRef(loopback.place(), "5.6"), HELLO)
    assert (
        await app.platform.obstacle(loopback.place()) == "Slack does not answer at the moment. Try again in a minute."
    )


@pytest.mark.parametrize(
    "place",
    [
        ChannelRef(WorkspaceRef("discord", "1"), "C0WARM00001"),
        ChannelRef(WorkspaceRef("slack", "T1"), "study"),
        ChannelRef(WorkspaceRef("slack", "T1"), ""),
    ],
)
async def test_an_address_that_is_none_of_slacks_is_gone_without_asking(loopback: Loopback, place: ChannelRef) -> None:
    app = await loopback.start()
    loopback.slack.calls.clear()
    with pytest.raises(Gone):
        await app.platform.send(place, HELLO)
    with pytest.raises(Gone):
        await app.platform.edit(MessageRef(place, "5.6"), HELLO)
    assert loopback.slack.calls == []


async def test_another_workspace_than_the_tokens_is_gone_without_asking(loopback: Loopback) -> None:
    app = await loopback.start()
    loopback.slack.calls.clear()
    with pytest.raises(Gone, match="not installed"):
        await app.platform.send(ChannelRef(WorkspaceRef("slack", "T9"), loopback.channel.id), HELLO)
    assert loopback.slack.calls == []


async def test_of_many_edits_at_once_few_are_made_and_the_last_wins(loopback: Loopback) -> None:
    app = await loopback.start()
    sent = await app.platform.send(loopback.place(), HELLO)
    await asyncio.gather(*(app.platform.edit(sent, Message(text=f"edit {n}")) for n in range(50)))
    assert texts(loopback) == ["edit 49"]
    assert len(loopback.slack.calls_of(UPDATE)) == 1


async def test_an_edit_that_comes_while_another_is_made_is_made_after_it(loopback: Loopback) -> None:
    app = await loopback.start()
    sent = await app.platform.send(loopback.place(), HELLO)
    loopback.slack.faults.add(UPDATE, hold=(gate := asyncio.Event()))
    first = asyncio.create_task(app.platform.edit(sent, Message(text="first")))
    await until(lambda: bool(loopback.slack.faults.struck))
    rest = [asyncio.create_task(app.platform.edit(sent, Message(text=f"edit {n}"))) for n in range(9)]
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(first, *rest)
    assert (texts(loopback), posted(loopback, sent).edits) == (["edit 8"], 2)


@pytest.mark.parametrize(
    "fault", [{"status": 500}, {"reset": True}, {"reset": True, "after": True}, {"error": "internal_error"}], ids=str
)
async def test_an_edit_of_which_nobody_knows_is_made_again(loopback: Loopback, fault: dict[str, Any]) -> None:
    app = await loopback.start()
    sent = await app.platform.send(loopback.place(), HELLO)
    loopback.slack.faults.add(UPDATE, **fault)
    await app.platform.edit(sent, CHANGED)
    assert texts(loopback) == ["changed"]


async def test_an_edit_waits_where_slack_asks_to(loopback: Loopback) -> None:
    app = await loopback.start()
    sent = await app.platform.send(loopback.place(), HELLO)
    loopback.slack.faults.add(UPDATE, status=429, headers={"Retry-After": "0"}, times=3)
    await app.platform.edit(sent, CHANGED)
    assert texts(loopback) == ["changed"]
    loopback.slack.faults.add(UPDATE, status=429, headers={"Retry-After": "61"})
    with pytest.raises(RateLimited) as caught:
        await app.platform.edit(sent, HELLO)
    assert 60 < caught.value.retry_after <= 61


async def test_an_edit_that_keeps_failing_tells_everybody_who_waits_and_hinders_no_later_one(
    loopback: Loopback,
) -> None:
    app = await loopback.start()
    sent = await app.platform.send(loopback.place(), HELLO)
    loopback.slack.faults.add(UPDATE, reset=True, times=2)
    done = await asyncio.gather(*(app.platform.edit(sent, CHANGED) for _ in range(3)), return_exceptions=True)
    assert [type(error) for error in done] == [Unreachable] * 3
    await app.platform.edit(sent, CHANGED)
    assert texts(loopback) == ["changed"]


async def test_a_deleted_message_is_gone(loopback: Loopback) -> None:
    app = await loopback.start()
    sent = await app.platform.send(loopback.place(), HELLO)
    posted(loopback, sent).deleted = True
    with pytest.raises(Gone):
        await app.platform.edit(sent, CHANGED)
