"""How a board looks: rows, a picture of the first page, and the way to other boards and pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.competition.boards import InTeam, Leaderboard, Period, View, Who
from bot.drawing import Drawing
from bot.features.names import mean_text
from bot.ledger import THOUSANDTHS, Cursor, Standing, TeamBoard, TeamStanding
from bot.markup import escape, moment
from bot.message import FIELD_VALUE, Action, Button, Field, Image, Message, Row
from bot.pictures import StandingRow, standings_alt, standings_picture
from questions.taxonomy import Taxonomy

NAMES = {
    Period.TODAY: "today",
    Period.WEEK: "this week",
    Period.MONTH: "this month",
    Period.SEASON: "this season",
    Period.ALL: "all time",
}
NOBODY = "Nobody has points yet. `/practice` earns some."
NO_TEAM = "No team has points yet. `/team create` makes a team, and `/practice` earns it some."
TEAMS_NAMED = 5
"""Teams that a post about people names; their own board has the others."""
_PLACE = re.compile(r"(\d{1,15})\.(\d{1,18})(\.b)?")


async def board_message(found: Leaderboard, periods: Sequence[Period], drawing: Drawing, taxonomy: Taxonomy) -> Message:
    """Return a board as its reader sees it, with their own rows."""
    own = [*_own_row(found), *_place(found)]
    lines = [*_rows(found, own=True), *(["", *own] if own else [])]
    if found.hidden:
        lines += ["", "You are hidden: only you see your row. `/settings` shows you again."]
    return Message(
        title=_title(found.view, taxonomy),
        text="\n".join(lines),
        rows=_controls(found, periods),
        images=await _picture(found, drawing),
        footer=_footer(found),
    )


async def public_message(found: Leaderboard, drawing: Drawing, taxonomy: Taxonomy) -> Message:
    """Return a board for everybody, without anybody's private row."""
    return Message(
        title=_title(found.view, taxonomy),
        text="\n".join(_rows(found)),
        images=await _picture(found, drawing),
        footer=_footer(found),
    )


def row_line(row: Standing, *, own: bool = False) -> str:
    """Return a row of a board of people."""
    you = " — **you**" if own else ""
    return f"**{row.rank}.** {escape(row.name)} · {row.points} points{you}"


def team_line(row: TeamStanding, *, own: bool = False) -> str:
    """Return a row of a board of teams: its mean, and what that is made of."""
    yours = " — **your team**" if own else ""
    made = f"{row.points} points, {row.active} active"
    return f"**{row.rank}.** {escape(f'{row.emoji} {row.name}'.strip())} · {mean_text(row.mean)} ({made}){yours}"


def teams_field(board: TeamBoard) -> tuple[Field, ...]:
    """Return the first teams of a board as a field of a post; none where no team has points."""
    lines = [team_line(row) for row in board.top[:TEAMS_NAMED]]
    while len("\n".join(lines)) > FIELD_VALUE:
        lines.pop()
    return (Field("Teams", "\n".join(lines)),) if lines else ()


def people_rows(rows: Sequence[Standing]) -> tuple[StandingRow, ...]:
    """Return people as the picture of standings shows them."""
    return tuple(StandingRow(row.rank, row.name, row.points * THOUSANDTHS) for row in rows)


def team_rows(rows: Sequence[TeamStanding]) -> tuple[StandingRow, ...]:
    """Return teams as the picture of standings shows them."""
    return tuple(StandingRow(row.rank, row.name, row.mean, f"{row.active} active") for row in rows)


async def standings_image(rows: tuple[StandingRow, ...], drawing: Drawing) -> tuple[Image, ...]:
    """Return the picture of standings; none of nobody, and none where it cannot be drawn."""
    data = await drawing.draw(standings_picture, rows) if rows else None
    return (Image(data, standings_alt(rows), "standings.png"),) if data else ()


def read_view(period: str, who: str, topic: str, place: str, taxonomy: Taxonomy) -> View:
    """Return the view that an action names; what it cannot mean is the usual."""
    found = _PLACE.fullmatch(place)
    return View(
        who=Who(who) if who in tuple(Who) else Who.PEOPLE,
        period=Period(period) if period in tuple(Period) else Period.WEEK,
        topic=topic if topic in taxonomy.by_code else "",
        cursor=Cursor(int(found[1]), int(found[2]), back=bool(found[3])) if found else None,
    )


