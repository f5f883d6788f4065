"""Posting where two channels share a key, a forum has tags for moderators, a thread's parent or a server is unknown."""

from __future__ import annotations

import discord
import pytest

from bot.message import Message
from tests.support.discord.payloads import channel_payload
from tests.support.discord.state import FORUM, PUBLIC_THREAD, REQUIRE_TAG, Channel
from tests.support.waiting import until
from tests.unit.adapters.discord.conftest import Loopback

HELLO = Message(text="hello")
NO_TAG = "That forum demands a tag and has none that I may use. Add one to it, or lift the demand."


async def test_the_same_key_in_two_channels_is_posted_in_both(loopback: Loopback) -> None:
    other = loopback.discord.add_channel(loopback.guild, "other")
    app = await loopback.start()
    sent = [
        await app.platform.send(loopback.place(channel), HELLO, "daily:1")
        for channel in (loopback.channel, other, other, loopback.channel)
    ]
    assert [loopback.texts(loopback.channel), loopback.texts(other)] == [[["hello"]], [["hello"]]]
    assert sent == [sent[0], sent[1], sent[1], sent[0]]
    nonces = {request.body["nonce"] for request in loopback.discord.requests if request.method == "POST"}
    assert len(nonces) == 2


async def reserve_tags(loopback: Loopback, client: discord.Client, forum: Channel, *names: str) -> None:
    """Leave tags of a forum to its moderators, and wait until a client knows."""
    tags = [
        {"id": forum.tag_id(name), "name": name, "moderated": name in names, "emoji_id": None, "emoji_name": None}
        for name in forum.tags
    ]
    loopback.discord.dispatch_raw("CHANNEL_UPDATE", channel_payload(forum) | {"available_tags": tags})

    def known() -> bool:
        there = client.get_channel(int(forum.id))
        assert isinstance(there, discord.ForumChannel)
        return {tag.name for tag in there.available_tags if tag.moderated} == set(names)

    await until(known)


async def test_a_tag_that_is_for_moderators_is_not_used(loopback: Loopback) -> None:
    tags = ("official", "daily", "other")
    forum = loopback.discord.add_channel(loopback.guild, "questions", FORUM, tags=tags, flags=REQUIRE_TAG)
    app = await loopback.start()
    await reserve_tags(loopback, app.client, forum, "official")
    assert await app.platform.obstacle(loopback.place(forum)) == ""
    sent = await app.platform.send(loopback.place(forum), HELLO)
    assert loopback.discord.state.channels[sent.channel.id].applied_tags == [forum.tag_id("daily")]


@pytest.mark.parametrize(("flags", "found"), [(REQUIRE_TAG, NO_TAG), (0, "")])
async def test_a_forum_that_demands_a_tag_must_have_one_that_is_not_for_moderators(
    loopback: Loopback, flags: int, found: str
) -> None:
    tags = ("official", "closed")
    forum = loopback.discord.add_channel(loopback.guild, "questions", FORUM, tags=tags, flags=flags)
    app = await loopback.start()
    await reserve_tags(loopback, app.client, forum, *tags)
    assert await app.platform.obstacle(loopback.place(forum)) == found


async def test_a_thread_of_a_channel_that_cannot_be_seen_is_said_to_be_unseen(loopback: Loopback) -> None:
    parent = loopback.discord.add_channel(loopback.guild, "library")
    thread = loopback.discord.add_channel(loopback.guild, "aside", PUBLIC_THREAD, parent=parent)
    app = await loopback.start()
    loopback.discord.dispatch_raw("THREAD_CREATE", channel_payload(thread) | {"id": "77", "parent_id": "5"})
    guild = app.client.get_guild(int(loopback.guild.id))
    assert guild is not None
    await until(lambda: guild.get_thread(77) is not None)
    orphan = guild.get_thread(77)
    assert orphan is not None
    assert orphan.parent is None
    place = loopback.place(thread)
    found = await app.platform.obstacle(type(place)(place.workspace, "77"))
    assert found.startswith("I cannot see that channel. Allow me **View Channels** in its settings, under Permissions;")
    assert await app.platform.obstacle(place) == ""


async def test_a_server_that_was_left_is_said_to_be_left_although_discordpy_still_has_it(loopback: Loopback) -> None:
    app = await loopback.start()
    await until(app.client.is_ready)
    assert await app.platform.obstacle(loopback.place()) == ""
    await loopback.presence.left(loopback.workspace())
    assert app.client.get_guild(int(loopback.guild.id)) is not None
    found = await app.platform.obstacle(loopback.place())
    assert found.startswith("I am not a member of this server. Ask somebody who manages it to add me")
