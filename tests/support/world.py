"""A clock that stands still until told, people, and places."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.refs import Actor, ChannelRef, Role, UserRef, WorkspaceRef

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")
HOME = WorkspaceRef("test", "home")
STUDY = ChannelRef(HOME, "study")


class StillClock:
    """A clock that moves only when it is told to."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def pass_time(self, **parts: float) -> None:
        self.at += timedelta(**parts)


def someone(name: str = "Ada", *, role: Role = Role.MEMBER, zone: str = "") -> Actor:
    """Return a person whose id is the letters of their name, in lower case."""
    return Actor(UserRef("test", "home", "".join(filter(str.isalnum, name)).lower()), name, role, zone)
