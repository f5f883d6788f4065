"""The world that the loopback Discord keeps: servers, channels, people, messages, commands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from adapters.clock import SystemClock
from tests.support.discord.faults import ApiError

Json = dict[str, Any]

APPLICATION = "900000000000000001"
BOT = "900000000000000002"
EPOCH = 1420070400000

VIEW_CHANNEL = 1 << 10
SEND_MESSAGES = 1 << 11
MANAGE_GUILD = 1 << 5
MANAGE_ROLES = 1 << 28
ATTACH_FILES = 1 << 15
READ_MESSAGE_HISTORY = 1 << 16
MENTION_EVERYONE = 1 << 17
CREATE_PUBLIC_THREADS = 1 << 35
SEND_MESSAGES_IN_THREADS = 1 << 38
USE_APPLICATION_COMMANDS = 1 << 31
# What @everyone may do on a fresh server, as far as a bot notices: add reactions, embed links, use external emoji and
# send polls besides those above. That everybody may notify everybody is what every server turns off.
EVERYONE = (VIEW_CHANNEL | SEND_MESSAGES | ATTACH_FILES | CREATE_PUBLIC_THREADS | SEND_MESSAGES_IN_THREADS) | (
    USE_APPLICATION_COMMANDS | READ_MESSAGE_HISTORY | 1 << 6 | 1 << 14 | 1 << 18 | 1 << 49
)

TEXT, DM, VOICE, GROUP_DM, CATEGORY, ANNOUNCEMENT, PUBLIC_THREAD, FORUM, MEDIA = 0, 1, 2, 3, 4, 5, 11, 15, 16
REQUIRE_TAG = 1 << 4
EPHEMERAL, LOADING, COMPONENTS_V2 = 1 << 6, 1 << 7, 1 << 15


@dataclass(slots=True, eq=False)
class User:
    """A person, or the bot; one who is ``closed`` takes no direct messages."""

    id: str
    name: str
    moderator: bool = False
    nick: str | None = None
    bot: bool = False
    locale: str = "en-GB"
    closed: bool = False

    @property
    def permissions(self) -> int:
        """Return the bits that the person holds on every server."""
        return EVERYONE | (MANAGE_GUILD if self.moderator else 0)

    def payload(self) -> Json:
        """Return the user object."""
        shared = {"id": self.id, "username": self.name, "discriminator": "0", "global_name": self.name}
        return shared | {"avatar": None, "bot": self.bot, "system": False, "public_flags": 0, "primary_guild": None}

    def member(self, guild: Guild) -> Json:
        """Return the member object of the person on a server."""
        roles = [*([guild.moderators] if self.moderator else []), *sorted(guild.held.get(self.id, ()))]
        member = {"user": self.payload(), "nick": self.nick, "avatar": None, "roles": roles, "flags": 0}
        joined = {"joined_at": guild.created, "premium_since": None, "deaf": False, "mute": False, "pending": False}
        return member | joined | {"communication_disabled_until": None}


@dataclass(slots=True, eq=False)
class Role:
    """A role of a server; a ``mentionable`` one may be notified by everybody, a ``managed`` one belongs to an app.

    ``permissions`` are the bits that it gives.
    """

    id: str
    name: str
    mentionable: bool = False
    managed: bool = False
    permissions: int = 0


@dataclass(slots=True, eq=False)
class Guild:
    """A server; ``joined`` says whether the bot is on it, ``available`` is False during an outage.

    ``system_channel`` is where the server greets its members. ``more_roles`` are in the order of their positions,
    ``held`` are the ids of those that somebody has, and whoever ``left`` is no member.
    """

    id: str
    name: str
    moderators: str
    created: str
    joined: bool = True
    available: bool = True
    system_channel: Channel | None = None
    more_roles: list[Role] = field(default_factory=list)
    held: dict[str, set[str]] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)

    def roles(self) -> list[Json]:
        """Return the role objects: @everyone, the moderators, and those that a test added."""
        usual = [(Role(self.id, "@everyone"), EVERYONE), (Role(self.moderators, "Moderators"), EVERYONE | MANAGE_GUILD)]
        listed = [*usual, *((role, role.permissions) for role in self.more_roles)]
        return [_role(role, bits, place) for place, (role, bits) in enumerate(listed)]

    def listed(self) -> Json:
        """Return the server as the list of a bot's servers has it."""
        held = {"owner": False, "permissions": str(EVERYONE), "features": [], "icon": None, "banner": None}
        return {"id": self.id, "name": self.name} | held

    def partial(self) -> Json:
        """Return the server as interactions carry it."""
        return {"id": self.id, "locale": "en-US", "features": []}


def _role(role: Role, bits: int, position: int) -> Json:
    colors = {"primary_color": 0, "secondary_color": None, "tertiary_color": None}
    shown = {"color": 0, "colors": colors, "hoist": False, "icon": None, "unicode_emoji": None, "flags": 0}
    held = {"permissions": str(bits), "position": position, "managed": role.managed, "mentionable": role.mentionable}
    return {"id": role.id, "name": role.name} | shown | held


@dataclass(slots=True)
class Attachment:
    """A file of a message."""

    id: str
    filename: str
    data: bytes
    description: str | None = None


