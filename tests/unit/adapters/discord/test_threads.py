"""Threads, direct messages and roles: opened once, told to one person, and nobody else is ever notified."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import Forbidden, Gone, PlatformError, RateLimited, Unreachable
from bot.markup import escape
from bot.message import Message
from bot.refs import ChannelRef, MessageRef, UserRef, WorkspaceRef
from tests.contract.harness import biggest_message
from tests.support.discord.state import CREATE_PUBLIC_THREADS, FORUM, PUBLIC_THREAD, Channel
from tests.unit.adapters.discord.conftest import Loopback, Speaking

HELLO = Message(text="hello")
CONVERSATIONS = "/users/@me/channels"


def threads(loopback: Loopback) -> list[Channel]:
    return [channel for channel in loopback.discord.state.channels.values() if channel.is_thread]


def ada(loopback: Loopback) -> UserRef:
    return UserRef("discord", "", loopback.ada.id)


@pytest.mark.parametrize(
    ("name", "called"), [("What do\nyou  think?", "What do you think?"), ("x" * 150, "x" * 100), ("  ", "Warmup")]
)
async def test_a_thread_has_the_messages_id_and_a_name_that_fits(
    loopback: Loopback, speaking: Speaking, name: str, called: str
) -> None:
    sent = await speaking.platform.send(loopback.place(), HELLO)
    place = await speaking.platform.thread(sent, name)
    [thread] = threads(loopback)
    assert (place, thread.name, thread.parent) == (loopback.place(thread), called, loopback.channel)
    assert (thread.id, thread.auto_archive) == (sent.id, 1440)
    await speaking.platform.send(place, HELLO)
    assert loopback.texts(thread) == [["hello"]]


async def test_a_thread_that_is_there_is_the_one(loopback: Loopback, speaking: Speaking) -> None:
    sent = await speaking.platform.send(loopback.place(), HELLO)
    opened = [await speaking.platform.thread(sent, "Thoughts") for _ in range(2)]
    assert opened == [loopback.place(threads(loopback)[0])] * 2
    assert loopback.sent("POST", "/threads") == [200, 400]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "fault", [{"reset": True}, {"reset": True, "after": True}, {"status": 500, "after": True}], ids=str
)
async def test_a_thread_whose_confirmation_was_lost_is_found(
    loopback: Loopback, speaking: Speaking, fault: dict[str, object]
) -> None:
    sent = await speaking.platform.send(loopback.place(), HELLO)
    loopback.discord.faults.add("POST", "/threads$", **fault)  # type: ignore[arg-type]
    assert await speaking.platform.thread(sent, "Thoughts") == loopback.place(threads(loopback)[0])


async def test_in_threads_posts_and_direct_messages_the_place_is_the_thread(
    loopback: Loopback, speaking: Speaking
) -> None:
    forum = loopback.discord.add_channel(loopback.guild, "questions", FORUM)
    aside = loopback.discord.add_channel(loopback.guild, "aside", PUBLIC_THREAD, parent=loopback.channel)
    channel = loopback.discord.dm_channel(loopback.ada)
    direct = ChannelRef(WorkspaceRef("discord", f"dm-{channel.id}"), channel.id, direct=True)
    for place in (loopback.place(forum), loopback.place(aside), direct):
        sent = await speaking.platform.send(place, HELLO)
        further = await speaking.platform.send(sent.channel, HELLO)
        assert await speaking.platform.thread(sent, "Thoughts") == sent.channel
        assert await speaking.platform.thread(further, "Thoughts") == sent.channel


async def test_without_the_right_a_thread_is_forbidden(loopback: Loopback, speaking: Speaking) -> None:
    sent = await speaking.platform.send(loopback.place(), HELLO)
    loopback.channel.deny = CREATE_PUBLIC_THREADS
    with pytest.raises(Forbidden):
        await speaking.platform.thread(sent, "Thoughts")
    with pytest.raises(Gone):
        await speaking.platform.thread(MessageRef(loopback.place(), "5"), "Thoughts")
    assert threads(loopback) == []


async def test_of_a_server_that_removed_warmup_nothing_is_asked(loopback: Loopback, speaking: Speaking) -> None:
    await loopback.presence.left(loopback.workspace())
    loopback.discord.requests.clear()
    with pytest.raises(Gone):
        await speaking.platform.thread(MessageRef(loopback.place(), "5"), "Thoughts")
    with pytest.raises(Gone):
        await speaking.platform.tell(ada(loopback), loopback.workspace(), HELLO)
    assert loopback.discord.requests == []


async def test_a_person_is_told_once_for_a_key(loopback: Loopback, speaking: Speaking) -> None:
    for key in ("remind:1", "remind:1", "remind:2", "", ""):
        await speaking.platform.tell(ada(loopback), loopback.workspace(), HELLO, key)
    assert loopback.texts(loopback.discord.dm_channel(loopback.ada)) == [["hello"]] * 4


@pytest.mark.usefixtures("impatient")
async def test_a_person_is_told_once_though_the_connection_breaks(loopback: Loopback, speaking: Speaking) -> None:
    loopback.discord.faults.add("POST", CONVERSATIONS, reset=True)
    loopback.discord.faults.add("POST", "/messages$", reset=True, after=True)
    await speaking.platform.tell(ada(loopback), loopback.workspace(), HELLO, "remind:1")
    assert loopback.texts(loopback.discord.dm_channel(loopback.ada)) == [["hello"]]


async def test_who_takes_no_direct_messages_is_not_told(loopback: Loopback, speaking: Speaking) -> None:
    loopback.ada.closed = True
    with pytest.raises(Forbidden, match="50007"):
        await speaking.platform.tell(ada(loopback), loopback.workspace(), HELLO, "remind:1")


@pytest.mark.parametrize(
    ("path", "status", "code", "error"),
    [
        ("/messages$", 403, 50278, Forbidden),
        ("/messages$", 403, 20026, Forbidden),
        (CONVERSATIONS, 400, 40003, RateLimited),
        (CONVERSATIONS, 403, 40003, RateLimited),
        (CONVERSATIONS, 400, 50033, Gone),
        (CONVERSATIONS, 503, 0, Unreachable),
        ("/messages$", 401, 0, Unreachable),
        ("/messages$", 400, 50035, PlatformError),
    ],
)
async def test_what_keeps_warmup_from_telling_has_its_name(
    loopback: Loopback, speaking: Speaking, path: str, status: int, code: int, error: type[PlatformError]
) -> None:
    loopback.discord.faults.add("POST", path, status=status, code=code)
    with pytest.raises(error) as caught:
        await speaking.platform.tell(ada(loopback), loopback.workspace(), HELLO, "remind:1")
    assert type(caught.value) is error


@pytest.mark.parametrize(
    "person", [UserRef("discord", "", "5"), UserRef("discord", "", "x"), UserRef("slack", "T1", "5")]
)
async def test_nobody_of_that_id_is_gone(loopback: Loopback, speaking: Speaking, person: UserRef) -> None:
    with pytest.raises(Gone):
        await speaking.platform.tell(person, loopback.workspace(), HELLO)


@pytest.mark.parametrize("kind", [0, FORUM])
async def test_a_post_notifies_one_role_and_an_edit_nobody(loopback: Loopback, speaking: Speaking, kind: int) -> None:
    place = loopback.discord.add_channel(loopback.guild, "there", kind)
    role = loopback.discord.add_role(loopback.guild, "learners", mentionable=True)
    other = loopback.discord.add_role(loopback.guild, "others", mentionable=True)
    message = Message(text=f"hello <@&{other.id}> @everyone <@{loopback.ada.id}>", notify=role.id)
    sent = await speaking.platform.send(loopback.place(place), message)
    [shown] = loopback.discord.state.channels[sent.channel.id].messages.values()
    assert (shown.pinged, shown.texts[0]) == ([role.id], f"<@&{role.id}>")
    assert shown.components[0]["type"] != shown.components[1]["type"]
    await speaking.platform.edit(sent, message)
    assert (shown.pinged, len(shown.components)) == ([role.id], 1)
    assert shown.allowed_mentions == {"parse": []}


@pytest.mark.parametrize("message", [biggest_message(), Message(text=escape("*" * 1900))])
async def test_with_a_role_in_front_a_message_still_fits(loopback: Loopback, message: Message) -> None:
    app = await loopback.start()
    role = loopback.discord.add_role(loopback.guild, "learners", mentionable=True)
    sent = await app.platform.send(loopback.place(), replace(message, notify=role.id))
    assert loopback.channel.messages[sent.id].pinged == [role.id]


async def test_a_person_alone_is_told_without_a_role(loopback: Loopback, speaking: Speaking) -> None:
    role = loopback.discord.add_role(loopback.guild, "learners", mentionable=True)
    await speaking.platform.tell(ada(loopback), loopback.workspace(), replace(HELLO, notify=role.id))
    assert loopback.texts(loopback.discord.dm_channel(loopback.ada)) == [["hello"]]


async def test_what_is_no_role_of_discords_is_gone(loopback: Loopback, speaking: Speaking) -> None:
    with pytest.raises(Gone):
        await speaking.platform.send(loopback.place(), replace(HELLO, notify="S1"))
