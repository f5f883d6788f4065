"""What Warmup sends to Discord: never a key before the answer, and never to anybody but whom it is for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from adapters.storage.servings import SqlServings
from bot.wiring import Warmup
from questions.bank import Bank
from questions.model import FreeText, OneBest, Ordered, Question
from tests.support.discord.interactions import InteractionRecord
from tests.support.discord.running import on_discord
from tests.support.discord.server import FakeDiscord, Request
from tests.support.discord.state import EPHEMERAL, Channel, StoredMessage, User
from tests.support.secrets import all_texts, lines_of, secrets_of

COMMAND, BUTTON, SELECT = "practice", 2, 3
_NO_LETTER = re.compile(r"[\W\d_]+")
_SERVING = re.compile(r"^(?P<name>[a-z-]+\.\d+:)\d+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as one person has it before them."""

    question: Question
    message: StoredMessage
    serving: int
    controls: tuple[object, ...]


async def test_nothing_sent_before_an_answer_holds_the_key(small_warmup: Warmup) -> None:
    """Show questions of every kind with hint, form and completion to one person, read all that was sent; then answer.

    The answers show that the reading would have found something: there the explanation is.
    """
    await _read_everything(small_warmup)


@pytest.mark.soak
async def test_nothing_sent_before_an_answer_holds_the_key_of_any_question(warmup: Warmup) -> None:
    """Do the same with the whole bank."""
    await _read_everything(warmup)


async def _read_everything(warmup: Warmup) -> None:
    async with on_discord(warmup) as discord:
        reader = Reader(discord, warmup.bank)
        asked = [await reader.ask() for _ in warmup.bank.questions]
        assert {one.question.id for one in asked} == set(warmup.bank.by_id)
        before = Sent(text for request in discord.requests for text in _texts(request))
        for question in warmup.bank.questions:
            assert before.found(secrets_of(question)) == [], question.id
        _controls_tell_nothing(asked)
        await _order_tells_nothing(warmup, asked)
        _is_for_nobody_else(discord, reader)
        for one in asked:
            shown = Sent(all_texts(await reader.answer(one)))
            why = lines_of(one.question.explanation)
            assert shown.found(why) == why, one.question.id
        _is_for_nobody_else(discord, reader)


class Reader:
    """Ada, who looks at everything that a question offers before she answers it."""

    def __init__(self, discord: FakeDiscord, bank: Bank) -> None:
        guild = discord.add_guild()
        self.channel: Channel = discord.add_channel(guild, "study")
        self.ada: User = discord.add_user("Ada", moderator=True)
        self.others = [discord.add_user("Bob"), discord.add_user("Grace", moderator=True)]
        self._discord = discord
        self._unseen = dict(bank.by_id)
        self._topics = bank.taxonomy.by_code

    async def ask(self) -> Asked:
        """Practise, and open and press whatever does not answer."""
        record = await self._discord.slash(self.ada, self.channel, COMMAND).answered()
        message = record.original
        assert message is not None
        written = "\n".join(message.texts)
        question = self._unseen.pop(next(name for name in self._unseen if f"`{name}`" in written))
        asked = Asked(question, message, int(_token(message, "report").split(":")[1]), _controls(message))
        typed = self._topics[question.topic].name
        assert (await self._discord.autocomplete(self.ada, self.channel, COMMAND, "topic", typed).answered()).choices
        while isinstance(question, Ordered) and (left := _tokens(message, "place", least=1)):
            await self._press(message, left[0])
        await self._press(message, _token(message, "hint"))
        for form in [*_tokens(message, "form"), *_tokens(message, "report")]:
            assert (await self._press(message, form)).modal
        return asked

    async def answer(self, asked: Asked) -> dict[str, Any]:
        """Answer, rightly or not, mark what is to be marked, and return what came back."""
        message = asked.message
        if choose := _tokens(message, "choose"):
            record = await self._press(message, choose[0], ["A"])
        elif form := _tokens(message, "form"):
            opened = (await self._press(message, form[0])).modal
            assert opened is not None
            typed = {"answer": "In my own words." if isinstance(asked.question, FreeText) else "1"}
            record = await self._discord.submit(
                self.ada, self.channel, opened["custom_id"], typed, message=message, modal=opened
            ).answered()
        else:
            record = await self._press(message, _tokens(message, "answer")[0])
        if isinstance(asked.question, FreeText):
            record = await self._press(message, _token(message, "mark"), ["A"])
        assert record.callback is not None
        return record.callback.data

    async def _press(
        self, message: StoredMessage, token: str, values: Sequence[str] | None = None
    ) -> InteractionRecord:
        return await self._discord.press(self.ada, message, token, values).answered()


