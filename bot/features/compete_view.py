"""How competitions look to those who make, enter and choose them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.competing import Between, Competition, CompetitionState, Entrant
from bot.competition.reports import Card
from bot.features.compete_words import HIDDEN, counting, fitting, scored, ties
from bot.markup import escape, moment, place, visible
from bot.message import FIELD_VALUE, LABEL, Action, Button, Choice, Field, Message, Row, Select, Style, Tone
from bot.refs import ChannelRef
from questions.taxonomy import Taxonomy

_STATES = {
    CompetitionState.OPEN: "open",
    CompetitionState.RUNNING: "running",
    CompetitionState.ENDED: "ended",
    CompetitionState.CANCELLED: "cancelled",
}


def card_message(card: Card, taxonomy: Taxonomy, here: ChannelRef, told: str = "") -> Message:
    """Return what a competition is and who competes, with its controls; ``told`` says what was done just now."""
    competition = card.competition
    teams = competition.between is Between.TEAMS
    fields = (
        Field("When", when(competition)),
        Field("Between", "teams" if teams else "people"),
        Field("What counts", counting(competition, taxonomy)),
        Field("Score", f"{scored(competition)} {ties(competition)}"),
        *([] if competition.channel == here else [Field("Announced in", place(competition.channel.id))]),
        Field(f"{'Teams' if teams else 'People'} that compete: {len(card.entrants)}", entered(card.entrants)),
    )
    return Message(
        title=visible(competition.name),
        text="\n\n".join(filter(None, (told, _next(competition)))),
        tone=Tone.GOOD if told else Tone.PLAIN,
        fields=fields,
        rows=_controls(competition),
        footer=f"Competition `{competition.id}` · {_STATES[competition.state]}",
    )


def list_message(cards: Sequence[Card]) -> Message:
    """Return the competitions of a workspace, with a list to open one."""
    if not cards:
        return Message(title="Competitions", text="There is none here. A moderator makes one with `/compete create`.")
    lines = [_line(card) for card in cards]
    choices = tuple(
        Choice(str(card.competition.id), f"{card.competition.id} · {visible(card.competition.name)}"[:LABEL])
        for card in cards
    )
    rows: tuple[Row, ...] = (Select(Action("compete-show"), choices, "Open one"),)
    return Message(title="Competitions", text="\n".join(lines), rows=rows)


def cancel_message(card: Card) -> Message:
    """Return the question whether a competition is to be cancelled."""
    number = (str(card.competition.id),)
    return Message(
        title=f"Cancel {visible(card.competition.name)}?",
        text="It will not take place, and its channel is told so. No points are lost: they count on all other boards.",
        rows=(
            (
                Button("Cancel it", Action("compete-cancelled", number), Style.DANGER),
                Button("Keep it", Action("compete-show", number)),
            ),
        ),
    )


def end_message(card: Card) -> Message:
    """Return the question whether a competition is to end now."""
    competition, number = card.competition, (str(card.competition.id),)
    return Message(
        title=f"End {visible(competition.name)} now?",
        text=f"It would end {moment(competition.ends_at)}. If you end it now, what is earned from now on does not "
        "count in it, nor does a question that is still open. The final standings are posted at once.",
        rows=(
            (
                Button("End it now", Action("compete-ended", number), Style.DANGER),
                Button("Let it go on", Action("compete-show", number)),
            ),
        ),
    )


def said_message(text: str) -> Message:
    """Return what is said of something that was done."""
    return Message(text=text, tone=Tone.GOOD)


def when(competition: Competition) -> str:
    """Return from when to when it is."""
    return f"{moment(competition.starts_at)} to {moment(competition.ends_at)}"


def entered(entrants: Sequence[Entrant]) -> str:
    """Return who competes; hidden people are counted."""
    hidden = sum(entrant.hidden for entrant in entrants)
    named = [
        escape(entrant.name) + ("" if entrant.size == 1 else f" ({entrant.size})")
        for entrant in entrants
        if not entrant.hidden
    ]
    others = [HIDDEN if hidden == 1 else f"{hidden} who are hidden"] if hidden else []
    return fitting([*named, *others], FIELD_VALUE) or "Nobody yet."


def _next(competition: Competition) -> str:
    """Return what happens next."""
    match competition.state:
        case CompetitionState.OPEN if competition.between is Between.TEAMS:
            return (
                "A team enters by its captain, or by a moderator, until the start. Then rosters are locked: whoever is "
                "in a team at that moment competes for it. With fewer than two teams it does not take place."
            )
        case CompetitionState.OPEN:
            return "Press Join to compete, until the start. With fewer than two people it does not take place."
        case CompetitionState.RUNNING:
            return "It is under way, and rosters are locked."
        case CompetitionState.ENDED:
            return "It is over."
        case CompetitionState.CANCELLED:
            return "It was cancelled."


def _line(card: Card) -> str:
    competition = card.competition
    who = "teams" if competition.between is Between.TEAMS else "people"
    instant = {
        CompetitionState.OPEN: f"open, starts {moment(competition.starts_at)}",
        CompetitionState.RUNNING: f"running until {moment(competition.ends_at)}",
    }.get(competition.state, f"ended {moment(competition.ends_at)}")
    return f"**{competition.id}** · {escape(competition.name)} · {instant} · {len(card.entrants)} {who}"


def _controls(competition: Competition) -> tuple[Row, ...]:
    number = (str(competition.id),)
    match competition.state:
        case CompetitionState.OPEN:
            return (
                (
                    Button("Join", Action("compete-join", number), Style.PRIMARY),
                    Button("Leave", Action("compete-leave", number)),
                ),
                (
                    Button("Start now", Action("compete-start", number)),
                    Button("Cancel", Action("compete-cancel", number), Style.DANGER),
                ),
            )
        case CompetitionState.RUNNING:
            return ((Button("How it stands", Action("compete-status", number), Style.PRIMARY),),)
        case CompetitionState.ENDED:
            return ((Button("All results", Action("compete-results", number), Style.PRIMARY),),)
        case CompetitionState.CANCELLED:
            return ()
