"""The use case: people answer a question of the day, in private; sealed until it closes, explained at once after."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.daily.asked import Asked, asked_in, find_asked
from bot.daily.settling import LATE, settle
from bot.errors import Expired
from bot.markup import moment
from bot.persons import Person
from bot.ports import Clock, Storage, UnitOfWork
from bot.practice.points import Award, award
from bot.practice.quality import Quality
from bot.practice.responses import Graded, grade, grade_stored
from bot.practice.service import Result, Rules
from bot.practice.streaks import count, enter
from bot.refs import Actor, WorkspaceRef
from bot.scheduling import Daily, DailyAnswer, DailyState, Put
from questions.bank import Bank
from questions.model import Question

LATE_FOR = timedelta(days=7)
"""How long after the close an answer is still taken, for the streak alone."""
REFRESH = timedelta(seconds=2)
"""How long a post waits for more answers before it shows how many there are."""
_ANSWERABLE = (DailyState.POSTING, DailyState.OPEN)
"""A post can be answered before it is known that it was posted."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """An answer in time, of which nobody learns yet whether it is right.

    ``chosen`` are authored positions, ``response`` as stored. ``closed`` once the close has passed and the answers are
    not counted yet.
    """

    asked: Asked
    response: str
    chosen: tuple[int, ...]
    put: Put
    streak: int
    streak_grew: bool
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """An answer and what came of it; ``again`` if it was given before."""

    asked: Asked
    result: Result
    late: bool
    again: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question of the day that is open, and whether somebody has answered it."""

    asked: Asked
    answered: bool


async def ask_refresh(work: UnitOfWork, daily: Daily, now: datetime) -> None:
    """Have a post brought up to date; whatever changes until then is shown with it."""
    key, platform = f"refresh:{daily.id}", daily.channel.workspace.platform
    await work.errands.again(key, "refresh", platform, daily.id, now + REFRESH)


