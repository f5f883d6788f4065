"""``/question``: for moderators, how a question fares, what was reported, and whether it is drawn here."""

from __future__ import annotations

from bot.commands import Answer, Option, Router, Where
from bot.errors import BadInput
from bot.events import Invocation, Press
from bot.features.question_key import (
    key_message,
    look_message,
    reported_message,
    reports_message,
    statistics_message,
)  # fmt: skip
from bot.features.reporting import REASONS
from bot.features.services import Services
from bot.markup import escape
from bot.message import Choice, Message
from bot.refs import Role, WorkspaceRef
from questions.bank import Bank

_REASONS = {choice.value: choice.label for choice in REASONS}
KEPT = "**Kept.** It is drawn here, and its reports are closed."
OUT = "**Taken out.** Nobody here is asked it until somebody brings it back."


def id_option(bank: Bank, *, required: bool) -> Option:
    """Return the option that names a question by its id."""
    ids = sorted((*bank.by_id, *bank.families))

    def suggest(typed: str) -> list[Choice]:
        wanted = typed.strip().casefold()
        return [Choice(name, name) for name in ids if wanted in name]

    def read(typed: str) -> str:
        name = typed.strip(" `").casefold()
        if bank.revision(name) is None:
            raise BadInput(f"There is no question {escape(typed[:40])}.", "Its id stands under it; copy it from there.")
        return name

    return Option("id", "The id that stands under a question", suggest=suggest, read=read, required=required)


def question_router(bank: Bank) -> Router:
    """Return the declarations for those who look after the questions of a bank."""
    router = Router()
    moderators, here = Role.MODERATOR, Where.WORKSPACE

    @router.command(
        "question show", "Show a question with its key", id_option(bank, required=True), requires=moderators, where=here
    )
    async def show(event: Invocation, services: Services, id: str) -> Message:  # noqa: A002 - the option's name
        return await _show(services, event.channel.workspace, id)

    @router.command(
        "question stats",
        "Show how questions fare",
        id_option(bank, required=False),
        requires=moderators,
        where=here,
    )
    async def stats(event: Invocation, services: Services, id: str = "") -> Message:  # noqa: A002 - the option's name
        return await _stats(services, event.channel.workspace, id)

    @router.command("question reports", "Show what people reported here", requires=moderators, where=here)
    async def reports(event: Invocation, services: Services) -> Message:
        return await _reports(services, event.channel.workspace, "")

    router.include([_controls()])
    return router


def _controls() -> Router:
    router = Router()

    @router.press("question-show", Answer.UPDATE, requires=Role.MODERATOR)
    async def show(event: Press, services: Services, name: str) -> Message:
        return await _show(services, event.channel.workspace, name)

    @router.press("question-stats", Answer.UPDATE, requires=Role.MODERATOR)
    async def stats(event: Press, services: Services, name: str = "") -> Message:
        """Turn to a question's statistics, named by the button or chosen from the list; or to the list."""
        return await _stats(services, event.channel.workspace, name or "".join(event.values[:1]))

    @router.press("question-reports", Answer.UPDATE, requires=Role.MODERATOR)
    async def reports(event: Press, services: Services, name: str = "") -> Message:
        """Turn to a question's reports, named by the button or chosen from the list; or to the list."""
        return await _reports(services, event.channel.workspace, name or "".join(event.values[:1]))

    @router.press("question-keep", Answer.UPDATE, requires=Role.MODERATOR)
    async def keep(event: Press, services: Services, name: str, revision: str) -> Message:
        return await _rule(event, services, name, revision, out=False)

    @router.press("question-out", Answer.UPDATE, requires=Role.MODERATOR)
    async def take_out(event: Press, services: Services, name: str, revision: str) -> Message:
        return await _rule(event, services, name, revision, out=True)

    return router


async def _show(services: Services, workspace: WorkspaceRef, name: str) -> Message:
    return key_message(await services.quality.dossier(workspace, name))


async def _stats(services: Services, workspace: WorkspaceRef, name: str) -> Message:
    if name:
        return statistics_message(await services.quality.dossier(workspace, name))
    return look_message(await services.quality.reported(workspace), await services.quality.measured())


async def _reports(services: Services, workspace: WorkspaceRef, name: str) -> Message:
    if name:
        return reports_message(await services.quality.dossier(workspace, name), _REASONS)
    return reported_message(await services.quality.reported(workspace))


async def _rule(event: Press, services: Services, name: str, revision: str, *, out: bool) -> Message:
    ruled = await services.quality.rule(event.actor, event.channel.workspace, name, revision, out=out)
    return reports_message(ruled, _REASONS, OUT if out else KEPT)
