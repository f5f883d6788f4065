"""Boards in the database: a page, ranks and sizes are read by index, whatever history there is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, literal, select, union_all

from adapters.storage import board_sums, ranks, recount
from adapters.storage.competition_tables import teams
from adapters.storage.ledger_tables import contributions, standings, team_standings
from adapters.storage.shown_names import shown_name
from adapters.storage.statements import Statements
from adapters.storage.tables import people
from bot.ledger import MANY, Board, Contribution, Cursor, Standing, TeamBoard, TeamStanding
from bot.refs import WorkspaceRef

_SHOWN = shown_name().label("shown")
_PAGE, _OTHER_SIDE, _OWN = range(3)
"""What a row was read for: the page, to see whether the board goes on at the other side of the cursor, the reader."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """Where the rows of a board are: those that it shows, and one of them or of those who hide; best score first."""

    shown: Select[Any]
    all: Select[Any]
    score: Any
    id: Any

    def beyond(self, cursor: Cursor | None, *, back: bool, limit: int) -> list[Select[Any]]:
        """Return what selects the nearest rows below a cursor, or above it: each of them reads one range of an index.

        One is the rest of the cursor's score and one the scores that follow, which a single condition would not be.
        """
        ranges: list[ColumnElement[bool]] = [self.score > 0]
        if cursor is not None:
            # Of two lower bounds SQLite would begin at the first, and read all that is between them.
            ranges = [self.score > max(cursor.score, 0) if back else and_(self.score < cursor.score, self.score > 0)]
            if cursor.score > 0:  # as a condition beside the equal score it would have SQLite read by ids alone
                rest = self.id < cursor.id if back else self.id > cursor.id
                ranges.append(and_(self.score == cursor.score, rest))
        order = (self.score.asc(), self.id.desc()) if back else (self.score.desc(), self.id.asc())
        return [self.shown.where(within).order_by(*order).limit(limit) for within in ranges]


@dataclass(frozen=True, slots=True)
class _Page:
    """A page of rows with their ranks, and the reader's own row if they have one."""

    top: Sequence[tuple[int, Row[Any]]]
    own: Sequence[tuple[int, Row[Any]]]
    size: int
    more: bool
    less: bool


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
        key, score = standings.c.person_id, standings.c.points
        of_all = select(key.label("id"), score.label("score"), _SHOWN).join(people)
        of_all = of_all.where(standings.c.workspace == workspace.key, standings.c.period == period)
        rows = _Rows(of_all.where(standings.c.hidden.is_(False)), of_all, score, key)
        page = await self._page(rows, ranks.PEOPLE, workspace, period, person, limit, cursor)
        top, own = (
            tuple(Standing(rank, row.id, row.shown, row.score) for rank, row in ranked)
            for ranked in (page.top, page.own)
        )
        return Board(top, own[0] if own else None, page.size, page.more, page.less)

    async def teams(
        self, workspace: WorkspaceRef, period: str, team: int | None, limit: int, cursor: Cursor | None = None
    ) -> TeamBoard:
        """Return a page of at most ``limit`` teams, the best mean first, and the row of one team."""
        key, score = team_standings.c.team_id, team_standings.c.mean
        facts = (team_standings.c.points, team_standings.c.active, teams.c.name, teams.c.emoji)
        shown = select(key.label("id"), score.label("score"), *facts).join(teams)
        shown = shown.where(team_standings.c.workspace == workspace.key, team_standings.c.period == period)
        rows = _Rows(shown, shown, score, key)
        page = await self._page(rows, ranks.TEAMS, workspace, period, team, limit, cursor)
        top, own = (
            tuple(
                TeamStanding(rank, row.id, row.name, row.emoji, row.points, row.active, row.score)
                for rank, row in ranked
            )
            for ranked in (page.top, page.own)
        )
        return TeamBoard(top, own[0] if own else None, page.size, page.more, page.less)

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

    async def differences(self, most: int = MANY) -> Sequence[str]:
        """Return a line for each standing that is not what the ledger sums to, at most so many."""
        return await recount.differences(self._statements, most)

    async def rebuild(self, most: int = MANY) -> Sequence[str]:
        """Sum all standings up from the ledger again if any differs; return what ``differences`` would have."""
        return await recount.rebuild(self._statements, most)

    async def _page(
        self,
        board: _Rows,
        ladder: ranks.Ladder,
        workspace: WorkspaceRef,
        period: str,
        reader: int | None,
        limit: int,
        cursor: Cursor | None,
    ) -> _Page:
        """Return a page by two statements: its rows and the reader's, and then whatever counts rows."""
        back = cursor is not None and cursor.back
        parts = [(_PAGE, part) for part in board.beyond(cursor, back=back, limit=limit + 1)]
        if cursor is not None:
            here = board.shown.where(board.score == cursor.score, board.id == cursor.id)
            there = board.beyond(cursor, back=not back, limit=1)
            parts += [(_OTHER_SIDE, part) for part in ([here] if cursor.score > 0 else []) + there]
        if reader is not None:
            parts.append((_OWN, board.all.where(board.id == reader, board.score > 0)))
        read = union_all(*(select(literal(use).label("use"), part.subquery()) for use, part in parts))
        rows = (await self._statements.execute(read)).all()
        found = sorted((row for row in rows if row.use == _PAGE), key=lambda row: (-row.score, row.id))
        ahead, behind = len(found) > limit, any(row.use == _OTHER_SIDE for row in rows)
        top = found[max(len(found) - limit, 0) :] if back else found[:limit]
        own = [row for row in rows if row.use == _OWN]

        firsts = {row.score: place for place, row in reversed([*enumerate(top)])}
        distinct = sorted(firsts, reverse=True)[:2] if cursor else []
        asked = [*distinct, *(row.score for row in own)]
        size, counted = await ranks.count(self._statements, ladder, workspace.key, period, asked)
        known = dict(zip(asked, counted, strict=True))
        # The first score of a page may begin on an earlier one; so the second tells how many rows those hold.
        earlier = known[distinct[1]] - firsts[distinct[1]] if len(distinct) > 1 else 0

        def ranked(some: Sequence[Row[Any]]) -> list[tuple[int, Row[Any]]]:
            return [
                (1 + (known[row.score] if row.score in known else earlier + firsts[row.score]), row) for row in some
            ]

        more, less = (behind, ahead) if back else (ahead, behind)
        return _Page(ranked(top), ranked(own), size, more, less)
