"""Weekly summaries, in the database."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from sqlalchemy import Row, delete, select

from adapters.storage.competition_tables import summaries
from adapters.storage.places import channel_of
from adapters.storage.statements import Statements, insert
from bot.refs import ChannelRef
from bot.summaries import Summary


class SqlSummaries:
    """The Summaries port."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def put(self, channel: ChannelRef, at: time, person: int, now: datetime) -> Summary:
        """Keep that a channel wants one, or another time of one that it has."""
        new = insert(self._statements, summaries).values(
            workspace=channel.workspace.key,
            channel=channel.id,
            channel_thread=channel.thread,
            at=f"{at:%H:%M}",
            person_id=person,
            made_at=now,
        )
        kept = new.on_conflict_do_update(
            index_elements=["workspace", "channel", "channel_thread"], set_={"at": new.excluded.at}
        )
        return _summary((await self._statements.execute(kept.returning(*summaries.c))).one())

    async def of(self, channel: ChannelRef) -> Summary | None:
        """Return the summary of a channel."""
        found = select(summaries).where(
            summaries.c.workspace == channel.workspace.key,
            summaries.c.channel == channel.id,
            summaries.c.channel_thread == channel.thread,
        )
        row = (await self._statements.execute(found)).one_or_none()
        return None if row is None else _summary(row)

    async def get(self, summary: int) -> Summary | None:
        """Return a summary."""
        row = (await self._statements.execute(select(summaries).where(summaries.c.id == summary))).one_or_none()
        return None if row is None else _summary(row)

    async def remove(self, summary: int) -> None:
        """Forget a summary."""
        await self._statements.execute(delete(summaries).where(summaries.c.id == summary))


def _summary(row: Row[Any]) -> Summary:
    return Summary(row.id, channel_of(row), time.fromisoformat(row.at))
