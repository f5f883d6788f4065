"""Warmup's markup in Slack's mrkdwn.

mrkdwn has no escapes. Entities kill ``& < >``, and an invisible joiner keeps apart what makes an emoji, an address, a
mention, a quote or a list. Neither keeps ``*x*`` from turning bold, so a sign that could open a span is written as a
date that cannot be formatted, of which Slack shows the fallback as it is. That costs fifteen characters and is done
only where Slack would look: a sign inside a word or before a blank opens nothing, so that formulas stay as they are.
Spans and the words of links cannot hold such dates; there lookalikes stand in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from bot import markup

JOINER = "\N{WORD JOINER}"
APART = "\N{ZERO WIDTH SPACE}"

_ALIVE = re.compile(
    r"""
    (?P<control>[&<>])
    | (?P<ticks>[`｀]+)
    | (?P<run>[*_~＊＿～]+)            # the full-width forms count as well
    | (?P<joined>:(?=//)               # addresses
        | :(?=[\w'+`｀＿-]+:)          # emoji by name; a lookalike may be a letter
        | @(?=(?i:channel|here|everyone)))
    """,
    re.VERBOSE,
)
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_CONTROL = re.compile("[&<>]")
_AT_LINE_START = re.compile(r"^([^\S\n]*)(?=&gt;|＞|(?:[•◦▪-]|\d+[.)])\s)", re.MULTILINE)
_LOOKALIKES = str.maketrans("*_~`＊＿～｀", "∗ˍ∼ˋ∗ˍ∼ˋ")
_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,30}")
_FENCE = re.compile(r"`{3,}")
_NOT_IN_FALLBACK = str.maketrans("", "", "<>&|")
_NOT_IN_URL = str.maketrans({"<": "%3C", ">": "%3E", "|": "%7C", "&": "&amp;"})
_BOUNDARIES = frozenset(" \n.,:;!?()\"'")
"""Next to these Slack knows a span for one; next to anything else it is told with a zero width space."""


def render(text: str, *, prefix: str = "", commands: frozenset[str] = frozenset()) -> str:
    """Return markup of ours as mrkdwn, for text objects with ``verbatim``.

    Inline code that begins with ``/`` and one of the names in ``commands`` gets the prefix that Slack knows them by.
    """
    writer = _Writer(prefix, commands)
    return "\n\n".join(writer.block(block) for block in markup.parse(text))


def escape(text: str) -> str:
    """Return literal text so that Slack shows exactly that, and nothing in it links or pings."""
    return _AT_LINE_START.sub(rf"\1{JOINER}", _literal(text))


def strong(text: str) -> str:
    """Return one line of literal text in bold."""
    return f"*{_literal(' '.join(text.split()), in_span=True)}*"


def entities(text: str) -> str:
    """Return text without Slack's control sequences; signs that format stay."""
    return _CONTROL.sub(lambda sign: _ENTITIES[sign[0]], text)


def _literal(text: str, *, in_span: bool = False) -> str:
    """Return text in which nothing comes alive, but for what counts only where a line begins."""

    def still(found: re.Match[str]) -> str:
        written = found[0]
        match found.lastgroup:
            case "control":
                return _ENTITIES[written]
            case "joined":
                return written + JOINER
            case "run" if not _formats(found, in_span):
                return written
        return written.translate(_LOOKALIKES) if in_span else f"<!date^0^{{_}}|{written}>"

    return _ALIVE.sub(still, text)


def _formats(run: re.Match[str], in_span: bool) -> bool:
    """Tell whether Slack could take a sign of the run for an opening one, or in a span for one that closes it."""
    before, after = run.string[: run.start()][-1:], run.string[run.end() :][:1]
    opens = len(run[0]) > _is_word(before) + after.isspace()
    closes = len(run[0]) > before.isspace() + _is_word(after)
    return opens or (in_span and closes)


def _is_word(sign: str) -> bool:
    """Tell whether a sign next to it keeps Slack from formatting; of letters outside ASCII that is not sure."""
    return sign.isascii() and sign.isalnum()


@dataclass(frozen=True, slots=True)
class _Writer:
    prefix: str
    commands: frozenset[str]

    def block(self, block: markup.Block) -> str:
        match block:
            case markup.Paragraph(children):
                return self._lines(children)
            case markup.Quote(children):
                return "\n".join(f"> {line}" for line in self._lines(children).split("\n"))
            case markup.CodeBlock(_, text):
                return f"```\n{_FENCE.sub(lambda run: APART.join(run[0]), entities(text))}\n```"
            case markup.Listing(ordered, items):
                return "\n".join(
                    self._item(f"{place}." if ordered else "•", item) for place, item in enumerate(items, 1)
                )
            case _:
                assert_never(block)

    def _item(self, sign: str, item: Sequence[markup.Inline]) -> str:
        return f"{sign} {self._lines(item)}".replace("\n", "\n" + " " * (len(sign) + 1))

    def _lines(self, children: Sequence[markup.Inline]) -> str:
        """Return a run of text, in which nothing at the start of a line passes for a quote or a list."""
        return _AT_LINE_START.sub(rf"\1{JOINER}", self._run(children))

    def _run(self, children: Sequence[markup.Inline], around: str = "") -> str:
        """Return a run of text; ``around`` holds the signs of the spans that it stands in."""
        parts: list[str] = []
        after_span = False
        for child in children:
            written = self._inline(child, around)
            is_span = written[:1] in ("*", "_", "`") and not isinstance(child, markup.Text)
            before = parts[-1][-1] if parts else " "
            if written and ((is_span and before not in _BOUNDARIES) or (after_span and written[0] not in _BOUNDARIES)):
                parts.append(APART)
            parts += [written] if written else []
            after_span = is_span
        return "".join(parts)

    def _inline(self, child: markup.Inline, around: str) -> str:
        match child:
            case markup.Text(text):
                written = _literal(text, in_span=bool(around))
            case markup.Code(text):
                written = "\n".join(self._code(line, around) for line in text.split("\n"))
            case markup.Break():
                written = "\n"
            case markup.Moment(unix, fallback):
                shown = fallback.translate(_NOT_IN_FALLBACK)
                written = f"<!date^{unix}^{{date_short_pretty}} {{time}}|{shown}>"
            case markup.Place(name, fallback):
                written = f"<#{name}>" if _CHANNEL.fullmatch(name) else _literal(fallback, in_span=bool(around))
            case markup.Strong(inner):
                written = self._span("*", inner, around)
            case markup.Emphasis(inner):
                written = self._span("_", inner, around)
            case markup.Hyperlink(url, inner):
                label = _literal(" ".join(markup.flat(inner).split()), in_span=True)
                written = f"<{url.translate(_NOT_IN_URL)}{'|' if label else ''}{label}>"
            case _:
                assert_never(child)
        return written

    def _span(self, sign: str, children: Sequence[markup.Inline], around: str) -> str:
        """Return text in bold or italics, line by line: a span of Slack's ends with its line."""
        if sign in around:
            return self._run(children, around)
        lines = self._run(children, around + sign).split("\n")
        return "\n".join(f"{sign}{line.strip()}{sign}" if line.strip() else "" for line in lines)

    def _code(self, text: str, around: str) -> str:
        """Return one line of inline code, or plain text if it holds a backtick, which no code of Slack's can."""
        if not text.strip() or "`" in text or "｀" in text:
            return _literal(text, in_span=bool(around))
        name = text.removeprefix("/").partition(" ")[0]
        known = text.startswith("/") and name in self.commands
        return f"`{entities(f'/{self.prefix}{text[1:]}' if known else text)}`"
