"""Questions shown, in the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update

from adapters.storage.statements import Statements, insert
from adapters.storage.tables import servings, sightings, topic_records
from bot.ports import Serving, TopicRecord
from bot.refs import WorkspaceRef


class SqlServings:
    """The Servings port."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def add(
        self,
        *,
        person: int,
        workspace: WorkspaceRef,
        question: str,
        revision: str,
        wanted: str,
        order: Sequence[int],
        now: datetime,
        seed: int = 0,
    ) -> int:
        """Keep a question as shown and return its id."""
        shown = insert(self._statements, servings).values(
            person_id=person,
            workspace=workspace.key,
            question=question,
            revision=revision,
            wanted=wanted,
            shown_order="".join(map(str, order)),
            state="open",
            hinted=False,
            response="",
            score=0,
            served_at=now,
            seed=seed,
        )
        serving: int = (await self._statements.execute(shown.returning(servings.c.id))).scalar_one()
        seen = insert(self._statements, sightings).values(person_id=person, question=question, last_seen=now)
        await self._statements.execute(
            seen.on_conflict_do_update(index_elements=["person_id", "question"], set_={"last_seen": now})
        )
        return serving

    async def get(self, serving: int) -> Serving | None:
        """Return a serving."""
        row = (await self._statements.execute(select(servings).where(servings.c.id == serving))).one_or_none()
        if row is None:
            return None
        return Serving(
            id=row.id,
            person=row.person_id,
            workspace=WorkspaceRef.of(row.workspace),
            question=row.question,
            revision=row.revision,
            wanted=row.wanted,
            order=tuple(map(int, row.shown_order)),
            state=row.state,
            hinted=row.hinted,
            response=row.response,
            score=row.score,
            seed=row.seed,
        )

    async def last_seen(self, person: int) -> Mapping[str, datetime]:
        """Return when the person last saw each question that they saw."""
        seen = select(sightings.c.question, sightings.c.last_seen).where(sightings.c.person_id == person)
        return {row.question: row.last_seen for row in await self._statements.execute(seen)}

    async def hint(self, serving: int, person: int) -> bool:
        """Mark an open serving as hinted."""
        marked = update(servings).where(
            servings.c.id == serving, servings.c.person_id == person, servings.c.state == "open"
        )
        return (await self._statements.execute(marked.values(hinted=True))).rowcount == 1

    async def close(
        self, serving: int, person: int, *, expected: str, state: str, response: str, score: int, now: datetime
    ) -> bool:
        """Move a serving from one state to another; of simultaneous calls exactly one returns true."""
        moved = (
            update(servings)
            .where(servings.c.id == serving, servings.c.person_id == person, servings.c.state == expected)
            .values(state=state, response=response, score=score, answered_at=now)
        )
        return (await self._statements.execute(moved)).rowcount == 1

    async def done(self, person: int, wanted: str) -> frozenset[str]:
        """Return the questions that a person has answered of those drawn for a wish."""
        mine = select(servings.c.question).where(servings.c.person_id == person, servings.c.wanted == wanted)
        answered = mine.where(servings.c.state.in_(("answered", "revealed")))
        return frozenset((await self._statements.execute(answered)).scalars())

    async def count(self, person: int, topic: str, score: int) -> None:
        """Add one graded answer to the person's record in a topic."""
        right = int(score == 1000)
        first = insert(self._statements, topic_records).values(
            person_id=person, topic=topic, answered=1, right=right, score=score
        )
        await self._statements.execute(
            first.on_conflict_do_update(
                index_elements=["person_id", "topic"],
                set_={
                    "answered": topic_records.c.answered + 1,
                    "right": topic_records.c.right + right,
                    "score": topic_records.c.score + score,
                },
            )
        )

    async def record(self, person: int) -> Sequence[TopicRecord]:
        """Return the person's record in each topic in which they answered."""
        found = select(topic_records).where(topic_records.c.person_id == person).order_by(topic_records.c.topic)
        return [
            TopicRecord(row.topic, row.answered, row.right, row.score) for row in await self._statements.execute(found)
        ]
