"""Read and grade what a person answered: letters name what was shown, so they are turned into authored positions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import BadInput
from bot.markup import escape
from questions.grade import Grade, grade_many, grade_number, grade_one, grade_order, grade_truth
from questions.model import FreeText, Numeric, OneBest, Ordered, Question, SelectAll, TrueFalse
from questions.numbers import NotANumber

LETTERS = "ABCDEF"


@dataclass(frozen=True, slots=True)
class Graded:
    """A graded answer: ``response`` as stored, ``chosen`` the authored positions it names."""

    grade: Grade
    response: str
    chosen: tuple[int, ...] = ()


def grade(question: Question, order: Sequence[int], response: str) -> Graded:
    """Grade a response to any kind but free text.

    Raises BadInput when it cannot be read as an answer to this question.
    """
    match question:
        case OneBest():
            chosen = _positions(order, response, exactly=1)
            return Graded(grade_one(question, chosen[0]), _digits(chosen), chosen)
        case SelectAll():
            chosen = tuple(sorted(_positions(order, response)))
            return Graded(grade_many(question, chosen), _digits(chosen), chosen)
        case Ordered():
            placed = _positions(order, response, exactly=len(question.steps))
            return Graded(grade_order(question, placed), _digits(placed), placed)
        case TrueFalse() if response in ("T", "F"):
            return Graded(grade_truth(question, response == "T"), response)
        case Numeric():
            return _number(question, response)
        case TrueFalse() | FreeText():
            raise _unreadable()


def grade_stored(question: Question, stored: str) -> Graded:
    """Grade what ``grade`` stored of a response: positions, not letters of what was shown."""
    if isinstance(question, OneBest | SelectAll | Ordered):
        return grade(question, range(len(LETTERS)), "".join(LETTERS[int(digit)] for digit in stored))
    return grade(question, (), stored)


def check_placed(order: Sequence[int], letters: str) -> str:
    """Return the letters of steps placed so far.

    Raises BadInput when they are not letters of this question, each at most once.
    """
    if letters:
        _positions(order, letters)
    return letters


def _number(question: Numeric, typed: str) -> Graded:
    try:
        return Graded(grade_number(question, typed), typed.strip())
    except NotANumber as error:
        unit = f" in {question.unit}" if question.unit else ""
        raise BadInput(
            f"I could not read that as a number: {escape(str(error))}. Nothing was counted.",
            f"Press Answer again and write one number{unit}, such as `1960`, `1,960`, `1.96e3` or `3/4`.",
        ) from error


def _positions(order: Sequence[int], letters: str, exactly: int = 0) -> tuple[int, ...]:
    known = LETTERS[: len(order)]
    once = len(set(letters)) == len(letters)
    if not letters or not once or (exactly and len(letters) != exactly) or any(sign not in known for sign in letters):
        raise _unreadable()
    return tuple(order[known.index(letter)] for letter in letters)


def _digits(positions: Sequence[int]) -> str:
    return "".join(map(str, positions))


def _unreadable() -> BadInput:
    return BadInput("That is not an answer to this question. Nothing was counted.", "Use the question's own controls.")
