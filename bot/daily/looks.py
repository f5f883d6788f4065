"""How schedules stand, and what is said where one is not there or can post nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.daily.choice import LOW
from bot.daily.plan import timetable_of
from bot.daily.planner import Planner
from bot.errors import AlreadyDone, BadInput, Expired, NothingFound
from bot.markup import moment
from bot.ports import UnitOfWork
from bot.practice.quality import Known
from bot.refs import WorkspaceRef
from bot.scheduling import Daily, DailyState, Plan, Schedule, ScheduleState
from questions.model import Question


@dataclass(frozen=True, slots=True)
class Look:
    """A schedule as it stands: when its next post is due, and ``left`` of a ``pool`` that were never posted there."""

    schedule: Schedule
    due_at: datetime | None
    left: int
    pool: int
    queued: tuple[str, ...]

    @property
    def low(self) -> bool:
        """Tell whether the pool runs low."""
        return self.left < LOW


@dataclass(frozen=True, slots=True)
class Preview:
    """What is posted on a date, as things are now; ``due_at`` is None while the schedule is paused.

    ``queued`` if a moderator asked for the question.
    """

    look: Look
    day: date
    due_at: datetime | None
    question: Question
    queued: bool


class Looks:
    """Reads how schedules stand; its methods are part of their caller's transaction."""

    def __init__(self, planner: Planner) -> None:
        self._planner = planner

    async def look(self, work: UnitOfWork, workspace: WorkspaceRef, number: int, now: datetime, known: Known) -> Look:
        """Return a schedule of the workspace as it stands.

        Raises Expired for one that is not there.
        """
        schedule = here(await work.schedules.get(number), workspace, number)
        timetable = timetable_of(schedule.plan)
        day = schedule.next_day
        choice = await self._planner.choose(work, schedule, day or now.astimezone(timetable.zone).date(), known)
        due_at = None if day is None else timetable.due(day)
        left, pool = (choice.left, choice.pool) if choice else (0, 0)
        return Look(schedule, due_at, left, pool, tuple(await work.schedules.queued(number)))

    async def held_until(self, work: UnitOfWork, schedule: Schedule, now: datetime) -> date | None:
        """Return the date before which a moderator wants no post, where that keeps one from being made."""
        coming = schedule.next_day
        if schedule.state is not ScheduleState.ACTIVE or coming is None:
            return None
        day = await self._planner.free_day(work, schedule, now)
        return coming if day is not None and day < coming else None

    def expect_questions(self, plan: Plan, workspace: WorkspaceRef, known: Known) -> None:
        """Raise NothingFound for a plan that no question of the bank fits."""
        if not self._planner.fitting(plan, workspace, known):
            raise no_question()


def here(schedule: Schedule | None, workspace: WorkspaceRef, number: int) -> Schedule:
    """Return a schedule that is there and the workspace's.

    Raises Expired.
    """
    if schedule is None or schedule.channel.workspace != workspace or schedule.state is ScheduleState.REMOVED:
        raise Expired(f"There is no schedule {number} here.", "`/daily list` shows those that there are.")
    return schedule


def has_one(daily: Daily | None) -> AlreadyDone:
    """Return what somebody is told who wants a question for a date that has one, or was left out."""
    step = "`/daily history` shows it; the next date has a question of its own."
    if daily is not None and daily.state is DailyState.SKIPPED:
        return AlreadyDone(f"{daily.day} was left out: {daily.note.rstrip('.')}.", step)
    at = f", due {moment(daily.due_at)}" if daily is not None else ""
    return AlreadyDone(f"That date has its question already{at}.", step)


def no_date() -> BadInput:
    """Return what a plan is told that can never post."""
    return BadInput("No date is left for a post.", "Look at the days, the start and the holidays.")


def no_question() -> NothingFound:
    """Return what a plan is told that no question fits."""
    return NothingFound("No question fits that.", "Give it more topics or levels.")
