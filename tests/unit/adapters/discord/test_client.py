"""What arrives from Discord: who, where and what it is, and that it is answered by one process alone."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.commands import Answer, Option, Router, Where
from bot.events import Invocation, Press
from bot.message import Action, Button, Message
from bot.refs import Role
from tests.support.discord.interactions import InteractionRecord
from tests.unit.adapters.discord.conftest import Loopback

ADMINISTRATOR = 1 << 3
UNKNOWN = "There is no such command. Type `/warmup` to see all of them."


class Ears:
    """Declarations that keep what they are told."""

    def __init__(self) -> None:
        self.heard: list[Invocation | Press] = []
        self.router = Router()
        name = Option("name", "Its name")
        needed = Option("word", "A word", required=True)
        for command, options, requires, where in (
            ("ask", (Option("topic", "About what"),), Role.MEMBER, Where.ANYWHERE),
            ("say", (needed,), Role.MEMBER, Where.ANYWHERE),
            ("team create", (name,), Role.MEMBER, Where.ANYWHERE),
            ("manage", (), Role.MODERATOR, Where.ANYWHERE),
            ("board", (), Role.MEMBER, Where.WORKSPACE),
        ):
            self.router.command(command, "A command", *options, requires=requires, where=where)(self.listen)
        self.router.press("go", Answer.PRIVATE)(self.listen)

    async def listen(self, event: Invocation | Press, _services: object, **_options: str) -> Message:
        self.heard.append(event)
        return Message(text=f"heard {len(self.heard)}", rows=((Button("Go", Action("go")),),))


@pytest.fixture
def ears() -> Ears:
    return Ears()


def told(record: InteractionRecord) -> list[str]:
    """Return the text of an answer that its person alone sees."""
    assert record.original is not None
    assert record.original.viewer is record.user
    return record.original.texts


async def test_a_command_is_told_with_its_options_person_and_place(loopback: Loopback, ears: Ears) -> None:
    await loopback.start(ears.router)
    record = loopback.discord.slash(loopback.ada, loopback.channel, "ask", {"topic": "cnn"})
    assert told(await record.answered()) == ["heard 1"]
    [event] = ears.heard
    assert isinstance(event, Invocation)
    assert (event.id, event.command, event.options) == (f"discord:{record.id}", "ask", {"topic": "cnn"})
    assert (event.channel, event.actor.name, event.actor.role) == (loopback.place(), "Ada", Role.MEMBER)
    assert (event.actor.user.platform, event.actor.user.space, event.actor.user.id) == ("discord", "", loopback.ada.id)
    assert event.at.tzinfo is not None


async def test_a_press_is_told_with_its_message(loopback: Loopback, ears: Ears) -> None:
    await loopback.start(ears.router)
    first = await loopback.discord.slash(loopback.ada, loopback.channel, "ask").answered()
    await loopback.discord.press(loopback.ada, first.original, "go.1").answered()
    event = ears.heard[-1]
    assert isinstance(event, Press)
    assert first.original is not None
    assert event.message is not None
    assert (event.token, event.values, event.message.id) == ("go.1", (), first.original.id)


async def test_a_command_in_a_group_is_told_by_both_words(loopback: Loopback, ears: Ears) -> None:
    await loopback.start(ears.router)
    await loopback.discord.slash(loopback.ada, loopback.channel, "team create", {"name": "reds"}).answered()
    [event] = ears.heard
    assert isinstance(event, Invocation)
    assert (event.command, event.options) == ("team create", {"name": "reds"})


@pytest.mark.parametrize(
    ("rights", "role"), [(None, Role.MODERATOR), (ADMINISTRATOR, Role.MODERATOR), (1 << 13, Role.MEMBER)]
)
async def test_who_may_manage_the_server_is_a_moderator(
    loopback: Loopback, ears: Ears, rights: int | None, role: Role
) -> None:
    await loopback.start(ears.router)
    record = loopback.discord.slash(loopback.grace, loopback.channel, "ask")
    if rights is not None:
        record.payload["member"]["permissions"] = str(rights)
    await record.answered()
    assert ears.heard[0].actor.role is role


async def test_a_nickname_is_the_name_that_is_shown(loopback: Loopback, ears: Ears) -> None:
    user = loopback.discord.add_user("someone", nick="Countess")
    await loopback.start(ears.router)
    await loopback.discord.slash(user, loopback.channel, "ask").answered()
    assert ears.heard[0].actor.name == "Countess"


async def test_direct_messages_are_a_workspace_of_their_own_without_moderators(loopback: Loopback, ears: Ears) -> None:
    channel = loopback.discord.dm_channel(loopback.grace)
    await loopback.start(ears.router)
    await loopback.discord.slash(loopback.grace, channel, "ask").answered()
    [event] = ears.heard
    assert (event.channel.workspace.id, event.channel.id) == (f"dm-{channel.id}", channel.id)
    assert (event.channel.direct, event.actor.role) == (True, Role.MEMBER)
    for command in ("manage", "board"):
        record = await loopback.discord.slash(loopback.grace, channel, command).answered()
        assert len(told(record)) == 1
    assert len(ears.heard) == 1


async def test_in_direct_messages_of_a_kind_that_nobody_knows_each_person_is_a_workspace(
    loopback: Loopback, ears: Ears
) -> None:
    await loopback.start(ears.router)
    for person in (loopback.ada, loopback.grace):
        record = loopback.discord.slash(person, loopback.discord.dm_channel(person), "ask")
        record.payload["channel"]["type"] = 99
        await record.answered()
    assert [(event.channel.workspace.id, event.channel.id, event.channel.direct) for event in ears.heard] == [
        (f"dm-{person.id}", person.id, True) for person in (loopback.ada, loopback.grace)
    ]


async def test_where_people_brought_warmup_along_it_answers_without_being_in_the_server(
    loopback: Loopback, ears: Ears
) -> None:
    guild = loopback.discord.add_guild("Elsewhere", joined=False)
    channel = loopback.discord.add_channel(guild, "chat")
    await loopback.start(ears.router)
    first = await loopback.discord.slash(loopback.ada, channel, "ask").answered()
    assert told(first) == ["heard 1"]
    assert told(await loopback.discord.press(loopback.ada, first.original, "go.1").answered()) == ["heard 2"]
    assert {event.channel for event in ears.heard} == {loopback.place(channel)}


@pytest.mark.parametrize("command", ["gone", "gone again", "team leave", "ask deeper"])
async def test_a_command_that_is_no_more_is_refused_in_private(loopback: Loopback, ears: Ears, command: str) -> None:
    await loopback.start(ears.router)
    record = await loopback.discord.slash(loopback.ada, loopback.channel, command).answered()
    assert told(record) == [UNKNOWN]


async def test_a_group_without_its_command_is_told_what_is_in_it(loopback: Loopback, ears: Ears) -> None:
    await loopback.start(ears.router)
    record = await loopback.discord.slash(loopback.ada, loopback.channel, "team").answered()
    assert told(record)[0].startswith("That command does several things. Type </team:")


@pytest.mark.parametrize(
    ("command", "options", "words"),
    [
        ("ask", {"colour": "red"}, "/ask has no such option."),
        ("ask", {"topic": "cnn", "colour": 3}, "/ask has no such option."),
        ("say", {}, "/say needs a word."),
        ("say", {"colour": True}, "/say has no such option."),
    ],
)
async def test_options_of_an_older_version_are_refused_in_private(
    loopback: Loopback, ears: Ears, command: str, options: dict[str, Any], words: str
) -> None:
    await loopback.start(ears.router)
    record = await loopback.discord.slash(loopback.ada, loopback.channel, command, options).answered()
    assert told(record)[0].startswith(words)
    assert ears.heard == []


async def test_two_processes_answer_each_act_once(loopback: Loopback, ears: Ears) -> None:
    for _ in range(2):
        await loopback.start(ears.router)
    records = [loopback.discord.slash(loopback.ada, loopback.channel, "ask") for _ in range(5)]
    for record in records:
        await record.answered()
    await loopback.idle()
    assert len(ears.heard) == len(loopback.texts()) == 5
    assert [record.errors for record in records] == [[]] * 5


async def test_a_process_that_stops_leaves_what_comes_now_to_another_one(loopback: Loopback, ears: Ears) -> None:
    stopping = await loopback.start(ears.router)
    await loopback.start(ears.router)
    await stopping.client.disconnect()
    records = [loopback.discord.slash(loopback.ada, loopback.channel, "ask") for _ in range(3)]
    for record in records:
        await record.answered()
    await loopback.idle()
    assert len(ears.heard) == len(loopback.texts()) == 3
    assert len(loopback.discord.gateway.sessions) == 1


@pytest.mark.parametrize(("name", "data"), [("SOMETHING_NEW", {"x": 1}), ("SOMETHING_NEW", None)])
async def test_news_that_nobody_knows_is_passed_over(loopback: Loopback, ears: Ears, name: str, data: Any) -> None:
    await loopback.start(ears.router)
    loopback.discord.dispatch_raw(name, data)
    record = await loopback.discord.slash(loopback.ada, loopback.channel, "ask").answered()
    assert told(record) == ["heard 1"]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("name", ["INTERACTION_CREATE", "GUILD_CREATE", "CHANNEL_UPDATE"])
@pytest.mark.parametrize("data", [{"id": "x"}, [], None], ids=repr)
async def test_rubbish_does_not_end_the_app(loopback: Loopback, ears: Ears, name: str, data: Any) -> None:
    app = await loopback.start(ears.router)
    loopback.discord.dispatch_raw(name, data)
    await asyncio.sleep(0.05)
    assert app._living is not None
    assert not app._living.done()
    await loopback.discord.gateway.connected()
    record = await loopback.discord.slash(loopback.ada, loopback.channel, "ask").answered()
    assert told(record) == ["heard 1"]


async def test_an_event_that_fails_is_logged_by_its_place_alone(loopback: Loopback, ears: Ears) -> None:
    class Broken:
        async def compare(self, *_: object) -> None:
            raise RuntimeError("the password is swordfish")

    app = loopback.app(ears.router, presence=Broken())
    with capture_logs() as logs:
        app.start()
        await loopback.discord.gateway.connected()
        async with asyncio.timeout(5):
            while not any(line["event"] == "event failed" for line in logs):  # noqa: ASYNC110 - a log has no event
                await asyncio.sleep(0.005)
    assert "swordfish" not in str(logs)
    record = await loopback.discord.slash(loopback.ada, loopback.channel, "ask").answered()
    assert told(record) == ["heard 1"]
