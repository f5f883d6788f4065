"""What is posted of a competition for everybody: its start, its middle, its end."""

from __future__ import annotations

from bot.competing import Between
from bot.competition.contests import LEAST
from bot.competition.reports import Report
from bot.features.compete_result_view import all_results
from bot.features.compete_view import entered, when
from bot.features.compete_words import (
    counting,
    fitting,
    member_lines,
    scored,
    standing_lines,
    ties,
    won_line,
)
from bot.markup import moment, visible
from bot.message import Action, Button, Field, Image, Message, Style, Tone
from questions.taxonomy import Taxonomy

TOP = 10
TEXT = 3300
"""Characters of a post's text, which leaves room for title and footer."""


def start_post(report: Report, taxonomy: Taxonomy) -> Message:
    """Return what is posted when a competition has started."""
    competition = report.competition
    teams = competition.between is Between.TEAMS
    locked = (
        "Rosters are locked: whoever is in a team now competes for it, also if they leave." if teams else "Good luck!"
    )
    return Message(
        title=f"{visible(competition.name)} has started",
        text=f"It ends {moment(competition.ends_at)}. {locked}",
        tone=Tone.GOOD,
        fields=(
            Field("What counts", counting(competition, taxonomy)),
            Field("Score", f"{scored(competition)} {ties(competition)}"),
            Field("Teams" if teams else "People", entered([place.entrant for place in report.standing])),
        ),
        rows=((_status(report), Button("Practise", Action("next"))),),
        footer=f"Competition `{competition.id}`",
    )


def half_post(report: Report, images: tuple[Image, ...]) -> Message:
    """Return what is posted in the middle of a competition."""
    competition = report.competition
    return Message(
        title=f"{visible(competition.name)}: half of it is over",
        text="\n\n".join(["\n".join(standing_lines(report, TOP)), f"It ends {moment(competition.ends_at)}."]),
        rows=((_status(report), Button("Practise", Action("next"))),),
        images=images,
        footer=f"Competition `{competition.id}`",
    )


def end_post(report: Report, images: tuple[Image, ...]) -> Message:
    """Return the final standings, with the points of each member as far as there is room."""
    competition = report.competition
    rules = f"{scored(competition)} {ties(competition)}"
    head = "\n\n".join([won_line(report), "\n".join(standing_lines(report, TOP))])
    members = [line for place in report.standing for line in member_lines(place, report)]
    heading = "**Points of each member**"
    room = TEXT - len(head) - len(rules) - len(heading) - 5
    table = fitting(members, room) if competition.between is Between.TEAMS else ""
    parts = [head, *([f"{heading}\n{table}"] if table else []), rules]
    return Message(
        title=f"{visible(competition.name)}: final standings",
        text="\n\n".join(parts),
        tone=Tone.GOOD,
        rows=((all_results(report), Button("Practise", Action("next"))),),
        images=images,
        footer=f"Competition `{competition.id}` · {when(competition)}",
    )


def cancelled_post(report: Report) -> Message:
    """Return what is posted of a competition that does not take place, and why."""
    competition = report.competition
    teams = "teams" if competition.between is Between.TEAMS else "people"
    came = report.now >= competition.starts_at
    why = f"Fewer than two {teams} had entered" if came and len(report.standing) < LEAST else "A moderator cancelled it"
    return Message(
        title=f"{visible(competition.name)} does not take place",
        text=f"{why}. No points are lost: they count on all other boards as always. `/compete list` shows what else "
        "there is.",
        footer=f"Competition `{competition.id}`",
    )


def _status(report: Report) -> Button:
    return Button("How it stands", Action("compete-status", (str(report.competition.id),)), Style.PRIMARY)
