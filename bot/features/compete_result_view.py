"""How a competition stands: while it runs, to one person; and its results, a page at a time."""

from __future__ import annotations

from datetime import timedelta

from bot.competing import Between
from bot.competition.reports import Report
from bot.features.board_view import ordinal
from bot.features.compete_view import when
from bot.features.compete_words import (
    correction_line,
    member_lines,
    pages,
    place_line,
    scored,
    span,
    standing_lines,
    ties,
    won_line,
)
from bot.features.names import points_text
from bot.markup import moment, visible
from bot.message import Action, Button, Image, Message, Row, Style

TOP = 10
PAGE = 3000
"""Characters of a page of results."""


def status_message(report: Report, images: tuple[Image, ...]) -> Message:
    """Return how a running competition stands, with the reader's part in it."""
    competition = report.competition
    number = (str(competition.id),)
    left = competition.ends_at - report.now
    ends = (
        f"Ends {moment(competition.ends_at)}: {span(left)} left."
        if left > timedelta()
        else "It is over. Its last points are being counted; then the final standings are posted."
    )
    parts = ["\n".join(standing_lines(report, TOP)), _own(report), ends, f"{scored(competition)} {ties(competition)}"]
    return Message(
        title=f"{visible(competition.name)}: how it stands",
        text="\n\n".join(filter(None, parts)),
        rows=((Button("Refresh", Action("compete-show", number)),),),
        images=images,
        footer=f"Competition `{competition.id}` · since {moment(competition.starts_at)}",
    )


def results_message(report: Report, page: int, images: tuple[Image, ...]) -> Message:
    """Return a page of the results, counted from 0: the standings, each member's points, corrections after the end."""
    competition, number = report.competition, str(report.competition.id)
    found = pages(_lines(report), PAGE)
    page = min(page, len(found) - 1)
    turn: tuple[Row, ...] = ()
    if len(found) > 1:
        turn = (
            (
                Button("Earlier", Action("compete-page", (number, str(max(page - 1, 0)), "b")), disabled=page == 0),
                Button("Later", Action("compete-page", (number, str(page + 1))), disabled=page == len(found) - 1),
            ),
        )
    of = f" · page {page + 1} of {len(found)}" if len(found) > 1 else ""
    return Message(
        title=f"{visible(competition.name)}: results",
        text=found[page],
        rows=turn,
        images=images if page == 0 else (),
        footer=f"Competition `{number}` · {when(competition)}{of}",
    )


def all_results(report: Report) -> Button:
    """Return the button that shows all results to who presses it."""
    return Button("All results", Action("compete-results", (str(report.competition.id),)), Style.PRIMARY)


def _own(report: Report) -> str:
    """Return the reader's part in it."""
    own = report.own
    if own is None:
        return "You are not on its roster; your points count on all other boards." if report.reader else ""
    points = next(one.points for one in own.members if one.person == report.reader)
    here = f"{ordinal(own.rank)} of {len(report.standing)}"
    if report.competition.between is Between.PEOPLE:
        return f"You are {here}, with {points_text(points)}."
    return f"Your team is {here}. You have earned it {points_text(points)}."


def _lines(report: Report) -> list[str]:
    competition = report.competition
    lines = [won_line(report), "", *(place_line(place, report) for place in report.standing)]
    if competition.between is Between.TEAMS:
        lines += ["", "**Points of each member**"]
        lines += [line for place in report.standing for line in member_lines(place, report)]
    if report.corrections:
        lines += ["", "**Corrected after the end**"]
        lines += [correction_line(one, report.reader) for one in report.corrections]
    return [*lines, "", f"{scored(competition)} {ties(competition)}"]
