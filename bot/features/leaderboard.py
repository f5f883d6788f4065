"""``/leaderboard``: who leads here, people or teams, with my own row and my team's always in sight."""

from __future__ import annotations

from bot.commands import Answer, Option, Router, Where
from bot.competition.boards import Leaderboard, Period, View, Who
from bot.competition.wishes import read_number
from bot.events import Invocation, Press
from bot.features.board_view import NAMES, board_message, public_message, read_view
from bot.features.compete_show import shown
from bot.features.practice import topic_option
from bot.features.services import Services
from bot.message import Choice, Message
from questions.bank import Bank


def leaderboard_router(bank: Bank) -> Router:
    """Return the declarations of boards over a bank, for its topics."""
    router = Router()
    who = Option("who", "People or teams", (Choice("people", "People"), Choice("teams", "Teams")))
    competition = Option("competition", "The board of a competition, by its number", read=read_number)
    period = Option("period", "How far back", tuple(Choice(period, name) for period, name in NAMES.items()))

    @router.command("leaderboard", "Who leads here?", period, who, topic_option(bank), competition,
                    where=Where.WORKSPACE)  # fmt: skip
    async def leaderboard(
        event: Invocation,
        services: Services,
        who: str = Who.PEOPLE,
        period: str = Period.WEEK,
        topic: str = "",
        competition: str = "",
    ) -> Message:
        """Show the head of a board, and the reader's own rows; or how a competition stands."""
        if competition:
            return await shown(event.actor, event.channel, services, int(competition))
        return await _show(event, services, View(Who(who), Period(period), topic))

    @router.press("board", Answer.UPDATE)
    async def board(
        event: Press, services: Services, period: str, who: str = Who.PEOPLE, topic: str = "", place: str = ""
    ) -> Message:
        """Turn to another board or page."""
        return await _show(event, services, read_view(period, who, topic, place, bank.taxonomy))

    @router.press("board-mine", Answer.PRIVATE)
    async def mine(event: Press, services: Services, period: str) -> Message:
        """Show somebody their place, away from the post that they pressed."""
        return await _show(event, services, read_view(period, "", "", "", bank.taxonomy))

    @router.press("board-post", Answer.PUBLIC)
    async def post(
        event: Press, services: Services, period: str, who: str = Who.PEOPLE, topic: str = "", place: str = ""
    ) -> Message:
        """Show a board to the whole channel, without anybody's private row."""
        view = read_view(period, who, topic, place, bank.taxonomy)
        return await public_message(await _read(event, services, view), services.drawing, bank.taxonomy)

    async def _show(event: Invocation | Press, services: Services, view: View) -> Message:
        found = await _read(event, services, view)
        return await board_message(found, services.boards.periods, services.drawing, bank.taxonomy)

    return router


async def _read(event: Invocation | Press, services: Services, view: View) -> Leaderboard:
    return await services.boards.read(event.actor, event.channel.workspace, view)
