"""What is done shortly before a question closes: those are reminded who asked for it."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from bot.daily.reminding import Reminder, Reminding, read_user
from bot.errands import Errand
from bot.errors import Forbidden, Gone
from bot.features.daily_view import reminder_message
from bot.ports import Clock, Storage
from bot.posting import Posting
from bot.refs import UserRef
from scheduler.errands import Handler

log = structlog.get_logger(__name__)


class ReminderErrands:
    """The handlers of errands about reminders; each person is one errand, so that nobody is told twice."""

    def __init__(self, storage: Storage, reminding: Reminding, posting: Posting, clock: Clock) -> None:
        self._storage = storage
        self._reminding = reminding
        self._posting = posting
        self._clock = clock

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """Return each handler by the kind of errand that it does."""
        return {"remind": self.remind, "nudge": self.nudge}

    async def remind(self, errand: Errand, owner: str) -> None:
        """Find out whom to remind of a question."""
        await self._reminding.plan(errand.subject, self._clock.now())
        await self._finish(errand, owner)

    async def nudge(self, errand: Errand, owner: str) -> None:
        """Remind one person; one who takes no messages is not reminded again."""
        user = read_user(errand.detail)
        reminder = await self._reminding.reminder(errand.subject, user)
        if reminder is not None:
            await self._tell(user, reminder, errand)
        await self._finish(errand, owner)

    async def _tell(self, user: UserRef, reminder: Reminder, errand: Errand) -> None:
        workspace = reminder.daily.channel.workspace
        try:
            await self._posting.of(workspace).tell(user, workspace, reminder_message(reminder), errand.key)
        except (Gone, Forbidden):
            log.info("takes no reminders", daily=reminder.daily.id)
            await self._reminding.stop(user)

    async def _finish(self, errand: Errand, owner: str) -> None:
        async with self._storage.transaction() as work:
            await work.errands.finish(errand, owner, self._clock.now())
