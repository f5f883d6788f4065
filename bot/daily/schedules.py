"""The use case: moderators set up questions of the day, change, pause and remove them, and see what comes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.daily.looks import Look, Looks, Preview, has_one, here, no_date, no_question
from bot.daily.plan import default_plan, timetable_of
from bot.daily.planner import Planner
from bot.daily.reading import YEARS
from bot.errors import AlreadyDone, BadInput, NotAllowed, NothingFound
from bot.markup import escape, visible
from bot.ports import Clock, Storage, UnitOfWork
from bot.posting import Posting
from bot.practice.quality import Known
from bot.practice.service import Rules
from bot.practice.streaks import enter
from bot.refs import Actor, ChannelRef, WorkspaceRef
from bot.scheduling import Daily, Plan, Schedule, ScheduleState
from questions.bank import Bank
from questions.draw import seed_of
from questions.model import FreeText

MOST = 50
"""Schedules of a workspace."""
MOST_QUEUED = 20
"""Questions that may wait for a schedule."""
PAGE = 5
"""Schedules that are shown at once."""
PAST = 10
"""Dates that a history goes back."""
_NAME = 40


class DailySchedules:
    """Changes and shows schedules; those of another workspace are not there."""

    def __init__(
        self, storage: Storage, bank: Bank, clock: Clock, posting: Posting, planner: Planner, rules: Rules
    ) -> None:
        self._storage = storage
        self._bank = bank
        self._clock = clock
        self._posting = posting
        self._planner = planner
        self._rules = rules
        self._looks = Looks(planner)

    async def proposal(self, actor: Actor) -> Plan:
        """Return the plan for somebody who wishes for nothing, in their zone as far as it is known."""
        calendar = self._rules.calendar
        async with self._storage.snapshot() as work:
            person = await work.people.find(actor)
        chosen = (person.zone if person else "") or actor.zone
        return default_plan(chosen or (calendar.zone_of(person) if person else calendar.zone).key)

    async def set_up(self, actor: Actor, channel: ChannelRef, plan: Plan, known: Known) -> Look:
        """Keep a new schedule and arrange its first post.

        Raises BadInput for a plan that can never post, and for whatever keeps Warmup from posting in the channel.
        """
        if channel.direct or channel.workspace.personal:
            raise NotAllowed("A question of the day needs a channel of your team.", "Type `/daily setup` in one.")
        self._looks.expect_questions(plan, channel.workspace, known)
        await self._expect_free(channel, plan)
        now = self._clock.now()
        async with self._storage.transaction() as work:
            person = await enter(work, actor, now, self._rules.calendar)
            there = await work.schedules.of(channel.workspace)
            if len(there) >= MOST:
                raise BadInput(f"This workspace has {MOST} schedules already.", "Remove one with `/daily list` first.")
            same = next((one for one in there if one.channel == channel and one.plan == plan), None)
            if same is not None:
                raise AlreadyDone(
                    f"That channel has exactly this already, as schedule {same.id}.", "Change something about it."
                )
            number = await work.schedules.add(channel, plan, person.id, now)
            await self._arrange(work, await self._latch(work, channel.workspace, number), now)
            return await self._looks.look(work, channel.workspace, number, now, known)

    async def edit(self, workspace: WorkspaceRef, number: int, change: Callable[[Plan], Plan], known: Known) -> Look:
        """Change a schedule's plan, and its next post with it; a pause stays one.

        Raises BadInput like ``set_up``.
        """
        before = await self._get(workspace, number)
        wanted = change(before.plan)
        if (wanted.topics, wanted.levels) != (before.plan.topics, before.plan.levels):
            self._looks.expect_questions(wanted, workspace, known)
        if (wanted.thread, wanted.notify) != (before.plan.thread, before.plan.notify):
            await self._expect_free(before.channel, wanted)
        now = self._clock.now()
        async with self._storage.transaction() as work:
            schedule = await self._latch(work, workspace, number)
            edited = replace(schedule, plan=change(schedule.plan))
            await work.schedules.set_plan(number, edited.plan)
            if schedule.state is ScheduleState.ACTIVE and not _overdue(schedule, edited, now):
                await self._arrange(work, edited, now, await self._looks.held_until(work, schedule, now))
            return await self._looks.look(work, workspace, number, now, known)

    async def pick(self, workspace: WorkspaceRef, channel: ChannelRef, number: int | None) -> int:
        """Return the schedule that is meant: the only one of the channel, else of the workspace, if none is named.

        Raises BadInput that lists them, NothingFound where there is none, and Expired for one that is not there.
        """
        async with self._storage.snapshot() as work:
            there = await work.schedules.of(workspace)
        if number is not None:
            return here(next((one for one in there if one.id == number), None), workspace, number).id
        if not there:
            raise NothingFound("This workspace has no question of the day.", "Set one up with `/daily setup`.")
        near = [one for one in there if one.channel == channel] or there
        if len(near) == 1:
            return near[0].id
        numbers = ", ".join(f"`{one.id}`" for one in near)
        raise BadInput(
            f"There are several schedules: {numbers}.",
            f"Say which, such as `schedule:{near[0].id}`; `/daily list` shows them.",
        )

    async def listed(self, workspace: WorkspaceRef, page: int, known: Known) -> tuple[Sequence[Look], int]:
        """Return a page of the schedules of a workspace, counted from 0, and how many there are in all."""
        now = self._clock.now()
        async with self._storage.snapshot() as work:
            there = await work.schedules.of(workspace)
            shown = there[page * PAGE : (page + 1) * PAGE]
            return [await self._looks.look(work, workspace, one.id, now, known) for one in shown], len(there)

    async def get(self, workspace: WorkspaceRef, number: int, known: Known) -> Look:
        """Return a schedule of the workspace.

        Raises Expired for one that is not there.
        """
        async with self._storage.snapshot() as work:
            return await self._looks.look(work, workspace, number, self._clock.now(), known)

    async def pause(self, workspace: WorkspaceRef, number: int, until: date | None, known: Known) -> Look:
        """Post nothing before a date, or nothing until somebody resumes."""
        now = self._clock.now()
        async with self._storage.transaction() as work:
            schedule = await self._latch(work, workspace, number)
            if until is not None:
                if until <= now.astimezone(timetable_of(schedule.plan).zone).date() or until.year not in YEARS:
                    raise BadInput("That is not a date to come.", "Write one such as `2027-01-07`.")
                await work.schedules.set_state(number, ScheduleState.ACTIVE)
                await self._arrange(work, schedule, now, until)
            elif await work.schedules.set_state(number, ScheduleState.PAUSED):
                await self._planner.cancel(work, schedule)
            else:
                raise AlreadyDone("That schedule is paused already.", "`/daily resume` lets it go on.")
            return await self._looks.look(work, workspace, number, now, known)

    async def resume(self, workspace: WorkspaceRef, number: int, known: Known) -> Look:
        """Post again, from the next date on.

        Raises BadInput for whatever keeps Warmup from posting.
        """
        before = await self._get(workspace, number)
        await self._expect_free(before.channel, before.plan)
        now = self._clock.now()
        async with self._storage.transaction() as work:
            schedule = await self._latch(work, workspace, number)
            woken = await work.schedules.set_state(number, ScheduleState.ACTIVE)
            if not woken and await self._looks.held_until(work, schedule, now) is None:
                raise AlreadyDone("That schedule is not paused.", "`/daily preview` shows what comes next.")
            await self._arrange(work, schedule, now)
            return await self._looks.look(work, workspace, number, now, known)

    async def remove(self, workspace: WorkspaceRef, number: int) -> Schedule:
        """Post nothing any more; open questions still close, and what was earned stays."""
        async with self._storage.transaction() as work:
            schedule = await self._latch(work, workspace, number)
            await self._planner.cancel(work, schedule)
            await work.schedules.set_state(number, ScheduleState.REMOVED)
            return schedule

    async def now(self, workspace: WorkspaceRef, number: int, known: Known) -> Look:
        """Post the question of today at once; the one that was to come today is done with it.

        Raises AlreadyDone where today has one.
        """
        before = await self._get(workspace, number)
        await self._expect_free(before.channel, before.plan)
        now = self._clock.now()
        async with self._storage.transaction() as work:
            schedule = await self._latch(work, workspace, number)
            timetable = timetable_of(schedule.plan)
            today = now.astimezone(timetable.zone).date()
            if await self._planner.make(work, schedule, today, now, known, due_at=now) is None:
                raise has_one(await work.dailies.of_day(number, today))
            # One that is due already has its errand under way, which finds the date taken and goes on by itself.
            if schedule.next_day == today and timetable.due(today) > now:
                await self._planner.arrange(work, schedule, now)
            return await self._looks.look(work, workspace, number, now, known)

    async def skip(self, actor: Actor, workspace: WorkspaceRef, number: int, day: date | None, known: Known) -> Look:
        """Leave out the next date; with ``day`` only if that is the next.

        Raises AlreadyDone for one that is not, and BadInput where no post is to come.
        """
        now = self._clock.now()
        async with self._storage.transaction() as work:
            schedule = await self._latch(work, workspace, number)
            coming = schedule.next_day
            if coming is None:
                raise BadInput("That schedule has no next post.", "`/daily resume` lets it go on.")
            if day is not None and day != coming:
                raise AlreadyDone(f"{day} is not the next date any more.", "`/daily preview` shows which one is.")
            held = await self._looks.held_until(work, schedule, now)
            why = f"skipped by {escape(visible(actor.name)[:_NAME])}"
            if not await self._planner.skip(work, schedule, coming, now, why):
                raise has_one(await work.dailies.of_day(number, coming))
            await self._planner.arrange(work, schedule, now, held)
            return await self._looks.look(work, workspace, number, now, known)

    async def history(self, workspace: WorkspaceRef, number: int) -> tuple[Schedule, Sequence[Daily]]:
        """Return the latest dates of a schedule, newest first."""
        async with self._storage.snapshot() as work:
            schedule = here(await work.schedules.get(number), workspace, number)
            return schedule, await work.dailies.history(number, PAST)

    async def preview(self, workspace: WorkspaceRef, number: int, known: Known) -> Preview:
        """Return what is posted next, as things are now.

        Raises NothingFound where no question fits, and BadInput where no date is left.
        """
        now = self._clock.now()
        async with self._storage.snapshot() as work:
            look = await self._looks.look(work, workspace, number, now, known)
            schedule = look.schedule
            day = schedule.next_day or await self._planner.free_day(work, schedule, now)
            if day is None:
                raise no_date()
            choice = await self._planner.choose(work, schedule, day, known)
            if choice is None:
                raise no_question()
        name = choice.question.id
        question = self._bank.find(name, seed_of(name, number, day) if name in self._bank.families else 0)
        assert question is not None
        return Preview(look, day, look.due_at, question, choice.queued)

    async def queue(self, actor: Actor, workspace: WorkspaceRef, number: int, name: str, known: Known) -> Look:
        """Have a question posted before all others, after those that wait already.

        Raises BadInput for one that cannot be the question of the day, and AlreadyDone for one that waits.
        """
        question = self._bank.find(name)
        if question is None:
            shown = escape(visible(name[:200])[:_NAME])
            raise BadInput(f"There is no question {shown}.", "Its id stands under it; copy it from there.")
        if isinstance(question, FreeText):
            raise BadInput(
                "People mark answers to that one themselves, so nobody can grade it for all.", "Take another."
            )
        if name in known.out.get(workspace.key, frozenset()):
            raise BadInput("That question is not drawn here.", f"Type `/question show {name}` and decide on it first.")
        now = self._clock.now()
        async with self._storage.transaction() as work:
            person = await enter(work, actor, now, self._rules.calendar)
            await self._latch(work, workspace, number)
            if name in await work.dailies.held(workspace):
                raise BadInput("That question is open here at the moment.", "Take another, or wait until it closes.")
            if len(await work.schedules.queued(number)) >= MOST_QUEUED:
                raise BadInput(f"{MOST_QUEUED} questions wait already.", "Take one out with `/daily queue` first.")
            if not await work.schedules.queue(number, name, person.id, now):
                raise AlreadyDone("That question waits already.", "`/daily queue` shows which ones do.")
            return await self._looks.look(work, workspace, number, now, known)

    async def unqueue(self, workspace: WorkspaceRef, number: int, name: str, known: Known) -> Look:
        """Have a question wait no more; one that does not is no fault."""
        async with self._storage.transaction() as work:
            await self._latch(work, workspace, number)
            await work.schedules.unqueue(number, name)
            return await self._looks.look(work, workspace, number, self._clock.now(), known)

    async def _get(self, workspace: WorkspaceRef, number: int) -> Schedule:
        async with self._storage.snapshot() as work:
            return here(await work.schedules.get(number), workspace, number)

    async def _latch(self, work: UnitOfWork, workspace: WorkspaceRef, number: int) -> Schedule:
        return here(await work.schedules.latch(number), workspace, number)

    async def _arrange(
        self, work: UnitOfWork, schedule: Schedule, now: datetime, not_before: date | None = None
    ) -> None:
        if await self._planner.arrange(work, schedule, now, not_before) is None:
            raise no_date()

    async def _expect_free(self, channel: ChannelRef, plan: Plan) -> None:
        words = await self._posting.obstacle(channel, threads=plan.thread, notify=plan.notify)
        if words:
            raise BadInput(words, "Then try again; nothing was changed.")


def _overdue(schedule: Schedule, edited: Schedule, now: datetime) -> bool:
    """Tell whether a post is due already and still wanted: its errand is under way, and must not be moved."""
    day, timetable = schedule.next_day, timetable_of(edited.plan)
    return day is not None and timetable_of(schedule.plan).due(day) <= now and timetable.takes(day)
