"""Installing from a web page, being removed, and being installed again: each workspace with its own token."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy.schema import DropTable

from adapters.slack.app import SlackApp
from adapters.slack.installations import STATE_SECONDS, Cipher, SlackInstallations
from adapters.slack.permissions import SCOPES
from adapters.storage.tables import oauth_states
from bot.message import Message
from tests.support.slack.browser import Page
from tests.support.slack.interactions import Interaction
from tests.support.slack.state import User, Workspace
from tests.unit.adapters.slack.conftest import Loopback

WELCOME = Message(text="Welcome.")
HELLO = Message(text="hello")
BACK = "/slack/oauth_redirect"
COOKIE = "slack-app-oauth-state"


@pytest.fixture
async def app(loopback: Loopback) -> SlackApp:
    made = await loopback.start(credentials=loopback.for_many, welcome=WELCOME)
    loopback.slack.oauth.redirect_urls = [at(made, BACK)]
    return made


@pytest.fixture
def eve(loopback: Loopback) -> User:
    """Return somebody in a workspace without Warmup."""
    return loopback.slack.add_user(loopback.slack.add_workspace("Other", installed=False), "Eve", admin=True)


def at(app: SlackApp, path: str) -> str:
    return f"http://127.0.0.1:{app.port}{path}"


async def install(loopback: Loopback, app: SlackApp, user: User, **how: bool) -> Page:
    return await loopback.slack.install(user, at(app, "/slack/install"), **how)


async def visit(loopback: Loopback, address: str, state: str = "") -> tuple[int, str, dict[str, list[str]]]:
    """Return a page's status and text, and what the address that it leads to says; ``state`` is the browser's."""
    headers = {"Cookie": f"{COOKIE}={state}"} if state else {}
    async with loopback.slack.http.session().get(address, headers=headers, allow_redirects=False) as answer:
        led = parse_qs(urlsplit(answer.headers.get("Location", "")).query)
        return answer.status, await answer.text(), led


async def token(loopback: Loopback, team: Workspace) -> str | None:
    store = SlackInstallations(loopback.installations, Cipher([loopback.key]))
    bot = await store.async_find_bot(enterprise_id=team.enterprise, team_id=team.id)
    return bot.bot_token if bot else None


async def typed(loopback: Loopback, user: User) -> Interaction:
    channel = loopback.slack.add_channel(user.workspace, "study")
    return await loopback.done(await loopback.slack.command(user, channel, "/stage-public"))


async def removed(loopback: Loopback, team: Workspace) -> None:
    """Let a workspace remove Warmup, and wait until that was taken in."""
    await loopback.slack.uninstall(team)
    for record in loopback.slack.records[-2:]:
        await loopback.done(record)


def welcomes(loopback: Loopback, user: User) -> int:
    return len(loopback.slack.dm(user).messages)


async def test_the_page_leads_to_slack_and_asks_for_what_is_needed(loopback: Loopback, app: SlackApp) -> None:
    status, _, led = await visit(loopback, at(app, "/slack/install"))
    assert (status, led["client_id"]) == (302, [loopback.slack.client_id])
    assert led["scope"] == [",".join(SCOPES)]


async def test_a_workspace_that_installs_warmup_has_it(loopback: Loopback, app: SlackApp, eve: User) -> None:
    page = await install(loopback, app, eve)
    assert (page.status, "Warmup is installed" in page.text, "<code>/practice</code>" in page.text) == (200, True, True)
    assert await token(loopback, eve.workspace) == eve.workspace.bot_token
    assert (await typed(loopback, eve)).original is not None
    assert welcomes(loopback, eve) == 1


async def test_the_page_names_the_command_as_it_is_typed_there(loopback: Loopback, eve: User) -> None:
    app = await loopback.start(credentials=loopback.for_many, prefix="dl-")
    loopback.slack.oauth.redirect_urls = [at(app, BACK)]
    assert "<code>/dl-practice</code>" in (await install(loopback, app, eve)).text


async def test_whoever_installs_it_is_welcomed_once_for_each_workspace(
    loopback: Loopback, app: SlackApp, eve: User
) -> None:
    for _ in range(2):
        assert (await install(loopback, app, eve)).status == 200
    assert (welcomes(loopback, eve), len(await loopback.installations.all())) == (1, 1)


async def test_a_welcome_that_cannot_be_said_hinders_nothing(loopback: Loopback, app: SlackApp, eve: User) -> None:
    loopback.slack.faults.add("chat.postMessage", error="messages_tab_disabled")
    assert (await install(loopback, app, eve)).status == 200
    assert (await typed(loopback, eve)).original is not None


async def test_whoever_cancels_is_told_so_and_can_start_again(loopback: Loopback, app: SlackApp, eve: User) -> None:
    page = await install(loopback, app, eve, deny=True)
    assert "cancelled on Slack's page" in page.text
    assert 'href="/slack/install"' in page.text
    assert await loopback.installations.all() == []
    assert (await install(loopback, app, eve)).status == 200


async def test_a_state_is_good_once(loopback: Loopback, app: SlackApp, eve: User) -> None:
    page = await install(loopback, app, eve)
    state = parse_qs(urlsplit(page.url).query)["state"][0]
    before = len(loopback.slack.calls_of("oauth.v2.access"))
    status, text, _ = await visit(loopback, page.url, state)
    assert (status, "older than ten minutes" in text) == (401, True)
    assert len(loopback.slack.calls_of("oauth.v2.access")) == before


async def test_a_state_of_another_browser_is_refused(loopback: Loopback, app: SlackApp, eve: User) -> None:
    page = await install(loopback, app, eve, same_browser=False)
    assert (page.status, "another browser" in page.text) == (400, True)
    assert (loopback.slack.calls_of("oauth.v2.access"), await loopback.installations.all()) == ([], [])


@pytest.mark.parametrize(("seconds", "asked"), [(STATE_SECONDS - 1, 1), (STATE_SECONDS + 1, 0)])
async def test_a_state_runs_out(loopback: Loopback, app: SlackApp, seconds: int, asked: int) -> None:
    _, _, led = await visit(loopback, at(app, "/slack/install"))
    [state] = led["state"]
    loopback.clock.pass_time(seconds=seconds)
    status, text, _ = await visit(loopback, at(app, f"{BACK}?code=none&state={state}"), state)
    assert (status, "older than ten minutes" in text) == (401, not asked)
    assert len(loopback.slack.calls_of("oauth.v2.access")) == asked


@pytest.mark.parametrize("state", ["", "made-up", "%00", "x" * 5000], ids=len)
async def test_a_state_that_warmup_did_not_give_is_refused(loopback: Loopback, app: SlackApp, state: str) -> None:
    status, text, _ = await visit(loopback, at(app, f"{BACK}?code=1&state={state}"), state)
    assert (status in (400, 401), "Warmup is not installed" in text) == (True, True)
    assert loopback.slack.calls_of("oauth.v2.access") == []


@pytest.mark.parametrize(
    "fault",
    [{"error": "bad_client_secret"}, {"status": 503}, {"reset": True}, {"status": 200, "body": "<html>"}],
    ids=str,
)
async def test_an_installation_that_slack_does_not_complete_ends_on_a_page_without_secrets(
    loopback: Loopback, app: SlackApp, eve: User, fault: dict[str, Any]
) -> None:
    loopback.slack.faults.add("oauth.v2.access", **fault)
    page = await install(loopback, app, eve)
    assert (page.status >= 400, "Slack did not complete the installation." in page.text) == (True, True)
    secrets = [loopback.slack.client_secret, loopback.slack.signing_secret, loopback.key, "xoxb-", "Traceback"]
    assert [secret for secret in secrets if secret in page.text] == []
    assert await loopback.installations.all() == []


async def test_a_database_that_fails_ends_on_the_same_page(loopback: Loopback, app: SlackApp) -> None:
    async with loopback.storage.writing() as statements:
        await statements.execute(DropTable(oauth_states))
    status, text, _ = await visit(loopback, at(app, "/slack/install"))
    assert (status, "Slack did not complete the installation." in text) == (503, True)


async def test_what_an_address_says_is_not_repeated_on_the_page(loopback: Loopback, app: SlackApp) -> None:
    _, text, _ = await visit(loopback, at(app, f"{BACK}?error=<script>alert(1)</script>"))
    assert ("Warmup is not installed" in text, "script" in text) == (True, False)


@pytest.mark.parametrize("enterprise", [None, "E1"])
async def test_a_workspace_that_removes_warmup_is_forgotten(
    loopback: Loopback, app: SlackApp, eve: User, enterprise: str | None
) -> None:
    eve.workspace.enterprise = enterprise
    await install(loopback, app, eve)
    assert len(await loopback.installations.all()) == 1
    await removed(loopback, eve.workspace)
    assert (await loopback.installations.all(), await token(loopback, eve.workspace)) == ([], None)
    assert await loopback.presence.has_left(loopback.workspace(eve.workspace))
    before = len(loopback.slack.calls)
    assert ((await typed(loopback, eve)).original, len(loopback.slack.calls)) == (None, before)


async def test_a_workspace_can_install_it_again(loopback: Loopback, app: SlackApp, eve: User) -> None:
    await install(loopback, app, eve)
    old = eve.workspace.bot_token
    await removed(loopback, eve.workspace)
    loopback.slack.dm(eve).bot_is_member = True
    await install(loopback, app, eve)
    assert old != eve.workspace.bot_token == await token(loopback, eve.workspace)
    assert not await loopback.presence.has_left(loopback.workspace(eve.workspace))
    assert (await typed(loopback, eve)).original is not None
    assert welcomes(loopback, eve) == 2


async def test_what_slack_repeats_of_a_removal_takes_no_new_installation_away(
    loopback: Loopback, app: SlackApp, eve: User
) -> None:
    await install(loopback, app, eve)
    await removed(loopback, eve.workspace)
    repeated = [sent for sent in loopback.slack.http.sent if b"app_uninstalled" in sent.body or b"revoked" in sent.body]
    await install(loopback, app, eve)
    for sent in repeated:
        await loopback.slack.replay(sent)
    await app.client.drain(5)
    assert (len(repeated), await token(loopback, eve.workspace)) == (2, eve.workspace.bot_token)
    assert not await loopback.presence.has_left(loopback.workspace(eve.workspace))


async def test_a_process_that_was_not_told_of_a_new_token_reads_it(
    loopback: Loopback, app: SlackApp, eve: User
) -> None:
    await install(loopback, app, eve)
    place = loopback.place(loopback.slack.add_channel(eve.workspace, "study"))
    await app.platform.send(place, HELLO)
    other = await loopback.start(credentials=loopback.for_many)
    await removed(loopback, eve.workspace)
    loopback.slack.oauth.redirect_urls = [at(other, BACK)]
    await install(loopback, other, eve)
    for channel in loopback.slack.state.channels.values():
        channel.bot_is_member = True
    await app.platform.send(place, HELLO)
    assert not await loopback.presence.has_left(loopback.workspace(eve.workspace))


@pytest.mark.parametrize("tokens", [{"oauth": ["U1"]}, {"oauth": ["U1"], "bot": []}, {}], ids=json.dumps)
async def test_a_persons_token_that_is_taken_back_changes_nothing(
    loopback: Loopback, app: SlackApp, eve: User, tokens: dict[str, list[str]]
) -> None:
    await install(loopback, app, eve)
    event = {"type": "tokens_revoked", "tokens": tokens}
    loopback.slack.faults.add("auth.test", status=503)
    await loopback.done(await loopback.slack.event(eve.workspace, event))
    assert await token(loopback, eve.workspace) == eve.workspace.bot_token
    assert not await loopback.presence.has_left(loopback.workspace(eve.workspace))


async def test_of_two_workspaces_the_other_stays(loopback: Loopback, app: SlackApp, eve: User) -> None:
    bob = loopback.slack.add_user(loopback.slack.add_workspace("Third", installed=False), "Bob", admin=True)
    for person in (eve, bob):
        await install(loopback, app, person)
    await removed(loopback, eve.workspace)
    assert [row.workspace for row in await loopback.installations.all()] == [bob.workspace.id]
    loopback.slack.calls.clear()
    assert (await typed(loopback, bob)).original is not None
    assert {call.token for call in loopback.slack.calls} == {"", bob.workspace.bot_token}