def ordinal(number: int) -> str:
    """Return a number as a place is spoken, such as ``21st``."""
    teen = 10 <= number % 100 <= 20
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _title(view: View, taxonomy: Taxonomy) -> str:
    about = f", {taxonomy.by_code[view.topic].name}" if view.topic else ""
    return f"{'Leaderboard' if view.who is Who.PEOPLE else 'Teams'}, {NAMES[view.period]}{about}"


def _rows(found: Leaderboard, *, own: bool = False) -> list[str]:
    if found.people is not None:
        return [row_line(row, own=own and row == found.people.own) for row in found.people.top] or [NOBODY]
    assert found.teams is not None
    mine = found.teams.own
    return [team_line(row, own=own and row == mine) for row in found.teams.top] or [NO_TEAM]


def _own_row(found: Leaderboard) -> list[str]:
    """Return the reader's own row, and that of their team, where the page does not show it."""
    lines = []
    if found.people is not None and found.people.own and found.people.own not in found.people.top:
        lines.append(row_line(found.people.own, own=True))
    if found.teams is not None and found.teams.own and found.teams.own not in found.teams.top:
        lines.append(team_line(found.teams.own, own=True))
    return lines


def _place(found: Leaderboard) -> list[str]:
    """Say where the reader stands here and in their team, which is always shown."""
    if found.people is None or found.people.own is None or found.hidden:
        return _team_place(found)
    here = f"You are {ordinal(found.people.own.rank)} of {found.people.size} here"
    inside = f", {_inside(found.in_team)}" if found.in_team and found.in_team.rank else ""
    return ["", f"{here}{inside}."] if _own_row(found) else [f"{here}{inside}."]


def _team_place(found: Leaderboard) -> list[str]:
    if found.teams is None or found.people is not None or found.teams.own is None:
        return []
    inside = f" You are {_inside(found.in_team)}." if found.in_team and found.in_team.rank and not found.hidden else ""
    return [f"Your team is {ordinal(found.teams.own.rank)} of {found.teams.size} here.{inside}"]


def _inside(in_team: InTeam) -> str:
    return f"{ordinal(in_team.rank)} of {in_team.size} in your team"


def _controls(found: Leaderboard, periods: Sequence[Period]) -> tuple[Row, ...]:
    view = replace(found.view, cursor=None)
    turn = tuple(
        Button(
            NAMES[period].capitalize(), _action("board", replace(view, period=period)), disabled=period is view.period
        )
        for period in periods
    )
    other = Who.TEAMS if view.who is Who.PEOPLE else Who.PEOPLE
    rest = [
        *_pages(found),
        Button(other.capitalize(), _action("board", replace(view, who=other))),
        Button("Show in channel", _action("board-post", found.view)),
    ]
    return (turn, tuple(rest))


def _pages(found: Leaderboard) -> list[Button]:
    board = found.people or found.teams
    assert board is not None
    if not (board.more or board.less):
        return []
    first, last = _keys(found, 0), _keys(found, -1)
    back = replace(found.view, cursor=Cursor(*first, back=True))
    on = replace(found.view, cursor=Cursor(*last))
    return [
        Button("Back", _action("board", back), disabled=not board.less),
        Button("Next", _action("board", on), disabled=not board.more),
    ]


def _keys(found: Leaderboard, at: int) -> tuple[int, int]:
    """Return score and id of a row of the page, from which the next page goes on."""
    if found.people is not None:
        return (found.people.top[at].points, found.people.top[at].person) if found.people.top else (0, 0)
    assert found.teams is not None
    return (found.teams.top[at].mean, found.teams.top[at].team) if found.teams.top else (0, 0)


def _action(name: str, view: View) -> Action:
    place = "" if view.cursor is None else f"{view.cursor.score}.{view.cursor.id}{'.b' if view.cursor.back else ''}"
    return Action(name, (view.period, view.who, view.topic, place))


async def _picture(found: Leaderboard, drawing: Drawing) -> tuple[Image, ...]:
    """Return the picture of a board's first page; the others are quicker without."""
    if found.view.cursor is not None:
        return ()
    rows = (
        people_rows(found.people.top) if found.people is not None else team_rows(found.teams.top if found.teams else ())
    )
    return await standings_image(rows, drawing)


def _footer(found: Leaderboard) -> str:
    return f"Starts anew {moment(found.resets)}" if found.resets else ""
