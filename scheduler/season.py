"""What is done when a season ends: its standings are posted before anything resets, and made final after."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import structlog

from bot.daily.seasons import AFTER, AGAIN, Final, Seasons
from bot.drawing import Drawing
from bot.errands import Errand
from bot.errors import Forbidden, Gone
from bot.features.season_view import final_message
from bot.ports import Clock, Storage
from bot.posting import Posting
from bot.refs import ChannelRef, MessageRef
from scheduler.errands import Handler

log = structlog.get_logger(__name__)


class SeasonErrands:
    """The handler of errands about the end of a season in a channel."""

    def __init__(self, storage: Storage, seasons: Seasons, posting: Posting, drawing: Drawing, clock: Clock) -> None:
        self._storage = storage
        self._seasons = seasons
        self._posting = posting
        self._drawing = drawing
        self._clock = clock

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """Return each handler by the kind of errand that it does."""
        return {"final": self.final}

    async def final(self, errand: Errand, owner: str) -> None:
        """Post the standings shortly before a season ends; edit them when the last of it has closed."""
        async with self._storage.snapshot() as work:
            schedule = await work.schedules.get(errand.subject)
        if schedule is None or (not errand.detail and not await self._seasons.is_wanted(schedule.channel)):
            await self._finish(errand, owner)
            return
        try:
            await (self._settle if errand.detail else self._post)(errand, owner, schedule.channel)
        except (Gone, Forbidden) as error:
            log.warning("standings not posted", errand=errand.key, kind=type(error).__name__)
            await self._finish(errand, owner, again=True)

    async def _post(self, errand: Errand, owner: str, channel: ChannelRef) -> None:
        standing = await self._seasons.standing(channel.workspace, errand.due_at)
        if not standing.board.top:
            await self._finish(errand, owner, again=True)
            return
        key = f"final:{channel.id}:{standing.season}"
        message = await final_message(standing, self._drawing)
        sent = await self._posting.of(channel.workspace).send(channel, message, key, errand.began)
        detail = f"{int(errand.due_at.timestamp())} {sent.channel.id} {sent.id}"
        async with self._storage.transaction() as work:
            await work.errands.finish(errand, owner, self._clock.now(), standing.ends + AFTER, detail)

    async def _settle(self, errand: Errand, owner: str, channel: ChannelRef) -> None:
        stamp, place, message = errand.detail.split(" ")
        standing = await self._seasons.standing(channel.workspace, datetime.fromtimestamp(int(stamp), UTC))
        if not standing.final:
            now = self._clock.now()
            async with self._storage.transaction() as work:
                await work.errands.finish(errand, owner, now, now + AGAIN, errand.detail)
            return
        there = channel if place == channel.id else ChannelRef(channel.workspace, place)
        await self._edit(MessageRef(there, message), standing)
        await self._finish(errand, owner, again=True)

    async def _edit(self, ref: MessageRef, standing: Final) -> None:
        await self._posting.of(ref.channel.workspace).edit(ref, await final_message(standing, self._drawing))

    async def _finish(self, errand: Errand, owner: str, *, again: bool = False) -> None:
        now = self._clock.now()
        at = self._seasons.next_post(max(now, errand.due_at)) if again else None
        async with self._storage.transaction() as work:
            await work.errands.finish(errand, owner, now, at)
