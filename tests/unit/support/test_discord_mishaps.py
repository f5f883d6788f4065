from __future__ import annotations

import asyncio

import aiohttp
import discord
import pytest

from tests.support.discord.client import Client, Room, card, seen, show
from tests.support.discord.state import SEND_MESSAGES, Channel
from tests.support.waiting import until


async def test_a_rate_limit_is_waited_for_and_one_without_via_is_an_error(room: Room) -> None:
    client = await room.client()
    target = client.get_partial_messageable(int(room.channel.id))
    room.server.faults.add("POST", "/messages$", status=429, retry_after=0.02)

    await target.send("late")
    room.server.faults.add("POST", "/messages$", status=429, via=False)
    with pytest.raises(discord.HTTPException) as caught:
        await target.send("never")

    assert caught.value.status == 429
    assert seen(room, room.bob) == [["late"]]


async def test_a_post_that_was_made_before_an_error_is_not_made_twice(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await room.client()
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    room.server.faults.add("POST", "/messages$", status=500, after=True)
    with monkeypatch.context() as patch:
        patch.setattr(discord.http.asyncio, "sleep", sleep)  # type: ignore[attr-defined]
        await client.get_partial_messageable(int(room.channel.id)).send("once", nonce="n-1")

    assert 1 in slept
    assert seen(room, room.bob) == [["once"]]


async def test_a_connection_that_breaks_reaches_the_caller(room: Room) -> None:
    client = await room.client()
    target = client.get_partial_messageable(int(room.channel.id))
    room.server.faults.add("POST", "/messages$", reset=True)
    with pytest.raises((aiohttp.ClientError, OSError)):
        await target.send("lost")
    room.server.faults.add("POST", "/messages$", reset=True, after=True)
    with pytest.raises((aiohttp.ClientError, OSError)):
        await target.send("made")

    assert seen(room, room.bob) == [["made"]]


async def test_what_happens_while_a_client_is_away_is_told_when_it_is_back(room: Room) -> None:
    await room.client(show)
    room.server.gateway.drop()

    await room.server.slash(room.bob, room.channel, "practice").answered()

    assert (room.server.gateway.identifies, room.server.gateway.resumes) == (1, 1)
    assert len(seen(room, room.bob)) == 1


async def test_an_invalid_session_starts_anew_and_a_reconnect_resumes(room: Room) -> None:
    await room.client(show)
    room.server.gateway.invalidate(resumable=False)
    await room.server.gateway.connected()
    await room.server.slash(room.bob, room.channel, "practice").answered()
    assert (room.server.gateway.identifies, room.server.gateway.resumes) == (2, 0)

    room.server.gateway.reconnect()
    await room.server.slash(room.bob, room.channel, "practice").answered()
    await until(lambda: bool(room.server.gateway.resumes))

    assert len(seen(room, room.bob)) == 2


async def test_a_wrong_token_and_a_refused_identify_end_the_client(room: Room) -> None:
    async with Client() as client:
        with pytest.raises(discord.LoginFailure):
            await client.login("wrong")
    room.server.gateway.refuse(4004)
    async with Client() as client:
        with pytest.raises(discord.ConnectionClosed) as caught:
            await client.start(room.server.token)

    assert caught.value.code == 4004


async def test_of_two_clients_on_a_shard_one_answers_and_the_other_is_refused(room: Room) -> None:
    refused: list[int] = []

    async def answer(interaction: discord.Interaction) -> None:
        try:
            await show(interaction)
        except discord.HTTPException as error:
            refused.append(error.code)

    await room.client(answer)
    await room.client(answer)
    await room.server.gateway.connected(2)
    record = await room.server.slash(room.bob, room.channel, "practice").answered()
    await until(lambda: bool(record.errors))

    assert [code for code, _ in record.errors] == [40060]
    assert len(seen(room, room.bob)) == 1


async def test_an_answer_after_the_deadline_is_unknown(room: Room) -> None:
    room.server.interactions.deadline = 0.02
    failed = asyncio.Event()

    async def answer(interaction: discord.Interaction) -> None:
        await asyncio.sleep(0.05)
        with pytest.raises(discord.NotFound, match="10062"):
            await show(interaction)
        failed.set()

    await room.client(answer)
    record = room.server.slash(room.bob, room.channel, "practice")
    await asyncio.wait_for(failed.wait(), 5)

    assert record.late
    assert seen(room, room.bob) == []


async def test_a_token_ends_and_a_forged_control_is_delivered(room: Room) -> None:
    pressed: list[discord.Interaction] = []

    async def answer(interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        pressed.append(interaction)

    await room.client(answer)
    record = await room.server.press(room.bob, None, "pick.1:9", ["a"], channel=room.channel).acknowledged()
    await until(lambda: bool(pressed))
    record.age = 901
    with pytest.raises(discord.HTTPException, match="50027"):
        await pressed[0].edit_original_response(view=card())

    assert pressed[0].data is not None
    assert pressed[0].data["values"] == ["a"]  # type: ignore[typeddict-item]


@pytest.mark.parametrize(("fate", "code"), [("denied", 50013), ("deleted", 10003), ("kicked", 50001)])
async def test_a_post_where_the_bot_may_not_is_refused(room: Room, fate: str, code: int) -> None:
    client = await room.client()
    channel: Channel = room.channel
    if fate == "denied":
        channel = room.server.add_channel(room.guild, "quiet", deny=SEND_MESSAGES)
    elif fate == "deleted":
        room.server.delete_channel(channel)
    else:
        room.server.remove_guild(room.guild)

    with pytest.raises(discord.HTTPException) as caught:
        await client.get_partial_messageable(int(channel.id)).send("no")
    if fate == "kicked":
        await until(lambda: bool(client.left))

    assert caught.value.code == code
