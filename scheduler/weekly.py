"""What is done for weekly summaries: on Monday a channel is told how the week before ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import structlog

from bot.competition.weekly import Weekly
from bot.drawing import Drawing
from bot.errands import Errand
from bot.errors import Forbidden, Gone
from bot.features.weekly_view import digest_message
from bot.ports import Clock, Storage
from bot.posting import Posting
from scheduler.errands import Handler

LATEST = timedelta(days=2)
"""How late a summary may still come; after that nobody asks for it any more."""

log = structlog.get_logger(__name__)


class WeeklyErrands:
    """The handler of errands about the summary of a week in a channel."""

    def __init__(self, storage: Storage, weekly: Weekly, posting: Posting, drawing: Drawing, clock: Clock) -> None:
        self._storage = storage
        self._weekly = weekly
        self._posting = posting
        self._drawing = drawing
        self._clock = clock

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """Return each handler by the kind of errand that it does."""
        return {"weekly": self.weekly}

    async def weekly(self, errand: Errand, owner: str) -> None:
        """Post the summary of a week, unless nobody did anything in it; then wait for the next."""
        async with self._storage.snapshot() as work:
            summary = await work.summaries.get(errand.subject)
        now = self._clock.now()
        if summary is not None and now - errand.due_at < LATEST:
            digest = await self._weekly.digest(summary.channel, errand.due_at)
            key = f"{errand.key}:{digest.monday}"
            message = await digest_message(digest, self._drawing) if digest.people.top else None
            try:
                if message is not None:
                    await self._posting.of(summary.channel.workspace).send(summary.channel, message, key, errand.began)
            except (Gone, Forbidden) as error:
                log.warning("summary not posted", errand=errand.key, kind=type(error).__name__)
        again = None if summary is None else self._weekly.next_due(summary.at, max(now, errand.due_at))
        async with self._storage.transaction() as work:
            await work.errands.finish(errand, owner, now, again)
