"""Posting without being asked: where, what Discord may answer, and that each message is posted once."""

from __future__ import annotations

from contextlib import suppress

import pytest

from bot.errors import Forbidden, Gone, PlatformError, RateLimited, Unreachable
from bot.message import Field, Image, Message
from bot.refs import ChannelRef, MessageRef, WorkspaceRef
from tests.support.discord.state import (
    ANNOUNCEMENT,
    ATTACH_FILES,
    CATEGORY,
    FORUM,
    PUBLIC_THREAD,
    REQUIRE_TAG,
    SEND_MESSAGES,
    VIEW_CHANNEL,
    VOICE,
    Channel,
)
from tests.support.picture import PNG
from tests.support.waiting import until
from tests.unit.adapters.discord.conftest import Loopback

HELLO = Message(text="hello")
CHANGED = Message(text="changed")
PICTURE = Message(text="look", images=(Image(PNG, "a grey dot"),))
POST = "/messages$"


def channel_of_kind(loopback: Loopback, kind: int) -> Channel:
    parent = loopback.channel if kind == PUBLIC_THREAD else None
    return loopback.discord.add_channel(loopback.guild, "there", kind, parent=parent)


@pytest.mark.parametrize("kind", [0, ANNOUNCEMENT, PUBLIC_THREAD])
async def test_a_message_is_posted_and_edited_in_each_kind_of_channel(loopback: Loopback, kind: int) -> None:
    channel = channel_of_kind(loopback, kind)
    app = await loopback.start()
    sent = await app.platform.send(loopback.place(channel), HELLO)
    assert (sent.channel, loopback.texts(channel)) == (loopback.place(channel), [["hello"]])
    await app.platform.edit(sent, CHANGED)
    assert (list(channel.messages), loopback.texts(channel)) == ([sent.id], [["changed"]])


@pytest.mark.parametrize(("flags", "applied"), [(0, 0), (REQUIRE_TAG, 1)])
async def test_in_a_forum_a_message_is_a_new_post_with_a_tag_where_one_is_demanded(
    loopback: Loopback, flags: int, applied: int
) -> None:
    forum = loopback.discord.add_channel(loopback.guild, "questions", FORUM, tags=("daily", "other"), flags=flags)
    app = await loopback.start()
    sent = await app.platform.send(loopback.place(forum), Message(text="hello", title="Question of\nthe day"))
    post = loopback.discord.state.channels[sent.channel.id]
    assert (post.name, post.parent, post.applied_tags) == (
        "Question of the day",
        forum,
        [forum.tag_id("daily")][:applied],
    )
    assert sent.channel == loopback.place(post)
    await app.platform.edit(sent, CHANGED)
    assert loopback.texts(post) == [["changed"]]


@pytest.mark.parametrize(
    ("message", "name"),
    [
        (Message(text="hello", title="x" * 150), "x" * 100),
        (Message(text="**bold** words"), "bold words"),
        (Message(fields=(Field("name", "value"),)), "Warmup"),
    ],
)
async def test_a_post_is_named_by_the_title_or_else_the_text(loopback: Loopback, message: Message, name: str) -> None:
    forum = loopback.discord.add_channel(loopback.guild, "questions", FORUM)
    app = await loopback.start()
    sent = await app.platform.send(loopback.place(forum), message)
    assert loopback.discord.state.channels[sent.channel.id].name == name


async def test_pictures_arrive_with_their_alternative_text_and_stay_with_an_edit(loopback: Loopback) -> None:
    app = await loopback.start()
    sent = await app.platform.send(loopback.place(), PICTURE)
    await app.platform.edit(sent, PICTURE)
    [picture] = loopback.channel.messages[sent.id].attachments
    assert (picture.filename, picture.data, picture.description) == ("1-picture.png", PNG, "a grey dot")


async def test_a_key_is_posted_once_however_often_and_by_whomever(loopback: Loopback) -> None:
    first, second = await loopback.start(), await loopback.start()
    sent = [await app.platform.send(loopback.place(), HELLO, "daily:1") for app in (first, first, second)]
    assert len(set(sent)) == len(loopback.texts()) == 1
    await second.platform.send(loopback.place(), HELLO, "daily:2")
    assert len(loopback.texts()) == 2


