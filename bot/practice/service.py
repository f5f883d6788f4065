"""The use case: show a question, take its answer once, keep what it earned in the same transaction."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from bot.errors import BadInput, Expired, NothingFound
from bot.persons import Person
from bot.ports import Clock, Serving, Storage, UnitOfWork
from bot.practice import misses
from bot.practice.access import already, expect_not_sealed, held_in, own
from bot.practice.calendar import Calendar
from bot.practice.filters import Misses, Wish, read_filter, write_filter
from bot.practice.paying import pay
from bot.practice.points import Award, award
from bot.practice.quality import NOTHING_KNOWN, Known, Quality
from bot.practice.responses import LETTERS, Graded, check_placed, grade, grade_stored
from bot.practice.streaks import count, enter
from bot.refs import Actor, WorkspaceRef
from questions.bank import Bank, Filter
from questions.draw import draw, seed_of, shown_order
from questions.generate.family import Family
from questions.grade import Grade, grade_marks
from questions.model import FreeText, Level, Question
from questions.statistics import picked

REASON = "practice"
LONGEST_ANSWER = 3000


@dataclass(frozen=True, slots=True)
class Rules:
    """What a workspace plays by: ``daily_cap`` is the most points practice pays a person on one of their days."""

    calendar: Calendar
    daily_cap: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A question as one person sees it; ``level`` is what answers say, None while they are few."""

    serving: int
    question: Question
    order: tuple[int, ...]
    hinted: bool
    wanted: Wish
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class Revealed:
    """A free-text question whose key points are shown for its person to mark."""

    shown: Shown
    response: str


@dataclass(frozen=True, slots=True)
class Result:
    """A graded answer: ``chosen`` are authored positions, ``response`` what was typed."""

    shown: Shown
    grade: Grade
    chosen: tuple[int, ...]
    response: str
    award: Award
    streak: int
    streak_grew: bool


