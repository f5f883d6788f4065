"""``/quiz``: live rounds in a channel. Start, join, answer, stop, see how it stands, and what came of it."""

from __future__ import annotations

from collections.abc import Callable

from bot.commands import Answer, Option, Router, Where
from bot.errors import BadInput, Expired
from bot.events import Invocation, Press, Submission
from bot.features.practice import answer_input, topic_option
from bot.features.question_view import serving_id
from bot.features.quiz_result_view import mine_message
from bot.features.quiz_view import joined_message, started_message, status_message, taken_message
from bot.features.services import Services
from bot.markup import escape
from bot.message import Action, Choice, Message, Modal
from bot.options import YES_OR_NO
from bot.quiz.answering import Taken
from bot.rounds import Mode, Terms
from questions.bank import Bank
from questions.model import Level

FEWEST, MOST = 3, 20
"""Questions of a round."""
SHORTEST, LONGEST = 10, 120
"""Seconds of a question."""
_MODES = {
    Mode.EVERYONE: "Everybody who is right earns points",
    Mode.TEAMS: "Everybody who is right earns points for their team",
    Mode.FIRST: "Whoever is right first earns them",
}


def quiz_router(bank: Bank) -> Router:
    """Return the declarations of live rounds over a bank."""
    router = Router()
    router.include([_commands(bank), _lobby(), _answers()])
    return router


def _commands(bank: Bank) -> Router:
    router = Router()
    here = Where.WORKSPACE

    @router.command("quiz start", "Start a live round in this channel", *_options(bank), where=here)
    async def start(
        event: Invocation,
        services: Services,
        topic: str = "",
        level: str = "",
        questions: str = "5",
        seconds: str = "30",
        mode: str = Mode.EVERYONE,
        speed: str = "no",
    ) -> Message:
        terms = Terms(topic, level, int(questions), int(seconds), Mode(mode), speed == "yes")
        return started_message(await services.hosting.start(event.actor, event.channel, terms), bank.taxonomy)

    @router.command("quiz stop", "Stop the round of this channel", where=here)
    async def stop(event: Invocation, services: Services) -> Message:
        await services.hosting.stop(event.actor, event.channel)
        return _stopping()

    @router.command("quiz status", "Show how the round of this channel stands", where=here)
    async def status(event: Invocation, services: Services) -> Message:
        return status_message(await services.hosting.status(event.channel), bank.taxonomy)

    return router


def _options(bank: Bank) -> tuple[Option, ...]:
    return (
        topic_option(bank),
        Option("level", "How hard", tuple(Choice(level, level) for level in Level)),
        Option("questions", f"How many, {FEWEST} to {MOST}", read=_number("questions", FEWEST, MOST)),
        Option("seconds", f"For each question, {SHORTEST} to {LONGEST}", read=_number("seconds", SHORTEST, LONGEST)),
        Option("mode", "Who earns points", tuple(Choice(mode, words) for mode, words in _MODES.items())),
        Option("speed", "Let speed earn up to a fifth more", YES_OR_NO),
    )


def _number(what: str, least: int, most: int) -> Callable[[str], str]:
    """Return the reader of a number within limits."""

    def read(typed: str) -> str:
        wanted = typed.strip()
        number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) <= 4 else -1
        if not least <= number <= most:
            raise BadInput(
                f"I cannot take {escape(wanted[:40]) or 'nothing'} as the number of {what}.",
                f"Write one from {least} to {most}, such as `{what}:{least * 2}`.",
            )
        return str(number)

    return read


def _lobby() -> Router:
    router = Router()

    @router.press("quiz-join", Answer.PRIVATE)
    async def join(event: Press, services: Services, number: str) -> Message:
        return joined_message(await services.hosting.join(event.actor, event.channel.workspace, serving_id(number)))

    @router.press("quiz-begin", Answer.PRIVATE)
    async def begin(event: Press, services: Services, number: str) -> Message:
        await services.hosting.begin(event.actor, event.channel.workspace, serving_id(number))
        return Message(text="**It begins.** The first question comes in a moment.")

    @router.press("quiz-halt", Answer.PRIVATE)
    async def halt(event: Press, services: Services, number: str) -> Message:
        await services.hosting.halt(event.actor, event.channel.workspace, serving_id(number))
        return _stopping()

    @router.press("quiz-mine", Answer.PRIVATE)
    async def mine(event: Press, services: Services, number: str) -> Message:
        return mine_message(await services.round_results.mine(event.actor, event.channel.workspace, serving_id(number)))

    return router


def _answers() -> Router:
    router = Router()

    async def take(event: Press | Submission, services: Services, which: str, response: str) -> Message:
        number, at = _which(which)
        here = event.channel.workspace
        return taken_message(await services.round_answering.answer(event.actor, here, number, at, response, event.at))

    @router.press("quiz-answer", Answer.PRIVATE)
    async def answer(event: Press, services: Services, which: str, response: str) -> Message:
        return await take(event, services, which, response)

    @router.press("quiz-choose", Answer.PRIVATE)
    async def choose(event: Press, services: Services, which: str) -> Message:
        return await take(event, services, which, "".join(event.values))

    @router.press("quiz-form", Answer.MODAL)
    async def form(event: Press, services: Services, which: str) -> Message | Modal:
        number, at = _which(which)
        here = event.channel.workspace
        asked = await services.round_answering.ask(event.actor, here, number, at, event.at)
        if isinstance(asked, Taken):
            return taken_message(asked)
        return Modal("Your answer", Action("quiz-typed", (which,)), (answer_input(asked.question),), "Answer")

    @router.submit("quiz-typed", Answer.PRIVATE)
    async def typed(event: Submission, services: Services, which: str) -> Message:
        return await take(event, services, which, event.inputs.get("answer", ""))

    return router


def _stopping() -> Message:
    return Message(text="**The round stops.** A question that is open counts for nobody; those before it count.")


def _which(text: str) -> tuple[int, int]:
    """Return the round and the number of its question that an action names.

    Raises Expired.
    """
    number, _, at = text.partition("-")
    if not serving_id(number) or not 0 < serving_id(at) <= MOST:
        raise Expired("There is no such question.", "Use the controls of a question that was posted here.")
    return serving_id(number), serving_id(at)
