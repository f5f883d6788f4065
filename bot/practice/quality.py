"""The use case: how questions fare. Levels from answers, reports, what is not drawn, and moderators' rulings.

Levels and what is not drawn are remembered by each process for a while, and read anew by whoever needs them then: a
scheduler could not, because it may run in a process of its own.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from bot.errors import Expired, NothingFound
from bot.judging import Edition, Report, Ruling
from bot.markup import escape
from bot.persons import Person
from bot.ports import Clock, Storage, UnitOfWork
from bot.practice.access import own
from bot.practice.calendar import Calendar
from bot.practice.streaks import enter
from bot.refs import Actor, WorkspaceRef
from questions.bank import Bank, Filter
from questions.generate.family import Family
from questions.model import Level, Question
from questions.statistics import (
    LEAST,
    WHOLE,
    Analysis,
    Sums,
    Tally,
    ability,
    analyse,
    difficulty,
    level_from,
    picked,
    tally_of,
)  # fmt: skip

REPORTS = 3
"""Open reports with which a question is not drawn in a workspace until a moderator rules."""
LEVELS_KEPT = timedelta(minutes=5)
OUT_KEPT = timedelta(seconds=30)
SAMPLE = 1
"""The seed of the draw by which a family is shown."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known at a moment: levels from answers by question, and what is not drawn by the workspace's key."""

    levels: Mapping[str, Level]
    out: Mapping[str, AbstractSet[str]]

    def pool(self, bank: Bank, wanted: Filter, workspace: WorkspaceRef) -> tuple[Question | Family[Any], ...]:
        """Return what may be drawn in a workspace for a wish."""
        out = self.out.get(workspace.key, frozenset())
        return tuple(one for one in bank.pool(wanted, self.levels) if one.id not in out)


NOTHING_KNOWN = Known({}, {})


@dataclass(frozen=True, slots=True)
class Measured:
    """A question with enough answers, and what they say."""

    question: Question
    analysis: Analysis


@dataclass(frozen=True, slots=True)
class Dossier:
    """A question as a workspace's moderators see it: the open reports and the ruling are the workspace's own."""

    question: Question
    revision: str
    tally: Tally
    analysis: Analysis
    reports: Sequence[Report]
    ruling: Ruling | None

    @property
    def ruled_out(self) -> bool:
        """Tell whether a moderator took it out."""
        return self.ruling is not None and self.ruling.out

    @property
    def drawn(self) -> bool:
        """Tell whether it is drawn in the workspace."""
        return not self.ruled_out and len(self.reports) < REPORTS


