"""What a page of standings and an award cost on a million ledger rows, next to a hundredth of them and next to Redis.

Small and large take turns, so that whatever else the machine does is the same for both. Ratios are of medians: the
slowest hundredth is the machine's own. Files are filled by SQL, and ``rebuild`` makes the standings.
"""

from __future__ import annotations

import random
import resource
import sqlite3
import statistics
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from adapters.storage.work import SqlStorage
from bot.ledger import Cursor
from bot.ports import UnitOfWork
from bot.practice.calendar import ALL, Calendar, month_of
from tests.bench.redis_board import redis_board
from tests.support.databases import open_database
from tests.support.world import HOME, MONDAY

LARGE, SMALL = 1_000_000, 10_000
A_PERSON, A_SESSION = 10, 5
"""Ledger rows of each person, and of each day on which they practised one topic."""
A_TEAM = 8
DAYS, TOPICS = 60, ("cn", "op", "ml", "rg", "lm", "tr", "ge", "rl")
CALLS, AWARDS = 2_000, 300
LIMIT = 10
MOST_MS, MOST_GROWTH = 5.0, 1.5
CALENDAR = Calendar(ZoneInfo("UTC"))
MONTH = month_of(MONDAY.date())
Act = Callable[[UnitOfWork, random.Random], Awaitable[object]]
Taken = dict[str, dict[int, list[float]]]
"""Milliseconds by act and size."""
Said = tuple[str, Any]
"""A statement and its values."""


