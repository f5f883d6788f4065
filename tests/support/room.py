"""A room in which people use Warmup: the real features over a real database; every act comes after a restart."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from bot.commands import Router
from bot.dispatch import Dispatcher
from bot.events import Event, Invocation, Press, Submission
from bot.features.routes import all_routes
from bot.features.services import Services, make_services
from bot.message import Button, Message, Modal, Select, Tone
from bot.ports import Storage
from bot.posting import Posting
from bot.practice.calendar import Calendar, Season
from bot.practice.service import REASON, Rules
from bot.refs import Actor, ChannelRef
from questions.bank import Bank
from questions.generate.family import Family
from questions.model import Question
from tests.support.items import bank_of
from tests.support.responder import Failed, Opened, RecordingResponder, Responded
from tests.support.world import STUDY, StillClock, someone

ADA = someone("Ada")
BOB = someone("Bob")


class Room:
    """People type, press and send; nothing but the database and the clock lasts from one act to the next."""

    def __init__(
        self,
        storage: Storage,
        *questions: Question,
        clock: StillClock | None = None,
        cap: int = 200,
        season: Season = Season.MONTH,
        zone: str = "UTC",
        channel: ChannelRef = STUDY,
        families: Sequence[Family[Any]] = (),
    ) -> None:
        self.storage = storage
        self.bank: Bank = replace(bank_of(*questions), families={family.id: family for family in families})
        self.clock = clock or StillClock()
        self.rules = Rules(Calendar(ZoneInfo(zone), season), cap)
        self.posting = Posting()
        self.chance = random.Random(20)
        self.channel = channel

    async def typed(self, who: Actor, command: str, text: str = "") -> Responded | Failed:
        """Type a command."""
        event = Invocation(id="1", actor=who, channel=self.channel, at=self.clock.now(), command=command, text=text)
        reply = await self._happen(event)
        assert not isinstance(reply, Opened)
        return reply

    async def pressed(self, who: Actor, token: str, *values: str) -> Responded | Failed | Opened:
        """Press a button or send a select."""
        return await self._happen(
            Press(id="1", actor=who, channel=self.channel, at=self.clock.now(), token=token, values=values)
        )

    async def sent(self, who: Actor, token: str, inputs: Mapping[str, str]) -> Responded | Failed:
        """Send a form."""
        reply = await self._happen(
            Submission(id="1", actor=who, channel=self.channel, at=self.clock.now(), token=token, inputs=inputs)
        )
        assert not isinstance(reply, Opened)
        return reply

    async def command(self, who: Actor, command: str, text: str = "") -> Message:
        """Type a command and return the answer."""
        return answer_of(await self.typed(who, command, text))

    async def press(self, who: Actor, token: str, *values: str) -> Message:
        """Press a button and return the answer."""
        return answer_of(await self.pressed(who, token, *values))

    async def form(self, who: Actor, token: str) -> Modal:
        """Press a button and return the form that opens."""
        reply = await self.pressed(who, token)
        assert isinstance(reply, Opened), reply
        return reply.modal

    async def send(self, who: Actor, token: str, **inputs: str) -> Message:
        """Send a form and return the answer."""
        return answer_of(await self.sent(who, token, inputs))

    async def type_answer(self, who: Actor, message: Message, typed: str) -> Message:
        """Press Answer, fill the form and send it."""
        form = await self.form(who, token_of(message, "Answer"))
        return await self.send(who, form.action.encode(), answer=typed)

    async def earn(self, who: Actor, text: str = "") -> Message:
        """Take a question whose answer is a number, and answer 1960."""
        return await self.type_answer(who, await self.command(who, "practice", f"kind:number {text}"), "1960")

    async def give(self, who: Actor, points: int, question: str = "ml-given") -> None:
        """Let somebody have points now, as practice gives them."""
        now, calendar = self.clock.now(), self.rules.calendar
        async with self.storage.transaction() as work:
            person = await work.people.enter(who, now)
            serving = await work.servings.add(
                person=person.id,
                workspace=self.channel.workspace,
                question=question,
                revision="00000000",
                wanted="__",
                order=(),
                now=now,
            )
            await work.ledger.award(
                person=person.id,
                workspace=self.channel.workspace,
                points=points,
                reason=REASON,
                question=question,
                note="right",
                season=calendar.season_of(calendar.day(now)),
                day=calendar.day_of(person, now),
                periods=calendar.boards(calendar.day(now), question[:2].upper()),
                serving=serving,
                now=now,
                team=None if (team := await work.teams.of(self.channel.workspace, person.id)) is None else team.id,
            )

    async def _happen(self, event: Event) -> Responded | Failed | Opened:
        responder = RecordingResponder()
        await self.dispatcher().run(event, responder, patience=60)
        [reply] = responder.said
        assert isinstance(reply, Responded | Failed | Opened)
        return reply

    def dispatcher(self, router: Router | None = None) -> Dispatcher[Services]:
        """Return a dispatcher as after a restart."""
        services = make_services(self.storage, self.bank, self.clock, self.chance, self.rules, self.posting)
        return Dispatcher(router or all_routes(self.bank), services, lambda: "error-1")


def answer_of(reply: object) -> Message:
    """Return the message of an answer that was given."""
    assert isinstance(reply, Responded), reply
    return reply.message


def refusal_of(reply: object) -> str:
    """Return the words with which somebody was refused."""
    assert isinstance(reply, Failed), reply
    assert reply.message.tone is Tone.ERROR
    return reply.message.text


def token_of(message: Message, label: str) -> str:
    """Return what the button with a label, or the select with a placeholder, sends."""
    for row in message.rows:
        if isinstance(row, Select):
            if row.placeholder == label:
                return row.action.encode()
            continue
        for part in row:
            if isinstance(part, Button) and part.label == label:
                assert not part.disabled
                return part.action.encode()
    raise AssertionError(f"{label} is not among the controls of {message}")


def letter_of(message: Message, text: str) -> str:
    """Return the letter under which an option or step is shown."""
    found = re.search(rf"^\*\*([A-F])\.\*\* {re.escape(text)}$", message.text, re.MULTILINE)
    assert found, message.text
    return found[1]


def question_of(message: Message) -> str:
    """Return the id of the question that a message shows."""
    found = re.search(r"`([a-z]{2}-[a-z0-9-]+)`$", message.footer)
    assert found, message.footer
    return found[1]
