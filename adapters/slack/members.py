"""Who people are, as Slack says: name, time zone, and whether they look after the workspace."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.slack.api import SlackApi
from adapters.slack.events import Act, user_ref
from bot.errors import PlatformError
from bot.refs import Actor, Role

FRESH_SECONDS = 300.0
"""How long what Slack said of a person is used: as late as that somebody becomes a moderator, or ceases to be one."""
PATIENCE = 1.0
"""Seconds that an act waits for Slack to say who its person is; without it they are a member by their handle."""
REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    zone: str
    moderator: bool
    until: float


class Members:
    """Looks people up, each once in a while; what cannot be found out is left open rather than waited for."""

    def __init__(self, api: SlackApi, patience: float = PATIENCE) -> None:
        self._api = api
        self._patience = patience
        self._known: OrderedDict[tuple[str, str], _Member] = OrderedDict()
        self._asked: dict[tuple[str, str], asyncio.Task[_Member | None]] = {}

    async def actor(self, act: Act) -> Actor:
        """Return who did it; rights count in the person's own workspace only."""
        member = await self._find(act)
        if member is None:
            return Actor(user_ref(act), act.handle)
        user = user_ref(act)
        role = Role.MODERATOR if member.moderator and user.space == act.team else Role.MEMBER
        return Actor(user, member.name or act.handle, role, member.zone)

    async def _find(self, act: Act) -> _Member | None:
        key, now = (act.team, act.user), asyncio.get_running_loop().time()
        known = self._known.get(key)
        if known is not None and now < known.until:
            self._known.move_to_end(key)
            return known
        asked = self._asked.get(key)
        if asked is None:
            asked = self._asked[key] = asyncio.create_task(self._ask(act))
            asked.add_done_callback(lambda _: self._asked.pop(key, None))
        done, _ = await asyncio.wait({asked}, timeout=self._patience)
        # What was known before is a better guess than nothing, but no grounds for rights.
        return asked.result() if done and asked.result() else _without_rights(known)

    async def _ask(self, act: Act) -> _Member | None:
        try:
            said = await self._api.call(act.team, "users.info", enterprise=act.enterprise, user=act.user)
        except PlatformError:
            return None
        member = _read(said.get("user") or {}, asyncio.get_running_loop().time() + FRESH_SECONDS)
        self._known[act.team, act.user] = member
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return member

    async def settle(self) -> None:
        """Ask no more."""
        for task in list(self._asked.values()):
            task.cancel()
        await asyncio.gather(*self._asked.values(), return_exceptions=True)


def _read(user: Mapping[str, Any], until: float) -> _Member:
    profile: Mapping[str, Any] = user.get("profile") or {}
    name = profile.get("display_name") or profile.get("real_name") or user.get("real_name") or user.get("name") or ""
    moderator = bool(user.get("is_admin") or user.get("is_owner") or user.get("is_primary_owner"))
    return _Member(str(name), str(user.get("tz") or ""), moderator, until)


def _without_rights(member: _Member | None) -> _Member | None:
    return None if member is None else _Member(member.name, member.zone, moderator=False, until=member.until)
