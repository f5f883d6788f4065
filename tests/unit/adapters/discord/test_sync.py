"""Telling Discord of the commands, once for each change; and completing what people type into them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.commands import Option, Router
from bot.errors import StorageError
from bot.features.routes import all_routes
from bot.message import Choice, Message
from tests.support.discord.interactions import InteractionRecord
from tests.support.views import BANK
from tests.unit.adapters.discord.conftest import Loopback

PUT = "/commands$"


def router_of(*names: str) -> Router:
    router = Router()
    for name in names:

        @router.command(name, "A command", Option("word", "A word", suggest=_suggest))
        async def answer(*_: object, **__: object) -> Message:
            return Message(text="answered")

    return router


def _suggest(typed: str) -> Sequence[Choice]:
    if typed == "boom":
        raise RuntimeError("the password is swordfish")
    return [Choice(f"v{number}", "x" * 75, "y" * 75) for number in range(30)]


async def answered(loopback: Loopback, command: str = "ask") -> bool:
    record = await loopback.discord.slash(loopback.ada, loopback.channel, command).answered()
    return record.original is not None and record.original.texts == ["answered"]


async def completed(loopback: Loopback, command: str, option: str, typed: str) -> list[dict[str, Any]]:
    record: InteractionRecord = loopback.discord.autocomplete(
        loopback.ada, loopback.channel, command, option, typed, {"level": "hard"} if command == "practice" else None
    )
    await record.acknowledged()
    assert record.choices is not None
    return record.choices


async def failing(_event: str) -> bool:
    raise StorageError("the database is away")


async def test_discord_is_told_once_until_the_commands_change(loopback: Loopback) -> None:
    for names, puts in ((["ask"], 1), (["ask"], 1), (["ask", "say"], 2), (["ask"], 3)):
        app = await loopback.start(router_of(*names))
        assert [command["name"] for command in loopback.discord.state.commands[""]] == names
        assert loopback.discord.state.command_puts == [""] * puts
        await app.stop(0)


async def test_of_two_processes_that_start_together_one_tells(loopback: Loopback) -> None:
    await asyncio.gather(*(loopback.start(router_of("ask")) for _ in range(2)))
    assert loopback.discord.state.command_puts == [""]


def known(loopback: Loopback) -> list[str]:
    return [command["name"] for command in loopback.discord.state.commands.get("", [])]


@pytest.mark.parametrize("left", [[], ["say"], ["ask", "say", "stranger"]], ids=str)
async def test_commands_that_discord_lost_by_anothers_doing_are_told_again(loopback: Loopback, left: list[str]) -> None:
    first = await loopback.start(router_of("ask", "say"))
    await first.stop(0)
    told = {command["name"]: command for command in loopback.discord.state.commands[""]}
    loopback.discord.state.commands[""] = [told.get(name) or {**told["ask"], "name": name, "id": "7"} for name in left]
    app = await loopback.start(router_of("ask", "say"))
    assert known(loopback) == ["ask", "say"]
    assert loopback.discord.state.command_puts == ["", ""]
    assert app.client.commands == {
        command["name"]: int(command["id"]) for command in loopback.discord.state.commands[""]
    }


async def test_while_another_process_tells_lost_commands_they_are_not_told_twice(loopback: Loopback) -> None:
    first = await loopback.start(router_of("ask"))
    await first.stop(0)
    loopback.discord.state.commands[""] = []
    assert await loopback.syncs.begin(f"discord:{loopback.discord.application}", "another's", force=True)
    app = await loopback.start(router_of("ask"))
    assert loopback.discord.state.command_puts == [""]
    assert app.client.commands == {}
    assert await answered(loopback)


@pytest.mark.parametrize(
    "fault", [{"status": 400, "code": 50035}, {"status": 403, "code": 50001}, {"reset": True, "times": 2}], ids=str
)
async def test_a_failure_to_tell_is_logged_and_made_up_for_at_the_next_start(
    loopback: Loopback, fault: dict[str, Any]
) -> None:
    loopback.discord.faults.add("PUT", PUT, **fault)
    with capture_logs() as logs:
        app = await loopback.start(router_of("ask"))
    assert [line["log_level"] for line in logs if line["event"].startswith("commands not")] == ["error"]
    assert await answered(loopback)
    await app.stop(0)
    await loopback.start(router_of("ask"))
    assert loopback.discord.state.command_puts == [""]


async def test_a_database_that_fails_meanwhile_does_not_keep_the_bot_from_answering(loopback: Loopback) -> None:
    class Broken:
        async def begin(self, *_: str, **__: bool) -> bool:
            raise StorageError("the database is away")

        async def end(self, *_: str) -> None: ...

    await loopback.start(router_of("ask"), syncs=Broken())
    assert await answered(loopback)


@pytest.mark.parametrize(
    ("command", "option", "typed", "found"),
    [
        ("practice", "topic", "convol", "convol"),
        ("practice", "topic", "cnn", "cnn"),
        ("settings", "zone", "berl", "europe/berlin"),
        ("practice", "topic", "no such thing", None),
    ],
)
async def test_what_is_typed_is_completed_without_the_database(
    loopback: Loopback, command: str, option: str, typed: str, found: str | None
) -> None:
    await loopback.start(all_routes(BANK), once=failing)
    choices = await completed(loopback, command, option, typed)
    if found is None:
        assert choices == []
        return
    assert 1 <= len(choices) <= 25
    assert found in choices[0]["name"].casefold()


@pytest.mark.parametrize(("command", "option"), [("practice", "topic"), ("settings", "zone")])
async def test_before_anything_is_typed_there_is_something_to_choose(
    loopback: Loopback, command: str, option: str
) -> None:
    await loopback.start(all_routes(BANK), once=failing)
    assert 1 <= len(await completed(loopback, command, option, "")) <= 25


async def test_a_completion_stays_within_discords_limits(loopback: Loopback) -> None:
    await loopback.start(router_of("ask"))
    choices = await completed(loopback, "ask", "word", "")
    assert [choice["value"] for choice in choices] == [f"v{number}" for number in range(25)]
    assert {len(choice["name"]) for choice in choices} == {100}


@pytest.mark.parametrize(("command", "option", "typed"), [("ask", "word", "boom"), ("gone", "word", "x")])
async def test_a_completion_that_fails_says_nothing_and_harms_nothing(
    loopback: Loopback, command: str, option: str, typed: str
) -> None:
    await loopback.start(router_of("ask"))
    record = loopback.discord.autocomplete(loopback.ada, loopback.channel, command, option, typed)
    assert await answered(loopback)
    assert record.errors == []
    assert not record.choices


async def test_a_completion_that_fails_is_logged_without_words(
    loopback: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    await loopback.start(router_of("ask"))
    loopback.discord.autocomplete(loopback.ada, loopback.channel, "ask", "word", "boom")
    assert await answered(loopback)
    assert "swordfish" not in caplog.text
