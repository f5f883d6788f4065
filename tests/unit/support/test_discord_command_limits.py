"""The limits on commands as a judge: what fits passes, and each limit is found one step beyond it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.discord.limits import command_violations

Body = dict[str, Any]


def _command(**more: Any) -> Body:
    return {"name": "practice", "description": "Practise", "type": 1, **more}


def _option(name: str = "topic", kind: int = 3, **more: Any) -> Body:
    return {"name": name, "description": "d", "type": kind, **more}


def _picks(count: int, size: int = 1) -> list[Body]:
    return [{"name": f"{number}", "value": "x" * size} for number in range(count)]


def _group(*options: Body) -> Body:
    return _option("group", 2, options=list(options))


def test_commands_within_the_limits_pass() -> None:
    inner = _option("sub", 1, options=[_option(required=True), _option("count", 4, autocomplete=True)])
    commands = [
        _command(name="übung", options=[inner, _group(inner)], name_localizations={"de": "frage-1"}),
        _command(contexts=[0, 1, 2], integration_types=[0, 1], options=[_option(choices=_picks(25, 100))]),
        {"name": "Ask this", "type": 3},
        {"name": "practice", "type": 2, "contexts": None, "integration_types": None},
    ]
    assert command_violations(commands) == []


BAD_COMMANDS: dict[str, tuple[Body, str]] = {
    "capitals": (_command(name="Practice"), "/Practice: 'Practice' is no name"),
    "a blank": (_command(name="a b"), "/a b: 'a b' is no name"),
    "a long name": (_command(options=[_option("x" * 33)]), f"/practice {'x' * 33}: "),
    "a translated name": (_command(name_localizations={"de": "Frage"}), "/practice: 'Frage' is no name"),
    "no description": (_command(description=""), "/practice.description: 0"),
    "a long description": (_command(options=[_option(description="x" * 101)]), "/practice topic.description: 101"),
    "26 options": (_command(options=[_option(f"o{number}") for number in range(26)]), "/practice.options: 26"),
    "required last": (_command(options=[_option("a"), _option("b", required=True)]), "/practice.options: required"),
    "an option twice": (_command(options=[_option(), _option()]), "/practice.options: 'topic' is there 2 times"),
    "26 choices": (_command(options=[_option(choices=_picks(26))]), "/practice topic.choices: 26"),
    "a long value": (_command(options=[_option(choices=_picks(1, 101))]), "/practice topic.choices.value: 101"),
    "no name": (_command(options=[_option(choices=[{"name": "", "value": 5}])]), "/practice topic.choices.name: 0"),
    "both": (_command(options=[_option(choices=_picks(1), autocomplete=True)]), "/practice topic: either"),
    "a mixture": (_command(options=[_option("a", 1), _option("b")]), "/practice.options: subcommands"),
    "a group in a group": (_command(options=[_group(_group())]), "/practice group.options: nested too deeply"),
    "a sub in a sub": (
        _command(options=[_option("a", 1, options=[_option("b", 1)])]),
        "/practice a.options: nested too deeply",
    ),
    "private channels": (_command(contexts=[0, 2]), "/practice.contexts: private channels"),
    "a described menu": ({"name": "Ask", "type": 3, "description": "d"}, "/Ask: has no description"),
    "a long menu": ({"name": "x" * 33, "type": 2}, f"/{'x' * 33}.name: 33"),
}


@pytest.mark.parametrize("kind", BAD_COMMANDS)
def test_a_command_beyond_a_limit_is_found(kind: str) -> None:
    body, expected = BAD_COMMANDS[kind]
    found = command_violations([body])
    assert len(found) == 1
    assert found[0].startswith(expected)


def test_the_number_the_names_and_the_size_of_commands_are_limited() -> None:
    assert command_violations([_command(), _command()]) == ["commands: (1, 'practice') is there 2 times"]
    assert command_violations([_command(name=f"c{number}") for number in range(101)]) == ["commands: 101 of type 1"]
    menus = [{"name": f"m{number}", "type": 3} for number in range(16)]
    assert command_violations(menus) == ["commands: 16 of type 3"]
    long = [_option(f"o{number}", choices=_picks(5, 100)) for number in range(16)]
    assert command_violations([_command(options=long)])[0].startswith("/practice: 81")
