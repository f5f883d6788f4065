"""The browser page's people and messages: the adapter keeps what Discord and Slack would keep themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select, update

from adapters.storage.statements import insert
from adapters.storage.tables import browser_messages, browser_people
from adapters.storage.work import SqlStorage


@dataclass(frozen=True, slots=True)
class Note:
    """A message of the page; ``audience`` is the person who alone may see it, or empty for everybody.

    ``seq`` grows with every message and every change of one.
    """

    id: int
    seq: int
    channel: str
    audience: str
    payload: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody that a person at the browser can be."""

    id: str
    name: str
    moderator: bool


_NEXT_SEQ = select(func.coalesce(func.max(browser_messages.c.seq), 0) + 1).scalar_subquery()


class SqlTranscript:
    """The transcript that the browser adapter asks for; its caller makes changes one after the other."""

    def __init__(self, storage: SqlStorage) -> None:
        self._storage = storage

    async def members(self) -> Sequence[Member]:
        """Return everybody, by name."""
        async with self._storage.reading() as statements:
            rows = await statements.execute(select(browser_people).order_by(browser_people.c.name))
            return [Member(row.id, row.name, row.moderator) for row in rows]

    async def add_member(self, member: str, name: str, *, moderator: bool) -> bool:
        """Add somebody; false if the id is taken."""
        async with self._storage.writing() as statements:
            new = insert(statements, browser_people).values(id=member, name=name, moderator=moderator)
            return (await statements.execute(new.on_conflict_do_nothing())).rowcount == 1

    async def add(self, channel: str, audience: str, payload: str, at: datetime, key: str = "") -> Note:
        """Append a message, or return the one that has the key already."""
        async with self._storage.writing() as statements:
            new = insert(statements, browser_messages).values(
                seq=_NEXT_SEQ, channel=channel, audience=audience, payload=payload, at=at, key=key or None
            )
            row = (await statements.execute(new.on_conflict_do_nothing().returning(*browser_messages.c))).first()
            if row is None:
                there = select(browser_messages).where(browser_messages.c.key == key)
                row = (await statements.execute(there)).one()
            return _note(row)

    async def replace(self, message: int, payload: str) -> Note | None:
        """Change a message in place; None if it is not there."""
        async with self._storage.writing() as statements:
            changed = update(browser_messages).where(browser_messages.c.id == message)
            row = (
                await statements.execute(changed.values(seq=_NEXT_SEQ, payload=payload).returning(*browser_messages.c))
            ).one_or_none()
            return None if row is None else _note(row)

    async def get(self, message: int) -> Note | None:
        """Return a message."""
        async with self._storage.reading() as statements:
            found = select(browser_messages).where(browser_messages.c.id == message)
            row = (await statements.execute(found)).one_or_none()
            return None if row is None else _note(row)

    async def since(self, seq: int, member: str, limit: int) -> Sequence[Note]:
        """Return the newest messages after ``seq`` that a member may see, oldest first."""
        async with self._storage.reading() as statements:
            found = (
                select(browser_messages)
                .where(browser_messages.c.seq > seq, browser_messages.c.audience.in_(("", member)))
                .order_by(browser_messages.c.seq.desc())
                .limit(limit)
            )
            notes = [_note(row) for row in await statements.execute(found)]
            return notes[::-1]

    async def newest_seq(self) -> int:
        """Return the highest ``seq``, or 0."""
        async with self._storage.reading() as statements:
            newest = select(func.coalesce(func.max(browser_messages.c.seq), 0))
            return int((await statements.execute(newest)).scalar_one())

    async def trim(self, keep: int) -> int:
        """Forget all but the newest ``keep`` messages; return how many were forgotten."""
        async with self._storage.writing() as statements:
            newest = select(browser_messages.c.seq).order_by(browser_messages.c.seq.desc()).offset(keep).limit(1)
            oldest = (await statements.execute(newest)).scalar_one_or_none()
            if oldest is None:
                return 0
            return (await statements.execute(delete(browser_messages).where(browser_messages.c.seq <= oldest))).rowcount


def _note(row: Row[Any]) -> Note:
    return Note(row.id, row.seq, row.channel, row.audience, row.payload, row.at)
