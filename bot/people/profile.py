"""The use case: what a person chose, and how they are doing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import get_close_matches

from bot.errors import BadInput
from bot.ledger import Entry
from bot.markup import escape, visible
from bot.persons import Person
from bot.ports import Clock, Storage, TopicRecord
from bot.practice.calendar import ALL, month_of, week_of
from bot.practice.service import REASON, Rules
from bot.practice.streaks import enter, move, outlook
from bot.refs import Actor, WorkspaceRef
from bot.zones import PLACES

LONGEST_NAME = 32
LONGEST_ZONE = 64
ENTRIES = 10


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person chose: empty means the platform's name, and the platform's or the workspace's zone.

    ``moves_at`` is when their days begin to go by a zone that is new, None if they do already.
    """

    name: str
    shown_name: str
    zone: str
    known_zone: str
    hidden: bool
    reminders: bool
    moves_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How a person is doing in a workspace; streak and today's points by their own day.

    ``open_days`` are days before today without an answer whose question of the day still takes one.
    """

    streak: int
    best_streak: int
    freezes: int
    answered_today: bool
    open_days: tuple[date, ...]
    today: int
    daily_cap: int
    week: int
    month: int
    ever: int
    topics: tuple[TopicRecord, ...]


class Profiles:
    """Read and change what a person chose; read how they are doing."""

    def __init__(self, storage: Storage, clock: Clock, rules: Rules) -> None:
        self._storage = storage
        self._clock = clock
        self._rules = rules

    async def get(self, actor: Actor) -> Profile:
        """Return what the person chose."""
        async with self._storage.snapshot() as work:
            return self._profile(actor, await work.people.find(actor), self._clock.now())

    async def change(
        self,
        actor: Actor,
        *,
        shown_name: str | None = None,
        zone: str | None = None,
        hidden: bool | None = None,
        reminders: bool | None = None,
    ) -> Profile:
        """Change what is given; an empty name or zone goes back to the platform's.

        Raises BadInput for a name that boards cannot show and for a zone that does not exist.
        """
        new_name = None if shown_name is None else read_name(shown_name)
        new_zone = None if zone is None else read_zone(zone)
        now, calendar = self._clock.now(), self._rules.calendar
        async with self._storage.transaction() as work:
            person = await enter(work, actor, now, calendar)
            changed = replace(
                calendar.moved(person, now, zone=new_zone),
                shown_name=person.shown_name if new_name is None else new_name,
                hidden=person.hidden if hidden is None else hidden,
                reminders=person.reminders if reminders is None else reminders,
            )
            if changed.zone != person.zone:
                await move(work, changed, calendar)
            if changed.reminders != person.reminders:
                await work.people.set_reminders(person.id, wanted=changed.reminders)
            await work.people.set_profile(
                person.id, shown_name=changed.shown_name, zone=changed.zone, hidden=changed.hidden
            )
            return self._profile(actor, changed, now)

    async def progress(self, actor: Actor, workspace: WorkspaceRef) -> Progress:
        """Return how the person is doing."""
        now = self._clock.now()
        calendar = self._rules.calendar
        here = calendar.day(now)
        async with self._storage.snapshot() as work:
            person = await work.people.find(actor)
            if person is None:
                return Progress(0, 0, 0, False, (), 0, self._rules.daily_cap, 0, 0, 0, ())
            found = await outlook(work, person, now, calendar)
            return Progress(
                streak=found.streak.days,
                best_streak=found.streak.best,
                freezes=found.streak.freezes,
                answered_today=found.done,
                open_days=found.open,
                today=await work.ledger.earned(person.id, calendar.day_of(person, now), REASON),
                daily_cap=self._rules.daily_cap,
                week=await work.ledger.total(person.id, workspace, week_of(here)),
                month=await work.ledger.total(person.id, workspace, month_of(here)),
                ever=await work.ledger.total(person.id, workspace, ALL),
                topics=tuple(await work.servings.record(person.id)),
            )

    async def entries(self, actor: Actor, before: int | None) -> tuple[Sequence[Entry], bool]:
        """Return the person's newest ledger rows, or those before the row with that id, and whether there are more."""
        async with self._storage.snapshot() as work:
            person = await work.people.find(actor)
            found = () if person is None else await work.ledger.entries(person.id, before=before, limit=ENTRIES + 1)
        return found[:ENTRIES], len(found) > ENTRIES

    def _profile(self, actor: Actor, person: Person | None, now: datetime) -> Profile:
        calendar = self._rules.calendar
        if person is None:
            return Profile(actor.name, "", "", actor.zone or calendar.zone.key, hidden=False, reminders=False)
        moves_at = calendar.moves_at(person)
        return Profile(
            name=person.name,
            shown_name=person.shown_name,
            zone=person.zone,
            known_zone=calendar.zone_of(person).key,
            hidden=person.hidden,
            reminders=person.reminders,
            moves_at=moves_at if moves_at is not None and moves_at > now else None,
        )


def read_name(typed: str) -> str:
    """Return a name that boards can show, or an empty text for none.

    Raises BadInput.
    """
    name = visible(typed).strip()
    if len(name) > LONGEST_NAME:
        raise BadInput(f"That name is {len(name)} characters long.", f"Use at most {LONGEST_NAME}.")
    if name and not any(sign.isalnum() for sign in name):
        raise BadInput("That name has no letter and no digit.", "Use at least one, so that others can read it.")
    return name


def read_zone(typed: str) -> str:
    """Return the IANA zone that was meant, or an empty text for none.

    Raises BadInput that names similar zones.
    """
    wanted = typed.strip().replace(" ", "_")
    if not wanted:
        return ""
    folded = {zone.casefold(): zone for zone in PLACES}
    found = folded.get(wanted.casefold())
    if found is None:
        cities = [zone for zone in PLACES if zone.casefold().rsplit("/", 1)[-1] == wanted.casefold()]
        found = cities[0] if len(cities) == 1 else None
    if found is None:
        close = [folded[name] for name in get_close_matches(wanted.casefold(), folded, 3)] or ["Europe/Berlin"]
        raise BadInput(
            f"I do not know the time zone {escape(typed[:LONGEST_ZONE])}.",
            f"Write it as area and city, such as {' or '.join(f'`{zone}`' for zone in close)}.",
        )
    return found
