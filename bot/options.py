"""The named parts of a command, and how what was typed is split into words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.errors import BadInput
from bot.markup import visible
from bot.message import INPUT_LABEL, INPUT_TEXT, MODAL_CHOICES, PLACEHOLDER, Choice, ChoiceInput, TextInput

Suggest = Callable[[str], Sequence[Choice]]
"""Return every choice that fits what is typed so far, best first, from memory; a platform may show fewer."""
LONGEST_NUMBER = 18
"""Digits of an id."""
LONGEST_TYPED = 100
"""Characters that a number may be typed with; more is not read."""
YES_OR_NO = (Choice("yes", "Yes"), Choice("no", "No"))
"""The choices of an option, or of a form's field, that is asked as a question."""


@dataclass(frozen=True, slots=True)
class Option:
    """A named part of a command: free text, or one of ``choices``; ``read`` may turn synonyms into a value.

    ``mention``: it takes a channel, role or group, which the platform should send with its id.
    """

    name: str
    description: str
    choices: tuple[Choice, ...] = ()
    suggest: Suggest | None = None
    read: Callable[[str], str] | None = None
    required: bool = False
    mention: bool = False

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

    def field(self, value: str) -> TextInput | ChoiceInput:
        """Return the option as a field of a form, filled with a value that it takes."""
        label = self.name.capitalize()[:INPUT_LABEL]
        if 2 <= len(self.choices) <= MODAL_CHOICES:
            return ChoiceInput(self.name, label, self.choices, value, self.required)
        return TextInput(
            self.name, label, value[:INPUT_TEXT], self.description[:PLACEHOLDER], self.required, most=INPUT_TEXT
        )


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


def whole_number(text: str) -> int | None:
    """Return the number that some digits are, None for anything else and for what no id is as long as."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


def read_numbered(typed: str, problem: str, step: str) -> str:
    """Return the digits by which something is named, such as ``12`` for ``#12``.

    Raises BadInput of a problem and a step for anything else.
    """
    number = visible(typed[:LONGEST_TYPED]).removeprefix("#")
    if whole_number(number) is None:
        raise BadInput(problem, step)
    return number
