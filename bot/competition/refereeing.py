"""The use case: what happens to a competition by itself; each step can be repeated, and counts once."""

from __future__ import annotations

from datetime import datetime

from bot.competing import Competition, CompetitionState
from bot.competition.reports import Report, report_of
from bot.errands import Errand
from bot.ports import Clock, Storage, UnitOfWork
from bot.refs import WorkspaceRef


class Referee:
    """Starts and ends competitions when their instants have come."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    async def begin(self, number: int) -> Competition | None:
        """Start a competition if its instant has come, and lock its roster; return it as it is then."""
        now = self._clock.now()
        async with self._storage.transaction() as work:
            found = await work.competitions.get(number)
            if found is not None:
                await work.standings.lock(found.channel.workspace)
                await work.competitions.begin_due(found.channel.workspace, now)
            return await work.competitions.get(number)

    async def finish(self, number: int) -> Competition | None:
        """End a competition whose instant has come, once everything that was earned in it is paid; return it.

        From then on nothing counts in it any more, so that its scores are final.
        """
        now = self._clock.now()
        async with self._storage.transaction() as work:
            found = await work.competitions.get(number)
            if found is None:
                return None
            workspace = found.channel.workspace
            await work.standings.lock(workspace)
            found = await work.competitions.get(number)
            assert found is not None
            if found.ends_at <= now and not await unsettled(work, workspace, found.ends_at):
                await work.competitions.move(number, CompetitionState.RUNNING, CompetitionState.ENDED)
            return await work.competitions.get(number)

    async def report(self, number: int) -> Report | None:
        """Return how a competition stands, as everybody reads it."""
        now = self._clock.now()
        async with self._storage.snapshot() as work:
            found = await work.competitions.get(number)
            return None if found is None else await report_of(work, found, now)

    async def go_on(self, errand: Errand, owner: str, stage: str, at: datetime | None = None) -> None:
        """Keep that a stage of the errand is done and which comes next: at its own time, unless one is given."""
        now = self._clock.now()
        async with self._storage.transaction() as work:
            found = await work.competitions.get(errand.subject)
            if found is None:
                await work.errands.finish(errand, owner, now)
                return
            # Whoever changes the instants of a competition has locked the same, so that no change is overlooked.
            await work.standings.lock(found.channel.workspace)
            found = await work.competitions.get(errand.subject)
            assert found is not None
            due = at or {"": found.starts_at, "half": found.halfway}.get(stage, found.ends_at)
            await work.errands.finish(errand, owner, now, due, stage)


async def unsettled(work: UnitOfWork, workspace: WorkspaceRef, before: datetime) -> bool:
    """Tell whether something of a workspace that closes before an instant is not paid yet."""
    return await work.dailies.closes_before(workspace, before) or await work.rounds.unpaid_before(workspace, before)
