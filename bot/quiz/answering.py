"""The use case: people answer a round's questions, each once, in private; nobody learns anything before the close."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from bot.errors import Expired
from bot.ports import Clock, Storage, UnitOfWork
from bot.practice.responses import Graded, grade, grade_stored
from bot.practice.service import Rules
from bot.practice.streaks import count, enter
from bot.quiz.asked import Asked, find_asked
from bot.quiz.running import (
    GRACE,
    LONGEST_SEAL,
    REFRESH,
    SEAL,
    SOON,
    ask_refresh,
    close_soon,
    join,
    nothing_to_wait_for,
    wake,
)
from bot.refs import Actor, WorkspaceRef
from bot.rounds import AskState, Mode, Round, RoundState
from questions.bank import Bank


@dataclass(frozen=True, slots=True)
class Taken:
    """An answer that is in, of which nobody learns yet whether it is right; ``again`` if it was before.

    ``side`` is the team for which it counts, empty without one; ``closed`` once the question is.
    """

    asked: Asked
    graded: Graded
    side: str
    again: bool
    closed: bool


class RoundAnswering:
    """Takes answers to the questions of rounds."""

    def __init__(self, storage: Storage, bank: Bank, clock: Clock, rules: Rules) -> None:
        self._storage = storage
        self._bank = bank
        self._clock = clock
        self._calendar = rules.calendar

    async def ask(self, actor: Actor, here: WorkspaceRef, number: int, at: int, when: datetime) -> Asked | Taken:
        """Return a question that can be answered, or the answer that is in.

        Raises Expired.
        """
        async with self._storage.snapshot() as work:
            person = await work.people.find(actor)
            asked = await self._asked(work, here, number, at, latch=False)
            mine = None if person is None else await self._taken(work, asked, person.id)
        if mine is not None:
            return mine
        return asked if _is_open(asked, when) else _refuse(asked)

    async def answer(
        self, actor: Actor, here: WorkspaceRef, number: int, at: int, response: str, when: datetime
    ) -> Taken:
        """Take an answer that was given at an instant by the platform's clock, unless one is in already.

        Raises Expired, or BadInput where it cannot be read.
        """
        now = self._clock.now()
        async with self._storage.transaction() as work:
            person = await enter(work, actor, now, self._calendar)
            asked = await self._asked(work, here, number, at, latch=True)
            of = asked.round
            if not _is_open(asked, when):
                return await self._taken(work, asked, person.id) or _refuse(asked)
            graded = grade(asked.question, asked.ask.order, response)
            score = graded.grade.thousandths
            await join(work, of, person.id, now)
            if not await work.round_answers.put(
                number, at, person.id, response=graded.response, score=score, when=when
            ):
                return await self._taken(work, asked, person.id) or _refuse(asked)
            day = self._calendar.day_of(person, now)
            await count(work, person, day, now, self._calendar, of.channel.workspace)
            await ask_refresh(work, of, now + REFRESH)
            if asked.ask.state is AskState.OPEN:
                await self._hurry_or_wait(work, asked, when)
            side = await self._side(work, of, person.id)
        return Taken(asked, graded, side, again=False, closed=False)

    async def _hurry_or_wait(self, work: UnitOfWork, asked: Asked, when: datetime) -> None:
        """Let a question close that waits for nobody, and one whose answers are slow to arrive stay open for them."""
        of, at, now = asked.round, asked.ask.number, self._clock.now()
        if await nothing_to_wait_for(work, of, at):
            await wake(work, of.id, await close_soon(work, of, at, now))
        elif now - when > SOON and of.due_at < now + SEAL <= asked.ask.closes_at + LONGEST_SEAL:
            await work.rounds.wait(of.id, now + SEAL)
            await wake(work, of.id, now + SEAL)

    async def _side(self, work: UnitOfWork, of: Round, person: int) -> str:
        return await work.round_answers.side(of.id, person) if of.terms.mode is Mode.TEAMS else ""

    async def _taken(self, work: UnitOfWork, asked: Asked, person: int) -> Taken | None:
        kept = await work.round_answers.get(asked.round.id, asked.ask.number, person)
        if kept is None:
            return None
        closed = asked.ask.state in (AskState.CLOSED, AskState.DISCARDED)
        side = await self._side(work, asked.round, person)
        return Taken(asked, grade_stored(asked.question, kept.response), side, again=True, closed=closed)

    async def _asked(self, work: UnitOfWork, here: WorkspaceRef, number: int, at: int, *, latch: bool) -> Asked:
        of = await (work.rounds.latch(number) if latch else work.rounds.get(number))
        ask = None if of is None or of.channel.workspace != here else await work.rounds.question(number, at)
        asked = None if of is None or ask is None else find_asked(self._bank, of, ask)
        if asked is None:
            raise Expired("This question is not there any more.", "Start a round with `/quiz start`.")
        return asked


def _is_open(asked: Asked, when: datetime) -> bool:
    """Tell whether a question takes an answer that was given at an instant."""
    ask, of = asked.ask, asked.round
    in_time = ask.state is AskState.POSTING or (ask.state is AskState.OPEN and when <= ask.closes_at + GRACE)
    return in_time and of.state is RoundState.ASKING


def _refuse(asked: Asked) -> NoReturn:
    """Raise Expired for an answer that came too late, with what can be done now."""
    of = asked.round
    if of.state in (RoundState.ENDING, RoundState.ENDED) or of.number >= of.terms.questions:
        raise Expired("This question has closed, your answer came too late.", "Start another round: `/quiz start`.")
    raise Expired("This question has closed, your answer came too late.", "The next one comes in a moment.")
