"""The ports of questions of the day: their schedules, the questions themselves, and the answers to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Protocol

from bot.refs import ChannelRef, MessageRef, UserRef, WorkspaceRef


class ScheduleState(StrEnum):
    """What becomes of a schedule's next posts."""

    ACTIVE = "active"
    PAUSED = "paused"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a moderator wishes of a schedule.

    ``closes`` is in hours, 0 for when the next one is posted; ``catch_up`` in minutes. ``weekdays`` are digits from
    Monday as 0; ``topics`` and ``levels`` are codes, empty for all; ``holidays`` as ``2026-12-24..2027-01-02``, by
    spaces; ``notify`` the platform's id of a role or group.
    """

    at: time
    zone: str
    weekdays: str = "01234"
    topics: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    closes: int = 24
    thread: bool = False
    changeable: bool = True
    notify: str = ""
    holidays: str = ""
    start: date = date.min
    catch_up: int = 180


@dataclass(frozen=True, slots=True)
class Schedule:
    """A question of the day in a channel; ``next_day`` is the date of the next post, None while there is none.

    ``trouble`` says what paused it, where that was not a moderator. ``owner`` set it up and is told of troubles.
    """

    id: int
    channel: ChannelRef
    state: ScheduleState
    plan: Plan
    next_day: date | None
    trouble: str
    owner: UserRef


class Schedules(Protocol):
    """Schedules of all workspaces."""

    async def add(self, channel: ChannelRef, plan: Plan, person: int, now: datetime) -> int:
        """Keep a new schedule, active and without a next post, and return its id."""
        ...

    async def get(self, schedule: int) -> Schedule | None:
        """Return a schedule, also one that was removed."""
        ...

    async def latch(self, schedule: int) -> Schedule | None:
        """Return a schedule, locked: until the transaction ends nobody changes it."""
        ...

    async def of(self, workspace: WorkspaceRef) -> Sequence[Schedule]:
        """Return the schedules of a workspace that were not removed, by id."""
        ...

    async def set_plan(self, schedule: int, plan: Plan) -> None:
        """Keep another plan."""
        ...

    async def set_state(self, schedule: int, state: ScheduleState, trouble: str = "") -> bool:
        """Keep another state; false, and nothing kept, where it was removed or in that state already."""
        ...

    async def set_next(self, schedule: int, day: date | None) -> None:
        """Keep the date of the next post, None for none."""
        ...

    async def queue(self, schedule: int, question: str, person: int, now: datetime) -> bool:
        """Have a question posted before all others, after those that wait already; false if it waits already."""
        ...

    async def queued(self, schedule: int) -> Sequence[str]:
        """Return the questions that wait, first first."""
        ...

    async def unqueue(self, schedule: int, question: str) -> bool:
        """Have a question wait no more; false if it did not."""
        ...


class DailyState(StrEnum):
    """How far the question of a day has come."""

    POSTING = "posting"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Daily:
    """The question of a schedule's date: posted, or skipped with the reason in ``note``.

    ``message`` is None until it is posted. ``order`` are the authored positions in the order shown. ``number`` of
    people have ``answered`` in time. ``late`` if it was posted later than it was due.
    """

    id: int
    schedule: int
    day: date
    channel: ChannelRef
    state: DailyState
    question: str
    revision: str
    seed: int
    order: tuple[int, ...]
    due_at: datetime
    closes_at: datetime
    changeable: bool
    late: bool
    answered: int
    message: MessageRef | None
    thread: str
    note: str

    @property
    def closed(self) -> bool:
        """Tell whether it has closed, its answers counted or not."""
        return self.state in (DailyState.CLOSING, DailyState.CLOSED)


@dataclass(frozen=True, slots=True)
class DailyAnswer:
    """What somebody answered; ``late`` came after the close. ``points`` are 0 until it is settled.

    ``serving`` is what it was kept as once settled, None before. ``streak`` is the person's as of the last day on which
    they did something.
    """

    person: int
    name: str
    hidden: bool
    response: str
    score: int
    late: bool
    settled: bool
    points: int
    serving: int | None
    at: datetime
    streak: int


class Put(StrEnum):
    """What became of an answer."""

    NEW = "new"
    CHANGED = "changed"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Owed:
    """On which days a workspace's people were asked: ``ever`` if at all, ``days`` those that are closed."""

    ever: bool
    days: frozenset[date]


