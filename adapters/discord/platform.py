"""The Platform port: say something on Discord without being asked, in a channel or to a person."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

import discord

from adapters.discord.earlier import REMEMBERED, Earlier, Mark
from adapters.discord.events import PLATFORM
from adapters.discord.failures import NO_THREADS, NOT_TEXT, THREAD_EXISTS, snowflake, translated
from adapters.discord.markdown import NO_COMMANDS, Commands
from adapters.discord.obstacle import Sight, glance, look, obstacle_in, tags_for, witness
from adapters.discord.pace import Pace
from adapters.discord.render import render_message
from adapters.discord.roles import DiscordRoles
from bot.errors import Gone, Unreachable
from bot.markup import plain
from bot.message import Message
from bot.ports import Clock, Presence
from bot.refs import ChannelRef, MessageRef, UserRef, WorkspaceRef

NONCE = 25
THREAD_NAME = 100
ARCHIVED_AFTER: Literal[1440] = 1440
"""Minutes without a message after which a thread is put away, where its channel says nothing else."""
NOBODY = discord.AllowedMentions.none()
"""Said with every edit, for which discord.py does not say it by itself."""

Client = Callable[[], discord.Client]


class LibraryClock:
    """The time as discord.py reads it."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return discord.utils.utcnow()


LIBRARY_CLOCK = LibraryClock()


