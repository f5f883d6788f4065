"""How the scores of a competition grew, as a picture of lines; the text beside it says how they stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.competing import STEPS, Competition, CompetitionState
from bot.competition.reports import Report
from bot.competition.scoring import Place, course, rule_of
from bot.drawing import Drawing
from bot.features.compete_words import plain_name
from bot.message import Image
from bot.pictures import Line, Tick, lines_alt, lines_picture

MOST = 8
"""How many lines are drawn."""
DAYS = timedelta(days=2)
"""How long a competition must be for its picture to be labelled with dates instead of times."""


async def course_image(report: Report, drawing: Drawing) -> tuple[Image, ...]:
    """Return the picture of the scores over time; none before the start, and none where it cannot be drawn."""
    lines = lines_of(report)
    if not lines:
        return ()
    ticks = ticks_of(report)
    points = 0 if report.competition.over else STEPS + 1
    data = await drawing.draw(_drawn, lines, ticks, points)
    return (Image(data, lines_alt(lines, ticks), "scores.png"),) if data else ()


def lines_of(report: Report) -> tuple[Line, ...]:
    """Return a line for each of the best, and for the reader's own."""
    competition = report.competition
    shown = _shown(report)
    if competition.state is CompetitionState.OPEN or not shown:
        return ()
    scores = course(rule_of(competition), shown, report.gains, _steps(competition, report.now))
    return tuple(Line(plain_name(place, report), scores[place.entrant.id]) for place in shown)


def ticks_of(report: Report) -> tuple[Tick, ...]:
    """Return what stands below the time axis: the start, and the middle and the end unless it ended before."""
    competition = report.competition
    last = _steps(competition, report.now) if competition.over else STEPS
    ends = competition.ends_at if competition.over else competition.planned_end
    start, length = competition.starts_at, ends - competition.starts_at
    pattern = "%d %b" if length >= DAYS else "%H:%M UTC"
    at: dict[int, datetime] = {0: start, last // 2: start + length * (last // 2) / last, last: ends}
    return tuple(Tick(point, f"{instant:{pattern}}") for point, instant in sorted(at.items()))


def _steps(competition: Competition, now: datetime) -> int:
    """Return of how many steps something is known."""
    return competition.step(min(now, competition.ends_at)) + 1


def _shown(report: Report) -> Sequence[Place]:
    best, own = report.standing[:MOST], report.own
    return best if own is None or own in best else (*best[: MOST - 1], own)


def _drawn(lines: tuple[Line, ...], ticks: tuple[Tick, ...], points: int) -> bytes:
    return lines_picture(lines, ticks, points=points)
