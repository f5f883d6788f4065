"""The world that the loopback Slack keeps: workspaces, people, channels, messages, views, files, tokens."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from adapters.clock import SystemClock
from tests.support.slack.faults import ApiError

Json = dict[str, Any]

APP = "A0WARMUP01"
SCOPES = frozenset(
    {"commands", "chat:write", "chat:write.public", "files:write", "files:read", "im:write", "users:read", "team:read"}
    | {"channels:read", "groups:read", "im:read", "channels:history", "groups:history", "im:history"}
)
"""What a workspace grants unless a test says otherwise."""


@dataclass(slots=True, eq=False)
class Workspace:
    """A workspace; ``bot_token`` is empty until the app is installed, ``enterprise`` is the org that it belongs to."""

    id: str
    name: str
    bot_user: str
    bot: str
    enterprise: str | None = None
    bot_token: str = ""
    scopes: frozenset[str] = frozenset()

    @property
    def domain(self) -> str:
        """Return the first word of the workspace's address."""
        return self.name.lower().replace(" ", "-")

    @property
    def org(self) -> Json | None:
        """Return the enterprise object of payloads."""
        return {"id": self.enterprise, "name": "Org"} if self.enterprise else None


@dataclass(slots=True)
class Token:
    """What a token opens; ``trouble`` is the error that answers it once it is revoked."""

    workspace: Workspace | None
    trouble: str = ""


@dataclass(slots=True, eq=False)
class User:
    """A person, at home in one workspace."""

    id: str
    workspace: Workspace
    name: str
    admin: bool = False
    owner: bool = False
    tz: str = "UTC"
    locale: str = "en-GB"
    deleted: bool = False


@dataclass(slots=True, eq=False)
class StoredMessage:
    """A message as it stands; ``viewer`` is the only person who sees an ephemeral one.

    ``chosen`` holds what each person has picked in its lists: user id, block_id, action_id, value of the state.
    ``pinged`` are the groups and people whom it notified, or "channel" and the like.
    """

    ts: str
    channel: Channel
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str | None = None
    files: list[StoredFile] = field(default_factory=list)
    viewer: User | None = None
    edited: str | None = None
    edits: int = 0
    deleted: bool = False
    chosen: dict[str, dict[str, Json]] = field(default_factory=dict)
    pinged: list[str] = field(default_factory=list)

    @property
    def ephemeral(self) -> bool:
        """Tell whether one person only sees the message."""
        return self.viewer is not None

    @property
    def parts(self) -> list[Json]:
        """Return every block and element, nested ones too, in reading order."""
        return list(walk(self.blocks))

    @property
    def texts(self) -> list[str]:
        """Return what is written in the message, in reading order; ``text`` only where no blocks hide it."""
        return list(words(self.blocks)) if self.blocks else [self.text] if self.text else []


