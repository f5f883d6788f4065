"""Only Slack is listened to, only once, and no workspace reaches into another."""

from __future__ import annotations

import json
import random
import time
from typing import Any
from urllib.parse import urlencode

import pytest

from adapters.slack.app import SlackApp
from bot.dispatch import Dispatcher
from bot.features.routes import all_routes
from bot.features.services import Services, make_services
from bot.posting import Posting
from bot.practice.calendar import Calendar
from bot.practice.service import Rules
from tests.contract.slack_seen import seen
from tests.support import items
from tests.support.slack.state import Channel, StoredMessage, User
from tests.support.world import UTC_ZONE
from tests.unit.adapters.slack.conftest import Loopback

BANK = items.bank_of(items.one(id="cn-one"), items.truth(id="cn-truth", answer=True))
OLD = 6 * 60
"""Seconds after which Slack's signatures count no more: five minutes, and one."""


def warmup(loopback: Loopback) -> Dispatcher[Services]:
    """Return Warmup's own features on the loopback's database."""
    rules = Rules(Calendar(UTC_ZONE), 200)
    clock, storage = loopback.clock, loopback.storage
    services = make_services(storage, BANK, clock, random.Random(7), rules, Posting())
    return Dispatcher(all_routes(BANK), services, lambda: "0badf00d")


async def many(loopback: Loopback) -> SlackApp:
    """Let Warmup listen for many workspaces."""
    app = await loopback.start(credentials=loopback.for_many, dispatcher=warmup(loopback))
    loopback.slack.oauth.redirect_urls = [f"http://127.0.0.1:{app.port}/slack/oauth_redirect"]
    return app


def said(message: StoredMessage | None) -> str:
    assert message is not None
    shown = seen({"ts": message.ts, "blocks": message.blocks, "is_ephemeral": message.ephemeral})
    return f"{shown.title} {shown.text}"


def command(loopback: Loopback, **changes: str) -> str:
    """Return the body of a command as Slack sends it."""
    return urlencode({
        "command": "/stage-private",
        "text": "",
        "team_id": loopback.team.id,
        "channel_id": loopback.channel.id,
        "user_id": loopback.ada.id,
        "user_name": "ada",
        "trigger_id": "1.2.3",
        "response_url": f"{loopback.slack.url}/respond/commands/none",
        **changes,
    })  # fmt: skip


@pytest.mark.parametrize(
    "how",
    [
        {"secret": "another secret"},
        {"signed": False},
        {"timestamp": -OLD},
        {"timestamp": OLD},
    ],
    ids=["wrong", "missing", "old", "from the future"],
)
async def test_a_request_without_slacks_signature_does_nothing(loopback: Loopback, how: dict[str, Any]) -> None:
    await loopback.start(credentials=loopback.over_http)
    if "timestamp" in how:
        how = {"timestamp": int(time.time()) + how["timestamp"]}  # noqa: TID251 - Slack's own clock is the machine's
    answer = await loopback.slack.post_raw(command(loopback), **how)
    assert answer is not None
    assert answer.status == 401
    assert loopback.slack.calls_of("users.info") == []


async def test_a_signature_is_of_its_body_alone(loopback: Loopback) -> None:
    await loopback.start(credentials=loopback.over_http)
    loopback.slack.http.sent.clear()
    await loopback.done(await loopback.slack.command(loopback.ada, loopback.channel, "/stage-private"))
    sent = loopback.slack.http.sent[-1]
    forged = type(sent)(sent.body.replace(loopback.ada.id.encode(), loopback.grace.id.encode()), sent.headers)
    answer = await loopback.slack.replay(forged)
    assert answer is not None
    assert answer.status == 401


async def test_a_request_that_comes_again_is_answered_once(loopback: Loopback) -> None:
    app = await loopback.start(credentials=loopback.over_http)
    await loopback.done(await loopback.slack.command(loopback.ada, loopback.channel, "/stage-private"))
    for _ in range(3):
        answer = await loopback.slack.replay()
        assert answer is not None
        assert answer.status == 200
    await app.client.drain(5)
    assert len(loopback.slack.seen_by(loopback.ada, loopback.channel)) == 1


@pytest.mark.parametrize("way", ["over_socket", "over_http", "for_many"])
async def test_an_act_of_a_workspace_without_warmup_does_nothing(loopback: Loopback, way: str) -> None:
    app = await loopback.start(credentials=getattr(loopback, way), dispatcher=warmup(loopback))
    other = loopback.slack.add_workspace("Other", installed=False)
    eve = loopback.slack.add_user(other, "Eve")
    record = await loopback.slack.command(eve, loopback.slack.add_channel(other, "x"), "/practice")
    await loopback.done(record)
    await app.client.drain(5)
    assert (record.status, record.messages) == (200, [])


