"""Who practises, in the database."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select, update

from adapters.storage.statements import Statements, insert
from adapters.storage.tables import people, standings
from bot.ports import Person
from bot.refs import Actor


class SqlPeople:
    """The People port."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def enter(self, actor: Actor, now: datetime) -> Person:
        """Return the actor's person, locked until the transaction ends."""
        name = actor.name[:100]
        row = (await self._statements.execute(_of(actor).with_for_update())).one_or_none()
        if row is None:
            new = insert(self._statements, people).values(
                platform=actor.user.platform,
                space=actor.user.space,
                user_id=actor.user.id,
                name=name,
                platform_zone=actor.zone,
                entered_at=now,
            )
            await self._statements.execute(new.on_conflict_do_nothing())
            row = (await self._statements.execute(_of(actor).with_for_update())).one()
            return _person(row)
        zone = actor.zone or row.platform_zone  # a platform that cannot be asked says none, and no day changes for that
        if (row.name, row.platform_zone) != (name, zone):
            changed = update(people).where(people.c.id == row.id).values(name=name, platform_zone=zone)
            row = (await self._statements.execute(changed.returning(*people.c))).one()
        return _person(row)

    async def find(self, actor: Actor) -> Person | None:
        """Return the actor's person if they ever did anything."""
        row = (await self._statements.execute(_of(actor))).one_or_none()
        return None if row is None else _person(row)

    async def set_profile(self, person: int, *, shown_name: str, zone: str, hidden: bool) -> None:
        """Keep what a person chose, and hide or show their rows on all boards."""
        profile = update(people).where(people.c.id == person).values(shown_name=shown_name, zone=zone, hidden=hidden)
        await self._statements.execute(profile)
        rows = update(standings).where(standings.c.person_id == person, standings.c.hidden != hidden)
        await self._statements.execute(rows.values(hidden=hidden))

    async def set_streak(self, person: int, *, streak: int, best: int, day: date) -> None:
        """Keep the streak as of a local day."""
        kept = update(people).where(people.c.id == person).values(streak=streak, best_streak=best, last_day=day)
        await self._statements.execute(kept)


def _of(actor: Actor) -> Any:
    return select(people).where(
        people.c.platform == actor.user.platform,
        people.c.space == actor.user.space,
        people.c.user_id == actor.user.id,
    )


def _person(row: Row[Any]) -> Person:
    return Person(
        id=row.id,
        name=row.name,
        shown_name=row.shown_name,
        hidden=row.hidden,
        zone=row.zone,
        platform_zone=row.platform_zone,
        streak=row.streak,
        best_streak=row.best_streak,
        last_day=row.last_day,
    )
