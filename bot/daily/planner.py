"""The use case: a schedule's dates become questions of the day, each once; the rest is said why it was not."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime, timedelta

from bot.daily.choice import LOW, Candidate, Choice, choose, postable
from bot.daily.plan import timetable_of
from bot.daily.seasons import Seasons
from bot.daily.timetable import Timetable
from bot.errors import NothingFound
from bot.ports import UnitOfWork
from bot.practice.access import held_in
from bot.practice.quality import Known
from bot.refs import WorkspaceRef
from bot.scheduling import DailyState, Plan, Schedule, ScheduleState
from questions.bank import Bank, Filter
from questions.draw import seed_of, shown_order
from questions.model import Level

ON_TIME = timedelta(minutes=2)
"""How much later than due a post may come without saying so."""
LONGEST_OPEN = timedelta(days=7)
SHORTEST_OPEN = timedelta(hours=1)
"""How long a late post stays open at least, unless its schedule closes sooner."""
LONGEST_TOLD = 500
"""Characters of what an errand can tell."""
MOST_DATES = 400
"""Dates that are dealt with at once after a long time without Warmup."""


def slot_key(schedule: int) -> str:
    """Return the key of the errand that makes a schedule's next post."""
    return f"slot:{schedule}"


def closing(timetable: Timetable, hours: int, day: date, due_at: datetime, now: datetime) -> datetime:
    """Return when the question of a date closes; ``hours`` as in Plan, on the clock of the schedule's zone."""
    if hours == 0:
        following = timetable.after(day)
        until = due_at + LONGEST_OPEN if following is None else timetable.due(following)
        return max(min(until, due_at + LONGEST_OPEN), now + SHORTEST_OPEN)
    days, rest = divmod(hours, 24)
    regular = due_at == timetable.due(day)
    until = timetable.due(day + timedelta(days=days)) if regular else due_at + timedelta(days=days)
    return max(until + timedelta(hours=rest), now + min(timedelta(hours=hours), SHORTEST_OPEN))