async def _install(loopback: Loopback, name: str, app: SlackApp) -> tuple[Channel, User]:
    team = loopback.slack.add_workspace(name, installed=False)
    person = loopback.slack.add_user(team, f"{name}'s Ada", admin=True)
    page = await loopback.slack.install(person, f"http://127.0.0.1:{app.port}/slack/install")
    assert page.status == 200
    return loopback.slack.add_channel(team, "study"), person


async def test_a_control_of_another_workspace_cannot_be_pressed(loopback: Loopback) -> None:
    app = await many(loopback)
    (here, ada), (there, eve) = [await _install(loopback, name, app) for name in ("A", "B")]
    asked = await loopback.done(await loopback.slack.command(ada, here, "/practice", "kind:one"))
    assert asked.original is not None
    token = next(
        element["action_id"]
        for block in asked.original.blocks
        for element in block.get("elements", ())
        if str(element.get("action_id", "")).startswith("answer.")
    )
    forged = await loopback.done(await loopback.slack.press(eve, None, token, channel=there))
    assert "was asked of somebody else" in said(forged.original)
    pressed = await loopback.done(await loopback.slack.press(ada, asked.original, token))
    assert pressed.original is asked.original


async def test_a_forged_team_in_a_signed_request_is_of_no_use(loopback: Loopback) -> None:
    """Only Slack signs; were a body of ours signed all the same, it would reach no token but its own workspace's."""
    app = await many(loopback)
    here, ada = await _install(loopback, "A", app)
    there, _ = await _install(loopback, "B", app)
    body = command(loopback, team_id=there.workspace.id, user_id=ada.id, channel_id=here.id, command="/practice")
    before = len(loopback.slack.calls)
    answer = await loopback.slack.post_raw(body)
    await app.client.drain(5)
    assert answer is not None
    assert answer.status == 200
    used = {call.token for call in loopback.slack.calls[before:] if call.token}
    assert used <= {there.workspace.bot_token}


async def test_two_workspaces_see_nothing_of_each_other(loopback: Loopback) -> None:
    app = await many(loopback)
    places = [await _install(loopback, name, app) for name in ("A", "B")]
    for here, person in places:
        asked = await loopback.done(await loopback.slack.command(person, here, "/practice", "kind:truth"))
        assert asked.original is not None
        token = f"answer.1:{_serving(asked.original)}:T"
        await loopback.done(await loopback.slack.press(person, asked.original, token))
    for here, person in places:
        board = await loopback.done(await loopback.slack.command(person, here, "/leaderboard", "all"))
        names = [other.name for _, other in places if other.name in said(board.original)]
        assert names == [person.name]
    channels = [{message.channel.id for message in loopback.slack.seen_by(who, here)} for here, who in places]
    assert channels == [{here.id} for here, _ in places]


async def test_a_person_of_another_workspace_in_a_shared_channel_is_no_moderator_here(loopback: Loopback) -> None:
    await loopback.start()
    other = loopback.slack.add_workspace("Partner", installed=False)
    boss = loopback.slack.add_user(other, "Boss", owner=True)
    message = await loopback.done(await loopback.slack.command(loopback.ada, loopback.channel, "/stage-public"))
    assert message.original is not None
    pressed = await loopback.done(
        await loopback.slack.press(boss, message.original, "stage-mine.1:nobody", forged=True)
    )
    assert "somebody else" in said(pressed.original)


async def test_what_slack_sends_without_its_parts_is_acknowledged_and_does_nothing(loopback: Loopback) -> None:
    app = await loopback.start(credentials=loopback.over_http)
    bodies = [
        {"type": "block_actions"},
        {"type": "block_actions", "actions": [None], "team": None, "user": None},
        {"type": "view_submission", "view": None},
        {"type": "view_submission", "view": {"private_metadata": "[1]"}, "user": {"id": "U1"}, "team": {"id": "T1"}},
        {"type": "something_new"},
        {},
    ]
    for body in bodies:
        answer = await loopback.slack.post_raw(urlencode({"payload": json.dumps(body)}))
        assert answer is not None
        assert answer.status == 200
    await app.client.drain(5)
    record = await loopback.done(await loopback.slack.command(loopback.ada, loopback.channel, "/stage-private"))
    assert "only for you" in said(record.original)


def _serving(message: StoredMessage) -> str:
    ids = [str(element.get("action_id", "")) for block in message.blocks for element in block.get("elements", ())]
    return next(id_.split(":")[1] for id_ in ids if id_.startswith("answer."))
