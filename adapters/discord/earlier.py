"""Find a post that an earlier attempt may have made: Discord remembers a nonce for minutes, and none in a forum."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

import discord
import structlog

from adapters.discord.failures import translated
from adapters.discord.markdown import Commands
from adapters.discord.obstacle import glance, look
from adapters.discord.pace import Pace
from adapters.discord.render import render_message
from bot.errors import Forbidden, Unreachable
from bot.message import Message
from bot.refs import ChannelRef

LOOKED_AT = 100
"""Messages of a channel among which a post is looked for."""
DISCORDS_CLOCK = timedelta(minutes=2)
"""How far Discord's clock may be from ours."""
REMEMBERED = timedelta(seconds=60)
"""How long a nonce is surely good: Discord says "the past few minutes"."""
_TEXT = discord.ComponentType.text_display.value

Part = Mapping[str, Any]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Mark:
    """What tells a message from others: its first control; without controls, its words."""

    control: str
    words: tuple[str, ...]

    @classmethod
    def of(cls, message: Message, commands: Commands) -> Self:
        """Return the mark of a message that is to be sent."""
        components: list[Part] = render_message(message, commands).view.to_components()  # type: ignore[no-untyped-call]
        return cls.read(components)

    @classmethod
    def read(cls, components: Iterable[Part]) -> Self:
        """Return the mark of components as Discord has them."""
        parts = list(_walk(components))
        control = next((str(part["custom_id"]) for part in parts if part.get("custom_id")), "")
        words = tuple(str(part["content"]).strip() for part in parts if part["type"] == _TEXT)
        return cls(control, words)

    def is_on(self, components: Iterable[Part]) -> bool:
        """Tell whether a message with these components is the one; whom it notifies may stand in front."""
        other = self.read(components)
        return self.control == other.control and (bool(self.control) or self.words == other.words[-len(self.words) :])


class Earlier:
    """Looks for posts of our own. Raises Unreachable where Discord does not let Warmup look: better missing than twice.

    Raises RateLimited, Gone and PlatformError as all requests do.
    """

    def __init__(self, client: Callable[[], discord.Client], pace: Pace) -> None:
        self._client = client
        self._pace = pace

    async def message(self, place: discord.abc.Messageable, channel: ChannelRef, mark: Mark, since: datetime) -> str:
        """Return the id of the message that an attempt of that instant made in a channel; empty where there is none."""

        async def read() -> list[discord.Message]:
            return [sent async for sent in place.history(limit=LOOKED_AT, after=_before(since), oldest_first=True)]

        with _seeing(channel):
            sent = await self._pace.ask(read)
            if not sent and not channel.direct and not await self._may_read(channel):
                raise Forbidden("Discord shows no history")
        own = (one for one in sent if one.author.id == self._me and mark.is_on(_parts(one)))
        return next((str(one.id) for one in own), "")

    async def post(self, forum: discord.ForumChannel, channel: ChannelRef, mark: Mark, since: datetime) -> str:
        """Return the id of the post that an attempt of that instant made in a forum; empty where there is none."""
        http, begun = self._client().http, _before(since).id
        with _seeing(channel):
            active = await self._pace.ask(lambda: http.get_active_threads(forum.guild.id))
            for thread in active["threads"]:
                number, owner = int(thread["id"]), int(thread["owner_id"])
                if int(thread["parent_id"]) != forum.id or owner != self._me or number < begun:
                    continue
                if mark.is_on(await self._first(number)):
                    return str(number)
        return ""

    async def _first(self, post: int) -> list[Part]:
        """Return the components of a post's first message, which has the post's id; none where it was deleted."""
        http = self._client().http
        try:
            said: Any = await self._pace.ask(lambda: http.get_message(post, post))
        except discord.NotFound:
            return []
        return list(said.get("components") or ())

    async def _may_read(self, channel: ChannelRef) -> bool:
        """Tell whether Warmup may read the history: without that right Discord shows it as empty."""
        if not channel.workspace.id.isdecimal():
            return False
        client, server, number = self._client(), int(channel.workspace.id), int(channel.id)
        guild = client.get_guild(server)
        sight = None if guild is None or guild.unavailable else glance(guild, number)
        if sight is None or sight.ruling is None:
            sight = await look(client, self._pace, server, number)
        return sight.have.read_message_history

    @property
    def _me(self) -> int:
        user = self._client().user
        assert user is not None
        return user.id


@contextmanager
def _seeing(channel: ChannelRef) -> Iterator[None]:
    try:
        with translated():
            yield
    except Forbidden as error:
        log.warning("cannot see whether a post was made", channel=channel.id, error=str(error))
        raise Unreachable("it is unknown whether the post was made") from None


def _before(since: datetime) -> discord.Object:
    return discord.Object(discord.utils.time_snowflake(since - DISCORDS_CLOCK))


def _parts(message: discord.Message) -> list[Part]:
    return [component.to_dict() for component in message.components]


def _walk(components: Iterable[Part]) -> Iterator[Part]:
    for part in components:
        yield part
        yield from _walk(part.get("components") or ())