async def test_without_a_key_each_message_is_another(loopback: Loopback) -> None:
    app = await loopback.start()
    for _ in range(2):
        await app.platform.send(loopback.place(), HELLO)
    assert len(loopback.texts()) == 2


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500, "after": True},
        {"status": 502},
        {"reset": True},
        {"reset": True, "after": True},
        {"reset": True, "after": True, "times": 2},
        {"status": 429, "retry_after": 0.01},
    ],
    ids=str,
)
async def test_what_fails_on_the_way_is_posted_once(loopback: Loopback, fault: dict[str, object]) -> None:
    app = await loopback.start()
    loopback.discord.faults.add("POST", POST, **fault)  # type: ignore[arg-type]
    sent = await app.platform.send(loopback.place(), PICTURE)
    assert list(loopback.channel.messages) == [sent.id]
    assert [one.data for one in loopback.channel.messages[sent.id].attachments] == [PNG]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("fault", [{"status": 500}, {"reset": True}, {"reset": True, "after": True}], ids=str)
async def test_an_edit_is_tried_again(loopback: Loopback, fault: dict[str, object]) -> None:
    app = await loopback.start()
    sent = await app.platform.send(loopback.place(), HELLO)
    loopback.discord.faults.add("PATCH", "/messages/", **fault)  # type: ignore[arg-type]
    await app.platform.edit(sent, PICTURE)
    assert loopback.texts() == [["look"]]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("fault", [{"status": 503}, {"reset": True, "times": 3}, {"status": 500, "times": 5}], ids=str)
async def test_what_keeps_failing_is_unreachable(loopback: Loopback, fault: dict[str, object]) -> None:
    app = await loopback.start()
    loopback.discord.faults.add("POST", POST, **fault)  # type: ignore[arg-type]
    with pytest.raises(Unreachable):
        await app.platform.send(loopback.place(), HELLO)
    assert loopback.texts() == []


@pytest.mark.usefixtures("impatient")
async def test_a_discord_that_is_away_is_unreachable(loopback: Loopback) -> None:
    app = await loopback.start()
    await loopback.discord.stop()
    with pytest.raises(Unreachable):
        await app.platform.send(loopback.place(), HELLO)


async def test_before_the_first_connection_it_is_unreachable(loopback: Loopback) -> None:
    app = loopback.app()
    with pytest.raises(Unreachable):
        await app.platform.send(loopback.place(), HELLO)
    with pytest.raises(Unreachable):
        await app.platform.edit(MessageRef(loopback.place(), "1"), HELLO)


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [({"via": False}, 1), ({"via": False, "headers": {"Retry-After": "soon"}}, 60), ({"retry_after": 61.5}, 61.5)],
    ids=str,
)
async def test_a_rate_limit_that_is_too_long_says_when_to_come_back(
    loopback: Loopback, fault: dict[str, object], seconds: float
) -> None:
    app = await loopback.start()
    loopback.discord.faults.add("POST", POST, status=429, **fault)  # type: ignore[arg-type]
    with pytest.raises(RateLimited) as caught:
        await app.platform.send(loopback.place(), HELLO)
    assert caught.value.retry_after == seconds


@pytest.mark.parametrize("denied", [VIEW_CHANNEL, SEND_MESSAGES, ATTACH_FILES])
async def test_a_permission_that_is_missing_is_forbidden(loopback: Loopback, denied: int) -> None:
    channel = loopback.discord.add_channel(loopback.guild, "closed", deny=denied)
    app = await loopback.start()
    with pytest.raises(Forbidden):
        await app.platform.send(loopback.place(channel), PICTURE)
    assert channel.messages == {}


async def test_a_message_that_discord_refuses_is_an_error_of_the_platform(loopback: Loopback) -> None:
    app = await loopback.start()
    loopback.discord.faults.add("POST", POST, status=400, code=50035)
    with pytest.raises(PlatformError, match=r"status 400, code 50035"):
        await app.platform.send(loopback.place(), HELLO)


