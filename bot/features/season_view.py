"""How the standings of a season look when it ends."""

from __future__ import annotations

import calendar

from bot.daily.seasons import Final
from bot.drawing import Drawing
from bot.features.board_view import people_rows, row_line, standings_image, teams_field
from bot.markup import moment
from bot.message import Action, Button, Message, Tone


async def final_message(standing: Final, drawing: Drawing) -> Message:
    """Return the standings of a season; before the end they say when it is."""
    lines = [row_line(row) for row in standing.board.top]
    more = standing.board.size - len(lines)
    note = (
        "These are final. A new season has begun: every question pays again."
        if standing.final
        else f"The season ends {moment(standing.ends)}. Questions that are still open are added when they close."
    )
    return Message(
        title=f"{'Final standings' if standing.final else 'Standings'} of {season_name(standing.season)}",
        text="\n\n".join(["\n".join([*lines, *([f"and {more} more"] if more > 0 else [])]), note]),
        tone=Tone.GOOD if standing.final else Tone.PLAIN,
        fields=teams_field(standing.teams),
        rows=((Button("Practise", Action("next")),),),
        images=await standings_image(people_rows(standing.board.top), drawing),
    )


def season_name(season: str) -> str:
    """Return a season as people read it, such as ``November 2026`` or ``the fourth quarter of 2026``."""
    year, _, part = season.partition("-")
    if part.startswith("Q"):
        return f"the {('first', 'second', 'third', 'fourth')[int(part[1:]) - 1]} quarter of {year}"
    return f"{calendar.month_name[int(part)]} {year}" if part else year
