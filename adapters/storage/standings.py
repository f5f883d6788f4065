"""Boards in the database: a page, ranks and sizes are read by index, whatever history there is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, select, true

from adapters.storage import board_sums, recount
from adapters.storage.competition_tables import teams
from adapters.storage.ledger_tables import contributions, standings, team_standings
from adapters.storage.statements import Statements
from adapters.storage.tables import people
from bot.ledger import Board, Contribution, Cursor, Standing, TeamBoard, TeamStanding
from bot.refs import WorkspaceRef

_SHOWN = func.coalesce(func.nullif(people.c.shown_name, ""), people.c.name).label("shown")


class SqlStandings:
    """The Standings port."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def lock(self, workspace: WorkspaceRef) -> None:
        """Let nobody else change boards, teams and competitions of a workspace until the transaction ends."""
        await board_sums.lock(self._statements, workspace.key)

    async def board(
        self, workspace: WorkspaceRef, period: str, person: int | None, limit: int, cursor: Cursor | None = None
    ) -> Board:
        """Return a page of at most ``limit`` people, the first without a cursor, and the person's own row."""
        here = and_(standings.c.workspace == workspace.key, standings.c.period == period)
        rows = select(standings.c.person_id, standings.c.points, _SHOWN).join(people)
        shown = rows.where(here, standings.c.hidden.is_(False), standings.c.points > 0)
        found, more, less = await self._page(shown, standings.c.points, standings.c.person_id, limit, cursor)
        top: list[Standing] = []
        places = await self._ranks(workspace, period, [row.points for row in found], first=cursor is None)
        for row, rank in zip(found, places, strict=True):
            top.append(Standing(rank, row.person_id, row.shown, row.points))
        size = await board_sums.count_people(self._statements, workspace, period)
        mine = None
        if person is not None:
            own = rows.where(here, standings.c.person_id == person, standings.c.points > 0)
            mine = (await self._statements.execute(own)).one_or_none()
        if mine is None:
            return Board(tuple(top), None, size, more, less)
        ahead = await board_sums.count_ahead(self._statements, workspace, period, mine.points)
        return Board(tuple(top), Standing(ahead + 1, mine.person_id, mine.shown, mine.points), size, more, less)

    async def teams(
        self, workspace: WorkspaceRef, period: str, team: int | None, limit: int, cursor: Cursor | None = None
    ) -> TeamBoard:
        """Return a page of at most ``limit`` teams, the best mean first, and the row of one team."""
        on_board = and_(
            team_standings.c.workspace == workspace.key, team_standings.c.period == period, team_standings.c.mean > 0
        )
        rows = select(team_standings, teams.c.name, teams.c.emoji).join(teams)
        found, more, less = await self._page(
            rows.where(on_board), team_standings.c.mean, team_standings.c.team_id, limit, cursor
        )
        ranked = select(func.count()).select_from(team_standings).where(on_board)
        top = [await self._team(row, ranked) for row in found]
        own = None
        if team is not None:
            theirs = rows.where(on_board, team_standings.c.team_id == team)
            mine = (await self._statements.execute(theirs)).one_or_none()
            own = None if mine is None else await self._team(mine, ranked)
        size = (await self._statements.execute(ranked)).scalar_one()
        return TeamBoard(tuple(top), own, size, more, less)

    async def in_team(self, workspace: WorkspaceRef, period: str, team: int) -> Sequence[Contribution]:
        """Return what each earned for a team in a period, most first; of those who left too."""
        rows = (
            select(contributions.c.person_id, contributions.c.points, _SHOWN, people.c.hidden)
            .join(people)
            .where(
                contributions.c.workspace == workspace.key,
                contributions.c.period == period,
                contributions.c.team_id == team,
                contributions.c.points > 0,
            )
            .order_by(contributions.c.points.desc(), contributions.c.person_id)
        )
        found = await self._statements.execute(rows)
        return [Contribution(row.person_id, row.shown, row.hidden, row.points) for row in found]

    async def points(self, workspace: WorkspaceRef, period: str, people: Collection[int]) -> dict[int, int]:
        """Return the points of some people in a period, of those who have any."""
        rows = select(standings.c.person_id, standings.c.points).where(
            standings.c.workspace == workspace.key,
            standings.c.period == period,
            standings.c.person_id.in_(people),
            standings.c.points != 0,
        )
        return {row.person_id: row.points for row in await self._statements.execute(rows)}

    async def differences(self) -> Sequence[str]:
        """Return a line for each standing that is not what the ledger sums to."""
        return await recount.differences(self._statements)

    async def rebuild(self) -> None:
        """Forget all standings and sum them up from the ledger again."""
        await recount.rebuild(self._statements)

    async def _page(
        self, rows: Select[Any], score: Any, key: Any, limit: int, cursor: Cursor | None
    ) -> tuple[list[Row[Any]], bool, bool]:
        """Return a page of rows in the board's order, and whether the board goes on below and above it."""
        back = cursor is not None and cursor.back
        order = (score.asc(), key.desc()) if back else (score.desc(), key.asc())
        ranges = [true()] if cursor is None else _beyond(score, key, cursor)
        found: list[Row[Any]] = []
        for within in ranges:  # each is a range of the index, which a single condition would not be
            left = limit + 1 - len(found)
            if left > 0:
                found += (await self._statements.execute(rows.where(within).order_by(*order).limit(left))).all()
        beyond = len(found) > limit
        found = found[:limit]
        return (found[::-1], True, beyond) if back else (found, beyond, cursor is not None)

    async def _ranks(self, workspace: WorkspaceRef, period: str, points: Sequence[int], *, first: bool) -> list[int]:
        """Return the rank of each row of a page: that of the first row of its score, which may be on a page before."""
        ranks: list[int] = []
        before = 0 if first else None  # how many rows precede the page, as soon as that is known
        for place, score in enumerate(points):
            if place and score == points[place - 1]:
                ranks.append(ranks[-1])
                continue
            if before is None:
                ahead = await board_sums.count_ahead(self._statements, workspace, period, score)
                before = ahead - place if place else None  # the first score of the page may begin on an earlier one
            else:
                ahead = before + place
            ranks.append(ahead + 1)
        return ranks

    async def _team(self, row: Row[Any], ranked: Select[Any]) -> TeamStanding:
        ahead = (await self._statements.execute(ranked.where(team_standings.c.mean > row.mean))).scalar_one()
        return TeamStanding(ahead + 1, row.team_id, row.name, row.emoji, row.points, row.active, row.mean)


def _beyond(score: Any, key: Any, cursor: Cursor) -> list[ColumnElement[bool]]:
    """Return the two ranges of an index beyond a row: the rest of its score, and the scores that follow."""
    if cursor.back:
        return [and_(score == cursor.score, key < cursor.id), score > cursor.score]
    return [and_(score == cursor.score, key > cursor.id), score < cursor.score]
