"""The use case: a question of the day closes, its answers are settled, each once, and told to all."""

from __future__ import annotations

from dataclasses import dataclass

from bot.daily.asked import Asked, find_asked
from bot.daily.settling import settle
from bot.ports import Clock, Storage
from bot.practice.responses import Graded, grade_stored
from bot.practice.service import Rules
from bot.scheduling import Daily, DailyAnswer, DailyState
from questions.bank import Bank

AT_ONCE = 20
"""Answers that are settled in one transaction: on SQLite nobody else writes meanwhile."""


@dataclass(frozen=True, slots=True)
class GradedAnswer:
    """What somebody answered, graded."""

    answer: DailyAnswer
    graded: Graded

    @property
    def right(self) -> bool:
        """Tell whether it is all right."""
        return self.graded.grade.right


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question of the day with everything that was answered in time, first first."""

    asked: Asked
    answers: tuple[GradedAnswer, ...]

    @property
    def right(self) -> tuple[GradedAnswer, ...]:
        """Return the answers that are all right."""
        return tuple(answer for answer in self.answers if answer.right)


class Closing:
    """Closes questions of the day; each step can be repeated, and counts once."""

    def __init__(self, storage: Storage, bank: Bank, clock: Clock, rules: Rules) -> None:
        self._storage = storage
        self._bank = bank
        self._clock = clock
        self._calendar = rules.calendar

    async def seal(self, daily: int) -> Daily | None:
        """Take no more answers in time; return the question if it is closing now, whoever sealed it."""
        async with self._storage.transaction() as work:
            await work.dailies.move(daily, [DailyState.OPEN], DailyState.CLOSING)
            found = await work.dailies.get(daily)
        return found if found is not None and found.state is DailyState.CLOSING else None

    async def settle(self, daily: Daily) -> None:
        """Pay and count every answer that came in time.

        Those to a question that the bank changed meanwhile earn nothing: nobody can say any more if they are right.
        """
        asked = find_asked(self._bank, daily)
        while asked is not None and await self._settle_some(asked):
            pass

    async def outcome(self, daily: Daily) -> Outcome | None:
        """Return what was answered, None where the bank changed meanwhile."""
        asked = find_asked(self._bank, daily)
        if asked is None:
            return None
        async with self._storage.snapshot() as work:
            answers = await work.daily_answers.all(daily.id)
        return Outcome(
            asked, tuple(GradedAnswer(answer, grade_stored(asked.question, answer.response)) for answer in answers)
        )

    async def _settle_some(self, asked: Asked) -> bool:
        now, daily = self._clock.now(), asked.daily
        async with self._storage.transaction() as work:
            answers = await work.daily_answers.unsettled(daily.id, AT_ONCE)
            for answer in answers:
                graded = grade_stored(asked.question, answer.response)
                serving, earned = await settle(work, self._calendar, asked, answer.person, graded, now, late=False)
                await work.daily_answers.settle(daily.id, answer.person, earned.points, serving)
        return len(answers) == AT_ONCE
