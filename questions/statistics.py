"""What answers say of a question: classical item analysis over sums, so that nothing is ever counted again. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from questions.model import Level, OneBest, Question, SelectAll

LEAST = 30
"""Answers below which nothing is said of a question."""
EASY, HARD = 0.8, 0.4
"""Difficulties above and below which a question is easy or hard."""
WEAK = 0.15
"""The discrimination below which a question needs a look."""
DEAD = 0.05
"""The share of answers below which a wrong option does no work."""
FEW = 5
"""People below which nothing is said of who chose an option."""
WHOLE = -1
"""Where a tally keeps the sums over all answers; those that chose an option are under its authored position."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over answers: their scores, the abilities of who gave them (both in thousandths), squares and products."""

    answers: int = 0
    score: int = 0
    score_squares: int = 0
    ability: int = 0
    ability_squares: int = 0
    products: int = 0

    @classmethod
    def of(cls, score: int, ability: int) -> Sums:
        """Return the sums over one answer."""
        return cls(1, score, score * score, ability, ability * ability, score * ability)

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.answers + other.answers,
            self.score + other.score,
            self.score_squares + other.score_squares,
            self.ability + other.ability,
            self.ability_squares + other.ability_squares,
            self.products + other.products,
        )


Tally = Mapping[int, Sums]
"""The sums over all first answers to a question, and over those that chose each option."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is known of a question; below ``LEAST`` answers nothing but their number."""

    answers: int = 0
    difficulty: float | None = None
    level: Level | None = None
    discrimination: float | None = None
    dead: tuple[int, ...] = ()
    preferred: tuple[int, ...] = ()

    @property
    def weak(self) -> bool:
        """Tell whether the question hardly tells better people from others."""
        return self.discrimination is not None and self.discrimination < WEAK

    @property
    def suspect(self) -> bool:
        """Tell whether somebody should look at the question."""
        return bool(self.weak or self.dead or self.preferred)


def analyse(question: Question, tally: Tally) -> Analysis:
    """Return what a question's tally says."""
    whole = tally.get(WHOLE, Sums())
    hard = difficulty(whole)
    return Analysis(
        whole.answers,
        hard,
        None if hard is None else level_from(hard),
        discrimination(whole),
        dead_distractors(question, tally),
        preferred(question, tally),
    )


def ability(score: int, answered: int) -> int:
    """Return a person's ability in thousandths: their accuracy before this answer, drawn to a half while it is short.

    Laplace's rule of succession, (right + 1) / (answered + 2): somebody new counts as a half.
    """
    return (score + 1000) // (answered + 2)


def difficulty(sums: Sums) -> float | None:
    """Return the mean score, from 0 to 1; the lower, the harder. None below ``LEAST`` answers.

    The item difficulty p of classical test theory (Crocker and Algina 1986, Introduction to Classical and Modern Test
    Theory, chapter 14), with partial credit as it was earned.
    """
    return sums.score / (1000 * sums.answers) if sums.answers >= LEAST else None


def level_from(p: float) -> Level:
    """Return the level of a difficulty."""
    if p > EASY:
        return Level.EASY
    return Level.HARD if p < HARD else Level.MEDIUM


def discrimination(sums: Sums) -> float | None:
    """Return how well a question tells better people from others, from -1 to 1; None below ``LEAST`` answers.

    Pearson's correlation of score and ability, which for right and wrong is the point-biserial one (Crocker and Algina
    1986, chapter 14). The answer itself is no part of the ability, as in Henrysson 1963 (Psychometrika 28). None also
    where all scores or all abilities are the same.
    """
    n = sums.answers
    if n < LEAST:
        return None
    scores = n * sums.score_squares - sums.score**2
    abilities = n * sums.ability_squares - sums.ability**2
    if scores <= 0 or abilities <= 0:
        return None
    return (n * sums.products - sums.score * sums.ability) / math.sqrt(scores * abilities)


def dead_distractors(question: Question, tally: Tally) -> tuple[int, ...]:
    """Return the wrong options that less than one in twenty chose, by authored position.

    Haladyna and Downing 1993 (Educational and Psychological Measurement 53); Tarrant, Ware and Mohammed 2009 (BMC
    Medical Education 9).
    """
    answers = tally.get(WHOLE, Sums()).answers
    if answers < LEAST:
        return ()
    return tuple(place for place in _wrong(question) if tally.get(place, Sums()).answers < DEAD * answers)


def preferred(question: Question, tally: Tally) -> tuple[int, ...]:
    """Return the wrong options whose choosers are better people than those of the key, by authored position.

    Comparing the choosers of an option with those of the key alone is Attali and Fraenkel's index (2000, Journal of
    Educational Measurement 37); where it points to the option, the key is to be doubted.
    """
    if tally.get(WHOLE, Sums()).answers < LEAST:
        return ()
    wrong = _wrong(question)
    key = sum((sums for place, sums in tally.items() if place not in {WHOLE, *wrong}), Sums())

    def better(other: Sums) -> bool:
        return not key.answers or other.ability * key.answers > key.ability * other.answers

    chosen = {place: tally.get(place, Sums()) for place in wrong}
    return tuple(place for place, sums in chosen.items() if sums.answers >= FEW and better(sums))


def picked(question: Question | None, response: str) -> tuple[int, ...]:
    """Return the authored positions of the options that a stored response chose; none for kinds without options."""
    return tuple(map(int, response)) if isinstance(question, OneBest | SelectAll) else ()


def tally_of(chosen: Sequence[int], score: int, able: int) -> dict[int, Sums]:
    """Return the tally of one answer."""
    return dict.fromkeys((WHOLE, *chosen), Sums.of(score, able))


def _wrong(question: Question) -> tuple[int, ...]:
    if not isinstance(question, OneBest | SelectAll):
        return ()
    return tuple(place for place, option in enumerate(question.options) if not option.right)
