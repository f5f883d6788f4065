"""Reads mrkdwn as Slack's client shows it, so that tests can say what a reader sees and what stayed dead text.

It is written from Slack's reference and its client's behaviour and knows nothing of the renderer. What surprises
people: there are no escapes; a sign opens a span only where no word goes before it, and closes one only where none
follows; a span ends with its line; zero width characters hide no sign, they even part words; an unformattable date
shows its fallback as it is. Where it is not known whether a client sees a span, the reading that finds more markup is
taken, and the mark "doubtful" says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader sees, and which kinds of markup made it so."""

    text: str
    marks: frozenset[str]


def read(content: str, *, verbatim: bool = False) -> Reading:
    """Return a text as Slack shows it: moments in UTC, no bullets; ``verbatim`` keeps addresses from being linked."""
    reader = _Reader(verbatim, {"p"})
    text = reader.resolve(content, starts=True)
    return Reading(text.strip(), frozenset(reader.marks))


_ALL = re.DOTALL
_ZERO_WIDTH = "\u200b\u2060"
_FENCE = re.compile(r"```\n*(?P<code>.+?)\n*```", _ALL)
_CODE = re.compile(r"[`｀](?P<code>[^`｀\n]+)[`｀]")
_CONTROL = re.compile(r"<(?P<target>[^<>|\n]+)(?:\|(?P<label>[^<>\n]*))?>")
_DATE = re.compile(r"!date\^(?P<unix>-?\d{1,12})\^(?P<form>[^^]*)(?:\^.*)?")
_DATE_FORM = re.compile(r"\{(?:date|time|ago)\w*\}")
_ENTITY = re.compile(r"&(?:amp|lt|gt);")
_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
_EMOJI = re.compile(r":[\w'+-]+:")
_MENTION = re.compile(r"@(?:channel|here|everyone)\b", re.IGNORECASE)
_BARE = re.compile(r"https?://[^\s<>|*_~`]+")
# A span holds controls and code whole: what is inside them neither opens nor closes it.
_INSIDE = r"(?P<inside>(?:<[^<>\n]*>|`[^`\n]+`|[^<>\n])+?)"
_SPANS = {
    sign: (kind, re.compile(rf"{sign_class}(?!\s){_INSIDE}(?<!\s){sign_class}(?![0-9A-Za-z])"))
    for kind, sign_class in (("strong", "[*＊]"), ("em", "[_＿]"), ("strike", "[~～]"))
    for sign in sign_class[1:3]
}
_WORD = re.compile("[0-9A-Za-z]")
_SURELY_APART = re.compile(rf"[\s{_ZERO_WIDTH}.,:;!?()\"'*_~]|$")

_BULLET = r"[^\S\n]*(?:[•◦▪-]|\d+[.)])[^\S\n]+"
_ITEM = re.compile(rf"{_BULLET}(?P<inside>\S[^\n]*(?:\n[^\S\n]+(?!{_BULLET})\S[^\n]*)*)")
_QUOTE_SIGN = r"[^\S\n]*(?:>|&gt;|＞)[^\S\n]?"
_QUOTE = re.compile(rf"{_QUOTE_SIGN}(?P<inside>[^\n]*(?:\n{_QUOTE_SIGN}[^\n]*)*)")
_BLOCKS = (("quote", _QUOTE, re.compile(rf"\n{_QUOTE_SIGN}")), ("list", _ITEM, re.compile(r"\n[^\S\n]+")))

Found = tuple[str, int] | None