def _ledger(count: int) -> Iterator[tuple[object, ...]]:
    """Yield rows: each person in sessions of a few answers on one topic, in the last two months."""
    chance = random.Random(3)
    for number in range(count // A_SESSION):
        person = 1 + number * A_SESSION // A_PERSON
        day = MONDAY.date() - timedelta(days=min(int(chance.expovariate(0.05)), DAYS))
        boards = " ".join(CALENDAR.boards(day, chance.choice(TOPICS)))
        team = 1 + (person - 1) // A_TEAM if person % 4 else None
        for answer in range(A_SESSION):
            points = chance.choice((7, 10, 10, 15, 20))
            question = f"cn-{answer}"
            yield person, HOME.key, points, "practice", question, month_of(day), str(day), boards, team


def _fill(path: Path, count: int) -> None:
    people = count // A_PERSON
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA synchronous = OFF")
        database.executemany(
            "INSERT INTO people (id, platform, space, user_id, name, entered_at)"
            " VALUES (?, 'test', 'home', ?, ?, '2026-01-01 00:00:00.000000')",
            ((number, str(number), f"Person {number}") for number in range(1, people + 1)),
        )
        database.executemany(
            "INSERT INTO teams (id, workspace, name, folded, emoji, captain_id, open, disbanded, made_at)"
            " VALUES (?, ?, ?, ?, '', ?, 1, 0, '2026-01-01 00:00:00.000000')",
            (
                (number, HOME.key, f"Team {number}", f"team {number}", 1 + (number - 1) * A_TEAM)
                for number in range(1, people // A_TEAM + 1)
            ),
        )
        database.executemany(
            "INSERT INTO ledger (person_id, workspace, points, reason, question, season, day, periods, team_id,"
            " note, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'right', '2026-11-23 09:00:00.000000')",
            _ledger(count),
        )


@asynccontextmanager
async def filled(folder: Path, count: int) -> AsyncIterator[SqlStorage]:
    """Open a database with so many ledger rows and the standings that ``rebuild`` makes of them."""
    folder.mkdir()
    async with open_database("sqlite", folder) as storage:
        _fill(Path(str(storage.engine.url.database)), count)
        began = time.perf_counter()
        async with storage.transaction() as work:
            assert await work.standings.rebuild()
        built = time.perf_counter()
        async with storage.snapshot() as work:
            assert await work.standings.differences() == []
        seen = time.perf_counter()
        with closing(sqlite3.connect(str(storage.engine.url.database))) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # as it is once others have written a little
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"\n{count:,} ledger rows: rebuilt in {built - began:.1f} s, verified in {seen - built:.1f} s; "
            f"at most {memory} MB so far"
        )
        yield storage


def _acts(count: int) -> dict[str, Act]:
    """Return what is measured, by name; each takes a random reader."""
    people, of_teams = count // A_PERSON, count // A_PERSON // A_TEAM

    def of_people(period: str, middle: int | None = None, *, back: bool = False) -> Act:
        async def read(work: UnitOfWork, chance: random.Random) -> object:
            cursor = None if middle is None else Cursor(middle, chance.randint(1, people), back)
            return await work.standings.board(HOME, period, chance.randint(1, people), LIMIT, cursor)

        return read

    def of_team(middle: int | None = None) -> Act:
        async def read(work: UnitOfWork, chance: random.Random) -> object:
            cursor = None if middle is None else Cursor(middle, chance.randint(1, of_teams))
            return await work.standings.teams(HOME, ALL, chance.randint(1, of_teams), LIMIT, cursor)

        return read

    return {
        "first page": of_people(ALL),
        "middle page": of_people(ALL, 120),
        "middle page, back": of_people(ALL, 120, back=True),
        "month, first page": of_people(MONTH),
        "topic, middle page": of_people(f"{MONTH}/cn", 60),
        "teams, first page": of_team(),
        "teams, middle page": of_team(90_000),
    }


async def _award(work: UnitOfWork, chance: random.Random, people: int) -> None:
    person, day = chance.randint(1, people), MONDAY.date()
    await work.ledger.award(
        person=person, workspace=HOME, points=10, reason="practice", question="cn-new", note="right",
        season=CALENDAR.season_of(day), day=day, periods=CALENDAR.boards(day, "cn"), serving=None, now=MONDAY,
        team=1 + (person - 1) // A_TEAM,
    )  # fmt: skip


def _percentiles(taken: list[float]) -> tuple[float, float]:
    return statistics.median(taken), statistics.quantiles(taken, n=100)[-1]


@contextmanager
def _statements(storage: SqlStorage) -> Iterator[list[Said]]:
    """Yield a list that notes each reading statement with its values."""
    said: list[Said] = []

    def note(_: object, __: object, statement: str, values: Any, *___: object) -> None:
        if statement.startswith("SELECT"):  # a transaction begins by a statement too
            said.append((statement, values))

    event.listen(storage.engine.sync_engine, "before_cursor_execute", note)
    yield said
    event.remove(storage.engine.sync_engine, "before_cursor_execute", note)


async def _measure(storages: dict[int, SqlStorage], calls: int) -> tuple[Taken, Taken]:
    """Return milliseconds by act and size: from call to answer, and in the database alone."""
    whole: Taken = defaultdict(lambda: defaultdict(list))
    inside: Taken = defaultdict(lambda: defaultdict(list))
    chance = random.Random(4)
    acts = {count: _acts(count) for count in storages}
    with ExitStack() as stack:
        said = {count: stack.enter_context(_statements(storage)) for count, storage in storages.items()}
        files = {
            count: stack.enter_context(closing(sqlite3.connect(str(storage.engine.url.database))))
            for count, storage in storages.items()
        }
        for name in next(iter(acts.values())):
            for _ in range(calls):
                for count, storage in storages.items():
                    said[count].clear()
                    began = time.perf_counter()
                    async with storage.snapshot() as work:
                        await acts[count][name](work, chance)
                    whole[name][count].append((time.perf_counter() - began) * 1000)
                    inside[name][count].append(_replayed(files[count], said[count]))
    for _ in range(min(calls, AWARDS)):
        for count, storage in storages.items():
            async with storage.transaction() as work:
                began = time.perf_counter()
                await _award(work, chance, count // A_PERSON)
                whole["award with a team"][count].append((time.perf_counter() - began) * 1000)
    return whole, inside


def _replayed(database: sqlite3.Connection, said: Sequence[Said]) -> float:
    """Return the milliseconds that SQLite itself takes for some statements, without driver and event loop."""
    began = time.perf_counter()
    for statement, values in said:
        database.execute(statement, values).fetchall()
    return (time.perf_counter() - began) * 1000


def _print(what: str, taken: Taken) -> None:
    print(f"{what:<22}{'median':>8}{'p99':>8}{'small':>8}{'p99':>8}{'ratio':>7}")
    for name, each in taken.items():
        (middle, slow), (before, slow_before) = _percentiles(each[LARGE]), _percentiles(each[SMALL])
        print(f"{name:<22}{middle:>8.2f}{slow:>8.2f}{before:>8.2f}{slow_before:>8.2f}{middle / before:>7.2f}")


async def _compare_with_redis(storage: SqlStorage, people: int, page: float) -> None:
    async with storage.snapshot() as work:
        points = await work.standings.points(HOME, ALL, range(1, min(people, 30_000) + 1))
    points |= {person: points[1 + person % len(points)] for person in range(30_001, people + 1)}
    taken, chance = [], random.Random(4)
    async with redis_board(points) as redis:
        if redis is None:
            print("Redis is not at 127.0.0.1:6379; start one to compare with it")
            return
        for _ in range(CALLS):
            began = time.perf_counter()
            await redis.page(chance.randint(1, people))
            taken.append((time.perf_counter() - began) * 1000)
    middle, slow = _percentiles(taken)
    print(f"{'Redis, first page':<22}{middle:>8.2f}{slow:>8.2f}   this takes {page / middle:.1f} times as long")


async def test_the_bench_measures_what_it_says(tmp_path: Path) -> None:
    """The short version, in every test run."""
    async with filled(tmp_path / "few", 2_000) as storage:
        whole, inside = await _measure({2_000: storage}, 3)
        assert {len(each[2_000]) for each in (*whole.values(), *inside.values())} == {3}
        async with storage.snapshot() as work:
            assert (await work.standings.board(HOME, ALL, 1, LIMIT)).size == 200
            assert (await work.standings.teams(HOME, ALL, 1, LIMIT)).size == 25
            assert await work.standings.differences() == []


@pytest.mark.bench
async def test_a_page_costs_the_same_on_a_million_rows(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        storages = {n: await stack.enter_async_context(filled(tmp_path / str(n), n)) for n in (SMALL, LARGE)}
        whole, inside = await _measure(storages, CALLS)
        _print("ms, call to answer", whole)
        _print("ms, in the database", inside)
        await _compare_with_redis(storages[LARGE], LARGE // A_PERSON, statistics.median(whole["first page"][LARGE]))
    for name, each in (*whole.items(), *inside.items()):
        assert statistics.median(each[LARGE]) <= MOST_GROWTH * statistics.median(each[SMALL]), name
    for name, each in inside.items():
        assert _percentiles(each[LARGE])[1] <= MOST_MS, name