class Quality:
    """Reads how questions fare, and rules on them; one per process, so that a ruling counts there at once."""

    def __init__(self, storage: Storage, bank: Bank, clock: Clock, calendar: Calendar) -> None:
        self._storage = storage
        self._bank = bank
        self._clock = clock
        self._calendar = calendar
        self._levels = _Remembered(self._read_levels, clock, LEVELS_KEPT)
        self._out = _Remembered(self._read_out, clock, OUT_KEPT)

    async def known(self) -> Known:
        """Return what drawing goes by; to be called outside of any transaction, since it may need one of its own."""
        return Known(await self._levels.get(), await self._out.get())

    async def report(self, actor: Actor, serving: int, reason: str, note: str) -> bool:
        """Keep a problem with a question that this person was shown; false if they reported it before.

        Raises Expired or NotYours.
        """
        now = self._clock.now()
        async with self._storage.transaction() as work:
            person = await enter(work, actor, now, self._calendar)
            kept = own(await work.servings.get(serving), person)
            new = await self._keep_report(
                work, person, kept.workspace, (kept.question, kept.revision), reason, note, now
            )
        self._out.forget()
        return new

    async def report_question(
        self, actor: Actor, workspace: WorkspaceRef, edition: Edition, reason: str, note: str
    ) -> bool:
        """Keep a problem with a question that a workspace was asked; false if this person reported it before."""
        now = self._clock.now()
        async with self._storage.transaction() as work:
            person = await enter(work, actor, now, self._calendar)
            new = await self._keep_report(work, person, workspace, edition, reason, note, now)
        self._out.forget()
        return new

    async def dossier(self, workspace: WorkspaceRef, name: str) -> Dossier:
        """Return everything about a question.

        Raises NothingFound when the bank has none of that id.
        """
        question, revision = self._bank.find(name, SAMPLE), self._bank.revision(name)
        if question is None or revision is None:
            raise NothingFound(
                f"There is no question {escape(name[:40])}.", "Its id stands under it; copy it from there."
            )
        async with self._storage.snapshot() as work:
            tally = await work.item_stats.get(name, revision)
            return Dossier(
                question,
                revision,
                tally,
                analyse(question, tally),
                await work.reports.open(workspace, name, revision),
                await work.rulings.get(workspace, name, revision),
            )

    async def reported(self, workspace: WorkspaceRef) -> Mapping[str, int]:
        """Return how many open reports each question has as it is now, most first."""
        async with self._storage.snapshot() as work:
            waiting = await work.reports.waiting(workspace)
        return {edition[0]: count for edition, count in waiting.items() if self._is_current(edition)}

    async def measured(self) -> Sequence[Measured]:
        """Return each question that has enough answers, by id."""
        async with self._storage.snapshot() as work:
            tallies = await work.item_stats.tallies()
        found = []
        for edition, tally in sorted(tallies.items()):
            question = self._bank.find(edition[0], SAMPLE) if self._is_current(edition) else None
            if question is not None and (analysis := analyse(question, tally)).answers >= LEAST:
                found.append(Measured(question, analysis))
        return found

    async def rule(self, actor: Actor, workspace: WorkspaceRef, name: str, revision: str, *, out: bool) -> Dossier:
        """Take a question out in a workspace, or have it drawn there; its open reports are closed.

        Raises Expired when the question is another by now, and NothingFound when the bank has none of that id.
        """
        known = await self.dossier(workspace, name)
        if known.revision != revision:
            raise Expired("This question was changed since.", f"Type `/question show {name}` to see it as it is now.")
        now = self._clock.now()
        async with self._storage.transaction() as work:
            person = await enter(work, actor, now, self._calendar)
            await work.rulings.rule(
                person=person.id, workspace=workspace, question=name, revision=revision, out=out, now=now
            )
        self._out.forget()
        return await self.dossier(workspace, name)

    async def rebuild(self) -> int:
        """Count all first answers to the questions of the bank anew from history; return how many there are."""
        tallies: dict[Edition, dict[int, Sums]] = defaultdict(dict)
        records: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
        seen: set[tuple[int, str]] = set()
        async with self._storage.transaction() as work:
            for one in await work.item_stats.history():
                family = one.question in self._bank.families
                edition = (one.question, "" if family else one.revision)
                score, answered = records[one.person]
                records[one.person] = (score + one.score, answered + 1)
                if self._is_current(edition) and (one.person, one.question) not in seen:
                    chosen = picked(self._bank.by_id.get(one.question), one.response)
                    tally = tallies[edition]
                    for option, sums in tally_of(chosen, one.score, ability(score, answered)).items():
                        tally[option] = tally.get(option, Sums()) + sums
                seen.add((one.person, one.question))
            await work.item_stats.replace(tallies)
        self._levels.forget()
        return sum(tally[WHOLE].answers for tally in tallies.values())

    async def _keep_report(
        self,
        work: UnitOfWork,
        person: Person,
        workspace: WorkspaceRef,
        edition: Edition,
        reason: str,
        note: str,
        now: datetime,
    ) -> bool:
        """Keep a report of a question as it is written; what a family makes has no edition of its own."""
        question, revision = edition
        return await work.reports.add(
            person=person.id,
            workspace=workspace,
            question=question,
            revision="" if question in self._bank.families else revision,
            reason=reason,
            note=note,
            now=now,
        )

    async def _read_levels(self) -> Mapping[str, Level]:
        async with self._storage.snapshot() as work:
            wholes = await work.item_stats.wholes(LEAST)
        known = {edition[0]: difficulty(sums) for edition, sums in wholes.items() if self._is_current(edition)}
        return {name: level_from(p) for name, p in known.items() if p is not None}

    async def _read_out(self) -> Mapping[str, AbstractSet[str]]:
        async with self._storage.snapshot() as work:
            withdrawn = await work.rulings.withdrawn(REPORTS)
        out: dict[str, set[str]] = defaultdict(set)
        for workspace, edition in withdrawn:
            if self._is_current(edition):
                out[workspace].add(edition[0])
        return out

    def _is_current(self, edition: Edition) -> bool:
        return self._bank.revision(edition[0]) == edition[1]


class _Remembered(Generic[T]):
    """What was read, for as long as it is kept; of all who ask at once a single one reads."""

    def __init__(self, read: Callable[[], Awaitable[T]], clock: Clock, kept: timedelta) -> None:
        self._read = read
        self._clock = clock
        self._kept = kept
        self._lock = asyncio.Lock()
        self._value: T | None = None
        self._until: datetime | None = None

    async def get(self) -> T:
        """Return what is remembered, read anew if it is too old."""
        async with self._lock:
            if self._value is None or self._until is None or self._clock.now() >= self._until:
                # Set before reading: who forgets meanwhile, because of what the reading may have missed, is heard.
                self._until = self._clock.now() + self._kept
                self._value = None
                self._value = await self._read()
            return self._value

    def forget(self) -> None:
        """Have it read anew by whoever asks next."""
        self._until = None
