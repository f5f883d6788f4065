"""What chat platforms ask of storage: who installed Warmup, sign-ins under way, posts made once, and signs of life.

Apart from ``bot.ports`` because the core never asks for them; platform-neutral, since no adapter knows another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.refs import ChannelRef


@dataclass(frozen=True, slots=True)
class InstallationRow:
    """Where Warmup is installed: in a workspace, or with an empty ``workspace`` in a whole enterprise (``org_wide``).

    ``enterprise`` is empty outside one. ``secret`` holds the tokens as their adapter encrypted them.
    """

    enterprise: str
    workspace: str
    bot_user: str
    app_id: str
    scopes: tuple[str, ...]
    secret: bytes = field(repr=False)
    org_wide: bool
    installed_at: datetime


class Installations(Protocol):
    """Where a platform's app is installed: one row for each place, without history."""

    async def save(self, row: InstallationRow) -> None:
        """Keep an installation in place of what was kept of there."""
        ...

    async def find(self, enterprise: str, workspace: str) -> InstallationRow | None:
        """Return the installation there; a workspace is found without its enterprise too, as its id is its own."""
        ...

    async def replace_secret(self, row: InstallationRow, secret: bytes) -> bool:
        """Keep another secret; false, and nothing kept, if the row's is not the one that is kept any more."""
        ...

    async def delete(self, enterprise: str, workspace: str) -> None:
        """Forget the installation there, if there is one."""
        ...

    async def all(self) -> Sequence[InstallationRow]:
        """Return every installation, by its ids."""
        ...


class OAuthStates(Protocol):
    """Installations under way: each state is good once, until it runs out."""

    async def issue(self, state: str, seconds: int) -> None:
        """Keep that a state is good for so many seconds."""
        ...

    async def consume(self, state: str) -> bool:
        """Use a state up; true for one caller alone, and for none when it ran out or was never issued."""
        ...

    async def trim(self) -> int:
        """Forget states that ran out; return how many."""
        ...


@dataclass(frozen=True, slots=True)
class Begun:
    """What is known of a post: ``mine`` is for its caller alone to make, ``message`` is the id of the one that stands.

    With neither, somebody began it at ``since`` and never said how it ended.
    """

    mine: bool
    message: str
    since: datetime

    @property
    def unknown(self) -> bool:
        """Tell whether the post may stand or not: look at the platform before it is made again."""
        return not self.mine and not self.message


class PostLog(Protocol):
    """Posts that carry a key: each is made once, by whatever process, on platforms that do not see to it themselves."""

    async def begin(self, channel: ChannelRef, key: str) -> Begun:
        """Begin a post, or return what is known of it; ``mine`` for one caller alone."""
        ...

    async def confirm(self, channel: ChannelRef, key: str, message: str) -> None:
        """Keep the id of the message that was made."""
        ...

    async def abandon(self, channel: ChannelRef, key: str, since: datetime | None = None) -> None:
        """Forget a post that surely was not made; the next to begin it makes it. One that was confirmed stays.

        With ``since`` only the attempt of that instant is forgotten, so that of several callers who find out that it
        failed none forgets the new attempt of another.
        """
        ...

    async def trim(self) -> int:
        """Forget posts that nobody repeats any more; return how many."""
        ...


class Heartbeats(Protocol):
    """When each process was alive last, for others to see."""

    async def beat(self, name: str) -> None:
        """Keep that it is alive now."""
        ...

    async def last(self, name: str) -> datetime | None:
        """Return when it was alive last; None if never."""
        ...
