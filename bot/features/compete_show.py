"""A competition as one person reads it: its card, how it stands, or its results."""

from __future__ import annotations

from bot.competing import CompetitionState
from bot.features.compete_course import course_image
from bot.features.compete_result_view import results_message, status_message
from bot.features.compete_view import card_message
from bot.features.services import Services
from bot.message import Message
from bot.refs import Actor, ChannelRef


async def shown(actor: Actor, here: ChannelRef, services: Services, number: int, page: int = 0) -> Message:
    """Return a competition as it is: its card, how it stands, or its results."""
    report = await services.contests.report(here.workspace, number, actor)
    match report.competition.state:
        case CompetitionState.RUNNING:
            return status_message(report, await course_image(report, services.drawing))
        case CompetitionState.ENDED:
            images = await course_image(report, services.drawing) if page == 0 else ()
            return results_message(report, page, images)
        case _:
            return card_message(await services.contests.card(here.workspace, number), services.bank.taxonomy, here)
