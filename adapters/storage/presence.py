"""Where Warmup is: a row for each workspace that it ever was in."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import select

from adapters.storage.statements import Statements, insert
from adapters.storage.tables import workspaces
from adapters.storage.work import SqlStorage
from bot.ports import Clock
from bot.refs import WorkspaceRef

LOT = 500
"""Workspaces that are written in one statement."""


class SqlPresence:
    """The Presence port."""

    def __init__(self, storage: SqlStorage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    async def joined(self, workspace: WorkspaceRef) -> bool:
        """Keep that Warmup is there; true if that is news."""
        async with self._storage.writing() as statements:
            return await self._set(statements, workspace.platform, {workspace.key}, here=True) == 1

    async def left(self, workspace: WorkspaceRef) -> None:
        """Keep that Warmup was removed."""
        async with self._storage.writing() as statements:
            await self._set(statements, workspace.platform, {workspace.key}, here=False)

    async def compare(self, platform: str, here: Collection[WorkspaceRef]) -> None:
        """Keep that these are all the workspaces of a platform."""
        async with self._storage.writing() as statements:
            mine = select(workspaces.c.key).where(workspaces.c.platform == platform, workspaces.c.here)
            before = set((await statements.execute(mine)).scalars())
            now = {workspace.key for workspace in here}
            await self._set(statements, platform, before - now, here=False)
            await self._set(statements, platform, now - before, here=True)

    async def has_left(self, workspace: WorkspaceRef) -> bool:
        """Tell whether Warmup was removed from a workspace; false for one never heard of."""
        async with self._storage.reading() as statements:
            here = select(workspaces.c.here).where(workspaces.c.key == workspace.key)
            return (await statements.execute(here)).scalar_one_or_none() is False

    async def _set(self, statements: Statements, platform: str, keys: Collection[str], *, here: bool) -> int:
        """Write the rows that say something new, and return how many did."""
        news = 0
        for lot in _in_lots(keys):
            now = self._clock.now()
            rows = [{"key": key, "platform": platform, "here": here, "changed_at": now} for key in lot]
            new = insert(statements, workspaces).values(rows)
            written = new.on_conflict_do_update(
                index_elements=[workspaces.c.key],
                set_={"here": new.excluded.here, "changed_at": new.excluded.changed_at},
                where=workspaces.c.here != new.excluded.here,
            )
            news += (await statements.execute(written)).rowcount
        return news


def _in_lots(keys: Collection[str]) -> Iterator[list[str]]:
    ordered = sorted(keys)
    return (ordered[start : start + LOT] for start in range(0, len(ordered), LOT))
