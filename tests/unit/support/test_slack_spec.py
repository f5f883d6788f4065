from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from slack_sdk.errors import SlackApiError

from tests.support.slack.client import Room, opened_room
from tests.support.slack.spec import REQUIRED, Spec, decoded


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    async with opened_room() as opened:
        yield opened


def test_forms_and_json_come_to_the_same() -> None:
    sent = {"blocks": '[{"type": "divider"}]', "limit": "5", "inclusive": "true", "channel": "7"}
    clean = {"blocks": [{"type": "divider"}], "limit": 5, "inclusive": True, "channel": "7"}

    assert decoded(sent, as_json=False) == (clean, [])
    assert decoded(clean, as_json=True) == (clean, [])


def test_wrong_types_are_faults() -> None:
    sent = {"blocks": "{", "limit": True, "inclusive": "yes", "channel": 7, "metadata": []}

    assert decoded(sent, as_json=True)[1] == [
        "blocks is str, not list",
        "limit is bool, not int",
        "inclusive is str, not bool",
        "channel is int, not str",
        "metadata is list, not dict",
    ]


def test_arguments_are_held_against_the_reference() -> None:
    spec = Spec({"chat.delete": {"args": {"channel": True, "ts": True, "as_user": False}}})

    assert spec.violations("chat.delete", {"channel": "C", "ts": "1", "team_id": "T"}) == []
    assert spec.violations("chat.delete", {"channel": "C", "colour": "red"}) == [
        "chat.delete: has no argument 'colour'",
        "chat.delete: misses 'ts'",
    ]
    assert spec.violations("chat.shout", {}) == ["chat.shout: is not in the reference"]


async def test_the_reference_is_asked_at_every_call(room: Room) -> None:
    room.slack.methods.spec = Spec({"auth.test": {"args": {}}})
    await room.client.auth_test(loudly="yes")

    assert room.slack.violations == ["auth.test: has no argument 'loudly'"]


@pytest.mark.skipif(Spec.from_environment() is None, reason="SLACK_METHODS does not name Slack's reference")
async def test_what_the_loopback_requires_is_what_the_reference_requires(room: Room) -> None:
    spec = Spec.from_environment()
    assert spec is not None
    wanted = {method: {name for name, must in spec.methods[method]["args"].items() if must} for method in REQUIRED}

    assert {method: set(names) for method, names in REQUIRED.items()} == wanted
    for method, scope in (("chat.postMessage", "chat:write"), ("users.info", "users:read"), ("team.info", "team:read")):
        room.workspace.scopes = frozenset()
        assert spec.methods[method]["scopes"] == [scope]
        with pytest.raises(SlackApiError) as caught:
            await room.client.api_call(method, data={"channel": "C", "text": "x", "user": "U"})
        assert caught.value.response["needed"] == scope