def _tokens(message: StoredMessage, name: str, least: int = 0) -> list[str]:
    """Return what the controls of a name that can be pressed send, in order; ``least`` arguments but the serving."""
    found = [part["custom_id"] for part in message.parts if "custom_id" in part and not part.get("disabled")]
    return [
        token for token in found if token.startswith(f"{name}.") and "undo" not in token and token.count(":") > least
    ]


def _token(message: StoredMessage, name: str) -> str:
    (token,) = _tokens(message, name)
    return token


def _controls(message: StoredMessage) -> tuple[object, ...]:
    """Return a message's controls without what differs by question and not by key: its number and its words."""
    return tuple(
        (
            part["type"],
            _SERVING.sub(r"\g<name>#", part["custom_id"]),
            part.get("style"),
            part.get("disabled", False),
            part.get("label") if part["custom_id"].startswith(("answer", "place")) else "",
            tuple((option["value"], *sorted(option.keys() - {"label", "value"})) for option in part.get("options", ())),
            (part.get("min_values"), part.get("max_values")),
        )
        for part in message.parts
        if part["type"] in (BUTTON, SELECT)
    )


def _texts(request: Request) -> list[str]:
    """Return every text of a request, what names things and travels beside the body too."""
    names = [*request.files, *(data.decode("utf-8", "replace") for data in request.files.values())]
    return [request.path, *request.query.values(), *request.headers.values(), *names, *all_texts(request.body)]


class Sent:
    """What was sent, to look for secrets in it, in whatever markup."""

    def __init__(self, texts: Iterable[str]) -> None:
        written = "\n".join(texts)
        self._written, self._letters = written.replace("\\", ""), _letters(written)

    def found(self, secrets: Sequence[str]) -> list[str]:
        """Return those secrets that are in it.

        Words are looked for by their letters alone; a formula has few of them, so it is looked for as it is written.
        """
        return [secret for secret in secrets if secret in self._written or self._holds(_letters(secret))]

    def _holds(self, letters: str) -> bool:
        return len(letters) > 12 and letters in self._letters


def _letters(text: str) -> str:
    return "\n".join(_NO_LETTER.sub("", line).casefold() for line in text.split("\n"))


def _controls_tell_nothing(asked: Sequence[Asked]) -> None:
    """Check that controls depend on the kind and the number of options alone, whatever the key is."""
    kinds: dict[tuple[str, int], set[tuple[object, ...]]] = defaultdict(set)
    for one in asked:
        listed: Sequence[object] = getattr(one.question, "options", getattr(one.question, "steps", ()))
        kinds[one.question.kind, len(listed)].add(one.controls)
    assert {kind: len(found) for kind, found in kinds.items() if len(found) > 1} == {}


async def _order_tells_nothing(warmup: Warmup, asked: Sequence[Asked]) -> None:
    """Check that the right option has no place of its own, and that steps are never shown in their right order."""
    places: dict[int, set[int]] = defaultdict(set)
    async with warmup.storage.reading() as statements:
        for one in asked:
            kept = await SqlServings(statements).get(one.serving)
            assert kept is not None
            assert kept.question == one.question.id
            if isinstance(one.question, Ordered):
                assert list(kept.order) != sorted(kept.order)
            if isinstance(one.question, OneBest) and one.question.shuffle:
                right = next(place for place, option in enumerate(one.question.options) if option.right)
                places[len(kept.order)].add(kept.order.index(right))
    assert places[4] == {0, 1, 2, 3}


def _is_for_nobody_else(discord: FakeDiscord, reader: Reader) -> None:
    """Check that all went to Ada alone: by what was asked of Discord, and by what the others see."""
    for record in discord.records:
        assert record.callback is not None
        assert (record.late, record.errors, record.followups) == (False, [], [])
        if record.original is not None:
            assert record.original.viewer is reader.ada
            assert record.original.flags & EPHEMERAL
        if record.type == 2:
            assert record.callback.data["flags"] & EPHEMERAL
    public = re.compile(r"/channels/|/users/(?!@me$)")
    assert [request.path for request in discord.requests if public.match(request.path)] == []
    for other in reader.others:
        assert [discord.seen_by(other, channel) for channel in discord.state.channels.values()] == [[]]
