"""A room with teams: mentions, months that go by, and who is in which team as the database has it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from adapters.storage.ledger_tables import ledger, team_standings
from adapters.storage.work import SqlStorage
from bot.competing import Between, CompetitionState, Rule, Terms
from bot.message import Message, Select
from bot.ports import UnitOfWork
from bot.refs import Actor, Role, WorkspaceRef
from bot.teams import Member, Team
from tests.support.daily_room import DailyRoom
from tests.support.items import truth
from tests.support.room import token_of
from tests.support.world import HOME, someone

ADA, BOB, CYD, DAN, EVE = (someone(name) for name in ("Ada", "Bob", "Cyd", "Dan", "Eve"))
GRACE = someone("Grace", role=Role.MODERATOR)
HOUR = timedelta(hours=1)


class TeamRoom(DailyRoom):
    """People in teams."""

    def __init__(self, storage: SqlStorage, **parts: Any) -> None:
        super().__init__(storage, truth(), **parts)

    async def found(self, who: Actor, name: str, *members: Actor, text: str = "") -> int:
        """Let somebody make a team and others join it, and return its number."""
        await self.command(who, "team create", f'name:"{name}" emoji:🚀 {text}')
        for member in members:
            self.clock.pass_time(seconds=1)
            await self.command(member, "team join", f'team:"{name}"')
        team = await self.of(who)
        assert team is not None
        return team.id

    async def of(self, who: Actor, workspace: WorkspaceRef = HOME) -> Team | None:
        """Return somebody's team as it is kept."""
        async with self.storage.snapshot() as work:
            person = await work.people.find(who)
            return None if person is None else await work.teams.of(workspace, person.id)

    async def teams(self) -> dict[str, list[str]]:
        """Return the names of all teams with those of their people, the captain first."""
        async with self.storage.snapshot() as work:
            there = await work.teams.all(HOME)
            members = {team.name: (team, await work.teams.members(team.id)) for team in there}
        return {name: _captain_first(*found) for name, found in members.items()}

    async def hide(self, who: Actor) -> None:
        """Hide somebody from all boards."""
        await self.command(who, "settings", "hidden:yes")


def mention(who: Actor) -> str:
    """Return the option that means somebody."""
    return f"member:<@{who.user.id}>"


def field(message: Message, name: str) -> str:
    """Return a field of a message."""
    return next(field.value for field in message.fields if field.name == name)


def labels(message: Message) -> list[str]:
    """Return the labels of all buttons, and the placeholders of all lists."""
    found: list[str] = []
    for row in message.rows:
        found += [row.placeholder] if isinstance(row, Select) else [part.label for part in row]
    return found


async def pick(room: TeamRoom, who: Actor, message: Message, placeholder: str, label: str) -> Message:
    """Choose an entry of a list by its label."""
    [row] = [row for row in message.rows if isinstance(row, Select) and row.placeholder == placeholder]
    [value] = [choice.value for choice in row.choices if choice.label == label]
    return await room.press(who, token_of(message, placeholder), value)


async def expect_balanced(storage: SqlStorage) -> None:
    """See that teams and points agree: everybody in one team, captains inside, sums as the ledger has them."""
    async with storage.snapshot() as work:
        assert await work.standings.differences() == []
        inside: list[int] = []
        for team in await work.teams.all(HOME):
            members = [member.person for member in await work.teams.members(team.id)]
            assert team.captain in members, team
            assert team.size == len(members) > 0
            inside += members
    assert len(set(inside)) == len(inside)
    async with storage.reading() as statements:
        paid = select(ledger.c.team_id, func.sum(ledger.c.points).label("sum")).where(ledger.c.team_id.is_not(None))
        sums = {row.team_id: int(row.sum) for row in await statements.execute(paid.group_by(ledger.c.team_id))}
        kept = select(team_standings.c.team_id, team_standings.c.points).where(team_standings.c.period == "all")
        assert {row.team_id: row.points for row in await statements.execute(kept)} == sums


async def compete(room: TeamRoom, team: Team | None, state: CompetitionState = CompetitionState.RUNNING) -> int:
    """Keep a competition of a team and of rivals: it begins at once, or in an hour if it is still open."""
    assert team is not None
    now = room.clock.now()
    start = now + HOUR if state is CompetitionState.OPEN else now
    terms = Terms("Cup", Between.TEAMS, Rule.MEAN, (), (), ("practice",), start, start + 48 * HOUR)
    async with room.storage.transaction() as work:
        there = await work.teams.all(HOME)
        rival = next((one for one in there if one.id != team.id), None) or await _rivals(work, now)
        number = await work.competitions.add(room.channel, terms, team.captain, now)
        for one in (team, rival):
            await work.competitions.enter(number, now, team=one.id)
        await work.competitions.begin_due(HOME, now)
    return number


async def _rivals(work: UnitOfWork, now: datetime) -> Team:
    person = await work.people.enter(someone("Rival"), now)
    number = await work.teams.add(
        workspace=HOME, name="Rivals", folded="rivals", emoji="🐙", captain=person.id, open=False, now=now
    )
    assert number is not None
    team = await work.teams.get(number)
    assert team is not None
    assert await work.teams.join(team, person.id, now)
    return team


def _captain_first(team: Team, members: Sequence[Member]) -> list[str]:
    return [one.name for one in sorted(members, key=lambda one: one.person != team.captain)]
