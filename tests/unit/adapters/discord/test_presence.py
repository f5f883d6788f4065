"""In which servers Warmup is, and its one word of greeting."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from bot.message import Message
from tests.support.discord.state import SEND_MESSAGES, Channel, Guild
from tests.support.waiting import until
from tests.unit.adapters.discord.conftest import Loopback

WELCOME = Message(text="hello, I am Warmup")


def new_server(loopback: Loopback, *, deny: int = 0, greets: bool = True) -> tuple[Guild, Channel]:
    """Return a server without Warmup, and the channel in which it may greet its members."""
    guild = loopback.discord.add_guild("New", joined=False)
    channel = loopback.discord.add_channel(guild, "lobby", deny=deny)
    guild.system_channel = channel if greets else None
    return guild, channel


async def joined(loopback: Loopback, guild: Guild) -> None:
    """Add Warmup to a server and wait until all that follows from it is done."""
    with capture_logs() as logs:
        loopback.discord.join(guild)
        await until(lambda: any(line["event"] == "joined a server" for line in logs))


async def removed(loopback: Loopback, guild: Guild) -> None:
    loopback.discord.remove_guild(guild)
    await until(lambda: loopback.presence.has_left(loopback.workspace(guild)))


async def test_a_server_that_adds_warmup_is_greeted_once(loopback: Loopback) -> None:
    guild, channel = new_server(loopback)
    await loopback.start(welcome=WELCOME)
    await joined(loopback, guild)
    await until(lambda: loopback.texts(channel) == [["hello, I am Warmup"]])
    assert not await loopback.presence.joined(loopback.workspace(guild))


async def test_a_server_that_comes_again_without_having_gone_is_not_greeted_again(loopback: Loopback) -> None:
    guild, channel = new_server(loopback)
    app = await loopback.start(welcome=WELCOME)
    await loopback.presence.joined(loopback.workspace(guild))
    await joined(loopback, guild)
    await app.platform.send(loopback.place(), Message(text="later"))
    assert loopback.texts(channel) == []


async def test_two_processes_greet_once(loopback: Loopback) -> None:
    guild, channel = new_server(loopback)
    for _ in range(2):
        await loopback.start(welcome=WELCOME)
    await joined(loopback, guild)
    await until(lambda: len(loopback.texts(channel)) > 0)
    await loopback.discord.slash(loopback.ada, loopback.channel, "stage-public").answered()
    assert len(loopback.texts(channel)) == 1


@pytest.mark.parametrize(("deny", "greets"), [(SEND_MESSAGES, True), (0, False)])
async def test_where_warmup_may_not_speak_it_greets_nobody(loopback: Loopback, deny: int, greets: bool) -> None:
    guild, channel = new_server(loopback, deny=deny, greets=greets)
    app = await loopback.start(welcome=WELCOME)
    loopback.discord.requests.clear()
    await joined(loopback, guild)
    await app.platform.send(loopback.place(), Message(text="later"))
    assert loopback.texts(channel) == []
    assert loopback.sent("POST", channel.id) == []


async def test_a_greeting_that_fails_is_a_warning(loopback: Loopback) -> None:
    guild, channel = new_server(loopback)
    app = await loopback.start(welcome=WELCOME)
    loopback.discord.faults.add("POST", f"/channels/{channel.id}/messages$", status=403, code=50013)
    with capture_logs() as logs:
        loopback.discord.join(guild)
        await until(lambda: any(line["event"] == "no welcome said" for line in logs))
    assert not app.client.is_closed()


async def test_a_server_that_removes_warmup_is_left_and_may_come_back(loopback: Loopback) -> None:
    guild, channel = new_server(loopback)
    await loopback.start(welcome=WELCOME)
    await joined(loopback, guild)
    await until(lambda: len(loopback.texts(channel)) == 1)
    await removed(loopback, guild)
    await joined(loopback, guild)
    await until(lambda: _is_here(loopback, guild))


async def _is_here(loopback: Loopback, guild: Guild) -> bool:
    return not await loopback.presence.has_left(loopback.workspace(guild))


async def test_an_outage_is_no_removal(loopback: Loopback) -> None:
    app = await loopback.start()
    loopback.discord.outage(loopback.guild)
    guild = app.client.get_guild(int(loopback.guild.id))
    assert guild is not None
    await until(lambda: guild.unavailable)
    assert await _is_here(loopback, loopback.guild)
    loopback.discord.recover(loopback.guild)
    await until(lambda: not guild.unavailable)
    await app.platform.send(loopback.place(), WELCOME)
    assert loopback.texts() == [["hello, I am Warmup"]]


async def test_a_server_in_an_outage_at_the_start_is_not_taken_for_one_that_removed_warmup(loopback: Loopback) -> None:
    await loopback.presence.joined(loopback.workspace())
    loopback.guild.available = False
    await loopback.start()
    assert await _is_here(loopback, loopback.guild)


async def test_servers_that_came_and_went_meanwhile_are_known_at_the_next_start(loopback: Loopback) -> None:
    gone = loopback.discord.add_guild("Gone")
    first = await loopback.start()
    assert not await loopback.presence.joined(loopback.workspace(gone))
    await first.stop(0)
    gone.joined = False
    new, channel = new_server(loopback)
    new.joined = True
    await loopback.start(welcome=WELCOME)
    assert await loopback.presence.has_left(loopback.workspace(gone))
    assert not await loopback.presence.joined(loopback.workspace(new))
    assert loopback.texts(channel) == []


@pytest.mark.usefixtures("impatient")
async def test_servers_that_went_during_a_lost_session_are_known_at_the_next_one(loopback: Loopback) -> None:
    gone = loopback.discord.add_guild("Gone")
    await loopback.start()
    gone.joined = False
    loopback.discord.gateway.invalidate(resumable=False)
    await until(lambda: loopback.presence.has_left(loopback.workspace(gone)))
    assert await _is_here(loopback, loopback.guild)
