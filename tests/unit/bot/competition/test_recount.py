"""Whatever people do, a competition's scores are what the ledger's rows sum to, and stay so after its end."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from adapters.storage.daily_tables import dailies, daily_answers
from adapters.storage.ledger_tables import ledger
from adapters.storage.tables import people
from bot.competing import CompetitionState
from bot.refs import Actor
from bot.teams import Team
from tests.support.contest_room import ADA, BOB, DAN, END, EVE, START, ContestRoom
from tests.support.daily_room import GRACE
from tests.support.databases import open_database
from tests.support.responder import Responded
from tests.support.room import answer_of, token_of
from tests.support.rows import differences

CROWD = (ADA, BOB, EVE, DAN)
HOUR = timedelta(hours=1)
ACTS = st.one_of(
    st.tuples(st.just("answer"), st.sampled_from(CROWD), st.booleans()),
    st.tuples(st.just("daily"), st.sampled_from(CROWD), st.booleans()),
    st.tuples(st.just("move"), st.sampled_from(CROWD), st.sampled_from([None, 0, 1])),
    st.tuples(st.just("pass"), st.sampled_from([1, 7, 25, 90]), st.booleans()),
    st.tuples(st.just("end"), st.just(GRACE), st.just(None)),
    st.tuples(st.just("start"), st.just(GRACE), st.just(None)),
)
VOIDS = st.lists(st.sampled_from(CROWD), max_size=3)


@dataclass
class Course:
    """What a test knows of a competition by itself: who is in which team, and the roster once it was locked."""

    teams: list[Team]
    members: dict[str, int | None]
    roster: frozenset[str] = frozenset()
    starts_at: datetime = START
    ends_at: datetime = END
    begun: bool = False
    final: dict[str, int] | None = None
    told: list[dict[str, int]] = field(default_factory=list)

    def begin(self, now: datetime) -> None:
        """Lock the roster, at the first act at or after the start."""
        if not self.begun and now >= self.starts_at:
            self.begun = True
            playing = {name for name, team in self.members.items() if team is not None}
            both = {self.members[name] for name in playing} == {0, 1}
            self.roster = frozenset(playing) if both else frozenset()


@settings(max_examples=8, phases=[Phase.generate])
@given(st.lists(ACTS, min_size=4, max_size=16), VOIDS)
def test_scores_are_what_the_rows_sum_to_and_final_ones_stay(
    acts: list[tuple[str, object, object]], voids: list[Actor]
) -> None:
    asyncio.run(_lived(acts, voids))


async def _lived(acts: list[tuple[str, object, object]], voids: list[Actor]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with open_database("sqlite", Path(folder)) as storage:
            room = ContestRoom(storage)
            teams = [await room.team("Foxes", ADA, BOB), await room.team("Owls", EVE, DAN)]
            known = Course(teams, {"Ada": 0, "Bob": 0, "Eve": 1, "Dan": 1})
            await room.create()
            for captain in (ADA, EVE):
                await room.command(captain, "compete join")
            await room.set_up("time:10:00 zone:UTC days:daily closes:24 catch_up:23h")
            for act in acts:
                await _do(room, known, *act)
                await _compare(room, known)
            await _end(room, known)
            await _compare(room, known)
            for who in voids:
                await _void(room, who)
                assert (await room.scores()) == await _recount(room, known)
            assert await differences(room.storage) == []


async def _do(room: ContestRoom, known: Course, what: str, first: object, second: object) -> None:
    room.clock.at += timedelta(seconds=1)  # no two acts are at the same instant
    now = room.clock.at
    if what == "pass":
        assert isinstance(first, int)
        room.clock.at += first * HOUR
        if second:  # else nobody runs meanwhile
            known.begin(room.clock.at)
            await room.work()
        return
    assert isinstance(first, Actor)
    if what == "answer":
        if second:
            known.begin(now)
        await room.answer(first, right=bool(second))
    elif what == "daily" and room.board.posts:
        await room.pressed(first, token_of(room.post.first, "False" if second else "True"))
    elif what == "move":
        known.begin(now)
        assert second is None or isinstance(second, int)
        await room.move(first, None if second is None else known.teams[second])
        known.members[first.name] = second
    elif what == "start":
        both = {team for team in known.members.values() if team is not None} == {0, 1}
        reply = await room.typed(GRACE, "compete start", "competition:1")  # what is refused locks no roster either
        assert isinstance(reply, Responded) == (now < known.starts_at and not known.begun and both)
        if isinstance(reply, Responded):
            known.starts_at = now
            known.begin(now)
    elif what == "end":
        await _end_now(room, known, now)


async def _end_now(room: ContestRoom, known: Course, now: datetime) -> None:
    reply = await room.typed(GRACE, "compete end", "competition:1")
    if isinstance(reply, Responded) and reply.message.title.startswith("End "):
        ended = await room.pressed(GRACE, token_of(answer_of(reply), "End it now"))
        assert isinstance(ended, Responded) == (now < known.ends_at)
        known.ends_at = min(now, known.ends_at)


async def _end(room: ContestRoom, known: Course) -> None:
    """Let everything end that has not."""
    while room.clock.at < known.ends_at or await room.state() in (CompetitionState.OPEN, CompetitionState.RUNNING):
        room.clock.at += 26 * HOUR
        known.begin(room.clock.at)
        await room.work()


async def _compare(room: ContestRoom, known: Course) -> None:
    scores = await room.scores()
    assert scores == await _recount(room, known)
    state = await room.state()
    assert (state is CompetitionState.OPEN) == (not known.begun)
    assert (state is CompetitionState.CANCELLED) == (known.begun and not known.roster)
    if state is CompetitionState.ENDED:
        known.final = known.final or scores
        assert scores == known.final


async def _void(room: ContestRoom, who: Actor) -> None:
    """Take back the latest points of somebody who has some that were not taken back."""
    now = room.clock.at
    async with room.storage.transaction() as work:
        grace, person = await work.people.enter(GRACE, now), await work.people.enter(who, now)
        entries = await work.ledger.entries(person.id, before=None, limit=99)
        paid = next((one for one in entries if one.points > 0 and not one.voided), None)
        if paid is not None:
            assert await work.ledger.void(paid.id, room.channel.workspace, grace.id, "a mistake", now)


async def _recount(room: ContestRoom, known: Course) -> dict[str, int]:
    """Sum up what people of the roster earned from the start on and before the end, by the rows alone."""
    paid = (
        select(ledger, people.c.name, dailies.c.closes_at)
        .join(people, people.c.id == ledger.c.person_id)
        .outerjoin(daily_answers, daily_answers.c.serving_id == ledger.c.serving_id)
        .outerjoin(dailies, dailies.c.id == daily_answers.c.daily_id)
    )
    async with room.rows.reading() as statements:
        rows = list(await statements.execute(paid))
    counted: Counter[str] = Counter(dict.fromkeys(known.roster, 0))
    earned = {row.id: row for row in rows if row.voids_id is None}
    for row in rows:
        origin = earned[row.voids_id] if row.voids_id is not None else row
        at = origin.closes_at or origin.at
        if origin.name in known.roster and known.starts_at <= at < known.ends_at:
            counted[row.name] += row.points
    return dict(counted)