class DiscordPlatform:
    """Posts to channels, threads, announcement and forum channels of the servers that Warmup is in, and to people.

    With ``over_http`` the client is logged in but not connected, so that what a server is like has to be asked.
    """

    def __init__(
        self,
        client: Client,
        presence: Presence,
        commands: Callable[[], Commands] = lambda: NO_COMMANDS,
        *,
        clock: Clock = LIBRARY_CLOCK,
        over_http: bool = False,
        refused: Callable[[], None] = lambda: None,
    ) -> None:
        self._client = client
        self._presence = presence
        self._commands = commands
        self._clock = clock
        self._over_http = over_http
        self._pace = Pace(refused)
        self._earlier = Earlier(client, self._pace)
        self.roles = DiscordRoles(client, presence, self._pace, over_http=over_http)

    async def send(
        self, channel: ChannelRef, message: Message, key: str = "", since: datetime | None = None
    ) -> MessageRef:
        """Post a message; in a forum, as a new post, which is then the message's channel.

        Discord returns the message that is there already for a nonce of the last minutes, so whatever is tried again,
        here or with the same key by another process, is posted once. What was tried longer ago is looked for first.
        Posts in a forum have no nonce: they are not tried again here, and with ``since`` always looked for.
        """
        await self._expect_open(channel.workspace)
        place = self._place(channel) if since is None else self._known(channel) or await self._asked(channel)
        if not isinstance(place, discord.ForumChannel):
            found = "" if since is None else await self._sent(place, channel, message, since)
            sent = MessageRef(channel, found) if found else await self._post(place, channel, message, key)
            if sent is not None:
                return sent
            place = await self._asked(channel)
        if not isinstance(place, discord.ForumChannel):
            raise Gone(f"{channel.id} is not a channel for messages")
        if since is not None:
            found = await self._earlier.post(place, channel, Mark.of(message, self._commands()), since)
            if found:
                return MessageRef(replace(channel, id=found), found)
        return await self._open_post(place, channel, message)

    async def edit(self, ref: MessageRef, message: Message) -> None:
        """Replace a message that was sent; that notifies nobody."""
        await self._expect_open(ref.channel.workspace)
        sent = self._client().get_partial_messageable(snowflake(ref.channel.id)).get_partial_message(snowflake(ref.id))

        async def edit() -> None:
            rendered = render_message(message, self._commands())
            await sent.edit(view=rendered.view, attachments=rendered.files, allowed_mentions=NOBODY)

        with translated():
            await self._pace.ask(edit)

    async def thread(self, ref: MessageRef, name: str) -> ChannelRef:
        """Open the thread of a message, which has the message's id; in a thread or a forum's post, that one is it."""
        await self._expect_open(ref.channel.workspace)
        client, number, message = self._client(), snowflake(ref.channel.id), snowflake(ref.id)
        place = client.get_channel(number)
        if ref.channel.direct or number == message or isinstance(place, discord.Thread):
            return ref.channel
        minutes = place.default_auto_archive_duration if isinstance(place, discord.TextChannel) else ARCHIVED_AFTER
        called = _name(name)
        with translated():
            try:
                await self._pace.ask(
                    lambda: client.http.start_thread_with_message(
                        number, message, name=called, auto_archive_duration=minutes
                    )
                )
            except discord.HTTPException as error:
                if error.code == NO_THREADS:
                    return ref.channel
                if error.code != THREAD_EXISTS:
                    raise
        return replace(ref.channel, id=ref.id)

    async def tell(self, user: UserRef, workspace: WorkspaceRef, message: Message, key: str = "") -> None:
        """Tell a person alone in direct messages; with a key once, for as long as Discord remembers it."""
        await self._expect_open(workspace)
        if user.platform != PLATFORM:
            raise Gone(f"{user.id[:40]} is nobody on Discord")
        client, person = self._client(), discord.Object(snowflake(user.id))
        with translated():
            place = await self._pace.ask(lambda: client.create_dm(person))
        conversation = ChannelRef(workspace, str(place.id), direct=True)
        await self._post(place, conversation, replace(message, notify=""), key)

    async def obstacle(self, channel: ChannelRef, *, threads: bool = False, notify: str = "") -> str:
        """Return what keeps Warmup from posting there and how to mend it, as markup; empty if nothing does."""
        if channel.direct:
            return ""
        client, server, number = self._client(), snowflake(channel.workspace.id), snowflake(channel.id)

        async def see(guild: discord.Guild | None) -> Sight:
            return glance(guild, number) if guild else await look(client, self._pace, server, number)

        seen = await witness(client, self._presence, channel.workspace, see, over_http=self._over_http)
        return seen if isinstance(seen, str) else obstacle_in(seen, threads=threads, notify=notify)

    async def drain(self, seconds: float) -> None:
        """Let what is under way be done, at most that long."""
        await self._pace.drain(seconds)

    async def _expect_open(self, workspace: WorkspaceRef) -> None:
        if workspace.platform != PLATFORM or await self._presence.has_left(workspace):
            raise Gone(f"Warmup was removed from {workspace.key}")
        client = self._client()
        if client.user is None or client.is_closed():
            raise Unreachable("Warmup is not logged in to Discord")

    def _place(self, channel: ChannelRef) -> Any:
        """Return where to post without asking; a place that is not known takes messages until Discord says else."""
        return self._known(channel) or self._client().get_partial_messageable(snowflake(channel.id))

    def _known(self, channel: ChannelRef) -> Any:
        """Return a place that the client knows, or None."""
        return _for_messages(self._client().get_channel(snowflake(channel.id)))

    async def _asked(self, channel: ChannelRef) -> Any:
        """Return a place as Discord says that it is."""
        client, number = self._client(), snowflake(channel.id)
        with translated():
            return _for_messages(await self._pace.ask(lambda: client.fetch_channel(number)))

    async def _sent(self, place: Any, channel: ChannelRef, message: Message, since: datetime) -> str:
        """Return the message that an earlier attempt made, where the nonce would not tell any more."""
        if self._clock.now() - since <= REMEMBERED:
            return ""
        return await self._earlier.message(place, channel, Mark.of(message, self._commands()), since)

    async def _post(self, place: Any, channel: ChannelRef, message: Message, key: str) -> MessageRef | None:
        """Post a message; None where the place turns out to take none."""
        nonce = _nonce(channel, key)

        async def post() -> discord.Message:
            rendered = render_message(message, self._commands(), notify=message.notify)
            sent: discord.Message = await place.send(
                view=rendered.view, files=rendered.files, nonce=nonce, allowed_mentions=_allowed(message)
            )
            return sent

        with translated():
            try:
                sent = await self._pace.ask(post)
            except discord.HTTPException as error:
                if error.code != NOT_TEXT:
                    raise
                return None
        return MessageRef(channel, str(sent.id))

    async def _open_post(self, forum: discord.ForumChannel, channel: ChannelRef, message: Message) -> MessageRef:
        rendered = render_message(message, self._commands(), notify=message.notify)
        with translated():
            opened = await self._pace.ask_once(
                lambda: forum.create_thread(
                    name=_name(plain(message.title or message.text)),
                    view=rendered.view,
                    files=rendered.files,
                    applied_tags=tags_for(forum),
                    allowed_mentions=_allowed(message),
                )
            )
        return MessageRef(replace(channel, id=str(opened.thread.id)), str(opened.message.id))


def _for_messages(place: Any) -> Any:
    """Return a place, or None for None.

    Raises Gone for one that is not for messages.
    """
    spoken = isinstance(place, discord.VoiceChannel | discord.StageChannel)
    if place is not None and (spoken or not isinstance(place, discord.abc.Messageable | discord.ForumChannel)):
        raise Gone(f"{place.id} is not a channel for messages")
    return place


def _allowed(message: Message) -> discord.AllowedMentions:
    """Return whom a post notifies: the role that it names, and nobody else."""
    roles = [discord.Object(snowflake(message.notify))] if message.notify else []
    return discord.AllowedMentions(everyone=False, users=False, roles=roles, replied_user=False)


def _name(text: str) -> str:
    """Return a name that Discord takes for a thread."""
    return " ".join(text.split())[:THREAD_NAME] or "Warmup"


def _nonce(channel: ChannelRef, key: str) -> str:
    """Return a nonce that Discord takes: of a channel and key always the same, without a key never the same."""
    return hashlib.sha256(f"{channel.id}:{key}".encode()).hexdigest()[:NONCE] if key else secrets.token_hex(NONCE // 2)
