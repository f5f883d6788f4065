"""How teams look: one with its people and points, all of them, and what became of a change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.competition.inviting import Invitation
from bot.competition.team_access import label
from bot.competition.team_cards import PAGE, Card, Listed, Span
from bot.competition.teams import Left
from bot.features.board_view import NAMES, mean_text, ordinal
from bot.ledger import Contribution
from bot.markup import escape, visible
from bot.message import FIELD_VALUE, LABEL, Action, Button, Choice, Field, Message, Row, Select, Style, Tone
from bot.teams import Member, Team

LONGEST_NAME = 32
"""Characters of a person's name."""
ROSTER = "A competition is running: it goes on with whoever was in its teams when it began."
_MEAN = "The mean is over whoever earned points, and over three where fewer did."
_MENTIONS = "`/team invite`, `/team kick` and `/team transfer` take a member with @."


def card_message(card: Card, told: str = "") -> Message:
    """Return a team with its people, points, and what its reader can do; ``told`` says what was done just now."""
    team = card.team
    who = "Everybody may join" if team.open else "By invitation"
    invited = " **You are invited.**" if card.invited and card.mine is None else ""
    full = " It is full." if card.mine is None and team.size >= card.limit else ""
    fields = [
        Field(f"{team.size} of {card.limit} people", _members(card)),
        Field("Points", "\n".join(map(_span, card.spans))),
    ]
    if card.earned:
        fields.append(Field("Earned this month by", _earned(card)))
    return Message(
        title=team.label,
        text="\n\n".join(filter(None, (told, f"{who}.{invited}{full}"))),
        tone=Tone.GOOD if told else Tone.PLAIN,
        fields=tuple(fields),
        rows=_controls(card),
        footer=f"{_MEAN} {_MENTIONS}" if card.leads else _MEAN,
    )


