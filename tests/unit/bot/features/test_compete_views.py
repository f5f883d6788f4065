"""Everything that is said of competitions fits, however many compete and whatever they are called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from bot.competing import STEPS, Between, Competition, CompetitionState, Correction, Entrant, Gain, Rule, Score
from bot.competition.contests import MOST, PAST
from bot.competition.reports import Card, Report
from bot.competition.scoring import place_of, places, rule_of
from bot.drawing import Drawing
from bot.features.compete_course import course_image, lines_of
from bot.features.compete_posts import cancelled_post, end_post, half_post, start_post
from bot.features.compete_result_view import results_message, status_message
from bot.features.compete_view import cancel_message, card_message, end_message, list_message
from bot.features.compete_words import pages, score_text, span
from bot.markup import escape
from bot.message import Image, Message
from questions.bank import load_bank
from tests.support.picture import PNG
from tests.support.views import LONGEST_NAMES
from tests.support.world import MONDAY, STUDY

TAXONOMY = load_bank().taxonomy
NAMES = tuple(name[:32] for name in LONGEST_NAMES)
CUP = Competition(
    id=10**18 - 1,
    channel=STUDY,
    name="*" * 40,
    between=Between.TEAMS,
    rule=Rule.MEAN,
    topics=tuple(topic.code for topic in TAXONOMY.topics[:20]),
    levels=("easy", "medium"),
    reasons=("daily", "quiz", "practice"),
    starts_at=MONDAY,
    ends_at=MONDAY + timedelta(days=90),
    planned_end=MONDAY + timedelta(days=90),
    state=CompetitionState.RUNNING,
    owner=1,
)


def name_of(number: int) -> str:
    return NAMES[number % len(NAMES)]


def report_of(
    competition: Competition, teams: int, members: int, *, points: int = 99_999, equal: bool = False
) -> Report:
    """Return how it stands between so many, every fifth of them hidden; all have other points unless ``equal``."""
    scores, entrants = [], []
    alone = competition.between is Between.PEOPLE
    for team in range(1, teams + 1):
        entrants.append(Entrant(team, name_of(team), members, hidden=alone and team % 5 == 0))
        for at in range(members):
            person = team if alone else 1000 * team + at
            earned = points if equal else points - team - at
            scores.append(Score(person, name_of(at), person % 5 == 0, team, earned))
    standing = places(rule_of(competition), entrants, scores)
    gains = tuple(Gain(step, one.person, one.points // STEPS) for step in range(STEPS) for one in scores[:400])
    corrections = tuple(
        Correction(one.person, one.name, one.hidden, -15, "*" * 150, "*" * 32, MONDAY) for one in scores[:60]
    )
    last = scores[-1].person if scores else None
    now = CUP.ends_at - timedelta(hours=1)
    return Report(competition, standing, gains, corrections, now, last, place_of(standing, last))


REPORTS = [
    report_of(replace(CUP, between=between, rule=rule), teams, 1 if between is Between.PEOPLE else members, equal=equal)
    for between in Between
    for rule in Rule
    for teams, members in ((0, 0), (2, 1), (7, 4), (50, 50))
    for equal in (False, True)
]


def said(report: Report) -> Iterator[Message]:
    """Yield everything that is said of a competition as it stands."""
    ended = replace(report, competition=replace(report.competition, state=CompetitionState.ENDED))
    image = (Image(PNG, "a picture"),)
    yield status_message(report, image)
    yield half_post(replace(report, reader=None, own=None), image)
    yield end_post(replace(ended, reader=None, own=None), image)
    yield start_post(report, TAXONOMY)
    yield cancelled_post(report)
    yield from (results_message(ended, page, image) for page in (0, 1, 30, 10**6))
    entrants = tuple(place.entrant for place in report.standing)
    for state in CompetitionState:
        card = Card(replace(report.competition, state=state), entrants)
        yield card_message(card, TAXONOMY, replace(STUDY, id="other"), "**told** " * 10)
    yield cancel_message(card)
    yield end_message(card)


@pytest.mark.parametrize("report", REPORTS, ids=range(len(REPORTS)))
def test_everything_said_fits(report: Report) -> None:
    for message in said(report):
        assert message.title


def test_a_list_of_as_many_as_there_can_be_fits() -> None:
    cards = [Card(replace(CUP, id=CUP.id - at), ()) for at in range(MOST + PAST)]
    assert list_message(cards).text.count("\n") == MOST + PAST - 1


async def test_the_picture_of_many_has_eight_lines_and_the_readers_own_is_one() -> None:
    report = report_of(CUP, 50, 50)
    [image] = await course_image(report, Drawing())
    assert len(image.alt) <= 1000
    lines = lines_of(report)
    assert (len(lines), {len(line.scores) for line in lines}) == (8, {STEPS + 1})
    assert report.own == report.standing[-1]
    assert lines[-1].name == report.standing[-1].entrant.name


async def test_nothing_is_drawn_of_nobody_or_before_the_start() -> None:
    assert await course_image(report_of(CUP, 0, 0), Drawing()) == ()
    opened = report_of(replace(CUP, state=CompetitionState.OPEN), 3, 3)
    assert await course_image(opened, Drawing()) == ()


def test_all_results_are_there_page_after_page() -> None:
    report = replace(report_of(CUP, 20, 20), corrections=())
    ended = replace(report, competition=replace(CUP, state=CompetitionState.ENDED))
    footer = results_message(ended, 0, ()).footer
    shown = [results_message(ended, page, ()).text for page in range(int(footer.rpartition(" ")[2]))]
    assert results_message(ended, 10**6, ()).text == shown[-1]
    text = "\n".join(shown)
    for place in report.standing:
        hidden = sum(one.points for one in place.members if one.hidden)
        assert f", others {hidden}\n" in f"{text}\n"
        for one in place.members:
            assert one.hidden or f"{escape(one.name)} {one.points}" in text
    assert text.count("active)") == 20


@pytest.mark.parametrize(
    ("score", "text"),
    [(0, "0"), (40, "40"), (Fraction(100, 3), "33.33"), (Fraction(1, 2), "0.5"), (Fraction(2, 3), "0.67"),
     (Fraction(1999, 1000), "2"), (Fraction(-5, 3), "-1.67"), (100, "100")],
)  # fmt: skip
def test_scores_have_two_decimals_at_most(score: Fraction, text: str) -> None:
    assert score_text(Fraction(score)) == text


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(days=2, hours=3, minutes=5), "2 days and 3 hours"),
        (timedelta(days=1, minutes=5), "1 day"),
        (timedelta(hours=1, minutes=1), "1 hour and 1 minute"),
        (timedelta(minutes=5), "5 minutes"),
        (timedelta(seconds=5), "less than a minute"),
    ],
)
def test_time_left_is_said_in_two_units(length: timedelta, text: str) -> None:
    assert span(length) == text


def test_pages_hold_every_line_once_and_in_order() -> None:
    lines = [f"line {at} " + "x" * (at % 70) for at in range(200)]
    found = pages(lines, 300)
    assert "\n".join(found).split("\n") == lines
    assert all(len(page) <= 300 for page in found)
