"""Who answers an event: of all processes that are told of one, the first to write its row."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import delete, select

from adapters.storage.statements import insert
from adapters.storage.tables import claims
from adapters.storage.work import SqlStorage
from bot.ports import Clock

KEPT = timedelta(days=1)
"""How long a claim is remembered: no platform repeats an event as late as that."""
AT_ONCE = 500
"""Claims that are written, or forgotten, in one statement."""

_Waiting = dict[str, list[asyncio.Future[bool]]]


class SqlClaims:
    """Takes events, each once.

    Everything that waits for the database's one writer is written together when its turn comes: in a crowd each event
    would otherwise queue, and commit, once for its claim and once more for what it does.
    """

    def __init__(self, storage: SqlStorage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock
        self._waiting: _Waiting = {}
        self._writer: asyncio.Task[None] | None = None

    async def take(self, event: str) -> bool:
        """Take an event; true for one caller alone, whatever process they are in."""
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(event, []).append(answer)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        return await answer

    async def trim(self) -> int:
        """Forget claims of events that cannot come again; return how many."""
        async with self._storage.writing() as statements:
            old = select(claims.c.event).where(claims.c.at < self._clock.now() - KEPT).limit(AT_ONCE)
            return (await statements.execute(delete(claims).where(claims.c.event.in_(old)))).rowcount

    async def _write(self) -> None:
        while self._waiting:
            batch: _Waiting = {}
            try:
                async with self._storage.writing() as statements:
                    batch = self._next()
                    # Two processes that write the same events in another order would wait for each other for ever.
                    rows = [{"event": event, "at": self._clock.now()} for event in sorted(batch)]
                    new = insert(statements, claims).values(rows).on_conflict_do_nothing().returning(claims.c.event)
                    taken = set((await statements.execute(new)).scalars())
            except Exception as error:  # whoever waits is told; the next to come tries again
                for answer in _all_of(batch or self._next()):
                    answer.set_exception(error)
                continue
            for event, answers in batch.items():
                for place, answer in enumerate(answers):
                    if not answer.done():
                        answer.set_result(event in taken and place == 0)

    def _next(self) -> _Waiting:
        return {event: self._waiting.pop(event) for event in list(self._waiting)[:AT_ONCE]}


def _all_of(batch: _Waiting) -> list[asyncio.Future[bool]]:
    return [answer for answers in batch.values() for answer in answers if not answer.done()]
