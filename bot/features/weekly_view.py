"""How the summary of a week looks, and what moderators are told of it."""

from __future__ import annotations

from bot.competition.weekly import Digest, Wish
from bot.drawing import Drawing
from bot.features.board_view import people_rows, row_line, standings_image, teams_field
from bot.features.daily_view import day_name
from bot.markup import moment
from bot.message import Action, Button, Message, Style, Tone


async def digest_message(digest: Digest, drawing: Drawing) -> Message:
    """Return the summary of a week, for its channel."""
    people = digest.people
    first = [row for row in people.top if row.rank == 1]
    who = "1 person" if people.size == 1 else f"{people.size} people"
    lines = [f"{who} earned points. {'Shared lead' if len(first) > 1 else 'In the lead'} at the end of the week:"]
    lines += [row_line(row) for row in people.top]
    if people.more:
        lines.append(f"and {people.size - len(people.top)} more")
    return Message(
        title=f"The week of {day_name(digest.monday)}",
        text="\n".join(lines),
        tone=Tone.GOOD,
        fields=teams_field(digest.teams),
        rows=(
            (
                Button("Practise", Action("next"), Style.PRIMARY),
                Button("My place this week", Action("board-mine", ("week",))),
            ),
        ),
        images=await standings_image(people_rows(people.top), drawing),
        footer="A new week has begun: everybody starts from 0 on its board.",
    )


def wish_message(wish: Wish, note: str = "") -> Message:
    """Return what a channel gets, to a moderator."""
    if wish.summary is None:
        text = "This channel gets no weekly summary: who led, and which team, on the Monday after each week."
        button = Button("Post it here", Action("weekly-begin"), Style.PRIMARY)
    else:
        text = f"This channel gets a summary of each week. The next one comes {moment(wish.due)}."
        button = Button("Stop it", Action("weekly-end"))
    return Message(
        title="Weekly summary",
        text=f"{note} {text}".strip(),
        rows=((button,),),
        footer="`/weekly post:yes time:09:00` sets another time",
    )
