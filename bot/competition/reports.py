"""How a competition stands, read at one instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.competing import Competition, CompetitionState, Correction, Entrant, Gain
from bot.competition.scoring import Place, place_of, places, rule_of
from bot.ports import UnitOfWork


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
