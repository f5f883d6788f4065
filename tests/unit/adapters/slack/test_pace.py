"""Keeping to rates, and letting only the newest of several waiting values through."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from adapters.slack.pace import Latest, Pace


async def at_once(_: str) -> None: ...


def sending(sent: list[tuple[str, int]]) -> Callable[[str, int], Awaitable[None]]:
    async def send(key: str, value: int) -> None:
        sent.append((key, value))
        await asyncio.sleep(0)

    return send


async def seconds(pace: Pace[str], *keys: str) -> float:
    """Return how long it takes until it is everybody's turn."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await asyncio.gather(*(pace.turn(key) for key in keys))
    return loop.time() - begun


async def test_a_burst_goes_through_at_once_and_what_is_above_it_waits() -> None:
    assert await seconds(Pace[str]((3, 60.0)), "a", "a", "a") < 5
    assert await seconds(Pace[str]((3, 0.3)), "a", "a", "a", "a") >= 0.09


async def test_keys_do_not_hold_each_other_up() -> None:
    assert await seconds(Pace[str]((1, 60.0)), "a", "b", "c") < 5


async def test_only_so_many_keys_are_remembered_those_used_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.slack.pace.REMEMBERED", 2)
    pace = Pace[str]((1000, 1.0))
    await seconds(pace, "a", "b", "a", "c")
    assert list(pace._limiters) == ["a", "c"]


async def test_of_what_waits_for_its_turn_the_newest_is_sent() -> None:
    sent: list[tuple[str, int]] = []
    turn = asyncio.Event()

    async def wait(_: str) -> None:
        await turn.wait()

    latest = Latest[str, int](wait, sending(sent))
    putting = [asyncio.create_task(latest.put("a", number)) for number in range(50)]
    await asyncio.sleep(0)
    turn.set()
    await asyncio.gather(*putting)
    assert sent == [("a", 49)]


async def test_what_comes_while_another_is_sent_is_sent_after_it() -> None:
    sent: list[tuple[str, int]] = []
    begun, gate = asyncio.Event(), asyncio.Event()

    async def send(key: str, value: int) -> None:
        sent.append((key, value))
        begun.set()
        await gate.wait()

    latest = Latest[str, int](at_once, send)
    first = asyncio.create_task(latest.put("a", 0))
    await begun.wait()
    rest = [asyncio.create_task(latest.put("a", number)) for number in (1, 2, 3)]
    await asyncio.sleep(0)
    assert not first.done()
    gate.set()
    await asyncio.gather(first, *rest)
    assert sent == [("a", 0), ("a", 3)]


async def test_each_key_has_its_own_newest_and_none_is_remembered() -> None:
    sent: list[tuple[str, int]] = []
    latest = Latest[str, int](at_once, sending(sent))
    await asyncio.gather(*(latest.put(key, number) for number in range(3) for key in "ab"))
    assert sent == [("a", 2), ("b", 2)]
    await latest.put("a", 3)
    assert (sent[-1], latest._edits) == (("a", 3), {})


async def test_what_fails_is_told_to_all_who_wait_and_the_next_is_sent() -> None:
    broken = [True]

    async def send(_: str, __: int) -> None:
        if broken.pop():
            raise ValueError

    latest = Latest[str, int](at_once, send)
    done = await asyncio.gather(latest.put("a", 0), latest.put("a", 1), return_exceptions=True)
    assert [type(error) for error in done] == [ValueError, ValueError]
    broken.append(False)
    await latest.put("a", 2)
    assert (broken, latest._edits) == ([], {})


async def test_who_waits_no_more_keeps_nothing_from_being_sent() -> None:
    sent: list[tuple[str, int]] = []
    latest = Latest[str, int](at_once, sending(sent))
    putting = [asyncio.create_task(latest.put("a", number)) for number in range(2)]
    await asyncio.sleep(0)
    putting[1].cancel()
    await asyncio.gather(*putting, return_exceptions=True)
    assert sent == [("a", 1)]
