"""Statistics of questions, in the database: sums that each first answer adds to, so that reading scans no history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Row, Select, delete, func, select, text, update

from adapters.storage.statements import Statements, insert
from adapters.storage.tables import item_stats, servings, sightings, topic_records
from bot.judging import Answered, Edition
from questions.statistics import WHOLE, Sums, Tally, ability, tally_of

SUMS = tuple(field.name for field in fields(Sums))
AT_ONCE = 500
"""Rows that are written in one statement."""


class SqlItemStats:
    """The ItemStats port."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def add(self, *, person: int, question: str, revision: str, chosen: Sequence[int], score: int) -> bool:
        """Count a person's answer if it is their first to the question: one statement tells, a second counts."""
        first = (
            update(sightings)
            .where(sightings.c.person_id == person, sightings.c.question == question, sightings.c.answered.is_(False))
            .values(answered=True)
            .returning(_before(person, "score"), _before(person, "answered"))
        )
        record = (await self._statements.execute(first)).one_or_none()
        if record is None:
            return False
        # All answers' row comes first, so that of two people's answers one waits for the other and never both.
        await self._add(
            {(question, revision): tally_of(chosen, score, ability(record.score_before, record.answered_before))}
        )
        return True

    async def get(self, question: str, revision: str) -> Tally:
        """Return the sums of a question, empty before its first answer."""
        mine = select(item_stats).where(item_stats.c.question == question, item_stats.c.revision == revision)
        return {row.option: _sums(row) for row in await self._statements.execute(mine)}

    async def wholes(self, least: int) -> Mapping[Edition, Sums]:
        """Return the sums over all answers of each question that has at least so many."""
        many = select(item_stats).where(item_stats.c.option == WHOLE, item_stats.c.answers >= least)
        return {(row.question, row.revision): _sums(row) for row in await self._statements.execute(many)}

    async def tallies(self) -> Mapping[Edition, Tally]:
        """Return all sums."""
        found: dict[Edition, dict[int, Sums]] = {}
        for row in await self._statements.execute(select(item_stats)):
            found.setdefault((row.question, row.revision), {})[row.option] = _sums(row)
        return found

    async def history(self) -> Sequence[Answered]:
        """Return every graded answer, oldest first; nobody counts another before the transaction ends."""
        if self._statements.dialect == "postgresql":  # SQLite has one writer, and this transaction is it
            await self._statements.execute(text("LOCK TABLE item_stats IN EXCLUSIVE MODE"))
        answered = (
            select(
                servings.c.person_id, servings.c.question, servings.c.revision, servings.c.response, servings.c.score
            )
            .where(servings.c.state == "answered")
            .order_by(servings.c.answered_at, servings.c.id)
        )
        return [
            Answered(row.person_id, row.question, row.revision, row.response, row.score)
            for row in await self._statements.execute(answered)
        ]

    async def replace(self, tallies: Mapping[Edition, Tally]) -> None:
        """Forget all sums and keep these."""
        await self._statements.execute(delete(item_stats))
        await self._add(tallies)

    async def _add(self, tallies: Mapping[Edition, Tally]) -> None:
        rows = [
            {"question": question, "revision": revision, "option": option, **asdict(sums)}
            for (question, revision), tally in tallies.items()
            for option, sums in tally.items()
        ]
        for start in range(0, len(rows), AT_ONCE):
            new = insert(self._statements, item_stats).values(rows[start : start + AT_ONCE])
            added = {name: item_stats.c[name] + new.excluded[name] for name in SUMS}
            await self._statements.execute(
                new.on_conflict_do_update(index_elements=item_stats.primary_key.columns, set_=added)
            )


def _before(person: int, column: str) -> Any:
    """Return the sum of a column of a person's records, as part of another statement."""
    summed: Select[Any] = select(func.coalesce(func.sum(topic_records.c[column]), 0))
    return summed.where(topic_records.c.person_id == person).scalar_subquery().label(f"{column}_before")


def _sums(row: Row[Any]) -> Sums:
    return Sums(*(row._mapping[name] for name in SUMS))  # noqa: SLF001 - a public name of SQLAlchemy's
