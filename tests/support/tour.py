"""A walk through everything that can be said: every command, then every control that turns up, in every way."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator

from bot.message import Action, Button, ChoiceInput, Message, Modal, Select
from bot.refs import Actor, Role
from tests.support.judged import doubt_everything
from tests.support.responder import Failed, Opened, Responded
from tests.support.room import Room
from tests.support.world import someone

VISITS = 12
"""How often a control of one name is used: each time it may stand on another message."""
HISTORY = 25
"""Rows of the ledger that each person has: more than one message shows."""
TYPED = ("1960", "Because. <@1> **bold** " * 40, "", "0" * 3000)
OPTIONS = (
    "",
    "nonsense",
    "cnn",
    "kind:order",
    "kind:text",
    "kind:number",
    "kind:many",
    "kind:truth",
    "points",
    "hidden:yes",
    "ml-one",
)


async def everything_said(room: Room) -> AsyncIterator[Message | Modal]:
    """Yield every message and form that a member and a moderator can bring about, each kind a few times."""
    walk = _Walk(room)
    await doubt_everything(room.storage, room.bank)
    for who in (someone("Ada *Lovelace* @everyone"), someone("Grace", role=Role.MODERATOR)):
        for points in range(1, HISTORY):
            await room.give(who, points)
        for command in [*room.dispatcher().router.commands, "nonsense"]:
            for text in OPTIONS:
                async for said in walk.follow(who, await room.typed(who, command, text)):
                    yield said
    unmet = set(room.dispatcher().router.controls) - set(walk.visits)
    assert not unmet, f"no message leads to {unmet}"


class _Walk:
    def __init__(self, room: Room) -> None:
        self._room = room
        self.visits: Counter[str] = Counter()

    async def follow(self, who: Actor, reply: Responded | Failed | Opened) -> AsyncIterator[Message | Modal]:
        """Yield what a reply says, and what using each of its controls leads to."""
        waiting = [reply]
        while waiting:
            said = waiting.pop()
            if isinstance(said, Opened):
                yield said.modal
                waiting += [reply async for reply in self._fill(who, said.modal)]
            else:
                yield said.message
                waiting += [reply async for reply in self._use(who, said.message)]

    async def _use(self, who: Actor, message: Message) -> AsyncIterator[Responded | Failed | Opened]:
        for action, values in _controls(message):
            if self._again(action):
                yield await self._room.pressed(who, action.encode(), *values)

    async def _fill(self, who: Actor, form: Modal) -> AsyncIterator[Responded | Failed]:
        for text in TYPED:
            if self._again(form.action):
                inputs = {
                    field.name: field.choices[0].value if isinstance(field, ChoiceInput) else text[: field.most]
                    for field in form.inputs
                }
                yield await self._room.sent(who, form.action.encode(), inputs)

    def _again(self, action: Action) -> bool:
        self.visits[action.name] += 1
        return self.visits[action.name] <= VISITS


def _controls(message: Message) -> Iterator[tuple[Action, tuple[str, ...]]]:
    for row in message.rows:
        if isinstance(row, Select):
            values = tuple(choice.value for choice in row.choices)
            yield row.action, values[: row.most]
            yield row.action, values[:1]
        else:
            yield from ((part.action, ()) for part in row if isinstance(part, Button) and not part.disabled)
