"""Where Slack's app is installed, with its tokens encrypted, as slack_sdk asks for it."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.installation_store.models.bot import Bot
from slack_sdk.oauth.installation_store.models.installation import Installation
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from bot.errors import ConfigError
from bot.installing import InstallationRow, Installations, OAuthStates

VARIABLE = "SLACK_ENCRYPTION_KEY"
STATE_SECONDS = 600
"""How long a person has between Slack's page and the way back."""
_KEY = re.compile(r"[A-Za-z0-9+/_-]{43}=")
"""32 bytes in Base64; Fernet itself passes over characters that do not belong in it."""


def new_key() -> str:
    """Return a new key for ``SLACK_ENCRYPTION_KEY``."""
    return Fernet.generate_key().decode()


def read_keys(text: str) -> list[str]:
    """Return the keys that ``SLACK_ENCRYPTION_KEY`` lists, separated by commas, newest first.

    Raises ConfigError with a line for each that is none, which does not repeat it.
    """
    keys = [key.strip() for key in text.split(",")]
    bad = [place for place, key in enumerate(keys, 1) if not _KEY.fullmatch(key)]
    if bad:
        mend = "print a new one with `python -m bot slack key`"
        raise ConfigError(f"{VARIABLE}: key {place} of {len(keys)} is not one; {mend}" for place in bad)
    return keys


class Cipher:
    """Encrypts with the first of the keys of ``read_keys``, and decrypts with any."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def encrypt(self, secret: bytes) -> bytes:
        """Return what only the keys' owner can read."""
        return self._fernet.encrypt(secret)

    def decrypt(self, encrypted: bytes, place: str) -> bytes:
        """Return what was encrypted; raises ConfigError, which names the place, if no key opens it."""
        try:
            return self._fernet.decrypt(encrypted)
        except InvalidToken:
            mend = "restore the old key there, after the new one and a comma"
            raise ConfigError([f"{VARIABLE}: no key in it opens the installation in {place}; {mend}"]) from None


class SlackInstallations(AsyncInstallationStore):
    """Keeps the latest installation of each workspace, and of each enterprise that installed Warmup as a whole.

    Warmup lives by its bot token; of user tokens the one of whoever installed it is kept, if there is one.
    """

    def __init__(self, installations: Installations, cipher: Cipher) -> None:
        self._installations = installations
        self._cipher = cipher

    async def async_save(self, installation: Installation) -> None:
        """Keep an installation in place of the one before."""
        await self._installations.save(
            InstallationRow(
                enterprise=installation.enterprise_id or "",
                workspace="" if installation.is_enterprise_install else installation.team_id or "",
                bot_user=installation.bot_user_id or "",
                app_id=installation.app_id or "",
                scopes=tuple(installation.bot_scopes or ()),
                secret=self._seal(installation),
                org_wide=installation.is_enterprise_install,
                installed_at=datetime.fromtimestamp(installation.installed_at, UTC),
            )
        )

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """Return the bot of a workspace: of its own installation, or of its enterprise's.

        Raises ConfigError if no key decrypts it.
        """
        found = await self.async_find_installation(
            enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=is_enterprise_install
        )
        return found.to_bot() if found and found.bot_token else None

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        """Return the installation of a workspace: its own, or its enterprise's; with ``user_id``, only if it is theirs.

        Raises ConfigError if no key decrypts it.
        """
        row = None
        if team_id and not is_enterprise_install:
            row = await self._installations.find(enterprise_id or "", team_id)
        if row is None and enterprise_id:
            row = await self._installations.find(enterprise_id, "")
        if row is None:
            return None
        installation = self._open(row)
        return installation if user_id in (None, installation.user_id) else None

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Forget an installation: without its bot nothing of it is of use."""
        await self._installations.delete(enterprise_id or "", team_id or "")

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Forget an installation; with ``user_id``, their token alone: the bot's stays good when theirs is revoked."""
        if user_id is None:
            await self.async_delete_bot(enterprise_id=enterprise_id, team_id=team_id)
            return
        row = await self._installations.find(enterprise_id or "", team_id or "")
        if row is None:
            return
        installation = self._open(row)
        if installation.user_id == user_id and installation.user_token:
            installation.user_token = installation.user_refresh_token = installation.user_token_expires_at = None
            installation.user_scopes = []
            await self._installations.replace_secret(row, self._seal(installation))

    async def async_delete_all(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Forget an installation: Warmup was removed."""
        await self.async_delete_bot(enterprise_id=enterprise_id, team_id=team_id)

    async def rotate(self) -> int:
        """Encrypt every installation anew, with the first key; return how many.

        Raises ConfigError, before anything is written, if no key decrypts one. What is installed anew meanwhile has
        been encrypted with the first key already and is left alone.
        """
        rows = await self._installations.all()
        renewed = [self._cipher.encrypt(self._decrypt(row)) for row in rows]
        done = [await self._installations.replace_secret(row, new) for row, new in zip(rows, renewed, strict=True)]
        return sum(done)

    def _seal(self, installation: Installation) -> bytes:
        values = installation.to_dict_for_copying()
        return self._cipher.encrypt(json.dumps(values, default=datetime.isoformat).encode())

    def _open(self, row: InstallationRow) -> Installation:
        values: dict[str, Any] = json.loads(self._decrypt(row))
        return Installation(**values)

    def _decrypt(self, row: InstallationRow) -> bytes:
        return self._cipher.decrypt(row.secret, row.workspace or row.enterprise)


class SlackStates(AsyncOAuthStateStore):
    """States that Slack's page sends back, each good once."""

    def __init__(self, states: OAuthStates, seconds: int = STATE_SECONDS) -> None:
        self._states = states
        self._seconds = seconds

    async def async_issue(self, *_: Any, **__: Any) -> str:
        """Return a new state."""
        state = secrets.token_urlsafe(32)
        await self._states.issue(state, self._seconds)
        return state

    async def async_consume(self, state: str) -> bool:
        """Use a state up; false if it is none, ran out or was used."""
        return await self._states.consume(state)
