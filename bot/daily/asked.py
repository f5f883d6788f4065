"""A question of the day with what was asked, found again from its row."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import Expired
from bot.practice.service import Shown
from bot.scheduling import Daily
from questions.bank import Bank, Filter
from questions.model import Question


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the day, and the question that it asks."""

    daily: Daily
    question: Question

    def shown(self, serving: int = 0) -> Shown:
        """Return it as a question that one person sees, kept as a serving if it is one by now."""
        return Shown(serving, self.question, self.daily.order, hinted=False, wanted=Filter())


def find_asked(bank: Bank, daily: Daily) -> Asked | None:
    """Return what a question of the day asks; None where the bank asks something else under its id by now."""
    question = bank.find(daily.question, daily.seed)
    return None if question is None or question.revision != daily.revision else Asked(daily, question)


def asked_in(bank: Bank, daily: Daily | None) -> Asked:
    """Return what a question of the day asks.

    Raises Expired where it is not there any more, or the bank asks something else under its id by now.
    """
    asked = None if daily is None else find_asked(bank, daily)
    if asked is None:
        raise Expired("This question was changed or taken out since it was posted.", "Type `/practice` for another.")
    return asked
