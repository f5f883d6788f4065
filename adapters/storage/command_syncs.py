"""Which commands a platform was told of: by their digest, so that it is told of changes alone, by one process."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, update

from adapters.storage.statements import insert
from adapters.storage.tables import command_syncs
from adapters.storage.work import SqlStorage
from bot.ports import Clock

LEASE = timedelta(seconds=20)
"""How long a process has for telling; when it dies meanwhile, the next start tells again after that."""
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class SqlCommandSyncs:
    """Remembers digests, and leases the telling to one process at a time."""

    def __init__(self, storage: SqlStorage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    async def begin(self, scope: str, digest: str, *, force: bool = False) -> bool:
        """Take the lease for a scope; false if another process has it, or the platform has this digest already.

        With ``force`` the digest does not matter.
        """
        now = self._clock.now()
        async with self._storage.writing() as statements:
            new = insert(statements, command_syncs).values(scope=scope, digest="", leased_until=now + LEASE)
            free = command_syncs.c.leased_until <= now
            lease = new.on_conflict_do_update(
                index_elements=[command_syncs.c.scope],
                set_={"leased_until": new.excluded.leased_until},
                where=free if force else and_(free, command_syncs.c.digest != digest),
            )
            return (await statements.execute(lease)).rowcount == 1

    async def end(self, scope: str, digest: str) -> None:
        """Keep what the platform was told, and give the lease back; an empty digest means that it was not."""
        async with self._storage.writing() as statements:
            kept = update(command_syncs).where(command_syncs.c.scope == scope).values(leased_until=NEVER)
            await statements.execute(kept.values(digest=digest) if digest else kept)
