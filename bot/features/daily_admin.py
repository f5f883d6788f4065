"""``/daily``: for moderators, the schedules of questions of the day; their controls are in ``daily_admin_controls``."""

from __future__ import annotations

from dataclasses import replace

from bot.commands import Option, Router, Where
from bot.daily.plan import changed, check
from bot.daily.reading import read_channel, read_date
from bot.events import Invocation
from bot.features.daily_admin_controls import controls, noted
from bot.features.daily_admin_view import (
    card_message,
    confirm_message,
    history_message,
    list_message,
    preview_message,
    proposal_message,
    queue_message,
)
from bot.features.practice import topic_option
from bot.features.question import id_option
from bot.features.services import Services
from bot.features.settings import router as settings
from bot.message import LABEL, Choice, Message
from bot.options import YES_OR_NO, Suggest, read_numbered
from bot.refs import ChannelRef, Role
from questions.bank import Bank
from questions.model import Level

_VALUE = 100
"""Characters of a choice's value."""


def daily_admin_router(bank: Bank) -> Router:
    """Return the declarations for those who run questions of the day over a bank."""
    router = Router()
    router.include([_plans(bank), _posts(bank), controls(bank)])
    return router


def _plans(bank: Bank) -> Router:
    router = Router()
    moderators, here = Role.MODERATOR, Where.WORKSPACE
    parts = _parts(bank)
    channel = Option("channel", "Where, instead of here", read=_channel, mention=True)
    number = _number()

    @router.command("daily setup", "Set up a question of the day", *parts, channel, requires=moderators, where=here)
    async def setup(event: Invocation, services: Services, channel: str = "", **typed: str) -> Message:
        """Set up what was typed over the usual; without a wish, propose the usual."""
        proposal = await services.schedules.proposal(event.actor)
        if not (typed or channel):
            return proposal_message(proposal, bank.taxonomy)
        place = ChannelRef(event.channel.workspace, read_channel(channel)) if channel else event.channel
        plan = changed(proposal, typed, bank.taxonomy)
        look = await services.schedules.set_up(event.actor, place, plan, await services.quality.known())
        return card_message(look, bank.taxonomy, event.channel, noted("begun"))

    @router.command("daily list", "Show all schedules here", requires=moderators, where=here)
    async def listed(event: Invocation, services: Services) -> Message:
        looks, total = await services.schedules.listed(event.channel.workspace, 0, await services.quality.known())
        return list_message(looks, total, 0, bank.taxonomy, event.channel)

    @router.command("daily edit", "Show or change a schedule", number, *parts, requires=moderators, where=here)
    async def edit(event: Invocation, services: Services, schedule: str = "", **typed: str) -> Message:
        workspace, known = event.channel.workspace, await services.quality.known()
        which = await _pick(event, services, schedule)
        if not typed:
            return card_message(await services.schedules.get(workspace, which, known), bank.taxonomy, event.channel)
        look = await services.schedules.edit(workspace, which, lambda plan: changed(plan, typed, bank.taxonomy), known)
        return card_message(look, bank.taxonomy, event.channel, noted("saved"))

    until = Option("until", "First date to post again, such as 2027-01-07", read=_date)

    @router.command("daily pause", "Pause a schedule", until, number, requires=moderators, where=here)
    async def pause(event: Invocation, services: Services, until: str = "", schedule: str = "") -> Message:
        which = await _pick(event, services, schedule)
        back = read_date(until) if until else None
        known = await services.quality.known()
        look = await services.schedules.pause(event.channel.workspace, which, back, known)
        return card_message(look, bank.taxonomy, event.channel, noted("paused until" if back else "paused"))

    @router.command("daily resume", "Let a paused schedule go on", number, requires=moderators, where=here)
    async def resume(event: Invocation, services: Services, schedule: str = "") -> Message:
        which = await _pick(event, services, schedule)
        look = await services.schedules.resume(event.channel.workspace, which, await services.quality.known())
        return card_message(look, bank.taxonomy, event.channel, noted("resumed"))

    @router.command("daily remove", "Remove a schedule", number, requires=moderators, where=here)
    async def remove(event: Invocation, services: Services, schedule: str = "") -> Message:
        which = await _pick(event, services, schedule)
        look = await services.schedules.get(event.channel.workspace, which, await services.quality.known())
        return confirm_message(look.schedule, bank.taxonomy)

    return router


