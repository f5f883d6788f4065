"""The question of the day for everybody: answer it in private, change it, see what came of it, report a problem."""

from __future__ import annotations

from bot.commands import Answer, Router
from bot.daily.answering import Sealed, Told
from bot.daily.asked import Asked
from bot.errors import BadInput
from bot.events import Press, Submission
from bot.features.daily_view import private_message, sealed_message, told_message
from bot.features.practice import answer_input
from bot.features.question_view import serving_id
from bot.features.reporting import read_report, report_form, report_told
from bot.features.services import Services
from bot.message import Action, Message, Modal
from bot.practice.responses import check_placed
from questions.model import Ordered


def daily_router() -> Router:
    """Return the declarations."""
    router = Router()
    router.include([_answers(), _orders(), _reports()])
    return router


def told(outcome: Asked | Sealed | Told) -> Message:
    """Return what a person is told of their answer, or the question where they gave none."""
    match outcome:
        case Sealed():
            return sealed_message(outcome)
        case Told():
            return told_message(outcome)
        case _:
            return private_message(outcome)


def _answers() -> Router:
    router = Router()

    @router.press("daily-answer", Answer.PRIVATE)
    async def answer(event: Press, services: Services, daily: str, response: str) -> Message:
        return told(
            await services.answering.answer(event.actor, event.channel.workspace, serving_id(daily), response, event.at)
        )

    @router.press("daily-choose", Answer.PRIVATE)
    async def choose(event: Press, services: Services, daily: str) -> Message:
        response = "".join(event.values)
        return told(
            await services.answering.answer(event.actor, event.channel.workspace, serving_id(daily), response, event.at)
        )

    @router.press("daily-form", Answer.MODAL)
    async def form(event: Press, services: Services, daily: str) -> Message | Modal:
        outcome = await services.answering.ask(event.actor, event.channel.workspace, serving_id(daily), event.at)
        if not isinstance(outcome, Asked):
            return told(outcome)
        return Modal("Your answer", Action("daily-typed", (daily,)), (answer_input(outcome.question),), "Answer")

    @router.submit("daily-typed", Answer.PRIVATE)
    async def typed(event: Submission, services: Services, daily: str) -> Message:
        written = event.inputs.get("answer", "")
        return told(
            await services.answering.answer(event.actor, event.channel.workspace, serving_id(daily), written, event.at)
        )

    @router.press("daily-again", Answer.PRIVATE)
    async def again(event: Press, services: Services, daily: str) -> Message:
        return told(await services.answering.ask(event.actor, event.channel.workspace, serving_id(daily), event.at))

    @router.press("daily-mine", Answer.PRIVATE)
    async def mine(event: Press, services: Services, daily: str) -> Message:
        return told(await services.answering.mine(event.actor, event.channel.workspace, serving_id(daily)))

    return router


def _orders() -> Router:
    router = Router()

    @router.press("daily-order", Answer.PRIVATE)
    async def order(event: Press, services: Services, daily: str) -> Message:
        return told(await services.answering.ask(event.actor, event.channel.workspace, serving_id(daily), event.at))

    @router.press("daily-place", Answer.UPDATE)
    async def place(event: Press, services: Services, daily: str, placed: str, _undo: str = "") -> Message:
        """Put one more step in order, or take one back; nothing is stored until the order is submitted."""
        outcome = await services.answering.ask(event.actor, event.channel.workspace, serving_id(daily), event.at)
        if not isinstance(outcome, Asked):
            return told(outcome)
        if not isinstance(outcome.question, Ordered):
            raise BadInput("This question has no steps to put in order.", "Use the controls of its post.")
        return private_message(outcome, check_placed(outcome.daily.order, placed))

    @router.press("daily-placed", Answer.UPDATE)
    async def placed(event: Press, services: Services, daily: str, response: str) -> Message:
        return told(
            await services.answering.answer(event.actor, event.channel.workspace, serving_id(daily), response, event.at)
        )

    return router


def _reports() -> Router:
    router = Router()

    @router.press("daily-report", Answer.MODAL)
    async def report(_event: Press, _services: Services, daily: str) -> Modal:
        return report_form(Action("daily-reported", (daily,)))

    @router.submit("daily-reported", Answer.PRIVATE)
    async def reported(event: Submission, services: Services, daily: str) -> Message:
        reason, note = read_report(event)
        here = event.channel.workspace
        return report_told(new=await services.answering.report(event.actor, here, serving_id(daily), reason, note))

    return router
