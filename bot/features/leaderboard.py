"""``/leaderboard``: who leads here, with my own row always in sight."""

from __future__ import annotations

from bot.commands import Answer, Option, Router, Where
from bot.competition.boards import Leaderboard, Period
from bot.events import Invocation, Press
from bot.features.services import Services
from bot.ledger import Standing
from bot.markup import escape, moment
from bot.message import Action, Button, Choice, Message

_NAMES = {Period.WEEK: "this week", Period.MONTH: "this month", Period.ALL: "all time"}

router = Router()
_PERIOD = Option("period", "How far back", tuple(Choice(period, name) for period, name in _NAMES.items()))


@router.command("leaderboard", "Who leads here?", _PERIOD, where=Where.WORKSPACE)
async def leaderboard(event: Invocation, services: Services, period: str = Period.WEEK) -> Message:
    """Show the head of a board and the reader's own row."""
    return _message(await services.boards.read(event.actor, event.channel.workspace, Period(period)))


@router.press("board", Answer.UPDATE)
async def board(event: Press, services: Services, period: str) -> Message:
    """Turn to another period."""
    chosen = Period(period) if period in tuple(Period) else Period.WEEK
    return _message(await services.boards.read(event.actor, event.channel.workspace, chosen))


@router.press("board-post", Answer.PUBLIC)
async def post(event: Press, services: Services, period: str) -> Message:
    """Show a board to the whole channel, without anybody's private row."""
    chosen = Period(period) if period in tuple(Period) else Period.WEEK
    return _public(await services.boards.read(event.actor, event.channel.workspace, chosen))


def _message(leaderboard: Leaderboard) -> Message:
    board = leaderboard.board
    lines = [row_line(row, own=row == board.own) for row in board.top] or [
        "Nobody has points yet. `/practice` earns some."
    ]
    if board.own and board.own not in board.top:
        lines += ["", row_line(board.own, own=True)]
    if board.own and not leaderboard.hidden:
        lines += ["", f"You are {_ordinal(board.own.rank)} of {board.size}."]
    if leaderboard.hidden:
        lines += ["", "You are hidden: only you see your row. `/settings` shows you again."]
    turn = tuple(
        Button(name.capitalize(), Action("board", (period,)), disabled=period is leaderboard.period)
        for period, name in _NAMES.items()
    )
    share = Button("Show in channel", Action("board-post", (leaderboard.period,)))
    return Message(title=_title(leaderboard), text="\n".join(lines), rows=(turn, (share,)), footer=_footer(leaderboard))


def _public(leaderboard: Leaderboard) -> Message:
    lines = [row_line(row) for row in leaderboard.board.top] or ["Nobody has points yet. `/practice` earns some."]
    return Message(title=_title(leaderboard), text="\n".join(lines), footer=_footer(leaderboard))


def _title(leaderboard: Leaderboard) -> str:
    return f"Leaderboard, {_NAMES[leaderboard.period]}"


def row_line(row: Standing, *, own: bool = False) -> str:
    """Return a row of a board."""
    you = " — **you**" if own else ""
    return f"**{row.rank}.** {escape(row.name)} · {row.points} points{you}"


def _footer(leaderboard: Leaderboard) -> str:
    return f"Starts anew {moment(leaderboard.resets)}" if leaderboard.resets else ""


def _ordinal(number: int) -> str:
    teen = 10 <= number % 100 <= 20
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
