"""The Platform port: say something in a Slack channel without being asked."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from adapters.slack.api import LONGEST_PAUSE, SlackApi
from adapters.slack.events import PLATFORM
from adapters.slack.failures import Lost, Refused
from adapters.slack.notice import notifying
from adapters.slack.pace import EDITS, POSTS, Latest, Pace
from adapters.slack.pictures import Pictures
from adapters.slack.render import NO_COMMANDS, Commands, render_content
from bot.errors import Forbidden, Gone, PlatformError, RateLimited, Unreachable
from bot.installing import Begun, PostLog
from bot.message import Message
from bot.ports import Clock, Presence
from bot.refs import ChannelRef, MessageRef, UserRef, WorkspaceRef

EVENT = "warmup_post"
"""The type of the metadata that says which post a message is."""
SLACK_CLOCK = timedelta(minutes=2)
"""How far Slack's clock may be from ours when a post is looked for in a channel's history."""
LOOKED_AT = 200
"""Messages of a channel among which a post is looked for."""
SETTLED = timedelta(seconds=45)
"""When a post that somebody began is surely over: a call is given up after thirty seconds."""
TRIES = 5
"""Times that a post is tried when Slack asks to wait."""
_CHANNEL = re.compile(r"[CDGUW][A-Z0-9]{2,30}")
_PERSON = re.compile(r"[UW][A-Z0-9]{2,30}")
_GROUP = re.compile(r"S[A-Z0-9]{2,30}")

log = structlog.get_logger(__name__)


class SlackPlatform:
    """Posts to the channels that Warmup is a member of, and to people."""

    def __init__(
        self,
        api: SlackApi,
        presence: Presence,
        posts: PostLog,
        pictures: Pictures,
        clock: Clock,
        commands: Commands = NO_COMMANDS,
    ) -> None:
        self._api = api
        self._clock = clock
        self._presence = presence
        self._posts = posts
        self._pictures = pictures
        self._commands = commands
        self._pace: Pace[ChannelRef] = Pace(POSTS)
        self._edit_pace: Pace[WorkspaceRef] = Pace(EDITS)
        self._edits: Latest[MessageRef, Message] = Latest(
            lambda ref: self._edit_pace.turn(ref.channel.workspace), self._update
        )

    async def send(
        self,
        channel: ChannelRef,
        message: Message,
        key: str = "",
        since: datetime | None = None,  # noqa: ARG002 - the log of posts knows by itself when one was begun
    ) -> MessageRef:
        """Post a message; with a key once, by whatever process, also when the connection broke under it.

        Slack has no way to say "this once": what is known of a post is kept beside it, and where nobody knows how it
        ended, the history of its channel or thread tells by the message's metadata.
        """
        await self._expect_open(channel)
        if not key:
            return MessageRef(channel, await self._post(channel, message, {}, wait=True))
        for left in reversed(range(TRIES)):
            begun = await self._posts.begin(_logged(channel), key)
            posted = begun.message or (await self._settle(channel, key, begun) if begun.unknown else "")
            if posted:
                return MessageRef(channel, posted)
            if begun.mine:
                try:
                    return await self._post_once(channel, message, key, begun)
                except RateLimited as limit:
                    if not left or limit.retry_after > LONGEST_PAUSE:
                        raise
                    await asyncio.sleep(limit.retry_after)
        raise Unreachable("other processes try to make the same post")

    async def edit(self, ref: MessageRef, message: Message) -> None:
        """Replace a message that was sent; of several edits that wait for Slack's rate only the newest is made."""
        await self._edits.put(ref, message)

    async def thread(self, ref: MessageRef, name: str) -> ChannelRef:  # noqa: ARG002 - threads have no names here
        """Return the thread of a message, which begins with the first post in it; in a thread, that one is it."""
        return replace(ref.channel, thread=ref.channel.thread or ref.id)

    async def tell(self, user: UserRef, workspace: WorkspaceRef, message: Message, key: str = "") -> None:
        """Tell a person alone, in their conversation with the app; with a key once.

        How a message ended whose confirmation was lost is never known: nothing is asked for that would let Warmup read
        such conversations, so that it is not made again.
        """
        if not _PERSON.fullmatch(user.id):
            raise Gone(f"{user.id[:40]} is nobody on Slack")
        await self.send(ChannelRef(workspace, user.id, direct=True), replace(message, notify=""), key)

    async def obstacle(self, channel: ChannelRef, *, threads: bool = False, notify: str = "") -> str:
        """Return what keeps Warmup from posting there and how to mend it, as markup; empty if nothing does."""
        if notify and not _GROUP.fullmatch(notify):
            return "That is no user group of this workspace. Choose one, as in `@ml-team`."
        if channel.direct:
            return ""
        try:
            await self._expect_open(channel)
            said = await self._api.call(channel.workspace.id, "conversations.info", channel=channel.id)
        except Lost:
            return "I am not installed in this workspace any more. Install me again from the app's page."
        except (Gone, Forbidden):
            return _INVITE
        except PlatformError:
            return "Slack does not answer at the moment. Try again in a minute."
        return _obstacle_in(said.get("channel") or {}, threads=threads)

    async def _post_once(self, channel: ChannelRef, message: Message, key: str, begun: Begun) -> MessageRef:
        metadata = {"metadata": {"event_type": EVENT, "event_payload": {"key": key}}}
        try:
            posted = await self._post(channel, message, metadata, wait=False)
        except Unreachable:
            posted = await self._find(channel, key, begun)
            if not posted:  # it may still be on its way: whoever sends it again finds out
                raise
        except (Gone, Forbidden, RateLimited, Refused):
            await self._posts.abandon(_logged(channel), key, begun.since)
            raise
        await self._posts.confirm(_logged(channel), key, posted)
        return MessageRef(channel, posted)

    async def _settle(self, channel: ChannelRef, key: str, begun: Begun) -> str:
        """Return the message that somebody made without saying so; empty where nobody did, and it is free to make.

        Raises Unreachable while somebody may still be making it.
        """
        if self._clock.now() - begun.since < SETTLED:
            raise Unreachable("the post is under way, or was a moment ago")
        found = await self._find(channel, key, begun)
        if found:
            await self._posts.confirm(_logged(channel), key, found)
        else:
            await self._posts.abandon(_logged(channel), key, begun.since)
        return found

    async def _find(self, channel: ChannelRef, key: str, begun: Begun) -> str:
        """Return the id of the message with that key, empty where there is none.

        Raises Unreachable where Slack does not let Warmup look: the post is then better missing than made twice.
        """
        if _PERSON.fullmatch(channel.id):  # not the id of a conversation, of which alone there is a history
            raise _unknown(channel, "a conversation with a person")
        oldest = (begun.since - SLACK_CLOCK).timestamp()
        thread: dict[str, Any] = {"ts": channel.thread} if channel.thread else {}
        try:
            said = await self._api.call(
                channel.workspace.id,
                "conversations.replies" if thread else "conversations.history",
                channel=channel.id,
                **thread,
                oldest=f"{oldest:.6f}",
                limit=LOOKED_AT,
                include_all_metadata=True,
            )
        except (Forbidden, Refused) as error:
            raise _unknown(channel, str(error)) from None
        for sent in said.get("messages") or ():
            about: Mapping[str, Any] = sent.get("metadata") or {}
            if about.get("event_type") == EVENT and (about.get("event_payload") or {}).get("key") == key:
                return str(sent["ts"])
        return ""

    async def _post(self, channel: ChannelRef, message: Message, extra: Mapping[str, Any], *, wait: bool) -> str:
        thread = {"thread_ts": channel.thread} if channel.thread else {}

        async def say(files: Sequence[str]) -> str:
            await self._pace.turn(replace(channel, thread=""))
            said = await self._api.call(
                channel.workspace.id,
                "chat.postMessage",
                wait=wait,
                channel=channel.id,
                **notifying(render_content(message, files, self._commands), message.notify),
                **thread,
                **extra,
                unfurl_links=False,
                unfurl_media=False,
            )
            return str(said["ts"])

        return await self._pictures.show(channel.workspace.id, message.images, say)

    async def _update(self, ref: MessageRef, message: Message) -> None:
        await self._expect_open(ref.channel)  # not before the edits are in order: looking could take one longer

        async def say(files: Sequence[str]) -> None:
            content = render_content(message, files, self._commands)
            arguments = {"channel": ref.channel.id, "ts": ref.id, **content}
            try:
                await self._api.call(ref.channel.workspace.id, "chat.update", **arguments)
            except Unreachable:  # an edit may be made twice
                await self._api.call(ref.channel.workspace.id, "chat.update", **arguments)

        await self._pictures.show(ref.channel.workspace.id, message.images, say)

    async def _expect_open(self, channel: ChannelRef) -> None:
        workspace = channel.workspace
        if workspace.platform != PLATFORM or await self._presence.has_left(workspace):
            raise Lost(f"Warmup was removed from {workspace.key}")
        if not _CHANNEL.fullmatch(channel.id):
            raise Gone(f"{channel.id[:40]} is no id of Slack's")


_INVITE = "I am not in that channel. Type `/invite` there, choose Warmup, and try again."


def _unknown(channel: ChannelRef, error: str) -> Unreachable:
    log.warning("cannot see whether a post was made", channel=channel.id, error=error)
    return Unreachable("it is unknown whether the post was made")


def _logged(channel: ChannelRef) -> ChannelRef:
    """Return the name under which a channel's posts are kept; each of its threads has posts of its own."""
    return replace(channel, id=f"{channel.id}:{channel.thread}", thread="") if channel.thread else channel


def _obstacle_in(about: Mapping[str, Any], *, threads: bool) -> str:
    if about.get("is_archived"):
        return "That channel is archived. Choose another, or unarchive it."
    if about.get("is_read_only") or about.get("is_thread_only"):
        return "That channel lets only some people post. Allow apps to post there, or choose another."
    if threads and about.get("is_non_threadable"):
        return "That channel takes no threads. Allow them in its settings, or choose another."
    return "" if about.get("is_member") or about.get("is_im") or about.get("is_mpim") else _INVITE
