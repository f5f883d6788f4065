"""Whose token a call is made with: one workspace's from the settings, or those of all that installed Warmup."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from adapters.slack.failures import Lost
from adapters.slack.installations import SlackInstallations
from bot.errors import Unreachable
from bot.ports import Clock

FRESH_SECONDS = 300.0
"""How long a token is used before it is read again: another process may have been told of a new one."""


class Authority(Protocol):
    """Knows the tokens."""

    @property
    def ready(self) -> bool:
        """Tell whether it is known whose tokens they are."""
        ...

    async def token(self, team: str, enterprise: str = "") -> str:
        """Return the bot's token for a workspace. Raises Lost where there is none, Unreachable before it is ready."""
        ...

    def forget(self, team: str) -> None:
        """Read the workspace's token again before it is used again."""
        ...

    async def drop(self, team: str) -> None:
        """Forget the workspace's token for good: Warmup was removed."""
        ...


class OneWorkspace:
    """The token of the settings, for the workspace it belongs to and no other."""

    def __init__(self, token: str) -> None:
        self._token = token
        self.team = ""
        """The workspace's id, once Slack has told it."""

    @property
    def ready(self) -> bool:
        """Tell whether the workspace is known."""
        return bool(self.team)

    async def token(self, team: str, enterprise: str = "") -> str:  # noqa: ARG002
        """Return the token, for its own workspace only."""
        if not self.ready:
            raise Unreachable("Slack has not told yet whose token it is")
        if team != self.team:
            raise Lost(f"Warmup is not installed in {team[:20]}")
        return self._token

    def forget(self, team: str) -> None:
        """Keep it: there is no other."""

    async def drop(self, team: str) -> None:
        """Keep it: the settings hold it."""


class ManyWorkspaces:
    """The tokens of all workspaces that installed Warmup; remembered for a while."""

    def __init__(self, store: SlackInstallations, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._known: dict[str, tuple[str, float]] = {}

    @property
    def ready(self) -> bool:
        """Tell that the store knows them all."""
        return True

    async def token(self, team: str, enterprise: str = "") -> str:
        """Return the workspace's token, or that of the enterprise that installed Warmup for all of its own."""
        now = self._clock.now().timestamp()
        known = self._known.get(team)
        if known is not None and now - known[1] < FRESH_SECONDS:
            return known[0]
        bot = await self._store.async_find_bot(
            enterprise_id=enterprise or None, team_id=team, is_enterprise_install=False
        )
        if bot is None or not bot.bot_token:
            self._known.pop(team, None)
            raise Lost(f"Warmup is not installed in {team[:20]}")
        self._known[team] = (bot.bot_token, now)
        return bot.bot_token

    def forget(self, team: str) -> None:
        """Read the workspace's token again before it is used again."""
        self._known.pop(team, None)

    async def drop(self, team: str) -> None:
        """Forget the workspace's own token for good, whatever enterprise it is of: Warmup was removed."""
        self.forget(team)
        bot = await self._store.async_find_bot(enterprise_id=None, team_id=team, is_enterprise_install=False)
        if bot is not None:
            await self._store.async_delete_bot(enterprise_id=bot.enterprise_id, team_id=bot.team_id)


OnLost = Callable[[str], Awaitable[None]]
"""Told the id of a workspace whose token is worth nothing any more."""
