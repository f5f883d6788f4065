"""A process that only speaks on Discord: no gateway, no look-ups of channels, and it knows when it is refused."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.errors import ConfigError, Forbidden, Gone, Unreachable
from bot.message import Image, Message
from bot.refs import ChannelRef, WorkspaceRef
from tests.support.discord.state import (
    ANNOUNCEMENT,
    ATTACH_FILES,
    CATEGORY,
    FORUM,
    PUBLIC_THREAD,
    REQUIRE_TAG,
    SEND_MESSAGES,
)
from tests.support.picture import PNG
from tests.support.waiting import until
from tests.unit.adapters.discord.conftest import Loopback

HELLO = Message(text="hello")
PICTURE = Message(text="look", images=(Image(PNG, "a grey dot"),))


@pytest.mark.parametrize("kind", [0, ANNOUNCEMENT, PUBLIC_THREAD])
async def test_it_posts_and_edits_without_asking_what_a_channel_is(loopback: Loopback, kind: int) -> None:
    parent = loopback.channel if kind == PUBLIC_THREAD else None
    channel = loopback.discord.add_channel(loopback.guild, "there", kind, parent=parent)
    speaker = await loopback.speak()
    loopback.discord.requests.clear()
    sent = await speaker.platform.send(loopback.place(channel), PICTURE, "daily:1")
    assert await speaker.platform.send(loopback.place(channel), PICTURE, "daily:1") == sent
    await speaker.platform.edit(sent, HELLO)
    assert loopback.texts(channel) == [["hello"]]
    assert [request.method for request in loopback.discord.requests] == ["POST", "POST", "PATCH"]
    assert loopback.discord.gateway.sessions == []


async def test_a_forum_is_found_out_about_when_it_takes_no_messages(loopback: Loopback) -> None:
    tags = ("daily", "other")
    forum = loopback.discord.add_channel(loopback.guild, "questions", FORUM, tags=tags, flags=REQUIRE_TAG)
    speaker = await loopback.speak()
    sent = await speaker.platform.send(loopback.place(forum), HELLO)
    post = loopback.discord.state.channels[sent.channel.id]
    assert (post.parent, post.applied_tags, loopback.texts(post)) == (forum, [forum.tag_id("daily")], [["hello"]])
    await speaker.platform.edit(sent, Message(text="changed"))
    assert loopback.texts(post) == [["changed"]]


async def test_failures_have_the_names_that_they_have_with_a_connection(loopback: Loopback) -> None:
    category = loopback.discord.add_channel(loopback.guild, "there", CATEGORY)
    closed = loopback.discord.add_channel(loopback.guild, "closed", deny=SEND_MESSAGES)
    gone = loopback.discord.add_channel(loopback.guild, "gone")
    gone.deleted = True
    speaker = await loopback.speak()
    for place, error in ((category, Gone), (closed, Forbidden), (gone, Gone)):
        with pytest.raises(error):
            await speaker.platform.send(loopback.place(place), HELLO)


async def test_what_is_in_the_way_is_asked_about(loopback: Loopback) -> None:
    parent = loopback.discord.add_channel(loopback.guild, "library", deny=ATTACH_FILES)
    thread = loopback.discord.add_channel(loopback.guild, "aside", PUBLIC_THREAD, parent=parent)
    role = loopback.discord.add_role(loopback.guild, "learners")
    speaker = await loopback.speak()
    for place in (parent, thread):
        assert "I lack **Attach Files** in library." in await speaker.platform.obstacle(loopback.place(place))
    assert await speaker.platform.obstacle(loopback.place(), threads=True) == ""
    assert "I may not notify the role learners." in await speaker.platform.obstacle(loopback.place(), notify=role.id)
    unseen = await speaker.platform.obstacle(ChannelRef(loopback.workspace(), "5"))
    assert unseen.startswith("I cannot see that channel.")
    elsewhere = loopback.discord.add_guild("Elsewhere", joined=False)
    found = await speaker.platform.obstacle(ChannelRef(loopback.workspace(elsewhere), "5"))
    assert found.startswith("I am not a member of this server.")
    assert await speaker.platform.obstacle(ChannelRef(WorkspaceRef("discord", "dm-5"), "5", direct=True)) == ""


async def test_what_cannot_be_asked_is_nobodys_fault(loopback: Loopback) -> None:
    speaker = await loopback.speak()
    loopback.discord.faults.add("GET", "/guilds/", status=503)
    found = await speaker.platform.obstacle(loopback.place())
    assert found == "I am not connected to Discord at the moment. Try again in a minute."
    asleep = loopback.speaker()
    assert await asleep.platform.obstacle(loopback.place()) == found


async def test_before_it_is_logged_in_it_is_unreachable(loopback: Loopback) -> None:
    speaker = loopback.speaker()
    assert not await speaker.connected()
    with pytest.raises(Unreachable):
        await speaker.platform.send(loopback.place(), HELLO)


async def test_commands_that_are_named_can_be_clicked(loopback: Loopback) -> None:
    listener = await loopback.start()
    speaker = await loopback.speak()
    [name, *_] = listener.client.commands
    await until(lambda: loopback.sent("GET", "/commands")[-1] == 200)
    await asyncio.sleep(0.02)
    await speaker.platform.send(loopback.place(), Message(text=f"`/{name}`"))
    assert loopback.texts() == [[f"</{name}:{listener.client.commands[name]}>"]]


async def test_without_the_commands_ids_it_speaks_all_the_same(loopback: Loopback) -> None:
    loopback.discord.faults.add("GET", "/commands$", status=503)
    speaker = await loopback.speak()
    await speaker.platform.send(loopback.place(), Message(text="`/practice`"))
    assert loopback.texts() == [["`/practice`"]]


async def test_a_token_that_discord_does_not_take_ends_it(loopback: Loopback) -> None:
    task = loopback.speaker(token=loopback.discord.token[:-1]).start()
    with pytest.raises(ConfigError, match="DISCORD_TOKEN"):
        await asyncio.wait_for(task, 5)


async def test_a_token_that_is_reset_later_ends_it_too(loopback: Loopback) -> None:
    speaker = loopback.speaker()
    task = speaker.start()
    await until(speaker.connected)
    loopback.discord.token = "another"  # noqa: S105 - no secret
    with pytest.raises(Unreachable):
        await speaker.platform.send(loopback.place(), HELLO)
    with pytest.raises(ConfigError, match="DISCORD_TOKEN"):
        await asyncio.wait_for(task, 5)


async def test_a_refusal_that_passes_does_not_end_it(loopback: Loopback) -> None:
    speaker = await loopback.speak()
    loopback.discord.faults.add("POST", "/messages$", status=401)
    with pytest.raises(Unreachable):
        await speaker.platform.send(loopback.place(), HELLO)
    await until(lambda: len(loopback.sent("GET", "/commands")) == 2)
    await speaker.platform.send(loopback.place(), HELLO)
    assert loopback.texts() == [["hello"]]


async def test_a_discord_that_is_away_is_waited_for(loopback: Loopback) -> None:
    port = int(loopback.discord.api_url.split(":")[2].split("/")[0])
    await loopback.discord.stop()
    speaker = loopback.speaker()
    with capture_logs() as logs:
        speaker.start()
        await until(lambda: len([line for line in logs if line["event"] == "Discord cannot be reached"]) >= 2)
    await loopback.discord.start(port)
    await until(speaker.connected)
    await speaker.platform.send(loopback.place(), HELLO)
    assert loopback.texts() == [["hello"]]


async def test_stopping_lets_what_is_under_way_be_said(loopback: Loopback) -> None:
    speaker = loopback.speaker()
    task = speaker.start()
    await until(speaker.connected)
    loopback.discord.faults.add("POST", "/messages$", delay=0.2)
    sending = asyncio.create_task(speaker.platform.send(loopback.place(), HELLO))
    await until(lambda: loopback.sent("POST", "/messages") != [])
    await speaker.stop(5)
    await sending
    assert task.done()
    assert not await speaker.connected()
    with pytest.raises(Unreachable):
        await speaker.platform.send(loopback.place(), HELLO)


async def test_stopping_before_it_began_is_quick(loopback: Loopback) -> None:
    async with asyncio.timeout(1):
        await loopback.speaker().stop(30)
