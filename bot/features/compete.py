"""``/compete``: competitions between teams or people, from their making to their results."""

from __future__ import annotations

from collections.abc import Callable

from bot.commands import Answer, Option, Router, Where
from bot.competing import Between, CompetitionState, Rule
from bot.competition.wishes import (
    REASONS,
    Wish,
    read_end,
    read_name,
    read_number,
    read_reasons,
    read_start,
)
from bot.daily.reading import read_levels, read_topics
from bot.events import Invocation, Press
from bot.features.compete_show import shown
from bot.features.compete_view import cancel_message, card_message, end_message, list_message, said_message
from bot.features.daily_admin import among, several_topics
from bot.features.question_view import serving_id
from bot.features.services import Services
from bot.markup import escape, visible
from bot.message import Choice, Message
from bot.refs import Role
from questions.bank import Bank
from questions.model import Level

_OPEN, _RUNNING, _ENDED = (
    {state} for state in (CompetitionState.OPEN, CompetitionState.RUNNING, CompetitionState.ENDED)
)
_MODERATORS = Role.MODERATOR
_MOST_PAGES = 10**6


def compete_router(bank: Bank) -> Router:
    """Return the declarations of competitions over a bank."""
    router = Router()
    router.include([_making(bank), _changing(), _looking(), _cards(), _acts()])
    return router


def _making(bank: Bank) -> Router:
    router = Router()

    @router.command("compete create", "Make a competition", *_parts(bank), answer=Answer.PUBLIC, requires=_MODERATORS,
                    where=Where.WORKSPACE)  # fmt: skip
    async def create(event: Invocation, services: Services, name: str, start: str, end: str, **typed: str) -> Message:
        """Make it here, with a card for everybody on which teams or people enter."""
        wish = Wish(
            name=name,
            start=read_start(start),
            end=read_end(end),
            between=Between(typed.get("between", Between.TEAMS)),
            rule=Rule(typed.get("rule", Rule.MEAN)),
            topics=read_topics(typed.get("topics", ""), bank.taxonomy),
            levels=read_levels(typed.get("levels", "")),
            reasons=read_reasons(typed.get("counts", "")),
        )
        card = await services.contests.create(event.actor, event.channel, wish)
        return card_message(card, bank.taxonomy, event.channel)

    team = Option("team", "A team's name, for moderators: else your own", read=_team)

    @router.command("compete join", "Enter a competition, with your team", _number(), team, where=Where.WORKSPACE)
    async def join(event: Invocation, services: Services, competition: str = "", team: str = "") -> Message:
        which = await _pick(event, services, competition, _OPEN)
        card, who = await services.contests.join(event.actor, event.channel.workspace, which, team)
        return card_message(card, bank.taxonomy, event.channel, f"**{escape(who)}** competes.")

    return router


def _changing() -> Router:
    router = Router()
    number = _number()

    @router.command("compete start", "Start a competition at once", number, requires=_MODERATORS, where=Where.WORKSPACE)
    async def start(event: Invocation, services: Services, competition: str = "") -> Message:
        which = await _pick(event, services, competition, _OPEN)
        card = await services.contests.start(event.actor, event.channel.workspace, which)
        return card_message(card, services.bank.taxonomy, event.channel, "**It has started.**")

    @router.command("compete end", "End a competition at once", number, requires=_MODERATORS, where=Where.WORKSPACE)
    async def end(event: Invocation, services: Services, competition: str = "") -> Message:
        """Ask first: it cannot be undone."""
        which = await _pick(event, services, competition, _RUNNING)
        card = await services.contests.card(event.channel.workspace, which)
        if card.competition.state is CompetitionState.RUNNING:
            return end_message(card)
        return await shown(event.actor, event.channel, services, which)

    return router


def _looking() -> Router:
    router = Router()
    number = _number()

    @router.command("compete status", "How does a competition stand?", number, where=Where.WORKSPACE)
    async def status(event: Invocation, services: Services, competition: str = "") -> Message:
        which = await _pick(event, services, competition, _RUNNING, _OPEN, _ENDED)
        return await shown(event.actor, event.channel, services, which)

    @router.command("compete list", "Show competitions", where=Where.WORKSPACE)
    async def listed(event: Invocation, services: Services) -> Message:
        return list_message(await services.contests.listed(event.channel.workspace))

    @router.command("compete results", "How did a competition end?", number, where=Where.WORKSPACE)
    async def results(event: Invocation, services: Services, competition: str = "") -> Message:
        which = await _pick(event, services, competition, _ENDED, _RUNNING, _OPEN)
        return await shown(event.actor, event.channel, services, which)

    return router