def _posts(bank: Bank) -> Router:
    router = Router()
    moderators, here = Role.MODERATOR, Where.WORKSPACE
    number = _number()

    @router.command("daily now", "Post today's question at once", number, requires=moderators, where=here)
    async def now(event: Invocation, services: Services, schedule: str = "") -> Message:
        which = await _pick(event, services, schedule)
        look = await services.schedules.now(event.channel.workspace, which, await services.quality.known())
        return card_message(look, bank.taxonomy, event.channel, noted("posted"))

    @router.command("daily skip", "Leave out the next date", number, requires=moderators, where=here)
    async def skip(event: Invocation, services: Services, schedule: str = "") -> Message:
        which, known = await _pick(event, services, schedule), await services.quality.known()
        look = await services.schedules.skip(event.actor, event.channel.workspace, which, None, known)
        return card_message(look, bank.taxonomy, event.channel, noted("skipped"))

    @router.command("daily history", "Show the last ten dates", number, requires=moderators, where=here)
    async def history(event: Invocation, services: Services, schedule: str = "") -> Message:
        which = await _pick(event, services, schedule)
        return history_message(*await services.schedules.history(event.channel.workspace, which))

    @router.command("daily preview", "Show what is posted next, with its key", number, requires=moderators, where=here)
    async def preview(event: Invocation, services: Services, schedule: str = "") -> Message:
        workspace, which = event.channel.workspace, await _pick(event, services, schedule)
        coming = await services.schedules.preview(workspace, which, await services.quality.known())
        return preview_message(coming, await services.quality.dossier(workspace, coming.question.id))

    wanted = id_option(bank, required=False)

    @router.command("daily queue", "Put a question first, or show which wait", wanted, number, requires=moderators,
                    where=here)  # fmt: skip
    async def queue(event: Invocation, services: Services, id: str = "", schedule: str = "") -> Message:  # noqa: A002 - the option's name
        workspace, known = event.channel.workspace, await services.quality.known()
        which = await _pick(event, services, schedule)
        if not id:
            return queue_message(await services.schedules.get(workspace, which, known))
        look = await services.schedules.queue(event.actor, workspace, which, id, known)
        return queue_message(look, noted("queued"))

    return router


async def _pick(event: Invocation, services: Services, schedule: str) -> int:
    number = int(schedule) if schedule else None
    return await services.schedules.pick(event.channel.workspace, event.channel, number)


def _number() -> Option:
    """Return the option that names a schedule by its number."""

    def read(typed: str) -> str:
        return read_numbered(typed, "A schedule is named by its number.", "`/daily list` shows them.")

    return Option("schedule", "Its number, where there are several", read=read)


def _parts(bank: Bank) -> tuple[Option, ...]:
    """Return the options that a plan has."""

    def part(name: str, description: str, suggest: Suggest | None = None, *, mention: bool = False) -> Option:
        return Option(
            name, description, suggest=suggest, read=lambda typed: check(name, typed, bank.taxonomy), mention=mention
        )

    def yes(name: str, description: str) -> Option:
        return replace(part(name, description), choices=YES_OR_NO)

    return (
        part("time", "Time of day, such as 09:00"),
        part("zone", "Time zone, such as Europe/Berlin", settings.commands["settings"].option("zone").suggest),
        part("days", "Days, such as weekdays, daily or mon-fri", among("weekdays", "daily", "mon, wed, fri")),
        part("topics", "Topics, such as cnn, rnn; or all", several_topics(bank)),
        part("levels", "How hard, such as easy, medium; or all", among("all", *Level, "easy, medium", "medium, hard")),
        part("closes", "Hours until it closes, or next", among("24", "next", "6", "12", "48")),
        yes("thread", "Open a thread to discuss it in"),
        yes("changeable", "Let answers be changed until it closes"),
        part("notify", "A role or group to notify, or nobody", mention=True),
        part("holidays", "Dates without one: 2026-12-24..2027-01-02"),
        part("start", "First date, such as 2027-01-07"),
        part("catch_up", "How late a missed post may come", among("3h", "0", "30m", "12h")),
    )


def several_topics(bank: Bank) -> Suggest:
    """Return the completion of topics with commas between them."""
    about = topic_option(bank).suggest or among()

    def topics(typed: str) -> list[Choice]:
        head, _, last = typed.rpartition(",")
        found = [(f"{head}, {one.value}", f"{head}, {one.label}") if head else (one.value, one.label)
                 for one in about(last)]  # fmt: skip
        return [Choice(value, label[-LABEL:]) for value, label in found if len(value) <= _VALUE]

    return topics


def among(*values: str) -> Suggest:
    """Return the completion that offers some values; others can be typed too."""

    def suggest(typed: str) -> list[Choice]:
        wanted = typed.strip().casefold()
        return [Choice(value, value) for value in values if wanted in value]

    return suggest


def _date(typed: str) -> str:
    return str(read_date(typed))


def _channel(typed: str) -> str:
    return f"<#{read_channel(typed)}>"
