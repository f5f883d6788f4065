"""The declarations: what can be typed, pressed and sent, said once for every platform.

A command's options become typed app-command options on Discord, a text syntax on Slack
(``/practice topic:cnn level:hard``, or bare words in order) and data for the browser's completion.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from bot.errors import BadInput
from bot.events import Invocation, Press, Submission
from bot.message import MODAL_INPUTS, MODAL_TITLE, Action, Choice, Message, Modal
from bot.options import Option, split_words
from bot.refs import Role


class Answer(Enum):
    """How a route answers; both platforms fix it with the first response, so it is declared."""

    PRIVATE = "private"
    PUBLIC = "public"
    UPDATE = "update"
    MODAL = "modal"


class Where(Enum):
    """Where a command can be used."""

    ANYWHERE = "anywhere"
    WORKSPACE = "workspace"
    DIRECT = "direct"


FILL = "fill"
"""Name of the action whose form runs a command with what was filled in; its argument names the command."""
_SPACE = "+"
"""Stands in an action for the space in a command's name."""

Handler = Callable[..., Awaitable[Message | Modal]]


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command: its handler is called with the event, the services and each option by name."""

    name: str
    description: str
    options: tuple[Option, ...]
    answer: Answer
    requires: Role
    handler: Handler
    where: Where = Where.ANYWHERE

    @property
    def usage(self) -> str:
        """Return how it is typed, such as ``/practice [topic] [level]``."""
        parts = [option.name if option.required else f"[{option.name}]" for option in self.options]
        return " ".join([f"/{self.name}", *parts])

    def parse_text(self, text: str) -> dict[str, str]:
        """Return the options of ``name:value`` pairs (quotes allowed) and bare words.

        A bare word goes to the first option left that lists it, else to the first that can read it, so that
        ``/practice hard`` asks for a level and not for hardware; one that no option knows goes to the first left, whose
        own error then says what it takes. Raises BadInput that ends in the usage.
        """
        found: dict[str, str] = {}
        known = {option.name: option for option in self.options}
        for word in split_words(text):
            name, colon, value = word.partition(":")
            name = name.casefold()
            if not colon or name not in known:
                left = [option for option in self.options if option.name not in found]
                reading = [option for option in left if option.is_closed and option.takes(word)]
                fitting = [*(option for option in reading if option.choices), *reading, *left]
                name, value = (fitting[0].name if fitting else ""), word
            if not name or name in found:
                raise BadInput("I do not know what to do with all of these words.", f"Type `{self.usage}`.")
            found[name] = value
        return found

    def form(self, text: str) -> Modal | None:
        """Return a form of the options, filled with what could be read of the text; None where a form cannot be."""
        if not 1 <= len(self.options) <= MODAL_INPUTS:
            return None
        given: dict[str, str] = {}
        for word in split_words(text):
            try:
                read = self.parse_text(f'"{word}"')
                given = {**{name: self.option(name).parse(value) for name, value in read.items()}, **given}
            except BadInput:
                continue
        action = Action(FILL, (self.name.replace(" ", _SPACE),))
        fields = tuple(option.field(given.get(option.name, "")) for option in self.options)
        return Modal(f"/{self.name}"[:MODAL_TITLE], action, fields, "Go")

    def option(self, name: str) -> Option:
        """Return the option of that name."""
        return next(option for option in self.options if option.name == name)

    def parse_options(self, typed: Mapping[str, str]) -> dict[str, str]:
        """Return the value of each option that was given.

        Raises BadInput for unknown and missing options, and for values that cannot be read.
        """
        known = {option.name: option for option in self.options}
        for name in typed:
            if name not in known:
                raise BadInput(f"/{self.name} has no such option.", f"Type `{self.usage}`.")
        for option in self.options:
            if option.required and not typed.get(option.name, "").strip():
                raise BadInput(f"/{self.name} needs a {option.name}.", f"Type `{self.usage}`.")
        return {name: known[name].parse(value) for name, value in typed.items() if value.strip()}


@dataclass(frozen=True, slots=True)
class ControlRoute:
    """What a press or a sent form leads to: its handler gets the event, the services and the action's args."""

    name: str
    event: type[Press | Submission]
    answer: Answer
    version: int
    requires: Role
    handler: Handler

    def takes(self, args: Sequence[str]) -> bool:
        """Tell whether the handler can be called with these args: an action from a client may have any number."""
        try:
            inspect.signature(self.handler).bind(None, None, *args)
        except TypeError:
            return False
        return True


