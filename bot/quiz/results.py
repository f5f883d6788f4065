"""The use case: what came of a round, for all and for one person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import Expired, NothingFound
from bot.ports import Storage
from bot.quiz.asked import Asked, GradedAnswer, find_asked, graded
from bot.refs import Actor, WorkspaceRef
from bot.rounds import AskState, Round, RoundPlayer, RoundQuestion
from questions.bank import Bank


@dataclass(frozen=True, slots=True)
class Scene:
    """A round with one of its questions: ``ask`` is None for its lobby, ``asked`` where the bank changed meanwhile."""

    round: Round
    players: Sequence[RoundPlayer]
    ask: RoundQuestion | None
    asked: Asked | None
    answers: tuple[GradedAnswer, ...]


@dataclass(frozen=True, slots=True)
class Own:
    """One of a round's closed questions as one person answered it; ``answer`` is None where they did not."""

    asked: Asked
    answer: GradedAnswer | None

    @property
    def missed(self) -> bool:
        """Tell whether it is worth practising."""
        return self.answer is None or not self.answer.right


@dataclass(frozen=True, slots=True)
class Mine:
    """What somebody answered in a round."""

    round: Round
    own: tuple[Own, ...]

    @property
    def missed(self) -> int:
        """Return how many were missed."""
        return sum(one.missed for one in self.own)


class RoundResults:
    """Reads what came of rounds."""

    def __init__(self, storage: Storage, bank: Bank) -> None:
        self._storage = storage
        self._bank = bank

    async def scene(self, number: int, at: int | None = None) -> Scene | None:
        """Return a round and its question of now, or that of a number; 0 is its lobby."""
        async with self._storage.snapshot() as work:
            of = await work.rounds.get(number)
            if of is None:
                return None
            ask = await work.rounds.question(number, of.number if at is None else at)
            asked = None if ask is None else find_asked(self._bank, of, ask)
            answers = () if asked is None else await work.round_answers.all(number, asked.ask.number)
            players = await work.round_answers.players(number)
        return Scene(of, players, ask, asked, () if asked is None else graded(asked.question, answers))

    async def mine(self, actor: Actor, here: WorkspaceRef, number: int) -> Mine:
        """Return what somebody answered in the closed questions of a round.

        Raises Expired for a round that is not there, and NothingFound for somebody who did not play.
        """
        async with self._storage.snapshot() as work:
            of = await work.rounds.get(number)
            if of is None or not (here.personal or of.channel.workspace == here):
                raise Expired("This round is not there any more.", "Start another with `/quiz start`.")
            person = await work.people.find(actor)
            playing = {one.person for one in await work.round_answers.players(number)}
            if person is None or person.id not in playing:
                raise NothingFound("You did not play in this round.", "Join the next, or type `/practice`.")
            answers = {one.number: one for one in await work.round_answers.of(number, person.id)}
            asked = [find_asked(self._bank, of, one) for one in await work.rounds.questions(number)
                     if one.state is AskState.CLOSED]  # fmt: skip
        own = []
        for one in asked:
            if one is not None:
                kept = answers.get(one.ask.number)
                own.append(Own(one, graded(one.question, [kept])[0] if kept else None))
        return Mine(of, tuple(own))
