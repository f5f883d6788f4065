"""What boards must show, counted from the ledger's rows by plain loops: it shares nothing with what it is to judge."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import text

from adapters.storage.work import SqlStorage
from bot.ledger import Cursor, Standing, TeamStanding
from bot.refs import WorkspaceRef

Place = tuple[str, str]
"""A workspace's key and a period."""


@dataclass(frozen=True, slots=True)
class Truth:
    """Points by board and person, and by board, team and person, as the ledger says; and who hides."""

    people: dict[Place, dict[int, int]]
    teams: dict[Place, dict[int, dict[int, int]]]
    hidden: set[int]

    def ranked(self, place: Place) -> list[tuple[int, int, int]]:
        """Return rank, person and points of everybody whom a board shows, in its order."""
        shown = {who: points for who, points in self.people[place].items() if points > 0 and who not in self.hidden}
        order = sorted(shown, key=lambda who: (-shown[who], who))
        return [(1 + sum(other > shown[who] for other in shown.values()), who, shown[who]) for who in order]

    def ranked_teams(self, place: Place) -> list[tuple[int, int, int, int, int]]:
        """Return rank, team, points, active members and mean in thousandths of every team on a board, in its order."""
        means = {}
        for team, earned in self.teams[place].items():
            active = [points for points in earned.values() if points > 0]
            mean = int(Fraction(1000 * sum(earned.values()), max(3, len(active))))
            if mean > 0:
                means[team] = (mean, sum(earned.values()), len(active))
        order = sorted(means, key=lambda team: (-means[team][0], team))
        return [
            (
                1 + sum(other > means[team][0] for other, *_ in means.values()),
                team,
                means[team][1],
                means[team][2],
                means[team][0],
            )
            for team in order
        ]


async def recompute(storage: SqlStorage) -> Truth:
    """Read the ledger whole and add it up."""
    people: dict[Place, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    teams: dict[Place, dict[int, dict[int, int]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    columns = "workspace, person_id, points, periods, contests, team_id"
    async with storage.engine.execution_options(read_only=True).begin() as connection:
        rows = (await connection.execute(text(f"SELECT {columns} FROM ledger"))).all()  # noqa: S608 - names of columns
        hidden = set((await connection.execute(text("SELECT id FROM people WHERE hidden"))).scalars())
    for workspace, person, points, periods, contests, team in rows:
        for period in f"{periods} {contests}".split():
            people[workspace, period][person] += points
        if team is not None:
            for period in periods.split():
                teams[workspace, period][team][person] += points
    return Truth(people, teams, hidden)


async def check_boards(storage: SqlStorage, limit: int) -> int:
    """See that every board is what the ledger says, page by page down and up again; return how many there are."""
    truth = await recompute(storage)
    for place, points in truth.people.items():
        async with storage.snapshot() as work:
            found = await work.standings.points(_workspace(place), place[1], list(points))
        assert found == {who: sum_ for who, sum_ in points.items() if sum_}
        if "." not in place[1]:  # of a competition's steps nobody asks for more than that
            await _check_people(storage, truth, place, limit)
    for place in truth.teams:
        await _check_teams(storage, truth, place, limit)
    return len(truth.people)


async def _check_people(storage: SqlStorage, truth: Truth, place: Place, limit: int) -> None:
    due = truth.ranked(place)
    for back in (False, True):
        found = await _people_pages(storage, place, limit, back=back)
        assert [(row.rank, row.person, row.points) for row in found] == due
    hidden_or_not = {who: points for who, points in truth.people[place].items() if points > 0}
    shown = [points for _, _, points in due]
    async with storage.snapshot() as work:
        for who in {*hidden_or_not, *truth.people[place]}:
            board = await work.standings.board(_workspace(place), place[1], who, limit)
            points = hidden_or_not.get(who)
            own = None if board.own is None else (board.own.rank, board.own.points)
            assert own == (None if points is None else (1 + sum(other > points for other in shown), points))
            assert board.size == len(due)


async def _people_pages(storage: SqlStorage, place: Place, limit: int, *, back: bool) -> list[Standing]:
    """Return a whole board, read by pages from its first row, or from its end."""
    found: list[Standing] = []
    cursor = Cursor(0, 0, back=True) if back else None
    async with storage.snapshot() as work:
        while True:
            page = await work.standings.board(_workspace(place), place[1], None, limit, cursor)
            found = [*page.top, *found] if back else [*found, *page.top]
            if not (page.less if back else page.more):
                return found
            edge = page.top[0 if back else -1]
            cursor = Cursor(edge.points, edge.person, back)


async def _check_teams(storage: SqlStorage, truth: Truth, place: Place, limit: int) -> None:
    due = truth.ranked_teams(place)
    found: list[TeamStanding] = []
    cursor = None
    async with storage.snapshot() as work:
        while True:
            page = await work.standings.teams(_workspace(place), place[1], None, limit, cursor)
            assert page.size == len(due)
            found += page.top
            if not page.more:
                break
            cursor = Cursor(page.top[-1].mean, page.top[-1].team)
        assert [(row.rank, row.team, row.points, row.active, row.mean) for row in found] == due
        for row in found:
            own = (await work.standings.teams(_workspace(place), place[1], row.team, 1)).own
            assert own == row
        for team, earned in truth.teams[place].items():
            told = await work.standings.in_team(_workspace(place), place[1], team)
            assert {one.person: one.points for one in told} == {who: sum_ for who, sum_ in earned.items() if sum_ > 0}


def _workspace(place: Place) -> WorkspaceRef:
    return WorkspaceRef(*place[0].split(":", 1))
