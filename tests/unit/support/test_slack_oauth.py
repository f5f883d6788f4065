from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.slack.client import Room, opened_room
from tests.support.slack.state import Json, User

BACK = "https://warmup.test/slack/oauth_redirect"


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    async with opened_room() as opened:
        yield opened


@pytest.fixture
def eve(room: Room) -> User:
    return room.slack.add_user(room.slack.add_workspace("Other", installed=False), "Eve")


async def authorized(room: Room, user: User | None, **more: str) -> tuple[int, str]:
    """Return the status of the authorize page, and where it leads or what it says."""
    query = {"client_id": room.slack.client_id, "scope": "commands,chat:write", "redirect_uri": BACK, "state": "s"}
    headers = {"X-Person": user.id} if user else {}
    async with room.slack.http.session().get(
        f"{room.slack.url}/oauth/v2/authorize", params=query | more, headers=headers, allow_redirects=False
    ) as answer:
        return answer.status, answer.headers.get("Location") or await answer.text()


async def exchanged(room: Room, **more: str) -> Json:
    form = {"client_id": room.slack.client_id, "client_secret": room.slack.client_secret, "redirect_uri": BACK}
    async with room.slack.http.session().post(f"{room.slack.api_url}oauth.v2.access", data=form | more) as answer:
        return dict(await answer.json())


async def code_of(room: Room, user: User) -> str:
    _, location = await authorized(room, user)
    query = parse_qs(urlsplit(location).query)
    assert query["state"] == ["s"]
    return query["code"][0]


async def test_a_code_is_exchanged_once_for_a_token(room: Room, eve: User) -> None:
    code = await code_of(room, eve)
    answer = await exchanged(room, code=code)
    again = await exchanged(room, code=code)

    workspace = eve.workspace
    assert answer == {
        "ok": True,
        "app_id": room.slack.app_id,
        "authed_user": {"id": eve.id},
        "scope": "chat:write,commands",
        "token_type": "bot",
        "access_token": workspace.bot_token,
        "bot_user_id": workspace.bot_user,
        "team": {"id": workspace.id, "name": "Other"},
        "enterprise": None,
        "is_enterprise_install": False,
    }
    assert (again["error"], room.slack.violations) == ("invalid_code", [])
    assert (await exchanged(room, code=await code_of(room, eve)))["access_token"] == answer["access_token"]


async def test_what_is_wrong_at_the_exchange_is_said(room: Room, eve: User) -> None:
    wrong = [{"client_id": "1.2"}, {"client_secret": "x"}, {"code": "x"}, {"redirect_uri": "https://evil.test/"}]
    errors = [(await exchanged(room, **({"code": await code_of(room, eve)} | part)))["error"] for part in wrong]

    assert errors == ["invalid_client_id", "bad_client_secret", "invalid_code", "bad_redirect_uri"]
    assert eve.workspace.bot_token == ""


async def test_the_page_refuses_what_it_does_not_know(room: Room, eve: User) -> None:
    room.slack.oauth.redirect_urls.append("https://warmup.test/")

    assert await authorized(room, None) == (403, "not_signed_in")
    assert await authorized(room, eve, client_id="1.2") == (400, "invalid_client_id")
    assert await authorized(room, eve, scope="") == (400, "no_scopes")
    assert await authorized(room, eve, redirect_uri="https://evil.test/") == (400, "bad_redirect_uri")
    assert (await authorized(room, eve))[0] == 302


async def test_the_app_can_take_itself_out(room: Room) -> None:
    client = {"client_id": room.slack.client_id, "client_secret": room.slack.client_secret}
    await room.client.apps_uninstall(**client)

    told = [record.payload["event"] for record in room.slack.records]
    assert [event["type"] for event in told] == ["tokens_revoked", "app_uninstalled"]
    assert told[0]["tokens"] == {"oauth": [], "bot": [room.workspace.bot_user]}
    assert room.channel.bot_is_member is False
