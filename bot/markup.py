"""The Markdown subset that Warmup writes, as a small tree that each adapter renders in its platform's own way.

Paragraphs (a line break stays one), ``**bold**``, ``*italic*``, inline code, fenced code, flat lists, quotes,
https links, moments (``[fallback](time:1732300000)``, shown in each reader's own time zone) and channels
(``[fallback](channel:C42)``, shown by name). Everything else is literal text. What a person typed goes through
``escape`` and is text and nothing but text on every platform.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token


@dataclass(frozen=True, slots=True)
class Text:
    """Literal text; the adapter escapes it."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Inline code, literal."""

    text: str


@dataclass(frozen=True, slots=True)
class Break:
    """A line break inside a paragraph."""


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant in seconds since 1970 UTC, and what to show where it cannot be localised."""

    unix: int
    fallback: str


@dataclass(frozen=True, slots=True)
class Place:
    """A channel by its platform's id, and what to show where it is not known."""

    id: str
    fallback: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Bold."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Italic."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Hyperlink:
    """A link to an https page."""

    url: str
    children: tuple[Inline, ...]


Inline = Text | Code | Break | Moment | Place | Strong | Emphasis | Hyperlink


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A listing, literal."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A flat list; each item is one run of inline text."""

    ordered: bool
    items: tuple[tuple[Inline, ...], ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation."""

    children: tuple[Inline, ...]


Block = Paragraph | CodeBlock | Listing | Quote

_RULES = ["fence", "list", "blockquote", "backticks", "emphasis", "link", "escape", "newline"]
_PARSER = MarkdownIt("zero").enable(_RULES)
_PARSER.validateLink = lambda url: bool(re.match(r"https://|time:-?\d{1,12}$|channel:\w{1,40}$", url))  # type: ignore[method-assign]
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def escape(typed: str) -> str:
    """Return what a person typed as markup that shows exactly that, on one line, without invisible characters."""
    return _PUNCTUATION.sub(r"\\\1", visible(typed))


def visible(typed: str) -> str:
    """Return typed text on one line without control, direction and other invisible characters."""
    shown = (" " if sign.isspace() else sign for sign in typed if sign.isspace() or _is_seen(sign))
    return " ".join("".join(shown).split())


def storable(typed: str) -> str:
    """Return typed text without what a database refuses: NUL, and halves of surrogate pairs that JSON can carry."""
    return "".join(sign for sign in typed if sign != "\0" and not "\ud800" <= sign <= "\udfff")


def _is_seen(sign: str) -> bool:
    """Tell whether a sign shows; the joiner inside emoji counts."""
    return sign == "\u200d" or unicodedata.category(sign) not in _INVISIBLE


_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def fence_of(code: str, least: int) -> str:
    """Return a run of backticks, ``least`` or more, that is longer than any in the code."""
    longest = max((len(run) for run in re.findall(r"`+", code)), default=0)
    return "`" * max(least, longest + 1)


def fenced(code: str, language: str = "") -> str:
    """Return a listing as markup, whatever the code contains."""
    fence = fence_of(code, 3)
    return f"{fence}{language}\n{code.rstrip()}\n{fence}"


def moment(at: datetime) -> str:
    """Return an aware instant as markup; readers see it in their own zone."""
    return f"[{at:%Y-%m-%d %H:%M %Z}](time:{int(at.timestamp())})"


def place(channel: str) -> str:
    """Return a channel by its platform's id as markup; readers see its name where their platform knows it."""
    return f"[{escape(channel)}](channel:{channel})" if re.fullmatch(r"\w{1,40}", channel) else escape(channel)


@lru_cache(maxsize=64)
def parse(markup: str) -> tuple[Block, ...]:
    """Return the tree of a text; never fails, what is not markup is text.

    The last few are remembered: a message is read for what it shows, for its fallback and for its length in turn.
    """
    return tuple(_blocks(_PARSER.parse(markup)))


def plain(markup: str) -> str:
    """Return a text without its markup, for labels and fallbacks."""
    return "\n".join(_plain_block(block) for block in parse(markup))


def _plain_block(block: Block) -> str:
    match block:
        case Paragraph(children) | Quote(children):
            return flat(children)
        case CodeBlock(_, text):
            return text
        case Listing(_, items):
            return "\n".join(f"- {flat(item)}" for item in items)


def flat(children: Sequence[Inline]) -> str:
    """Return a run of inline text without its markup."""
    parts: list[str] = []
    for child in children:
        match child:
            case Text(text) | Code(text):
                parts.append(text)
            case Break():
                parts.append("\n")
            case Moment(_, fallback) | Place(_, fallback):
                parts.append(fallback)
            case Strong(inner) | Emphasis(inner) | Hyperlink(_, inner):
                parts.append(flat(inner))
    return "".join(parts)


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    position = 0
    while position < len(tokens):
        token = tokens[position]
        if token.type == "fence":
            yield CodeBlock(token.info.strip().split(" ")[0], token.content.removesuffix("\n"))
            position += 1
            continue
        end = _closing(tokens, position)
        inside = tokens[position + 1 : end]
        match token.type:
            case "paragraph_open":
                yield Paragraph(_inline(inside[0].children or []))
            case "blockquote_open":
                yield Quote(_flat(inside))
            case "bullet_list_open" | "ordered_list_open":
                yield Listing(token.type == "ordered_list_open", tuple(_items(inside)))
        position = end + 1


def _closing(tokens: Sequence[Token], start: int) -> int:
    depth = 0
    for position in range(start, len(tokens)):
        depth += tokens[position].nesting
        if depth == 0:
            return position
    raise AssertionError("markdown-it closes what it opens")


def _items(tokens: Sequence[Token]) -> Iterator[tuple[Inline, ...]]:
    position = 0
    while position < len(tokens):
        end = _closing(tokens, position)
        yield _flat(tokens[position + 1 : end])
        position = end + 1


def _flat(tokens: Sequence[Token]) -> tuple[Inline, ...]:
    """Return all text inside a block as one run: lists and quotes are flat on both platforms."""
    runs: list[Inline] = []
    for token in tokens:
        if token.type in ("inline", "fence"):
            runs += [Break()] if runs else []
            runs += _inline(token.children or []) if token.type == "inline" else [Code(token.content.strip())]
    return tuple(runs)


def _inline(tokens: Sequence[Token]) -> tuple[Inline, ...]:
    runs: list[Inline] = []
    position = 0
    while position < len(tokens):
        token = tokens[position]
        if token.nesting == 1:
            end = _closing(tokens, position)
            runs.append(_span(token, _inline(tokens[position + 1 : end])))
            position = end + 1
            continue
        match token.type:
            case "code_inline":
                runs.append(Code(token.content))
            case "softbreak" | "hardbreak":
                runs.append(Break())
            case _ if token.content:
                runs.append(Text(token.content))
        position += 1
    return tuple(_joined(runs))


def _span(token: Token, children: tuple[Inline, ...]) -> Inline:
    match token.type:
        case "strong_open":
            return Strong(children)
        case "em_open":
            return Emphasis(children)
    url = str(token.attrGet("href"))
    if url.startswith("time:"):
        return Moment(int(url.removeprefix("time:")), flat(children))
    if url.startswith("channel:"):
        return Place(url.removeprefix("channel:"), flat(children))
    return Hyperlink(url, children)


def _joined(runs: Sequence[Inline]) -> Iterator[Inline]:
    """Join neighbouring texts: the parser splits at every escape."""
    pending = ""
    for run in runs:
        if isinstance(run, Text):
            pending += run.text
            continue
        if pending:
            yield Text(pending)
            pending = ""
        yield run
    if pending:
        yield Text(pending)
