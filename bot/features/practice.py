"""``/practice``: one private question, answered by button, list or form; then why; then the next."""

from __future__ import annotations

import functools

from bot.commands import Answer, Handler, Option, Router
from bot.errors import AlreadyDone, BadInput
from bot.events import Invocation, Press, Submission
from bot.features.question_view import KINDS, question_message, serving_id
from bot.features.reporting import read_report, report_form, report_told
from bot.features.result_view import result_message, revealed_message
from bot.features.services import Services
from bot.markup import escape
from bot.message import Action, Choice, Message, Modal, TextInput
from bot.practice.filters import read_filter
from bot.practice.responses import check_placed
from bot.practice.service import LONGEST_ANSWER, Result, Revealed
from questions.bank import Bank, Filter
from questions.model import FreeText, Level, Numeric


def topic_option(bank: Bank) -> Option:
    """Return the option that names a topic by code, name or alias, with completion from memory."""
    here = [topic for topic in bank.taxonomy.topics if any(question.topic == topic.code for question in bank.questions)]

    def suggest(typed: str) -> list[Choice]:
        wanted = typed.strip().casefold()
        fitting = [
            topic
            for topic in here
            if wanted in topic.name.casefold()
            or wanted == topic.code.casefold()
            or any(alias.startswith(wanted) for alias in topic.aliases)
        ]
        return [Choice(topic.code, topic.name, ", ".join(topic.aliases[:4])) for topic in fitting]

    def read(typed: str) -> str:
        found = bank.taxonomy.find(typed)
        if found is None:
            codes = ", ".join(f"`{topic.aliases[0]}`" for topic in here[:8])
            raise BadInput(f"I do not know the topic {escape(typed[:40])}.", f"Try one like {codes}.")
        return found.code

    return Option("topic", "What it is about, such as cnn or transformers", suggest=suggest, read=read)


def practice_router(bank: Bank) -> Router:
    """Return the declarations of practice over a bank."""
    router = Router()
    level = Option("level", "How hard", tuple(Choice(level, level) for level in Level))
    kind = Option("kind", "How it is answered", tuple(Choice(kind, words) for kind, words in KINDS.items()))

    @router.command("practice", "Ask me one question", topic_option(bank), level, kind)
    async def practice(
        event: Invocation, services: Services, topic: str = "", level: str = "", kind: str = ""
    ) -> Message:
        shown = await services.practice.serve(event.actor, event.channel.workspace, Filter(topic, level, kind))
        return question_message(shown, services.bank.taxonomy)

    router.include([_open_question_router(), _answer_router(), _report_router()])
    return router


def _or_recall(handler: Handler) -> Handler:
    """Return a handler that shows the outcome again to an act that comes after the answer.

    The platform may have lost it on the way; without this its person could never learn why.
    """

    @functools.wraps(handler)
    async def recalling(event: Press | Submission, services: Services, serving: str, *rest: str) -> Message | Modal:
        try:
            return await handler(event, services, serving, *rest)
        except AlreadyDone:
            return _told(await services.practice.recall(event.actor, serving_id(serving)), again=True)

    return recalling


def _told(outcome: Result | Revealed, *, again: bool = False) -> Message:
    return revealed_message(outcome) if isinstance(outcome, Revealed) else result_message(outcome, again=again)


def _open_question_router() -> Router:
    router = Router()

    @router.press("next", Answer.PRIVATE)
    async def another(event: Press, services: Services, wanted: str = "") -> Message:
        shown = await services.practice.serve(event.actor, event.channel.workspace, read_filter(wanted))
        return question_message(shown, services.bank.taxonomy)

    @router.press("hint", Answer.UPDATE)
    @_or_recall
    async def hint(event: Press, services: Services, serving: str, placed: str = "") -> Message:
        shown = await services.practice.hint(event.actor, serving_id(serving), placed)
        return question_message(shown, services.bank.taxonomy, placed)

    @router.press("skip", Answer.UPDATE)
    @_or_recall
    async def skip(event: Press, services: Services, serving: str) -> Message:
        shown = await services.practice.skip(event.actor, serving_id(serving))
        return question_message(shown, services.bank.taxonomy)

    @router.press("place", Answer.UPDATE)
    @_or_recall
    async def place(event: Press, services: Services, serving: str, placed: str, _undo: str = "") -> Message:
        """Put one more step in order, or take one back; nothing is stored until the order is submitted."""
        shown = await services.practice.shown(event.actor, serving_id(serving))
        return question_message(shown, services.bank.taxonomy, check_placed(shown.order, placed))

    return router


def _answer_router() -> Router:
    router = Router()

    @router.press("answer", Answer.UPDATE)
    @_or_recall
    async def answer(event: Press, services: Services, serving: str, response: str) -> Message:
        return _told(await services.practice.answer(event.actor, serving_id(serving), response))

    @router.press("choose", Answer.UPDATE)
    @_or_recall
    async def choose(event: Press, services: Services, serving: str) -> Message:
        return _told(await services.practice.answer(event.actor, serving_id(serving), "".join(event.values)))

    @router.press("form", Answer.MODAL)
    @_or_recall
    async def form(event: Press, services: Services, serving: str) -> Modal:
        shown = await services.practice.shown(event.actor, serving_id(serving))
        return Modal("Your answer", Action("typed", (serving,)), (answer_input(shown.question),), "Answer")

    @router.submit("typed", Answer.UPDATE)
    @_or_recall
    async def typed(event: Submission, services: Services, serving: str) -> Message:
        written = event.inputs.get("answer", "")
        return _told(await services.practice.answer(event.actor, serving_id(serving), written))

    @router.press("mark", Answer.UPDATE)
    async def mark(event: Press, services: Services, serving: str) -> Message:
        return result_message(await services.practice.mark(event.actor, serving_id(serving), event.values))

    @router.press("mark-none", Answer.UPDATE)
    async def mark_none(event: Press, services: Services, serving: str) -> Message:
        return result_message(await services.practice.mark(event.actor, serving_id(serving), ()))

    return router


def answer_input(question: object) -> TextInput:
    """Return the field of a form in which a question is answered."""
    if isinstance(question, FreeText):
        return TextInput("answer", "In a few sentences", multiline=True, most=LONGEST_ANSWER)
    unit = f" in {question.unit}" if isinstance(question, Numeric) and question.unit else ""
    return TextInput("answer", f"One number{unit}", placeholder="such as 1960, 1,960, 1.96e3 or 3/4", most=60)


def _report_router() -> Router:
    router = Router()

    @router.press("report", Answer.MODAL)
    async def report(_event: Press, _services: Services, serving: str) -> Modal:
        return report_form(Action("reported", (serving,)))

    @router.submit("reported", Answer.PRIVATE)
    async def reported(event: Submission, services: Services, serving: str) -> Message:
        reason, note = read_report(event)
        return report_told(new=await services.quality.report(event.actor, serving_id(serving), reason, note))

    return router
