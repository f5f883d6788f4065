"""Slack's installations as slack_sdk asks for them, on a real database: every token encrypted, keys that change."""

from __future__ import annotations

import base64
import traceback
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.listener.async_builtins import AsyncTokenRevocationListeners
from slack_sdk.oauth.installation_store.models.installation import Installation

from adapters.slack.installations import Cipher, SlackInstallations, SlackStates, new_key, read_keys
from adapters.storage.installations import SqlInstallations
from adapters.storage.oauth_states import SqlOAuthStates
from adapters.storage.work import SqlStorage
from bot.errors import ConfigError
from tests.support.databases import open_database
from tests.support.world import MONDAY, StillClock

KEY, NEWER, OTHER = (base64.urlsafe_b64encode(bytes([number]) * 32).decode() for number in (1, 2, 3))
WRONG = (
    "SLACK_ENCRYPTION_KEY: no key in it opens the installation in T1; "
    "restore the old key there, after the new one and a comma"
)
SECRETS = {
    "bot_token": "xoxb-bot-token",
    "bot_refresh_token": "xoxe-1-bot-refresh",
    "user_token": "xoxp-user-token",
    "user_refresh_token": "xoxe-1-user-refresh",
    "incoming_webhook_url": "https://hooks.slack.com/services/secret",
}


def _installation(**changes: Any) -> Installation:
    values: dict[str, Any] = {
        "app_id": "A1",
        "team_id": "T1",
        "team_name": "Study 🦉",
        "bot_id": "B1",
        "bot_user_id": "U1",
        "bot_scopes": ["commands", "chat:write"],
        "bot_token_expires_at": 1_800_000_000,
        "user_id": "U2",
        "user_scopes": ["identify"],
        "user_token_expires_at": 1_800_000_001,
        "token_type": "bot",
        "installed_at": MONDAY.timestamp(),
        "custom_values": {"note": "mine"},
    }
    return Installation(**{**values, **SECRETS, **changes})


def _bot(token: str) -> dict[str, str]:
    return {"bot_token": token}


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[SqlStorage]:
    async with open_database("sqlite", tmp_path) as opened:
        yield opened


@pytest.fixture
def kept(storage: SqlStorage) -> SqlInstallations:
    return SqlInstallations(storage, StillClock())


@pytest.fixture
def store(kept: SqlInstallations) -> SlackInstallations:
    return SlackInstallations(kept, Cipher([KEY]))


async def _find(store: SlackInstallations, **ids: Any) -> dict[str, Any] | None:
    found = await store.async_find_installation(**{"enterprise_id": None, "team_id": "T1", **ids})
    return found.to_dict_for_copying() if found else None


async def _token(store: SlackInstallations, enterprise: str | None, team: str | None, **asked: bool) -> str | None:
    bot = await store.async_find_bot(enterprise_id=enterprise, team_id=team, **asked)
    return bot.bot_token if bot else None


async def test_an_installation_comes_back_as_it_was(store: SlackInstallations) -> None:
    await store.async_save(_installation())
    assert await _find(store) == _installation().to_dict_for_copying()
    bot = await store.async_find_bot(enterprise_id=None, team_id="T1")
    assert bot is not None
    assert bot.to_dict() == _installation().to_bot().to_dict()


async def test_what_needs_no_key_can_be_read_without_one(store: SlackInstallations, kept: SqlInstallations) -> None:
    await store.async_save(_installation(enterprise_id="E1"))
    (row,) = await kept.all()
    assert (row.enterprise, row.workspace, row.bot_user, row.app_id) == ("E1", "T1", "U1", "A1")
    assert (row.scopes, row.org_wide, row.installed_at) == (("commands", "chat:write"), False, MONDAY)


async def test_the_database_holds_no_token(store: SlackInstallations, tmp_path: Path) -> None:
    await store.async_save(_installation())
    dump = b"".join(path.read_bytes() for path in sorted(tmp_path.iterdir()))
    assert b"chat:write" in dump
    assert [secret for secret in SECRETS.values() if secret.encode() in dump] == []
    assert [name for name in SECRETS if name.encode() in dump] == []


