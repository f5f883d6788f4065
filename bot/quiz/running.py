"""How a round moves on: from its lobby through its questions to its end, one step at a time.

Every step is part of its caller's transaction, latches the round, and returns when the next one is due; None once
there is none. Whoever comes twice, or after a crash, finds what was done and goes on from there.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from bot.ports import UnitOfWork
from bot.practice.access import held_in
from bot.practice.quality import Known
from bot.quiz.asked import find_asked, graded
from bot.quiz.drawing import Candidate, choose, playable, seed_for
from bot.quiz.scoring import Given, scores
from bot.refs import MessageRef, WorkspaceRef
from bot.rounds import AskState, Ending, Mode, Round, RoundQuestion, RoundState, Terms
from questions.bank import Bank, Filter
from questions.draw import shown_order

LOBBY = timedelta(seconds=30)
GRACE = timedelta(seconds=1)
"""How much later than the close an answer may have been given, by the platform's clock."""
SEAL = timedelta(seconds=2)
"""How long after the close answers in time may still arrive."""
LONGEST_SEAL = timedelta(seconds=10)
"""How long after the close at most, where answers come so many at once that they queue up."""
SOON = timedelta(seconds=1)
"""How long a question goes on that everybody has answered, or somebody was right in first."""
PAUSE = timedelta(seconds=8)
"""How long a result can be read before the next question comes."""
REFRESH = timedelta(seconds=2)
"""How long a post waits for more to show before it is edited."""
IDLE = 3
"""Questions in a row that nobody answers before a round stops."""
PAYING = 2
"""People who must have answered before a round pays points."""
RIGHT = 1000
"""The thousandths of an answer that is all right."""
HELD = (AskState.POSTING, AskState.OPEN)


async def wake(work: UnitOfWork, number: int, at: datetime) -> None:
    """Let a round move on at an instant; where it is just doing so, that step sees what was kept."""
    await work.errands.move(f"round:{number}", at)


async def ask_refresh(work: UnitOfWork, of: Round, at: datetime) -> None:
    """Have what stands of a round brought up to date; whatever changes until then is shown with it."""
    await work.errands.again(f"round-refresh:{of.id}", "round-refresh", of.channel.workspace.platform, of.id, at)


async def join(work: UnitOfWork, of: Round, person: int, now: datetime) -> bool:
    """Let somebody play, for their team where teams play; false if they do already."""
    team = await work.teams.of(of.channel.workspace, person) if of.terms.mode is Mode.TEAMS else None
    if team is None:
        return await work.round_answers.join(of.id, person, now)
    return await work.round_answers.join(of.id, person, now, team=team.id, side=team.label)


async def nothing_to_wait_for(work: UnitOfWork, of: Round, at: int) -> bool:
    """Tell whether a question can close: all who play have answered, or in that mode somebody was right."""
    if of.terms.mode is Mode.FIRST and any(one.score == RIGHT for one in await work.round_answers.all(of.id, at)):
        return True
    return await work.round_answers.missing(of.id, at) == 0


async def close_soon(work: UnitOfWork, of: Round, at: int, now: datetime) -> datetime:
    """Let an open question close at once; answers that are on their way still count. Return when it is sealed."""
    due = min(of.due_at, now + SOON)
    await work.rounds.shorten(of.id, at, now)
    await work.rounds.wait(of.id, due)
    return due


