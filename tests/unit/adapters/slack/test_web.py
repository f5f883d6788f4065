"""The HTTP server: what Slack asks, what hosts ask, and nothing else."""

from __future__ import annotations

import asyncio
import io
import json
from typing import Any

import pytest

from adapters.slack.app import SlackApp
from adapters.slack.web import LONGEST_BODY
from bot.errors import ConfigError
from tests.support.slack.http import JSON
from tests.support.waiting import until
from tests.unit.adapters.slack.conftest import Loopback

WAYS = ["over_socket", "over_http", "for_many"]
HEALTH = {"/healthz": 200, "/readyz": 200}


async def get(loopback: Loopback, app: SlackApp, path: str, method: str = "GET") -> tuple[int, Any]:
    """Return the status of an answer and what it says."""
    address = f"http://127.0.0.1:{app.port}{path}"
    async with loopback.slack.http.session().request(method, address, allow_redirects=False) as answer:
        text = await answer.text()
        return answer.status, json.loads(text) if answer.content_type == JSON else text


@pytest.mark.parametrize("way", WAYS)
async def test_hosts_are_told_that_it_lives_and_whether_it_is_well(loopback: Loopback, way: str) -> None:
    app = await loopback.start(credentials=getattr(loopback, way))
    assert await get(loopback, app, "/healthz") == (200, {"alive": True})
    loopback.parts = {"database": True, "scheduler": True}
    assert await get(loopback, app, "/readyz") == (200, loopback.parts)
    loopback.parts = {"database": True, "scheduler": False}
    assert await get(loopback, app, "/readyz") == (503, loopback.parts)
    assert await get(loopback, app, "/healthz") == (200, {"alive": True})


async def test_hosts_are_told_that_it_stops(loopback: Loopback) -> None:
    app = await loopback.start(credentials=loopback.over_http)
    assert app._web is not None
    app._web.refuse()
    assert await get(loopback, app, "/readyz") == (503, {"database": True, "running": False})
    assert await get(loopback, app, "/healthz") == (200, {"alive": True})


@pytest.mark.parametrize(
    ("way", "there"),
    [
        ("over_socket", HEALTH),
        ("over_http", {**HEALTH, "/slack/events": 405}),
        ("for_many", {**HEALTH, "/slack/events": 405, "/slack/install": 302, "/slack/oauth_redirect": 400}),
    ],
)
async def test_there_is_nothing_but_what_that_way_of_listening_needs(
    loopback: Loopback, way: str, there: dict[str, int]
) -> None:
    app = await loopback.start(credentials=getattr(loopback, way))
    paths = ["/healthz", "/readyz", "/slack/events", "/slack/install", "/slack/oauth_redirect", "/", "/metrics"]
    assert {path: (await get(loopback, app, path))[0] for path in paths} == dict.fromkeys(paths, 404) | there


async def test_a_socket_needs_no_port_and_takes_no_requests(loopback: Loopback) -> None:
    app = await loopback.start()
    assert (await get(loopback, app, "/slack/events", "POST"))[0] == 404
    other = loopback.app()
    begun = asyncio.Event()
    other.start(lambda _: begun.set(), port=None, ready=loopback.well)
    await asyncio.wait_for(begun.wait(), 5)
    assert other.port == 0


@pytest.mark.parametrize("way", WAYS)
async def test_a_port_that_is_taken_is_for_who_runs_it_to_mend(loopback: Loopback, way: str) -> None:
    taken = (await loopback.start(credentials=loopback.over_http)).port
    living = loopback.app(credentials=getattr(loopback, way)).start(
        loopback.said.append, port=taken, ready=loopback.well
    )
    with pytest.raises(ConfigError) as caught:
        await asyncio.wait_for(living, 5)
    [fault] = caught.value.faults
    assert fault.startswith(f"PORT: {taken} cannot be listened on (")
    assert fault.endswith("; choose another")
    assert len(loopback.said) == 1


async def test_hosts_find_it_listening_before_slack_can_be_reached(loopback: Loopback) -> None:
    loopback.slack.faults.add("auth.test", hold=(gate := asyncio.Event()))
    app = loopback.app(credentials=loopback.over_http)
    listening = asyncio.create_task(loopback.listen(app))
    await until(lambda: bool(loopback.slack.faults.struck))
    assert (await get(loopback, app, "/healthz"))[0] == 200
    loopback.slack.deliver_to(f"http://127.0.0.1:{app.port}/slack/events")
    early = await (await loopback.slack.command(loopback.ada, loopback.channel, "/stage-public")).over()
    assert (early.status, early.told, await app.connected()) == (503, ["dispatch_failed"], False)
    assert await loopback.slack.verify_url()
    gate.set()
    await listening
    later = await loopback.done(await loopback.slack.command(loopback.ada, loopback.channel, "/stage-public"))
    assert (later.original is not None, await app.connected()) == (True, True)


@pytest.mark.parametrize("way", ["over_http", "for_many"])
async def test_slack_gets_its_challenge_back(loopback: Loopback, way: str) -> None:
    await loopback.start(credentials=getattr(loopback, way))
    assert await loopback.slack.verify_url()


async def test_a_challenge_with_another_apps_secret_is_refused(loopback: Loopback) -> None:
    await loopback.start(credentials=loopback.over_http)
    body = json.dumps({"type": "url_verification", "challenge": "swordfish"})
    answer = await loopback.slack.post_raw(body, content_type=JSON, secret="another")  # noqa: S106
    assert answer is not None
    assert (answer.status, "swordfish" in str(answer.body)) == (401, False)


async def test_a_body_that_is_too_large_is_refused(loopback: Loopback) -> None:
    await loopback.start(credentials=loopback.over_http)
    sent = loopback.slack.http.signed("x" * (LONGEST_BODY + 1), {"Content-Type": JSON})
    body = io.BytesIO(sent.body)
    async with loopback.slack.http.session().post(
        loopback.slack.http.target, data=body, headers=sent.headers
    ) as answer:
        assert answer.status == 413


@pytest.mark.parametrize("kind", [JSON, "application/x-www-form-urlencoded", "text/plain"])
@pytest.mark.parametrize("body", ["", "{", "[]", "null", "payload=%7B", "payload=[]", "\x00"])
async def test_what_cannot_be_read_is_answered_and_does_no_harm(loopback: Loopback, body: str, kind: str) -> None:
    app = await loopback.start(credentials=loopback.over_http)
    answer = await loopback.slack.post_raw(body, content_type=kind)
    assert answer is not None
    assert answer.status in (200, 400, 500)
    await app.client.drain(5)
    record = await loopback.done(await loopback.slack.command(loopback.ada, loopback.channel, "/stage-public"))
    assert record.original is not None


async def test_a_request_under_way_is_answered_when_it_stops(loopback: Loopback) -> None:
    app = await loopback.start(credentials=loopback.over_http)
    records = [await loopback.slack.command(loopback.ada, loopback.channel, "/stage-public") for _ in range(3)]
    for record in records:
        await record.acknowledged()
    await app.stop(5)
    assert len(loopback.slack.seen_by(loopback.grace, loopback.channel)) == 3