async def test_the_latest_installation_is_the_one(store: SlackInstallations, kept: SqlInstallations) -> None:
    await store.async_save(_installation())
    await store.async_save(_installation(user_id="U3", **_bot("xoxb-newer")))
    assert await _token(store, None, "T1") == "xoxb-newer"
    assert len(await kept.all()) == 1


async def test_an_enterprise_that_installed_it_as_a_whole_has_one_bot_for_its_workspaces(
    store: SlackInstallations, kept: SqlInstallations
) -> None:
    org = {"enterprise_id": "E1", "is_enterprise_install": True}
    await store.async_save(_installation(**org, **_bot("xoxb-org"), team_id=None))
    await store.async_save(_installation(enterprise_id="E1", **_bot("xoxb-own")))
    assert await _token(store, "E1", "T9", is_enterprise_install=True) == "xoxb-org"
    assert await _token(store, "E1", None) == "xoxb-org"
    assert await _token(store, "E1", "T9") == "xoxb-org"
    assert await _token(store, "E1", "T1") == "xoxb-own"
    assert await _token(store, "E1", "T1", is_enterprise_install=True) == "xoxb-org"
    assert await _token(store, None, "T1") == "xoxb-own"
    assert [await _token(store, *ids) for ids in [("E2", "T1"), (None, "T9"), (None, None)]] == [None] * 3
    await store.async_save(_installation(**org, **_bot("xoxb-new"), team_id="T1"))
    assert await _token(store, "E1", None) == "xoxb-new"
    assert [(row.workspace, row.org_wide) for row in await kept.all()] == [("", True), ("T1", False)]


async def test_nobody_is_handed_the_token_of_another_person(store: SlackInstallations) -> None:
    await store.async_save(_installation())
    assert await _find(store, user_id="U1") is None
    assert await _find(store, user_id="U2") == _installation().to_dict_for_copying()


async def test_an_installation_without_a_bot_has_none(store: SlackInstallations) -> None:
    await store.async_save(_installation(bot_token=None, bot_user_id=None, bot_scopes=""))
    assert await store.async_find_bot(enterprise_id=None, team_id="T1") is None
    assert await _find(store) is not None


@pytest.mark.parametrize("delete", ["async_delete_bot", "async_delete_installation", "async_delete_all"])
async def test_what_is_deleted_is_gone_there_alone(
    store: SlackInstallations, kept: SqlInstallations, delete: str
) -> None:
    await store.async_save(_installation())
    await store.async_save(_installation(team_id="T2"))
    await getattr(store, delete)(enterprise_id=None, team_id="T1")
    assert [row.workspace for row in await kept.all()] == ["T2"]


async def _revoke(store: SlackInstallations, **tokens: list[str]) -> None:
    context = AsyncBoltContext({"enterprise_id": None, "team_id": "T1"})
    await AsyncTokenRevocationListeners(store).handle_tokens_revoked_events({"tokens": tokens}, context)


async def test_a_person_who_revokes_their_token_takes_theirs_alone(store: SlackInstallations) -> None:
    await store.async_save(_installation())
    await _revoke(store, oauth=["U9"])
    assert await _find(store) == _installation().to_dict_for_copying()
    await _revoke(store, oauth=["U2"])
    gone = dict.fromkeys(("user_token", "user_refresh_token", "user_token_expires_at", "user_scopes"))
    assert await _find(store) == {**_installation().to_dict_for_copying(), **gone}
    await _revoke(store, oauth=["U2"])
    assert await _token(store, None, "T1") == SECRETS["bot_token"]


async def test_a_bot_whose_token_is_revoked_is_forgotten(store: SlackInstallations, kept: SqlInstallations) -> None:
    await store.async_save(_installation())
    await _revoke(store, oauth=["U2"], bot=["U1"])
    assert list(await kept.all()) == []
    await _revoke(store, oauth=["U2"], bot=["U1"])