class Answering:
    """Takes answers to questions of the day; one from each person."""

    def __init__(self, storage: Storage, bank: Bank, clock: Clock, rules: Rules, quality: Quality) -> None:
        self._storage = storage
        self._quality = quality
        self._bank = bank
        self._clock = clock
        self._calendar = rules.calendar

    async def ask(self, actor: Actor, here: WorkspaceRef, daily: int, at: datetime) -> Asked | Sealed | Told:
        """Return the question, or where it was answered and cannot be any more, what came of that.

        Raises Expired.
        """
        async with self._storage.snapshot() as work:
            asked = _expect_here(asked_in(self._bank, await work.dailies.get(daily)), here)
            known = await self._known(work, actor, daily)
            if known is not None and not (self._in_time(asked.daily, at) and asked.daily.changeable):
                return self._outcome(asked, *known)
        self._check_open(asked.daily)
        return asked

    async def mine(self, actor: Actor, here: WorkspaceRef, daily: int) -> Asked | Sealed | Told:
        """Return what a person answered and what came of it, else the question while it can be answered.

        Raises Expired.
        """
        async with self._storage.snapshot() as work:
            asked = _expect_here(asked_in(self._bank, await work.dailies.get(daily)), here)
            known = await self._known(work, actor, daily)
        if known is None:
            self._check_open(asked.daily)
            return asked
        return self._outcome(asked, *known)

    async def answer(self, actor: Actor, here: WorkspaceRef, daily: int, response: str, at: datetime) -> Sealed | Told:
        """Take an answer that was given at an instant: sealed while the question is open, else explained.

        Raises Expired, or BadInput where it cannot be read.
        """
        now = self._clock.now()
        async with self._storage.transaction() as work:
            person = await enter(work, actor, now, self._calendar)
            asked = _expect_here(asked_in(self._bank, await work.dailies.latch(daily)), here)
            graded = grade(asked.question, asked.daily.order, response)
            if self._in_time(asked.daily, at):
                return await self._seal(work, person, asked, graded, now)
            known = await work.daily_answers.get(daily, person.id)
            if known is not None:
                return self._outcome(asked, known, person)
            self._check_open(asked.daily)
            return await self._take_late(work, person, asked, graded, now)

    async def waiting(self, actor: Actor, workspace: WorkspaceRef, most: int) -> Sequence[Waiting]:
        """Return the questions that are open in a workspace for somebody, the next to close first."""
        async with self._storage.snapshot() as work:
            person = await work.people.find(actor)
            there = await work.dailies.open_in(workspace, None if person is None else person.id, most)
        now = self._clock.now()
        open_ = [(find_asked(self._bank, daily), answered) for daily, answered in there if now < daily.closes_at]
        return [Waiting(asked, answered) for asked, answered in open_ if asked is not None]

    async def report(self, actor: Actor, here: WorkspaceRef, daily: int, reason: str, note: str) -> bool:
        """Keep a problem with a question of the day; false if this person reported the question before.

        Raises Expired.
        """
        async with self._storage.snapshot() as work:
            asked = _expect_here(asked_in(self._bank, await work.dailies.get(daily)), here)
        question, workspace = asked.question, asked.daily.channel.workspace
        return await self._quality.report_question(actor, workspace, (question.id, question.revision), reason, note)

    async def _seal(self, work: UnitOfWork, person: Person, asked: Asked, graded: Graded, now: datetime) -> Sealed:
        daily = asked.daily
        before = await work.daily_answers.get(daily.id, person.id)
        if before is not None and before.response == graded.response:  # pressed twice: nothing was changed
            return Sealed(asked, graded.response, graded.chosen, Put.KEPT, person.streak, streak_grew=False)
        put = await work.daily_answers.put(
            daily.id,
            person.id,
            response=graded.response,
            score=graded.grade.thousandths,
            late=False,
            change=daily.changeable,
            now=now,
        )
        grew, days = False, person.streak
        if put is Put.NEW:
            streak, grew = await count(work, person, daily.day, now, self._calendar, daily.channel.workspace)
            days = streak.days
            await ask_refresh(work, daily, now)
        if put is Put.KEPT:
            kept = await work.daily_answers.get(daily.id, person.id)
            assert kept is not None
            graded = grade_stored(asked.question, kept.response)
        return Sealed(asked, graded.response, graded.chosen, put, days, grew)

    async def _take_late(self, work: UnitOfWork, person: Person, asked: Asked, graded: Graded, now: datetime) -> Told:
        daily = asked.daily
        await work.daily_answers.put(
            daily.id,
            person.id,
            response=graded.response,
            score=graded.grade.thousandths,
            late=True,
            change=False,
            now=now,
        )
        serving, earned = await settle(work, self._calendar, asked, person.id, graded, now, late=True)
        await work.daily_answers.settle(daily.id, person.id, 0, serving)
        streak, grew = await count(work, person, daily.day, now, self._calendar, daily.channel.workspace)
        shown = asked.shown(serving)
        grew = grew and streak.days > 0  # a day long ago may be counted and its streak over by now
        result = Result(shown, graded.grade, graded.chosen, graded.response, earned, streak.days, grew)
        return Told(asked, result, late=True, again=False)

    async def _known(self, work: UnitOfWork, actor: Actor, daily: int) -> tuple[DailyAnswer, Person] | None:
        person = await work.people.find(actor)
        answer = None if person is None else await work.daily_answers.get(daily, person.id)
        return None if person is None or answer is None else (answer, person)

    def _outcome(self, asked: Asked, answer: DailyAnswer, person: Person) -> Sealed | Told:
        """Return what came of an answer, which is nothing before it is settled."""
        graded = grade_stored(asked.question, answer.response)
        if not answer.settled:
            closed = not self._in_time(asked.daily, self._clock.now())
            return Sealed(
                asked, graded.response, graded.chosen, Put.KEPT, person.streak, streak_grew=False, closed=closed
            )
        earned = LATE if answer.late else _earned(asked.question, answer, graded)
        shown = asked.shown(answer.serving or 0)
        result = Result(shown, graded.grade, graded.chosen, graded.response, earned, person.streak, streak_grew=False)
        return Told(asked, result, answer.late, again=True)

    def _in_time(self, daily: Daily, at: datetime) -> bool:
        return daily.state in _ANSWERABLE and at < daily.closes_at

    def _check_open(self, daily: Daily) -> None:
        """Raise Expired where not even a late answer is taken any more, or the question was never asked."""
        if daily.state is DailyState.SKIPPED:
            raise Expired("This question was withdrawn before it began.", "Wait for the next, or type `/practice`.")
        if self._clock.now() >= daily.closes_at + LATE_FOR:
            raise Expired(
                f"This question closed {moment(daily.closes_at)}; late answers are taken for a week.",
                "Wait for the next, or type `/practice`.",
            )


def _earned(question: Question, answer: DailyAnswer, graded: Graded) -> Award:
    """Return what an answer in time earned, with its reason, from what is kept of it."""
    whole = award(question.level, graded.grade.credit, hinted=False, paid=0, today=0, cap=sys.maxsize)
    before = max(whole.points - answer.points, 0)
    return award(question.level, graded.grade.credit, hinted=False, paid=before, today=0, cap=sys.maxsize)


def _expect_here(asked: Asked, here: WorkspaceRef) -> Asked:
    """Return a question that was asked where somebody acts; their own conversation with Warmup is as good.

    Raises Expired for one of another workspace, which only a forged control names.
    """
    if here.personal or here == asked.daily.channel.workspace:
        return asked
    raise Expired("There is no such question here.", "Use the controls of a question that was posted here.")
