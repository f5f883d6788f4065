"""A walk through everything that can be said: every command, then every control that turns up, in every way."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta

from bot.commands import Answer
from bot.message import Action, Button, ChoiceInput, Message, Modal, Select
from bot.refs import Actor, Role
from tests.support.daily_room import CLOSED, GRACE, POSTED
from tests.support.judged import doubt_everything
from tests.support.quiz_room import QuizRoom
from tests.support.responder import Failed, Opened, Responded
from tests.support.room import token_of
from tests.support.world import someone

VISITS = 8
"""How often a control of one name is used: each time it may stand on another message."""
HISTORY = 25
"""Rows of the ledger that each person has: more than one message shows."""
CROWD = 30
"""People that compete."""
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
    "@adalovelaceeveryone",
    "teams",
    "role:<@&77>",
)


async def everything_said(room: QuizRoom) -> AsyncIterator[Message | Modal]:
    """Yield every message and form that a member and a moderator can bring about, each kind a few times."""
    walk, playing = _Walk(room), _Walk(room)  # what rounds lead to must leave visits for what comes after them
    async for said in _of_rounds(playing, room):
        yield said
    for part in (_of_the_day, _of_teams, _of_competitions):
        async for said in part(walk, room):
            yield said
    await doubt_everything(room.storage, room.bank)
    for who in (someone("Ada *Lovelace* @everyone"), someone("Grace", role=Role.MODERATOR)):
        for points in range(1, HISTORY):
            await room.give(who, points)
        for command in [*room.dispatcher().router.commands, "nonsense"]:
            for text in OPTIONS:
                async for said in walk.follow(who, await room.typed(who, command, text)):
                    yield said
    async for said in _of_the_week(walk, room):
        yield said
    unmet = set(room.dispatcher().router.controls) - set(walk.visits) - set(playing.visits)
    assert not unmet, f"no message leads to {unmet}"


async def _of_the_day(walk: _Walk, room: QuizRoom) -> AsyncIterator[Message | Modal]:
    """Yield what questions of the day say: one of each kind is posted in a channel of its own, and closes."""
    home = room.channel
    for place in range(5):
        room.at(replace(home, id=f"{home.id}-{place}"))
        await room.set_up("time:09:00 zone:UTC days:tue")
    room.at(home)
    for at in (POSTED, CLOSED):
        room.clock.at = at
        await room.work()
        for notice in [*room.board.notices]:
            for who in (someone("Ada *Lovelace* @everyone"), someone("Eve")):
                async for said in walk.follow(who, Responded(notice.message, Answer.PUBLIC)):
                    yield said
        if at == POSTED:
            async for said in walk.follow(someone("Bob"), Responded(await _in_order(room), Answer.UPDATE)):
                yield said
    waiting = await room.typed(GRACE, "daily queue", "id:ml-one schedule:1")
    async for said in walk.follow(GRACE, waiting):
        yield said


async def _of_rounds(walk: _Walk, room: QuizRoom) -> AsyncIterator[Message | Modal]:
    """Yield what live rounds say: one is played to its end, another is begun and stopped by whoever started it."""
    eve, host = someone("Eve"), someone("Ada *Lovelace* @everyone")
    await room.start("seconds:10", host)
    async for said in walk.follow(eve, Responded(room.lobby.message, Answer.PUBLIC)):
        yield said
    await room.press(GRACE, token_of(room.lobby.message, "Start now"))
    for number in range(1, 5):
        post = await room.until_question(number)
        for who in (eve, host):
            async for said in walk.follow(who, Responded(post, Answer.PUBLIC)):
                yield said
    end = await room.until_over()
    for notice in room.board.notices:
        yield notice.message
    async for said in walk.follow(eve, Responded(end, Answer.PUBLIC)):
        yield said
    lobby = await room.start("seconds:10 mode:first speed:yes", host)
    await room.press(eve, token_of(lobby, "Join"))
    async for said in walk.follow(host, Responded(lobby, Answer.PUBLIC)):
        yield said
    await room.until_over()


async def _of_the_week(walk: _Walk, room: QuizRoom) -> AsyncIterator[Message | Modal]:
    """Yield what the summary of a week says, and what it leads to."""
    await room.command(GRACE, "weekly", "post:yes")
    before = len(room.board.notices)
    room.clock.pass_time(days=5)
    await room.work()
    for notice in room.board.notices[before:]:
        async for said in walk.follow(someone("Bob"), Responded(notice.message, Answer.PUBLIC)):
            yield said


async def _of_teams(walk: _Walk, room: QuizRoom) -> AsyncIterator[Message | Modal]:
    """Yield what teams say: to who is in none, was invited, leads one, is the last in one, or draws even ones."""
    now = room.clock.at
    room.clock.at = now - timedelta(days=now.day)
    for number in range(5):
        await room.give(someone(f"P{number}"), number + 1)
    room.clock.at = now
    for number in range(12):
        await room.command(someone(f"Captain{number}"), "team create", f'name:"*Team* @{number}" open:no')
    await room.command(someone("Captain0"), "team rename", "open:yes")
    await room.command(someone("Captain1"), "team invite", "member:@invited")
    await room.work()
    [invitation] = [message for user, message in room.board.told if user == someone("Invited").user]
    async for said in walk.follow(someone("Invited"), Responded(invitation, Answer.PRIVATE)):
        yield said
    for who, command in (
        (someone("Joiner"), "team list"),
        (someone("Captain2"), "team show"),
        (someone("Captain3"), "team leave"),
        (GRACE, "team balance"),
    ):
        async for said in walk.follow(who, await room.typed(who, command)):
            yield said


async def _of_competitions(walk: _Walk, room: QuizRoom) -> AsyncIterator[Message | Modal]:
    """Yield what competitions say: one between people while it is open, running and over, and one to be cancelled."""
    ada, created = someone("Ada *Lovelace* @everyone"), "start:1h end:2h between:people"
    first, second = [
        await room.typed(GRACE, "compete create", f'name:"{name} *Cup* <@1>" {created}') for name in ("First", "Second")
    ]
    assert isinstance(first, Responded)
    await room.press(ada, token_of(first.message, "Join"))
    await room.press(someone("Bob"), token_of(first.message, "Join"))
    async for said in walk.follow(GRACE, second):
        yield said
    for number in range(CROWD):  # more than one page shows
        await room.press(someone(f"{number} {'*' * 60}"), token_of(first.message, "Join"))
    for hours in (0, 1, 2, 2):
        room.clock.pass_time(hours=hours)
        await room.work()
        posts = [notice.message for notice in room.board.notices if notice.key.startswith("contest:")]
        for command in ("status", "list", "end", "results"):
            async for said in walk.follow(GRACE, await room.typed(GRACE, f"compete {command}")):
                yield said
        for post in posts:
            async for said in walk.follow(ada, Responded(post, Answer.PUBLIC)):
                yield said


async def _in_order(room: QuizRoom) -> Message:
    """Put all steps in order, where a walk is led astray by its own undoing."""
    [post] = [notice.message for notice in room.board.posts if "Put in order" in str(notice.message.rows)]
    message = await room.press(someone("Bob"), token_of(post, "Put in order"))
    for letter in "ABCDE":
        message = await room.press(someone("Bob"), token_of(message, letter))
    return message


class _Walk:
    def __init__(self, room: QuizRoom) -> None:
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
