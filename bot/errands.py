"""The ports of what happens by itself.

An errand is something to do at an instant, such as a post, a reveal or a reminder. Its key is unique, so that it is
there once; whoever claims it does it, and where they die it is claimed again when their lease has run out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Errand:
    """Something to do: ``subject`` is the id that its kind is about, ``detail`` what else it needs.

    ``attempts`` counts this one. ``began`` is when it was claimed first, None at the first attempt.
    """

    key: str
    kind: str
    platform: str
    subject: int
    detail: str
    due_at: datetime
    attempts: int
    began: datetime | None


class Errands(Protocol):
    """Things to do, of which each is done by one process at a time."""

    async def add(self, key: str, kind: str, platform: str, subject: int, at: datetime, detail: str = "") -> bool:
        """Have something done at an instant; false, and nothing kept, where it is to be done already."""
        ...

    async def again(self, key: str, kind: str, platform: str, subject: int, at: datetime, detail: str = "") -> None:
        """Have something done at an instant; once more where it is under way, and at its own time where it waits."""
        ...

    async def move(self, key: str, at: datetime) -> bool:
        """Have something that nobody is doing done at another instant; false if there is no such thing."""
        ...

    async def drop(self, key: str) -> None:
        """Have something done no more, unless somebody is doing it."""
        ...

    async def finish(
        self, errand: Errand, owner: str, now: datetime, at: datetime | None = None, detail: str = ""
    ) -> None:
        """Keep that its owner has done it; with ``at`` it is to be done again then, with another detail."""
        ...


class ErrandQueue(Protocol):
    """Hands errands out; each call is a transaction of its own."""

    async def claim(
        self, owner: str, platforms: Collection[str], now: datetime, until: datetime, limit: int
    ) -> Sequence[Errand]:
        """Claim what is due on some platforms, oldest first; nobody else gets it before ``until``."""
        ...

    async def renew(self, owner: str, until: datetime) -> None:
        """Keep all that an owner has claimed for longer."""
        ...

    async def retry(self, errand: Errand, owner: str, at: datetime) -> None:
        """Give an errand back, to be claimed again at an instant."""
        ...
