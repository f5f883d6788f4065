"""What the buttons, lists and forms of ``/team`` do."""

from __future__ import annotations

from bot.commands import Answer, Router
from bot.competition.names import LONGEST
from bot.errors import BadInput
from bot.events import Press, Submission
from bot.features.question_view import serving_id
from bot.features.services import Services
from bot.features.team_view import (
    ask_disband_message,
    card_message,
    disbanded_message,
    left_message,
    list_message,
    with_roster,
)
from bot.message import Action, ChoiceInput, Message, Modal, TextInput
from bot.options import YES_OR_NO
from bot.teams import Team

LONGEST_EMOJI = 40
router = Router()


def joined(*, competing: bool) -> str:
    """Return what is said to somebody who joined a team."""
    told = "**You are in.** Points that you earn from now on count for the team too."
    return with_roster(told, competing=competing)


@router.press("team-list", Answer.UPDATE)
async def listed(event: Press, services: Services, page: str) -> Message:
    """Turn to another page."""
    return list_message(await services.team_cards.listed(event.actor, event.channel.workspace, serving_id(page)))


@router.press("team-show", Answer.UPDATE)
async def show(event: Press, services: Services, number: str) -> Message:
    """Show a team."""
    return card_message(await services.team_cards.show(event.actor, event.channel.workspace, serving_id(number)))


@router.press("team-open", Answer.UPDATE)
async def opened(event: Press, services: Services) -> Message:
    """Show the chosen team."""
    return card_message(await services.team_cards.show(event.actor, event.channel.workspace, _chosen(event)))


@router.press("team-join", Answer.UPDATE)
async def join(event: Press, services: Services, number: str) -> Message:
    """Join a team, from wherever its button stands."""
    changed = await services.teams.join(event.actor, event.channel.workspace, serving_id(number))
    return card_message(changed.card, joined(competing=changed.competing))


@router.press("team-choose", Answer.UPDATE)
async def choose(event: Press, services: Services) -> Message:
    """Join the chosen team."""
    changed = await services.teams.join(event.actor, event.channel.workspace, _chosen(event))
    return card_message(changed.card, joined(competing=changed.competing))


@router.press("team-leave", Answer.UPDATE)
async def leave(event: Press, services: Services, number: str) -> Message:
    """Leave a team; whoever is the last one is asked first."""
    return left_message(await services.teams.leave(event.actor, event.channel.workspace, serving_id(number)))


@router.press("team-left", Answer.UPDATE)
async def leave_and_end(event: Press, services: Services, number: str) -> Message:
    """Leave a team though it ends then."""
    return left_message(await services.teams.leave(event.actor, event.channel.workspace, serving_id(number), sure=True))


@router.press("team-disband", Answer.UPDATE)
async def ask_disband(event: Press, services: Services, number: str) -> Message:
    """Ask whether a team is to end."""
    return ask_disband_message(await services.teams.leading(event.actor, event.channel.workspace, serving_id(number)))


@router.press("team-disbanded", Answer.UPDATE)
async def disband(event: Press, services: Services, number: str) -> Message:
    """End a team."""
    return disbanded_message(await services.teams.disband(event.actor, event.channel.workspace, serving_id(number)))


@router.press("team-form", Answer.MODAL)
async def form(_event: Press, _services: Services) -> Modal:
    """Open the form of a new team."""
    return Modal("A new team", Action("team-created"), _inputs(None), "Create it")


@router.submit("team-created", Answer.UPDATE)
async def created(event: Submission, services: Services) -> Message:
    """Make a team as the form says."""
    changed = await services.teams.create(
        event.actor,
        event.channel.workspace,
        name=event.inputs.get("name", ""),
        emoji=event.inputs.get("emoji", ""),
        is_open=_open(event),
    )
    return card_message(changed.card, with_roster("**It is there, and you lead it.**", competing=changed.competing))


@router.press("team-edit", Answer.MODAL)
async def edit(event: Press, services: Services, number: str) -> Modal:
    """Open the form of a team, filled with what it is."""
    team = await services.teams.leading(event.actor, event.channel.workspace, serving_id(number))
    return Modal("Change the team", Action("team-saved", (str(team.id),)), _inputs(team), "Save")


@router.submit("team-saved", Answer.UPDATE)
async def saved(event: Submission, services: Services, number: str) -> Message:
    """Keep the form."""
    changed = await services.teams.rename(
        event.actor,
        event.channel.workspace,
        serving_id(number),
        name=event.inputs.get("name"),
        emoji=event.inputs.get("emoji"),
        is_open=_open(event) if "open" in event.inputs else None,
    )
    return card_message(changed.card, "**Saved.**")


def _inputs(team: Team | None) -> tuple[TextInput | ChoiceInput, ...]:
    name, emoji, is_open = ("", "", True) if team is None else (team.name, team.emoji, team.open)
    return (
        TextInput("name", "Name", name, "such as Gradients", most=LONGEST),
        TextInput("emoji", "Emoji", emoji, "such as 🚀; empty for one by chance", required=False, most=LONGEST_EMOJI),
        ChoiceInput("open", "May everybody join?", YES_OR_NO, "yes" if is_open else "no"),
    )


def _open(event: Submission) -> bool:
    answer = event.inputs.get("open", "yes")
    if answer not in ("yes", "no"):
        raise BadInput("That is neither yes nor no.", "Type `/team create` again.")
    return answer == "yes"


def _chosen(event: Press) -> int:
    """Return the team that was chosen in a list."""
    return serving_id("".join(event.values[:1]))
