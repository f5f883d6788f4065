"""Where Warmup is, written down in the order in which it happened, whatever fails meanwhile."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from structlog.testing import capture_logs

from bot.errors import StorageError
from bot.message import Message
from bot.refs import WorkspaceRef
from tests.support.discord.gateway import INVALID
from tests.support.discord.state import Channel, Guild
from tests.support.waiting import until
from tests.unit.adapters.discord.conftest import Loopback

WELCOME = Message(text="hello, I am Warmup")
PAUSE = 0.03


class Faltering:
    """The presence of a test's database, of which the first write of one kind fails."""

    def __init__(self, loopback: Loopback, fails: str) -> None:
        self._presence = loopback.presence
        self._fails = fails
        self.armed = False
        self.wrote: list[str] = []

    async def joined(self, workspace: WorkspaceRef) -> bool:
        self._note("joined")
        return await self._presence.joined(workspace)

    async def left(self, workspace: WorkspaceRef) -> None:
        self._note("left")
        await self._presence.left(workspace)

    async def compare(self, platform: str, here: Collection[WorkspaceRef]) -> None:
        self._note("compare")
        await self._presence.compare(platform, here)

    async def has_left(self, workspace: WorkspaceRef) -> bool:
        return await self._presence.has_left(workspace)

    def _note(self, kind: str) -> None:
        if self.armed and kind == self._fails:
            self.armed = False
            raise StorageError("the database is away")
        self.wrote.append(kind)


def greeting_server(loopback: Loopback) -> tuple[Guild, Channel]:
    """Return a server with Warmup that greets its members in a channel."""
    guild = loopback.discord.add_guild("New")
    guild.system_channel = channel = loopback.discord.add_channel(guild, "lobby")
    return guild, channel


@pytest.mark.parametrize("fails", ["left", "joined"])
async def test_leaving_and_coming_back_ends_as_here_and_greeted_although_a_write_fails_first(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    monkeypatch.setattr("adapters.discord.client.PAUSES", (PAUSE,))
    guild, channel = greeting_server(loopback)
    presence = Faltering(loopback, fails)
    await loopback.start(welcome=WELCOME, presence=presence)
    presence.armed = True
    with capture_logs() as logs:
        loopback.discord.remove_guild(guild)
        loopback.discord.join(guild)
        await until(lambda: loopback.texts(channel) == [["hello, I am Warmup"]])
    assert presence.wrote == ["compare", "left", "joined"]
    assert not await loopback.presence.has_left(loopback.workspace(guild))
    assert [line["kind"] for line in logs if line["event"] == "presence not kept"] == ["StorageError"]


async def test_what_is_there_at_the_start_is_written_although_it_fails_first(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.discord.client.PAUSES", (PAUSE,))
    presence = Faltering(loopback, "compare")
    presence.armed = True
    await loopback.start(presence=presence)
    assert presence.wrote == ["compare"]
    assert not await loopback.presence.joined(loopback.workspace())


def on_another_shard(loopback: Loopback, name: str) -> Guild:
    """Return a server whose shard, of two, is not that of the usual one."""
    loopback.discord.state._last = int(loopback.guild.id) + (1001 << 22)
    return loopback.discord.add_guild(name)


def lose_session(loopback: Loopback, guild: Guild) -> None:
    """End the session of a server's shard for good."""
    gateway = loopback.discord.gateway
    number = (int(guild.id) >> 22) % 2
    [session] = [session for session in gateway.sessions if session.shard == (number, 2)]
    connection = session.connection
    assert connection is not None
    gateway._detach(connection)
    gateway.sessions.remove(session)
    connection.send(INVALID, data=False)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("on_the_lost_one", [True, False])
async def test_of_two_shards_one_that_lost_its_session_asks_which_servers_went(
    loopback: Loopback, on_the_lost_one: bool
) -> None:
    loopback.discord.shards = 2
    gone = on_another_shard(loopback, "Gone")
    staying = loopback.discord.add_guild("Staying")
    await loopback.start()
    assert loopback.discord.gateway.identifies == 2
    gone.joined = False
    lose_session(loopback, gone if on_the_lost_one else loopback.guild)
    await until(lambda: loopback.presence.has_left(loopback.workspace(gone)))
    assert loopback.discord.gateway.identifies == 3
    assert not await loopback.presence.has_left(loopback.workspace())
    assert not await loopback.presence.has_left(loopback.workspace(staying))


@pytest.mark.usefixtures("impatient")
async def test_a_server_that_went_during_a_lost_session_is_said_to_be_left_although_discordpy_still_has_it(
    loopback: Loopback,
) -> None:
    gone = loopback.discord.add_guild("Gone")
    channel = loopback.discord.add_channel(gone, "library")
    app = await loopback.start()
    gone.joined = False
    loopback.discord.gateway.invalidate(resumable=False)
    await until(lambda: loopback.presence.has_left(loopback.workspace(gone)))
    assert app.client.get_guild(int(gone.id)) is not None
    assert (await app.platform.obstacle(loopback.place(channel))).startswith("I am not a member of this server.")
    assert await app.platform.obstacle(loopback.place()) == ""


@pytest.mark.usefixtures("impatient")
async def test_a_list_of_servers_that_discord_fails_to_give_is_asked_for_again(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.discord.client.PAUSES", (PAUSE,))
    gone = loopback.discord.add_guild("Gone")
    await loopback.start()
    gone.joined = False
    loopback.discord.faults.add("GET", "/users/@me/guilds$", status=403, code=0)
    loopback.discord.gateway.invalidate(resumable=False)
    await until(lambda: loopback.presence.has_left(loopback.workspace(gone)))
    assert loopback.sent("GET", "/users/@me/guilds")[:2] == [403, 200]
