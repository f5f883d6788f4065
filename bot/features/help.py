"""``/warmup``: what can be done, from the same declarations as everything else; and the words of a first meeting."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from bot.commands import Answer, Command, Option, Router
from bot.errors import BadInput
from bot.events import Invocation, Press
from bot.features.services import Services
from bot.message import CHOICES, DESCRIPTION, Action, Button, Choice, Message, Row, Select, Style
from bot.options import Suggest
from bot.refs import Role

_WORDS = """\
Questions and answers are private. The first right answer to a question in a season pays points; a hint costs some; \
wrong answers cost nothing. Streaks follow your own time zone: set it with `/settings`."""
ABOUT = {
    "daily": "The question of the day: when and where it is posted",
    "question": "How questions fare, and what people reported",
    "points": "Why a member has their points, and corrections that show",
    "team": "Teams: make one, join one, see how it is doing",
    "compete": "Competitions between teams or people, from one date to another",
    "quiz": "Live rounds in a channel, against the clock",
}
"""What commands with the same first word are about."""


def help_router(commands: Mapping[str, Command]) -> Router:
    """Return the declaration of help over all commands, those declared later too."""
    router = Router()
    about = Option("about", "A command, such as team", suggest=_completion(commands), read=_reader(commands))

    @router.command("warmup", "What can I do here?", about)
    async def warmup(event: Invocation, services: Services, about: str = "") -> Message:
        return await _help(event, services, commands, about)

    @router.press("help", Answer.UPDATE)
    async def turn(event: Press, services: Services) -> Message:
        """Turn to the commands that begin with the chosen word; an unknown one leads to all."""
        chosen = "".join(event.values[:1])
        return await _help(event, services, commands, chosen if chosen in _groups(commands.values()) else "")

    return router


def _groups(commands: Iterable[Command]) -> dict[str, list[Command]]:
    """Return commands by their first word."""
    groups: dict[str, list[Command]] = {}
    for command in commands:
        groups.setdefault(command.name.partition(" ")[0], []).append(command)
    return groups


async def _help(event: Invocation | Press, services: Services, commands: Mapping[str, Command], about: str) -> Message:
    groups = _groups(command for command in commands.values() if event.actor.role >= command.requires)
    practise = (Button("Practise", Action("next"), Style.PRIMARY),)
    if about in groups:
        lines = [f"`{command.usage}`\n{command.description}" for command in groups[about]]
        return Message(title=f"/{about}", text="\n\n".join(lines), rows=(practise, *_more(groups)))
    lines = [_line(name, inside) for name, inside in groups.items()]
    return Message(
        title="Warmup: deep-learning interview practice",
        text="\n\n".join([*lines, _WORDS, *await _may_post(event, services)]),
        rows=(practise, *_more(groups)),
        footer=_size(services),
    )


def _line(name: str, inside: Sequence[Command]) -> str:
    """Return a command, or all that begin with the same word in one line."""
    if len(inside) == 1:
        return f"`{inside[0].usage}`\n{inside[0].description}"
    verbs = " | ".join(command.name.partition(" ")[2] for command in inside)
    return f"`/{name} {verbs}`\n{ABOUT.get(name, inside[0].description)}"


def _more(groups: Mapping[str, Sequence[Command]]) -> tuple[Row, ...]:
    """Return the list of what can be explained one by one."""
    choices = tuple(
        Choice(name, f"/{name}", ABOUT.get(name, "")[:DESCRIPTION])
        for name, inside in groups.items()
        if len(inside) > 1
    )[:CHOICES]
    return (Select(Action("help"), choices, "Explain one of them"),) if choices else ()


def _completion(commands: Mapping[str, Command]) -> Suggest:
    def suggest(typed: str) -> list[Choice]:
        wanted = typed.strip().removeprefix("/").casefold()
        return [Choice(name, f"/{name}") for name in _groups(commands.values()) if wanted in name]

    return suggest


def _reader(commands: Mapping[str, Command]) -> Callable[[str], str]:
    def read(typed: str) -> str:
        name = typed.strip().removeprefix("/").casefold()
        if name not in _groups(commands.values()):
            raise BadInput("There is no such command.", "Type `/warmup` alone to see all of them.")
        return name

    return read


async def _may_post(event: Invocation | Press, services: Services) -> list[str]:
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