@dataclass(slots=True)
class _Reader:
    """Resolves a text from left to right and collects the marks; spans and blocks are resolved by recursion."""

    verbatim: bool
    marks: set[str] = field(default_factory=set)
    in_quote: bool = False

    def resolve(self, source: str, *, starts: bool = False) -> str:
        """Return what is seen of a source; ``starts`` tells that it begins where a line begins."""
        parts: list[str] = []
        position = 0
        after_block = False
        while position < len(source):
            at_start = source[position - 1] == "\n" if position else starts
            found = (self._block(source, position) if at_start else None) or self._fence(source, position)
            is_block = found is not None
            if found is None:
                self._break(source, position, after_block=after_block)
                found = self._inline(source, position)
            after_block = is_block
            parts.append(found[0])
            position = found[1]
        return "".join(parts)

    def _block(self, source: str, position: int) -> Found:
        for kind, pattern, joint in _BLOCKS:
            match = None if kind == "quote" and self.in_quote else pattern.match(source, position)
            if match is None:
                continue
            self.marks.add(kind)
            outer, self.in_quote = self.in_quote, self.in_quote or kind == "quote"
            text = self.resolve(joint.sub("\n", match["inside"]), starts=kind == "quote")
            self.in_quote = outer
            return text, match.end()
        return None

    def _fence(self, source: str, position: int) -> Found:
        match = _FENCE.match(source, position)
        if match is None:
            return None
        self.marks.add("code")
        return _plain(match["code"]), match.end()

    def _break(self, source: str, position: int, *, after_block: bool) -> None:
        """Note a line break if one is here that stands between two lines of running text."""
        if source[position] != "\n" or after_block:
            return
        before, after = source[:position].rstrip(" \t"), source[position + 1 :].lstrip(" \t")
        if not before or before.endswith("\n") or not after or after.startswith(("\n", "```")):
            return
        if not any(pattern.match(source, position + 1) for _, pattern, _ in _BLOCKS):
            self.marks.add("br")

    def _inline(self, source: str, position: int) -> tuple[str, int]:
        for rule in _RULES:
            found = rule(self, source, position)
            if found is not None:
                return found
        sign = source[position]
        if sign in _ZERO_WIDTH:
            return "", position + 1
        if not sign.isspace():
            self.marks.add("text")
        return sign, position + 1


def _control(reader: _Reader, source: str, position: int) -> Found:
    match = _CONTROL.match(source, position)
    if match is None:
        return None
    target, label = match["target"], match["label"]
    date = _DATE.fullmatch(target)
    if date:
        return _moment(reader, int(date["unix"]), date["form"], label or ""), match.end()
    if target[0] in "@#!":
        reader.marks.add("mention")
        return match[0], match.end()
    if not re.match(r"https?://[^\s/]|mailto:", target):
        return None
    reader.marks.add("link")
    return (reader.resolve(label) if label else _plain(target)), match.end()


def _moment(reader: _Reader, unix: int, form: str, fallback: str) -> str:
    try:
        shown = f"{datetime.fromtimestamp(unix, UTC):%Y-%m-%d %H:%M} UTC" if _DATE_FORM.search(form) else ""
    except (ValueError, OverflowError, OSError):
        shown = ""
    reader.marks.add("time" if shown else "text")
    return shown or fallback


def _entity(reader: _Reader, source: str, position: int) -> Found:
    match = _ENTITY.match(source, position)
    if match is None:
        return None
    reader.marks.add("text")
    return _ENTITIES[match[0]], match.end()


def _atoms(reader: _Reader, source: str, position: int) -> Found:
    """Read what is one piece: emoji, mentions of everybody and, unless the text is verbatim, addresses."""
    kinds = [("emoji", _EMOJI), ("mention", _MENTION)]
    for kind, pattern in kinds if reader.verbatim else [*kinds, ("autolink", _BARE)]:
        match = pattern.match(source, position)
        if match:
            reader.marks.add(kind)
            return match[0], match.end()
    return None


def _code(reader: _Reader, source: str, position: int) -> Found:
    match = _CODE.match(source, position)
    if match is None:
        return None
    reader.marks |= {"code"} | _doubt(source, match)
    return _plain(match["code"]), match.end()


def _span(reader: _Reader, source: str, position: int) -> Found:
    kind, pattern = _SPANS.get(source[position], ("", None))
    if pattern is None or (position and _WORD.match(source, position - 1)):
        return None
    match = pattern.match(source, position)
    if match is None:
        return None
    reader.marks |= {kind} | _doubt(source, match)
    return reader.resolve(match["inside"]), match.end()


def _doubt(source: str, span: re.Match[str]) -> set[str]:
    """Return the mark of a span that is not surely apart from what goes before and after it."""
    before, after = source[: span.start()][-1:], source[span.end() :][:1]
    return set() if _SURELY_APART.match(before) and _SURELY_APART.match(after) else {"doubtful"}


def _plain(code: str) -> str:
    """Return code as it is shown."""
    seen = _ENTITY.sub(lambda entity: _ENTITIES[entity[0]], code)
    return "".join(sign for sign in seen if sign not in _ZERO_WIDTH)


_RULES: tuple[Callable[[_Reader, str, int], Found], ...] = (_control, _entity, _atoms, _code, _span)
