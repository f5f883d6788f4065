"""Live rounds and their questions, in the database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, exists, func, or_, select, update

from adapters.storage.places import channel_of, message_of
from adapters.storage.round_tables import round_answers, round_questions, rounds
from adapters.storage.shown_names import shown_name
from adapters.storage.statements import Statements, insert
from adapters.storage.tables import people
from bot.refs import ChannelRef, MessageRef, WorkspaceRef
from bot.rounds import AskState, Ending, Mode, Round, RoundQuestion, RoundState, Terms

_LIVING = (RoundState.LOBBY, RoundState.ASKING, RoundState.SHOWING, RoundState.ENDING)
_GOING_ON = (RoundState.LOBBY, RoundState.ASKING, RoundState.SHOWING)
_HELD = (AskState.POSTING, AskState.OPEN)


class SqlRounds:
    """The Rounds port."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def add(self, channel: ChannelRef, host: int, terms: Terms, now: datetime) -> int | None:
        """Keep a new round, in its lobby and due now, and return its id; None where one lives in the channel."""
        row = {
            "place": _place(channel),
            "workspace": channel.workspace.key,
            "channel": channel.id,
            "channel_thread": channel.thread,
            "host_id": host,
            "topic": terms.topic,
            "level": terms.level,
            "questions": terms.questions,
            "seconds": terms.seconds,
            "mode": terms.mode,
            "speed": terms.speed,
            "state": RoundState.LOBBY,
            "number": 0,
            "due_at": now,
            "message_channel": "",
            "message": "",
            "ending": "",
            "paying": False,
            "made_at": now,
        }
        new = insert(self._statements, rounds).on_conflict_do_nothing(index_elements=["place"])
        return (await self._statements.execute(new.returning(rounds.c.id), row)).scalar_one_or_none()

    async def get(self, number: int) -> Round | None:
        """Return a round."""
        return await self._one(_named().where(rounds.c.id == number))

    async def latch(self, number: int) -> Round | None:
        """Return a round, locked: until the transaction ends nobody else answers in it or moves it on."""
        return await self._one(_named().where(rounds.c.id == number).with_for_update(of=rounds))

    async def living(self, channel: ChannelRef) -> Round | None:
        """Return the round that lives in a channel."""
        return await self._one(_named().where(rounds.c.place == _place(channel)))

    async def move(
        self, number: int, expected: Collection[RoundState], state: RoundState, due_at: datetime, at: int | None = None
    ) -> bool:
        """Move on to another state, and with ``at`` to a question; false if it is in none of the expected ones."""
        moved = update(rounds).where(rounds.c.id == number, rounds.c.state.in_(expected))
        moved = moved.values(state=state, due_at=due_at, **({} if at is None else {"number": at}))
        return (await self._statements.execute(moved)).rowcount == 1

    async def wait(self, number: int, due_at: datetime) -> None:
        """Keep when it moves on by itself."""
        await self._statements.execute(update(rounds).where(rounds.c.id == number).values(due_at=due_at))

    async def posted(self, number: int, message: MessageRef, due_at: datetime) -> None:
        """Keep which message its lobby is, and when that ends."""
        kept = update(rounds).where(rounds.c.id == number)
        values = {"message_channel": message.channel.id, "message": message.id, "due_at": due_at}
        await self._statements.execute(kept.values(**values))

    async def end(self, number: int, ending: Ending, due_at: datetime) -> bool:
        """Let it end for a reason; false where it is ending already."""
        ended = update(rounds).where(rounds.c.id == number, rounds.c.state.in_(_GOING_ON))
        ended = ended.values(state=RoundState.ENDING, ending=ending, due_at=due_at)
        return (await self._statements.execute(ended)).rowcount == 1

    async def close(self, number: int) -> None:
        """Keep that it has ended: its channel is free for another."""
        closed = update(rounds).where(rounds.c.id == number)
        await self._statements.execute(closed.values(state=RoundState.ENDED, place=f"ended:{number}"))

    async def pay(self, number: int) -> None:
        """Keep that its answers earn points."""
        await self._statements.execute(update(rounds).where(rounds.c.id == number).values(paying=True))

    async def ask(
        self,
        number: int,
        at: int,
        *,
        question: str,
        revision: str,
        seed: int,
        order: Sequence[int],
        opens_at: datetime,
        closes_at: datetime,
    ) -> None:
        """Keep what it asks next, about to be posted."""
        row = {
            "round_id": number,
            "number": at,
            "state": AskState.POSTING,
            "question": question,
            "revision": revision,
            "seed": seed,
            "shown_order": "".join(map(str, order)),
            "opened_at": opens_at,
            "closes_at": closes_at,
            "reopened": False,
            "told": False,
            "message_channel": "",
            "message": "",
        }
        await self._statements.execute(insert(self._statements, round_questions), row)

    async def question(self, number: int, at: int) -> RoundQuestion | None:
        """Return one of its questions."""
        row = (await self._statements.execute(_asked(number).where(round_questions.c.number == at))).one_or_none()
        return None if row is None else _question(row)

    async def questions(self, number: int) -> Sequence[RoundQuestion]:
        """Return what it has asked so far, first first."""
        rows = await self._statements.execute(_asked(number).order_by(round_questions.c.number))
        return [_question(row) for row in rows]

    async def opened(
        self, number: int, at: int, message: MessageRef, opened_at: datetime, closes_at: datetime, *, reopened: bool
    ) -> None:
        """Keep which message a question is, and that it is open for a time."""
        kept = update(round_questions).where(*_key(number, at), round_questions.c.state.in_(_HELD))
        await self._statements.execute(
            kept.values(
                state=AskState.OPEN,
                message_channel=message.channel.id,
                message=message.id,
                opened_at=opened_at,
                closes_at=closes_at,
                reopened=reopened,
            )
        )

    async def shorten(self, number: int, at: int, closes_at: datetime) -> None:
        """Let an open question close earlier."""
        longer = update(round_questions).where(*_key(number, at), round_questions.c.closes_at > closes_at)
        await self._statements.execute(longer.values(closes_at=closes_at))

    async def turn(self, number: int, at: int, expected: Collection[AskState], state: AskState) -> bool:
        """Move a question on to another state; false if it is in none of the expected ones."""
        turned = update(round_questions).where(*_key(number, at), round_questions.c.state.in_(expected))
        return (await self._statements.execute(turned.values(state=state))).rowcount == 1

    async def told(self, number: int, at: int) -> None:
        """Keep that the result of a question was told."""
        await self._statements.execute(update(round_questions).where(*_key(number, at)).values(told=True))

    async def asked(self, channel: ChannelRef) -> Mapping[str, datetime]:
        """Return when each question was last asked in the rounds of a channel."""
        there = (
            select(round_questions.c.question, func.max(round_questions.c.opened_at).label("last"))
            .join(rounds, rounds.c.id == round_questions.c.round_id)
            .where(rounds.c.workspace == channel.workspace.key, rounds.c.channel == channel.id)
            .group_by(round_questions.c.question)
        )
        return {row.question: row.last for row in await self._statements.execute(there)}

    async def held(self, workspace: WorkspaceRef) -> frozenset[str]:
        """Return the questions that are open in rounds of a workspace, and those about to be posted."""
        there = (
            select(round_questions.c.question)
            .join(rounds, rounds.c.id == round_questions.c.round_id)
            .where(rounds.c.workspace == workspace.key, rounds.c.state.in_(_LIVING))
            .where(round_questions.c.state.in_(_HELD))
        )
        return frozenset((await self._statements.execute(there)).scalars())

    async def unpaid_before(self, workspace: WorkspaceRef, before: datetime) -> bool:
        """Tell whether a round that goes on has a question that closes before an instant and is not paid yet."""
        unpaid = exists().where(
            round_answers.c.round_id == round_questions.c.round_id,
            round_answers.c.number == round_questions.c.number,
            round_answers.c.settled.is_(False),
        )
        there = (
            select(round_questions.c.number)
            .join(rounds, rounds.c.id == round_questions.c.round_id)
            .where(rounds.c.workspace == workspace.key, rounds.c.state.in_(_LIVING))
            .where(round_questions.c.closes_at < before, round_questions.c.state != AskState.DISCARDED)
            .where(or_(round_questions.c.state.in_(_HELD), unpaid))
        )
        return (await self._statements.execute(there.limit(1))).first() is not None

    async def _one(self, statement: Select[Any]) -> Round | None:
        row = (await self._statements.execute(statement)).one_or_none()
        return None if row is None else _round(row)


