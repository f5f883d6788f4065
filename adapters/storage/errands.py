"""Things to do at an instant, in the database; a claim is one statement, and a lease that runs out is nobody's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, false, update

from adapters.storage.daily_tables import errands
from adapters.storage.statements import Statements, insert
from bot.errands import Errand

AGAIN = timedelta(seconds=2)
"""The pause before what was asked for again while it was under way: it is an edit, and edits are coalesced."""


class SqlErrands:
    """The Errands port."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def add(self, key: str, kind: str, platform: str, subject: int, at: datetime, detail: str = "") -> bool:
        """Have something done at an instant; false, and nothing kept, where it is to be done already."""
        new = insert(self._statements, errands).on_conflict_do_nothing()
        return (await self._statements.execute(new, _new(key, kind, platform, subject, at, detail))).rowcount == 1

    async def again(self, key: str, kind: str, platform: str, subject: int, at: datetime, detail: str = "") -> None:
        """Have something done at an instant; once more where it is under way, and at its own time where it waits."""
        new = insert(self._statements, errands).values(_new(key, kind, platform, subject, at, detail))
        await self._statements.execute(
            new.on_conflict_do_update(index_elements=[errands.c.key], set_={"again": errands.c.owner != ""})
        )

    async def move(self, key: str, at: datetime) -> bool:
        """Have something that nobody is doing done at another instant; false if there is no such thing."""
        free = update(errands).where(errands.c.key == key, errands.c.owner == "")
        return (await self._statements.execute(free.values(due_at=at, act_at=at))).rowcount == 1

    async def drop(self, key: str) -> None:
        """Have something done no more, unless somebody is doing it."""
        await self._statements.execute(delete(errands).where(errands.c.key == key, errands.c.owner == ""))

    async def finish(
        self, errand: Errand, owner: str, now: datetime, at: datetime | None = None, detail: str = ""
    ) -> None:
        """Keep that its owner has done it; with ``at`` it is to be done again then, with another detail."""
        mine = (errands.c.key == errand.key, errands.c.owner == owner)
        if at is not None:
            await self._statements.execute(
                update(errands).where(*mine).values(due_at=at, act_at=at, detail=detail, **_FRESH)
            )
            return
        gone = delete(errands).where(*mine, errands.c.again.is_(False))
        if (await self._statements.execute(gone)).rowcount == 0:
            once_more = update(errands).where(*mine).values(act_at=now + AGAIN, **_FRESH)
            await self._statements.execute(once_more)


_FRESH = {"owner": "", "attempts": 0, "began": None, "again": false()}


def _new(key: str, kind: str, platform: str, subject: int, at: datetime, detail: str) -> dict[str, Any]:
    return {
        "key": key,
        "kind": kind,
        "platform": platform,
        "subject": subject,
        "detail": detail,
        "due_at": at,
        "act_at": at,
        "owner": "",
        "attempts": 0,
        "began": None,
        "again": False,
    }