async def test_a_deleted_channel_is_gone_whether_the_client_knows_or_not(loopback: Loopback) -> None:
    app = await loopback.start()
    sent = await app.platform.send(loopback.place(), HELLO)
    loopback.channel.deleted = True
    with pytest.raises(Gone):
        await app.platform.send(loopback.place(), HELLO)
    loopback.discord.delete_channel(loopback.channel)
    await until(lambda: app.client.get_channel(int(loopback.channel.id)) is None)
    with pytest.raises(Gone):
        await app.platform.send(loopback.place(), HELLO)
    with pytest.raises(Gone):
        await app.platform.edit(sent, CHANGED)


async def test_a_deleted_message_is_gone(loopback: Loopback) -> None:
    app = await loopback.start()
    sent = await app.platform.send(loopback.place(), HELLO)
    loopback.channel.messages[sent.id].deleted = True
    with pytest.raises(Gone):
        await app.platform.edit(sent, CHANGED)


async def test_a_server_that_removed_warmup_is_not_asked_again(loopback: Loopback) -> None:
    app = await loopback.start()
    sent = await app.platform.send(loopback.place(), HELLO)
    loopback.discord.remove_guild(loopback.guild)
    with pytest.raises((Forbidden, Gone)):
        await app.platform.send(loopback.place(), HELLO)
    await until(lambda: loopback.presence.has_left(loopback.workspace()))
    loopback.discord.requests.clear()
    with pytest.raises(Gone):
        await app.platform.send(loopback.place(), HELLO)
    with pytest.raises(Gone):
        await app.platform.edit(sent, CHANGED)
    assert loopback.discord.requests == []


@pytest.mark.parametrize(
    "place",
    [
        ChannelRef(WorkspaceRef("slack", "T1"), "C1"),
        ChannelRef(WorkspaceRef("discord", "1"), "../users/@me"),
        ChannelRef(WorkspaceRef("discord", "1"), ""),
    ],
)
async def test_an_address_that_is_none_of_discords_is_gone_without_asking(
    loopback: Loopback, place: ChannelRef
) -> None:
    app = await loopback.start()
    loopback.discord.requests.clear()
    with pytest.raises(Gone):
        await app.platform.send(place, HELLO)
    with pytest.raises(Gone):
        await app.platform.edit(MessageRef(place, "5"), HELLO)
    assert loopback.discord.requests == []


async def test_a_channel_that_the_client_does_not_know_is_posted_to_without_asking(loopback: Loopback) -> None:
    thread = channel_of_kind(loopback, PUBLIC_THREAD)
    thread.archived = True
    app = await loopback.start()
    sent = await app.platform.send(loopback.place(thread), HELLO)
    assert list(thread.messages) == [sent.id]
    assert loopback.sent("GET", f"/channels/{thread.id}") == []


async def test_direct_messages_are_posted_to(loopback: Loopback) -> None:
    channel = loopback.discord.dm_channel(loopback.ada)
    app = await loopback.start()
    place = ChannelRef(WorkspaceRef("discord", f"dm-{channel.id}"), channel.id, direct=True)
    sent = await app.platform.send(place, HELLO)
    await app.platform.edit(sent, CHANGED)
    assert (sent.channel, loopback.texts(channel)) == (place, [["changed"]])


@pytest.mark.parametrize("kind", [CATEGORY, VOICE])
async def test_a_channel_that_is_none_for_text_is_gone(loopback: Loopback, kind: int) -> None:
    channel = channel_of_kind(loopback, kind)
    app = await loopback.start()
    with pytest.raises(Gone):
        await app.platform.send(loopback.place(channel), HELLO)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "fault",
    [
        {"reset": True},
        pytest.param(
            {"status": 500},
            marks=pytest.mark.xfail(strict=True, reason="discord.py posts to a forum again after a 500, with no nonce"),
        ),
    ],
    ids=str,
)
async def test_a_post_in_a_forum_that_may_have_been_made_is_not_made_again(
    loopback: Loopback, fault: dict[str, object]
) -> None:
    forum = loopback.discord.add_channel(loopback.guild, "questions", FORUM)
    app = await loopback.start()
    loopback.discord.faults.add("POST", "/threads$", after=True, **fault)  # type: ignore[arg-type]
    with suppress(Unreachable):
        await app.platform.send(loopback.place(forum), HELLO)
    assert [channel.parent for channel in loopback.discord.state.channels.values()].count(forum) == 1
