"""What handlers are given: the use cases, and the bank for its names."""

from __future__ import annotations

from dataclasses import dataclass

from bot.competition.boards import Boards
from bot.people.profile import Profiles
from bot.posting import Posting
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
