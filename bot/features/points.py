"""``/points``: for moderators, why a member has their points, and corrections that show."""

from __future__ import annotations

from bot.commands import Answer, Option, Router, Where
from bot.competition.corrections import LONGEST, MOST
from bot.competition.wishes import read_number
from bot.errors import BadInput
from bot.events import Invocation, Press, Submission
from bot.features.points_view import account_message
from bot.features.question_view import serving_id
from bot.features.services import Services
from bot.markup import visible
from bot.mentions import read_mention, user_of
from bot.message import Action, Message, Modal, TextInput
from bot.options import read_numbered
from bot.refs import Role

router = Router()
_MEMBER = Option("member", "Whose points", read=read_mention, required=True, mention=True)
_WHY = Option("why", "The reason, which everybody concerned can read", required=True)


def _read_points(typed: str) -> str:
    number = visible(typed[:20]).removeprefix("+").replace("−", "-")
    if not number.removeprefix("-").isascii() or not number.removeprefix("-").isdigit():
        raise BadInput("That is no number of points.", f"Write one from 1 to {MOST}, or a negative one to take points.")
    return str(int(number))


def _read_row(typed: str) -> str:
    return read_numbered(typed, "A row is named by its number.", "`/points show` lists the rows of a member.")


_POINTS = Option("points", "How many, or a negative number", read=_read_points, required=True)
_COMPETITION = Option("competition", "The number of one in which they count too", read=read_number)
_ROW = Option("row", "Its number, which /points show lists", read=_read_row, required=True)


@router.command(
    "points show", "Show why a member has their points", _MEMBER, requires=Role.MODERATOR, where=Where.WORKSPACE
)
async def show(event: Invocation, services: Services, member: str) -> Message:
    """Show the newest rows of somebody's ledger here."""
    user = user_of(event.actor.user, member)
    return account_message(await services.corrections.account(event.channel.workspace, user))


@router.command(
    "points grant",
    "Give a member points, or take them",
    _MEMBER,
    _POINTS,
    _WHY,
    _COMPETITION,
    requires=Role.MODERATOR,
    where=Where.WORKSPACE,
)
async def grant(
    event: Invocation, services: Services, member: str, points: str, why: str, competition: str = ""
) -> Message:
    """Write a row with a reason, and show it among the newest."""
    user, number = user_of(event.actor.user, member), int(competition) if competition else None
    account = await services.corrections.grant(event.actor, event.channel.workspace, user, int(points), why, number)
    return account_message(account, "**Written.**")


@router.command(
    "points void", "Take the points of a row back", _ROW, _WHY, requires=Role.MODERATOR, where=Where.WORKSPACE
)
async def void(event: Invocation, services: Services, row: str, why: str) -> Message:
    """Take a row back, on every board on which it counts."""
    entry = await services.corrections.void(event.actor, event.channel.workspace, int(row), why)
    return Message(
        title="Points taken back",
        text=f"The {entry.points} points of row `#{entry.id}` count nowhere any more. Its person can read why.",
    )


@router.press("points-page", Answer.UPDATE, requires=Role.MODERATOR)
async def older(event: Press, services: Services, member: str, before: str) -> Message:
    """Show older rows."""
    user = user_of(event.actor.user, member)
    return account_message(await services.corrections.account(event.channel.workspace, user, serving_id(before)))


@router.press("points-void", Answer.MODAL, requires=Role.MODERATOR)
async def ask_why(event: Press, _services: Services, member: str) -> Modal:
    """Ask for the reason of taking back the chosen row."""
    row = _read_row("".join(event.values[:1]))
    why = TextInput("why", "Why? Its person can read this", most=LONGEST)
    return Modal(f"Take back #{row}"[:24], Action("points-voided", (member, row)), (why,), "Take back")


@router.submit("points-voided", Answer.UPDATE, requires=Role.MODERATOR)
async def voided(event: Submission, services: Services, member: str, row: str) -> Message:
    """Take a row back, and show the member's newest."""
    workspace = event.channel.workspace
    await services.corrections.void(event.actor, workspace, serving_id(row), event.inputs.get("why", ""))
    account = await services.corrections.account(workspace, user_of(event.actor.user, member))
    return account_message(account, f"**Taken back:** row `#{serving_id(row)}`.")
