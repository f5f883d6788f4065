"""Who practises, in the database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, delete, null, select, union_all, update

from adapters.storage.board_sums import show_or_hide
from adapters.storage.daily_tables import active_days, dailies
from adapters.storage.statements import Statements, insert
from adapters.storage.tables import people
from bot.persons import Days, Person
from bot.refs import Actor, UserRef
from bot.scheduling import DailyState


class SqlPeople:
    """The People port."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def enter(self, actor: Actor, now: datetime) -> Person:
        """Return the actor's person, locked until the transaction ends."""
        name = actor.name[:100]
        row = (await self._statements.execute(_latched(_of(actor.user)))).one_or_none()
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
            row = (await self._statements.execute(_latched(_of(actor.user)))).one()
            return _person(row)
        if row.name != name:
            renamed = update(people).where(people.c.id == row.id).values(name=name)
            row = (await self._statements.execute(renamed.returning(*people.c))).one()
        return _person(row)

    async def find(self, actor: Actor) -> Person | None:
        """Return the actor's person if they ever did anything."""
        return await self.find_user(actor.user)

    async def find_user(self, user: UserRef) -> Person | None:
        """Return the person at an address if they ever did anything."""
        row = (await self._statements.execute(_of(user))).one_or_none()
        return None if row is None else _person(row)

    async def addresses(self, persons: Collection[int]) -> Mapping[int, UserRef]:
        """Return the address of each of some people who is not hidden."""
        rows = select(people).where(people.c.id.in_(persons), people.c.hidden.is_(False))
        found = await self._statements.execute(rows)
        return {row.id: UserRef(row.platform, row.space, row.user_id) for row in found}

    async def latch(self, person: int) -> Person | None:
        """Return a person, locked until the transaction ends."""
        locked = _latched(select(people).where(people.c.id == person))
        row = (await self._statements.execute(locked)).one_or_none()
        return None if row is None else _person(row)

    async def set_profile(self, person: int, *, shown_name: str, zone: str, hidden: bool) -> None:
        """Keep what a person chose, and hide or show their rows on all boards."""
        profile = update(people).where(people.c.id == person).values(shown_name=shown_name, zone=zone, hidden=hidden)
        await self._statements.execute(profile)
        await show_or_hide(self._statements, person, hidden=hidden)

    async def set_reminders(self, person: int, *, wanted: bool) -> None:
        """Keep whether a person wants to be reminded."""
        await self._statements.execute(update(people).where(people.c.id == person).values(reminders=wanted))

    async def keep_streak(self, person: Person) -> None:
        """Keep the person's streak with its base, and where they study."""
        kept = update(people).where(people.c.id == person.id)
        await self._statements.execute(
            kept.values(
                streak=person.streak,
                best_streak=person.best_streak,
                freezes=person.freezes,
                last_day=person.last_day,
                base_streak=person.base_streak,
                base_freezes=person.base_freezes,
                base_day=person.base_day,
                study=person.study,
            )
        )

    async def keep_zone(self, person: Person, excused: Collection[date]) -> None:
        """Keep where a person lives and their move; of the days after its floor these alone are excused."""
        kept = update(people).where(people.c.id == person.id)
        await self._statements.execute(
            kept.values(
                zone=person.zone,
                platform_zone=person.platform_zone,
                zone_before=person.zone_before,
                zone_changed_at=person.zone_changed_at,
                day_floor=person.day_floor,
            )
        )
        if person.day_floor is None:
            return
        of_another_target = delete(active_days).where(active_days.c.person_id == person.id)
        await self._statements.execute(
            of_another_target.where(active_days.c.day > person.day_floor, active_days.c.counted.is_(False))
        )
        if excused:
            rows = [{"person_id": person.id, "day": day, "counted": False} for day in sorted(excused)]
            await self._statements.execute(insert(self._statements, active_days).on_conflict_do_nothing(), rows)

    async def add_day(self, person: int, day: date) -> bool:
        """Count a day with an answer; false if it was counted already."""
        new = insert(self._statements, active_days).values(person_id=person, day=day, counted=True)
        counted = new.on_conflict_do_update(
            index_elements=["person_id", "day"], set_={"counted": True}, where=active_days.c.counted.is_(False)
        )
        return (await self._statements.execute(counted)).rowcount == 1

    async def days(self, person: Person, since: date) -> Days:
        """Return a person's days after a date; those that are open where they study."""
        own = select(active_days.c.day, active_days.c.counted).where(
            active_days.c.person_id == person.id, active_days.c.day > since
        )
        asked = select(dailies.c.day, null()).where(
            dailies.c.workspace == person.study,
            dailies.c.day > since,
            dailies.c.state.in_((DailyState.OPEN, DailyState.CLOSING)),
        )
        rows = await self._statements.execute(union_all(own, asked) if person.study else own)
        found: dict[bool | None, set[date]] = {True: set(), False: set(), None: set()}
        for row in rows:
            found[row.counted].add(row.day)
        return Days(frozenset(found[True]), frozenset(found[False]), frozenset(found[None] - found[True]))


def _latched(rows: Select[Any]) -> Select[Any]:
    """Lock rows against whoever locks them too, but not against rows elsewhere that refer to these people.

    Who names others in a team holds the lock of the workspace, for which one of them may be waiting with this lock.
    """
    return rows.with_for_update(key_share=True)


def _of(user: UserRef) -> Select[Any]:
    return select(people).where(
        people.c.platform == user.platform, people.c.space == user.space, people.c.user_id == user.id
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
        freezes=row.freezes,
        base_streak=row.base_streak,
        base_freezes=row.base_freezes,
        base_day=row.base_day,
        study=row.study,
        reminders=row.reminders,
        zone_before=row.zone_before,
        zone_changed_at=row.zone_changed_at,
        day_floor=row.day_floor,
    )