class Router:
    """All declarations, filled by the features with decorators."""

    def __init__(self) -> None:
        self.commands: dict[str, Command] = {}
        self.controls: dict[str, ControlRoute] = {}
        self.pages: dict[str, Handler] = {}

    def find(self, typed: str) -> tuple[str, str]:
        """Return the longest name of a command that what was typed begins with, else its first word; and the rest."""
        words = typed.split()
        for count in range(len(words), 1, -1):
            name = " ".join(words[:count]).casefold()
            if name in self.commands:
                return name, _after(typed, count)
        return (words[0].casefold() if words else ""), _after(typed, 1)

    def filled(self, args: Sequence[str]) -> str:
        """Return the name of the command that a form of its options is for."""
        return args[0].replace(_SPACE, " ") if len(args) == 1 else ""

    def command(
        self,
        name: str,
        description: str,
        *options: Option,
        answer: Answer = Answer.PRIVATE,
        requires: Role = Role.MEMBER,
        where: Where = Where.ANYWHERE,
    ) -> Callable[[Handler], Handler]:
        """Declare a slash command."""

        def declare(handler: Handler) -> Handler:
            _once(self.commands, name)
            self.commands[name] = Command(name, description, options, answer, requires, handler, where)
            return handler

        return declare

    def page(self, name: str) -> Callable[[Handler], Handler]:
        """Declare a page that a platform shows by itself, where it has such pages."""

        def declare(handler: Handler) -> Handler:
            _once(self.pages, name)
            self.pages[name] = handler
            return handler

        return declare

    def press(
        self, name: str, answer: Answer, *, version: int = 1, requires: Role = Role.MEMBER
    ) -> Callable[[Handler], Handler]:
        """Declare what a button or select with this action's name does."""
        return self._control(name, Press, answer, version, requires)

    def submit(
        self, name: str, answer: Answer, *, version: int = 1, requires: Role = Role.MEMBER
    ) -> Callable[[Handler], Handler]:
        """Declare what a form with this action's name does."""
        if answer is Answer.MODAL:
            raise ValueError("a form cannot open a form on Discord")
        return self._control(name, Submission, answer, version, requires)

    def include(self, routers: Iterable[Router]) -> None:
        """Take over the declarations of other routers."""
        for router in routers:
            for name, command in router.commands.items():
                _once(self.commands, name)
                self.commands[name] = command
            for name, control in router.controls.items():
                _once(self.controls, name)
                self.controls[name] = control
            for name, page in router.pages.items():
                _once(self.pages, name)
                self.pages[name] = page

    def _control(
        self, name: str, event: type[Press | Submission], answer: Answer, version: int, requires: Role
    ) -> Callable[[Handler], Handler]:
        def declare(handler: Handler) -> Handler:
            _once(self.controls, name)
            self.controls[name] = ControlRoute(name, event, answer, version, requires, handler)
            return handler

        return declare


def _after(text: str, words: int) -> str:
    """Return what follows the first words of a text."""
    parts = text.split(None, words)
    return parts[words] if len(parts) > words else ""


def _once(declared: Mapping[str, Any], name: str) -> None:
    if name in declared:
        raise ValueError(f"{name} is declared twice")


__all__ = [
    "Answer",
    "Choice",
    "Command",
    "ControlRoute",
    "Handler",
    "Invocation",
    "Option",
    "Router",
    "Where",
    "split_words",
]
