"""What is done for questions of the day: make a slot's post, send it, bring it up to date, reveal, retire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.daily.answering import LATE_FOR, REFRESH, ask_refresh
from bot.daily.asked import Asked, asked_in, find_asked
from bot.daily.closing import Outcome
from bot.daily.planner import ON_TIME, tell_owner
from bot.errands import Errand
from bot.errors import Expired, Forbidden, Gone, PlatformError
from bot.features.daily_view import day_name, post_message, withdrawn_message
from bot.features.reveal_view import bars_of, reveal_message
from bot.features.services import Services
from bot.markup import escape
from bot.message import Message
from bot.pictures import spread_picture
from bot.ports import Clock, Storage
from bot.refs import ChannelRef, MessageRef
from bot.scheduling import Daily, DailyState, Schedule, ScheduleState
from scheduler.errands import Handler

REMIND_BEFORE = timedelta(hours=2)
REMIND_FROM = timedelta(hours=4)
"""How long a question must be open to be reminded of."""
PATIENCE = timedelta(minutes=10)
"""How long a post is tried at least, also where its schedule allows no catching up."""
NEWS = timedelta(days=1)
"""How long it is tried to tell somebody something."""
WITHDRAWN = "Its question was changed or taken out of the bank while it was open."
EDITS_TRIED = 3
"""Attempts after which a reveal goes on though its post cannot be edited."""

log = structlog.get_logger(__name__)


class DailyErrands:
    """The handlers of errands about questions of the day."""

    def __init__(self, storage: Storage, services: Services, clock: Clock) -> None:
        self._storage = storage
        self._services = services
        self._clock = clock

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """Return each handler by the kind of errand that it does."""
        return {
            "slot": self.slot,
            "post": self.post,
            "refresh": self.refresh,
            "reveal": self.reveal,
            "retire": self.retire,
            "tell": self.tell,
        }

    async def slot(self, errand: Errand, owner: str) -> None:
        """Make questions of the dates of a schedule that are due."""
        known, now = await self._services.quality.known(), self._clock.now()
        async with self._storage.transaction() as work:
            schedule = await work.schedules.latch(errand.subject)
            due = None if schedule is None else await self._services.planner.turn(work, schedule, now, known)
            await work.errands.finish(errand, owner, now, due)

    async def post(self, errand: Errand, owner: str) -> None:
        """Post a question, once, however often it is tried; give it up when its schedule allows no more."""
        async with self._storage.snapshot() as work:
            daily = await work.dailies.get(errand.subject)
            schedule = None if daily is None else await work.schedules.get(daily.schedule)
        if daily is None or schedule is None or daily.state is not DailyState.POSTING:
            await self._finish(errand, owner)
            return
        now = self._clock.now()
        if now - daily.due_at > max(timedelta(minutes=schedule.plan.catch_up), PATIENCE) or now >= daily.closes_at:
            await self._give_up(errand, owner, daily, "The platform did not take it in time.")
            return
        daily = replace(daily, late=daily.late or now - daily.due_at > ON_TIME)
        try:
            sent, thread = await self._send(errand, daily, schedule)
        except Expired as error:
            await self._give_up(errand, owner, daily, error.problem)
        except (Gone, Forbidden) as error:
            await self._stop_schedule(errand, owner, daily, schedule, error)
        else:
            await self._confirm(errand, owner, daily, sent, thread)

    async def refresh(self, errand: Errand, owner: str) -> None:
        """Show on a post how many have answered, and who."""
        while True:
            async with self._storage.snapshot() as work:
                daily = await work.dailies.get(errand.subject)
            if daily is not None and daily.state is DailyState.POSTING:  # it can be answered before we know of it
                await self._finish(errand, owner, self._clock.now() + REFRESH)
                return
            if daily is None or daily.message is None:
                break
            await self._edit(daily)
            async with self._storage.snapshot() as work:
                after = await work.dailies.get(errand.subject)
            if after is None or after.state is daily.state:  # a post that closed meanwhile must not look open
                break
        await self._finish(errand, owner)

    async def reveal(self, errand: Errand, owner: str) -> None:
        """Close a question: settle its answers, show on the post that it is closed, and tell the result."""
        daily = await self._services.closing.seal(errand.subject)
        if daily is None:
            await self._finish(errand, owner)
            return
        await self._services.closing.settle(daily)
        edited = await self._mark_closed(errand, daily)
        outcome = await self._services.closing.outcome(daily)
        await self._tell_result(errand, daily, outcome)
        now, platform = self._clock.now(), daily.channel.workspace.platform
        async with self._storage.transaction() as work:
            # A day whose question was withdrawn is one without a question: nobody owes it an answer.
            after, why = (DailyState.CLOSED, "") if outcome is not None else (DailyState.SKIPPED, WITHDRAWN)
            await work.dailies.move(daily.id, [DailyState.CLOSING], after, why)
            await work.errands.add(f"retire:{daily.id}", "retire", platform, daily.id, daily.closes_at + LATE_FOR)
            if not edited:
                await ask_refresh(work, daily, now)
            await work.errands.finish(errand, owner, now)

    async def retire(self, errand: Errand, owner: str) -> None:
        """Take the controls off a post that takes not even late answers any more."""
        async with self._storage.snapshot() as work:
            daily = await work.dailies.get(errand.subject)
        if daily is not None:
            await self._edit(daily, retired=True)
        await self._finish(errand, owner)

    async def tell(self, errand: Errand, owner: str) -> None:
        """Tell whoever set a schedule up what became of it."""
        async with self._storage.snapshot() as work:
            schedule = await work.schedules.get(errand.subject)
        if schedule is not None and self._clock.now() - errand.due_at < NEWS:
            workspace = schedule.channel.workspace
            message = Message(
                title=f"Question of the day, schedule {schedule.id}",
                text=errand.detail,
                footer="`/daily list` shows it",
            )
            try:
                await self._services.posting.of(workspace).tell(schedule.owner, workspace, message, errand.key)
            except (Gone, Forbidden) as error:
                log.warning("owner not told", schedule=schedule.id, kind=type(error).__name__)
        await self._finish(errand, owner)

    async def _send(self, errand: Errand, daily: Daily, schedule: Schedule) -> tuple[MessageRef, str]:
        asked = asked_in(self._services.bank, daily)
        platform = self._services.posting.of(daily.channel.workspace)
        message = post_message(asked, self._services.bank.taxonomy, notify=schedule.plan.notify)
        sent = await platform.send(daily.channel, message, f"daily:{daily.id}", errand.began)
        if not schedule.plan.thread:
            return sent, ""
        try:
            return sent, write_place(await platform.thread(sent, _thread_name(asked)))
        except PlatformError as error:
            log.warning("no thread opened", daily=daily.id, kind=type(error).__name__)
            return sent, ""

    async def _confirm(self, errand: Errand, owner: str, daily: Daily, sent: MessageRef, thread: str) -> None:
        now, platform = self._clock.now(), daily.channel.workspace.platform
        async with self._storage.transaction() as work:
            await work.dailies.posted(daily.id, sent, thread, late=daily.late)
            await work.errands.add(f"reveal:{daily.id}", "reveal", platform, daily.id, daily.closes_at)
            if daily.closes_at - now >= REMIND_FROM:
                at = daily.closes_at - REMIND_BEFORE
                await work.errands.add(f"remind:{daily.id}", "remind", platform, daily.id, at)
            await work.errands.finish(errand, owner, now)

    async def _mark_closed(self, errand: Errand, daily: Daily) -> bool:
        """Show on the post that it is closed; false where that has failed often enough to be done later."""
        try:
            await self._edit(daily)
        except PlatformError as error:
            if errand.attempts < EDITS_TRIED:
                raise
            log.warning("post not marked as closed", daily=daily.id, kind=type(error).__name__)
            return False
        return True

    async def _tell_result(self, errand: Errand, daily: Daily, outcome: Outcome | None) -> None:
        """Tell the result in the thread, where that is gone in the channel, and where that is gone too nowhere."""
        if outcome is None:
            message = withdrawn_message(daily)
        else:
            bars = tuple(bars_of(outcome))
            picture = await self._services.drawing.draw(spread_picture, bars) if outcome.answers else None
            message = reveal_message(outcome, self._services.bank.taxonomy, picture)
        platform, key = self._services.posting.of(daily.channel.workspace), f"result:{daily.id}"
        for place in dict.fromkeys((read_place(daily), daily.channel)):
            try:
                await platform.send(place, message, key, errand.began)
            except (Gone, Forbidden) as error:
                log.warning("result not told", daily=daily.id, kind=type(error).__name__)
            else:
                return

    async def _edit(self, daily: Daily, *, retired: bool = False) -> None:
        """Bring a post up to date; one that is gone, or whose question is, stays as it is."""
        if daily.message is None:
            return
        asked = find_asked(self._services.bank, daily)
        if asked is None:
            message = withdrawn_message(daily)
        else:
            async with self._storage.snapshot() as work:
                answers = await work.daily_answers.all(daily.id)
            message = post_message(asked, self._services.bank.taxonomy, answers, retired=retired)
        try:
            await self._services.posting.of(daily.channel.workspace).edit(daily.message, message)
        except (Gone, Forbidden) as error:
            log.info("post not edited", daily=daily.id, kind=type(error).__name__)

    async def _give_up(self, errand: Errand, owner: str, daily: Daily, why: str) -> None:
        async with self._storage.transaction() as work:
            await work.dailies.move(daily.id, [DailyState.POSTING], DailyState.SKIPPED, why)
            await work.errands.finish(errand, owner, self._clock.now())

    async def _stop_schedule(
        self, errand: Errand, owner: str, daily: Daily, schedule: Schedule, error: PlatformError
    ) -> None:
        """Pause a schedule whose channel cannot be posted to, and have whoever set it up told."""
        obstacle = await self._services.posting.obstacle(
            daily.channel, threads=schedule.plan.thread, notify=schedule.plan.notify
        )
        words = obstacle or escape(str(error))
        now = self._clock.now()
        async with self._storage.transaction() as work:
            await work.dailies.move(daily.id, [DailyState.POSTING], DailyState.SKIPPED, words)
            if await work.schedules.set_state(schedule.id, ScheduleState.PAUSED, words):
                await self._services.planner.cancel(work, schedule)
                told = f"It is paused, because its channel cannot be posted to. {words}"
                await tell_owner(work, schedule, f"stopped:{daily.id}", told, now, "`/daily resume` lets it go on.")
            await work.errands.finish(errand, owner, now)

    async def _finish(self, errand: Errand, owner: str, at: datetime | None = None) -> None:
        async with self._storage.transaction() as work:
            await work.errands.finish(errand, owner, self._clock.now(), at)


def write_place(place: ChannelRef) -> str:
    """Return a thread as the text that is kept of it."""
    return f"{place.id} {place.thread}".strip()


def read_place(daily: Daily) -> ChannelRef:
    """Return where the result of a question is told: in its thread, else in its channel."""
    if not daily.thread:
        return daily.message.channel if daily.message is not None else daily.channel
    place, _, thread = daily.thread.partition(" ")
    return ChannelRef(daily.channel.workspace, place, thread=thread)


def _thread_name(asked: Asked) -> str:
    return f"{day_name(asked.daily.day)}: talk about it here"
