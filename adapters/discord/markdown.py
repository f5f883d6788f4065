"""Warmup's markup in Discord's Markdown.

Only what Discord would take for markup is escaped: every backslash counts towards the 4,000 characters of a message,
and formulas are full of brackets and underscores that mean nothing to it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import assert_never

from bot import markup

_ANYWHERE = re.compile(
    r"""
    [\\*`]                          # escapes, bold and italic, code
    | (?<![^\W_])_ | _(?![^\W_])    # underscores, but not one between two letters or digits
    | ~(?=~) | (?<=~)~              # strikethrough
    | \|(?=\|) | (?<=\|)\|          # spoilers
    | <(?=[@\#:/a-zA-Z])            # mentions, emoji, times, links
    | @(?=everyone|here)            # mentions of everybody
    | (?<=\])\((?=\S)               # the second half of a link
    | :(?=//)                       # links by themselves
    | :(?=[\w+-]+:)                 # emoji by name
    """,
    re.VERBOSE,
)
_AT_LINE_START = re.compile(r"^(\s*)(#{1,3}(?=\s)|>(?=\s|>>)|-(?=[\s#])|(\d+)(?=\.\s))", re.MULTILINE)
_LABEL = str.maketrans("[]<>", "()()", "\\`*_~|")
_SNOWFLAKE = re.compile(r"[0-9]{1,20}")
_FENCE = re.compile(r"`{3,}")
_LANGUAGE = re.compile(r"[a-z0-9_+.#-]{1,20}", re.IGNORECASE)
_APART = "\N{ZERO WIDTH SPACE}"

Commands = Mapping[str, int]
"""Discord's ids of the commands, by name."""
NO_COMMANDS: Commands = MappingProxyType({})


def render(text: str, commands: Commands = NO_COMMANDS) -> str:
    """Return markup of ours as Discord's Markdown; a command that is named can be clicked where its id is known."""
    writer = _Writer(commands)
    return "\n\n".join(writer.block(block) for block in markup.parse(text))


def escape(text: str) -> str:
    """Return literal text so that Discord shows exactly that, and nothing in it pings."""
    return _AT_LINE_START.sub(_dead_start, _ANYWHERE.sub(r"\\\g<0>", text))


def _dead_start(found: re.Match[str]) -> str:
    indent, sign, number = found.groups()
    return f"{indent}{number}\\" if number else f"{indent}\\{sign}"


@dataclass(frozen=True, slots=True)
class _Writer:
    commands: Commands

    def block(self, block: markup.Block) -> str:
        match block:
            case markup.Paragraph(children):
                return self._run(children)
            case markup.Quote(children):
                return "\n".join(f"> {line}" for line in self._run(children).split("\n"))
            case markup.CodeBlock(language, text):
                tag = language if _LANGUAGE.fullmatch(language) else ""
                return f"```{tag}\n{_FENCE.sub(lambda run: _APART.join(run[0]), text)}\n```"
            case markup.Listing(ordered, items):
                return "\n".join(
                    self._item(f"{place}." if ordered else "-", item) for place, item in enumerate(items, 1)
                )
            case _:
                assert_never(block)

    def _item(self, sign: str, item: Sequence[markup.Inline]) -> str:
        return f"{sign} {self._run(item)}".replace("\n", "\n" + " " * (len(sign) + 1))

    def _run(self, children: Sequence[markup.Inline]) -> str:
        """Return a run of text, in which nothing at the start of a line passes for a heading, quote or list."""
        parts: list[str] = []
        fresh = True
        for child in children:
            written = self._inline(child)
            if fresh and isinstance(child, markup.Text):
                written = _AT_LINE_START.sub(_dead_start, written)
            fresh = isinstance(child, markup.Break) or (fresh and not written.strip())
            parts.append(written)
        return "".join(parts)

    def _inline(self, child: markup.Inline) -> str:
        match child:
            case markup.Text(text):
                written = _ANYWHERE.sub(r"\\\g<0>", text)
            case markup.Code(text):
                written = self._command(text) or _code(text)
            case markup.Break():
                written = "\n"
            case markup.Moment(unix):
                written = f"<t:{unix}:f>"
            case markup.Place(name, fallback):
                written = f"<#{name}>" if _SNOWFLAKE.fullmatch(name) else _ANYWHERE.sub(r"\\\g<0>", fallback)
            case markup.Strong(inner):
                written = f"**{self._spans(inner)}**"
            case markup.Emphasis(inner):
                written = f"*{self._spans(inner)}*"
            case markup.Hyperlink(url, inner):
                written = f"[{_label(inner)}](<{url.replace('>', '%3E')}>)"
            case _:
                assert_never(child)
        return written

    def _spans(self, children: Sequence[markup.Inline]) -> str:
        return "".join(self._inline(child) for child in children)

    def _command(self, text: str) -> str:
        """Return ``/name`` as a mention of the command, and what is typed after it as code."""
        name, _, rest = text.removeprefix("/").partition(" ")
        if not text.startswith("/") or name not in self.commands:
            return ""
        return f"</{name}:{self.commands[name]}>" + (f" {_code(rest)}" if rest else "")


def _label(children: Sequence[markup.Inline]) -> str:
    """Return a link's label: brackets would end it, and a backslash would be seen."""
    return markup.flat(children).translate(_LABEL)


def _code(text: str) -> str:
    """Return inline code between more backticks than it holds in a row."""
    if not text.strip():
        return text
    fence = markup.fence_of(text, 1)
    edge = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{edge}{text}{edge}{fence}"