class Running:
    """Moves rounds on."""

    def __init__(self, bank: Bank, chance: random.Random) -> None:
        self._bank = bank
        self._chance = chance

    def pool(self, terms: Terms, workspace: WorkspaceRef, known: Known, held: frozenset[str]) -> list[Candidate]:
        """Return what a round with these terms can ask in a workspace."""
        return playable(known.pool(self._bank, Filter(terms.topic, terms.level), workspace), held)

    async def lobby_posted(self, work: UnitOfWork, number: int, message: MessageRef, ends_at: datetime) -> datetime:
        """Keep that the lobby is there."""
        of = await _latched(work, number)
        due = ends_at if of.state is RoundState.LOBBY else of.due_at
        await work.rounds.posted(number, message, due)
        if await work.round_answers.players(number):  # who joined before it was known to be there
            await ask_refresh(work, of, ends_at - LOBBY + REFRESH)
        return due

    async def go_on(self, work: UnitOfWork, number: int, now: datetime, known: Known) -> datetime | None:
        """Ask the next question, or end: after the last, where nobody plays, and where there is none to ask."""
        of = await _latched(work, number)
        if of.state not in (RoundState.LOBBY, RoundState.SHOWING):
            return of.due_at if of.living else None
        ending = await self._ending(work, of)
        if ending is None:
            held = await held_in(work, of.channel.workspace)
            used = {one.question for one in await work.rounds.questions(number)}
            pool = self.pool(of.terms, of.channel.workspace, known, held)
            drawn = choose(pool, await work.rounds.asked(of.channel), used, self._chance)
            if drawn is not None:
                await self._ask(work, of, drawn, now)
                return now
            ending = Ending.SHORT
        await work.rounds.end(number, ending, now)
        return now

    async def opened(
        self, work: UnitOfWork, ask: RoundQuestion, message: MessageRef, now: datetime, *, reopened: bool
    ) -> datetime:
        """Keep that a question stands in its channel and is open from now on, for its full time."""
        of = await _latched(work, ask.round)
        closes_at = now + timedelta(seconds=of.terms.seconds)
        await work.rounds.opened(of.id, ask.number, message, now, closes_at, reopened=reopened)
        if of.state is not RoundState.ASKING:  # it was stopped meanwhile
            return of.due_at
        await work.rounds.wait(of.id, closes_at + SEAL)
        if reopened or await work.round_answers.all(of.id, ask.number):  # who answered before it was known to be there
            await ask_refresh(work, of, now)
        if not await nothing_to_wait_for(work, of, ask.number):
            return closes_at + SEAL
        await work.rounds.shorten(of.id, ask.number, now)
        await work.rounds.wait(of.id, now + SOON)
        return now + SOON

    async def can_reopen(self, work: UnitOfWork, of: Round, ask: RoundQuestion) -> bool:
        """Tell whether people have missed the time that an open question had, and get it once more."""
        full = ask.closes_at - ask.opened_at >= timedelta(seconds=of.terms.seconds)
        return full and not ask.reopened and not await nothing_to_wait_for(work, of, ask.number)

    async def seal(self, work: UnitOfWork, number: int, now: datetime) -> datetime:
        """Take no more answers to the open question and score those that are in; of several who come one does."""
        of = await _latched(work, number)
        ask = await work.rounds.question(number, of.number)
        if of.state is not RoundState.ASKING or ask is None or now < of.due_at:  # stopped, or answers queue up
            return of.due_at
        asked = find_asked(self._bank, of, ask)
        state = AskState.CLOSED if asked else AskState.DISCARDED  # nobody can say any more what was right
        if await work.rounds.turn(number, ask.number, HELD, state) and asked:
            answers = graded(asked.question, await work.round_answers.all(number, ask.number))
            given = [Given(one.answer.person, one.graded.grade.credit, one.answer.at) for one in answers]
            await work.round_answers.score(number, ask.number, scores(asked.question.level, of.terms, ask, given))
            if not of.paying and await work.round_answers.answerers(number) >= PAYING:
                await work.rounds.pay(number)
        await work.rounds.move(number, [RoundState.ASKING], RoundState.SHOWING, now)
        return now

    async def told(self, work: UnitOfWork, number: int, at: int, now: datetime) -> datetime:
        """Keep that a result was told; the next question comes once it could be read."""
        of = await _latched(work, number)
        await work.rounds.told(number, at)
        if of.state is not RoundState.SHOWING:
            return of.due_at
        await work.rounds.wait(number, now + PAUSE)
        return now + PAUSE

    async def discard(self, work: UnitOfWork, number: int) -> None:
        """Let the question that is open count for nobody, since its time was not over."""
        of = await _latched(work, number)
        await work.rounds.turn(number, of.number, HELD, AskState.DISCARDED)

    async def _ending(self, work: UnitOfWork, of: Round) -> Ending | None:
        """Return why nothing more is asked."""
        if of.number == 0:
            return None if await work.round_answers.players(of.id) else Ending.NOBODY
        if of.number >= of.terms.questions:
            return Ending.PLAYED
        last = [one for one in await work.rounds.questions(of.id) if one.state is AskState.CLOSED][-IDLE:]
        answered = [one for one in last if await work.round_answers.all(of.id, one.number)]
        return Ending.IDLE if len(last) == IDLE and not answered else None

    async def _ask(self, work: UnitOfWork, of: Round, drawn: Candidate, now: datetime) -> None:
        number = of.number + 1
        seed = seed_for(drawn.id, of.id, number) if drawn.id in self._bank.families else 0
        question = self._bank.find(drawn.id, seed)
        assert question is not None
        await work.rounds.ask(
            of.id,
            number,
            question=question.id,
            revision=question.revision,
            seed=seed,
            order=shown_order(question, self._chance),
            opens_at=now,
            closes_at=now + timedelta(seconds=of.terms.seconds),
        )
        await work.rounds.move(of.id, [of.state], RoundState.ASKING, now, number)


async def _latched(work: UnitOfWork, number: int) -> Round:
    of = await work.rounds.latch(number)
    assert of is not None
    return of
