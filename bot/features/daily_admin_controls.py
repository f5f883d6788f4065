"""What the buttons, lists and forms of ``/daily`` do."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from bot.commands import Answer, Router
from bot.daily.plan import changed, default_plan, texts_of
from bot.daily.reading import LONGEST, read_place
from bot.errors import Expired
from bot.events import Press, Submission
from bot.features.daily_admin_view import (
    card_message,
    confirm_message,
    history_message,
    list_message,
    preview_message,
    queue_message,
    removed_message,
    zone_of,
)
from bot.features.question_view import serving_id
from bot.features.services import Services
from bot.message import Action, ChoiceInput, Message, Modal, TextInput
from bot.options import YES_OR_NO
from bot.refs import Role
from bot.scheduling import Plan
from questions.bank import Bank
from questions.taxonomy import Taxonomy

_NOTES = {
    "begun": "**Set up.** The first question comes at the time below.",
    "saved": "**Saved.**",
    "paused": "**Paused.** Nothing is posted until somebody resumes it; an open question still closes.",
    "paused until": "**Paused** until then; the next post is below.",
    "resumed": "**It goes on.**",
    "posted": "**Today's question is on its way.**",
    "skipped": "**Left out.** The next post is below.",
    "queued": "**Queued.**",
    "unqueued": "**Taken out.**",
}
_INPUTS = {
    "time": ("Time", "such as 09:00"),
    "zone": ("Time zone", "such as Europe/Berlin"),
    "days": ("Days", "weekdays, daily, or such as mon, wed, fri"),
    "start": ("First date (optional)", "such as 2027-01-07"),
    "holidays": ("Holidays (optional)", "such as 2026-12-24..2027-01-02, 2027-05-01"),
    "topics": ("Topics", "all, or such as cnn, rnn"),
    "levels": ("Levels", "all, or such as easy, medium"),
    "closes": ("Closes after hours", "1 to 168, or next: when the next one is posted"),
    "changeable": ("Answers can be changed until it closes", ""),
    "thread": ("Open a thread to discuss it in", ""),
    "notify": ("Notify a role or group", "nobody; choose one with /daily edit notify"),
    "catch_up": ("How late a missed post may come", "such as 3h, 90m or 0"),
}
_OPTIONAL = frozenset({"start", "holidays"})
FORMS = {
    "begin": ("time", "zone", "days", "topics", "closes"),
    "when": ("time", "zone", "days", "start", "holidays"),
    "what": ("topics", "levels", "closes", "changeable"),
    "post": ("thread", "notify", "catch_up"),
}
"""The parts of a plan that each form asks for."""


def noted(what: str) -> str:
    """Return what is said of something that was done."""
    return _NOTES[what]


def controls(bank: Bank) -> Router:
    """Return the declarations of all controls over a bank."""
    router = Router()
    router.include([_beginnings(bank), _cards(bank), _acts(bank), _queues()])
    return router


def _beginnings(bank: Bank) -> Router:
    router = Router()
    moderators = Role.MODERATOR

    @router.press("schedule-begin", Answer.UPDATE, requires=moderators)
    async def begin(event: Press, services: Services, place: str) -> Message:
        known = await services.quality.known()
        plan = default_plan(read_place(zone_of(place)))
        look = await services.schedules.set_up(event.actor, event.channel, plan, known)
        return card_message(look, bank.taxonomy, event.channel, noted("begun"))

    @router.press("schedule-begin-form", Answer.MODAL, requires=moderators)
    async def form(_event: Press, _services: Services, place: str) -> Modal:
        plan = default_plan(read_place(zone_of(place)))
        return _form("Question of the day", Action("schedule-begun"), "begin", plan, bank.taxonomy)

    @router.submit("schedule-begun", Answer.UPDATE, requires=moderators)
    async def begun(event: Submission, services: Services) -> Message:
        proposal = await services.schedules.proposal(event.actor)
        plan = changed(proposal, _filled(event, "begin"), bank.taxonomy)
        look = await services.schedules.set_up(event.actor, event.channel, plan, await services.quality.known())
        return card_message(look, bank.taxonomy, event.channel, noted("begun"))

    return router


def _cards(bank: Bank) -> Router:
    router = Router()
    moderators = Role.MODERATOR

    @router.press("schedule-card", Answer.UPDATE, requires=moderators)
    async def card(event: Press, services: Services, number: str = "") -> Message:
        """Turn to a schedule, named by the button or chosen from the list."""
        which, known = serving_id(number or "".join(event.values[:1])), await services.quality.known()
        look = await services.schedules.get(event.channel.workspace, which, known)
        return card_message(look, bank.taxonomy, event.channel)

    @router.press("schedule-list", Answer.UPDATE, requires=moderators)
    async def listed(event: Press, services: Services, page: str) -> Message:
        at, known = min(serving_id(page), 10**6), await services.quality.known()
        looks, total = await services.schedules.listed(event.channel.workspace, at, known)
        return list_message(looks, total, at, bank.taxonomy, event.channel)

    @router.press("schedule-form", Answer.MODAL, requires=moderators)
    async def form(event: Press, services: Services, number: str, part: str) -> Modal:
        schedule, _ = await services.schedules.history(event.channel.workspace, serving_id(number))
        return _form(f"Schedule {number}: {part}"[:24], Action("schedule-save", (number, part)), part, schedule.plan,
                     bank.taxonomy)  # fmt: skip

    @router.submit("schedule-save", Answer.UPDATE, requires=moderators)
    async def save(event: Submission, services: Services, number: str, part: str) -> Message:
        typed, known = _filled(event, part), await services.quality.known()
        look = await services.schedules.edit(
            event.channel.workspace, serving_id(number), lambda plan: changed(plan, typed, bank.taxonomy), known
        )
        return card_message(look, bank.taxonomy, event.channel, noted("saved"))

    return router


def _acts(bank: Bank) -> Router:
    router = Router()
    moderators = Role.MODERATOR

    @router.press("schedule-pause", Answer.UPDATE, requires=moderators)
    async def pause(event: Press, services: Services, number: str) -> Message:
        known = await services.quality.known()
        look = await services.schedules.pause(event.channel.workspace, serving_id(number), None, known)
        return card_message(look, bank.taxonomy, event.channel, noted("paused"))

    @router.press("schedule-resume", Answer.UPDATE, requires=moderators)
    async def resume(event: Press, services: Services, number: str) -> Message:
        known = await services.quality.known()
        look = await services.schedules.resume(event.channel.workspace, serving_id(number), known)
        return card_message(look, bank.taxonomy, event.channel, noted("resumed"))

    @router.press("schedule-skip", Answer.UPDATE, requires=moderators)
    async def skip(event: Press, services: Services, number: str, day: str) -> Message:
        """Leave out a date if it is still the next: a second press must not leave out another."""
        known, wanted = await services.quality.known(), date.min
        with suppress(ValueError):
            wanted = date.fromisoformat(day)
        which = serving_id(number)
        look = await services.schedules.skip(event.actor, event.channel.workspace, which, wanted, known)
        return card_message(look, bank.taxonomy, event.channel, noted("skipped"))

    @router.press("schedule-now", Answer.UPDATE, requires=moderators)
    async def now(event: Press, services: Services, number: str) -> Message:
        known = await services.quality.known()
        look = await services.schedules.now(event.channel.workspace, serving_id(number), known)
        return card_message(look, bank.taxonomy, event.channel, noted("posted"))

    @router.press("schedule-remove", Answer.UPDATE, requires=moderators)
    async def remove(event: Press, services: Services, number: str) -> Message:
        schedule, _ = await services.schedules.history(event.channel.workspace, serving_id(number))
        return confirm_message(schedule, bank.taxonomy)

    @router.press("schedule-removed", Answer.UPDATE, requires=moderators)
    async def removed(event: Press, services: Services, number: str) -> Message:
        return removed_message(await services.schedules.remove(event.channel.workspace, serving_id(number)))

    @router.press("schedule-preview", Answer.UPDATE, requires=moderators)
    async def preview(event: Press, services: Services, number: str) -> Message:
        workspace, known = event.channel.workspace, await services.quality.known()
        coming = await services.schedules.preview(workspace, serving_id(number), known)
        return preview_message(coming, await services.quality.dossier(workspace, coming.question.id))

    @router.press("schedule-history", Answer.UPDATE, requires=moderators)
    async def history(event: Press, services: Services, number: str) -> Message:
        return history_message(*await services.schedules.history(event.channel.workspace, serving_id(number)))

    return router


def _queues() -> Router:
    router = Router()
    moderators = Role.MODERATOR

    @router.press("schedule-queue", Answer.UPDATE, requires=moderators)
    async def queue(event: Press, services: Services, number: str) -> Message:
        known = await services.quality.known()
        return queue_message(await services.schedules.get(event.channel.workspace, serving_id(number), known))

    @router.press("schedule-queue-form", Answer.MODAL, requires=moderators)
    async def form(_event: Press, _services: Services, number: str) -> Modal:
        name = TextInput("id", "The id that stands under a question", placeholder="such as cn-conv-output", most=60)
        return Modal("Put a question first", Action("schedule-queued", (number,)), (name,), "Queue it")

    @router.submit("schedule-queued", Answer.UPDATE, requires=moderators)
    async def queued(event: Submission, services: Services, number: str) -> Message:
        known, name = await services.quality.known(), event.inputs.get("id", "").strip(" `\n").casefold()
        look = await services.schedules.queue(event.actor, event.channel.workspace, serving_id(number), name, known)
        return queue_message(look, noted("queued"))

    @router.press("schedule-unqueue", Answer.UPDATE, requires=moderators)
    async def unqueue(event: Press, services: Services, number: str, name: str) -> Message:
        known = await services.quality.known()
        look = await services.schedules.unqueue(event.channel.workspace, serving_id(number), name, known)
        return queue_message(look, noted("unqueued"))

    return router


def _form(title: str, action: Action, part: str, plan: Plan, taxonomy: Taxonomy) -> Modal:
    texts = texts_of(plan, taxonomy)
    return Modal(title, action, tuple(_input(name, texts[name]) for name in _asked(part)), "Save")


def _input(name: str, value: str) -> TextInput | ChoiceInput:
    label, placeholder = _INPUTS[name]
    if name in ("thread", "changeable"):
        return ChoiceInput(name, label, YES_OR_NO, value)
    return TextInput(name, label, value, placeholder, required=name not in _OPTIONAL, most=LONGEST)


def _filled(event: Submission, part: str) -> dict[str, str]:
    return {name: event.inputs[name] for name in _asked(part) if name in event.inputs}


def _asked(part: str) -> tuple[str, ...]:
    asked = FORMS.get(part)
    if asked is None:
        raise Expired("There is no such form.", "Type `/daily edit` to see what can be changed.")
    return asked
