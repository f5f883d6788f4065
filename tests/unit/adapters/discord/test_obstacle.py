"""What keeps Warmup from posting in a channel is named in Discord's words, with how to mend it."""

from __future__ import annotations

import pytest

from bot.message import Image, Message
from bot.refs import ChannelRef, WorkspaceRef
from tests.support.discord.state import (
    ANNOUNCEMENT,
    ATTACH_FILES,
    CATEGORY,
    CREATE_PUBLIC_THREADS,
    FORUM,
    MENTION_EVERYONE,
    PUBLIC_THREAD,
    READ_MESSAGE_HISTORY,
    REQUIRE_TAG,
    SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS,
    VIEW_CHANNEL,
    VOICE,
)
from tests.support.picture import PNG
from tests.support.waiting import until
from tests.unit.adapters.discord.conftest import Loopback

PICTURE = Message(text="look", images=(Image(PNG, "a grey dot"),))
VIEW, SEND, THREADS, FILES = "View Channels", "Send Messages", "Send Messages in Threads", "Attach Files"
OPEN, HISTORY = "Create Public Threads", "Read Message History"


def steps(*missing: str, place: str = "library") -> str:
    """Return what somebody is told to do about missing permissions."""
    listed = ", ".join(f"**{words}**" for words in missing)
    return (
        f"I lack {listed} in {place}. Open that channel's settings, choose Permissions, add Warmup, "
        f"and allow {'it' if len(missing) == 1 else 'them'} there."
    )


async def obstacle(loopback: Loopback, place: ChannelRef) -> str:
    app = await loopback.start()
    await until(app.client.is_ready)
    return await app.platform.obstacle(place)


@pytest.mark.parametrize(
    ("deny", "missing"),
    [
        (ATTACH_FILES, (FILES,)),
        (SEND_MESSAGES, (SEND,)),
        (VIEW_CHANNEL, (VIEW,)),
        (READ_MESSAGE_HISTORY, (HISTORY,)),
        (SEND_MESSAGES | ATTACH_FILES, (SEND, FILES)),
        (VIEW_CHANNEL | SEND_MESSAGES | ATTACH_FILES, (VIEW, SEND, FILES)),
    ],
)
@pytest.mark.parametrize("kind", [0, FORUM])
async def test_each_missing_permission_is_named_with_the_steps_that_grant_it(
    loopback: Loopback, kind: int, deny: int, missing: tuple[str, ...]
) -> None:
    channel = loopback.discord.add_channel(loopback.guild, "library", kind, deny=deny)
    assert await obstacle(loopback, loopback.place(channel)) == steps(*missing)


@pytest.mark.parametrize("deny", [VIEW_CHANNEL, SEND_MESSAGES])
async def test_a_missing_permission_is_named_at_least(loopback: Loopback, deny: int) -> None:
    channel = loopback.discord.add_channel(loopback.guild, "library", deny=deny)
    found = await obstacle(loopback, loopback.place(channel))
    assert f"**{VIEW if deny == VIEW_CHANNEL else SEND}**" in found


async def test_names_of_channels_are_no_markup(loopback: Loopback) -> None:
    channel = loopback.discord.add_channel(loopback.guild, "*study*", deny=ATTACH_FILES)
    assert await obstacle(loopback, loopback.place(channel)) == steps(FILES, place="\\*study\\*")


@pytest.mark.parametrize("kind", [0, FORUM])
async def test_with_every_permission_nothing_is_in_the_way(loopback: Loopback, kind: int) -> None:
    channel = loopback.discord.add_channel(
        loopback.guild, "library", kind, deny=SEND_MESSAGES_IN_THREADS | CREATE_PUBLIC_THREADS
    )
    assert await obstacle(loopback, loopback.place(channel)) == ""


@pytest.mark.parametrize(
    ("kind", "missing"), [(0, (THREADS, OPEN)), (ANNOUNCEMENT, (THREADS, OPEN)), (FORUM, (THREADS,))]
)
async def test_threads_need_permissions_of_their_own(loopback: Loopback, kind: int, missing: tuple[str, ...]) -> None:
    deny = SEND_MESSAGES_IN_THREADS | CREATE_PUBLIC_THREADS
    channel = loopback.discord.add_channel(loopback.guild, "library", kind, deny=deny)
    app = await loopback.start()
    assert await app.platform.obstacle(loopback.place(channel), threads=True) == steps(*missing)


async def test_in_a_thread_no_other_thread_is_opened(loopback: Loopback) -> None:
    parent = loopback.discord.add_channel(loopback.guild, "library", deny=CREATE_PUBLIC_THREADS | SEND_MESSAGES)
    thread = loopback.discord.add_channel(loopback.guild, "aside", PUBLIC_THREAD, parent=parent)
    app = await loopback.start()
    assert await app.platform.obstacle(loopback.place(thread), threads=True) == ""


NOT_NOTIFIED = (
    "I may not notify the role deep \\*learners\\*. Open Server Settings, choose Roles and deep \\*learners\\*, and "
    "turn on **Allow anyone to @mention this role**; or allow Warmup **Mention @everyone, @here, and All Roles** in "
    "study, in that channel's settings, under Permissions."
)


