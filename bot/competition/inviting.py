"""Invitations to teams: kept with the change, and told to whom they are for by an errand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.errands import Errand
from bot.persons import Person
from bot.ports import UnitOfWork
from bot.refs import UserRef
from bot.teams import Team

INVITE = "invite"
"""The kind of errand that tells somebody of an invitation."""
_NOWHERE = "-"


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation to a team, for a person; ``by`` is the name of who invited them, empty where they are hidden."""

    team: Team
    user: UserRef
    by: str


async def ask_to_tell(work: UnitOfWork, team: Team, user: UserRef, by: Person, now: datetime) -> None:
    """Have somebody told in private that they were invited."""
    detail = " ".join([user.id, user.space or _NOWHERE, *([] if by.hidden else [by.board_name])])
    key = f"{INVITE}:{team.id}:{user.id}:{int(now.timestamp())}"
    await work.errands.add(key, INVITE, team.workspace.platform, team.id, now, detail)


async def find_invitation(work: UnitOfWork, errand: Errand) -> Invitation | None:
    """Return the invitation that an errand is about; None where its team is gone or they have joined it."""
    number, space, *name = errand.detail.split(" ", 2)
    user = UserRef(errand.platform, "" if space == _NOWHERE else space, number)
    team = await work.teams.get(errand.subject)
    if team is None or team.disbanded or not await work.teams.invited(team.id, user):
        return None
    return Invitation(team, user, "".join(name))
