"""The use case: people start rounds, join them, stop them, and ask how one stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.errors import AlreadyDone, BadInput, Expired, NotAllowed, NothingFound
from bot.persons import Person
from bot.ports import Clock, Storage, UnitOfWork
from bot.posting import Posting
from bot.practice.access import held_in
from bot.practice.quality import Quality
from bot.practice.service import Rules
from bot.practice.streaks import enter
from bot.quiz.running import REFRESH, Running, ask_refresh, join, wake
from bot.refs import Actor, ChannelRef, Role, WorkspaceRef
from bot.rounds import Ending, Mode, Round, RoundPlayer, RoundState, Terms


@dataclass(frozen=True, slots=True)
class Started:
    """A round that was started; ``wanted`` questions were asked for, of which there may be fewer."""

    terms: Terms
    wanted: int


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody plays in a round: ``new`` if they did not before, ``side`` is their team, empty without one."""

    mode: Mode
    new: bool
    side: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A round as it stands."""

    round: Round
    players: Sequence[RoundPlayer]


class Hosting:
    """Lets people run rounds; what comes of it happens by itself."""

    def __init__(
        self, storage: Storage, clock: Clock, posting: Posting, running: Running, quality: Quality, rules: Rules
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._posting = posting
        self._running = running
        self._quality = quality
        self._calendar = rules.calendar

    async def start(self, actor: Actor, channel: ChannelRef, terms: Terms) -> Started:
        """Start a round in a channel; of several at once one does.

        Raises AlreadyDone where one is under way, NothingFound where no question fits, and BadInput where Warmup
        cannot post.
        """
        obstacle = await self._posting.obstacle(channel)
        if obstacle:
            raise BadInput(obstacle, "Then type `/quiz start` again.")
        known, now = await self._quality.known(), self._clock.now()
        async with self._storage.transaction() as work:
            person = await enter(work, actor, now, self._calendar)
            held = await held_in(work, channel.workspace)
            count = len(self._running.pool(terms, channel.workspace, known, held))
            if not count:
                raise NothingFound("No question fits that.", "Try `/quiz start` with another topic or level.")
            played = replace(terms, questions=min(terms.questions, count))
            number = await work.rounds.add(channel, person.id, played, now)
            if number is None:
                raise await _under_way(work, channel)
            await work.errands.add(f"round:{number}", "round", channel.workspace.platform, number, now)
        return Started(played, terms.questions)

    async def join(self, actor: Actor, here: WorkspaceRef, number: int) -> Joined:
        """Let somebody play in a round.

        Raises Expired.
        """
        now = self._clock.now()
        async with self._storage.transaction() as work:
            person = await enter(work, actor, now, self._calendar)
            of = living(await work.rounds.latch(number), here)
            joined = await join(work, of, person.id, now)
            side = await work.round_answers.side(number, person.id)
            if joined:
                await ask_refresh(work, of, now + REFRESH)
        return Joined(of.terms.mode, joined, side)

    async def begin(self, actor: Actor, here: WorkspaceRef, number: int) -> None:
        """Let a round begin before its lobby ends.

        Raises Expired, NotAllowed, or NothingFound where nobody has joined.
        """
        now = self._clock.now()
        async with self._storage.transaction() as work:
            person = await enter(work, actor, now, self._calendar)
            of = living(await work.rounds.latch(number), here)
            _expect_host(of, actor, person)
            if of.state is not RoundState.LOBBY:
                raise AlreadyDone("The round has begun already.", "Answer its questions in the channel.")
            if not await work.round_answers.players(number):
                raise NothingFound("Nobody has joined yet.", "Press Join, or wait for somebody who does.")
            await work.rounds.wait(number, now)
            await wake(work, number, now)

    async def halt(self, actor: Actor, here: WorkspaceRef, number: int) -> None:
        """Stop a round.

        Raises Expired or NotAllowed.
        """
        now = self._clock.now()
        async with self._storage.transaction() as work:
            person = await enter(work, actor, now, self._calendar)
            await self._stop(work, living(await work.rounds.latch(number), here), actor, person)

    async def stop(self, actor: Actor, channel: ChannelRef) -> None:
        """Stop the round of a channel.

        Raises NothingFound or NotAllowed.
        """
        now = self._clock.now()
        async with self._storage.transaction() as work:
            person = await enter(work, actor, now, self._calendar)
            there = await work.rounds.living(channel)
            of = None if there is None else await work.rounds.latch(there.id)
            if of is None or not of.living:
                raise NothingFound("There is no round here.", "Start one with `/quiz start`.")
            await self._stop(work, of, actor, person)

    async def status(self, channel: ChannelRef) -> Standing | None:
        """Return how the round of a channel stands; None where there is none."""
        async with self._storage.snapshot() as work:
            of = await work.rounds.living(channel)
            return None if of is None else Standing(of, await work.round_answers.players(of.id))

    async def _stop(self, work: UnitOfWork, of: Round, actor: Actor, person: Person) -> None:
        _expect_host(of, actor, person)
        now = self._clock.now()
        if not await work.rounds.end(of.id, Ending.STOPPED, now):
            raise AlreadyDone("The round is ending already.", "Its result comes in a moment.")
        await wake(work, of.id, now)


def living(of: Round | None, here: WorkspaceRef) -> Round:
    """Return a round that goes on in a workspace.

    Raises Expired.
    """
    if of is None or of.channel.workspace != here or not of.living:
        raise Expired("This round is over.", "Start another with `/quiz start`.")
    return of


def _expect_host(of: Round, actor: Actor, person: Person) -> None:
    if of.host != person.id and actor.role < Role.MODERATOR:
        raise NotAllowed("Only who started the round and moderators can do this.", "Ask one of them.")


async def _under_way(work: UnitOfWork, channel: ChannelRef) -> AlreadyDone:
    of = await work.rounds.living(channel)
    if of is None or of.state is RoundState.LOBBY:
        return AlreadyDone("A round is about to begin here.", "Press Join under its post.")
    if of.state is RoundState.ENDING:
        return AlreadyDone("A round is just ending here.", "Type `/quiz start` again in a moment.")
    return AlreadyDone(
        f"A round is under way here, at question {of.number} of {of.terms.questions}.",
        "Answer its questions to join; `/quiz status` shows how it stands.",
    )