@dataclass(slots=True, eq=False)
class StoredMessage:
    """A message as it stands; ``viewer`` is the only person who sees an ephemeral one.

    ``pinged`` are the ids of the roles and people whom it notified, or "everyone".
    """

    id: str
    channel: Channel
    author: User
    created: str
    content: str = ""
    components: list[Json] = field(default_factory=list)
    embeds: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    poll: Json | None = None
    flags: int = 0
    viewer: User | None = None
    deleted: bool = False
    edits: int = 0
    edited: str | None = None
    nonce: str | int | None = None
    thread: Channel | None = None
    asked: Json | None = None
    allowed_mentions: Json | None = None
    pinged: list[str] = field(default_factory=list)

    @property
    def loading(self) -> bool:
        """Tell whether the message still says that the bot is thinking."""
        return bool(self.flags & LOADING)

    @property
    def ephemeral(self) -> bool:
        """Tell whether one person only sees the message."""
        return bool(self.flags & EPHEMERAL)

    @property
    def parts(self) -> list[Json]:
        """Return every component, nested ones too, in reading order."""
        return list(walk(self.components))

    @property
    def texts(self) -> list[str]:
        """Return what is written in the message, in reading order."""
        return [text for text in (self.content, *(part.get("content", "") for part in self.parts)) if text]


def walk(components: list[Json]) -> Iterator[Json]:
    """Yield components and those within them, in reading order."""
    for part in components:
        yield part
        nested = [*part.get("components", []), part.get("component"), part.get("accessory")]
        yield from walk([inner for inner in nested if inner])


@dataclass(slots=True, eq=False)
class Channel:
    """A place for messages, or a forum for threads.

    ``deny`` are the bits that an overwrite takes from the bot, ``allow`` those that it gives.
    """

    id: str
    kind: int
    name: str
    created: str
    guild: Guild | None = None
    deny: int = 0
    allow: int = 0
    parent: Channel | None = None
    tags: tuple[str, ...] = ()
    flags: int = 0
    applied_tags: list[str] = field(default_factory=list)
    archived: bool = False
    locked: bool = False
    auto_archive: int = 1440
    recipient: User | None = None
    owner: str = BOT
    deleted: bool = False
    messages: dict[str, StoredMessage] = field(default_factory=dict)
    nonces: dict[str, tuple[float, StoredMessage]] = field(default_factory=dict)

    @property
    def is_thread(self) -> bool:
        """Tell whether the channel is a thread."""
        return self.kind in (10, PUBLIC_THREAD, 12)

    @property
    def permissions(self) -> int:
        """Return what the bot may do here; threads have it from their parent."""
        above = self.parent if self.parent and self.is_thread else self
        return EVERYONE & ~(self.deny | above.deny) | above.allow

    def tag_id(self, name: str) -> str:
        """Return the id of a tag of a forum."""
        return str(int(self.id) + 1 + self.tags.index(name))


class State:
    """Everything that is, and the ids to give out."""

    def __init__(self, now: Callable[[], datetime] | None = None) -> None:
        self.now = now or SystemClock().now
        self.bot = User(BOT, "Warmup", bot=True)
        self.users: dict[str, User] = {BOT: self.bot}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self.commands: dict[str, list[Json]] = {}  # scope: "" for global ones, else the server's id
        self.command_puts: list[str] = []
        self._last = 0

    def new_id(self) -> str:
        """Return a fresh snowflake that holds the present time."""
        stamp = (int(self.now().timestamp() * 1000) - EPOCH) << 22
        # A forum's tags take the ids that follow its own, hence the gap.
        self._last = max(stamp, self._last + 64)
        return str(self._last)

    def timestamp(self) -> str:
        """Return the present time as Discord writes it."""
        return self.now().isoformat()

    def add_channel(self, kind: int, name: str, **more: Any) -> Channel:
        """Create a channel and return it."""
        channel = Channel(self.new_id(), kind, name, self.timestamp(), **more)
        self.channels[channel.id] = channel
        return channel

    def dm(self, user: User) -> Channel:
        """Return the direct messages with a person."""
        for channel in self.channels.values():
            if channel.kind == DM and channel.recipient is user:
                return channel
        return self.add_channel(DM, "", recipient=user)

    def guild(self, identity: str) -> Guild:
        """Return a server that the bot is on; raises ApiError."""
        guild = self.guilds.get(identity)
        if guild is None or not guild.joined:
            raise ApiError(404, 10004, "Unknown Guild") if guild is None else ApiError(403, 50001, "Missing Access")
        return guild

    def channel(self, identity: str) -> Channel:
        """Return a channel that the bot can see; raises ApiError."""
        channel = self.channels.get(identity)
        if channel is None or channel.deleted:
            raise ApiError(404, 10003, "Unknown Channel")
        if (channel.guild and not channel.guild.joined) or not channel.permissions & VIEW_CHANNEL:
            raise ApiError(403, 50001, "Missing Access")
        return channel

    def message(self, channel: Channel, identity: str) -> StoredMessage:
        """Return a message that stands in a channel for everybody; raises ApiError."""
        message = channel.messages.get(identity)
        if message is None or message.deleted or message.ephemeral:
            raise ApiError(404, 10008, "Unknown Message")
        return message

    def new_message(self, channel: Channel, author: User, *, flags: int = 0) -> StoredMessage:
        """Return a fresh message that is not in the channel yet."""
        return StoredMessage(self.new_id(), channel, author, self.timestamp(), flags=flags)

    def in_guild(self, guild: Guild) -> list[Channel]:
        """Return a server's channels and threads."""
        return [channel for channel in self.channels.values() if channel.guild is guild and not channel.deleted]
