"""``/reward``: for moderators, a role for whoever leads or won."""

from __future__ import annotations

from bot.commands import Answer, Option, Router, Where
from bot.errors import Expired
from bot.events import Invocation, Press
from bot.features.reward_view import rewards_message
from bot.features.services import Services
from bot.mentions import read_role
from bot.message import Choice, Message
from bot.refs import Role
from bot.rewarding import RewardKind

router = Router()
_SET_UP = "**Set up.** Whoever it is for has the role in a moment, and loses it when somebody else is ahead."
_ENDED = "**Ended.** The role is taken from whoever holds it in a moment."
_OF = Option(
    "of",
    "What it is for",
    (Choice(RewardKind.SEASON, "Leading the season"), Choice(RewardKind.COMPETITION, "Winning the latest competition")),
)
_ROLE = Option("role", "The role, or nobody to end it", read=read_role, mention=True)


@router.command(
    "reward", "Give a role to whoever leads or won", _OF, _ROLE, requires=Role.MODERATOR, where=Where.WORKSPACE
)
async def reward(event: Invocation, services: Services, of: str = RewardKind.SEASON, role: str = "") -> Message:
    """Set a role up, end it, or show what is set up."""
    workspace, kind, note = event.channel.workspace, RewardKind(of), ""
    if role == read_role("nobody"):
        await services.rewarding.end(event.actor, workspace, kind)
        note = _ENDED
    elif role:
        await services.rewarding.set_up(event.actor, workspace, kind, role)
        note = _SET_UP
    return rewards_message(await services.rewarding.looks(workspace), note)


@router.press("reward-end", Answer.UPDATE, requires=Role.MODERATOR)
async def end(event: Press, services: Services, kind: str) -> Message:
    """End a reward."""
    if kind not in [one.value for one in RewardKind]:
        raise Expired("There is no such reward.", "`/reward` shows what is set up.")
    await services.rewarding.end(event.actor, event.channel.workspace, RewardKind(kind))
    return rewards_message(await services.rewarding.looks(event.channel.workspace), _ENDED)
