"""``/team``: people in teams; the buttons, lists and forms are in ``team_controls``, even teams in ``team_balance``."""

from __future__ import annotations

from bot.commands import Option, Router, Where
from bot.competition.emoji import read_emoji
from bot.competition.names import read_team_name
from bot.competition.teams import LEAST_LIMIT, MOST_LIMIT
from bot.errors import BadInput
from bot.events import Invocation
from bot.features import team_balance, team_controls
from bot.features.services import Services
from bot.features.team_view import (
    ask_disband_message,
    card_message,
    invited_message,
    kicked_message,
    left_message,
    limit_message,
    list_message,
    with_roster,
)
from bot.markup import visible
from bot.mentions import read_mention, user_of
from bot.message import Message
from bot.options import YES_OR_NO
from bot.refs import Role

router = Router()


def _read_size(typed: str) -> str:
    number = visible(typed[:20])
    if not (number.isascii() and number.isdigit()):
        raise BadInput("That is no size.", f"Write how many a team may have, {LEAST_LIMIT} to {MOST_LIMIT}.")
    return str(int(number))


_NAME = Option("name", "What it is called", read=read_team_name, required=True)
_NEW_NAME = Option("name", "What it is called from now on", read=read_team_name)
_EMOJI = Option("emoji", "One emoji, such as 🚀", read=read_emoji)
_OPEN = Option("open", "May everybody join, or only who is invited?", YES_OR_NO)
_WHICH = Option("team", "Its name", required=True)
_OTHER = Option("team", "Its name, instead of your own team")
_MEMBER = Option("member", "Who, with @", read=read_mention, required=True, mention=True)
_SIZE = Option("size", f"How many a team may have, {LEAST_LIMIT} to {MOST_LIMIT}", read=_read_size)


@router.command("team create", "Make a team and lead it", _NAME, _EMOJI, _OPEN, where=Where.WORKSPACE)
async def create(
    event: Invocation,
    services: Services,
    name: str,
    emoji: str = "",
    open: str = "yes",  # noqa: A002 - the option's name
) -> Message:
    """Make a team with whoever types as its captain."""
    changed = await services.teams.create(
        event.actor, event.channel.workspace, name=name, emoji=emoji, is_open=open == "yes"
    )
    return card_message(changed.card, with_roster("**It is there, and you lead it.**", competing=changed.competing))


@router.command("team join", "Join a team", _WHICH, where=Where.WORKSPACE)
async def join(event: Invocation, services: Services, team: str) -> Message:
    """Join an open team, or one that invited."""
    changed = await services.teams.join(event.actor, event.channel.workspace, team)
    return card_message(changed.card, team_controls.joined(competing=changed.competing))


@router.command("team leave", "Leave my team", where=Where.WORKSPACE)
async def leave(event: Invocation, services: Services) -> Message:
    """Leave; whoever is the last one is asked first."""
    return left_message(await services.teams.leave(event.actor, event.channel.workspace))


@router.command("team list", "Show all teams here", where=Where.WORKSPACE)
async def listed(event: Invocation, services: Services) -> Message:
    """Show the first teams by name."""
    return list_message(await services.team_cards.listed(event.actor, event.channel.workspace, 0))


@router.command("team show", "Show a team: its people and points", _OTHER, where=Where.WORKSPACE)
async def show(event: Invocation, services: Services, team: str = "") -> Message:
    """Show my team, or another."""
    return card_message(await services.team_cards.show(event.actor, event.channel.workspace, team))


@router.command(
    "team rename", "Change my team's name, emoji, or who may join", _NEW_NAME, _EMOJI, _OPEN, _OTHER,
    where=Where.WORKSPACE,
)  # fmt: skip
async def rename(
    event: Invocation,
    services: Services,
    name: str = "",
    emoji: str = "",
    open: str = "",  # noqa: A002 - the option's name
    team: str = "",
) -> Message:
    """Change what is given; for the captain and moderators."""
    if not (name or emoji or open):
        raise BadInput("Say what is to change.", "Type `/team rename name:Gradients`, or press Change in `/team show`.")
    changed = await services.teams.rename(
        event.actor,
        event.channel.workspace,
        team,
        name=name or None,
        emoji=emoji or None,
        is_open=open == "yes" if open else None,
    )
    return card_message(changed.card, "**Saved.**")


@router.command("team invite", "Invite somebody to my team", _MEMBER, _OTHER, where=Where.WORKSPACE)
async def invite(event: Invocation, services: Services, member: str, team: str = "") -> Message:
    """Let somebody join, and have them told; for the captain and moderators."""
    user = user_of(event.actor.user, member)
    invited, news = await services.teams.invite(event.actor, event.channel.workspace, user, team)
    return invited_message(invited, news=news)


@router.command("team kick", "Take somebody out of my team", _MEMBER, where=Where.WORKSPACE)
async def kick(event: Invocation, services: Services, member: str) -> Message:
    """Take somebody else out; for the captain and moderators."""
    user = user_of(event.actor.user, member)
    return kicked_message(await services.teams.kick(event.actor, event.channel.workspace, user))


@router.command("team transfer", "Let another member lead the team", _MEMBER, where=Where.WORKSPACE)
async def transfer(event: Invocation, services: Services, member: str) -> Message:
    """Make somebody the captain; for the captain and moderators."""
    user = user_of(event.actor.user, member)
    changed = await services.teams.transfer(event.actor, event.channel.workspace, user)
    return card_message(changed.card, "**The team has another captain.**")


@router.command("team disband", "End a team", _OTHER, where=Where.WORKSPACE)
async def disband(event: Invocation, services: Services, team: str = "") -> Message:
    """Ask whether a team is to end; for the captain and moderators."""
    return ask_disband_message(await services.teams.leading(event.actor, event.channel.workspace, team))


@router.command(
    "team limit", "Show or set how many a team may have", _SIZE, requires=Role.MODERATOR, where=Where.WORKSPACE
)
async def limit(event: Invocation, services: Services, size: str = "") -> Message:
    """Set the limit of all teams here, or show it."""
    wanted = int(size) if size else None
    found = await services.teams.limit(event.actor, event.channel.workspace, wanted)
    return limit_message(found, saved=wanted is not None)


router.include([team_balance.router, team_controls.router])
