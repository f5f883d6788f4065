"""A room with competitions: teams that were made before, points that are earned in it, posts on its notice board."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from adapters.storage.work import SqlStorage
from bot.competing import Competition, CompetitionState, Entrant, Score
from bot.competition.names import fold
from bot.message import Message
from bot.refs import Actor
from bot.teams import Team
from tests.support.daily_room import GRACE, DailyRoom
from tests.support.items import truth
from tests.support.noticeboard import Notice
from tests.support.room import token_of
from tests.support.world import someone

ADA, BOB, EVE, DAN = (someone(name) for name in ("Ada", "Bob", "Eve", "Dan"))
START = datetime(2026, 11, 24, 9, tzinfo=UTC)
END = datetime(2026, 12, 4, 9, tzinfo=UTC)
"""When a competition of ``create`` as it stands begins and ends: ten days."""
WORTH = 15
"""What a right answer pays."""


class ContestRoom(DailyRoom):
    """People in a room of true-or-false questions, of which each pays once."""

    def __init__(self, storage: SqlStorage, *, questions: int = 40, **parts: Any) -> None:
        super().__init__(storage, *(truth(id=f"ml-t{place}") for place in range(questions)), **parts)

    async def team(self, name: str, *members: Actor, emoji: str = "") -> Team:
        """Make a team, whose first member is its captain."""
        now = self.clock.now()
        async with self.storage.transaction() as work:
            people = [(await work.people.enter(one, now)).id for one in members]
            number = await work.teams.add(
                workspace=self.channel.workspace,
                name=name,
                folded=fold(name),
                emoji=emoji,
                captain=people[0],
                open=True,
                now=now,
            )
            assert number is not None
            team = await work.teams.get(number)
            assert team is not None
            for person in people:
                assert await work.teams.join(team, person, now)
        return team

    async def move(self, who: Actor, team: Team | None) -> None:
        """Let somebody leave their team, and join another, as whoever changes teams must do it."""
        now, workspace = self.clock.now(), self.channel.workspace
        async with self.storage.transaction() as work:
            person = await work.people.enter(who, now)
            await work.standings.lock(workspace)
            await work.competitions.begin_due(workspace, now)
            before = await work.teams.of(workspace, person.id)
            if before is not None:
                await work.teams.leave(before.id, person.id)
            if team is not None:
                await work.teams.join(team, person.id, now)

    async def disband(self, team: Team) -> None:
        """End a team."""
        async with self.storage.transaction() as work:
            await work.standings.lock(self.channel.workspace)
            await work.competitions.begin_due(self.channel.workspace, self.clock.now())
            await work.teams.disband(team.id)

    async def create(self, text: str = '"Winter Cup" "2026-11-24 09:00" 10d') -> int:
        """Make a competition and return its number."""
        return number_of(await self.command(GRACE, "compete create", text))

    async def under_way(self, text: str = '"Winter Cup" "2026-11-24 09:00" 10d') -> int:
        """Make a competition between the foxes (Ada, Bob) and the owls (Eve, Dan), wait for its start."""
        await self.team("Foxes", ADA, BOB, emoji="🦊")
        await self.team("Owls", EVE, DAN)
        number = await self.create(text)
        for captain in (ADA, EVE):
            await self.command(captain, "compete join")
        self.clock.at = START
        await self.work()
        return number

    async def answer(self, who: Actor, *, right: bool = True, times: int = 1) -> Message:
        """Take a question of practice, and answer it."""
        for _ in range(times):
            asked = await self.command(who, "practice")
            told = await self.press(who, token_of(asked, "False" if right else "True"))
        return told

    async def choose_false(self, who: Actor) -> Message:
        """Answer the newest question of the day right."""
        return await self.press(who, token_of(self.post.message, "False"))

    async def competition(self, number: int = 1) -> Competition:
        """Return a competition as it is kept."""
        async with self.storage.snapshot() as work:
            found = await work.competitions.get(number)
        assert found is not None
        return found

    async def state(self, number: int = 1) -> CompetitionState:
        """Return how far a competition has come."""
        return (await self.competition(number)).state

    async def scores(self, number: int = 1) -> dict[str, int]:
        """Return what each on the roster has earned, by name."""
        return {one.name: one.points for one in await self.rows_of(number)}

    async def rows_of(self, number: int = 1) -> Sequence[Score]:
        """Return what each on the roster has earned."""
        competition = await self.competition(number)
        async with self.storage.snapshot() as work:
            return await work.competitions.scores(competition)

    async def entrants(self, number: int = 1) -> list[Entrant]:
        """Return who competes."""
        competition = await self.competition(number)
        async with self.storage.snapshot() as work:
            return list(await work.competitions.entrants(competition))

    @property
    def contests(self) -> list[Notice]:
        """Return what was posted of competitions."""
        return [notice for notice in self.board.notices if notice.key.startswith("contest:")]

    @property
    def titles(self) -> list[str]:
        """Return the titles of what was posted of competitions."""
        return [notice.message.title for notice in self.contests]

    async def void_latest(self, who: Actor, note: str) -> None:
        """Let a moderator take back the latest points of somebody."""
        now = self.clock.now()
        async with self.storage.transaction() as work:
            moderator, person = await work.people.enter(GRACE, now), await work.people.enter(who, now)
            [entry] = await work.ledger.entries(person.id, before=None, limit=1)
            assert await work.ledger.void(entry.id, self.channel.workspace, moderator.id, note, now)


def number_of(message: Message) -> int:
    """Return the number of the competition that a message is about."""
    found = re.search(r"^Competition `(\d+)`", message.footer)
    assert found, message
    return int(found[1])


def field(message: Message, name: str) -> str:
    """Return the value of the field whose name begins so."""
    [value] = [one.value for one in message.fields if one.name.startswith(name)]
    return value
