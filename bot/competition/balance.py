"""Even teams by chance: people in tiers of like results, and one of each tier for every team. Pure."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.competition.emoji import DEFAULTS
from bot.competition.names import look_alike
from bot.teams import Candidate

FEWEST, MOST = 2, 20
"""Teams that are proposed."""
NAMES = (
    *("Gradients", "Tensors", "Kernels", "Attention Heads", "Optimisers", "Embeddings", "Perceptrons", "Autoencoders"),
    *("Transformers", "Convolutions", "Residuals", "Logits", "Softmaxes", "Tokenisers", "Dropouts", "Regularisers"),
    *("Backpropagators", "Batch Norms", "Activations", "Learning Rates", "Momenta", "Eigenvectors", "Jacobians"),
    *("Hessians", "Decoders", "Encoders", "Diffusers", "Samplers", "Estimators", "Loss Functions", "Hidden Layers"),
    *("Receptive Fields", "Skip Connections", "Feature Maps", "Beam Searchers", "Quantisers"),
)


class Pool(StrEnum):
    """Of whom teams are drawn: those without one who have points, or everybody with points or in a team."""

    FREE = "free"
    EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class Shape:
    """What a moderator wished for: so many teams, or so many people in each; 0 where they said nothing."""

    teams: int = 0
    size: int = 0

    def count(self, people: int, limit: int) -> int:
        """Return into how many teams people go, where none may have more than ``limit``."""
        wanted = self.teams or -(-people // (self.size or limit))
        return max(wanted, FEWEST)


@dataclass(frozen=True, slots=True)
class Squad:
    """A team that is proposed: its people, whoever has most points first."""

    name: str
    emoji: str
    people: tuple[Candidate, ...]

    @property
    def points(self) -> int:
        """Return what its people earned together."""
        return sum(one.points for one in self.people)


def draft(people: Collection[Candidate], count: int, chance: random.Random) -> list[list[Candidate]]:
    """Return people in so many teams: sorted by points, cut into tiers, each shuffled and dealt in snake order.

    Two teams' sums differ by at most the largest single result, whatever chance does: each has one of every tier, and
    the spreads of the tiers together are no more than that.
    """
    ranked = sorted(people, key=lambda one: (-one.points, one.person))
    teams: list[list[Candidate]] = [[] for _ in range(count)]
    for turn, start in enumerate(range(0, len(ranked), count)):
        tier = ranked[start : start + count]
        chance.shuffle(tier)
        order = range(count) if turn % 2 == 0 else range(count - 1, -1, -1)
        for place, one in zip(order, tier, strict=False):
            teams[place].append(one)
    return teams


def squads_of(teams: Sequence[Sequence[Candidate]], taken: Collection[str], chance: random.Random) -> tuple[Squad, ...]:
    """Return teams with names that look like none that is taken, and emoji, by chance."""
    names = _free_names(len(teams), taken, chance)
    emoji = [*DEFAULTS]
    chance.shuffle(emoji)
    return tuple(
        Squad(name, emoji[place % len(emoji)], tuple(people))
        for place, (name, people) in enumerate(zip(names, teams, strict=True))
    )


def digest_of(squads: Sequence[Squad]) -> str:
    """Return a short text that is another one for other teams, people, names or results."""
    told = "\n".join(f"{squad.name} {[(one.person, one.points, one.team) for one in squad.people]}" for squad in squads)
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def _free_names(count: int, taken: Collection[str], chance: random.Random) -> list[str]:
    terms = [*NAMES]
    chance.shuffle(terms)
    found: list[str] = []
    number = 1
    while len(found) < count:
        for term in terms:
            name = term if number == 1 else f"{term} {number}"
            if len(found) < count and not any(look_alike(name, other) for other in taken):
                found.append(name)
        number += 1
    return found
