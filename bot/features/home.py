"""The page that a platform shows by itself, such as Slack's Home tab: how I am doing, and what to do next."""

from __future__ import annotations

from dataclasses import replace

from bot.commands import Router
from bot.events import Opening
from bot.features.progress import summary
from bot.features.services import Services
from bot.message import Action, Button, Message

router = Router()


@router.page("home")
async def home(event: Opening, services: Services) -> Message:
    """Show the progress of whoever opens the page."""
    progress = await services.profiles.progress(event.actor, event.channel.workspace)
    shown = summary(progress, services.bank.taxonomy)
    return replace(shown, rows=(*shown.rows, (Button("Settings", Action("settings-edit")),)))