@dataclass(slots=True, eq=False)
class Channel:
    """A channel, or with ``recipient`` the direct messages with the bot.

    All of its workspace are in it unless ``members`` says who, be they of other workspaces. In a ``restricted`` one
    only some may post.
    """

    id: str
    workspace: Workspace
    name: str
    private: bool = False
    archived: bool = False
    bot_is_member: bool = True
    members: set[str] | None = None
    restricted: bool = False
    recipient: User | None = None
    messages: dict[str, StoredMessage] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Return the word by which scopes call such a channel."""
        return "im" if self.recipient else "groups" if self.private else "channels"

    @property
    def shown_name(self) -> str:
        """Return what payloads call the channel."""
        return {"im": "directmessage", "groups": "privategroup"}.get(self.kind, self.name)

    def has(self, user: User) -> bool:
        """Tell whether a person is in the channel."""
        if self.recipient is not None:
            return user is self.recipient
        return user.workspace is self.workspace if self.members is None else user.id in self.members

    def shows(self, user: User) -> bool:
        """Tell whether a person can read the channel."""
        return self.has(user) or (self.kind == "channels" and user.workspace is self.workspace)


@dataclass(slots=True, eq=False)
class StoredFile:
    """A file; it can be shown ``pending`` looks after it was complete."""

    id: str
    workspace: Workspace
    name: str
    length: int
    alt: str = ""
    title: str = ""
    data: bytes | None = None
    complete: bool = False
    pending: int = 0
    channels: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class StoredView:
    """A published Home or an open form; ``view`` is what the app sent, ``errors`` what it held against the last try."""

    id: str
    workspace: Workspace
    user: User
    view: Json
    hash: str
    root: str
    previous: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, Json] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        """Return the blocks."""
        return list(self.view["blocks"])

    @property
    def texts(self) -> list[str]:
        """Return what is written in the view, in reading order."""
        return list(words(self.blocks))


def walk(blocks: Any) -> Iterator[Json]:
    """Yield blocks and elements, and those within them, in reading order."""
    for part in blocks if isinstance(blocks, list) else [blocks]:
        if isinstance(part, dict):
            if "type" in part:
                yield part
            for inner in part.values():
                if isinstance(inner, dict | list):
                    yield from walk(inner)


def words(blocks: Any) -> Iterator[str]:
    """Yield every text of blocks, in reading order."""
    yield from (part["text"] for part in walk(blocks) if isinstance(part.get("text"), str))


def with_ids(blocks: list[Json]) -> list[Json]:
    """Return blocks with the ids that Slack gives to what has none."""
    return [_identified(block) | {"block_id": block.get("block_id") or secrets.token_urlsafe(4)} for block in blocks]


def _identified(block: Json) -> Json:
    def known(element: Any) -> Any:
        acts = isinstance(element, dict) and element.get("type") in ACTING and not element.get("action_id")
        return element | {"action_id": secrets.token_urlsafe(4)} if acts else element

    named = {name: known(block[name]) for name in ("accessory", "element") if name in block}
    listed = {"elements": [known(element) for element in block["elements"]]} if "elements" in block else {}
    return block | named | listed


ACTING = frozenset(
    {"button", "static_select", "multi_static_select", "radio_buttons", "checkboxes", "overflow", "plain_text_input"}
    | {"users_select", "conversations_select", "channels_select", "datepicker", "timepicker", "number_input"}
)


class State:
    """Everything that is, and the ids to give out."""

    def __init__(self, now: Callable[[], datetime] | None = None) -> None:
        self.now = now or SystemClock().now
        self.workspaces: dict[str, Workspace] = {}
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, StoredFile] = {}
        self.homes: dict[str, StoredView] = {}
        self.modals: dict[str, list[StoredView]] = {}
        self.tokens: dict[str, Token] = {}
        self._serial = 0
        self._last = 0

    def new_id(self, prefix: str) -> str:
        """Return a fresh id, such as U0WARM00007."""
        self._serial += 1
        return f"{prefix}0WARM{self._serial:05d}"

    def new_ts(self) -> str:
        """Return a fresh timestamp, later than every earlier one."""
        self._last = max(int(self.now().timestamp() * 1_000_000), self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def unix(self) -> int:
        """Return the present second."""
        return int(self.now().timestamp())

    def new_bot_token(self, workspace: Workspace) -> str:
        """Return a fresh token that opens a workspace."""
        workspace.bot_token = f"xoxb-{self._serial}-{secrets.token_hex(12)}"
        self.tokens[workspace.bot_token] = Token(workspace)
        return workspace.bot_token

    def dm(self, user: User, workspace: Workspace | None = None) -> Channel:
        """Return the direct messages with a person, opened if they were not."""
        home = workspace or user.workspace
        for channel in self.channels.values():
            if channel.recipient is user and channel.workspace is home:
                return channel
        channel = Channel(self.new_id("D"), home, "", private=True, recipient=user)
        self.channels[channel.id] = channel
        return channel

    def offset(self, user: User) -> int:
        """Return how many seconds a person's clock is ahead of UTC."""
        ahead = self.now().astimezone(ZoneInfo(user.tz)).utcoffset()
        return int(ahead.total_seconds()) if ahead else 0

    def user(self, workspace: Workspace, identity: str) -> User:
        """Return a person whom a workspace knows; raises ApiError."""
        user = self.users.get(identity)
        met = user is not None and (user.workspace is workspace or self._shares(workspace, user))
        if user is None or not met:
            raise ApiError("user_not_found")
        return user

    def _shares(self, workspace: Workspace, user: User) -> bool:
        mine = (channel for channel in self.channels.values() if channel.workspace is workspace)
        return any(channel.members is not None and user.id in channel.members for channel in mine)

    def channel(self, workspace: Workspace, identity: str) -> Channel:
        """Return a channel that the bot can see; raises ApiError."""
        channel = self.channels.get(identity)
        if channel is None or channel.workspace is not workspace or (channel.private and not channel.bot_is_member):
            raise ApiError("channel_not_found")
        return channel

    def modal(self, identity: str) -> StoredView | None:
        """Return the open form with an id, or None."""
        return next((view for stack in self.modals.values() for view in stack if view.id == identity), None)