def _place(channel: ChannelRef) -> str:
    return f"{channel.workspace.key}/{channel.id}/{channel.thread}"


def _key(number: int, at: int) -> tuple[Any, Any]:
    return round_questions.c.round_id == number, round_questions.c.number == at


def _named() -> Select[Any]:
    return select(rounds, shown_name().label("shown"), people.c.hidden).join(people, people.c.id == rounds.c.host_id)


def _asked(number: int) -> Select[Any]:
    where = (rounds.c.workspace, rounds.c.channel, rounds.c.channel_thread)
    joined = select(round_questions, *where).join(rounds, rounds.c.id == round_questions.c.round_id)
    return joined.where(round_questions.c.round_id == number)


def _round(row: Row[Any]) -> Round:
    return Round(
        id=row.id,
        channel=channel_of(row),
        host=row.host_id,
        host_name="" if row.hidden else row.shown,
        terms=Terms(row.topic, row.level, row.questions, row.seconds, Mode(row.mode), row.speed),
        state=RoundState(row.state),
        number=row.number,
        due_at=row.due_at,
        message=message_of(row),
        ending=Ending(row.ending) if row.ending else None,
        paying=row.paying,
    )


def _question(row: Row[Any]) -> RoundQuestion:
    return RoundQuestion(
        round=row.round_id,
        number=row.number,
        state=AskState(row.state),
        question=row.question,
        revision=row.revision,
        seed=row.seed,
        order=tuple(map(int, row.shown_order)),
        opened_at=row.opened_at,
        closes_at=row.closes_at,
        reopened=row.reopened,
        told=row.told,
        message=message_of(row),
    )
