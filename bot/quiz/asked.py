"""A question of a round with what was asked, found again from its row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.practice.responses import Graded, grade_stored
from bot.practice.service import Shown
from bot.rounds import Round, RoundAnswer, RoundQuestion
from questions.bank import Bank, Filter
from questions.model import Question


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a round, and what it asks."""

    round: Round
    ask: RoundQuestion
    question: Question

    def shown(self) -> Shown:
        """Return it as a question that one person sees."""
        return Shown(0, self.question, self.ask.order, hinted=False, wanted=Filter())


@dataclass(frozen=True, slots=True)
class GradedAnswer:
    """What somebody answered, graded."""

    answer: RoundAnswer
    graded: Graded

    @property
    def right(self) -> bool:
        """Tell whether it is all right."""
        return self.graded.grade.right


def find_asked(bank: Bank, of: Round, ask: RoundQuestion) -> Asked | None:
    """Return what a question of a round asks; None where the bank asks something else under its id by now."""
    question = bank.find(ask.question, ask.seed)
    return None if question is None or question.revision != ask.revision else Asked(of, ask, question)


def graded(question: Question, answers: Sequence[RoundAnswer]) -> tuple[GradedAnswer, ...]:
    """Return answers as they are graded, in their order."""
    return tuple(GradedAnswer(answer, grade_stored(question, answer.response)) for answer in answers)
