"""The use case: answers of a round are settled, each once, in small transactions that a crash can come between."""

from __future__ import annotations

from datetime import datetime

from bot.ports import Clock, Storage, UnitOfWork
from bot.practice import settling
from bot.practice.points import Award
from bot.practice.responses import grade_stored
from bot.practice.service import Rules
from bot.practice.settling import Sealed, paid_before
from bot.quiz.asked import Asked, find_asked
from bot.rounds import Round, RoundAnswer
from questions.bank import Bank

REASON = "quiz"
AT_ONCE = 20
"""Answers that are settled in one transaction: on SQLite nobody else writes meanwhile."""


class RoundSettling:
    """Settles what people answered in rounds."""

    def __init__(self, storage: Storage, bank: Bank, clock: Clock, rules: Rules) -> None:
        self._storage = storage
        self._bank = bank
        self._clock = clock
        self._calendar = rules.calendar

    async def settle(self, of: Round) -> None:
        """Count every answer to a closed question, and pay it where the round pays."""
        while await self._settle_some(of):
            pass

    async def _settle_some(self, of: Round) -> bool:
        now = self._clock.now()
        async with self._storage.transaction() as work:
            answers = await work.round_answers.unsettled(of.id, AT_ONCE)
            asked = {one.number: find_asked(self._bank, of, one) for one in await work.rounds.questions(of.id)}
            for answer in answers:
                await self._settle_one(work, of, asked[answer.number], answer, now)
        return len(answers) == AT_ONCE

    async def _settle_one(
        self, work: UnitOfWork, of: Round, asked: Asked | None, answer: RoundAnswer, now: datetime
    ) -> None:
        if asked is None:  # the bank changed meanwhile: nobody can say any more what was answered
            await work.round_answers.settle(of.id, answer.number, answer.person, 0, None)
            return
        graded = grade_stored(asked.question, answer.response)
        ask = asked.ask
        sealed = Sealed(
            of.channel.workspace, asked.question, ask.seed, ask.order, answer.person, graded, REASON, "in a round",
            day=self._calendar.day(ask.opened_at), at=ask.closes_at,
        )  # fmt: skip
        before = await paid_before(work, self._calendar, sealed)
        points = max(answer.points - before, 0) if of.paying else 0
        why = "right" if graded.grade.right else f"{round(graded.grade.credit * 100)} % right"
        earned = Award(points, f"{why}, {before} paid before" if before else why)
        serving = await settling.settle(work, self._calendar, sealed, earned, now)
        await work.round_answers.settle(of.id, answer.number, answer.person, points, serving)
