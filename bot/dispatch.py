"""Find the route of an event, read what it carries, check who may, call the handler, turn errors into words.

Acknowledging comes before everything: a handler that takes longer than ``patience`` is deferred and goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import structlog

from bot.commands import FILL, Answer, Router, Where
from bot.errors import BadInput, Expired, NotAllowed, PlatformError, TooSlow, UserError, where
from bot.events import Event, Invocation, Opening, Press, Submission
from bot.markup import storable, visible
from bot.message import TEXT, Action, Message, Modal, Tone
from bot.ports import Responder
from bot.refs import Role
from bot.zones import KNOWN

Once = Callable[[str], Awaitable[bool]]
"""Take the event of an id: true for one caller alone among all processes."""

PATIENCE = 1.5
"""Seconds before an answer is deferred: half of the three seconds that both platforms give."""

FORM_PATIENCE = 1.5
"""How many times as long a form may take: it cannot be deferred, so that it gets three quarters of those seconds."""

CANCEL_SECONDS = 0.5
"""How long a handler that was cancelled may take to end: a statement under way is not cut off."""

NAMELESS = "Somebody"
"""Who is shown for a name without a single visible sign."""

log = structlog.get_logger(__name__)
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class _Call:
    route: str
    answer: Answer
    start: Callable[[], Coroutine[Any, Any, Message | Modal]]


class Dispatcher(Generic[S]):
    """Answers every event of every platform; holds nothing but what is running now."""

    def __init__(self, router: Router, services: S, new_error_id: Callable[[], str]) -> None:
        self.router = router
        self._services = services
        self._new_error_id = new_error_id
        self._running: set[asyncio.Task[None]] = set()

    async def run(
        self, event: Event, responder: Responder, *, once: Once | None = None, patience: float = PATIENCE
    ) -> None:
        """Answer an event. Never raises: what goes wrong is told to its person alone, and logged without words.

        Where a platform may tell several processes of the same event, ``once`` decides which of them answers.
        """
        task = asyncio.create_task(self._run(event, responder, once, patience))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await asyncio.shield(task)

    async def drain(self, seconds: float) -> None:
        """Wait until nothing is running, at most that long; what is not done then is cancelled."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while self._running and (left := until - loop.time()) > 0:
            await asyncio.wait(self._running, timeout=left)
        late = list(self._running)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=CANCEL_SECONDS)

    async def _run(self, event: Event, responder: Responder, once: Once | None, patience: float) -> None:
        try:
            await self._answer(_clean(event), responder, once, patience)
        except PlatformError as error:
            log.warning("answer not delivered", event_id=event.id, platform=event.actor.user.platform, error=str(error))
        except Exception as error:
            log.error("answer not delivered", event_id=event.id, kind=type(error).__name__, where=where(error))
            log.debug("answer not delivered, in words", event_id=event.id, exc_info=error)

    async def _answer(self, event: Event, responder: Responder, once: Once | None, patience: float) -> None:
        try:
            call = self._find(event)
        except UserError as error:
            call = _refused(error)
        try:
            result = await self._call(_taken(call, event, once), event, responder, patience)
        except UserError as error:
            await responder.fail(refusal(error))
        except _TakenError:
            log.debug("another process answers", event_id=event.id)
        except Exception as error:
            error_id = self._new_error_id()
            kind = type(error).__name__
            log.error("handler failed", error_id=error_id, event_id=event.id, kind=kind, where=where(error))
            log.debug("handler failed, in words", error_id=error_id, exc_info=error)
            await responder.fail(_broken(error_id))
        else:
            if isinstance(result, Modal):
                await responder.open(result)
            else:
                answer = Answer.PRIVATE if call.answer is Answer.MODAL else call.answer
                await responder.respond(result, answer)

    async def _call(self, call: _Call, event: Event, responder: Responder, patience: float) -> Message | Modal:
        task = asyncio.create_task(call.start())
        try:
            longer = FORM_PATIENCE if call.answer is Answer.MODAL else 1
            done, _ = await asyncio.wait({task}, timeout=patience * longer)
            if not done:
                if call.answer is Answer.MODAL:
                    raise TooSlow("The form was not ready in time.", "Press the button again.")
                await self._defer(call, event, responder)
            return await task
        finally:
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    async def _defer(self, call: _Call, event: Event, responder: Responder) -> None:
        """Acknowledge; where even that fails the handler still goes on, since its work must not be lost."""
        try:
            await responder.defer(call.answer)
        except PlatformError as error:
            log.warning("not acknowledged", route=call.route, event_id=event.id, error=str(error))

    def _find(self, event: Event) -> _Call:
        if isinstance(event, Invocation):
            return self._find_command(event)
        if isinstance(event, Opening):
            return self._find_page(event)
        action = Action.decode(event.token)
        if action is not None and action.name == FILL and isinstance(event, Submission):
            return self._find_command(_filled(event, self.router.filled(action.args)))
        route = self.router.controls.get(action.name) if action else None
        if (
            action is None
            or route is None
            or route.version != action.version
            or not isinstance(event, route.event)
            or not route.takes(action.args)
        ):
            raise Expired("This control is from another version of Warmup.", "Type `/warmup` to see what works now.")
        _permit(event, route.requires)
        handler, args = route.handler, action.args
        return _Call(route.name, route.answer, lambda: _start(handler, event, self._services, args, {}))

    def _find_command(self, event: Invocation) -> _Call:
        command = self.router.commands.get(event.command)
        if command is None:
            raise self._no_such(event.command)
        _permit(event, command.requires)
        if command.where is Where.WORKSPACE and event.channel.direct:
            raise NotAllowed("This works in a channel of your team only.", f"Type `/{command.name}` there.")
        if command.where is Where.DIRECT and not event.channel.direct:
            raise NotAllowed("This works in a direct message only.", f"Send me `/{command.name}` there.")
        try:
            options = command.parse_options({**command.parse_text(event.text), **event.options})
        except BadInput:
            form = command.form(event.text) if event.form else None
            if form is None:
                raise
            return _Call(command.name, Answer.MODAL, lambda: _give(form))
        return _Call(command.name, command.answer, lambda: _start(command.handler, event, self._services, (), options))

    def _find_page(self, event: Opening) -> _Call:
        handler = self.router.pages.get(event.page)
        if handler is None:
            raise Expired("There is no such page.", "Type `/warmup` to see what works now.")
        return _Call(event.page, Answer.UPDATE, lambda: _start(handler, event, self._services, (), {}))

    def _no_such(self, name: str) -> UserError:
        inside = [command.usage for command in self.router.commands.values() if command.name.startswith(f"{name} ")]
        if name and inside:
            listed = " or ".join(f"`{usage}`" for usage in inside)
            return BadInput("That command does several things.", f"Type {listed}.")
        return Expired("There is no such command.", "Type `/warmup` to see all of them.")


