"""What is done for competitions: start them, tell how they stand in the middle, end them; each told once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import structlog

from bot.competing import Competition, CompetitionState
from bot.competition.contests import KIND
from bot.competition.reports import Report
from bot.errands import Errand
from bot.errors import Forbidden, Gone
from bot.features.compete_course import course_image
from bot.features.compete_posts import cancelled_post, end_post, half_post, start_post
from bot.features.services import Services
from bot.message import Message
from bot.ports import Clock, Storage
from scheduler.errands import Handler

STAGES = ("", "half", "end")
"""What an errand's detail says is due next: the start first."""
SETTLING = timedelta(seconds=15)
"""How long to wait for questions that closed before the end and are not settled yet."""
LATEST_HALF = 10
"""The part of its length by which the news of the middle may be late."""

log = structlog.get_logger(__name__)


class ContestErrands:
    """The handler of errands about competitions: one errand each, which does what is due next."""

    def __init__(self, storage: Storage, services: Services, clock: Clock) -> None:
        self._storage = storage
        self._services = services
        self._referee = services.referee
        self._clock = clock

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """Return each handler by the kind of errand that it does."""
        return {KIND: self.contest}

    async def contest(self, errand: Errand, owner: str) -> None:
        """Do what is due next in a competition, and have what follows done at its time."""
        competition = await self._referee.begin(errand.subject)
        if competition is None or (competition.over and errand.detail != "end"):
            if competition is not None and competition.state is CompetitionState.CANCELLED:
                await self._cancelled(errand)
            await self._done(errand, owner)
        elif competition.state is CompetitionState.OPEN:  # its instant has not come by this clock
            await self._referee.go_on(errand, owner, "")
        elif errand.detail == "end":
            await self._end(errand, owner)
        else:
            await self._under_way(errand, owner, competition)

    async def _under_way(self, errand: Errand, owner: str, competition: Competition) -> None:
        """Announce the start or tell of the middle, unless it is too late for that."""
        now, halfway = self._clock.now(), competition.halfway
        length = competition.ends_at - competition.starts_at
        if now >= competition.ends_at:
            pass
        elif not errand.detail:
            report = await self._referee.report(competition.id)
            if report is not None:
                await self._post(errand, report, "start", start_post(report, self._services.bank.taxonomy))
        elif halfway <= now <= halfway + length / LATEST_HALF:
            report = await self._referee.report(competition.id)
            if report is not None:
                await self._post(
                    errand, report, "half", half_post(report, await course_image(report, self._services.drawing))
                )
        await self._referee.go_on(errand, owner, STAGES[STAGES.index(errand.detail) + 1])

    async def _end(self, errand: Errand, owner: str) -> None:
        competition = await self._referee.finish(errand.subject)
        if competition is not None and competition.state is CompetitionState.RUNNING:
            now = self._clock.now()
            waits = competition.ends_at <= now
            await self._referee.go_on(errand, owner, "end", now + SETTLING if waits else None)
            return
        report = await self._referee.report(errand.subject)
        if report is not None:
            await self._post(
                errand, report, "end", end_post(report, await course_image(report, self._services.drawing))
            )
        await self._done(errand, owner)

    async def _cancelled(self, errand: Errand) -> None:
        report = await self._referee.report(errand.subject)
        if report is not None:
            await self._post(errand, report, "cancelled", cancelled_post(report))

    async def _post(self, errand: Errand, report: Report, stage: str, message: Message) -> None:
        """Post once; a channel that takes nothing any more keeps no competition from going on."""
        channel = report.competition.channel
        try:
            await self._services.posting.of(channel.workspace).send(
                channel, message, f"{errand.key}:{stage}", errand.began
            )
        except (Gone, Forbidden) as error:
            log.warning("competition not announced", errand=errand.key, stage=stage, kind=type(error).__name__)

    async def _done(self, errand: Errand, owner: str) -> None:
        async with self._storage.transaction() as work:
            await work.errands.finish(errand, owner, self._clock.now())