class Practice:
    """Practice for one person at a time; every question shown is a row, and what the process remembers may be lost."""

    def __init__(self, storage: Storage, bank: Bank, clock: Clock, chance: random.Random, rules: Rules) -> None:
        self._storage = storage
        self._bank = bank
        self._clock = clock
        self._chance = chance
        self._rules = rules
        self.quality = Quality(storage, bank, clock, rules.calendar)

    async def serve(self, actor: Actor, workspace: WorkspaceRef, wanted: Wish) -> Shown:
        """Draw a question that fits and show it.

        Raises NothingFound when the bank has none that fits.
        """
        known, now = await self.quality.known(), self._clock.now()
        async with self._storage.transaction() as work:
            person = await enter(work, actor, now, self._rules.calendar)
            return await self._serve(work, person, workspace, wanted, known, now)

    async def _serve(
        self, work: UnitOfWork, person: Person, workspace: WorkspaceRef, wanted: Wish, known: Known, now: datetime
    ) -> Shown:
        day = self._rules.calendar.day_of(person, now)
        began = self._rules.calendar.beginning(person, day)
        held = await held_in(work, workspace)
        fitting = await self._fitting(work, person, workspace, wanted, known)
        pool = [one for one in fitting if one.id not in held]
        drawn = draw(pool, await work.servings.last_seen(person.id), self._chance, began)
        if drawn is None:
            raise _none_left(wanted, held=bool(fitting))
        seed = seed_of(drawn.id, person.id, day) if drawn.id in self._bank.families else 0
        question = self._bank.find(drawn.id, seed)
        assert question is not None
        order = shown_order(question, self._chance)
        serving = await work.servings.add(
            person=person.id,
            workspace=workspace,
            question=question.id,
            revision=question.revision,
            wanted=write_filter(wanted),
            order=order,
            now=now,
            seed=seed,
        )
        return Shown(serving, question, order, hinted=False, wanted=wanted, level=known.levels.get(question.id))

    async def _fitting(
        self, work: UnitOfWork, person: Person, workspace: WorkspaceRef, wanted: Wish, known: Known
    ) -> Sequence[Question | Family[Any]]:
        if not isinstance(wanted, Misses):
            return known.pool(self._bank, wanted, workspace)
        missed = await misses.left(work, person.id, wanted)
        return [one for one in known.pool(self._bank, Filter(), workspace) if one.id in missed]

    async def shown(self, actor: Actor, serving: int) -> Shown:
        """Return a question of this person's that is open.

        Raises NotYours, Expired or AlreadyDone.
        """
        known = await self.quality.known()
        async with self._storage.snapshot() as work:
            person = await work.people.find(actor)
            return self._open(await work.servings.get(serving), person, "open", known)

    async def hint(self, actor: Actor, serving: int, placed: str = "") -> Shown:
        """Show the hint of an open question, of which ``placed`` steps are in order; a right answer then earns less."""
        known = await self.quality.known()
        async with self._storage.transaction() as work:
            person = await enter(work, actor, self._clock.now(), self._rules.calendar)
            shown = self._open(await work.servings.get(serving), person, "open", known)
            check_placed(shown.order, placed)
            if not await work.servings.hint(serving, person.id):
                raise already()
            return replace(shown, hinted=True)

    async def skip(self, actor: Actor, serving: int) -> Shown:
        """Close an open question without an answer, and show the next that fits the same wish."""
        now, known = self._clock.now(), await self.quality.known()
        async with self._storage.transaction() as work:
            person = await enter(work, actor, now, self._rules.calendar)
            kept = own(await work.servings.get(serving), person)
            skipped = await work.servings.close(
                serving, person.id, expected="open", state="skipped", response="", score=0, now=now
            )
            if not skipped:
                raise already()
            return await self._serve(work, person, kept.workspace, read_filter(kept.wanted), known, now)

    async def answer(self, actor: Actor, serving: int, response: str) -> Result | Revealed:
        """Take the answer to an open question: graded and paid, or for free text revealed to be marked.

        Of simultaneous answers one counts. Raises NotYours, Expired, AlreadyDone or BadInput.
        """
        now = self._clock.now()
        async with self._storage.transaction() as work:
            person = await enter(work, actor, now, self._rules.calendar)
            kept = own(await work.servings.get(serving), person)
            shown = self._open(kept, person, "open")
            await expect_not_sealed(work, kept)
            if isinstance(shown.question, FreeText):
                return await self._reveal(work, person, shown, response, now)
            graded = grade(shown.question, shown.order, response)
            closed = await work.servings.close(
                serving,
                person.id,
                expected="open",
                state="answered",
                response=graded.response,
                score=graded.grade.thousandths,
                now=now,
            )
            if not closed:
                raise already()
            earned = await self._pay(work, person, kept.workspace, shown, graded.grade.credit, now)
            grew, days = await self._record(work, person, kept, shown.question, graded, now)
            return Result(shown, graded.grade, graded.chosen, graded.response, earned, days, grew)

    async def recall(self, actor: Actor, serving: int) -> Result | Revealed:
        """Return what an answer led to once more: the platform may have lost it on the way to the person.

        Raises NotYours, Expired or AlreadyDone; the latter for what was skipped or marked by its person.
        """
        async with self._storage.snapshot() as work:
            person = await work.people.find(actor)
            kept = own(await work.servings.get(serving), person)
            shown = self._open(kept, person, kept.state)
            if kept.state == "revealed":
                return Revealed(shown, kept.response)
            if kept.state != "answered" or isinstance(shown.question, FreeText) or person is None:
                raise already()
            graded = grade_stored(shown.question, kept.response)
            paid = await work.ledger.paid_for(serving)
            earned = Award(paid.points, paid.note) if paid else Award(0, "this answer earned none")
            return Result(shown, graded.grade, graded.chosen, graded.response, earned, person.streak, streak_grew=False)

    async def mark(self, actor: Actor, serving: int, met: Collection[str]) -> Result:
        """Take a person's own marks of their free-text answer, by letters of the key points; pays nothing."""
        now = self._clock.now()
        async with self._storage.transaction() as work:
            person = await enter(work, actor, now, self._rules.calendar)
            kept = own(await work.servings.get(serving), person)
            shown = self._open(kept, person, "revealed")
            question = shown.question
            if not isinstance(question, FreeText) or not set(met) <= set(LETTERS[: len(question.points)]):
                raise BadInput("Those are not this question's points.", "Choose among the points listed.")
            places = tuple(sorted(LETTERS.index(letter) for letter in set(met)))
            grade = grade_marks(question, places)
            closed = await work.servings.close(
                serving,
                person.id,
                expected="revealed",
                state="answered",
                response=kept.response,
                score=grade.thousandths,
                now=now,
            )
            if not closed:
                raise already()
            grew, days = await self._record(work, person, kept, question, Graded(grade, kept.response), now)
            earned = Award(0, "answers that you mark yourself earn no points")
            return Result(shown, grade, places, kept.response, earned, days, grew)

    async def _reveal(self, work: UnitOfWork, person: Person, shown: Shown, response: str, now: datetime) -> Revealed:
        typed = response.strip()[:LONGEST_ANSWER]
        if not typed:
            raise BadInput("The answer is empty. Nothing was counted.", "Press Answer and write a sentence or two.")
        if not await work.servings.close(
            shown.serving, person.id, expected="open", state="revealed", response=typed, score=0, now=now
        ):
            raise already()
        return Revealed(shown, typed)

    async def _pay(
        self, work: UnitOfWork, person: Person, workspace: WorkspaceRef, shown: Shown, credit: Fraction, now: datetime
    ) -> Award:
        """Award points; the person's row is locked, so that two answers at once cannot both have the last points."""
        question, here = shown.question, self._rules.calendar
        day, season = self._rules.calendar.day_of(person, now), here.season_of(here.day(now))
        earned = award(
            question.level,
            credit,
            hinted=shown.hinted,
            paid=await work.ledger.paid(person.id, question.id, season),
            today=await work.ledger.earned(person.id, day, REASON),
            cap=self._rules.daily_cap,
        )
        await pay(
            work,
            here,
            earned,
            person=person.id,
            workspace=workspace,
            reason=REASON,
            question=question,
            serving=shown.serving,
            day=day,
            counted_on=here.day(now),
            at=now,
            now=now,
        )
        return earned

    async def _record(
        self, work: UnitOfWork, person: Person, kept: Serving, question: Question, graded: Graded, now: datetime
    ) -> tuple[bool, int]:
        await work.item_stats.add(
            person=person.id,
            question=question.id,
            revision=self._bank.revision(question.id) or "",
            chosen=picked(question, graded.response),
            score=graded.grade.thousandths,
        )
        await work.servings.count(person.id, question.topic, graded.grade.thousandths)
        day = self._rules.calendar.day_of(person, now)
        streak, grew = await count(work, person, day, now, self._rules.calendar, kept.workspace)
        return grew, streak.days

    def _open(self, kept: Serving | None, person: Person | None, state: str, known: Known = NOTHING_KNOWN) -> Shown:
        kept = own(kept, person)
        if kept.state != state:
            raise already()
        question = self._bank.find(kept.question, kept.seed)
        if question is None or question.revision != kept.revision:
            raise Expired("This question was changed or taken out since you got it.", "Type `/practice` for another.")
        wanted, level = read_filter(kept.wanted), known.levels.get(question.id)
        return Shown(kept.id, question, kept.order, kept.hinted, wanted, level)


def _none_left(wanted: Wish, *, held: bool) -> NothingFound:
    """Return what somebody is told for whom nothing is left; ``held`` where a day or a round asks it now."""
    if held:
        problem = "That is the question of the day, or a round is asking it now."
        return NothingFound(problem, "Try `/practice` with fewer conditions.")
    if isinstance(wanted, Misses):
        return NothingFound("Nothing that you missed in that round is left. Well done.", "Type `/practice` for more.")
    return NothingFound("The bank has no question like that yet.", "Try `/practice` with fewer conditions.")
