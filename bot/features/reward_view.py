"""How rewards look: which role is given for what, who holds it, and what is in the way."""

from __future__ import annotations

from collections.abc import Sequence

from bot.competition.rewards import MOST_TIED, Look
from bot.daily.plan import mention_of
from bot.markup import escape
from bot.message import Action, Button, Field, Message, Tone
from bot.rewarding import Holder, Holding, Reward, RewardKind

WHO = {
    RewardKind.SEASON: "whoever leads the season",
    RewardKind.COMPETITION: "the team that won the latest competition",
}
SHORT = {RewardKind.SEASON: "the season", RewardKind.COMPETITION: "competitions"}
NAMED = 5
"""How many holders are named."""
LONGEST = 40
"""Characters of a name that are shown."""
HOW = (
    f"Whoever leads the season can have a role: `/reward of:season role:@Leader`. If up to {MOST_TIED} people share "
    "the lead all of them get it; people who hide from boards never do. It is looked at every 15 minutes, and a new "
    "season begins without a leader. `/reward of:competition` gives one to the team that won the latest competition."
)


def rewards_message(looks: Sequence[Look], note: str = "") -> Message:
    """Return what is set up and who holds it, with a button that ends each."""
    buttons = tuple(
        Button(f"End it for {SHORT[look.reward.kind]}", Action("reward-end", (look.reward.kind,)))
        for look in looks
        if look.reward.role
    )
    return Message(
        title="Roles as rewards",
        text="\n\n".join(filter(None, [note, "" if looks else HOW, *map(_in_the_way, looks)])),
        tone=Tone.GOOD if note else Tone.PLAIN,
        fields=tuple(Field(f"For {WHO[look.reward.kind]}", _state(look)) for look in looks),
        rows=(buttons,) if buttons else (),
        footer="`/reward of:season role:@Leader` sets it up · `role:nobody` ends it" if looks else "",
    )


def blocked_message(reward: Reward, words: str) -> Message:
    """Return what a reward's owner is told of what is in the way."""
    return Message(
        title="A role could not be changed",
        text=f"The role for {WHO[reward.kind]} cannot be given or taken. {words}",
        tone=Tone.ERROR,
        footer="It is tried again every 15 minutes · `/reward` shows it",
    )


def deleted_message(reward: Reward) -> Message:
    """Return what a reward's owner is told where its role was deleted."""
    return Message(
        title="A role is gone",
        text=f"The role for {WHO[reward.kind]} was deleted, so nobody is given it any more. "
        "`/reward` sets up another one.",
    )


def _state(look: Look) -> str:
    role = look.reward.role
    held = [one for one in look.holders if one.role == role and one.holding is Holding.HELD]
    leaving = [one for one in look.holders if one.role != role]
    lines = [f"`{mention_of(role)}`, held by {_names(held)}." if role else "Ended."]
    if leaving:
        lines.append(f"Still to be taken from {_names(leaving)}: `{mention_of(leaving[0].role)}`.")
    return "\n".join(lines)


def _in_the_way(look: Look) -> str:
    return f"**In the way** of the role for {WHO[look.reward.kind]}: {look.obstacle}" if look.obstacle else ""


def _names(holders: Sequence[Holder]) -> str:
    """Return the first few names."""
    names = [escape(one.name[:LONGEST]) for one in holders[:NAMED]]
    more = len(holders) - NAMED
    return ", ".join([*names, *([f"{more} more"] if more > 0 else [])]) or "nobody so far"
