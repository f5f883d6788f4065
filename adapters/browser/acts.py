"""Turn what the page sends into events, and see every one of them through."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any, assert_never

from adapters.browser.frames import Act, PressFrame, Say, SubmitFrame
from adapters.browser.hub import Connection, Hub
from adapters.browser.platform import CHANNELS, WORKSPACE
from adapters.browser.render import typed_body
from adapters.browser.turn import BrowserResponder
from bot.dispatch import Dispatcher
from bot.events import Event, Invocation, Press, Submission
from bot.ports import Clock
from bot.refs import Actor, ChannelRef, MessageRef, Role, UserRef

AT_ONCE = 20
"""Acts of one page that may be under way together."""


class Acts:
    """Carries out acts; each is acknowledged with exactly one ``done`` or ``error``."""

    def __init__(self, hub: Hub, dispatcher: Dispatcher[Any], clock: Clock) -> None:
        self._hub = hub
        self._dispatcher = dispatcher
        self._clock = clock
        self._numbers = itertools.count(1)
        self._running: dict[Connection, set[asyncio.Task[None]]] = {}

    def start(self, connection: Connection, act: Act) -> None:
        """Carry out an act in the background."""
        running = self._running.setdefault(connection, set())
        if len(running) >= AT_ONCE:
            connection.tell(_error(act.id, "That is a lot at once. Wait a moment and try again."))
            return
        task = asyncio.create_task(self._carry_out(connection, act))
        running.add(task)
        task.add_done_callback(running.discard)

    async def drain(self, seconds: float) -> None:
        """Wait for what is under way, at most that long."""
        running = [task for tasks in self._running.values() for task in tasks]
        if running:
            await asyncio.wait(running, timeout=seconds)

    def forget(self, connection: Connection) -> None:
        """Forget a page that has gone; what it asked for goes on."""
        self._running.pop(connection, None)

    async def _carry_out(self, connection: Connection, act: Act) -> None:
        if isinstance(act, Say | SubmitFrame) and act.channel not in CHANNELS:
            connection.tell(_error(act.id, "There is no such channel. Choose one on the left."))
            return
        if isinstance(act, Say) and not act.text.startswith("/"):
            author = {"name": connection.name, "bot": False}
            await self._hub.post(act.channel, "", author, typed_body(act.text))
        else:
            await self._dispatch(connection, act)
        connection.tell({"type": "done", "id": act.id})

    async def _dispatch(self, connection: Connection, act: Act) -> None:
        origin, channel = await self._origin(connection, act)
        event = self._event(connection, act, origin, channel)
        await self._dispatcher.run(event, BrowserResponder(self._hub, connection, act.id, channel, origin))

    async def _origin(self, connection: Connection, act: Act) -> tuple[int | None, str]:
        """Return the message whose control was used, if this member may see it, and the channel to answer in."""
        default = next(iter(CHANNELS))
        match act:
            case Say():
                return None, act.channel
            case PressFrame() | SubmitFrame():
                channel = act.channel if isinstance(act, SubmitFrame) else default
                note = await self._hub.visible(connection.member, act.message)
                return (None, channel) if note is None else (note.id, note.channel)
            case _:
                assert_never(act)

    def _event(self, connection: Connection, act: Act, origin: int | None, channel_id: str) -> Event:
        role = Role.MODERATOR if connection.moderator else Role.MEMBER
        actor = Actor(UserRef("browser", "local", connection.member), connection.name, role, connection.zone)
        channel = ChannelRef(WORKSPACE, channel_id)
        message = None if origin is None else MessageRef(channel, str(origin))
        event_id = f"browser-{next(self._numbers)}"
        at = self._clock.now()
        match act:
            case Say():
                command, text = self._dispatcher.router.find(act.text[1:])
                return Invocation(id=event_id, actor=actor, channel=channel, at=at, command=command, text=text)
            case PressFrame():
                return Press(
                    id=event_id,
                    actor=actor,
                    channel=channel,
                    at=at,
                    token=act.token,
                    values=tuple(act.values),
                    message=message,
                )
            case SubmitFrame():
                return Submission(
                    id=event_id,
                    actor=actor,
                    channel=channel,
                    at=at,
                    token=act.token,
                    inputs=act.inputs,
                    message=message,
                )
            case _:
                assert_never(act)


def _error(act: str | None, text: str) -> dict[str, Any]:
    return {"type": "error", "id": act, "text": text}
