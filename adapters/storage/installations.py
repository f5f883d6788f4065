"""Where a platform's app is installed: a row for each workspace or enterprise, its tokens encrypted by the adapter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, select, update

from adapters.storage.statements import insert
from adapters.storage.tables import installations
from adapters.storage.work import SqlStorage
from bot.installing import InstallationRow
from bot.ports import Clock


class SqlInstallations:
    """The Installations protocol, for one platform."""

    def __init__(self, storage: SqlStorage, clock: Clock, platform: str = "slack") -> None:
        self._storage = storage
        self._clock = clock
        self._platform = platform

    async def save(self, row: InstallationRow) -> None:
        """Keep an installation in place of what was kept of there."""
        async with self._storage.writing() as statements:
            new = insert(statements, installations).values(
                platform=self._platform,
                enterprise=row.enterprise,
                workspace=row.workspace,
                bot_user=row.bot_user,
                app_id=row.app_id,
                scopes=",".join(row.scopes),
                secret=row.secret,
                org_wide=row.org_wide,
                installed_at=row.installed_at,
                changed_at=self._clock.now(),
            )
            rest = {column.name: new.excluded[column.name] for column in installations.c if not column.primary_key}
            await statements.execute(
                new.on_conflict_do_update(index_elements=installations.primary_key.columns, set_=rest)
            )

    async def find(self, enterprise: str, workspace: str) -> InstallationRow | None:
        """Return the installation there; a workspace is found without its enterprise too, as its id is its own."""
        there = self._there(enterprise, workspace)
        if workspace and not enterprise:
            there = and_(installations.c.platform == self._platform, installations.c.workspace == workspace)
        async with self._storage.reading() as statements:
            row = (await statements.execute(select(installations).where(there).limit(1))).one_or_none()
            return None if row is None else _installation(row)

    async def replace_secret(self, row: InstallationRow, secret: bytes) -> bool:
        """Keep another secret; false, and nothing kept, if the row's is not the one that is kept any more."""
        async with self._storage.writing() as statements:
            same = and_(self._there(row.enterprise, row.workspace), installations.c.secret == row.secret)
            changed = update(installations).where(same).values(secret=secret, changed_at=self._clock.now())
            return (await statements.execute(changed)).rowcount == 1

    async def delete(self, enterprise: str, workspace: str) -> None:
        """Forget the installation there, if there is one."""
        async with self._storage.writing() as statements:
            await statements.execute(delete(installations).where(self._there(enterprise, workspace)))

    async def all(self) -> Sequence[InstallationRow]:
        """Return every installation, by its ids."""
        async with self._storage.reading() as statements:
            mine = select(installations).where(installations.c.platform == self._platform)
            ordered = mine.order_by(installations.c.enterprise, installations.c.workspace)
            return [_installation(row) for row in await statements.execute(ordered)]

    def _there(self, enterprise: str, workspace: str) -> ColumnElement[bool]:
        return and_(
            installations.c.platform == self._platform,
            installations.c.enterprise == enterprise,
            installations.c.workspace == workspace,
        )


def _installation(row: Row[Any]) -> InstallationRow:
    return InstallationRow(
        enterprise=row.enterprise,
        workspace=row.workspace,
        bot_user=row.bot_user,
        app_id=row.app_id,
        scopes=tuple(row.scopes.split(",")) if row.scopes else (),
        secret=row.secret,
        org_wide=row.org_wide,
        installed_at=row.installed_at,
    )
