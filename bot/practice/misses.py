"""What a person missed in a round and has not practised since."""

from __future__ import annotations

from bot.ports import UnitOfWork
from bot.practice.filters import Misses, write_filter
from bot.rounds import AskState

_ALL_RIGHT = 1000


async def left(work: UnitOfWork, person: int, wanted: Misses) -> frozenset[str]:
    """Return the closed questions of a round that somebody who played did not get all right, nor answered since."""
    if person not in {one.person for one in await work.round_answers.players(wanted.round)}:
        return frozenset()
    right = {one.number for one in await work.round_answers.of(wanted.round, person) if one.score == _ALL_RIGHT}
    missed = frozenset(
        one.question
        for one in await work.rounds.questions(wanted.round)
        if one.state is AskState.CLOSED and one.number not in right
    )
    return missed - await work.servings.done(person, write_filter(wanted)) if missed else missed
