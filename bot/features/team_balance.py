"""``/team balance``: even teams by chance, proposed to a moderator, shuffled, and accepted."""

from __future__ import annotations

import re

from bot.commands import Answer, Option, Router, Where
from bot.competition.balance import FEWEST, MOST, Pool, Shape, Squad
from bot.competition.balancing import Accepted, Proposal, Wish
from bot.competition.team_access import label, label_of
from bot.competition.teams import LEAST_LIMIT, MOST_LIMIT
from bot.errors import BadInput, Expired
from bot.events import Invocation, Press
from bot.features.services import Services
from bot.features.team_view import enumerated, name_of, with_roster
from bot.markup import visible
from bot.message import TEXT, Action, Button, Choice, Message, Style, Tone
from bot.refs import Role

router = Router()
_SPARE = 900
"""Characters for what is said besides the teams."""
_SHAPE = re.compile(r"(\d{1,2})\.(\d{1,2})")
_SEED = re.compile(r"\d{1,10}")


def _read_number(what: str, least: int, most: int) -> Option:
    def read(typed: str) -> str:
        number = visible(typed[:20])
        if not (number.isascii() and number.isdigit() and least <= int(number) <= most):
            raise BadInput(f"`{what}` takes a number from {least} to {most}.", f"Write such as `{what}:4`.")
        return str(int(number))

    return Option(what, f"How many {'teams' if what == 'teams' else 'people in each'}, {least} to {most}", read=read)


_TEAMS = _read_number("teams", FEWEST, MOST)
_SIZE = _read_number("size", LEAST_LIMIT, MOST_LIMIT)
_WHO = Option(
    "who",
    "Those without a team, or everybody",
    (Choice(Pool.FREE, "Those without a team"), Choice(Pool.EVERYONE, "Everybody with points or in a team")),
)


@router.command(
    "team balance", "Propose even teams from last month's points", _TEAMS, _SIZE, _WHO, requires=Role.MODERATOR,
    where=Where.WORKSPACE,
)  # fmt: skip
async def balance(
    event: Invocation, services: Services, teams: str = "", size: str = "", who: str = Pool.FREE
) -> Message:
    """Propose teams; nothing is kept until they are accepted."""
    if teams and size:
        raise BadInput("The number of teams or their size, not both.", "Type `/team balance teams:4`.")
    shape = Shape(int(teams or 0), int(size or 0))
    return _proposal_message(await services.balancing.propose(event.actor, event.channel.workspace, shape, Pool(who)))


@router.press("team-shuffle", Answer.UPDATE, requires=Role.MODERATOR)
async def shuffle(event: Press, services: Services, shape: str, pool: str, seed: str) -> Message:
    """Propose others; ``seed`` is that of the proposal before."""
    wish = _read_wish(shape, pool, seed)
    proposal = await services.balancing.propose(event.actor, event.channel.workspace, wish.shape, wish.pool)
    return _proposal_message(proposal)


@router.press("team-accept", Answer.UPDATE, requires=Role.MODERATOR)
async def accept(event: Press, services: Services, shape: str, pool: str, seed: str, digest: str) -> Message:
    """Make the teams of a proposal, unless it would be another by now."""
    wish = _read_wish(shape, pool, seed)
    made = await services.balancing.accept(event.actor, event.channel.workspace, wish, digest)
    return _proposal_message(made) if isinstance(made, Proposal) else _accepted_message(made)


def _proposal_message(proposal: Proposal) -> Message:
    wish = proposal.wish
    sums = [squad.points for squad in proposal.squads]
    stale = "**People or results have changed, so nothing was done.** This is what it would be now." * proposal.stale
    moves = " People leave the teams that they are in now; what they earned stays there."
    why = f"Drawn by chance from last month's points: the sums are {min(sums)} to {max(sums)}."
    args = (f"{wish.shape.teams}.{wish.shape.size}", wish.pool, str(wish.seed))
    note = why + (moves if wish.pool is Pool.EVERYONE else "") + _left_out(proposal.hidden)
    return Message(
        title="Even teams?",
        text="\n\n".join(filter(None, (stale, _squads(proposal.squads), note))),
        rows=(
            (
                Button("Accept", Action("team-accept", (*args, proposal.digest)), Style.PRIMARY),
                Button("Shuffle again", Action("team-shuffle", args)),
            ),
        ),
        footer="Nothing is kept until you accept. The first of each team leads it.",
    )


def _accepted_message(accepted: Accepted) -> Message:
    ended = enumerated([label(team) for team in accepted.disbanded], _SPARE // 2)
    told = _squads(accepted.squads) + (f"\n\nLeft empty, and disbanded: {ended}." if ended else "")
    return Message(
        title="The teams are made",
        text=with_roster(told, competing=accepted.competing),
        tone=Tone.GOOD,
        rows=((Button("All teams", Action("team-list", ("0",))),),),
    )


def _squads(squads: tuple[Squad, ...]) -> str:
    most = (TEXT - _SPARE) // len(squads)
    return "\n".join(_squad(squad, most) for squad in squads)


def _squad(squad: Squad, most: int) -> str:
    head = f"{label_of(squad.emoji, squad.name)} · {squad.points} points: "
    return head + enumerated([name_of(one.name) for one in squad.people], most - len(head) - 1)


def _left_out(hidden: int) -> str:
    if not hidden:
        return ""
    if hidden == 1:
        return " One person who is hidden is left out and stays where they are."
    return f" {hidden} people who are hidden are left out and stay where they are."


def _read_wish(shape: str, pool: str, seed: str) -> Wish:
    """Return what an action carries.

    Raises Expired.
    """
    found = _SHAPE.fullmatch(shape)
    if found is None or pool not in tuple(Pool) or not _SEED.fullmatch(seed):
        raise Expired("This proposal means nothing any more.", "Type `/team balance` for another.")
    return Wish(Shape(int(found[1]), int(found[2])), Pool(pool), int(seed))