@pytest.mark.parametrize(
    ("mentionable", "everyone", "found"), [(True, False, ""), (False, True, ""), (False, False, NOT_NOTIFIED)]
)
async def test_a_role_must_be_one_that_warmup_may_mention(
    loopback: Loopback, mentionable: bool, everyone: bool, found: str
) -> None:
    role = loopback.discord.add_role(loopback.guild, "deep *learners*", mentionable=mentionable)
    loopback.channel.allow = MENTION_EVERYONE if everyone else 0
    app = await loopback.start()
    assert await app.platform.obstacle(loopback.place(), notify=role.id) == found


@pytest.mark.parametrize("role", ["5", "everyone", "S1", "999999999999999999999999"])
async def test_a_role_must_be_one_of_the_server(loopback: Loopback, role: str) -> None:
    app = await loopback.start()
    for notify in (role, loopback.guild.id):
        found = await app.platform.obstacle(loopback.place(), notify=notify)
        assert found == "That role is not one of this server's that I can notify. Choose another."


@pytest.mark.parametrize(
    ("deny", "missing"),
    [
        (ATTACH_FILES, (FILES,)),
        (SEND_MESSAGES_IN_THREADS, (THREADS,)),
        (SEND_MESSAGES, ()),
    ],
)
async def test_a_thread_needs_the_permission_to_write_in_threads(
    loopback: Loopback, deny: int, missing: tuple[str, ...]
) -> None:
    parent = loopback.discord.add_channel(loopback.guild, "library", deny=deny)
    thread = loopback.discord.add_channel(loopback.guild, "aside", PUBLIC_THREAD, parent=parent)
    assert await obstacle(loopback, loopback.place(thread)) == (steps(*missing) if missing else "")


async def test_in_a_thread_a_picture_needs_no_permission_to_write_in_the_channel(loopback: Loopback) -> None:
    parent = loopback.discord.add_channel(loopback.guild, "library", deny=SEND_MESSAGES)
    thread = loopback.discord.add_channel(loopback.guild, "aside", PUBLIC_THREAD, parent=parent)
    app = await loopback.start()
    await app.platform.send(loopback.place(thread), PICTURE)
    assert loopback.texts(thread) == [["look"]]


@pytest.mark.parametrize(
    ("tags", "flags", "found"),
    [
        (("daily",), REQUIRE_TAG, ""),
        ((), 0, ""),
        ((), REQUIRE_TAG, "That forum demands a tag and has none that I may use. Add one to it, or lift the demand."),
    ],
)
async def test_a_forum_that_demands_a_tag_must_have_one(
    loopback: Loopback, tags: tuple[str, ...], flags: int, found: str
) -> None:
    forum = loopback.discord.add_channel(loopback.guild, "questions", FORUM, tags=tags, flags=flags)
    assert await obstacle(loopback, loopback.place(forum)) == found


@pytest.mark.parametrize("kind", [CATEGORY, VOICE])
async def test_a_channel_that_is_none_for_text_is_said_to_be_none(loopback: Loopback, kind: int) -> None:
    channel = loopback.discord.add_channel(loopback.guild, "there", kind)
    found = await obstacle(loopback, loopback.place(channel))
    assert found == "That is not a channel for text. Choose a text channel, a thread, or a forum."


async def test_a_channel_that_cannot_be_seen_is_said_to_be_unseen(loopback: Loopback) -> None:
    found = await obstacle(loopback, ChannelRef(loopback.workspace(), "5"))
    assert found.startswith("I cannot see that channel. Allow me **View Channels** in its settings, under Permissions;")


async def test_a_server_without_warmup_is_told_how_to_add_it(loopback: Loopback) -> None:
    guild = loopback.discord.add_guild("Elsewhere", joined=False)
    found = await obstacle(loopback, ChannelRef(loopback.workspace(guild), "5"))
    assert found.startswith("I am not a member of this server.")


async def test_nothing_is_in_the_way_of_direct_messages(loopback: Loopback) -> None:
    app = loopback.app()
    assert await app.platform.obstacle(ChannelRef(WorkspaceRef("discord", "dm-5"), "5", direct=True)) == ""


async def test_without_a_connection_nobody_is_told_to_mend_a_channel(loopback: Loopback) -> None:
    app = loopback.app()
    found = await app.platform.obstacle(loopback.place())
    assert found == "I am not connected to Discord at the moment. Try again in a minute."


@pytest.mark.parametrize("from_the_start", [True, False])
async def test_in_an_outage_nobody_is_told_to_mend_a_channel(loopback: Loopback, from_the_start: bool) -> None:
    loopback.guild.available = not from_the_start
    app = await loopback.start()
    await until(app.client.is_ready)
    guild = app.client.get_guild(int(loopback.guild.id))
    assert guild is not None
    if not from_the_start:
        loopback.discord.outage(loopback.guild)
        await until(lambda: guild.unavailable)
    found = await app.platform.obstacle(loopback.place())
    assert "Permissions" not in found
    assert "cannot see" not in found
