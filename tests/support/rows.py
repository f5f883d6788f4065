"""Rows written through the port, each in its own transaction; whatever a test does not care about has a default."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import event

from adapters.storage.work import SqlStorage
from bot.competition.names import fold
from bot.ledger import Board, Cursor, Entry, TeamBoard
from bot.persons import Person
from bot.ports import Serving, Storage
from bot.refs import ChannelRef, WorkspaceRef
from bot.scheduling import Daily, DailyState, Plan, Put, Schedule
from tests.support.world import HOME, MONDAY, STUDY, someone

SEASON = "2026-11"
DAY = date(2026, 11, 23)
ALWAYS = "all"
USUAL: dict[str, Any] = {
    "workspace": HOME, "reason": "practice", "question": "cn-stride", "note": "right", "season": SEASON, "day": DAY,
    "periods": (ALWAYS,), "now": MONDAY,
}  # fmt: skip
"""What an award is written with where a test does not care."""
DAILY = Plan(at=time(9), zone="UTC", weekdays="0123456")
"""Every day at nine."""


async def enter(storage: Storage, name: str = "Ada") -> Person:
    """Let somebody enter, and return them."""
    async with storage.transaction() as work:
        return await work.people.enter(someone(name), MONDAY)


async def serve(
    storage: Storage,
    person: Person,
    *,
    question: str = "cn-stride",
    workspace: WorkspaceRef = HOME,
    order: Sequence[int] = (2, 0, 1),
    now: datetime = MONDAY,
    seed: int = 0,
) -> int:
    """Show a person a question, and return the serving's id."""
    async with storage.transaction() as work:
        return await work.servings.add(
            person=person.id,
            workspace=workspace,
            question=question,
            revision="0badf00d",
            wanted="CN_easy_",
            order=order,
            now=now,
            seed=seed,
        )


async def award(
    storage: Storage,
    person: Person,
    points: int,
    *,
    question: str = "cn-stride",
    workspace: WorkspaceRef = HOME,
    reason: str = "practice",
    season: str = SEASON,
    day: date = DAY,
    periods: Sequence[str] = (ALWAYS,),
    serving: int | None = None,
    now: datetime = MONDAY,
    team: int | None = None,
    contests: Sequence[str] = (),
    by: Person | None = None,
) -> int:
    """Pay a person for a serving, a new one unless it is given, and return the row's id."""
    if serving is None:
        serving = await serve(storage, person, question=question, workspace=workspace, now=now)
    async with storage.transaction() as work:
        return await work.ledger.award(
            person=person.id,
            workspace=workspace,
            points=points,
            reason=reason,
            question=question,
            note="right",
            season=season,
            day=day,
            periods=periods,
            serving=serving,
            now=now,
            team=team,
            contests=contests,
            by=None if by is None else by.id,
        )


async def void(storage: Storage, entry: int, by: Person, *, workspace: WorkspaceRef = HOME) -> bool:
    """Take the points of a row back."""
    async with storage.transaction() as work:
        return await work.ledger.void(entry, workspace, by.id, "a mistake", MONDAY)


async def team(
    storage: Storage, *members: Person, name: str = "Owls", emoji: str = "🦉", workspace: WorkspaceRef = HOME
) -> int:
    """Make a team of people, the first of them its captain, and return its id."""
    async with storage.transaction() as work:
        number = await work.teams.add(
            workspace=workspace,
            name=name,
            folded=fold(name),
            emoji=emoji,
            captain=members[0].id,
            open=True,
            now=MONDAY,
        )
        assert number is not None
        made = await work.teams.get(number)
        assert made is not None
        for member in members:
            assert await work.teams.join(made, member.id, MONDAY)
    return number


async def hide(storage: Storage, person: Person, *, hidden: bool = True) -> None:
    """Hide a person, or show them again."""
    async with storage.transaction() as work:
        await work.people.set_profile(person.id, shown_name=person.shown_name, zone=person.zone, hidden=hidden)


