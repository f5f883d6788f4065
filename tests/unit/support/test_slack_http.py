from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from tests.support.slack.client import Room, card, opened_room, seen
from tests.support.slack.http import FORM
from tests.support.slack.server import FakeSlack
from tests.support.waiting import until

QUICK = 0.05
# slack_sdk signs in to oauth.v2.access with what aiohttp will drop in its next major version.
oauth = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    async with opened_room() as opened:
        yield opened


@asynccontextmanager
async def served(
    statuses: list[int | None], headers: dict[str, str] | None = None
) -> AsyncIterator[tuple[str, list[Mapping[str, str]]]]:
    """Serve an address that answers with one status after the other, None not at all; yield it and what came."""
    came: list[Mapping[str, str]] = []
    held = asyncio.Event()

    async def answer(request: web.Request) -> web.Response:
        came.append(request.headers)
        status = statuses[len(came) - 1]
        if status is None:
            await held.wait()
        return web.Response(status=status or 200, headers=headers)

    app = web.Application()
    app.router.add_post("/", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/", came
    held.set()
    await runner.cleanup()


async def test_commands_presses_and_events_come_signed(room: Room) -> None:
    came: list[str] = []

    @room.app.command("/practice")
    async def practice(ack: AsyncAck, command: dict[str, Any]) -> None:
        came.append(command["text"])
        await ack(text="What is dropout?", blocks=card())

    @room.app.action("say.1")
    async def say(ack: AsyncAck, respond: AsyncRespond, action: dict[str, Any]) -> None:
        await ack()
        came.append(action["value"])
        await respond("Answered", replace_original=True)

    @room.app.event("app_home_opened")
    async def home(event: dict[str, Any]) -> None:
        came.append(event["user"])

    await room.http_mode()
    asked = await (await room.slack.command(room.bob, room.channel, "/practice", "a & b=c")).answered()
    await (await room.slack.press(room.bob, asked.original, "say.1")).answered()
    event = await (await room.slack.open_home(room.bob)).acknowledged()
    await until(lambda: len(came) == 3)

    assert came == ["a & b=c", "1", room.bob.id]
    assert seen(room, room.bob) == [["Answered"]]
    assert (asked.status, event.status) == (200, 200)
    assert [sent.headers["Content-Type"] for sent in room.slack.http.sent] == [FORM, FORM, "application/json"]
    assert (room.slack.violations, room.slack.crashes) == ([], [])


async def test_the_address_is_verified(room: Room) -> None:
    await room.http_mode()

    assert await room.slack.verify_url()


async def test_what_is_not_signed_right_is_refused(room: Room) -> None:
    @room.app.command("/practice")
    async def practice(ack: AsyncAck) -> None:
        await ack()

    await room.http_mode()
    record = await (await room.slack.command(room.bob, room.channel, "/practice")).acknowledged()
    body = room.slack.http.sent[0].body.decode()
    answers = [
        await room.slack.post_raw(body),
        await room.slack.replay(),
        await room.slack.post_raw(body, secret=secrets.token_hex()),
        await room.slack.post_raw(body, timestamp=room.slack.state.unix() - 600),
        await room.slack.post_raw(body, signed=False),
    ]

    assert record.status == 200
    assert [answer.status for answer in answers if answer is not None] == [200, 200, 401, 401, 401]


async def test_a_command_that_fails_or_hangs_is_told_to_its_person() -> None:
    async with opened_room(FakeSlack(deadline=QUICK)) as room:
        held = asyncio.Event()

        @room.app.command("/hangs")
        async def hangs(ack: AsyncAck) -> None:
            await held.wait()
            await ack()

        @room.app.command("/fails")
        async def fails() -> None:
            raise ValueError

        await room.http_mode()
        late = await (await room.slack.command(room.bob, room.channel, "/hangs")).over()
        broken = await (await room.slack.command(room.bob, room.channel, "/fails")).over()
        held.set()
        room.slack.deliver_to("http://127.0.0.1:1/")
        away = await (await room.slack.command(room.bob, room.channel, "/hangs")).over()

        assert (late.status, late.late, late.told) == (None, True, ["operation_timeout"])
        assert (broken.status, broken.late, broken.told) == (500, False, ["dispatch_failed"])
        assert (away.status, away.late, away.told) == (0, False, ["dispatch_failed"])


async def test_an_event_that_is_not_taken_comes_again_with_the_reason() -> None:
    async with FakeSlack(deadline=QUICK) as slack, served([None, 500, 404, 200]) as (url, came):
        slack.deliver_to(url)
        record = await (await slack.event(slack.add_workspace(), {"type": "app_mention"})).over()

        told = [(headers.get("X-Slack-Retry-Num"), headers.get("X-Slack-Retry-Reason")) for headers in came]
        assert told == [(None, None), ("1", "http_timeout"), ("2", "http_error"), ("3", "http_error")]
        assert record.acked.is_set()
        assert [answer and answer.status for answer in record.answers] == [None, 500, 404, 200]


async def test_an_app_may_ask_for_no_retry_and_only_events_are_retried() -> None:
    async with FakeSlack(deadline=QUICK) as slack, served([500, 500], {"X-Slack-No-Retry": "1"}) as (url, came):
        slack.deliver_to(url)
        workspace = slack.add_workspace()
        await (await slack.event(workspace, {"type": "app_mention"})).over()
        await (await slack.shortcut(slack.add_user(workspace, "Bob"), "practice")).over()

        assert len(came) == 2


async def test_a_retry_comes_over_the_wire_and_bolt_sees_its_number(room: Room) -> None:
    numbers: list[list[str] | None] = []

    @room.app.middleware
    async def first_fails(req: Any, resp: Any, next: Any) -> Any:  # noqa: A002 - Bolt looks for this name
        numbers.append(req.headers.get("x-slack-retry-num"))
        if len(numbers) == 1:
            resp.status = 503
            return resp
        return await next()

    @room.app.event("app_mention")
    async def mention() -> None:
        pass

    await room.http_mode()
    await (await room.slack.event(room.workspace, {"type": "app_mention"})).acknowledged()

    assert numbers == [None, ["1"]]


@oauth
async def test_installing_by_oauth_gives_a_token_that_works(room: Room, tmp_path: Path) -> None:
    other = room.slack.add_workspace("Other", installed=False)
    eve = room.slack.add_user(other, "Eve")
    place = room.slack.add_channel(other, "study")
    app = room.multi_workspace_app(tmp_path)

    @app.command("/practice")
    async def practice(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack()
        await respond("hello")

    origin = await room.http_mode(app)
    page = await room.slack.install(eve, f"{origin}/slack/install")
    await (await room.slack.command(eve, place, "/practice")).answered()

    assert (page.status, "Thank you!" in page.text) == (200, True)
    assert page.url.startswith(f"{origin}/slack/oauth_redirect?code=")
    assert other.scopes == {"commands", "chat:write"}
    assert [message.texts for message in room.slack.seen_by(eve, place)] == [["hello"]]
    assert {call.token for call in room.slack.calls_of("auth.test")} == {other.bot_token}
    assert room.slack.violations == []


@oauth
async def test_a_refusal_another_browser_and_a_used_code_install_nothing(room: Room, tmp_path: Path) -> None:
    other = room.slack.add_workspace("Other", installed=False)
    eve = room.slack.add_user(other, "Eve")
    origin = await room.http_mode(room.multi_workspace_app(tmp_path))
    url = f"{origin}/slack/install"
    denied = await room.slack.install(eve, url, deny=True)
    foreign = await room.slack.install(eve, url, same_browser=False)
    assert other.bot_token == ""
    page = await room.slack.install(eve, url)
    async with room.slack.http.session().get(page.url) as again:
        assert again.status == 400

    assert (denied.status, "access_denied" in denied.text) == (200, True)
    assert (foreign.status, "invalid_browser" in foreign.text) == (400, True)
    assert len(room.slack.calls_of("oauth.v2.access")) == 1


@oauth
async def test_uninstalling_kills_the_token_and_is_told(room: Room, tmp_path: Path) -> None:
    other = room.slack.add_workspace("Other", installed=False)
    eve = room.slack.add_user(other, "Eve")
    place = room.slack.add_channel(other, "study")
    app = room.multi_workspace_app(tmp_path)
    app.enable_token_revocation_listeners()
    origin = await room.http_mode(app)
    await room.slack.install(eve, f"{origin}/slack/install")
    token = other.bot_token
    await room.slack.uninstall(other)
    for record in room.slack.records:
        await record.over()
    page = await room.slack.install(eve, f"{origin}/slack/install")

    assert [record.payload["event"]["type"] for record in room.slack.records] == ["tokens_revoked", "app_uninstalled"]
    assert place.bot_is_member is False
    assert room.slack.state.tokens[token].trouble == "account_inactive"
    assert "Thank you!" in page.text
    assert (page.status, other.bot_token != token) == (200, True)
