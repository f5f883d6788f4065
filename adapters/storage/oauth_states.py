"""Installations under way: the state that a browser brings back, good once; only its digest is kept."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlalchemy import delete, insert, select

from adapters.storage.tables import oauth_states
from adapters.storage.work import SqlStorage
from bot.ports import Clock

AT_ONCE = 500
"""States that are forgotten in one statement."""


class SqlOAuthStates:
    """The OAuthStates protocol."""

    def __init__(self, storage: SqlStorage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    async def issue(self, state: str, seconds: int) -> None:
        """Keep that a state is good for so many seconds."""
        expires = self._clock.now() + timedelta(seconds=seconds)
        async with self._storage.writing() as statements:
            await statements.execute(insert(oauth_states).values(digest=_digest(state), expires_at=expires))

    async def consume(self, state: str) -> bool:
        """Use a state up; true for one caller alone, and for none when it ran out or was never issued."""
        async with self._storage.writing() as statements:
            good = oauth_states.c.digest == _digest(state), oauth_states.c.expires_at > self._clock.now()
            used = delete(oauth_states).where(*good).returning(oauth_states.c.digest)
            return (await statements.execute(used)).one_or_none() is not None

    async def trim(self) -> int:
        """Forget states that ran out; return how many."""
        async with self._storage.writing() as statements:
            gone = select(oauth_states.c.digest).where(oauth_states.c.expires_at <= self._clock.now()).limit(AT_ONCE)
            return (await statements.execute(delete(oauth_states).where(oauth_states.c.digest.in_(gone)))).rowcount


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
