"""``/warmup``: what can be done, from the same declarations as everything else; and the words of a first meeting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.commands import Command, Router
from bot.events import Invocation
from bot.features.services import Services
from bot.message import Action, Button, Message, Style
from bot.refs import Role

_WORDS = """\
Questions and answers are private. The first right answer to a question in a season pays points; a hint costs some; \
wrong answers cost nothing. Streaks follow your own time zone: set it with `/settings`."""


def help_router(commands: Mapping[str, Command]) -> Router:
    """Return the declaration of help over all commands, those declared later too."""
    router = Router()

    @router.command("warmup", "What can I do here?")
    async def warmup(event: Invocation, services: Services) -> Message:
        lines = [
            f"`{command.usage}`\n{command.description}"
            for command in commands.values()
            if event.actor.role >= command.requires
        ]
        return Message(
            title="Warmup: deep-learning interview practice",
            text="\n\n".join([*lines, _WORDS, *await _may_post(event, services)]),
            rows=((Button("Practise", Action("next"), Style.PRIMARY),),),
            footer=_size(services),
        )

    return router


async def _may_post(event: Invocation, services: Services) -> list[str]:
    """Return what a moderator should know before Warmup is to post in this channel by itself."""
    if event.actor.role < Role.MODERATOR:
        return []
    obstacle = await services.posting.obstacle(event.channel)
    return [f"**Posting in this channel:** {obstacle or 'I have every permission that it needs.'}"]


def command_table(commands: Iterable[Command]) -> str:
    """Return the README's table of commands."""
    who = {Role.MEMBER: "everybody", Role.MODERATOR: "moderators"}
    rows = [f"| `{command.usage}` | {command.description} | {who[command.requires]} |" for command in commands]
    return "\n".join(["| command | what it does | who |", "|---|---|---|", *rows])


def greeting() -> Message:
    """Return what Warmup says when it comes to a channel for the first time."""
    return Message(
        title="Hello, I am Warmup",
        text=(
            "I ask deep-learning interview questions, one at a time, and tell you why the answer is what it is.\n\n"
            "- Press **Practise** or type `/practice` for a question that only you see\n"
            "- Narrow it down: `/practice topic:cnn level:easy`, `/practice kind:number`\n"
            "- `/progress` shows your streak and accuracy, `/leaderboard` who leads\n"
            "- `/warmup` lists everything"
        ),
        rows=((Button("Practise", Action("next"), Style.PRIMARY),),),
    )


def _size(services: Services) -> str:
    """Return how much there is to practise."""
    bank = services.bank
    topics = len({question.topic for question in bank.questions})
    more = f", and {len(bank.families)} with other numbers every day" if bank.families else ""
    return f"{len(bank.questions)} questions on {topics} topics{more}"
