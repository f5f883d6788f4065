"""A post that an earlier attempt may have made is looked for where no nonce tells of it."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.errors import Forbidden, PlatformError, Unreachable
from bot.message import Action, Button, Choice, Link, Message, Select
from bot.refs import ChannelRef, MessageRef, WorkspaceRef
from tests.support.discord.state import (
    FORUM,
    PUBLIC_THREAD,
    READ_MESSAGE_HISTORY,
    SEND_MESSAGES,
    VIEW_CHANNEL,
    Channel,
    StoredMessage,
)
from tests.unit.adapters.discord.conftest import Loopback, Speaking

KEY = "daily:1:2026-11-23"
LINK = Link("Read", "https://example.org/")
QUESTION = Message(text="What is dropout?", rows=((LINK, Button("A", Action("daily", ("1", "A")))),))
SHOWN_OTHERWISE = Message(text="Closed.", title="What was dropout?", rows=QUESTION.rows)
ANOTHER = Message(text="What is dropout?", rows=((Button("A", Action("daily", ("2", "A"))),),))
CHOOSING = Message(text="Choose", rows=(Select(Action("daily", ("3",)), (Choice("a", "A"),), "Choose"),))
BARE = Message(text="**Results** of `/practice`", title="Yesterday", footer="small")


def later(loopback: Loopback, seconds: float = 1200) -> datetime:
    """Let time pass in which Discord forgets nonces, and return the instant before."""
    before = loopback.clock.now()
    loopback.clock.pass_time(seconds=seconds)
    for channel in loopback.discord.state.channels.values():
        channel.nonces.clear()
    return before


def write(loopback: Loopback, times: int = 1, channel: Channel | None = None) -> None:
    """Let Ada write into a channel."""
    for _ in range(times):
        place = channel or loopback.channel
        message = StoredMessage(loopback.discord.state.new_id(), place, loopback.ada, "", content="hello")
        message.created = loopback.discord.state.timestamp()
        place.messages[message.id] = message


def deny(channel: Channel, bits: int) -> None:
    channel.deny = bits


@pytest.mark.parametrize("message", [QUESTION, CHOOSING, BARE])
async def test_what_was_made_is_found_among_others(loopback: Loopback, speaking: Speaking, message: Message) -> None:
    write(loopback)
    await speaking.platform.send(loopback.place(), ANOTHER, "daily:0")
    first = await speaking.platform.send(loopback.place(), message, KEY)
    write(loopback)
    again = await speaking.platform.send(loopback.place(), message, KEY, later(loopback))
    assert again == first


async def test_a_message_is_known_by_its_control_whatever_it_says(loopback: Loopback, speaking: Speaking) -> None:
    first = await speaking.platform.send(loopback.place(), QUESTION, KEY)
    assert await speaking.platform.send(loopback.place(), SHOWN_OTHERWISE, KEY, later(loopback)) == first


async def test_whom_a_post_notified_does_not_hide_it(loopback: Loopback, speaking: Speaking) -> None:
    role = loopback.discord.add_role(loopback.guild, "learners", mentionable=True)
    message = Message(text="Results", notify=role.id)
    first = await speaking.platform.send(loopback.place(), message, KEY)
    assert await speaking.platform.send(loopback.place(), message, KEY, later(loopback)) == first


async def test_what_was_not_made_is_made(loopback: Loopback, speaking: Speaking) -> None:
    write(loopback)
    since = later(loopback)
    sent = await speaking.platform.send(loopback.place(), QUESTION, KEY, since)
    assert loopback.channel.messages[sent.id].texts == ["What is dropout?"]


async def test_what_was_made_long_before_the_attempt_is_another(loopback: Loopback, speaking: Speaking) -> None:
    first = await speaking.platform.send(loopback.place(), QUESTION, KEY)
    later(loopback, 121)
    sent = await speaking.platform.send(loopback.place(), QUESTION, KEY, later(loopback))
    assert sent != first


@pytest.mark.parametrize(("written", "found"), [(99, True), (100, False)])
async def test_a_hundred_messages_are_looked_at(
    loopback: Loopback, speaking: Speaking, written: int, found: bool
) -> None:
    write(loopback, written)
    first = await speaking.platform.send(loopback.place(), QUESTION, KEY)
    again = await speaking.platform.send(loopback.place(), QUESTION, KEY, later(loopback))
    assert (again == first) is found


async def test_within_a_minute_the_nonce_tells(loopback: Loopback, speaking: Speaking) -> None:
    first = await speaking.platform.send(loopback.place(), QUESTION, KEY)
    begun = loopback.clock.now()
    loopback.clock.pass_time(seconds=60)
    assert await speaking.platform.send(loopback.place(), QUESTION, KEY, begun) == first
    assert loopback.sent("GET", "/messages") == []


@pytest.mark.parametrize("kind", [0, PUBLIC_THREAD])
@pytest.mark.parametrize("made", [True, False])
async def test_without_a_right_to_look_it_is_unknown(
    loopback: Loopback, speaking: Speaking, kind: int, made: bool
) -> None:
    library = loopback.discord.add_channel(loopback.guild, "library")
    aside = loopback.discord.add_channel(loopback.guild, "aside", PUBLIC_THREAD, parent=library)
    place = aside if kind == PUBLIC_THREAD else library
    if made:
        await speaking.platform.send(loopback.place(place), QUESTION, KEY)
    deny(library, READ_MESSAGE_HISTORY)
    loopback.discord.update_channel(library)
    before = len(place.messages)
    with pytest.raises(Unreachable, match="unknown whether the post was made"):
        await speaking.platform.send(loopback.place(place), QUESTION, KEY, later(loopback))
    assert len(place.messages) == before


async def test_a_refused_history_leaves_it_unknown(loopback: Loopback, speaking: Speaking) -> None:
    loopback.discord.faults.add("GET", "/messages$", status=403, code=50001)
    with pytest.raises(Unreachable, match="unknown whether the post was made"):
        await speaking.platform.send(loopback.place(), QUESTION, KEY, later(loopback))


async def test_an_empty_history_of_a_thread_that_is_put_away_is_asked_about(loopback: Loopback) -> None:
    thread = loopback.discord.add_channel(loopback.guild, "aside", PUBLIC_THREAD, parent=loopback.channel)
    thread.archived = True
    app = await loopback.start()
    sent = await app.platform.send(loopback.place(thread), QUESTION, KEY, later(loopback))
    assert list(thread.messages) == [sent.id]


async def test_direct_messages_are_looked_at_too(loopback: Loopback, speaking: Speaking) -> None:
    channel = loopback.discord.dm_channel(loopback.ada)
    place = ChannelRef(WorkspaceRef("discord", f"dm-{channel.id}"), channel.id, direct=True)
    sent = [await speaking.platform.send(place, QUESTION, KEY, later(loopback)) for _ in range(2)]
    assert list(channel.messages) == [sent[0].id]


@pytest.mark.parametrize("seconds", [1, 1200])
async def test_a_forums_post_is_found_at_any_age(loopback: Loopback, speaking: Speaking, seconds: float) -> None:
    forum = loopback.discord.add_channel(loopback.guild, "questions", FORUM)
    await speaking.platform.send(loopback.place(forum), ANOTHER)
    first = await speaking.platform.send(loopback.place(forum), QUESTION)
    since = later(loopback, seconds)
    assert await speaking.platform.send(loopback.place(forum), QUESTION, KEY, since) == first
    assert first == MessageRef(ChannelRef(loopback.workspace(), first.id), first.id)
    assert [channel.parent for channel in loopback.discord.state.channels.values()].count(forum) == 2


async def test_of_a_forum_only_own_fresh_posts_are_looked_at(loopback: Loopback, speaking: Speaking) -> None:
    forum = loopback.discord.add_channel(loopback.guild, "questions", FORUM)
    loopback.discord.add_channel(loopback.guild, "aside", PUBLIC_THREAD, parent=loopback.channel)
    theirs = loopback.discord.add_channel(loopback.guild, "theirs", PUBLIC_THREAD, parent=forum)
    theirs.owner = loopback.ada.id
    old = await speaking.platform.send(loopback.place(forum), QUESTION)
    later(loopback, 121)
    emptied = await speaking.platform.send(loopback.place(forum), QUESTION)
    loopback.discord.state.channels[emptied.id].messages[emptied.id].deleted = True
    sent = await speaking.platform.send(loopback.place(forum), QUESTION, KEY, later(loopback))
    assert sent not in (old, emptied)
    looked = [one.path for one in loopback.discord.requests if one.method == "GET" and "/messages/" in one.path]
    assert looked == [f"/channels/{emptied.id}/messages/{emptied.id}"]


async def test_a_forum_that_cannot_be_read_leaves_it_unknown(loopback: Loopback, speaking: Speaking) -> None:
    forum = loopback.discord.add_channel(loopback.guild, "questions", FORUM)
    await speaking.platform.send(loopback.place(forum), QUESTION)
    deny(forum, READ_MESSAGE_HISTORY)
    with pytest.raises(Unreachable, match="unknown whether the post was made"):
        await speaking.platform.send(loopback.place(forum), QUESTION, KEY, later(loopback))
    assert [channel.parent for channel in loopback.discord.state.channels.values()].count(forum) == 1


@pytest.mark.parametrize("bits", [VIEW_CHANNEL, SEND_MESSAGES])
async def test_a_place_that_takes_no_posts_is_no_unknown_one(loopback: Loopback, speaking: Speaking, bits: int) -> None:
    write(loopback)
    since = later(loopback)
    deny(loopback.channel, bits)
    with pytest.raises(PlatformError) as caught:
        await speaking.platform.send(loopback.place(), QUESTION, KEY, since)
    assert isinstance(caught.value, Forbidden if bits == SEND_MESSAGES else Forbidden | Unreachable)


async def test_a_history_that_fails_is_unreachable_and_nothing_is_made(loopback: Loopback, speaking: Speaking) -> None:
    loopback.discord.faults.add("GET", "/messages$", status=503)
    with pytest.raises(Unreachable):
        await speaking.platform.send(loopback.place(), QUESTION, KEY, later(loopback))
    assert loopback.channel.messages == {}