def list_message(listed: Listed) -> Message:
    """Return a page of the teams."""
    create = Button("Create a team", Action("team-form"), Style.PRIMARY)
    if not listed.teams:
        return Message(title="Teams", text="There is none here yet. Begin with one of your own.", rows=((create,),))
    lines = [_line(team, listed) for team in listed.teams]
    pages = -(-listed.total // PAGE)
    return Message(
        title="Teams",
        text="\n".join(lines),
        rows=_list_controls(listed, create),
        footer=f"{listed.total} teams; page {listed.page + 1} of {pages}" if pages > 1 else "",
    )


def ask_last_message(team: Team) -> Message:
    """Return the question whether the last one leaves a team."""
    number = (str(team.id),)
    return Message(
        title=f"Leave {team.label}?",
        text=f"You are the last one in {label(team)}: it ends when you leave, and its name is free again. What it "
        "earned stays on the boards.",
        rows=(
            (
                Button("Leave and end it", Action("team-left", number), Style.DANGER),
                Button("Stay", Action("team-show", number)),
            ),
        ),
    )


def ask_disband_message(team: Team) -> Message:
    """Return the question whether a team is to end."""
    number = (str(team.id),)
    people = "one person is" if team.size == 1 else f"{team.size} people are"
    return Message(
        title=f"Disband {team.label}?",
        text=f"Then {people} in no team, and its name is free again. What it earned stays on the boards.",
        rows=(
            (
                Button("Disband it", Action("team-disbanded", number), Style.DANGER),
                Button("Keep it", Action("team-show", number)),
            ),
        ),
    )


def disbanded_message(team: Team) -> Message:
    """Return what is said of a team that ended."""
    return Message(
        text=f"{label(team)} is disbanded. What it earned stays on the boards; `/team create` makes another.",
        tone=Tone.GOOD,
    )


def left_message(left: Left) -> Message:
    """Return what is said to somebody who left their team, or is asked whether they do."""
    if left.asked:
        return ask_last_message(left.team)
    end = " It had nobody else, so that it ended." if left.disbanded else ""
    told = f"You left {label(left.team)}.{end}{_successor(left)} What you earned for it stays with it."
    return Message(
        text=with_roster(told, competing=left.competing),
        tone=Tone.GOOD,
        rows=((Button("All teams", Action("team-list", ("0",))),),),
    )


def kicked_message(left: Left) -> Message:
    """Return what is said to whoever took somebody out of a team."""
    end = " It had nobody else, so that it ended." if left.disbanded else ""
    back = " It is open, so that they can join again." if left.team.open and not left.disbanded else ""
    told = (
        f"They are not in {label(left.team)} any more.{end}{_successor(left)}{back} What they earned for it stays "
        "with it."
    )
    show = () if left.disbanded else ((Button("Show the team", Action("team-show", (str(left.team.id),))),),)
    return Message(text=with_roster(told, competing=left.competing), tone=Tone.GOOD, rows=show)


def invited_message(team: Team, *, news: bool) -> Message:
    """Return what is said to whoever invited somebody."""
    told = "I tell them in private" if news else "They were invited before"
    return Message(
        text=f"They may join {label(team)} now. {told}; they can also type `/team join` with its name here.",
        tone=Tone.GOOD,
    )


def invitation_message(invitation: Invitation) -> Message:
    """Return what somebody who was invited is told."""
    team, number = invitation.team, (str(invitation.team.id),)
    who = f"{name_of(invitation.by)} invites you" if invitation.by else "You are invited"
    people = "one person is" if team.size == 1 else f"{team.size} people are"
    return Message(
        title="An invitation to a team",
        text=f"{who} to {label(team)}, where {people} so far. What you earn from then on counts for it too.",
        rows=(
            (
                Button("Join", Action("team-join", number), Style.PRIMARY),
                Button("Show the team", Action("team-show", number)),
            ),
        ),
    )


def limit_message(size: int, *, saved: bool) -> Message:
    """Return how many a team may have."""
    told = "Nobody has to leave a team that is larger." if saved else "A moderator changes it with `/team limit size`."
    return Message(text=f"A team may have {size} people here. {told}", tone=Tone.GOOD if saved else Tone.PLAIN)


def name_of(name: str) -> str:
    """Return a person's name as markup, cut to a length."""
    shown = visible(name)
    return escape(shown if len(shown) <= LONGEST_NAME else f"{shown[:LONGEST_NAME]}…")


def with_roster(told: str, *, competing: bool) -> str:
    """Return what is said of a change, and of the competitions that it changes nothing about."""
    return f"{told}\n\n{ROSTER}" if competing else told


def enumerated(parts: Sequence[str], most: int, more: Iterable[str] = ()) -> str:
    """Return parts with commas between them in at most so many characters; of those that do not fit the number."""
    rest = [*more]
    shown: list[str] = []
    spare = most - sum(len(part) + 2 for part in rest) - len(", and 1000 more")
    for part in parts:
        spare -= len(part) + 2
        if spare < 0:
            rest = [f"{len(parts) - len(shown)} more", *rest]
            break
        shown.append(part)
    together = [*shown, *rest]
    return " and ".join(filter(None, (", ".join(together[:-1]), together[-1]))) if rest else ", ".join(shown)


def _members(card: Card) -> str:
    """Return who is in a team: hidden people are counted, but for the reader themselves."""
    named = [_member(one, card) for one in card.members if not one.hidden or one.person == card.reader]
    hidden = len(card.members) - len(named)
    return enumerated(named, FIELD_VALUE, [_hidden(hidden)] if hidden else [])


def _member(one: Member, card: Card) -> str:
    marks = [*(["captain"] if one.person == card.team.captain else []), *(["you"] if one.person == card.reader else [])]
    return f"{name_of(one.name)} ({', '.join(marks)})" if marks else name_of(one.name)


def _hidden(count: int) -> str:
    return "one who is hidden" if count == 1 else f"{count} who are hidden"


def _span(span: Span) -> str:
    """Return how a team stands in a period."""
    row, name = span.standing, NAMES[span.period].capitalize()
    if row is None:
        return f"{name}: no points yet"
    return f"{name}: **{ordinal(row.rank)} of {span.size}** · {mean_text(row.mean)}, {row.points} points in all"


def _earned(card: Card) -> str:
    """Return what each earned for a team this month: of hidden people the sum, but for the reader themselves."""
    inside = {one.person for one in card.members}
    named = [one for one in card.earned if not one.hidden or one.person == card.reader]
    rest = sum(one.points for one in card.earned) - sum(one.points for one in named)
    shown = [f"{name_of(one.name)} {one.points}{_away(one, inside)}" for one in named]
    return enumerated(shown, FIELD_VALUE, [f"hidden people {rest}"] if rest else [])


def _away(one: Contribution, inside: set[int]) -> str:
    return "" if one.person in inside else " (left)"


def _controls(card: Card) -> tuple[Row, ...]:
    number = (str(card.team.id),)
    acts: list[Button] = []
    if card.joinable:
        acts.append(Button("Join", Action("team-join", number), Style.PRIMARY))
    if card.inside:
        acts.append(Button("Leave", Action("team-leave", number)))
    if card.leads:
        acts.append(Button("Change", Action("team-edit", number)))
        acts.append(Button("Disband", Action("team-disband", number), Style.DANGER))
    if card.here:
        acts.append(Button("All teams", Action("team-list", ("0",))))
    return (tuple(acts),) if acts else ()


def _line(team: Team, listed: Listed) -> str:
    way = "open" if team.open else "by invitation"
    full = ", full" if team.size >= listed.limit else ""
    yours = " — **yours**" if listed.mine is not None and listed.mine.id == team.id else ""
    return f"{label(team)} · {team.size} of {listed.limit} · {way}{full}{yours}"


def _list_controls(listed: Listed, create: Button) -> tuple[Row, ...]:
    rows: list[Row] = [Select(Action("team-open"), _choices(listed.teams), "Show a team")]
    joinable = [team for team in listed.teams if team.open and team.size < listed.limit]
    if joinable and listed.mine is None:
        rows.append(Select(Action("team-choose"), _choices(joinable), "Join a team"))
    acts = []
    if listed.page or listed.more:
        acts.append(Button("Earlier", Action("team-list", (str(listed.page - 1),)), disabled=not listed.page))
        acts.append(Button("Later", Action("team-list", (str(listed.page + 1),)), disabled=not listed.more))
    mine = listed.mine
    acts.append(create if mine is None else Button("My team", Action("team-show", (str(mine.id),))))
    return (*rows, tuple(acts))


def _choices(teams: Sequence[Team]) -> tuple[Choice, ...]:
    return tuple(Choice(str(team.id), team.label[:LABEL]) for team in teams)


def _successor(left: Left) -> str:
    if left.captain is None:
        return ""
    return f" {name_of(left.captain)} leads it now." if left.captain else " Whoever joined it first leads it now."
