"""The manifest: from the declarations, as Slack's schema has it, and no scope without a reason."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from adapters.slack.commands import slash_commands
from adapters.slack.manifest import manifest, written
from adapters.slack.permissions import EVENTS, OPTIONAL_SCOPES, SCOPES
from bot.commands import Command, Option, Router
from bot.features.routes import all_routes
from bot.message import Choice, Message
from questions.bank import load_bank
from tests.support.process import ROOT

COMMANDS = tuple(all_routes(load_bank()).commands.values())
WAYS = [{}, {"url": "https://warmup.example.org"}, {"prefix": "dl-"}, {"url": "https://w.example/x/", "prefix": "a_"}]
METHODS_USED = {
    "apps.connections.open", "auth.test", "chat.postMessage", "chat.update", "conversations.history",
    "conversations.info", "conversations.replies", "files.completeUploadExternal", "files.getUploadURLExternal",
    "files.info", "users.info",
    "views.open", "views.publish", "views.push", "views.update",
}  # fmt: skip
"""Every method that the adapter calls; ``test_every_method_called_is_listed`` holds it."""


def spec(variable: str) -> Any:
    place = os.environ.get(variable, "")
    if not place:
        pytest.skip(f"{variable} is not set; it names a file of Slack's specifications (see CONTRIBUTING.md)")
    return json.loads(Path(place).read_text(encoding="utf-8"))


@pytest.mark.parametrize("way", WAYS)
def test_the_manifest_is_one_that_slack_takes(way: dict[str, str]) -> None:
    jsonschema.validate(manifest(COMMANDS, **way), spec("SLACK_MANIFEST_SCHEMA"))


@pytest.mark.parametrize("way", WAYS)
def test_written_down_it_is_the_same_with_reasons(way: dict[str, str]) -> None:
    text = written(COMMANDS, **way)
    assert yaml.safe_load(text) == manifest(COMMANDS, **way)
    for name, reason in {**SCOPES, **OPTIONAL_SCOPES, **EVENTS}.items():
        assert f"- {name}  # {reason}" in text


def test_the_committed_example_is_the_one_that_is_printed() -> None:
    committed = (ROOT / "docs" / "slack-manifest.yaml").read_text(encoding="utf-8")
    assert committed == written(COMMANDS), "type: python -m bot slack manifest > docs/slack-manifest.yaml"


def test_over_a_socket_it_names_no_address() -> None:
    made = manifest(COMMANDS)
    assert made["settings"]["socket_mode_enabled"] is True
    assert "url" not in json.dumps(made)


def test_over_http_every_address_is_under_the_one_given() -> None:
    made = manifest(COMMANDS, url="https://warmup.example.org/")
    events = "https://warmup.example.org/slack/events"
    assert made["settings"]["socket_mode_enabled"] is False
    assert made["settings"]["event_subscriptions"]["request_url"] == events
    assert made["settings"]["interactivity"]["request_url"] == events
    assert {slash["url"] for slash in made["features"]["slash_commands"]} == {events}
    assert made["oauth_config"]["redirect_urls"] == ["https://warmup.example.org/slack/oauth_redirect"]


def test_every_command_has_its_name_on_discord_and_the_prefix() -> None:
    names = [slash["command"] for slash in slash_commands(COMMANDS, "dl-")]
    assert names == list(dict.fromkeys(f"/dl-{command.name.partition(' ')[0]}" for command in COMMANDS))


def test_a_group_is_one_command_whose_hint_names_its_parts() -> None:
    (team, other) = slash_commands(_declared(), "")
    assert team == {
        "command": "/team",
        "description": "make a team, leave it",
        "should_escape": False,
        "usage_hint": "create name [level] | leave",
    }
    assert other == {"command": "/other", "description": "Do something else", "should_escape": False}


def test_a_command_that_takes_a_mention_gets_its_id() -> None:
    router = Router()

    async def handler(event: object, services: object) -> Message:
        raise NotImplementedError

    router.command("daily add", "Add", Option("channel", "Where", mention=True))(handler)
    router.command("daily list", "List")(handler)
    router.command("other", "Do something else", Option("name", "How"))(handler)
    slashes = slash_commands(router.commands.values(), "")
    assert {slash["command"]: slash["should_escape"] for slash in slashes} == {"/daily": True, "/other": False}


def test_the_scopes_are_those_that_the_methods_need() -> None:
    methods = spec("SLACK_METHODS")
    methods = methods.get("methods", methods)
    granted = {*SCOPES, *OPTIONAL_SCOPES}
    for name in METHODS_USED - {"apps.connections.open"}:
        scopes = set(methods[name]["scopes"])
        assert not scopes or scopes & granted, f"{name} needs one of {scopes}"


def test_every_method_called_is_listed() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "adapters" / "slack").glob("*.py"))
    called = {name for name in METHODS_USED if f'"{name}"' in source or name.replace(".", "_") in source}
    assert called == METHODS_USED


def _declared() -> tuple[Command, ...]:
    router = Router()

    async def handler(event: object, services: object) -> Message:
        raise NotImplementedError

    level = Option("level", "How hard", (Choice("easy", "Easy"), Choice("hard", "Hard")))
    router.command("team create", "Make a team", Option("name", "How", required=True), level)(handler)
    router.command("team leave", "Leave it")(handler)
    router.command("other", "Do something else")(handler)
    return tuple(router.commands.values())
