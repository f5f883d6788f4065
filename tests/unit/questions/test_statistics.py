"""Classical item analysis: exact on small examples, silent below thirty answers."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from questions.model import Level
from questions.statistics import (
    LEAST,
    WHOLE,
    Analysis,
    Sums,
    ability,
    analyse,
    difficulty,
    discrimination,
    level_from,
    picked,
    tally_of,
)  # fmt: skip
from tests.support.items import many, number, one, order, text, truth
from tests.support.judged import Given, tally

ONE, MANY = one(), many()
"""The keys are option 0 of four, and options 0 and 1 of four."""


def test_sums_of_answers_add_up() -> None:
    assert Sums.of(500, 300) + Sums.of(1000, 700) == Sums(2, 1500, 1_250_000, 1000, 580_000, 850_000)


def test_an_answer_counts_as_a_whole_and_for_each_option_that_it_chose() -> None:
    sums = Sums.of(500, 300)
    assert tally_of((0, 3), 500, 300) == {WHOLE: sums, 0: sums, 3: sums}
    assert tally_of((), 500, 300) == {WHOLE: sums}


@pytest.mark.parametrize(
    ("question", "response", "chosen"),
    [
        (ONE, "2", (2,)),
        (MANY, "013", (0, 1, 3)),
        (number(), "1960", ()),
        (order(), "01234", ()),
        (truth(), "T", ()),
        (text(), "12", ()),
        (None, "1", ()),
    ],
)
def test_a_stored_response_names_options_where_there_are_some(
    question: object, response: str, chosen: tuple[int, ...]
) -> None:
    assert picked(question, response) == chosen  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("score", "answered", "able"), [(0, 0, 500), (1000, 1, 666), (0, 1, 333), (8000, 10, 750), (99_000, 98, 1000)]
)
def test_ability_is_accuracy_drawn_to_a_half_while_it_is_short(score: int, answered: int, able: int) -> None:
    assert ability(score, answered) == able


@pytest.mark.parametrize(
    ("p", "level"),
    [
        (1.0, Level.EASY),
        (0.801, Level.EASY),
        (0.8, Level.MEDIUM),
        (0.4, Level.MEDIUM),
        (0.399, Level.HARD),
        (0.0, Level.HARD),
    ],
)
def test_the_level_of_a_difficulty(p: float, level: Level) -> None:
    assert level_from(p) is level


def test_below_thirty_answers_nothing_is_said() -> None:
    few: list[Given] = [*[((3,), 0, 900)] * (LEAST - 2), ((0,), 1000, 100)]
    assert analyse(ONE, tally(few)) == Analysis(answers=LEAST - 1)
    assert analyse(ONE, {}) == Analysis(answers=0)
    assert analyse(ONE, tally([*few, ((0,), 1000, 100)])) != Analysis(answers=LEAST)


def test_difficulty_is_the_mean_score() -> None:
    assert difficulty(tally([((), 500, 0)] * 10 + [((), 1000, 0)] * 20)[WHOLE]) == 25 / 30


ANSWERS = st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000)), min_size=LEAST, max_size=60)


@given(ANSWERS)
@settings(max_examples=20)
def test_discrimination_is_pearsons_correlation_of_score_and_ability(answers: list[tuple[int, int]]) -> None:
    scores, abilities = zip(*answers, strict=True)
    assume(len(set(scores)) > 1 and len(set(abilities)) > 1)
    found = discrimination(tally([((), score, able) for score, able in answers])[WHOLE])
    assert found is not None
    assert round(found, 9) == round(statistics.correlation(scores, abilities), 9)


def test_discrimination_of_right_and_wrong_is_the_point_biserial_correlation() -> None:
    """(M1 - M0) / s · √(pq), with 10 of 40 right, means 700 and 500, and s² = 7500 + 2500."""
    right: list[Given] = [((), 1000, 650), ((), 1000, 750)] * 5
    wrong: list[Given] = [((), 0, 450), ((), 0, 550)] * 15
    found = discrimination(tally([*right, *wrong])[WHOLE])
    assert found is not None
    assert round(found, 12) == round(200 / 10_000**0.5 * (0.25 * 0.75) ** 0.5, 12)


@pytest.mark.parametrize("same", [[((), 1000, able) for able in range(40)], [((), 25 * at, 500) for at in range(40)]])
def test_where_everybody_is_the_same_discrimination_is_unknown(same: list[Given]) -> None:
    assert discrimination(tally(same)[WHOLE]) is None


def _known(question: object, *answers: tuple[int, Given]) -> Analysis:
    return analyse(question, tally([given for count, given in answers for _ in range(count)]))  # type: ignore[arg-type]


def test_a_good_question_raises_no_flag() -> None:
    known = _known(
        ONE, (20, ((0,), 1000, 800)), (8, ((1,), 0, 400)), (6, ((2,), 0, 400)), (6, ((3,), 0, 500))
    )  # fmt: skip
    assert (known.level, known.weak, known.dead, known.preferred, known.suspect) == (Level.MEDIUM, False, (), (), False)


def test_a_wrong_option_is_dead_below_a_twentieth() -> None:
    known = _known(ONE, (37, ((0,), 1000, 800)), (1, ((1,), 0, 400)), (2, ((2,), 0, 400)))
    assert (known.dead, known.suspect) == ((1, 3), True)


def test_a_right_option_that_nobody_ticks_is_no_dead_distractor() -> None:
    known = _known(MANY, (20, ((0, 2), 0, 500)), (20, ((0, 3), 0, 600)))
    assert known.dead == ()


def test_an_option_that_better_people_choose_puts_the_key_in_doubt() -> None:
    known = _known(
        ONE, (15, ((0,), 1000, 500)), (5, ((1,), 0, 501)), (15, ((2,), 0, 500)), (4, ((3,), 0, 900))
    )  # fmt: skip
    assert known.preferred == (1,)


def test_a_key_that_nobody_chooses_is_in_doubt() -> None:
    assert _known(ONE, (30, ((2,), 0, 500)), (4, ((1,), 0, 900))).preferred == (2,)


def test_each_right_option_counts_where_there_are_several() -> None:
    known = _known(MANY, (20, ((0, 1), 1000, 600)), (10, ((1, 2), 0, 599)), (10, ((0, 3), 0, 700)))
    assert known.preferred == (3,)


def test_kinds_without_options_have_none_to_blame() -> None:
    known = _known(number(), (20, ((), 1000, 500)), (20, ((), 0, 500)))
    assert (known.dead, known.preferred, known.level) == ((), (), Level.MEDIUM)


def test_what_does_not_tell_better_people_from_others_is_weak() -> None:
    low = _known(number(), (20, ((), 1000, 500)), (20, ((), 0, 500)), (1, ((), 1000, 400)))
    assert (low.weak, low.suspect) == (True, True)
    assert not _known(number(), (20, ((), 1000, 500)), (20, ((), 0, 400))).weak