async def find(storage: Storage, name: str = "Ada") -> Person | None:
    """Return somebody as they are kept."""
    async with storage.snapshot() as work:
        return await work.people.find(someone(name))


async def serving(storage: Storage, number: int) -> Serving | None:
    """Return a serving as it is kept."""
    async with storage.snapshot() as work:
        return await work.servings.get(number)


async def entries(storage: Storage, person: Person, *, before: int | None = None, limit: int = 100) -> Sequence[Entry]:
    """Return a person's rows of the ledger."""
    async with storage.snapshot() as work:
        return await work.ledger.entries(person.id, before=before, limit=limit)


async def total(storage: Storage, person: Person, *, workspace: WorkspaceRef = HOME, period: str = ALWAYS) -> int:
    """Return a person's points on a board."""
    async with storage.snapshot() as work:
        return await work.ledger.total(person.id, workspace, period)


async def board(
    storage: Storage,
    reader: Person | None = None,
    *,
    workspace: WorkspaceRef = HOME,
    period: str = ALWAYS,
    limit: int = 10,
    cursor: Cursor | None = None,
) -> Board:
    """Return a page of a board as somebody reads it."""
    async with storage.snapshot() as work:
        return await work.standings.board(workspace, period, reader.id if reader else None, limit, cursor)


async def team_board(
    storage: Storage,
    reader: int | None = None,
    *,
    workspace: WorkspaceRef = HOME,
    period: str = ALWAYS,
    limit: int = 10,
    cursor: Cursor | None = None,
) -> TeamBoard:
    """Return a page of a board of teams as somebody of one of them reads it."""
    async with storage.snapshot() as work:
        return await work.standings.teams(workspace, period, reader, limit, cursor)


@contextmanager
def statements(storage: SqlStorage) -> Iterator[list[tuple[str, Any]]]:
    """Collect what the database is asked, with the values."""
    said: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            said.append((statement, values))

    event.listen(storage.engine.sync_engine, "before_cursor_execute", note)
    yield said
    event.remove(storage.engine.sync_engine, "before_cursor_execute", note)


async def differences(storage: Storage) -> list[str]:
    """Return where standings and ledger disagree."""
    async with storage.snapshot() as work:
        return list(await work.standings.differences())


async def schedule(
    storage: Storage, person: Person | None = None, *, channel: ChannelRef = STUDY, plan: Plan = DAILY
) -> Schedule:
    """Keep a schedule of somebody's, by default Grace's, and return it."""
    owner = person or await enter(storage, "Grace")
    async with storage.transaction() as work:
        kept = await work.schedules.get(await work.schedules.add(channel, plan, owner.id, MONDAY))
    assert kept is not None
    return kept


async def ask(
    storage: Storage,
    of: Schedule,
    *,
    day: date = DAY,
    state: DailyState = DailyState.OPEN,
    question: str = "cn-stride",
    revision: str = "0badf00d",
    seed: int = 0,
    order: Sequence[int] = (),
    closes_at: datetime = MONDAY + timedelta(hours=24),
    late: bool = False,
    note: str = "",
) -> int | None:
    """Ask the question of a day, and return its id; None where its date has one."""
    async with storage.transaction() as work:
        return await work.dailies.add(
            schedule=of,
            day=day,
            state=state,
            question=question,
            revision=revision,
            seed=seed,
            order=order,
            due_at=MONDAY,
            closes_at=closes_at,
            late=late,
            note=note,
            now=MONDAY,
        )


async def reply(
    storage: Storage,
    daily: int,
    person: Person,
    *,
    response: str = "T",
    score: int = 1000,
    late: bool = False,
    change: bool = True,
    now: datetime = MONDAY,
) -> Put:
    """Answer the question of a day."""
    async with storage.transaction() as work:
        return await work.daily_answers.put(
            daily, person.id, response=response, score=score, late=late, change=change, now=now
        )


async def daily(storage: Storage, number: int) -> Daily:
    """Return the question of a day as it is kept."""
    async with storage.snapshot() as work:
        found = await work.dailies.get(number)
    assert found is not None
    return found