class Planner:
    """Makes questions of the day of dates; its methods are part of their caller's transaction."""

    def __init__(self, bank: Bank, seasons: Seasons) -> None:
        self._bank = bank
        self._seasons = seasons
        self._levels: Mapping[str, Level] | None = None
        self._pools: dict[tuple[tuple[str, ...], tuple[str, ...]], Sequence[Candidate]] = {}

    async def arrange(
        self, work: UnitOfWork, schedule: Schedule, now: datetime, not_before: date | None = None
    ) -> date | None:
        """Set the schedule's next post, the first that is not due yet, and the errand that makes it.

        Returns its date, None when none is in sight.
        """
        timetable = timetable_of(schedule.plan)
        day = await self.free_day(work, schedule, now, not_before)
        await work.schedules.set_next(schedule.id, day)
        key = slot_key(schedule.id)
        if day is None:
            await work.errands.drop(key)
            return None
        at, platform = timetable.due(day), schedule.channel.workspace.platform
        if not await work.errands.add(key, "slot", platform, schedule.id, at):
            await work.errands.move(key, at)
        channel = schedule.channel
        final = f"final:{channel.workspace.key}:{channel.id}:{channel.thread}"
        await work.errands.add(final, "final", platform, schedule.id, self._seasons.next_post(now))
        return day

    async def free_day(
        self, work: UnitOfWork, schedule: Schedule, now: datetime, not_before: date | None = None
    ) -> date | None:
        """Return the first date that is not due yet and has no question, whether the schedule is paused or not."""
        timetable = timetable_of(schedule.plan)
        day = timetable.upcoming(now)
        if day is not None and not_before is not None and day < not_before:
            day = timetable.after(not_before - timedelta(days=1))
        while day is not None and await work.dailies.of_day(schedule.id, day) is not None:
            day = timetable.after(day)
        return day

    async def cancel(self, work: UnitOfWork, schedule: Schedule) -> None:
        """Take the next post away."""
        await work.schedules.set_next(schedule.id, None)
        await work.errands.drop(slot_key(schedule.id))

    async def choose(self, work: UnitOfWork, schedule: Schedule, day: date, known: Known) -> Choice | None:
        """Return what is posted on a date, as things are now; None for an empty pool."""
        workspace, plan = schedule.channel.workspace, schedule.plan
        held = await held_in(work, workspace)
        out = known.out.get(workspace.key, frozenset())
        pool = self.fitting(plan, workspace, known)
        past = await work.dailies.counts(schedule.channel)
        seed = f"{schedule.id}:{day}"
        queued = await self._queued(work, schedule, held | out)
        return choose(pool, known.levels, past, seed, queued, held)

    def fitting(self, plan: Plan, workspace: WorkspaceRef, known: Known) -> Sequence[Candidate]:
        """Return all that fits a plan and is drawn in a workspace."""
        out = known.out.get(workspace.key, frozenset())
        return [one for one in self._fitting(plan, known) if one.id not in out]

    def _fitting(self, plan: Plan, known: Known) -> Sequence[Candidate]:
        """Return all that fits a plan; remembered for as long as levels are, since most schedules want the same."""
        if known.levels is not self._levels:
            self._levels = known.levels
            self._pools.clear()
        wanted = (plan.topics, plan.levels)
        if wanted not in self._pools:
            self._pools[wanted] = [
                one
                for one in self._bank.pool(Filter())
                if postable(one)
                and (not plan.topics or one.topic in plan.topics)
                and (not plan.levels or known.levels.get(one.id, one.level) in plan.levels)
            ]
        return self._pools[wanted]

    async def make(
        self,
        work: UnitOfWork,
        schedule: Schedule,
        day: date,
        now: datetime,
        known: Known,
        *,
        due_at: datetime,
        late: bool = False,
    ) -> int | None:
        """Keep the question of a date and have it posted at once; None where that date has one already.

        Raises NothingFound for an empty pool.
        """
        choice = await self.choose(work, schedule, day, known)
        if choice is None:
            raise NothingFound("No question fits this schedule.", "Give it more topics or levels with `/daily edit`.")
        name = choice.question.id
        seed = seed_of(name, schedule.id, day) if name in self._bank.families else 0
        question = self._bank.find(name, seed)
        assert question is not None
        daily = await work.dailies.add(
            schedule=schedule,
            day=day,
            state=DailyState.POSTING,
            question=name,
            revision=question.revision,
            seed=seed,
            order=shown_order(question, random.Random(f"{schedule.id}:{day}")),  # noqa: S311 - nothing secret
            due_at=due_at,
            closes_at=closing(timetable_of(schedule.plan), schedule.plan.closes, day, due_at, now),
            late=late,
            note="",
            now=now,
        )
        if daily is not None:
            if choice.queued:
                await work.schedules.unqueue(schedule.id, name)
            # Due when its slot was: of errands due at the same instant posts come before slots, by their keys.
            await work.errands.add(f"post:{daily}", "post", schedule.channel.workspace.platform, daily, due_at)
            if choice.left in (LOW, 1) and not choice.queued:
                await tell_owner(work, schedule, f"low:{day}", _low(choice), now)
        return daily

    async def skip(self, work: UnitOfWork, schedule: Schedule, day: date, now: datetime, why: str) -> bool:
        """Keep that a date has no question, and why; false where it has one already."""
        due_at = timetable_of(schedule.plan).due(day)
        added = await work.dailies.add(
            schedule=schedule,
            day=day,
            state=DailyState.SKIPPED,
            question="",
            revision="",
            seed=0,
            order=(),
            due_at=due_at,
            closes_at=due_at,
            late=False,
            note=why,
            now=now,
        )
        return added is not None

    async def turn(self, work: UnitOfWork, schedule: Schedule, now: datetime, known: Known) -> datetime | None:
        """Deal with every date that is due: post it, or skip it where it is too late; return when the next is due.

        After a long time without Warmup the next is due already: so many dates are not for one transaction.
        """
        if schedule.state is not ScheduleState.ACTIVE:
            return None
        timetable, day = timetable_of(schedule.plan), schedule.next_day
        for _ in range(MOST_DATES):
            if day is None or timetable.due(day) > now:
                break
            following = timetable.after(day)
            await self._deal_with(work, schedule, day, following, now, known)
            day = following
        await work.schedules.set_next(schedule.id, day)
        return None if day is None else timetable.due(day)

    async def _deal_with(
        self, work: UnitOfWork, schedule: Schedule, day: date, following: date | None, now: datetime, known: Known
    ) -> None:
        timetable = timetable_of(schedule.plan)
        due_at, allowed = timetable.due(day), timedelta(minutes=schedule.plan.catch_up)
        overtaken = following is not None and timetable.due(following) <= now
        if overtaken or now - due_at > max(allowed, ON_TIME):
            await self.skip(work, schedule, day, now, too_late(schedule.plan.catch_up))
            return
        try:
            await self.make(work, schedule, day, now, known, due_at=due_at, late=now - due_at > ON_TIME)
        except NothingFound as error:
            await self.skip(work, schedule, day, now, error.problem)

    async def _queued(self, work: UnitOfWork, schedule: Schedule, barred: AbstractSet[str]) -> Candidate | None:
        """Return the first question that waits and can be posted; one that is barred now goes on waiting."""
        for name in await work.schedules.queued(schedule.id):
            question = self._bank.families.get(name) or self._bank.by_id.get(name)
            if question is not None and postable(question) and name not in barred:
                return question
        return None


async def tell_owner(
    work: UnitOfWork, schedule: Schedule, what: str, words: str, now: datetime, step: str = ""
) -> None:
    """Have whoever set a schedule up told something, once for each ``what``; ``step`` says what to do."""
    room = LONGEST_TOLD - len(step) - 1
    text = f"{words if len(words) <= room else f'{words[: room - 1]}…'} {step}".strip()
    platform = schedule.channel.workspace.platform
    await work.errands.add(f"tell:{schedule.id}:{what}", "tell", platform, schedule.id, now, text)


def _low(choice: Choice) -> str:
    left = choice.left - 1
    words = f"{left} question{'' if left == 1 else 's'} of its pool of {choice.pool} were never posted"
    return f"The pool runs low: after today's, {words}. More topics or levels help: `/daily edit`."


def too_late(minutes: int) -> str:
    """Return why a date has no question when Warmup came too late for it; ``minutes`` is what its schedule allows."""
    hours, rest = divmod(minutes, 60)
    words = " ".join([*([f"{hours} h"] if hours else []), *([f"{rest} min"] if rest or not hours else [])])
    return f"Warmup was not running when it was due, nor within {words} after that."
