"""What handlers are given: the use cases, and the bank for its names."""

from __future__ import annotations

from dataclasses import dataclass

from bot.competition.boards import Boards
from bot.people.profile import Profiles
from bot.posting import Posting
from bot.practice.quality import Quality
from bot.practice.service import Practice
from questions.bank import Bank


@dataclass(frozen=True, slots=True)
class Services:
    """Every use case, made once at the start."""

    practice: Practice
    profiles: Profiles
    boards: Boards
    bank: Bank
    posting: Posting

    @property
    def quality(self) -> Quality:
        """Return what is known of the questions: the one that practice draws by."""
        return self.practice.quality
