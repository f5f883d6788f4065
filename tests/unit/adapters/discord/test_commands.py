"""The commands that Discord is told of: exactly the core's declarations, within Discord's limits."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from adapters.discord.commands import MODERATE, declare, digest
from bot.commands import Answer, Command, Option, Where
from bot.features.routes import all_routes
from bot.message import Choice, Message
from bot.refs import Role
from tests.support.discord.limits import command_violations
from tests.support.discord.openapi import OpenApi
from tests.support.views import BANK

STRING = 3
OPENAPI = OpenApi.from_environment()


async def _handler(*_: object) -> Message:
    return Message("x")


def command(name: str, *options: Option, **parts: Any) -> Command:
    return Command(
        name, f"About {name}", options, Answer.PRIVATE, parts.pop("requires", Role.MEMBER), _handler, **parts
    )


async def tree_of(*commands: Command) -> app_commands.CommandTree[discord.Client]:
    async def answer(_: discord.Interaction[Any]) -> None: ...

    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    declare(tree, commands, answer)
    return tree


async def payload(*commands: Command) -> list[dict[str, Any]]:
    tree = await tree_of(*commands)
    told = [command.to_dict(tree) for command in tree.get_commands()]
    assert command_violations(told) == []
    if OPENAPI is not None:
        assert OPENAPI.violations("PUT", "/applications/1/commands", told) == []
    return told


async def test_all_commands_of_warmup_are_within_discords_limits() -> None:
    declared = all_routes(BANK).commands
    told: dict[str, dict[str, Any]] = {}
    for one in await payload(*declared.values()):
        grouped = [name for name in declared if name.startswith(f"{one['name']} ")]
        told |= {f"{one['name']} {part['name']}": part for part in one["options"]} if grouped else {one["name"]: one}
    assert set(told) == set(declared)
    for name, one in told.items():
        options = declared[name].options
        assert [option["name"] for option in one["options"]] == [option.name for option in options]
        assert [option["type"] for option in one["options"]] == [STRING] * len(options)
        assert [option["description"] for option in one["options"]] == [option.description for option in options]


async def test_an_option_has_choices_or_completion_or_neither() -> None:
    def suggest(_: str) -> list[Choice]:
        return []

    [told] = await payload(
        command(
            "ask",
            Option("level", "How hard", (Choice("e", "easy"), Choice("h", "hard"))),
            Option("topic", "About what", suggest=suggest),
            Option("words", "Anything"),
        )
    )
    level, topic, words = told["options"]
    assert level["choices"] == [{"name": "easy", "value": "e"}, {"name": "hard", "value": "h"}]
    assert (topic.get("autocomplete"), "choices" in topic) == (True, False)
    assert ("autocomplete" in words, "choices" in words) == (False, False)


async def test_what_is_required_comes_first() -> None:
    [told] = await payload(command("ask", Option("b", "Maybe"), Option("a", "Surely", required=True)))
    assert [(option["name"], option["required"]) for option in told["options"]] == [("a", True), ("b", False)]


async def test_a_command_is_offered_where_it_declares() -> None:
    told = await payload(command("ask"), command("board", where=Where.WORKSPACE), command("export", where=Where.DIRECT))
    assert [one["contexts"] for one in told] == [[0, 1, 2], [0], [1, 2]]
    assert [one["integration_types"] for one in told] == [[0, 1]] * 3


async def test_a_group_is_offered_wherever_one_of_its_commands_is() -> None:
    told = await payload(
        command("data export", where=Where.DIRECT),
        command("data share", where=Where.WORKSPACE),
        command("my data", where=Where.DIRECT),
        command("my notes", where=Where.DIRECT),
        command("team list", where=Where.WORKSPACE),
        command("team help"),
    )
    assert [(one["name"], one["contexts"]) for one in told] == [
        ("data", [0, 1, 2]),
        ("my", [1, 2]),
        ("team", [0, 1, 2]),
    ]


async def test_moderators_commands_are_hidden_from_members() -> None:
    member, moderator = await payload(command("ask"), command("manage", requires=Role.MODERATOR))
    assert (member["default_member_permissions"], moderator["default_member_permissions"]) == (None, MODERATE.value)


async def test_names_of_two_words_become_groups() -> None:
    told = await payload(
        command("ask"),
        command("team create", Option("name", "Its name", required=True), where=Where.WORKSPACE),
        command("team list", where=Where.WORKSPACE),
        command("daily setup", requires=Role.MODERATOR),
    )
    assert [(one["name"], one["description"]) for one in told] == [
        ("ask", "About ask"),
        ("team", "create, list"),
        ("daily", "setup"),
    ]
    assert [option["name"] for option in told[1]["options"]] == ["create", "list"]
    assert told[1]["options"][0]["options"][0]["required"]
    assert [one["contexts"] for one in told] == [[0, 1, 2], [0], [0, 1, 2]]
    assert told[2]["default_member_permissions"] == MODERATE.value


async def test_the_digest_changes_with_what_discord_is_told_alone() -> None:
    first = digest(await tree_of(command("ask", Option("a", "A"))))
    assert digest(await tree_of(command("ask", Option("a", "A")))) == first
    assert digest(await tree_of(command("ask", Option("a", "B")))) != first
    assert digest(await tree_of(command("ask", Option("a", "A")), command("b"))) != first
