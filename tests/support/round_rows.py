"""Rows of live rounds written through the port; whatever a test does not care about has a default."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.persons import Person
from bot.ports import Storage
from bot.refs import ChannelRef
from bot.rounds import Round, Terms
from tests.support import rows
from tests.support.world import MONDAY, STUDY


async def begin(storage: Storage, *, channel: ChannelRef = STUDY, terms: Terms | None = None) -> int:
    """Keep a round that Grace started, and return its id."""
    grace = await rows.enter(storage, "Grace")
    async with storage.transaction() as work:
        number = await work.rounds.add(channel, grace.id, terms or Terms(), MONDAY)
    assert number is not None
    return number


async def get(storage: Storage, number: int) -> Round:
    """Return a round as it is kept."""
    async with storage.snapshot() as work:
        found = await work.rounds.get(number)
    assert found is not None
    return found


async def ask(
    storage: Storage,
    number: int,
    at: int,
    *,
    question: str = "cn-stride",
    revision: str = "0badf00d",
    seed: int = 0,
    order: Sequence[int] = (),
    opens_at: datetime = MONDAY,
) -> None:
    """Keep what a round asks next."""
    async with storage.transaction() as work:
        await work.rounds.ask(
            number,
            at,
            question=question,
            revision=revision,
            seed=seed,
            order=order,
            opens_at=opens_at,
            closes_at=opens_at + timedelta(seconds=30),
        )


async def join(storage: Storage, number: int, person: Person, now: datetime = MONDAY) -> bool:
    """Let somebody play."""
    async with storage.transaction() as work:
        return await work.round_answers.join(number, person.id, now)


async def answer(
    storage: Storage,
    number: int,
    at: int,
    person: Person,
    *,
    response: str = "T",
    score: int = 1000,
    when: datetime = MONDAY,
) -> bool:
    """Answer a question of a round."""
    async with storage.transaction() as work:
        return await work.round_answers.put(number, at, person.id, response=response, score=score, when=when)
