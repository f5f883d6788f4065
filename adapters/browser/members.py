"""Who a person at the browser can be: a few to start with, and whoever they add."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from adapters.browser.transcript import Member, Transcript
from bot.markup import visible

LONGEST_NAME = 32
MOST = 50


@dataclass(frozen=True, slots=True)
class _Starter:
    id: str
    name: str
    moderator: bool


STARTERS = (
    _Starter("ada", "Ada", moderator=False),
    _Starter("alan", "Alan", moderator=False),
    _Starter("grace", "Grace", moderator=True),
    _Starter("katherine", "Katherine", moderator=False),
)


class Members:
    """The page's people, kept with its messages."""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript

    async def begin(self) -> None:
        """Add the first people where there are none."""
        if not await self._transcript.members():
            for starter in STARTERS:
                await self._transcript.add_member(starter.id, starter.name, moderator=starter.moderator)

    async def everybody(self) -> Sequence[Member]:
        """Return everybody, by name."""
        return await self._transcript.members()

    async def find(self, member: str) -> Member:
        """Return the member of that id, else the first."""
        everybody = await self.everybody()
        return next((known for known in everybody if known.id == member), everybody[0])

    async def add(self, typed: str) -> Member | None:
        """Add somebody by name and return them, or None if the name or the number of people does not allow it."""
        name = visible(typed).strip()
        everybody = await self.everybody()
        same = next((known for known in everybody if known.name.casefold() == name.casefold()), None)
        if same is not None:
            return same
        if not name or len(name) > LONGEST_NAME or len(everybody) >= MOST or not any(map(str.isalnum, name)):
            return None
        ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        stem = re.sub(r"[^a-z0-9]+", "-", ascii_name).strip("-") or "person"
        taken = {known.id for known in everybody}
        ids = [stem, *(f"{stem}-{number}" for number in range(2, MOST + 2))]
        chosen = next(member for member in ids if member not in taken)
        await self._transcript.add_member(chosen, name, moderator=False)
        return await self.find(chosen)
