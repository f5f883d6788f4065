"""What is done for live rounds: the lobby, each question, its close and its result, and the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.errands import Errand
from bot.errors import Forbidden, Gone, PlatformError
from bot.features.quiz_result_view import answer_message, bars_of, end_message, podium_of, withdrawn_message
from bot.features.quiz_view import ask_message, lobby_message
from bot.features.services import Services
from bot.message import Message
from bot.pictures import podium_picture, spread_picture
from bot.ports import Clock, Storage
from bot.quiz.asked import Asked
from bot.quiz.results import Scene
from bot.quiz.running import LOBBY
from bot.refs import MessageRef
from bot.rounds import AskState, Ending, Round, RoundState
from scheduler.errands import Handler

LATE = timedelta(seconds=5)
"""How much later than its close a question is sealed at most without people having missed the time they had."""
AWAY = timedelta(minutes=10)
"""How long a round waits for a process that is away, or for a platform that takes nothing."""
EDITS_TRIED = 3
"""Attempts after which a round goes on though a post cannot be edited."""

log = structlog.get_logger(__name__)


class RoundErrands:
    """The handlers of errands about rounds; each step is one errand, done again whole where it was broken off."""

    def __init__(self, storage: Storage, services: Services, clock: Clock) -> None:
        self._storage = storage
        self._services = services
        self._running = services.running
        self._clock = clock

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """Return each handler by the kind of errand that it does."""
        return {"round": self.advance, "round-refresh": self.refresh}

    async def advance(self, errand: Errand, owner: str) -> None:
        """Move a round on by one step; where its channel cannot be posted to it ends."""
        scene = await self._services.round_results.scene(errand.subject)
        if scene is None or not scene.round.living:
            await self._finish(errand, owner, None)
            return
        of, now = scene.round, self._clock.now()
        if of.state is not RoundState.ENDING and now - of.due_at > AWAY:
            await self._end(errand, owner, Ending.AWAY)
            return
        steps = {
            RoundState.LOBBY: self._lobby,
            RoundState.ASKING: self._ask,
            RoundState.SHOWING: self._show,
            RoundState.ENDING: self._close,
        }
        try:
            await steps[of.state](errand, owner, scene)
        except (Gone, Forbidden) as error:
            log.warning("round ended", round=of.id, kind=type(error).__name__)
            await self._end(errand, owner, Ending.GONE)

    async def refresh(self, errand: Errand, owner: str) -> None:
        """Show on the lobby who has joined, or on the open question who has answered."""
        scene = await self._services.round_results.scene(errand.subject)
        while scene is not None and _changes(scene):
            number = 0 if scene.ask is None else scene.ask.number
            await self._edit(scene)
            after = await self._services.round_results.scene(errand.subject, number)
            if after is None or _phase(after) == _phase(scene):
                break
            await self._edit(after)  # what closed meanwhile must not look open
            scene = after
        await self._finish(errand, owner, None)

    async def _lobby(self, errand: Errand, owner: str, scene: Scene) -> None:
        of = scene.round
        if of.message is not None:
            await self._next(errand, owner)
            return
        ends_at = self._clock.now() + LOBBY
        message = lobby_message(replace(of, due_at=ends_at), scene.players, self._services.bank.taxonomy)
        sent = await self._send(errand, of, message, "lobby")
        async with self._storage.transaction() as work:
            at = await self._running.lobby_posted(work, of.id, sent, ends_at)
            await work.errands.finish(errand, owner, self._clock.now(), at)

    async def _ask(self, errand: Errand, owner: str, scene: Scene) -> None:
        """Post the question, or seal it once its time is over; give the time again that people have missed."""
        of, ask, now = scene.round, scene.ask, self._clock.now()
        if ask is not None and ask.state is AskState.POSTING and scene.asked is not None:
            await self._post(errand, owner, scene, scene.asked)
            return
        if ask is not None and ask.message is not None and now < of.due_at:
            await self._finish(errand, owner, of.due_at)
            return
        async with self._storage.transaction() as work:
            stands = ask.message if ask is not None and scene.asked is not None else None
            missed = stands is not None and now - of.due_at > LATE
            if missed and ask and stands and await self._running.can_reopen(work, of, ask):
                at = await self._running.opened(work, ask, stands, now, reopened=True)
            else:
                at = await self._running.seal(work, of.id, now)
            await work.errands.finish(errand, owner, now, at)

    async def _post(self, errand: Errand, owner: str, scene: Scene, asked: Asked) -> None:
        of, ask = scene.round, asked.ask
        if ask.number == 1:
            await self._close_lobby(of.id)
        reopened = errand.attempts > 1  # it may stand there since an earlier attempt
        closes_at = self._clock.now() + timedelta(seconds=of.terms.seconds)
        fresh = replace(asked, ask=replace(ask, closes_at=closes_at, reopened=reopened))
        sent = await self._send(errand, of, ask_message(scene, fresh, self._services.bank.taxonomy), f"q{ask.number}")
        now = self._clock.now()  # sending may have taken a while, and everybody has their full time
        async with self._storage.transaction() as work:
            at = await self._running.opened(work, ask, sent, now, reopened=reopened)
            await work.errands.finish(errand, owner, now, at)

    async def _close_lobby(self, number: int) -> None:
        """Take the controls off the lobby; the round does not wait for it, since whoever presses them is told."""
        lobby = await self._services.round_results.scene(number, 0)
        try:
            if lobby is not None:
                await self._edit(lobby)
        except PlatformError as error:
            log.warning("lobby not marked as closed", round=number, kind=type(error).__name__)

    async def _show(self, errand: Errand, owner: str, scene: Scene) -> None:
        """Show on a question that it is closed, settle what the round pays, and tell the result."""
        of, ask, asked = scene.round, scene.ask, scene.asked
        if ask is None or ask.told:
            await self._next(errand, owner)
            return
        await self._mark_closed(errand, scene)
        if of.paying:
            await self._services.round_settling.settle(of)
        message = withdrawn_message(of)
        if asked is not None and ask.state is AskState.CLOSED:
            message = answer_message(scene, asked, await self._picture(scene))
        await self._send(errand, of, message, f"a{of.number}")
        async with self._storage.transaction() as work:
            at = await self._running.told(work, of.id, of.number, self._clock.now())
            await work.errands.finish(errand, owner, self._clock.now(), at)

    async def _close(self, errand: Errand, owner: str, scene: Scene) -> None:
        """End a round: what was open counts for nobody, what had closed is settled, and the result is told."""
        of = scene.round
        async with self._storage.transaction() as work:
            await self._running.discard(work, of.id)
        after = await self._services.round_results.scene(of.id) or scene
        try:
            if not (self._given_up(of) or (after.ask and after.ask.told)):
                await self._mark_closed(errand, after)
        except PlatformError:
            await self._services.round_settling.settle(of)  # what people earned does not wait for the platform
            raise
        await self._services.round_settling.settle(of)
        await self._tell_end(errand, of)
        async with self._storage.transaction() as work:
            await work.rounds.close(of.id)
            await work.errands.finish(errand, owner, self._clock.now())

    def _given_up(self, of: Round) -> bool:
        """Tell whether nobody can be told any more that a round has ended."""
        return of.ending is Ending.GONE or self._clock.now() - of.due_at > AWAY

    async def _tell_end(self, errand: Errand, of: Round) -> None:
        """Tell who won; a round that never began says on its lobby why."""
        if of.number == 0 or self._given_up(of):
            return
        async with self._storage.snapshot() as work:
            players = await work.round_answers.players(of.id)
            asked = await work.rounds.questions(of.id)
        podium = podium_of(players)
        picture = await self._services.drawing.draw(podium_picture, podium) if podium else None
        message = end_message(of, players, sum(one.state is AskState.CLOSED for one in asked), picture)
        try:
            await self._send(errand, of, message, "end")
        except (Gone, Forbidden) as error:
            log.warning("end of a round not told", round=of.id, kind=type(error).__name__)

    async def _next(self, errand: Errand, owner: str) -> None:
        known, now = await self._services.quality.known(), self._clock.now()
        async with self._storage.transaction() as work:
            of = await work.rounds.latch(errand.subject)
            at = of.due_at if of is not None and of.living else None
            if of is not None and now >= of.due_at:
                at = await self._running.go_on(work, of.id, now, known)
            await work.errands.finish(errand, owner, now, at)

    async def _send(self, errand: Errand, of: Round, message: Message, what: str) -> MessageRef:
        platform = self._services.posting.of(of.channel.workspace)
        return await platform.send(of.channel, message, f"round:{of.id}:{what}", errand.began)

    async def _mark_closed(self, errand: Errand, scene: Scene) -> None:
        """Take the controls off a question; where that has failed often enough the round goes on."""
        try:
            await self._edit(scene)
        except PlatformError as error:
            if errand.attempts < EDITS_TRIED:
                raise
            log.warning("question not marked as closed", round=scene.round.id, kind=type(error).__name__)

    async def _edit(self, scene: Scene) -> None:
        """Bring the lobby or a question up to date; a post that is gone stays as it is."""
        of, ask, taxonomy = scene.round, scene.ask, self._services.bank.taxonomy
        if ask is None:
            ref, message = of.message, lobby_message(of, scene.players, taxonomy)
        elif scene.asked is None:
            ref, message = ask.message, withdrawn_message(of)
        else:
            ref, message = ask.message, ask_message(scene, scene.asked, taxonomy)
        if ref is None:
            return
        try:
            await self._services.posting.of(of.channel.workspace).edit(ref, message)
        except (Gone, Forbidden) as error:
            log.info("round not edited", round=of.id, kind=type(error).__name__)

    async def _picture(self, scene: Scene) -> bytes | None:
        """Return the picture of the spread; where it cannot be drawn the text alone says it."""
        if scene.asked is None or not scene.answers:
            return None
        return await self._services.drawing.draw(spread_picture, bars_of(scene, scene.asked))

    async def _end(self, errand: Errand, owner: str, ending: Ending) -> None:
        now = self._clock.now()
        async with self._storage.transaction() as work:
            await work.rounds.end(errand.subject, ending, now)
            await work.errands.finish(errand, owner, now, now)

    async def _finish(self, errand: Errand, owner: str, at: datetime | None) -> None:
        async with self._storage.transaction() as work:
            await work.errands.finish(errand, owner, self._clock.now(), at)


def _changes(scene: Scene) -> bool:
    """Tell whether who is on a post can still change."""
    of, ask = scene.round, scene.ask
    return of.state is RoundState.LOBBY if ask is None else ask.state is AskState.OPEN


def _phase(scene: Scene) -> tuple[object, ...]:
    """Return what decides how a post looks, but for who is on it."""
    of, ask = scene.round, scene.ask
    return (of.state, of.ending, of.due_at) if ask is None else (of.state, ask.state, ask.closes_at)
