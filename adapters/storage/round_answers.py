"""Who plays in live rounds, and what they answer, in the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, func, select, update

from adapters.storage.round_tables import round_answers, round_players, round_questions
from adapters.storage.shown_names import shown_name
from adapters.storage.statements import Statements, insert
from adapters.storage.tables import people
from bot.rounds import AskState, RoundAnswer, RoundPlayer


class SqlRoundAnswers:
    """The RoundAnswers port."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def join(self, number: int, person: int, now: datetime, *, team: int | None = None, side: str = "") -> bool:
        """Let somebody play, for a team or for themselves; false if they do already."""
        new = insert(self._statements, round_players).values(
            round_id=number, person_id=person, joined_at=now, team_id=team, side=side[:80]
        )
        return (await self._statements.execute(new.on_conflict_do_nothing())).rowcount == 1

    async def players(self, number: int) -> Sequence[RoundPlayer]:
        """Return who plays, first first."""
        mine = and_(
            round_answers.c.round_id == round_players.c.round_id, round_answers.c.person_id == round_players.c.person_id
        )
        score = func.coalesce(func.sum(round_answers.c.points), 0).label("score")
        paid = func.coalesce(func.sum(round_answers.c.paid), 0).label("paid")
        side = (round_players.c.team_id, round_players.c.side)
        playing = (
            select(round_players.c.person_id, shown_name().label("shown"), people.c.hidden, score, paid, *side)
            .join(people, people.c.id == round_players.c.person_id)
            .outerjoin(round_answers, mine)
            .where(round_players.c.round_id == number)
            .group_by(
                round_players.c.person_id,
                round_players.c.joined_at,
                *side,
                people.c.name,
                people.c.shown_name,
                people.c.hidden,
            )
            .order_by(round_players.c.joined_at, round_players.c.person_id)
        )
        rows = await self._statements.execute(playing)
        return [
            RoundPlayer(row.person_id, row.shown, row.hidden, int(row.score), int(row.paid), row.team_id, row.side)
            for row in rows
        ]

    async def side(self, number: int, person: int) -> str:
        """Return the name of the team for which somebody plays, empty where they play for themselves."""
        mine = select(round_players.c.side).where(
            round_players.c.round_id == number, round_players.c.person_id == person
        )
        return (await self._statements.execute(mine)).scalar_one_or_none() or ""

    async def missing(self, number: int, at: int) -> int:
        """Return how many of those who play have not answered a question."""
        answered = select(round_answers.c.person_id).where(*_key(number, at))
        playing = select(func.count()).select_from(round_players).where(round_players.c.round_id == number)
        left = playing.where(round_players.c.person_id.not_in(answered))
        return int((await self._statements.execute(left)).scalar_one())

    async def put(self, number: int, at: int, person: int, *, response: str, score: int, when: datetime) -> bool:
        """Keep an answer; false, and nothing kept, where this person has answered."""
        new = insert(self._statements, round_answers).values(
            round_id=number,
            number=at,
            person_id=person,
            response=response,
            score=score,
            at=when,
            points=0,
            settled=False,
            paid=0,
        )
        return (await self._statements.execute(new.on_conflict_do_nothing())).rowcount == 1

    async def get(self, number: int, at: int, person: int) -> RoundAnswer | None:
        """Return what somebody answered."""
        mine = _named().where(*_key(number, at), round_answers.c.person_id == person)
        row = (await self._statements.execute(mine)).one_or_none()
        return None if row is None else _answer(row)

    async def all(self, number: int, at: int) -> Sequence[RoundAnswer]:
        """Return the answers to a question, first first by the platform's clock."""
        rows = _named().where(*_key(number, at)).order_by(round_answers.c.at, round_answers.c.person_id)
        return [_answer(row) for row in await self._statements.execute(rows)]

    async def of(self, number: int, person: int) -> Sequence[RoundAnswer]:
        """Return what somebody answered in a round, by question."""
        mine = _named().where(round_answers.c.round_id == number, round_answers.c.person_id == person)
        return [_answer(row) for row in await self._statements.execute(mine.order_by(round_answers.c.number))]

    async def answerers(self, number: int) -> int:
        """Return how many people have answered something in a round."""
        people_ = select(func.count(round_answers.c.person_id.distinct())).where(round_answers.c.round_id == number)
        return int((await self._statements.execute(people_)).scalar_one())

    async def score(self, number: int, at: int, points: Mapping[int, int]) -> None:
        """Keep the points that people have for a question of a round."""
        if not points:
            return
        scored = update(round_answers).where(*_key(number, at), round_answers.c.person_id == bindparam("who"))
        rows = [{"who": person, "earned": earned} for person, earned in sorted(points.items())]
        await self._statements.execute(scored.values(points=bindparam("earned")), rows)

    async def unsettled(self, number: int, limit: int) -> Sequence[RoundAnswer]:
        """Return some answers to closed questions that are not settled, locked until the transaction ends."""
        of = and_(
            round_questions.c.round_id == round_answers.c.round_id, round_questions.c.number == round_answers.c.number
        )
        rows = (
            _named()
            .join(round_questions, of)
            .where(round_answers.c.round_id == number, round_answers.c.settled.is_(False))
            .where(round_questions.c.state == AskState.CLOSED)
            .order_by(round_answers.c.person_id, round_answers.c.number)
        )
        first = rows.limit(limit).with_for_update(of=[round_answers, people])
        return [_answer(row) for row in await self._statements.execute(first)]

    async def settle(self, number: int, at: int, person: int, paid: int, serving: int | None) -> None:
        """Keep what the ledger paid for an answer, perhaps nothing, and as which serving it counts."""
        mine = update(round_answers).where(*_key(number, at), round_answers.c.person_id == person)
        await self._statements.execute(mine.values(settled=True, paid=paid, serving_id=serving))


def _key(number: int, at: int) -> tuple[Any, Any]:
    return round_answers.c.round_id == number, round_answers.c.number == at


def _named() -> Select[Any]:
    named = select(round_answers, shown_name().label("shown"), people.c.hidden)
    return named.join(people, people.c.id == round_answers.c.person_id)


def _answer(row: Row[Any]) -> RoundAnswer:
    return RoundAnswer(
        round=row.round_id,
        number=row.number,
        person=row.person_id,
        name=row.shown,
        hidden=row.hidden,
        response=row.response,
        score=row.score,
        at=row.at,
        points=row.points,
        settled=row.settled,
        paid=row.paid,
        serving=row.serving_id,
    )
