"""``/settings``: my time zone, my name on boards, whether boards show me, whether I am reminded."""

from __future__ import annotations

from bot.commands import Answer, Option, Router
from bot.errors import BadInput
from bot.events import Invocation, Press, Submission
from bot.features.services import Services
from bot.markup import escape, moment
from bot.message import Action, Button, Choice, Field, Message, Modal, TextInput, Tone
from bot.options import YES_OR_NO
from bot.people.profile import LONGEST_NAME, LONGEST_ZONE, Profile, read_zone
from bot.zones import PLACES

router = Router()


def _suggest_zones(typed: str) -> list[Choice]:
    wanted = typed.strip().replace(" ", "_").casefold()
    return [Choice(zone, zone) for zone in PLACES if wanted in zone.casefold()]


_ZONE = Option("zone", "My time zone, such as Europe/Berlin", suggest=_suggest_zones, read=read_zone)
_NAME = Option("name", "My name on boards")
_HIDDEN = Option("hidden", "Keep me off all boards", YES_OR_NO)
_REMINDERS = Option("reminders", "Remind me before a day of my streak is lost", YES_OR_NO)


@router.command("settings", "My time zone, my name on boards, hide me, remind me", _ZONE, _NAME, _HIDDEN, _REMINDERS)
async def settings(
    event: Invocation, services: Services, zone: str = "", name: str = "", hidden: str = "", reminders: str = ""
) -> Message:
    """Change what is given and show all of it."""
    if not (zone or name or hidden or reminders):
        return _message(await services.profiles.get(event.actor))
    profile = await services.profiles.change(
        event.actor,
        shown_name=name or None,
        zone=zone or None,
        hidden=_yes(hidden) if hidden else None,
        reminders=_yes(reminders) if reminders else None,
    )
    return _message(profile, saved=True)


@router.press("settings-hide", Answer.UPDATE)
async def hide(event: Press, services: Services, hidden: str) -> Message:
    """Leave all boards, or come back to them."""
    return _message(await services.profiles.change(event.actor, hidden=_yes(hidden)), saved=True)


@router.press("settings-remind", Answer.UPDATE)
async def remind(event: Press, services: Services, wanted: str) -> Message:
    """Be reminded, or not any more."""
    return _message(await services.profiles.change(event.actor, reminders=_yes(wanted)), saved=True)


@router.press("settings-edit", Answer.MODAL)
async def edit(event: Press, services: Services) -> Modal:
    """Open the form for zone and name."""
    profile = await services.profiles.get(event.actor)
    return Modal(
        "Settings",
        Action("settings-save"),
        (
            TextInput(
                "zone", "Time zone", profile.zone, f"now {profile.known_zone}"[:100], required=False, most=LONGEST_ZONE
            ),
            TextInput(
                "name",
                "Name on boards",
                profile.shown_name,
                f"now {profile.name}"[:100],
                required=False,
                most=LONGEST_NAME,
            ),
        ),
        "Save",
    )


@router.submit("settings-save", Answer.UPDATE)
async def save(event: Submission, services: Services) -> Message:
    """Keep the form; an emptied field goes back to the platform's."""
    profile = await services.profiles.change(
        event.actor, shown_name=event.inputs.get("name"), zone=event.inputs.get("zone")
    )
    return _message(profile, saved=True)


def _message(profile: Profile, *, saved: bool = False) -> Message:
    zone = f"`{profile.known_zone}`" + ("" if profile.zone else ", not chosen by you")
    moves = "" if profile.moves_at is None else f"; your days follow it from {moment(profile.moves_at)} on"
    name = escape(profile.shown_name or profile.name) or "(none)"
    flip = ("Show me on boards", "no") if profile.hidden else ("Hide me from boards", "yes")
    ring = ("Do not remind me", "no") if profile.reminders else ("Remind me", "yes")
    return Message(
        title="Your settings",
        text="Saved." if saved else "Only you see these. Streaks and days follow your time zone.",
        tone=Tone.GOOD if saved else Tone.PLAIN,
        fields=(
            Field("Time zone", zone + moves),
            Field("Name on boards", name + ("" if profile.shown_name else ", as this platform knows you")),
            Field("On boards", "hidden: your points count for you alone" if profile.hidden else "shown"),
            Field("Reminders", "on: a message when a day of your streak is at stake" if profile.reminders else "off"),
        ),
        rows=(
            (
                Button("Edit", Action("settings-edit")),
                Button(flip[0], Action("settings-hide", (flip[1],))),
                Button(ring[0], Action("settings-remind", (ring[1],))),
            ),
        ),
    )


def _yes(answer: str) -> bool:
    if answer not in ("yes", "no"):
        raise BadInput("That is neither yes nor no.", "Type `/settings` again.")
    return answer == "yes"
