"""The document of Discord's API as a judge of request bodies: good ones pass, each kind of bad one is named."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import discord
import pytest
from discord import app_commands, ui
from discord.http import handle_message_parameters

from tests.support.discord.openapi import VARIABLE, OpenApi

MESSAGES = "/channels/5/messages"
CALLBACK = "/interactions/5/tok/callback"

needs_document = pytest.mark.skipif(not os.environ.get(VARIABLE), reason=f"{VARIABLE} names no document")


def _judge() -> OpenApi:
    judge = OpenApi.from_environment()
    assert judge is not None
    return judge


def _layout() -> ui.LayoutView:
    options = [discord.SelectOption(label="CNN", value="cnn", description="vision", emoji="🎉")]
    return ui.LayoutView(timeout=None).add_item(
        ui.Container(
            ui.TextDisplay("## Dropout"),
            ui.Separator(),
            ui.MediaGallery(discord.MediaGalleryItem("attachment://chart.png", description="falling loss")),
            ui.ActionRow(ui.Button(label="A", custom_id="a"), ui.Button(label="Docs", url="https://example.org")),
            ui.ActionRow(ui.Select(custom_id="s", placeholder="Topic", options=options)),
            ui.Section("hint", accessory=ui.Button(label="Hint", custom_id="hint")),
            ui.Section("picture", accessory=ui.Thumbnail("https://example.org/a.png")),
            accent_colour=5,
        )
    )


def _message(**more: Any) -> dict[str, Any]:
    chart = discord.File(io.BytesIO(b"png"), "chart.png", description="falling loss")
    none = discord.AllowedMentions.none()
    with handle_message_parameters(view=_layout(), file=chart, allowed_mentions=none, **more) as parameters:
        assert parameters.multipart
        body: dict[str, Any] = json.loads(parameters.multipart[0]["value"])
    return body


def _modal() -> dict[str, Any]:
    modal = ui.Modal(title="Answer", custom_id="m")
    choices = [discord.RadioGroupOption(label=sign, value=sign) for sign in "ab"]
    boxes = [discord.CheckboxGroupOption(label=sign, value=sign) for sign in "ab"]
    modal.add_item(ui.TextDisplay("In your own words"))
    modal.add_item(ui.Label(text="Why", description="short", component=ui.TextInput(custom_id="t", max_length=10)))
    modal.add_item(ui.Label(text="Which", component=ui.RadioGroup(custom_id="r", options=choices)))
    modal.add_item(ui.Label(text="All", component=ui.CheckboxGroup(custom_id="c", options=boxes)))
    return {"type": 9, "data": modal.to_dict()}


async def _commands() -> list[dict[str, Any]]:
    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))

    @tree.command(name="practice", description="Practise")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def practice(_: discord.Interaction, topic: str, count: app_commands.Range[int, 1, 20] = 5) -> None: ...

    @tree.context_menu(name="Ask this")
    async def ask(_: discord.Interaction, message: discord.Message) -> None: ...

    group = app_commands.Group(name="admin", description="Look after the server")

    @group.command(name="channel", description="Where to post")
    async def channel(_: discord.Interaction, where: discord.TextChannel) -> None: ...

    tree.add_command(group)
    return [command.to_dict(tree) for command in tree.get_commands()]


@needs_document
def test_what_the_library_sends_passes() -> None:
    judge = _judge()
    assert judge.violations("POST", MESSAGES, _message(nonce="n")) == []
    assert judge.violations("PATCH", f"{MESSAGES}/7", _message()) == []
    assert judge.violations("PATCH", "/webhooks/1/tok/messages/@original", _message()) == []
    assert judge.violations("POST", "/webhooks/1/tok", _message()) == []
    assert judge.violations("POST", CALLBACK, {"type": 4, "data": _message()}) == []
    assert judge.violations("POST", CALLBACK, {"type": 5, "data": {"flags": 64}}) == []
    assert judge.violations("POST", CALLBACK, {"type": 8, "data": {"choices": [{"name": "a", "value": "b"}]}}) == []
    assert judge.violations("POST", CALLBACK, _modal()) == []
    assert judge.violations("POST", "/users/@me/channels", {"recipient_id": 5}) == []


@needs_document
async def test_commands_of_the_library_pass() -> None:
    assert _judge().violations("PUT", "/applications/5/commands", await _commands()) == []


def _at(body: Any, path: str) -> Any:
    for step in path.split("."):
        body = body[int(step) if step.isdigit() else step]
    return body


BAD: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "an unknown property": (lambda body: body.update(parts=[]), "body: Additional properties"),
    "a typo deep inside": (
        lambda body: _at(body, "components.0.components.3.components.0").update(caption="x"),
        "components[0].components[3].components[0]: Additional properties",
    ),
    "a custom_id too long": (
        lambda body: _at(body, "components.0.components.3.components.0").update(custom_id="x" * 101),
        "components[0].components[3].components[0].custom_id: ",
    ),
    "a label too long": (
        lambda body: _at(body, "components.0.components.3.components.0").update(label="x" * 81),
        "components[0].components[3].components[0].label: ",
    ),
    "a container in a container": (
        lambda body: _at(body, "components.0.components").append({"type": 17, "components": []}),
        "components[0].components[7]: type 17 is none of",
    ),
    "no such component": (lambda body: _at(body, "components.0").update(type=99), "components[0]: type 99 is none of"),
    "a component without type": (lambda body: _at(body, "components.0").pop("type"), "components[0]: type None"),
    "an unhashable type": (lambda body: _at(body, "components.0").update(type=[]), "components[0]: type [] is none"),
    "no options": (
        lambda body: _at(body, "components.0.components.4.components.0").pop("options"),
        "components[0].components[4].components[0]: 'options' is a required property",
    ),
    "a text that is a number": (
        lambda body: _at(body, "components.0.components.0").update(content=5),
        "components[0].components[0].content: 5 is not of type 'string'",
    ),
    "a colour out of range": (lambda body: _at(body, "components.0").update(accent_color=1 << 24), "components[0].acc"),
    "an unknown button style": (
        lambda body: _at(body, "components.0.components.3.components.0").update(style=9),
        "components[0].components[3].components[0].style: 9 is not one of",
    ),
    "a nonce too long": (lambda body: body.update(nonce="x" * 26), "nonce: "),
    "an unknown kind of mention": (
        lambda body: body.update(allowed_mentions={"parse": ["all"]}),
        "allowed_mentions.parse[0]: 'all' is not one of",
    ),
}


@needs_document
@pytest.mark.parametrize("kind", BAD)
def test_a_bad_message_is_named_where_it_is_bad(kind: str) -> None:
    spoil, expected = BAD[kind]
    body = _message()
    spoil(body)
    found = _judge().violations("POST", MESSAGES, body)
    assert len(found) == 1
    assert found[0].startswith(expected)
    inside = _judge().violations("POST", CALLBACK, {"type": 4, "data": deepcopy(body)})
    assert any(violation.startswith(("data.", "data:")) for violation in inside)


@needs_document
def test_a_form_is_judged_by_its_own_components() -> None:
    body = _modal()
    body["data"]["components"][1]["component"]["type"] = 2
    body["data"]["components"][2]["component"]["options"].pop()
    found = _judge().violations("POST", CALLBACK, body)
    assert found[0].startswith("data.components[1].component: type 2 is none of")
    assert found[1].startswith("data.components[2].component.options: ")


@needs_document
def test_integers_pass_as_snowflakes_and_words_do_not() -> None:
    judge = _judge()
    assert judge.violations("POST", MESSAGES, {"allowed_mentions": {"users": [5, "6"]}}) == []
    assert judge.violations("POST", MESSAGES, {"allowed_mentions": {"users": ["five"]}}) != []
    assert judge.violations("POST", MESSAGES, {"allowed_mentions": {"users": [-5]}}) != []


@needs_document
def test_paths_methods_and_absent_bodies_are_judged() -> None:
    judge = _judge()
    assert judge.violations("GET", "/users/@me", None) == []
    assert judge.violations("DELETE", "/webhooks/1/tok/messages/@original", None) == []
    assert judge.violations("GET", "/users/@me/nothing/here", None) == ["/users/@me/nothing/here: no such path"]
    assert judge.violations("POST", "/channels//messages", {}) == ["/channels//messages: no such path"]
    assert judge.violations("PUT", MESSAGES, {}) == [f"PUT {MESSAGES}: no such method"]
    assert judge.violations("POST", MESSAGES, None) == ["body: is required"]
    assert judge.violations("GET", "/users/@me", {"a": 1}) == ["body: GET /users/@me takes none"]


def test_literal_segments_win_over_parameters() -> None:
    get: dict[str, Any] = {"get": {"responses": {}}}
    post: dict[str, Any] = {"post": {"responses": {}}}
    judge = OpenApi({"components": {"schemas": {}}, "paths": {"/a/{id}": get, "/a/@me": post, "/{b}/@me": get}})
    assert judge.violations("POST", "/a/@me", None) == []
    assert judge.violations("GET", "/a/@me", None) == ["GET /a/@me: no such method"]
    assert judge.violations("GET", "/a/5", None) == []
    assert judge.violations("GET", "/b/@me", None) == []


@needs_document
def test_the_document_is_read_once() -> None:
    assert OpenApi.from_environment() is OpenApi.from_environment()


def test_without_a_document_there_is_no_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert OpenApi.from_environment() is None


def test_a_property_of_any_branch_is_known_and_a_union_without_types_takes_the_nearest() -> None:
    shapes = [{"$ref": "#/components/schemas/Name"}, {"$ref": "#/components/schemas/Number"}]
    judge = OpenApi(
        {
            "components": {
                "schemas": {
                    "Name": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]},
                    "Number": {"type": "object", "properties": {"number": {"type": "integer"}}},
                }
            },
            "paths": {
                "/things": {
                    "parameters": [],
                    "post": {
                        "responses": {},
                        "requestBody": {"content": {"application/json": {"schema": {"anyOf": shapes}}}},
                    },
                }
            },
        }
    )
    assert judge.violations("post", "/things", {"name": "a"}) == []
    assert judge.violations("POST", "/things", {"number": 1}) == []
    assert judge.violations("POST", "/things", {"number": "1"}) == ["number: '1' is not of type 'integer'"]
    assert judge.violations("POST", "/things", None) == []
    assert len(judge.violations("POST", "/things", {"colour": "x" * 500})[0]) < 250
