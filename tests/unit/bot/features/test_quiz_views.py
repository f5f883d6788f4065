"""What a live round shows fits every platform, whatever the question, the answers and the names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.features.quiz_result_view import answer_message, bars_of, end_message, mine_message, podium_of
from bot.features.quiz_standings import standings_text
from bot.features.quiz_view import ask_message, lobby_message, status_message
from bot.message import Message
from bot.pictures import podium_picture
from bot.quiz.asked import Asked, graded
from bot.quiz.drawing import playable
from bot.quiz.hosting import Standing
from bot.quiz.results import Mine, Own, Scene
from bot.quiz.scoring import Place
from bot.rounds import (
    AskState,
    Ending,
    Mode,
    Round,
    RoundAnswer,
    RoundPlayer,
    RoundQuestion,
    RoundState,
    Terms,
)
from questions.bank import Filter, load_bank
from questions.model import Numeric, OneBest, Question, SelectAll
from tests.support.secrets import all_texts, secrets_of
from tests.support.world import MONDAY, STUDY

BANK = load_bank()
NAME = "*_~`" * 25
MANY = 14
PLAYERS = [RoundPlayer(place, NAME, hidden=False, score=10**6 + place) for place in range(MANY)]


def every_question() -> Iterator[Question]:
    for one in playable(BANK.pool(Filter())):
        found = BANK.find(one.id, 7)
        assert found is not None
        yield found


def round_in(state: RoundState, mode: Mode = Mode.FIRST, ending: Ending | None = None) -> Round:
    terms = Terms("CN", "medium", 20, 120, mode, speed=True)
    return Round(1, STUDY, 1, NAME, terms, state, 19, MONDAY, None, ending, paying=True)


def response_of(question: Question) -> str:
    match question:
        case OneBest() | SelectAll():
            return "0"
        case Numeric():
            return "9" * 60
        case _:
            return "T"


def scene_of(question: Question, state: AskState, of: Round, *, reopened: bool = True) -> tuple[Scene, Asked]:
    order = tuple(range(len(question.options))) if isinstance(question, OneBest | SelectAll) else ()
    ask = RoundQuestion(
        1, 19, state, question.id, question.revision, 7, order, MONDAY, MONDAY + timedelta(seconds=120), reopened,
        told=False, message=None,
    )  # fmt: skip
    answers = [
        RoundAnswer(1, 19, place, NAME, False, response_of(question), 0, MONDAY, 10**6, True, 10**6, 1)
        for place in range(MANY)
    ]
    asked = Asked(of, ask, question)
    return Scene(of, PLAYERS, ask, asked, graded(question, answers)), asked


def test_every_question_fits_while_it_is_open_and_when_it_has_closed_and_says_nothing_too_early() -> None:
    for question in every_question():
        asking = round_in(RoundState.ASKING)
        scene, asked = scene_of(question, AskState.OPEN, asking)
        shown = ask_message(scene, asked, BANK.taxonomy)
        assert shown.rows
        given_away = [secret for secret in secrets_of(question) if secret in f"{shown.text}\n{shown.footer}"]
        assert given_away == [], question.id
        scene, asked = scene_of(question, AskState.CLOSED, round_in(RoundState.SHOWING))
        assert ask_message(scene, asked, BANK.taxonomy).rows == ()
        told = answer_message(scene, asked, picture=None)
        assert question.explanation[:60] in told.text, question.id
        assert len(bars_of(scene, asked)) >= 2


@pytest.mark.parametrize("state", RoundState)
@pytest.mark.parametrize("mode", Mode)
def test_a_lobby_and_a_status_fit(state: RoundState, mode: Mode) -> None:
    for number in (0, 19):
        for ending in (None, *Ending):
            of = replace(round_in(state, mode, ending), number=number)
            lobby = lobby_message(of, PLAYERS, BANK.taxonomy)
            assert bool(lobby.rows) == (state is RoundState.LOBBY)
            assert status_message(Standing(of, PLAYERS), BANK.taxonomy).fields


@pytest.mark.parametrize("ending", Ending)
@pytest.mark.parametrize("players", [PLAYERS, [], [replace(one, score=7) for one in PLAYERS], PLAYERS[:2]])
def test_an_end_fits_with_its_podium(ending: Ending, players: Sequence[RoundPlayer]) -> None:
    for scored in (True, False):
        those = [one if scored else replace(one, score=0) for one in players]
        picture = podium_picture(podium_of(those)) if podium_of(those) else None
        end = end_message(round_in(RoundState.ENDING, ending=ending), those, 20, picture)
        assert bool(end.images) == (scored and bool(players))


def test_a_list_of_ones_own_answers_fits_with_twenty_of_the_longest_questions() -> None:
    longest = sorted(every_question(), key=lambda one: -len(one.stem))[:20]
    own = []
    for question in longest:
        scene, asked = scene_of(question, AskState.CLOSED, round_in(RoundState.ENDED))
        own += [Own(asked, scene.answers[0])]
    for shown in (tuple(own), tuple(Own(one.asked, None) for one in own)):
        message = mine_message(Mine(round_in(RoundState.ENDED), shown))
        assert message.text.count("\n") == 39, "nothing is cut off"


def test_standings_name_as_many_as_fit_and_count_the_rest() -> None:
    assert standings_text(()) == ""
    assert standings_text([Place(1, 1, ("Ada",))]) == "**1.** Ada · 1 point"
    places = [Place(1, 9, tuple("abcdefgh")), Place(9, 8, ("i", "j", "k")), Place(12, 7, ("l", "m"))]
    assert standings_text(places) == (
        "**1.** a, b, c, d, e, f, g, h · 9 points\n**9.** i, j and 1 more · 8 points\nand 2 more"
    )


def test_a_round_without_a_named_host_says_somebody() -> None:
    of = replace(round_in(RoundState.LOBBY), host_name="")
    message: Message = lobby_message(of, [], BANK.taxonomy)
    assert message.text.startswith("Somebody starts a round.")
    assert NAME not in "".join(all_texts([message.text]))
