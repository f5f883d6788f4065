"""How points look, to whoever has them and to moderators: each row with its reason."""

from __future__ import annotations

from bot.competition.corrections import GRANT, Account
from bot.ledger import Entry
from bot.markup import escape, moment
from bot.message import LABEL, Action, Button, Choice, Message, Row, Select

VOID = "void"


def entry_line(entry: Entry, *, numbered: bool = False) -> str:
    """Return a row of the ledger: how many points, for what, and when; with its number for moderators."""
    number = f"`#{entry.id}` " if numbered else ""
    points = f"**{'+' if entry.points > 0 else '−'}{abs(entry.points)}**"
    question = f" · `{entry.question}`" if entry.question else ""
    gone = " · *taken back*" if entry.voided else ""
    return f"{number}{points} {_reason(entry)}{question} · {moment(entry.at)}{gone}"


def account_message(account: Account, note: str = "") -> Message:
    """Return what somebody was paid, for a moderator to correct."""
    lines = [entry_line(entry, numbered=True) for entry in account.entries] or ["No points here so far."]
    head = [note] if note else []
    return Message(
        title="Points of a member",
        text="\n".join([*head, f"**{escape(account.name)}** has {account.total} points here in all.", *lines]),
        rows=_controls(account),
        footer="`/points grant` gives points or takes them · every correction shows with its reason",
    )


def _reason(entry: Entry) -> str:
    if entry.reason == GRANT:
        return f"{'given' if entry.points > 0 else 'taken'} by {_by(entry)}: {escape(entry.note)}"
    if entry.reason == VOID:
        return f"taken back by {_by(entry)}: {escape(entry.note)}"
    return f"{entry.reason}, {entry.note}"


def _by(entry: Entry) -> str:
    return escape(entry.by) or "a moderator"


def _controls(account: Account) -> tuple[Row, ...]:
    choices = tuple(
        Choice(str(entry.id), f"#{entry.id} · {entry.points:+} · {entry.reason} {entry.question}"[:LABEL])
        for entry in account.entries
        if not entry.voided and entry.reason != VOID
    )
    rows: list[Row] = []
    if choices:
        rows.append(Select(Action("points-void", (account.user.id,)), choices, "Take points back"))
    if account.more:
        rows.append((Button("Older", Action("points-page", (account.user.id, str(account.entries[-1].id)))),))
    return tuple(rows)