async def test_a_key_that_opens_nothing_is_said_without_any_token(
    store: SlackInstallations, kept: SqlInstallations
) -> None:
    await store.async_save(_installation())
    other = SlackInstallations(kept, Cipher([OTHER]))
    with pytest.raises(ConfigError) as found:
        await other.async_find_bot(enterprise_id=None, team_id="T1")
    with pytest.raises(ConfigError) as rotated:
        await other.rotate()
    assert (found.value.faults, rotated.value.faults) == ((WRONG,), (WRONG,))
    said = "".join(traceback.format_exception(found.value)) + repr((store, other._cipher, await kept.all()))
    assert [secret for secret in (*SECRETS.values(), KEY, OTHER) if secret in said] == []
    await other.async_delete_all(enterprise_id=None, team_id="T1")
    assert list(await kept.all()) == []


async def test_a_changed_secret_is_not_taken_for_a_good_one(store: SlackInstallations, kept: SqlInstallations) -> None:
    await store.async_save(_installation())
    (row,) = await kept.all()
    changed = bytearray(row.secret)
    changed[20] = ord("A") if changed[20] != ord("A") else ord("B")
    assert await kept.replace_secret(row, bytes(changed))
    with pytest.raises(ConfigError, match="no key in it opens the installation in T1"):
        await _find(store)


async def test_keys_change_without_anybody_installing_again(store: SlackInstallations, kept: SqlInstallations) -> None:
    await store.async_save(_installation())
    await store.async_save(_installation(team_id="T2"))
    both = SlackInstallations(kept, Cipher([NEWER, KEY]))
    assert await _token(both, None, "T1") == SECRETS["bot_token"]
    await both.async_save(_installation(team_id="T3"))
    assert await both.rotate() == 3
    new = SlackInstallations(kept, Cipher([NEWER]))
    assert [await _token(new, None, team) for team in ("T1", "T2", "T3")] == [SECRETS["bot_token"]] * 3
    assert await _find(new) == _installation().to_dict_for_copying()
    with pytest.raises(ConfigError):
        await _find(store)


async def test_keys_change_for_all_or_for_none(store: SlackInstallations, kept: SqlInstallations) -> None:
    await SlackInstallations(kept, Cipher([KEY])).async_save(_installation(team_id="T0"))
    await SlackInstallations(kept, Cipher([OTHER])).async_save(_installation())
    before = await kept.all()
    with pytest.raises(ConfigError, match="T1"):
        await SlackInstallations(kept, Cipher([NEWER, KEY])).rotate()
    assert await kept.all() == before
    assert await _token(store, None, "T0") == SECRETS["bot_token"]


def test_a_new_key_is_one_and_never_the_same() -> None:
    first, second = new_key(), new_key()
    assert first != second
    assert read_keys(f" {second} ,{first}\n") == [second, first]
    cipher = Cipher(read_keys(f"{second},{first}"))
    assert cipher.decrypt(Cipher([first]).encrypt(b"secret"), "T1") == b"secret"
    assert Cipher([second]).decrypt(cipher.encrypt(b"secret"), "T1") == b"secret"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("", ["1 of 1"]),
        ("hunter2", ["1 of 1"]),
        (f"{KEY},", ["2 of 2"]),
        (f"{KEY} {OTHER}", ["1 of 1"]),
        (f"hunter2,{KEY},{OTHER[:-1]}", ["1 of 3", "3 of 3"]),
        (f"{KEY[:20]}!{KEY[20:]}", ["1 of 1"]),
        (KEY.replace("=", "é"), ["1 of 1"]),
    ],
)
def test_a_bad_key_is_said_by_its_place(text: str, places: list[str]) -> None:
    with pytest.raises(ConfigError) as told:
        read_keys(text)
    assert list(told.value.faults) == [
        f"SLACK_ENCRYPTION_KEY: key {place} is not one; print a new one with `python -m bot slack key`"
        for place in places
    ]


async def test_a_state_is_good_once_and_for_its_time(storage: SqlStorage) -> None:
    clock = StillClock()
    states = SlackStates(SqlOAuthStates(storage, clock), seconds=60)
    first, second = await states.async_issue(), await states.async_issue("whatever", flow="passes")
    assert len({first, second}) == 2
    assert [await states.async_consume(state) for state in (first, first, "forged")] == [True, False, False]
    clock.pass_time(seconds=60)
    assert not await states.async_consume(second)
