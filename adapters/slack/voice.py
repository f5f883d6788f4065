"""What speaks to Slack, whoever listens: whose tokens they are, calls, pictures and posts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

import structlog

from adapters.slack.api import SlackApi
from adapters.slack.authority import Authority, ManyWorkspaces, OneWorkspace
from adapters.slack.credentials import Credentials
from adapters.slack.diagnosis import OneTeam, ask_app, ask_bot
from adapters.slack.events import PLATFORM
from adapters.slack.installations import Cipher, SlackInstallations, read_keys
from adapters.slack.pictures import Pictures
from adapters.slack.platform import SlackPlatform
from adapters.slack.render import Commands
from bot.errors import ConfigError, RateLimited, StorageError, Unreachable
from bot.installing import Installations, OAuthStates, PostLog
from bot.ports import Clock, Presence
from bot.refs import WorkspaceRef

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
"""Seconds between attempts to reach Slack at the start, doubled each time."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Stores:
    """What is kept."""

    presence: Presence
    posts: PostLog
    installations: Installations
    states: OAuthStates


class Voice:
    """Speaks in the workspaces whose tokens there are; ``names`` are those of the commands, with those of groups."""

    def __init__(
        self, credentials: Credentials, stores: Stores, *, clock: Clock, url: str, names: Iterable[str], prefix: str
    ) -> None:
        self._credentials = credentials
        self._presence = stores.presence
        self.authority, self.store = _authority(credentials, stores, clock)
        self.api = SlackApi(self.authority, url, self.lose)
        self.pictures = Pictures(self.api)
        self.commands = Commands(prefix, frozenset(name.partition(" ")[0] for name in names))
        self.platform = SlackPlatform(self.api, stores.presence, stores.posts, self.pictures, clock, self.commands)

    async def find_out(self, pause: float, *, listening: bool) -> None:
        """Find out which workspace the token belongs to; tries for as long as Slack cannot be reached.

        Raises ConfigError when Slack refuses the token, or the one that is needed for ``listening``.
        """
        if not isinstance(self.authority, OneWorkspace):
            return
        while True:
            try:
                about: OneTeam = await ask_bot(self.api.client(self._credentials.bot_token))
                if listening and self._credentials.socket:
                    await ask_app(self.api.client(), self._credentials.app_token)
            except (Unreachable, RateLimited) as error:
                log.warning("Slack cannot be reached", error=str(error), again_in=pause)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                self.authority.team = about.team
                await self.joined(about.team)
                return

    async def joined(self, team: str) -> bool:
        """Keep that Warmup is in a workspace; true if that is news."""
        self.authority.forget(team)
        return await self._presence.joined(WorkspaceRef(PLATFORM, team))

    async def lose(self, team: str) -> None:
        """Keep that a workspace removed Warmup, so that it is not posted to again."""
        log.info("removed from a workspace", workspace=team)
        try:
            await self._presence.left(WorkspaceRef(PLATFORM, team))
        except StorageError as error:
            log.error("not kept that a workspace was left", workspace=team, kind=type(error).__name__)


def _authority(credentials: Credentials, stores: Stores, clock: Clock) -> tuple[Authority, SlackInstallations | None]:
    if not credentials.many:
        return OneWorkspace(credentials.bot_token), None
    if not credentials.encryption_key:
        raise ConfigError(["SLACK_ENCRYPTION_KEY: not set; print one with python -m bot slack key"])
    store = SlackInstallations(stores.installations, Cipher(read_keys(credentials.encryption_key)))
    return ManyWorkspaces(store, clock), store