def _cards() -> Router:
    router = Router()

    @router.press("compete-join", Answer.UPDATE)
    async def join(event: Press, services: Services, number: str) -> Message:
        card, who = await services.contests.join(event.actor, event.channel.workspace, serving_id(number))
        return card_message(
            card, services.bank.taxonomy, event.channel, _named(card.competition.between, who, "joined")
        )

    @router.press("compete-leave", Answer.UPDATE)
    async def leave(event: Press, services: Services, number: str) -> Message:
        card, who = await services.contests.withdraw(event.actor, event.channel.workspace, serving_id(number))
        return card_message(card, services.bank.taxonomy, event.channel, _named(card.competition.between, who, "left"))

    @router.press("compete-start", Answer.UPDATE, requires=_MODERATORS)
    async def start(event: Press, services: Services, number: str) -> Message:
        card = await services.contests.start(event.actor, event.channel.workspace, serving_id(number))
        return card_message(card, services.bank.taxonomy, event.channel, "**It has started.**")

    @router.press("compete-cancel", Answer.PRIVATE, requires=_MODERATORS)
    async def cancel(event: Press, services: Services, number: str) -> Message:
        return cancel_message(await services.contests.card(event.channel.workspace, serving_id(number)))

    @router.press("compete-show", Answer.UPDATE)
    async def show(event: Press, services: Services, number: str = "") -> Message:
        """Turn to a competition, named by the button or chosen from the list."""
        which = serving_id(number or "".join(event.values[:1]))
        return await shown(event.actor, event.channel, services, which)

    return router


def _acts() -> Router:
    router = Router()

    @router.press("compete-cancelled", Answer.UPDATE, requires=_MODERATORS)
    async def cancelled(event: Press, services: Services, number: str) -> Message:
        card = await services.contests.cancel(event.actor, event.channel.workspace, serving_id(number))
        return said_message(f"{escape(card.competition.name)} is cancelled. Its channel is told.")

    @router.press("compete-ended", Answer.UPDATE, requires=_MODERATORS)
    async def ended(event: Press, services: Services, number: str) -> Message:
        card = await services.contests.end(event.actor, event.channel.workspace, serving_id(number))
        return said_message(f"{escape(card.competition.name)} ends now. The final standings are on their way.")

    @router.press("compete-status", Answer.PRIVATE)
    async def status(event: Press, services: Services, number: str) -> Message:
        return await shown(event.actor, event.channel, services, serving_id(number))

    @router.press("compete-results", Answer.PRIVATE)
    async def results(event: Press, services: Services, number: str) -> Message:
        return await shown(event.actor, event.channel, services, serving_id(number))

    @router.press("compete-page", Answer.UPDATE)
    async def page(event: Press, services: Services, number: str, page: str, back: str = "") -> Message:
        """Turn a page; ``back`` only tells the two buttons apart."""
        del back
        at = min(serving_id(page), _MOST_PAGES)
        return await shown(event.actor, event.channel, services, serving_id(number), at)

    return router


async def _pick(event: Invocation, services: Services, typed: str, *states: set[CompetitionState]) -> int:
    return await services.contests.pick(event.channel.workspace, int(typed) if typed else None, states)


def _named(between: Between, who: str, what: str) -> str:
    """Return what is said of who entered or left; a card is for everybody, so people, who may hide, are not named."""
    if between is Between.PEOPLE:
        return "**One more competes.**" if what == "joined" else "**One fewer competes.**"
    return f"**{escape(who)}** competes." if what == "joined" else f"**{escape(who)}** does not compete after all."


def _number() -> Option:
    return Option("competition", "Its number, where there are several", read=read_number)


def _team(typed: str) -> str:
    return visible(typed[:200])


def _parts(bank: Bank) -> tuple[Option, ...]:
    """Return the options that a competition is made of."""

    def checked(read: Callable[[str], object]) -> Callable[[str], str]:
        def reader(typed: str) -> str:
            read(typed)
            return visible(typed)

        return reader

    between = (Choice(Between.TEAMS, "Teams"), Choice(Between.PEOPLE, "People"))
    rules = (
        Choice(Rule.MEAN, "Mean of active members"),
        Choice(Rule.TOP, "Best three members"),
        Choice(Rule.SUM, "All points"),
    )
    return (
        Option("name", "What it is called", read=read_name, required=True),
        Option(
            "start",
            "now, 2h from now, or 2026-12-01 09:00",
            suggest=among("now", "1h", "1d"),
            read=checked(read_start),
            required=True,
        ),
        Option(
            "end",
            "How long, such as 7d; or 2026-12-08 18:00",
            suggest=among("1d", "7d", "14d", "30d"),
            read=checked(read_end),
            required=True,
        ),
        Option("between", "Who competes; teams unless you say so", between),
        Option(
            "topics",
            "Topics, such as cnn, rnn; or all",
            suggest=several_topics(bank),
            read=checked(lambda typed: read_topics(typed, bank.taxonomy)),
        ),
        Option(
            "levels",
            "How hard, such as easy, medium; or all",
            suggest=among("all", *Level, "easy, medium"),
            read=checked(read_levels),
        ),
        Option(
            "counts",
            "What counts: daily, quiz, practice; or all",
            suggest=among("all", *REASONS),
            read=checked(read_reasons),
        ),
        Option("rule", "How a team's score is made", rules),
    )
