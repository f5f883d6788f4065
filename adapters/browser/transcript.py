"""What the page asks of whoever keeps its messages, since it has no Discord or Slack to do it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class Note(Protocol):
    """A kept message; ``audience`` is the member who alone may see it, or empty; ``seq`` grows with every change."""

    @property
    def id(self) -> int: ...
    @property
    def seq(self) -> int: ...
    @property
    def channel(self) -> str: ...
    @property
    def audience(self) -> str: ...
    @property
    def payload(self) -> str: ...
    @property
    def at(self) -> datetime: ...


class Member(Protocol):
    """Somebody that a person at the browser can be."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def moderator(self) -> bool: ...


class Transcript(Protocol):
    """Members and messages of the page; the caller makes changes one after the other."""

    async def members(self) -> Sequence[Member]:
        """Return everybody, by name."""
        ...

    async def add_member(self, member: str, name: str, *, moderator: bool) -> bool:
        """Add somebody; false if the id is taken."""
        ...

    async def add(self, channel: str, audience: str, payload: str, at: datetime, key: str = "") -> Note:
        """Append a message, or return the one that has the key already."""
        ...

    async def replace(self, message: int, payload: str) -> Note | None:
        """Change a message in place; None if it is not there."""
        ...

    async def get(self, message: int) -> Note | None:
        """Return a message."""
        ...

    async def since(self, seq: int, member: str, limit: int) -> Sequence[Note]:
        """Return the newest messages after ``seq`` that a member may see, oldest first."""
        ...

    async def newest_seq(self) -> int:
        """Return the highest ``seq``, or 0."""
        ...
