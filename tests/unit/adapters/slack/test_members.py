"""Who people are: looked up once in a while, and left open rather than waited for."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from adapters.slack.events import Act, read_act
from adapters.slack.members import Members
from bot.refs import Actor, Role, UserRef
from tests.support.slack.state import User
from tests.unit.adapters.slack.conftest import Loopback

ASK = "users.info"


def act(loopback: Loopback, user: User) -> Act:
    """Return a press of somebody in the usual channel."""
    body: dict[str, Any] = {
        "type": "block_actions",
        "user": {"id": user.id, "username": user.name.lower(), "team_id": user.workspace.id},
        "team": {"id": loopback.team.id},
        "channel": {"id": loopback.channel.id},
        "actions": [{"type": "button", "action_id": "x.1"}],
    }
    found = read_act(body)
    assert found is not None
    return found


@pytest.fixture
async def members(loopback: Loopback) -> Members:
    return (await loopback.start(credentials=loopback.over_http)).client.members


def asked(loopback: Loopback) -> int:
    return len(loopback.slack.calls_of(ASK))


def ada(loopback: Loopback, name: str = "Ada", zone: str = "Europe/Berlin") -> Actor:
    return Actor(UserRef("slack", loopback.team.id, loopback.ada.id), name, Role.MEMBER, zone)


async def test_a_person_has_name_zone_and_role(loopback: Loopback, members: Members) -> None:
    assert await members.actor(act(loopback, loopback.ada)) == ada(loopback)
    grace = await members.actor(act(loopback, loopback.grace))
    assert (grace.name, grace.role, grace.zone) == ("Grace", Role.MODERATOR, "UTC")


@pytest.mark.parametrize("right", ["is_admin", "is_owner", "is_primary_owner"])
async def test_whoever_looks_after_the_workspace_is_a_moderator(
    loopback: Loopback, members: Members, right: str
) -> None:
    loopback.slack.faults.add(ASK, status=200, body={"ok": True, "user": {"id": loopback.ada.id, right: True}})
    assert (await members.actor(act(loopback, loopback.ada))).role == Role.MODERATOR


@pytest.mark.parametrize(
    ("user", "name"),
    [
        ({"profile": {"display_name": "Countess", "real_name": "Ada L."}, "name": "al"}, "Countess"),
        ({"profile": {"display_name": "", "real_name": "Ada L."}, "name": "al"}, "Ada L."),
        ({"real_name": "Ada L.", "name": "al"}, "Ada L."),
        ({"name": "al"}, "al"),
        ({}, "ada"),
        (None, "ada"),
    ],
)
async def test_the_name_is_the_one_that_slack_shows(
    loopback: Loopback, members: Members, user: dict[str, Any] | None, name: str
) -> None:
    loopback.slack.faults.add(ASK, status=200, body={"ok": True, "user": user})
    assert await members.actor(act(loopback, loopback.ada)) == ada(loopback, name, "")


async def test_somebody_is_asked_for_once(loopback: Loopback, members: Members) -> None:
    actors = await asyncio.gather(*(members.actor(act(loopback, loopback.ada)) for _ in range(9)))
    actors.append(await members.actor(act(loopback, loopback.ada)))
    assert (set(actors), asked(loopback)) == ({ada(loopback)}, 1)


async def test_what_changed_is_noticed_after_a_while(
    loopback: Loopback, members: Members, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.members.FRESH_SECONDS", 0.0)
    roles = []
    for admin in (False, True, False):
        loopback.ada.admin = admin
        roles.append((await members.actor(act(loopback, loopback.ada))).role)
    assert roles == [Role.MEMBER, Role.MODERATOR, Role.MEMBER]


@pytest.mark.parametrize("fault", [{"status": 503}, {"error": "missing_scope"}, {"error": "user_not_found"}], ids=str)
async def test_whom_slack_does_not_tell_of_is_a_member_by_their_handle_and_asked_for_again(
    loopback: Loopback, members: Members, fault: dict[str, Any]
) -> None:
    loopback.slack.faults.add(ASK, **fault)
    assert await members.actor(act(loopback, loopback.grace)) == Actor(
        UserRef("slack", loopback.team.id, loopback.grace.id), "grace"
    )
    assert (await members.actor(act(loopback, loopback.grace))).role == Role.MODERATOR


async def test_an_answer_that_takes_too_long_is_used_the_next_time(loopback: Loopback) -> None:
    app = await loopback.start()
    members = Members(app.api, patience=0.02)
    loopback.slack.faults.add(ASK, hold=(gate := asyncio.Event()))
    assert await members.actor(act(loopback, loopback.ada)) == ada(loopback, "ada", "")
    gate.set()
    await asyncio.gather(*members._asked.values())
    assert await members.actor(act(loopback, loopback.ada)) == ada(loopback)
    assert asked(loopback) == 1


async def test_what_was_known_is_kept_while_slack_fails_but_for_rights(
    loopback: Loopback, members: Members, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.members.FRESH_SECONDS", 0.0)
    assert (await members.actor(act(loopback, loopback.grace))).role == Role.MODERATOR
    loopback.slack.faults.add(ASK, status=503)
    grace = await members.actor(act(loopback, loopback.grace))
    assert (grace.name, grace.role) == ("Grace", Role.MEMBER)


async def test_in_a_shared_channel_a_moderator_of_another_workspace_is_a_member_with_a_name(
    loopback: Loopback, members: Members
) -> None:
    partner = loopback.slack.add_workspace("Partner", installed=False)
    boss = loopback.slack.add_user(partner, "Boss", owner=True, tz="Asia/Tokyo")
    loopback.channel.members = {boss.id}
    assert await members.actor(act(loopback, boss)) == Actor(
        UserRef("slack", partner.id, boss.id), "Boss", Role.MEMBER, "Asia/Tokyo"
    )


async def test_only_so_many_people_are_remembered_those_seen_last(
    loopback: Loopback, members: Members, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.members.REMEMBERED", 2)
    eve = loopback.slack.add_user(loopback.team, "Eve")
    for user in (loopback.ada, loopback.grace, loopback.ada, eve):
        await members.actor(act(loopback, user))
    assert [key[1] for key in members._known] == [loopback.ada.id, eve.id]


async def test_nobody_is_asked_for_after_the_end(loopback: Loopback) -> None:
    app = await loopback.start()
    members = Members(app.api, patience=0.0)
    loopback.slack.faults.add(ASK, hold=(gate := asyncio.Event()))
    assert (await members.actor(act(loopback, loopback.ada))).name == "ada"
    await members.settle()
    gate.set()
    assert (members._asked, members._known) == ({}, {})
