"""What answers of a round earn: the same in any order of arrival, and ties share what they tie for."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.practice.points import VALUE
from bot.quiz.scoring import Given, Place, scores, standings
from bot.rounds import AskState, Mode, RoundPlayer, RoundQuestion, Terms
from questions.model import Level
from tests.support.world import MONDAY

SECONDS = 30


def asked(*, reopened: bool = False) -> RoundQuestion:
    """Return a question that opened on Monday."""
    closes_at = MONDAY + timedelta(seconds=SECONDS)
    return RoundQuestion(
        1, 1, AskState.OPEN, "ml-t", "0badf00d", 0, (), MONDAY, closes_at, reopened, told=False, message=None
    )


def answer(person: int, credit: Fraction | int = 1, after: float = 0) -> Given:
    return Given(person, Fraction(credit), MONDAY + timedelta(seconds=after))


instants = st.sampled_from([-2.0, 0.0, 0.5, 1.0, 7.25, 15.0, 29.9, 30.0, 31.0])
credits_ = st.sampled_from([Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(4, 5), Fraction(1)])
answers = st.lists(
    st.builds(answer, st.integers(1, 99), credits_, instants), max_size=12, unique_by=lambda one: one.person
)
terms = st.builds(Terms, mode=st.sampled_from(Mode), speed=st.booleans(), seconds=st.just(SECONDS))


@given(st.sampled_from(Level), terms, answers, st.randoms(use_true_random=False), st.booleans())
def test_any_order_of_arrival_gives_the_same_scores(
    level: Level, terms: Terms, given_: Sequence[Given], chance: random.Random, reopened: bool
) -> None:
    mixed = list(given_)
    chance.shuffle(mixed)
    ask = asked(reopened=reopened)
    assert scores(level, terms, ask, mixed) == scores(level, terms, ask, given_)


@given(st.sampled_from(Level), terms, answers)
def test_everybody_has_a_score_within_what_the_question_is_worth(
    level: Level, terms: Terms, given_: Sequence[Given]
) -> None:
    earned = scores(level, terms, asked(), given_)
    assert set(earned) == {one.person for one in given_}
    most = VALUE[level] * (Fraction(6, 5) if terms.speed else 1)
    for one in given_:
        assert 0 <= earned[one.person] <= most
        assert not earned[one.person] or one.credit
        if terms.mode is Mode.EVERYONE and one.credit == 1:
            assert earned[one.person] >= VALUE[level]


@given(st.sampled_from(Level), answers)
def test_only_whoever_is_right_first_earns_in_that_mode_and_equal_instants_share(
    level: Level, given_: Sequence[Given]
) -> None:
    earned = scores(level, Terms(mode=Mode.FIRST), asked(), given_)
    first = min((one.at for one in given_ if one.credit == 1), default=None)
    winners = {one.person for one in given_ if one.credit == 1 and one.at == first}
    assert {person for person, points in earned.items() if points} == winners
    assert {earned[person] for person in winners} <= {VALUE[level]}


@given(st.sampled_from(Level), instants, instants)
def test_whoever_is_faster_never_earns_less(level: Level, early: float, late: float) -> None:
    early, late = sorted((early, late))
    earned = scores(level, Terms(speed=True), asked(), [answer(1, after=early), answer(2, after=late)])
    assert earned[1] >= earned[2]


def test_speed_adds_a_fifth_at_once_half_of_that_halfway_and_nothing_at_the_close_or_when_wrong() -> None:
    given_ = [answer(1), answer(2, after=15), answer(3, after=30), answer(4, Fraction(1, 2)), answer(5, 0)]
    assert scores(Level.HARD, Terms(speed=True), asked(), given_) == {1: 24, 2: 22, 3: 20, 4: 10, 5: 0}
    assert scores(Level.HARD, Terms(speed=True), asked(reopened=True), given_[:2]) == {1: 20, 2: 20}


def test_an_answer_from_before_the_question_opened_took_no_time() -> None:
    assert scores(Level.EASY, Terms(speed=True), asked(), [answer(1, after=-3)]) == {1: 12}


players = st.lists(
    st.builds(RoundPlayer, st.integers(1, 10**6), st.text("abcdef", max_size=3), st.booleans(), st.integers(0, 4)),
    max_size=12,
    unique_by=lambda one: one.person,
)


@given(players)
@settings(max_examples=200)
def test_places_obey_the_tie_rule(those: Sequence[RoundPlayer]) -> None:
    places = standings(those)
    shown = [one for one in those if one.score and not one.hidden]
    assert sum(len(place.names) for place in places) == len(shown)
    for place in places:
        assert place.rank == 1 + sum(one.score > place.score for one in shown)
        assert sorted(place.names) == sorted(one.name for one in shown if one.score == place.score)
    assert [place.score for place in places] == sorted({one.score for one in shown}, reverse=True)


def test_a_team_has_what_its_people_have_also_those_who_hide_and_whoever_is_in_none_plays_alone() -> None:
    those = [
        RoundPlayer(1, "Cy", hidden=True, score=10, team=7, side="Owls"),
        RoundPlayer(2, "Ada", hidden=False, score=20, team=7, side="Owls"),
        RoundPlayer(3, "Bob", hidden=False, score=30),
        RoundPlayer(4, "Eve", hidden=True, score=40),
        RoundPlayer(7, "Dan", hidden=False, score=5, team=8, side="Foxes"),
        RoundPlayer(8, "Fay", hidden=False, score=0, team=9, side="Bears"),
    ]
    assert standings(those) == (Place(1, 30, ("Bob", "Owls")), Place(3, 5, ("Foxes",)))


def test_those_who_tie_share_a_place_and_the_next_comes_after_them() -> None:
    those = [
        RoundPlayer(1, "Cy", hidden=False, score=10),
        RoundPlayer(2, "Ada", hidden=False, score=20),
        RoundPlayer(3, "Bob", hidden=False, score=20),
        RoundPlayer(4, "Eve", hidden=True, score=30),
        RoundPlayer(5, "Dan", hidden=False, score=0),
    ]
    assert standings(those) == (Place(1, 20, ("Ada", "Bob")), Place(3, 10, ("Cy",)))
