"""Kill the process at any instant: what was acknowledged is there, counted once, and the sums agree."""

from __future__ import annotations

import asyncio
import contextlib
import random
import sqlite3
from pathlib import Path

import pytest
from aiohttp import ClientError

from adapters.storage.engine import open_engine, read_url
from adapters.storage.work import SqlStorage
from tests.support.page import Tab, open_tab, tokens
from tests.support.process import Process

PEOPLE = ("ada", "alan", "grace", "katherine")


async def crash(folder: Path, kills: int, chance: random.Random) -> None:
    """Let four people practise while the process is killed again and again, then check everything."""
    answered: set[tuple[str, str]] = set()
    for _ in range(kills):
        process = Process(folder, "run", "browser", WARMUP_DAILY_CAP="100000")
        address = process.address()
        practising = [asyncio.create_task(_practise(address, who, answered)) for who in PEOPLE]
        await asyncio.sleep(chance.uniform(0.05, 0.8))
        process.kill()
        for task in practising:
            task.cancel()
        await asyncio.gather(*practising, return_exceptions=True)
    await _check(folder, answered)


async def _practise(address: str, who: str, answered: set[tuple[str, str]]) -> None:
    with contextlib.suppress(ClientError, ConnectionError, TimeoutError):
        async with open_tab(address, who) as tab:
            while True:
                await tab.say("/practice kind:one")
                question = tab.messages()[-1]
                token = tokens(question)["A"]
                await tab.act(type="press", message=question["id"], token=token, values=[])
                if _told(tab, question["id"]):
                    answered.add((who, token.split(":")[1]))


def _told(tab: Tab, message: int) -> bool:
    return any(frame.get("message", {}).get("tone") in ("good", "bad") for frame in tab.frames if _of(frame, message))


def _of(frame: dict[str, object], message: int) -> bool:
    shown = frame.get("message")
    return isinstance(shown, dict) and shown["id"] == message


async def _check(folder: Path, answered: set[tuple[str, str]]) -> None:
    path = folder / "data" / "warmup.db"
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        states = dict(database.execute("SELECT id, state FROM servings").fetchall())
        assert {serving for _, serving in answered if states[int(serving)] != "answered"} == set()
        (counted,) = database.execute("SELECT coalesce(sum(answered), 0) FROM topic_records").fetchone()
        assert counted == sum(state == "answered" for state in states.values()) >= len(answered)
        right, paid = (
            database.execute(statement).fetchone()[0]
            for statement in ("SELECT count(*) FROM servings WHERE score = 1000", "SELECT count(*) FROM ledger")
        )
        assert paid <= right
    database.close()
    storage = SqlStorage(open_engine(read_url(f"sqlite:///{path}")))
    async with storage.snapshot() as work:
        assert await work.standings.differences() == []
    await storage.close()


async def test_kills_at_random_lose_nothing_acknowledged(tmp_path: Path) -> None:
    await crash(tmp_path, 2, random.Random(1))


@pytest.mark.soak
async def test_a_hundred_kills_at_random_lose_nothing_acknowledged(tmp_path: Path) -> None:
    await crash(tmp_path, 100, random.Random(2))
