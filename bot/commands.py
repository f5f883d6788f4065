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
from bot.message import Choice, Message, Modal
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


Suggest = Callable[[str], Sequence[Choice]]
"""Return every choice that fits what is typed so far, best first, from memory; a platform may show fewer."""


@dataclass(frozen=True, slots=True)
class Option:
    """A named part of a command: free text, or one of ``choices``; ``read`` may turn synonyms into a value."""

    name: str
    description: str
    choices: tuple[Choice, ...] = ()
    suggest: Suggest | None = None
    read: Callable[[str], str] | None = None
    required: bool = False

    @property
    def is_closed(self) -> bool:
        """Tell whether the option takes some words only, rather than any text."""
        return bool(self.choices or self.read)

    def takes(self, typed: str) -> bool:
        """Tell whether the option has a value for what was typed."""
        try:
            self.parse(typed)
        except BadInput:
            return False
        return True

    def parse(self, typed: str) -> str:
        """Return the option's value for what was typed.

        Raises BadInput that lists what can be typed instead.
        """
        if self.read is not None:
            return self.read(typed)
        if not self.choices:
            return typed
        wanted = typed.strip().casefold()
        for choice in self.choices:
            if wanted in (choice.value.casefold(), choice.label.casefold()):
                return choice.value
        listed = ", ".join(f"`{choice.value}`" for choice in self.choices)
        raise BadInput(f"I do not know that {self.name}.", f"Choose one of {listed}.")


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

        A bare word goes to the first option left that knows it, so that ``/practice hard`` needs no topic; one that no
        option knows goes to the first left, whose own error then says what it takes. Raises BadInput that ends in the
        usage.
        """
        found: dict[str, str] = {}
        known = {option.name: option for option in self.options}
        for word in split_words(text):
            name, colon, value = word.partition(":")
            name = name.casefold()
            if not colon or name not in known:
                left = [option for option in self.options if option.name not in found]
                fitting = [option for option in left if option.is_closed and option.takes(word)] or left
                name, value = (fitting[0].name if fitting else ""), word
            if not name or name in found:
                raise BadInput("I do not know what to do with all of these words.", f"Type `{self.usage}`.")
            found[name] = value
        return found

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


def split_words(text: str) -> list[str]:
    """Split at spaces outside of double quotes; a quote that is never closed runs to the end."""
    words: list[str] = []
    word: list[str] = []
    quoted = started = False
    for sign in text.translate(str.maketrans("“”„", '"""')):
        if sign == '"':
            quoted, started = not quoted, True
        elif sign.isspace() and not quoted:
            if started:
                words.append("".join(word))
            word, started = [], False
        else:
            word.append(sign)
            started = True
    return [*words, "".join(word)] if started else words


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

    def _control(
        self, name: str, event: type[Press | Submission], answer: Answer, version: int, requires: Role
    ) -> Callable[[Handler], Handler]:
        def declare(handler: Handler) -> Handler:
            _once(self.controls, name)
            self.controls[name] = ControlRoute(name, event, answer, version, requires, handler)
            return handler

        return declare


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
