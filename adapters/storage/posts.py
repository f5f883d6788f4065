"""Posts that carry a key: each is made once, by the process whose row is written."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, select, tuple_, update

from adapters.storage.statements import insert
from adapters.storage.tables import posts
from adapters.storage.work import SqlStorage
from bot.installing import Begun
from bot.ports import Clock
from bot.refs import ChannelRef

KEPT = timedelta(days=7)
"""How long a post is remembered: nobody repeats one as late as that."""
AT_ONCE = 500
"""Posts that are forgotten in one statement."""


class SqlPostLog:
    """The PostLog protocol."""

    def __init__(self, storage: SqlStorage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    async def begin(self, channel: ChannelRef, key: str) -> Begun:
        """Begin a post, or return what is known of it; ``mine`` for one caller alone.

        One statement, which counts the calls: between two the row could be gone again.
        """
        async with self._storage.writing() as statements:
            new = insert(statements, posts).values(
                platform=channel.workspace.platform,
                workspace=channel.workspace.key,
                channel=channel.id,
                key=key,
                message="",
                begun=1,
                at=self._clock.now(),
            )
            counted = new.on_conflict_do_update(
                index_elements=posts.primary_key.columns, set_={"begun": posts.c.begun + 1}
            ).returning(posts.c.begun, posts.c.message, posts.c.at)
            row = (await statements.execute(counted)).one()
            return Begun(row.begun == 1, row.message, row.at)

    async def confirm(self, channel: ChannelRef, key: str, message: str) -> None:
        """Keep the id of the message that was made."""
        async with self._storage.writing() as statements:
            await statements.execute(update(posts).where(_is(channel, key)).values(message=message))

    async def abandon(self, channel: ChannelRef, key: str, since: datetime | None = None) -> None:
        """Forget a post that surely was not made; the next to begin it makes it. One that was confirmed stays.

        With ``since`` only the attempt of that instant is forgotten.
        """
        async with self._storage.writing() as statements:
            unconfirmed = delete(posts).where(_is(channel, key), posts.c.message == "")
            await statements.execute(unconfirmed if since is None else unconfirmed.where(posts.c.at == since))

    async def trim(self) -> int:
        """Forget posts that nobody repeats any more; return how many."""
        keys = posts.primary_key.columns
        async with self._storage.writing() as statements:
            old = select(*keys).where(posts.c.at < self._clock.now() - KEPT).limit(AT_ONCE)
            return (await statements.execute(delete(posts).where(tuple_(*keys).in_(old)))).rowcount


def _is(channel: ChannelRef, key: str) -> ColumnElement[bool]:
    return and_(
        posts.c.platform == channel.workspace.platform,
        posts.c.workspace == channel.workspace.key,
        posts.c.channel == channel.id,
        posts.c.key == key,
    )