class Dailies(Protocol):
    """Questions of the day."""

    async def add(self, *, schedule: Schedule, day: date, state: DailyState, question: str, revision: str, seed: int,
                  order: Sequence[int], due_at: datetime, closes_at: datetime, late: bool, note: str,
                  now: datetime) -> int | None:  # fmt: skip
        """Keep the question of a date and return its id; None if the schedule has one for that date already."""
        ...

    async def get(self, daily: int) -> Daily | None:
        """Return the question of a day."""
        ...

    async def of_day(self, schedule: int, day: date) -> Daily | None:
        """Return a schedule's question of a date."""
        ...

    async def history(self, schedule: int, limit: int) -> Sequence[Daily]:
        """Return the latest of a schedule, newest first."""
        ...

    async def counts(self, channel: ChannelRef) -> Mapping[str, tuple[int, date]]:
        """Return how often each question was posted in a channel, and on which date last."""
        ...

    async def held(self, workspace: WorkspaceRef) -> frozenset[str]:
        """Return the questions that are open in a workspace, and those about to be posted."""
        ...

    async def open_in(self, workspace: WorkspaceRef, person: int | None, limit: int) -> Sequence[tuple[Daily, bool]]:
        """Return those open in a workspace, the next to close first, and whether a person has answered each."""
        ...

    async def open_days(self, workspace: WorkspaceRef) -> frozenset[date]:
        """Return the dates whose questions in a workspace are not closed yet."""
        ...

    async def closes_before(self, workspace: WorkspaceRef, at: datetime) -> bool:
        """Tell whether one of a workspace that closes before an instant is not settled yet."""
        ...

    async def move(self, daily: int, expected: Collection[DailyState], state: DailyState, note: str = "") -> bool:
        """Move on to another state; false if it is in none of the expected ones. A note replaces the one there."""
        ...

    async def posted(self, daily: int, message: MessageRef, thread: str, *, late: bool) -> None:
        """Keep which message it is, that it is open, and whether it came later than it was due."""
        ...

    async def set_thread(self, daily: int, thread: str) -> None:
        """Keep the thread in which it is discussed."""
        ...

    async def latch(self, daily: int) -> Daily | None:
        """Return the question of a day, locked: until the transaction ends nobody closes it."""
        ...

    async def owed(self, workspace: WorkspaceRef, since: date) -> Owed:
        """Return on which days after a date the people of a workspace were asked; of open ones none is owed yet."""
        ...

    async def at_stake(self, daily: int) -> Sequence[tuple[UserRef, int]]:
        """Return who wants to be reminded and did nothing on its date so far, with their streaks as kept."""
        ...


class DailyAnswers(Protocol):
    """Answers to questions of the day."""

    async def put(self, daily: int, person: int, *, response: str, score: int, late: bool, change: bool,
                  now: datetime) -> Put:  # fmt: skip
        """Keep an answer, counted if it is in time; where there is one, replace it if ``change`` and not settled."""
        ...

    async def get(self, daily: int, person: int) -> DailyAnswer | None:
        """Return what somebody answered."""
        ...

    async def all(self, daily: int, *, late: bool = False) -> Sequence[DailyAnswer]:
        """Return the answers that came in time, or those that came late; first first."""
        ...

    async def unsettled(self, daily: int, limit: int) -> Sequence[DailyAnswer]:
        """Return some of the answers in time that are not settled, locked until the transaction ends."""
        ...

    async def settle(self, daily: int, person: int, points: int, serving: int) -> None:
        """Keep what an answer earned, perhaps nothing, and as which serving it counts."""
        ...
