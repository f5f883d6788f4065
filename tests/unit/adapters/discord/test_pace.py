"""Requests that nobody asked for go evenly spaced, 48 a second, and what is under way is known."""

from __future__ import annotations

import asyncio

import pytest

from adapters.discord.pace import A_SECOND, BURST, Pace
from bot.errors import PlatformError
from bot.message import Message
from bot.refs import UserRef
from tests.unit.adapters.discord.conftest import Loopback, Speaking

HELLO = Message(text="hello")
MANY = 30


async def test_requests_are_spaced_evenly() -> None:
    pace, loop, at = Pace(), asyncio.get_running_loop(), list[float]()

    async def note() -> None:
        at.append(loop.time())

    await asyncio.gather(*(pace.ask(note) for _ in range(MANY)))
    assert at[-1] - at[0] >= (MANY - BURST) / A_SECOND * 0.95
    assert max(sum(0 <= other - one < 0.25 for other in at) for one in at) <= BURST + 0.25 * A_SECOND + 1


async def test_whatever_is_said_shares_one_pace(loopback: Loopback, speaking: Speaking) -> None:
    sent = await speaking.platform.send(loopback.place(), HELLO)
    ada = UserRef("discord", "", loopback.ada.id)
    loopback.discord.requests.clear()
    said = [
        *(speaking.platform.edit(sent, HELLO) for _ in range(5)),
        *(speaking.platform.send(loopback.place(), HELLO) for _ in range(5)),
        *(speaking.platform.thread(sent, "Thoughts") for _ in range(5)),
        *(speaking.platform.tell(ada, loopback.workspace(), HELLO) for _ in range(5)),
    ]
    await asyncio.gather(*said)
    at = [request.at for request in loopback.discord.requests]
    assert max(at) - min(at) >= (len(at) - BURST) / A_SECOND * 0.9


async def test_what_is_under_way_is_waited_for_but_not_for_ever(loopback: Loopback, speaking: Speaking) -> None:
    await speaking.platform.drain(0)
    loopback.discord.faults.add("POST", "/messages$", delay=0.2)
    sending = asyncio.create_task(speaking.platform.send(loopback.place(), HELLO))
    await asyncio.sleep(0.05)
    await speaking.platform.drain(0.01)
    assert not sending.done()
    await speaking.platform.drain(5)
    await asyncio.sleep(0)
    assert sending.done()


async def test_a_failure_is_under_way_no_more(loopback: Loopback, speaking: Speaking) -> None:
    loopback.discord.faults.add("POST", "/messages$", status=400)
    with pytest.raises(PlatformError):
        await speaking.platform.send(loopback.place(), HELLO)
    async with asyncio.timeout(1):
        await speaking.platform.drain(60)
