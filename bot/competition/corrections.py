"""The use case: moderators give and take points, each time with a reason that shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.competing import Competition
from bot.errors import AlreadyDone, BadInput, Expired, NothingFound
from bot.ledger import Entry
from bot.markup import visible
from bot.persons import Person
from bot.ports import Clock, Storage, UnitOfWork
from bot.practice.calendar import ALL, Calendar
from bot.practice.streaks import enter
from bot.refs import Actor, UserRef, WorkspaceRef

GRANT = "grant"
"""The reason of points that a moderator gave."""
MOST = 1000
"""Points that are given or taken at once."""
SHORTEST, LONGEST = 3, 150
"""Characters of a reason."""
ENTRIES = 10


@dataclass(frozen=True, slots=True)
class Account:
    """What somebody was paid in a workspace, newest first; ``more`` if there are older rows."""

    name: str
    user: UserRef
    total: int
    entries: Sequence[Entry]
    more: bool


class Corrections:
    """Reads and corrects the points of other people; every correction is a row of the ledger itself."""

    def __init__(self, storage: Storage, clock: Clock, calendar: Calendar) -> None:
        self._storage = storage
        self._clock = clock
        self._calendar = calendar

    async def account(self, workspace: WorkspaceRef, user: UserRef, before: int | None = None) -> Account:
        """Return a page of what somebody was paid here.

        Raises NothingFound for whoever never did anything.
        """
        async with self._storage.snapshot() as work:
            person = _known(await work.people.find_user(user))
            return await _account(work, workspace, user, person, before)

    async def grant(
        self,
        actor: Actor,
        workspace: WorkspaceRef,
        user: UserRef,
        points: int,
        why: str,
        competition: int | None = None,
    ) -> Account:
        """Give somebody points, or take them with a negative number; they count from now on, for their team too.

        With a competition they count in that as well, also where it is over. Raises BadInput and NothingFound.
        """
        note = read_why(why)
        if not points or abs(points) > MOST:
            raise BadInput("That is no number of points to give.", f"Write one from 1 to {MOST}, or -{MOST} to -1.")
        now, calendar = self._clock.now(), self._calendar
        day = calendar.day(now)
        async with self._storage.transaction() as work:
            moderator = await enter(work, actor, now, calendar)
            person = _known(await work.people.find_user(user))
            await work.people.latch(person.id)
            await work.standings.lock(workspace)
            await work.competitions.begin_due(workspace, now)
            team = await work.teams.of(workspace, person.id)
            contest = None if competition is None else await _contest(work, workspace, competition, person)
            await work.ledger.award(
                person=person.id,
                workspace=workspace,
                points=points,
                reason=GRANT,
                question="",
                note=note,
                season=calendar.season_of(day),
                day=calendar.day_of(person, now),
                periods=calendar.periods(day),
                serving=None,
                now=now,
                team=None if team is None else team.id,
                contests=() if contest is None else contest.keys(now),
                by=moderator.id,
            )
            return await _account(work, workspace, user, person, None)

    async def void(self, actor: Actor, workspace: WorkspaceRef, entry: int, why: str) -> Entry:
        """Take the points of a row back on every board on which they count, also on those of the past; return the row.

        Raises BadInput, Expired for a row that is not there, and AlreadyDone for one that was taken back before.
        """
        note, now = read_why(why), self._clock.now()
        async with self._storage.transaction() as work:
            moderator = await enter(work, actor, now, self._calendar)
            found = await work.ledger.get(entry, workspace)
            if found is None:
                raise Expired("There is no such row here.", "`/points show` lists the rows of a member.")
            await work.people.latch(found[0])
            if not await work.ledger.void(entry, workspace, moderator.id, note, now):
                raise AlreadyDone(
                    "That row was taken back before, or takes another back itself.", "`/points grant` gives points."
                )
            return found[1]


def read_why(typed: str) -> str:
    """Return the reason of a correction as it is kept.

    Raises BadInput for one that says nothing.
    """
    why = visible(typed)
    if not SHORTEST <= len(why) <= LONGEST or not any(map(str.isalnum, why)):
        raise BadInput(
            "A correction needs a reason that its person can read.",
            f"Write one of {SHORTEST} to {LONGEST} characters, such as `why:the key was wrong`.",
        )
    return why


async def _contest(work: UnitOfWork, workspace: WorkspaceRef, number: int, person: Person) -> Competition:
    """Return a competition that somebody is on the roster of.

    Raises BadInput.
    """
    found = await work.competitions.get(number)
    here = found is not None and found.channel.workspace == workspace
    if found is not None and here and any(one.person == person.id for one in await work.competitions.scores(found)):
        return found
    raise BadInput(
        f"That person competes in no competition {number} here.", "`/compete list` shows those that there are."
    )


def _known(person: Person | None) -> Person:
    if person is None:
        raise NothingFound("That person has not used Warmup yet.", "They begin with `/practice`.")
    return person


async def _account(
    work: UnitOfWork, workspace: WorkspaceRef, user: UserRef, person: Person, before: int | None
) -> Account:
    found = await work.ledger.entries(person.id, before=before, limit=ENTRIES + 1, workspace=workspace)
    total = await work.ledger.total(person.id, workspace, ALL)
    return Account(person.board_name, user, total, found[:ENTRIES], len(found) > ENTRIES)
