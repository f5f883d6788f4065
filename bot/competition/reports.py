"""How a competition stands, read at one instant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.competing import Competition, CompetitionState, Correction, Entrant, Gain
from bot.competition.scoring import Place, place_of, places, rule_of, winners
from bot.ports import UnitOfWork
from bot.refs import WorkspaceRef


@dataclass(frozen=True, slots=True)
class Card:
    """A competition and who competes in it."""

    competition: Competition
    entrants: tuple[Entrant, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """How a competition stands at an instant; ``reader`` is the id of who asks, None for everybody.

    ``own`` is the place of the reader's team, or their own where people compete.
    """

    competition: Competition
    standing: tuple[Place, ...]
    gains: tuple[Gain, ...]
    corrections: tuple[Correction, ...]
    now: datetime
    reader: int | None = None
    own: Place | None = None


async def report_of(work: UnitOfWork, competition: Competition, now: datetime, reader: int | None = None) -> Report:
    """Return how a competition stands."""
    entrants, scores = await work.competitions.entrants(competition), await work.competitions.scores(competition)
    standing = places(rule_of(competition), entrants, scores)
    over = competition.state is CompetitionState.ENDED
    return Report(
        competition,
        standing,
        tuple(await work.competitions.gains(competition)),
        tuple(await work.competitions.corrections(competition)) if over else (),
        now,
        reader,
        place_of(standing, reader),
    )


async def champions(work: UnitOfWork, workspace: WorkspaceRef) -> Sequence[int]:
    """Return who was on the roster of the team, or of each team, that won the latest competition of a workspace.

    Whoever hides is not among them: a role would name them. Where people competed it is whoever won.
    """
    for latest in await work.competitions.of(workspace, [CompetitionState.ENDED], 1):
        scores = await work.competitions.scores(latest)
        standing = places(rule_of(latest), await work.competitions.entrants(latest), scores)
        return [member.person for place in winners(standing) for member in place.members if not member.hidden]
    return []