class _TakenError(Exception):
    """Another process answers this event."""


def _taken(call: _Call, event: Event, once: Once | None) -> _Call:
    """Return the call behind the decision who answers; deciding may take long too, so it is deferred like the rest."""
    if once is None:
        return call

    async def start() -> Message | Modal:
        if not await once(event.id):
            raise _TakenError
        return await call.start()

    return replace(call, start=start)


def _refused(error: UserError) -> _Call:
    async def start() -> Message | Modal:
        raise error

    return _Call("refused", Answer.PRIVATE, start)


async def _start(
    handler: Callable[..., Any], event: Event, services: object, args: tuple[str, ...], options: dict[str, str]
) -> Message | Modal:
    result: Message | Modal = await handler(event, services, *args, **options)
    return result


async def _give(form: Modal) -> Message | Modal:
    return form


def _filled(event: Submission, command: str) -> Invocation:
    """Return the command that a form of its options runs."""
    return Invocation(
        id=event.id, actor=event.actor, channel=event.channel, at=event.at, command=command, options=event.inputs
    )


def _permit(event: Event, requires: Role) -> None:
    if event.actor.role < requires:
        raise NotAllowed("Only moderators can do this.", "Ask one of this workspace's moderators.")


def refusal(error: UserError) -> Message:
    """Return the words for what a person asked for and cannot have."""
    spare = TEXT - len(error.step) - 2
    problem = error.problem if len(error.problem) <= spare else f"{error.problem[:spare]}…"
    return Message(text=f"{problem} {error.step}", tone=Tone.ERROR)


def _clean(event: Event) -> Event:
    """Return the event without what no database takes and no clock knows, whatever the client sent."""
    zone = event.actor.zone if event.actor.zone in KNOWN else ""
    actor = replace(event.actor, name=visible(event.actor.name) or NAMELESS, zone=zone)
    match event:
        case Invocation():
            options = {name: storable(value) for name, value in event.options.items()}
            return replace(event, actor=actor, options=options, text=storable(event.text))
        case Submission():
            return replace(event, actor=actor, inputs={name: storable(text) for name, text in event.inputs.items()})
        case Press():
            return replace(event, actor=actor, values=tuple(map(storable, event.values)))
        case Opening():
            return replace(event, actor=actor)


def _broken(error_id: str) -> Message:
    return Message(
        text=f"Something broke on our side, and nothing was counted twice or lost. Try again; if it stays, tell "
        f"whoever runs Warmup the number `{error_id}`.",
        tone=Tone.ERROR,
    )
