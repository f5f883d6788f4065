"""How the places of a round are written: cut to what a message holds, whatever the names."""

from __future__ import annotations

from collections.abc import Sequence

from bot.features.names import mean_text, points_text, short_name
from bot.ledger import THOUSANDTHS
from bot.quiz.scoring import Place

SHOWN = 10
"""People that standings name."""


def standings_text(places: Sequence[Place], most: int = SHOWN) -> str:
    """Return a line for each place, of as many people as fit, and how many more there are; empty without any."""
    lines, left = [], most
    for place in places:
        if left <= 0:
            break
        shown = place.names[:left]
        left -= len(shown)
        more = len(place.names) - len(shown)
        names = ", ".join(map(short_name, shown)) + (f" and {more} more" if more else "")
        lines.append(f"**{place.rank}.** {names} · {_scored(place)}")
    unseen = sum(len(place.names) for place in places[len(lines) :])
    return "\n".join([*lines, *([f"and {unseen} more"] if unseen else [])])


def _scored(place: Place) -> str:
    return mean_text(place.score) if place.mean else points_text(place.score // THOUSANDTHS)
